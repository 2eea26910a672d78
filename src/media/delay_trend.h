// SPDX-License-Identifier: Apache-2.0
// Whether a queue grows on the way to a receiver, from when packets were sent and when they came:
// draft-ietf-rmcat-gcc-02 section 5, with the least-squares line that libwebrtc fits in place of the draft's Kalman
// filter. Packets sent within 5 ms are one group (5.2), the growth of delay from group to group is summed and smoothed,
// the slope over the last twenty groups is the signal (5.3), and it is held against a threshold that follows it slowly
// (5.4), so that jitter is not taken for a queue. Not here: what rate follows (rate_control.h). Invariant: arrival
// times are hostile: those that run backwards or leap make it start afresh, nothing else. Both clocks are only ever
// compared with themselves. Pure; media thread; nothing allocated.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/instant.h"

namespace media {

class DelayTrend {
 public:
  enum class Use : std::uint8_t { normal, over, under };

  // One packet that came: when it was sent (our clock) and when it arrived (theirs). In the order of sending, as far as
  // known.
  void arrived(base::Instant sent, base::Duration arrival) {
    if (sent.us - group_.first_sent <= kGroupUs && sent.us >= group_.first_sent) {  // most packets
      if (sent.us > group_.last_sent) group_.last_sent = sent.us;
      if (arrival.us > group_.last_arrival) group_.last_arrival = arrival.us;
      return;
    }
    begin_group(sent.us, arrival.us);
  }
  [[nodiscard]] Use use() const { return use_; }
  [[nodiscard]] double threshold() const { return threshold_; }
  [[nodiscard]] double trend() const { return signal_; }  // in the threshold's unit
  void forget();

 private:
  static constexpr std::int64_t kGroupUs = 5'000, kNone = INT64_MIN / 4;
  static constexpr std::size_t kWindow = 20;
  struct Group {
    std::int64_t first_sent = kNone, last_sent = kNone, first_arrival = 0, last_arrival = 0;
  };
  void begin_group(std::int64_t sent, std::int64_t arrival);
  void compare_groups();
  void add(double delay_ms, double sent_ms, double arrival_ms);
  [[nodiscard]] double slope() const;
  void sum_afresh();
  void detect(double sent_ms, double arrival_ms);
  void follow(double signal, double arrival_ms);

  Group group_, before_;
  int backwards_ = 0;
  // The line: x when the group came, y the smoothed sum of growths, ms. Sums over the window, from origin_ on.
  std::array<double, kWindow> x_{}, y_{};
  double origin_ = 0, sum_x_ = 0, sum_y_ = 0, sum_xy_ = 0, sum_xx_ = 0;
  std::size_t count_ = 0, at_ = 0;
  int deltas_ = 0;
  double summed_ = 0, smoothed_ = 0, trend_ = 0, trend_before_ = 0, signal_ = 0;
  double threshold_ = 12.5, followed_ms_ = -1, over_ms_ = -1;
  int over_count_ = 0;
  Use use_ = Use::normal;
};

}  // namespace media
