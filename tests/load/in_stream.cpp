// SPDX-License-Identifier: Apache-2.0
// Sequence extension, a window of what was seen, and a short list of what to ask for. A missing packet is asked for after
// 10 ms (it may only be late) and then every 60 ms, four times.
#include "load/in_stream.h"

#include <algorithm>
#include <cmath>

namespace load {
namespace {
constexpr auto kFirstAsk = base::Duration::millis(10);
constexpr auto kAskAgain = base::Duration::millis(60);
constexpr std::uint8_t kAsks = 4;
constexpr std::size_t kMaxMissing = 200;
}  // namespace

void InStream::advance(base::Instant now, std::int64_t to) {
  for (std::int64_t i = std::max(highest_ + 1, to - static_cast<std::int64_t>(kWindow) + 1); i < to; ++i) {
    seen_.reset(static_cast<std::size_t>(i) % kWindow);
    if (repairs_ && missing_.size() < kMaxMissing) missing_.push_back({i, now + kFirstAsk, 0});
  }
  seen_.set(static_cast<std::size_t>(to) % kWindow);
  highest_ = to;
}

std::optional<std::int64_t> InStream::take(base::Instant now, std::uint16_t sequence, std::uint32_t timestamp,
                                           bool repaired) {
  if (!repaired) {
    if (!last_at_.is_never()) longest_gap_ = std::max(longest_gap_, now - last_at_);
    last_at_ = now;
  }
  if (!started()) {
    if (repaired) return std::nullopt;
    first_ = highest_ = 65'536 + std::int64_t{sequence};  // one cycle up, so that an early reordering stays positive
    seen_.set(static_cast<std::size_t>(highest_) % kWindow);
    ++received_;
    return highest_;
  }
  const auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(highest_)));
  const std::int64_t extended = highest_ + step;
  if (step > 0) {
    advance(now, extended);
  } else {
    const auto bit = static_cast<std::size_t>(extended) % kWindow;
    if (extended < first_ || highest_ - extended >= static_cast<std::int64_t>(kWindow) || seen_.test(bit)) {
      ++duplicates_;
      return std::nullopt;
    }
    seen_.set(bit);
    std::erase_if(missing_, [extended](const Missing& m) { return m.sequence == extended; });
  }
  ++received_;
  if (repaired) {
    ++repaired_;
    return extended;
  }
  // RFC 3550 appendix A.8, in timestamp units.
  const std::int64_t transit = now.us * static_cast<std::int64_t>(rate_) / 1'000'000 - std::int64_t{timestamp};
  const auto difference = static_cast<std::int32_t>(static_cast<std::uint32_t>(transit - last_transit_));
  if (received_ > 2) jitter_ += (std::abs(static_cast<double>(difference)) - jitter_) / 16;
  last_transit_ = transit;
  return extended;
}

void InStream::take_sender_report(base::Instant now, const wire::SenderReport& report) {
  last_sr_ = report.ntp.middle();
  last_sr_at_ = now;
}

wire::ReportBlock InStream::report(base::Instant now) {
  wire::ReportBlock block;
  block.ssrc = ssrc_;
  const auto expected_now = expected() - reported_expected_, received_now = received_ - reported_received_;
  if (expected_now > received_now)
    block.fraction_lost = static_cast<std::uint8_t>(std::min<std::uint64_t>(255, (expected_now - received_now) * 256 / expected_now));
  reported_expected_ = expected();
  reported_received_ = received_;
  block.cumulative_lost = static_cast<std::int32_t>(std::min<std::uint64_t>(lost(), 0x7f'ffff));
  block.highest_sequence = static_cast<std::uint32_t>(highest_ - 65'536);
  block.jitter = static_cast<std::uint32_t>(jitter_);
  if (last_sr_ != 0) {
    block.last_sr = last_sr_;
    block.delay_since_last_sr = static_cast<std::uint32_t>((now - last_sr_at_).us * 65'536 / 1'000'000);
  }
  return block;
}

std::optional<wire::Nack> InStream::nack(base::Instant now) {
  if (missing_.empty()) return std::nullopt;
  std::erase_if(missing_, [this](const Missing& m) {
    return m.asked >= kAsks || highest_ - m.sequence >= static_cast<std::int64_t>(kWindow);
  });
  wire::Nack nack;
  nack.media = ssrc_;
  for (Missing& m : missing_)
    if (m.ask_at <= now && nack.add(static_cast<std::uint16_t>(m.sequence))) {
      ++m.asked;
      m.ask_at = now + kAskAgain;
    }
  if (nack.items.empty()) return std::nullopt;
  return nack;
}

}  // namespace load
