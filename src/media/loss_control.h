// SPDX-License-Identifier: Apache-2.0
// What losses say of a line: whether it is full, or loses whatever is sent. draft-ietf-rmcat-gcc-02 section 6 takes
// every loss above 10% for congestion, so a radio link that loses one packet in eight would starve. Here, as in
// libwebrtc's second loss-based controller: the last windows (rate sent, packets, losses) are held against lines of
// several capacities. Of a line of capacity B that loses a share p by itself, p is expected lost up to the rate B, and
// p + (1 - p)(1 - B/rate) above it. For each B the p that fits best is found; a lower B must explain the losses clearly
// better than the present rate does (the burden of proof lies with the lower). Losing independently of rate is believed
// only within bounds: less where a lot is sent, hardly where a queue stands. Not here: delay. Invariant: at most
// kWindows are remembered; figures from the receiver are clamped. Pure; media thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace media {

class LossControl {
 public:
  struct Window {
    double bps = 0;  // sent
    double packets = 0, lost = 0;
    bool queue = false;  // packets waited on the way
    double seconds = 0.5;
  };
  struct Verdict {
    std::optional<double> lower;  // the line carries no more than this
    bool may_rise = true;         // false: more is lost than the line loses by itself
  };
  // `rate` is the present estimate, `acknowledged` what arrives where that is known.
  Verdict update(const Window& window, double rate, std::optional<double> acknowledged);
  // What the line is thought to lose by itself, 0 to 1.
  [[nodiscard]] double inherent() const { return inherent_; }
  void forget() { *this = LossControl{}; }

 private:
  static constexpr std::size_t kWindows = 20;
  struct Fit {
    double inherent = 0, likelihood = 0;
  };
  // The `i`-th last window.
  [[nodiscard]] const Window& before(std::size_t i) const { return windows_[(at_ + kWindows - 1 - i) % kWindows]; }
  [[nodiscard]] Fit fit(double capacity, double most_inherent) const;
  std::array<Window, kWindows> windows_{};
  std::size_t count_ = 0, at_ = 0;
  std::size_t bad_ = 0;  // the last windows, one after the other, that lost far more than the line did before
  double bad_seconds_ = 0;
  double inherent_ = 0;
};

}  // namespace media
