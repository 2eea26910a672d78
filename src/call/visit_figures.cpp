// SPDX-License-Identifier: Apache-2.0
// See visit_figures.h.
#include "call/visit_figures.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace call {
namespace {

std::uint32_t seconds(base::Duration d) { return static_cast<std::uint32_t>(std::clamp<std::int64_t>(d.us / 1'000'000, 0, std::numeric_limits<std::uint32_t>::max())); }
std::uint32_t millis(std::int64_t us) { return static_cast<std::uint32_t>(std::clamp<std::int64_t>(us / 1'000, 0, std::numeric_limits<std::uint32_t>::max())); }
std::uint32_t ppm(double part, double whole) { return whole <= 0 ? 0 : static_cast<std::uint32_t>(std::clamp(part / whole, 0.0, 1.0) * 1e6); }

}  // namespace

void VisitWatch::heard(bool is_heard, bool present, base::Instant when) {
  if (is_heard) {
    if (!joined_) joined_ = when;
    if (silent_since_) interrupted_ = interrupted_ + (when - *silent_since_);
    silent_since_.reset();
  } else if (joined_ && present && !silent_since_) {
    silent_since_ = when;
    ++interruptions_;
  }
}

void VisitWatch::read(const media::LineFigures& f, bool present, base::Duration every) {
  // Losses tell nothing of it: a repair takes one back.
  const bool anew = f.packets_in < packets_in_ || f.packets_out < packets_out_ || f.bytes_in < bytes_in_ || f.bytes_out < bytes_out_;
  if (anew) packets_in_ = lost_in_ = packets_out_ = bytes_in_ = bytes_out_ = 0;
  const auto added = [](std::uint64_t count, std::uint64_t& last) { return count - std::exchange(last, count); };
  const std::uint64_t out = added(f.packets_out, packets_out_);
  all_in_ += added(f.packets_in, packets_in_);
  all_lost_in_ += static_cast<std::int64_t>(added(f.lost_in, lost_in_));
  all_out_ += out;
  all_lost_out_ += f.loss_out * static_cast<double>(out);
  all_bytes_in_ += added(f.bytes_in, bytes_in_);
  all_bytes_out_ += added(f.bytes_out, bytes_out_);
  reached_ = std::max(reached_, std::optional(f.reached));
  if (f.round_trip) {
    ++trips_;
    trips_us_ += f.round_trip->us;
    worst_us_ = std::max(worst_us_, f.round_trip->us);
  }
  if (!present) return;
  present_ = present_ + every;
  pictures_[static_cast<std::size_t>(f.pictures)] = pictures_[static_cast<std::size_t>(f.pictures)] + every;
  if (!f.thinned.empty()) thinned_ = thinned_ + every;
}

VisitFigures VisitWatch::ended(base::Instant now) const {
  VisitFigures out{.seconds = seconds(now - came_),
                   .present_seconds = seconds(present_),
                   .joined_ms = joined_ ? std::optional(millis((*joined_ - came_).us)) : std::nullopt,
                   .reached = joined_ ? std::nullopt : reached_,
                   .interruptions = interruptions_,
                   .interrupted_seconds = seconds(silent_since_ ? interrupted_ + (now - *silent_since_) : interrupted_),
                   .pictures_seconds = {},
                   .thinned_seconds = seconds(thinned_),
                   .lost_in_ppm = ppm(static_cast<double>(all_lost_in_), static_cast<double>(all_in_) + static_cast<double>(all_lost_in_)),
                   .lost_out_ppm = ppm(all_lost_out_, static_cast<double>(all_out_)),
                   .round_trip_ms = trips_ == 0 ? std::nullopt : std::optional(millis(trips_us_ / trips_)),
                   .worst_round_trip_ms = trips_ == 0 ? std::nullopt : std::optional(millis(worst_us_)),
                   .bytes_in = all_bytes_in_,
                   .bytes_out = all_bytes_out_};
  std::ranges::transform(pictures_, out.pictures_seconds.begin(), seconds);
  return out;
}

}  // namespace call
