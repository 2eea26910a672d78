// SPDX-License-Identifier: Apache-2.0
// One direction of a line: what becomes of a packet that is sent now. Latency, jitter, loss (single, in bursts, in
// gaps), duplication, reordering, a bottleneck with a bounded queue and others' traffic through it, from a seed. The
// simulated network asks it in virtual time, tests/bridge in real time. Not here: packets, addresses, any clock.
#pragma once
#include <algorithm>
#include <array>
#include <random>

#include "base/instant.h"

namespace sim {

// Losses that come together (Gilbert-Elliott): a link is good or bad, and changes from datagram to datagram.
struct Bursts {
  double begin = 0;  // from good to bad, 0 to 1
  double end = 1;    // from bad to good
  double loss = 1;   // while bad
};
// Nothing passes for `length` out of each `every`, a lift, a tunnel; zero: always.
struct Gaps {
  base::Duration length{}, every{};
};

// One direction between two addresses.
struct Link {
  base::Duration latency = base::Duration::millis(20);
  base::Duration jitter{};  // up to this much more, order kept
  double loss = 0;          // of each datagram, 0 to 1
  double duplicate = 0;     // comes twice
  double reorder = 0;       // is overtaken: `late` more, order not kept
  base::Duration late = base::Duration::millis(30);
  std::uint64_t bits_per_second = 0;                   // bottleneck; 0: none
  base::Duration queue = base::Duration::millis(200);  // what would wait longer at the bottleneck is dropped
  Bursts bursts{};
  Gaps gaps{};
  std::uint64_t cross_bits_per_second = 0;  // others' packets of 1,000 bytes in the same queue, at random moments
};

// When what was sent arrives: not at all, once, or twice.
struct Passage {
  std::array<base::Instant, 2> at{};
  std::size_t copies = 0;
  std::size_t lost = 0;    // by chance
  std::size_t queued = 0;  // because the queue was full
};

class Line {
 public:
  explicit Line(const Link& link) : link_(link) {}

  [[nodiscard]] const Link& link() const { return link_; }
  // What the line is from now on; what waits at the bottleneck waits on.
  void set(const Link& link) { link_ = link; }
  // How long a packet would wait at the bottleneck.
  [[nodiscard]] base::Duration queueing(base::Instant now) const { return std::max(base::Duration{}, free_ - now); }

  // `bytes`: with all its headers. Moments in order.
  Passage send(base::Instant now, std::size_t bytes, std::mt19937_64& random) {
    Passage out;
    if (in_gap(now) || chance(link_.loss, random) || lost_in_burst(random)) {
      out.lost = 1;
      return out;
    }
    const std::size_t copies = chance(link_.duplicate, random) ? 2 : 1;
    for (std::size_t i = 0; i < copies; ++i) {
      const base::Instant at = carry(now, bytes, random);
      if (at.is_never())
        ++out.queued;
      else
        out.at[out.copies++] = at;
    }
    return out;
  }

 private:
  static bool chance(double p, std::mt19937_64& random) {
    return p > 0 && std::uniform_real_distribution<>(0, 1)(random) < p;
  }
  [[nodiscard]] bool in_gap(base::Instant now) const {
    const auto& gaps = link_.gaps;
    return gaps.every.us > 0 && now.us % gaps.every.us < gaps.length.us;
  }
  bool lost_in_burst(std::mt19937_64& random) {
    const auto& b = link_.bursts;
    if (b.begin <= 0) return false;
    bad_ = bad_ ? !chance(b.end, random) : chance(b.begin, random);
    return bad_ && chance(b.loss, random);
  }
  // What others have put into the queue since somebody last looked.
  void let_others_in(base::Instant now, std::mt19937_64& random) {
    if (link_.cross_bits_per_second == 0) {
      cross_ = now;
      return;
    }
    constexpr double kBits = 8'000;
    const base::Duration takes{static_cast<std::int64_t>(kBits * 1e6 / static_cast<double>(link_.bits_per_second))};
    while (cross_ <= now) {
      if (std::max(free_, cross_) - cross_ <= link_.queue) free_ = std::max(free_, cross_) + takes;
      const auto mean = kBits * 1e6 / static_cast<double>(link_.cross_bits_per_second);
      cross_ =
          cross_ + base::Duration{static_cast<std::int64_t>(std::exponential_distribution<>(1 / mean)(random)) + 1};
    }
  }
  // never(): dropped at the end of the queue.
  base::Instant carry(base::Instant now, std::size_t bytes, std::mt19937_64& random) {
    base::Instant leaves = now;
    if (link_.bits_per_second > 0) {
      let_others_in(now, random);
      const base::Duration takes{static_cast<std::int64_t>(bytes * 8 * 1'000'000 / link_.bits_per_second)};
      leaves = std::max(now, free_) + takes;
      if (leaves - now > link_.queue + takes) return base::Instant::never();
      free_ = leaves;
    }
    base::Instant at = leaves + link_.latency;
    if (link_.jitter.us > 0)
      at = at + base::Duration{std::uniform_int_distribution<std::int64_t>(0, link_.jitter.us)(random)};
    if (chance(link_.reorder, random)) return at + link_.late;
    return last_arrival_ = std::max(at, last_arrival_);
  }

  Link link_;
  base::Instant free_{};          // when the bottleneck is idle again
  base::Instant last_arrival_{};  // order is kept up to here
  bool bad_ = false;              // of Bursts
  base::Instant cross_{};         // others' next packet
};

}  // namespace sim
