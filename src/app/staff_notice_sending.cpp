// SPDX-License-Identifier: Apache-2.0
// See staff_notice_sending.h.
#include "app/staff_notice_sending.h"

#include "app/log.h"
#include "interop/staff_notice_table.h"

namespace app {
namespace {
constexpr std::int64_t kAtOnce = 20;
}

std::int64_t StaffNoticeSending::run(const std::function<base::WallTime()>& clock) {
  const std::lock_guard one_at_a_time(running_);
  {
    auto tx = pool_.write();
    const auto written = interop::tell_leads(*tx, entropy_, messages_.out(), clock());
    if (!tx->commit()) return 0;
    if (written > 0) log(LogLevel::info, "leads-told", {{"count", written}});
  }
  std::int64_t out = 0;
  for (;;) {
    auto tx = pool_.write();
    const auto taken = interop::lease_notices(*tx, messages_.out(), clock(), kAtOnce);
    if (!tx->commit() || taken.empty()) return out;
    tx = nullptr;
    for (const auto& notice : taken) {
      const interop::Sent how = messages_.send(notice.mail, clock());
      auto done = pool_.write();
      interop::record(*done, notice, how, clock());
      if (!done->commit()) log(LogLevel::error, "message-not-recorded");
      if (how.how == interop::Sent::How::sent || how.how == interop::Sent::How::kept) ++out;
      if (how.how == interop::Sent::How::permanent) log(LogLevel::warning, "message-failed");
    }
  }
}

}  // namespace app
