// SPDX-License-Identifier: Apache-2.0
// How one visit to a room went: whether media came to stand and how soon, interruptions, loss, round trip, what the line carried, data.
// For the service's dashboards: of a visit, never of a seat or a person. Gathered from the figures that media keeps of a line, read at
// even intervals. Not here: measuring (media), a word for the person (line_word). Values only; any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "base/instant.h"
#include "media/exchange.h"

namespace call {

struct VisitFigures {
  std::uint32_t seconds = 0;                // from coming to going
  std::uint32_t present_seconds = 0;        // of these in the group
  std::optional<std::uint32_t> joined_ms;   // from coming until media stood first; nothing: it never did
  std::optional<media::Reached> reached;    // then, the farthest that it came; nothing: who came had left before that was read
  // In the group, times in which nothing came of them for a second at least, though much was sent to them (media::Event::Gap); seconds of it.
  std::uint32_t interruptions = 0, interrupted_seconds = 0;
  std::array<std::uint32_t, 4> pictures_seconds{};           // by media::Pictures, in the group
  std::uint32_t thinned_seconds = 0;                         // in the group, somebody's sound left out
  std::uint32_t lost_in_ppm = 0, lost_out_ppm = 0;           // of the packets that were sent; to us, and to them as they report
  std::optional<std::uint32_t> round_trip_ms, worst_round_trip_ms;  // mean of the readings, and the longest
  std::uint64_t bytes_in = 0, bytes_out = 0;
  bool operator==(const VisitFigures&) const = default;
};

class VisitWatch {
 public:
  VisitWatch() = default;
  explicit VisitWatch(base::Instant came) : came_(came) {}
  // Media came to stand or came back, or was heard last then.
  void heard(bool is_heard, bool present, base::Instant when);
  // What was read now; `every`: since the reading before.
  void read(const media::LineFigures& figures, bool present, base::Duration every);
  [[nodiscard]] VisitFigures ended(base::Instant now) const;

 private:
  base::Instant came_{};
  std::optional<base::Instant> joined_, silent_since_;
  std::optional<media::Reached> reached_;
  base::Duration interrupted_{}, present_{}, thinned_{};
  std::uint32_t interruptions_ = 0;
  std::array<base::Duration, 4> pictures_{};
  // As last read: they begin again where the person came back by a new connection.
  std::uint64_t packets_in_ = 0, lost_in_ = 0, packets_out_ = 0, bytes_in_ = 0, bytes_out_ = 0;
  std::uint64_t all_in_ = 0, all_out_ = 0, all_bytes_in_ = 0, all_bytes_out_ = 0;
  std::int64_t all_lost_in_ = 0;  // what comes after all is lost no more, so its counter falls, too
  double all_lost_out_ = 0;
  std::int64_t trips_ = 0, trips_us_ = 0, worst_us_ = 0;
};

}  // namespace call
