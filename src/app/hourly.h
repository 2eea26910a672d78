// SPDX-License-Identifier: Apache-2.0
// What the service does every hour by itself: places that people said at arrival are forgotten when their hours are over. Not here:
// the timer (service_process), which are held (care/today_place_table). Each call is one transaction; any thread.
#pragma once
#include "base/instant.h"
#include "store/pool.h"

namespace app {

// How many went; an audit row says so where any did.
[[nodiscard]] base::Result<std::int64_t, store::StoreError> forget_places(store::Pool& pool, base::Duration kept_for, base::WallTime now);

}  // namespace app
