// SPDX-License-Identifier: Apache-2.0
// See probes.h.
#include "media/probes.h"

namespace media {
namespace {

constexpr std::uint32_t kMostBps = 50'000'000;
constexpr double kStep = 2;  // times the estimate
constexpr double kSpare = 1.2, kMargin = 1.15;
constexpr double kAgain = 0.7;    // of the target was reached: the next one follows at once
constexpr double kCame = 0.8;     // of what was sent must have come
constexpr double kMostRatio = 2;  // arriving faster than it was sent by more is a burst on the way, not a rate
constexpr double kUnsaturated = 0.9, kUse = 0.95;
constexpr base::Duration kResultWithin = base::Duration::millis(1'500), kLongest = base::Duration::seconds(1);

}  // namespace

bool Probes::consider(std::uint32_t estimate, std::uint32_t wanted, base::Instant now) {
  // Going up needs a fifth to spare (layer_allocation.h).
  if (open_ || sending_ || now < next_ || estimate >= wanted * kSpare) return false;
  bps_ = static_cast<std::uint32_t>(std::min({kStep * estimate, wanted * kSpare * kMargin, double{kMostBps}}));
  id_ = id_ == 255 ? 1 : static_cast<std::uint8_t>(id_ + 1);
  sending_ = open_ = true;
  began_ = tick_ = now;
  bytes_ = packets_ = 0;
  came_ = came_bytes_ = 0;
  target_bytes_ = std::min(static_cast<std::size_t>(bps_ / 8.0 * static_cast<double>(kLength.us) / 1e6), kMostBytes);
  next_ = now + (estimate < kPoor ? kEveryPoor : kEvery);
  return true;
}

std::size_t Probes::due(base::Instant now) const {
  if (!sending_) return 0;
  // The first tick's share is sent at once.
  const auto passed = static_cast<double>((now - began_ + kTick).us) / 1e6;
  const auto should = static_cast<std::size_t>(std::clamp(bps_ / 8.0 * passed, 0.0, double{kMostBytes}));
  return should > bytes_ ? should - bytes_ : 0;
}

void Probes::sent(std::size_t bytes, base::Instant at) {
  bytes_ += bytes;
  ++packets_;
  ended_ = at;
}

void Probes::ticked(base::Instant now) {
  if (!sending_) return;
  tick_ = now + kTick;
  const bool enough = bytes_ >= target_bytes_ && packets_ >= kLeastPackets;
  if (enough || bytes_ >= kMostBytes || now - began_ > kLongest) sending_ = false;
  ended_ = now;
}

void Probes::arrived(std::uint8_t mark, base::Instant sent, base::Duration arrival, std::size_t bytes) {
  if (!open_ || mark != id_) return;
  ++came_;
  came_bytes_ += bytes;
  if (came_ == 1) {
    first_sent_ = last_sent_ = sent;
    first_arrival_ = last_arrival_ = arrival;
    first_bytes_ = last_bytes_ = bytes;
    return;
  }
  if (sent < first_sent_) first_sent_ = sent;
  if (sent >= last_sent_) {
    last_sent_ = sent;
    last_bytes_ = bytes;
  }
  if (arrival < first_arrival_) {
    first_arrival_ = arrival;
    first_bytes_ = bytes;
  }
  last_arrival_ = std::max(last_arrival_, arrival);
}

std::optional<Probes::Result> Probes::take_result(base::Instant now) {
  if (!open_ || sending_) return std::nullopt;
  const bool whole = came_ >= packets_;
  if (!whole && now - ended_ < kResultWithin) {
    // Enough has come, and the rest would by now.
    if (static_cast<double>(came_) < kCame * static_cast<double>(packets_) || now - ended_ < kResultWithin / 3)
      return std::nullopt;
  }
  open_ = false;
  if (packets_ < kLeastPackets || static_cast<double>(came_) < kCame * static_cast<double>(packets_))
    return std::nullopt;
  const auto sending = (last_sent_ - first_sent_).us, coming = (last_arrival_ - first_arrival_).us;
  if (sending <= 0 || coming <= 0 || sending > kLongest.us || coming > kLongest.us) return std::nullopt;
  // The last packet's own time does not lie between the first sending and the last; nor the first's on arrival.
  const auto out = static_cast<double>(came_bytes_ - last_bytes_) * 8e6 / static_cast<double>(sending);
  const auto in = static_cast<double>(came_bytes_ - first_bytes_) * 8e6 / static_cast<double>(coming);
  if (in > out * kMostRatio) return std::nullopt;
  Result result;
  result.full = in < kUnsaturated * out;
  result.bps = static_cast<std::uint32_t>(std::min(result.full ? kUse * in : std::min(in, out), double{kMostBps}));
  if (result.bps >= kAgain * bps_) next_ = now;
  return result;
}

}  // namespace media
