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
  if (loss >= kPoorLoss || trip >= kPoorRoundTrip || below(kPoorBps)) return LineWord::poor;
  if (loss >= kFairLoss || trip >= kFairRoundTrip || below(kFairBps)) return LineWord::fair;
  return LineWord::good;
}

std::optional<LineWord> LineWatch::read(const std::optional<media::LineFigures>& figures, bool heard) {
  if (!figures) return std::nullopt;
  const LineWord word = word_now(*figures, heard);
  const bool steady = candidate_ == word;
  candidate_ = word;
  if (!steady || told_ == word) return std::nullopt;
  told_ = word;
  return word;
}

}  // namespace call
