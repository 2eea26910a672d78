// SPDX-License-Identifier: Apache-2.0
// See line_word.h. The limits are those at which conversation suffers: ITU-T G.114 (one way delay), and what Opus with FEC
// repairs (loss).
#include "call/line_word.h"

#include <algorithm>

namespace call {
namespace {

constexpr double kFairLoss = 0.025, kPoorLoss = 0.08;
constexpr base::Duration kFairRoundTrip = base::Duration::millis(300), kPoorRoundTrip = base::Duration::millis(600);
constexpr std::uint32_t kFairBps = 200'000, kPoorBps = 64'000;  // small pictures; sound alone

}  // namespace

LineWord LineWatch::word_now(const media::LineFigures& f, bool heard) {
  const std::uint64_t got = f.packets_in - std::min(packets_in_, f.packets_in);
  const std::uint64_t lost = f.lost_in - std::min(lost_in_, f.lost_in);
  packets_in_ = f.packets_in;
  lost_in_ = f.lost_in;
  if (!heard) return LineWord::none;
  const double loss_in = got + lost < 20 ? 0.0 : static_cast<double>(lost) / static_cast<double>(got + lost);
  const double loss = std::max(loss_in, f.loss_out);
  const base::Duration trip = f.round_trip.value_or(base::Duration{});
  const auto below = [&](std::uint32_t bps) { return f.estimated_bps > 0 && f.estimated_bps < bps; };
  if (loss >= kPoorLoss || trip >= kPoorRoundTrip || below(kPoorBps) || f.narrow_up) return LineWord::poor;
  if (loss >= kFairLoss || trip >= kFairRoundTrip || below(kFairBps)) return LineWord::fair;
  return LineWord::good;
}

std::optional<LineReading> LineWatch::read(const std::optional<media::LineFigures>& figures, bool heard) {
  if (!figures) return std::nullopt;
  bool changed = word_.read(word_now(*figures, heard));
  changed = pictures_.read(figures->pictures) || changed;
  thinned_[reading_++ % thinned_.size()] = figures->thinned;
  std::vector<base::ArrivalId> often;
  for (const auto& reading : thinned_)
    for (const base::ArrivalId id : reading) {
      const auto times = std::ranges::count_if(thinned_, [id](const auto& r) { return std::ranges::find(r, id) != r.end(); });
      if (times >= 2 && std::ranges::find(often, id) == often.end()) often.push_back(id);
    }
  std::ranges::sort(often);
  changed = std::exchange(thinned_told_, often) != often || changed;
  if (!changed || !word_.told || !pictures_.told) return std::nullopt;
  return LineReading{*word_.told, *pictures_.told, std::move(often)};
}

}  // namespace call
