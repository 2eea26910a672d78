// SPDX-License-Identifier: Apache-2.0
// See bandwidth_estimator.h.
#include "media/bandwidth_estimator.h"

namespace media {
namespace {

using base::Duration;

constexpr auto kQueue = Duration::millis(60);  // longer than that on the way than at best: a queue stands
constexpr auto kSurely = Duration::millis(10);
constexpr auto kCalm = Duration::millis(5);
constexpr double kFollow = 0.05;  // a message
constexpr auto kClockSet = Duration::seconds(10);
constexpr auto kDelayKept = Duration::seconds(5);
constexpr auto kUseWindow = Duration::millis(250);
constexpr auto kLossWindow = Duration::millis(500), kLongestWindow = Duration::seconds(2);
// Application-limited (as libwebrtc's ALR detector): below, until above.
constexpr double kLimited = 0.65, kUsed = 0.8;
constexpr auto kJustUsed =
    Duration::millis(800);  // so long after a line was not used, most of what is acknowledged is from then
constexpr std::uint32_t kBack = 300'000;
constexpr auto kUnheardStep = Duration::millis(500);
constexpr double kUnheardFall = 0.8;
constexpr auto kNoProbe = Duration::seconds(3);  // after the line was found full
// So long do even the quickest packets wait where the line has become much narrower from one moment to the next.
constexpr auto kFlood = Duration::millis(100), kGrowth = Duration::millis(20);
constexpr double kOfFlood = 0.85;  // as on any fall (rate_control.cpp)
constexpr auto kDrains = Duration::millis(60), kLongestDrain = Duration::millis(500), kDrainsAgain = Duration::seconds(2);

}  // namespace

void BandwidthEstimator::forget(base::Instant now) {
  // It may be another line, or the same. Sound must be back at once, so with little, and from there on as at the start.
  rate_ = RateControl(std::clamp(heard_bps_ / 2, kLeast, std::min(first_, kBack)), kLeast, kMost);
  starting_ = true;
  heard_ = now;  // what is sent from now on cannot have been answered before
  history_.empty();
  trend_.forget();
  loss_control_.forget();
  way_ = {};
  acknowledged_.forget();
  probes = Probes{};
  window_from_ = used_from_ = base::Instant::never();
  window_received_ = window_lost_ = window_missed_ = window_bytes_ = sent_bytes_ = sent_packets_ = unheard_packets_ = 0;
  window_delay_ = least_delay_ = least_before_ = kNoDelay;
  usual_wait_us_ = waited_us_ = 0;
  grew_ = false;
  drained_ = drains_ = base::Instant{-1'000'000'000};
  waits_seen_ = 0;
  loss_ = missed_ = 0;
  limited_ = queue_ = false;
  may_rise_ = true;
}

void BandwidthEstimator::feedback(const wire::TransportFeedback& message, base::Instant now) {
  bool any = false;
  message_delay_ = kNoDelay;
  if (window_from_.is_never()) window_from_ = now;
  message.for_each([&](std::uint16_t sequence, bool received, Duration arrival) {
    auto* found = history_.find(sequence);
    if (found == nullptr || found->sequence != sequence || found->state == State::none) return;
    auto& sent = *found;
    if (received) {
      if (sent.state == State::lost && window_lost_ > 0) --window_lost_;  // it only came late
      came(sent, arrival);
      sent.state = State::none;
      any = true;
    } else if (sent.state == State::waiting) {
      ++window_lost_;
      ++window_missed_;
      sent.state = State::lost;
    }
  });
  if (!any) return;
  seen_feedback_ = true;
  heard_ = now;
  unheard_packets_ = 0;
  note_use(now);
  note_least_delay(now);
  look_at_losses(now);
  look_at_delay(now);
  take_probe(now);
  heard_bps_ = rate_.bps();
}

void BandwidthEstimator::came(const Sent& sent, Duration arrival) {
  ++window_received_;
  window_bytes_ += sent.bytes;
  message_last_ = arrival.us - sent.at.us;
  message_delay_ = std::min(message_delay_, message_last_);
  acknowledged_.arrived(arrival, sent.bytes);
  if (sent.mark == 0)
    trend_.arrived(sent.at, arrival);  // a probe makes a queue of its own, and is over
  else
    probes.arrived(sent.mark, sent.at, arrival, sent.bytes);
}

void BandwidthEstimator::note_use(base::Instant now) {
  if (used_from_.is_never() || now < used_from_) {
    used_from_ = now;
    sent_bytes_ = sent_packets_ = 0;
    return;
  }
  const auto span = now - used_from_;
  if (span < kUseWindow) return;
  sent_bps_ = static_cast<std::uint32_t>(std::uint64_t{sent_bytes_} * 8'000'000 / static_cast<std::uint64_t>(span.us));
  limited_ = sent_bps_ < (limited_ ? kUsed : kLimited) * estimate();
  if (limited_) used_since_ = now;
  unheard_packets_ += sent_packets_;
  if (sent_packets_ > 0) sent_at_ = now;
  sent_bytes_ = sent_packets_ = 0;
  used_from_ = now;
}

void BandwidthEstimator::note_fall(base::Instant now) {
  fell_ = now;
  starting_ = false;
  probes.stop();
  probes.wait_until(now + kNoProbe);
}

// Over some two seconds: one packet of a small window is not a line that loses.
void BandwidthEstimator::note_missed(std::uint32_t all) {
  missed_ += (static_cast<double>(std::min(window_missed_, all)) / all - missed_) / 4;
}

// What waits was sent before; while that drains, only sound is to be added to it. Where others' traffic keeps the queue full, it
// does not drain by our doing, so pictures rest for a moment now and then at most.
void BandwidthEstimator::drain(base::Instant now) {
  const auto waits = Duration::micros(message_last_ - std::min(least_delay_, least_before_));
  if (waits < kDrains || now - drains_ < kDrainsAgain) return;
  drains_ = now;
  drained_ = now + std::min(waits + waits / 2, kLongestDrain);  // sound goes on meanwhile
}

// What was lowered for it was lowered for nothing.
void BandwidthEstimator::look_at_way(base::Instant now) {
  const auto least = std::min(least_delay_, least_before_);
  const auto found = way_.came_late(static_cast<double>(message_delay_ - least), rate_.bps(), missed_ >= 0.02, round_trip_, now);
  if (way_.begins_to_rest(now)) drained_ = now + LongerWay::kRest;
  if (!found) return;
  least_delay_ = least_before_ = window_delay_ = least + found->longer_us;
  least_since_ = now;
  queue_ = false;
  may_rise_ = true;
  drained_ = std::min(drained_, now);
  rate_.set(std::max(rate_.bps(), static_cast<std::uint32_t>(kOfFlood * found->from_bps)), now);
}

void BandwidthEstimator::look_at_delay(base::Instant now) {
  look_at_way(now);
  const auto rate_before = rate_.bps();
  const auto waits_us = static_cast<double>(message_delay_ - std::min(least_delay_, least_before_));
  // However little of the line was used: far less comes than was sent, and ever later.
  const bool outrun = grows(waits_us) && is_outrun();
  // Packets come far apart, each later than the one before: the line carries much less from one moment to the next, and its queue is
  // full before the trend's twenty groups have come, so that sound is lost at its end.
  const bool flooded = outrun && waits_us > 2 * usual_wait_us_ + kFlood.us;
  auto use = trend_.use();
  const bool waits = waits_unusually(waits_us);
  if (use == DelayTrend::Use::over && !waits) use = DelayTrend::Use::normal;
  if (use == DelayTrend::Use::over || flooded) starting_ = false;
  if (flooded && now - fell_ >= round_trip_) {
    const auto carries = *acknowledged_.latest_bps();
    if (kOfFlood * carries < rate_.bps()) {
      rate_.set(static_cast<std::uint32_t>(kOfFlood * carries), now);
      rate_.full_at(carries, 1);
      way_.fell(rate_before, now);
      note_fall(now);
      drain(now);
      return;
    }
  }
  auto acknowledged = acknowledged_.bps();
  if (now - used_since_ < kJustUsed && acknowledged) acknowledged = std::max(acknowledged, acknowledged_.latest_bps());
  const bool fell = rate_.update({.use = use,
                                  .acknowledged = acknowledged,
                                  .limited = limited_ && !outrun,
                                  .may_rise = may_rise_ && !queue_,
                                  .round_trip = round_trip_},
                                 now);
  if (!fell) return;
  way_.fell(rate_before, now);
  note_fall(now);
  if (outrun) drain(now);
}

// From message to message, or within one. A way that has become longer makes all of them late, but alike; a burst after a gap comes
// with the last ones least late.
bool BandwidthEstimator::grows(double waits_us) {
  const bool before = grew_;
  grew_ = waits_us - waited_us_ >= kGrowth.us;
  waited_us_ = waits_us;
  return message_last_ - message_delay_ >= kGrowth.us || (before && grew_);
}

void BandwidthEstimator::look_at_losses(base::Instant now) {
  const auto span = now - window_from_;
  const auto all = window_received_ + window_lost_;
  if (span < kLossWindow || (all < kEnough && span < kLongestWindow)) return;
  queue_ = queue_stands();
  const auto seconds = static_cast<double>(span.us) / 1e6;
  const auto proved = window_bytes_ * 8.0 / seconds;
  if (all >= kEnough) {
    loss_ = static_cast<double>(window_lost_) / all;
    note_missed(all);
    const auto verdict = loss_control_.update({.bps = proved / std::max(1 - loss_, 0.01),
                                               .packets = static_cast<double>(all),
                                               .lost = static_cast<double>(window_lost_),
                                               .queue = queue_,
                                               .seconds = seconds},
                                              rate_.bps(), proved);
    may_rise_ = verdict.may_rise;
    if (queue_ || loss_ >= 0.02) starting_ = false;
    if (verdict.lower) {
      rate_.full_at(static_cast<std::uint32_t>(*verdict.lower), 0.05);
      rate_.set(static_cast<std::uint32_t>(*verdict.lower), now);
      note_fall(now);
    } else if (starting_) {
      rate_.set(
          static_cast<std::uint32_t>(std::max<double>(rate_.bps(), std::min(proved * 1.5 + 50'000, double{kMost}))),
          now);
    }
  }
  window_from_ = now;
  window_received_ = window_lost_ = window_missed_ = window_bytes_ = 0;
  window_delay_ = kNoDelay;
}

void BandwidthEstimator::note_least_delay(base::Instant now) {
  // Another clock than a moment ago: it was set.
  const bool leaps = least_delay_ != kNoDelay &&
                     (message_delay_ - least_delay_ > kClockSet.us || least_delay_ - message_delay_ > kClockSet.us);
  if (leaps) least_delay_ = least_before_ = window_delay_ = kNoDelay;
  if (now - least_since_ >= kDelayKept) {
    least_before_ = least_delay_;
    least_delay_ = kNoDelay;
    least_since_ = now;
  }
  window_delay_ = std::min(window_delay_, message_delay_);
  least_delay_ = std::min(least_delay_, message_delay_);
}

// By the quickest packet of the window, so that jitter alone is no queue.
bool BandwidthEstimator::queue_stands() const {
  return window_delay_ != kNoDelay && window_delay_ - std::min(least_delay_, least_before_) > kQueue.us;
}

// The trend sees delays that grow; on a line with much jitter they do so for moments without any queue. A queue makes
// every packet wait, the quickest, too: beyond what the quickest of a message usually waits there.
bool BandwidthEstimator::waits_unusually(double waits) {
  const bool unusually = waits > 2 * usual_wait_us_ + kSurely.us;
  // What a line is like is learned fast at first, but not from what may be a queue.
  if (trend_.use() != DelayTrend::Use::over && waits_seen_ < 100) ++waits_seen_;
  const auto follow = trend_.use() == DelayTrend::Use::over ? kFollow : std::max(kFollow, 1.0 / waits_seen_);
  usual_wait_us_ += follow * (std::min<double>(waits, kQueue.us) - usual_wait_us_);
  return unusually;
}

void BandwidthEstimator::take_probe(base::Instant now) {
  const auto result = probes.take_result(now);
  if (!result || trend_.use() == DelayTrend::Use::over) return;
  if (result->bps > rate_.bps()) {
    rate_.set(result->bps, now);
    if (result->full) rate_.full_at(result->bps, 0.5);
  } else if (result->full && limited_ && usual_wait_us_ < kCalm.us) {
    // What is kept from earlier is more than the line carries now; what arrives it does carry. Jitter spreads a burst,
    // too.
    rate_.set(std::max(result->bps, acknowledged_.bps().value_or(result->bps)), now);
    starting_ = false;
  }
}

void BandwidthEstimator::loss_report(std::uint32_t expected, std::uint32_t lost, base::Instant now) {
  if (seen_feedback_) return;
  heard_bps_ = rate_.bps();
  note_use(now);
  if (window_from_.is_never()) window_from_ = now;
  window_lost_ += std::min(lost, expected);
  window_missed_ = window_lost_;
  window_received_ += expected - std::min(lost, expected);
  const auto span = now - window_from_;
  const auto all = window_received_ + window_lost_;
  if (span < kLossWindow || (all < kEnough && span < kLongestWindow)) return;
  const auto seconds = std::clamp(static_cast<double>(span.us) / 1e6, 0.1, 2.0);
  if (all >= kEnough) {
    loss_ = static_cast<double>(window_lost_) / all;
    note_missed(all);
    const auto verdict = loss_control_.update({.bps = static_cast<double>(sent_bps_),
                                               .packets = static_cast<double>(all),
                                               .lost = static_cast<double>(window_lost_),
                                               .queue = false,
                                               .seconds = seconds},
                                              rate_.bps(), sent_bps_ * (1 - loss_));
    if (loss_ >= 0.02) starting_ = false;
    if (verdict.lower) {
      rate_.set(static_cast<std::uint32_t>(*verdict.lower), now);
      note_fall(now);
    } else if (verdict.may_rise && !limited_) {
      // Section 6. Nothing is acknowledged packet by packet, so nothing is proved faster than that.
      rate_.set(static_cast<std::uint32_t>(std::min(rate_.bps() * (1 + 0.08 * seconds) + 1'000, double{kMost})), now);
    }
  }
  window_from_ = now;
  window_received_ = window_lost_ = window_missed_ = 0;
}

void BandwidthEstimator::look(base::Instant now) {
  note_use(now);
  if (!is_unheard(now) || now - timed_out_ < kUnheardStep) return;
  timed_out_ = now;
  rate_.set(static_cast<std::uint32_t>(rate_.bps() * kUnheardFall), now);
  note_fall(now);
}

}  // namespace media
