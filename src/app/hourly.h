// SPDX-License-Identifier: Apache-2.0
// What the service does every hour by itself: places that people said at arrival are forgotten when their hours are over, and so are
// the answers to creations. Not here: the timer (service_process), which are held (care/today_place_table). Each call is one transaction; any thread.
#pragma once
#include "base/instant.h"
#include "store/pool.h"

namespace app {

// How many went; an audit row says so where any did.
[[nodiscard]] base::Result<std::int64_t, store::StoreError> forget_places(store::Pool& pool, base::Duration kept_for, base::WallTime now);
// Answers kept for requests that are sent again (care/idempotency_table); no audit row, since what they told of stands elsewhere.
[[nodiscard]] base::Result<std::int64_t, store::StoreError> forget_kept_answers(store::Pool& pool, base::WallTime now);

}  // namespace app
