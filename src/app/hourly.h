// SPDX-License-Identifier: Apache-2.0
// What the service does every hour by itself: places that people said at arrival are forgotten when their hours are over, answers to
// creations too, and what is kept for a technical reason alone goes with its day; and, once a day, what has had its time goes as it was
// shown (care/retention_table). Not here: the timer (service_process), which are held. Any thread.
#pragma once
#include "base/entropy.h"
#include "base/instant.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace app {

// How many went; an audit row says so where any did.
[[nodiscard]] base::Result<std::int64_t, store::StoreError> forget_places(store::Pool& pool, base::Duration kept_for, base::WallTime now);
// Answers kept for requests that are sent again (care/idempotency_table); no audit row, since what they told of stands elsewhere.
[[nodiscard]] base::Result<std::int64_t, store::StoreError> forget_kept_answers(store::Pool& pool, base::WallTime now);

// What went by the trust's periods: a line a kind in the log, with its count.
[[nodiscard]] base::Result<void, store::StoreError> keep_no_longer(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, base::WallTime now);

}  // namespace app
