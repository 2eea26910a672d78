// SPDX-License-Identifier: Apache-2.0
// The tables call_visit and call_refusal: how visits to sessions went and how often who came was not let in, for the dashboards. No
// person, no seat, no time of day stands in them. Not here: gathering the figures (call/visit_figures). One thread a transaction.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "app/admission.h"
#include "call/visit_figures.h"
#include "care/series.h"
#include "store/pool.h"

namespace app {

void save_visit(store::Transaction& tx, base::Entropy& entropy, const care::SessionId& session, const call::VisitFigures& figures);
[[nodiscard]] std::string_view to_text(Closed);  // as call_refusal.reason says it

// Counted here and written now and then, so that a flood of wrong links is no flood of writes. Any thread; a lock inside.
class Refusals {
 public:
  void note(Closed why);
  // What was counted since the last time, kept where the database does not take it.
  [[nodiscard]] base::Result<void, store::StoreError> write(store::Pool& pool, base::WallTime now);

 private:
  std::mutex mutex_;
  std::map<Closed, std::int64_t> counted_;
};

}  // namespace app
