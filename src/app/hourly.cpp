// SPDX-License-Identifier: Apache-2.0
// See hourly.h.
#include "app/hourly.h"

#include "app/log.h"
#include "care/access.h"
#include "care/idempotency_table.h"
#include "care/retention_table.h"
#include "care/today_place_table.h"
#include "store/audit_trail.h"

namespace app {

base::Result<std::int64_t, store::StoreError> forget_places(store::Pool& pool, base::Duration kept_for, base::WallTime now) {
  const auto tx = pool.write();
  const std::int64_t gone = care::forget_places(*tx, {now.us - kept_for.us});
  if (gone > 0)
    store::append_audit(*tx, {{.at = now, .actor_kind = "system", .actor = {}, .action = "remove",
                               .data = std::string(care::to_text(care::Data::place)), .subject_kind = "session", .subject = {}, .person = {},
                               .reason = "retention", .note = {}}});
  if (const auto done = tx->commit(); !done) return std::unexpected(done.error());
  return gone;
}

base::Result<void, store::StoreError> keep_no_longer(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, base::WallTime now) {
  if (const auto technical = care::forget_technical(pool, now); !technical) return std::unexpected(technical.error());
  const auto report = care::run_retention(pool, keys, entropy, now, false);
  if (!report) return std::unexpected(report.error());
  std::int64_t items = 0;
  for (const auto& went : report->went) items += went.items;
  if (report->ran) log(LogLevel::info, "retention", {{"went", items}, {"kinds", report->went.size()}, {"shown", report->shown.size()}});
  return {};
}

base::Result<std::int64_t, store::StoreError> forget_kept_answers(store::Pool& pool, base::WallTime now) {
  const auto tx = pool.write();
  const std::int64_t gone = care::forget_answers(*tx, now);
  if (const auto done = tx->commit(); !done) return std::unexpected(done.error());
  return gone;
}

}  // namespace app
