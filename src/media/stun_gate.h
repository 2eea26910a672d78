// SPDX-License-Identifier: Apache-2.0
// How many STUN datagrams a path that nobody has vouched for may cost us: a token bucket a path, in a fixed table, so that a
// flood can neither use much time nor any memory. Paths that share a bucket share its tokens. Pure; media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "base/datagram.h"
#include "base/instant.h"

namespace media {

class StunGate {
 public:
  static constexpr std::int64_t kPerSecond = 10, kBurst = 30;

  [[nodiscard]] bool let_in(const base::Path& path, base::Instant now) {
    auto& bucket = buckets_[base::PathHash{}(path) % buckets_.size()];
    if (!bucket.used) bucket = {now, kBurst * 1'000'000, true};
    const auto span = std::min<std::int64_t>((now - bucket.filled).us, 60'000'000);
    bucket.tokens = std::min(kBurst * 1'000'000, bucket.tokens + span * kPerSecond);  // millionths
    bucket.filled = now;
    if (bucket.tokens < 1'000'000) return false;
    bucket.tokens -= 1'000'000;
    return true;
  }

 private:
  struct Bucket {
    base::Instant filled;
    std::int64_t tokens = 0;
    bool used = false;
  };
  std::array<Bucket, 4096> buckets_{};
};

}  // namespace media
