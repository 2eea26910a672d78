// SPDX-License-Identifier: Apache-2.0
// One direction of the bridge: packets on their way over a line (tests/sim/line.h), and what became of them. Not here:
// devices, any clock. One thread.
#pragma once
#include <cstdint>
#include <queue>
#include <random>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/json.h"
#include "sim/line.h"

namespace bridge {

struct Counters {
  std::uint64_t packets = 0, bytes = 0;                  // came to the line
  std::uint64_t carried_packets = 0, carried_bytes = 0;  // went out at its other end
  std::uint64_t lost = 0, queue_dropped = 0;
  std::int64_t latest_us =
      0;  // how much later than it should a packet left, at worst: this machine's doing, not the line's
  static constexpr auto fields() {
    using C = Counters;
    return std::tuple{base::json::field("packets", &C::packets),
                      base::json::field("bytes", &C::bytes),
                      base::json::field("carried_packets", &C::carried_packets),
                      base::json::field("carried_bytes", &C::carried_bytes),
                      base::json::field("lost", &C::lost),
                      base::json::field("queue_dropped", &C::queue_dropped),
                      base::json::field("latest_us", &C::latest_us)};
  }
};

class Direction {
 public:
  Direction(const sim::Link& link, std::uint64_t seed) : line_(link), random_(seed) {}

  void set(const sim::Link& link) { line_.set(link); }
  [[nodiscard]] const Counters& counters() const { return counters_; }
  [[nodiscard]] base::Instant next() const { return waiting_.empty() ? base::Instant::never() : waiting_.top().at; }

  void take(base::Instant now, base::Bytes packet) {
    ++counters_.packets;
    counters_.bytes += packet.size();
    const auto passage = line_.send(now, packet.size(), random_);
    counters_.lost += passage.lost;
    counters_.queue_dropped += passage.queued;
    for (std::size_t i = 0; i < passage.copies; ++i)
      waiting_.push({passage.at[i], order_++, {packet.begin(), packet.end()}});
  }

  // Gives each packet that is due to `out`, the earliest first.
  template <class Out>
  void deliver(base::Instant now, Out&& out) {
    while (!waiting_.empty() && waiting_.top().at <= now) {
      const auto& first = waiting_.top();
      counters_.latest_us = std::max(counters_.latest_us, (now - first.at).us);
      ++counters_.carried_packets;
      counters_.carried_bytes += first.bytes.size();
      out(base::Bytes(first.bytes));
      waiting_.pop();
    }
  }

 private:
  struct Packet {
    base::Instant at;
    std::uint64_t order = 0;
    std::vector<std::uint8_t> bytes;
    bool operator<(const Packet& o) const { return at != o.at ? at > o.at : order > o.order; }  // earliest on top
  };

  sim::Line line_;
  std::mt19937_64 random_;
  std::priority_queue<Packet> waiting_;
  std::uint64_t order_ = 0;
  Counters counters_;
};

}  // namespace bridge
