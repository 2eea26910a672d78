// SPDX-License-Identifier: Apache-2.0
// What the line to one person carries, by send-side congestion control (draft-ietf-rmcat-gcc-02) from transport-wide
// feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01; RFC 8888 is not used): the delay's trend, losses, what
// arrives, probes. From receiver reports (RFC 3550) and REMB where a receiver gives nothing else. Here is what ties the
// parts together: delay_trend.h, rate_control.h, loss_control.h, longer_way.h, acknowledged_rate.h, probes.h; why so:
// docs/decisions/0013. It starts fast: until the first sign of a limit it goes at once to half as much again as was
// proved. It rises only while the line is used; a larger rate on a line that is not is found by probes alone. Bytes are
// those on the wire, IP and UDP included. Invariant: kLeast <= estimate() <= kMost, whatever feedback comes: numbers
// never sent, told twice, or told late change nothing; arrival times that leap make the parts begin afresh. Pure; media
// thread; nothing allocated per packet.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/instant.h"
#include "media/acknowledged_rate.h"
#include "media/delay_trend.h"
#include "media/loss_control.h"
#include "media/longer_way.h"
#include "media/probes.h"
#include "media/rate_control.h"
#include "media/sequence_ring.h"
#include "wire/rtcp_transport_feedback.h"

namespace media {

class BandwidthEstimator {
 public:
  static constexpr std::uint32_t kLeast = 50'000, kFirst = 2'000'000, kMost = 50'000'000;  // bits per second
  static constexpr std::size_t kOverhead = 44;  // bytes on the wire beside the RTP packet: SRTP's tag, UDP, IPv4

  // `first`: what a line is thought to carry before anything was measured.
  explicit BandwidthEstimator(std::uint32_t first = kFirst)
      : first_(std::clamp(first, kLeast, kMost)), rate_(first_, kLeast, kMost) {}

  // sent() with this number follows: a hint (base/prefetch.h).
  void expect(std::uint16_t sequence) const { history_.expect(sequence); }
  // A packet of `bytes` (RTP header and payload) went out under this transport-wide number.
  void sent(std::uint16_t sequence, std::size_t bytes, base::Instant at) {
    const auto on_wire = bytes + kOverhead;
    const auto mark = probes.mark();
    history_.take(sequence, [at](const Sent& old) { return old.state == State::waiting && at - old.at < kAnswered; },
                  [](const Sent& old) { return old.sequence; }) = {at, static_cast<std::uint16_t>(on_wire), sequence, State::waiting, mark};
    sent_bytes_ += static_cast<std::uint32_t>(on_wire);
    ++sent_packets_;
    if (mark != 0) probes.sent(on_wire, at);
  }
  // One without a number, where those are not negotiated.
  void sent(std::size_t bytes) {
    sent_bytes_ += static_cast<std::uint32_t>(bytes + kOverhead);
    ++sent_packets_;
  }
  void feedback(const wire::TransportFeedback& message, base::Instant now);
  // From receiver reports, where the receiver gives no transport-wide feedback: how many packets it expected, and
  // missed.
  void loss_report(std::uint32_t expected, std::uint32_t lost, base::Instant now);
  void remb(std::uint64_t bps) {
    remb_ = static_cast<std::uint32_t>(bps < kLeast ? kLeast : bps > kMost ? kMost : bps);
  }
  void round_trip(base::Duration measured) { round_trip_ = measured; }
  // Now and then, at least every second while packets are sent: a line from which nothing is heard any more carries
  // ever less.
  void look(base::Instant now);
  // The line was away and is back: what was measured, and what was under way, is of another time.
  void forget(base::Instant now);

  [[nodiscard]] std::uint32_t estimate() const { return std::min(rate_.bps(), remb_); }
  [[nodiscard]] double loss() const { return loss_; }  // 0..1, of the last window
  // Of what had not come when it was first told of, though it may have come late; over some two seconds: 0..1.
  [[nodiscard]] double missed() const { return missed_; }
  [[nodiscard]] std::uint32_t acknowledged_bps() const { return acknowledged_.bps().value_or(0); }
  // No sign of a limit was seen yet.
  [[nodiscard]] bool starting() const { return starting_; }
  // Less is sent than the estimate allows (application-limited, ALR).
  [[nodiscard]] bool limited() const { return limited_; }
  // The line was found full at about this rate.
  [[nodiscard]] bool full() const { return rate_.capacity() && estimate() * 1.3 > *rate_.capacity(); }
  [[nodiscard]] bool has_feedback() const { return seen_feedback_; }
  // So much was sent since that word of it should have come.
  [[nodiscard]] bool owes_word() const { return seen_feedback_ && unheard_packets_ >= kEnough; }
  // Packets are sent all the while, and nothing is told of them any more.
  [[nodiscard]] bool is_unheard(base::Instant now) const {
    return owes_word() && now - heard_ >= kUnheard && now - sent_at_ < kSending;
  }
  // Feedback or a report of losses came, so that there is something to forget.
  [[nodiscard]] bool was_heard() const { return heard_bps_ > 0; }
  // When the estimate last fell because the line was full.
  [[nodiscard]] base::Instant fell() const { return fell_; }
  // A queue stood when it fell: until then it drains, where nothing but sound is added.
  [[nodiscard]] base::Instant drained() const { return drained_; }
  [[nodiscard]] double inherent_loss() const { return loss_control_.inherent(); }
  Probes probes;

 private:
  static constexpr std::uint32_t kEnough = 20;  // packets; fewer say nothing about losses
  static constexpr base::Duration kUnheard = base::Duration::seconds(2), kSending = base::Duration::seconds(1);
  enum class State : std::uint8_t { none, waiting, lost };
  struct Sent {
    base::Instant at;
    std::uint16_t bytes = 0, sequence = 0;
    State state = State::none;
    std::uint8_t mark = 0;
  };
  static constexpr base::Duration kAnswered = base::Duration::seconds(2);  // feedback is not waited for longer
  void came(const Sent& sent, base::Duration arrival);
  void note_use(base::Instant now);
  void look_at_delay(base::Instant now);
  void look_at_way(base::Instant now);
  void look_at_losses(base::Instant now);
  void note_missed(std::uint32_t all);
  void take_probe(base::Instant now);
  void note_least_delay(base::Instant now);
  [[nodiscard]] bool queue_stands() const;
  [[nodiscard]] bool waits_unusually(double waits_us);
  [[nodiscard]] bool grows(double waits_us);
  // Far less comes than was sent of late.
  [[nodiscard]] bool is_outrun() const {
    const auto latest = acknowledged_.latest_bps();
    return latest && *latest < sent_bps_ / 2;
  }
  void note_fall(base::Instant now);
  void drain(base::Instant now);

  SequenceRing<Sent> history_{128, 2'048};
  std::uint32_t first_;
  RateControl rate_;
  DelayTrend trend_;
  LossControl loss_control_;
  LongerWay way_;
  AcknowledgedRate acknowledged_;
  std::uint32_t remb_ = kMost;
  double loss_ = 0;
  bool seen_feedback_ = false, starting_ = true, limited_ = false, may_rise_ = true, queue_ = false;
  base::Duration round_trip_ = base::Duration::millis(100);
  base::Instant fell_{-1'000'000'000}, drained_{-1'000'000'000}, drains_{-1'000'000'000};
  std::uint32_t heard_bps_ = 0;      // the rate then
  base::Instant heard_, timed_out_;  // feedback last came; the estimate last fell for want of it
  // How much was sent since `used_from_`.
  std::uint32_t sent_bytes_ = 0, sent_packets_ = 0;
  base::Instant used_from_ = base::Instant::never();
  base::Instant used_since_{-1'000'000'000};  // the line is used up to the estimate
  std::uint32_t sent_bps_ = 0, unheard_packets_ = 0;
  base::Instant sent_at_{-1'000'000'000};  // at the latest look
  // The window of losses.
  base::Instant window_from_ = base::Instant::never();
  std::uint32_t window_received_ = 0, window_lost_ = 0, window_missed_ = 0, window_bytes_ = 0;
  double missed_ = 0;
  // The least time from sending to arrival, on two clocks, so only differences count: of this message, of this window,
  // of the last five to ten seconds (the clocks drift, so older ones are let go).
  static constexpr std::int64_t kNoDelay = INT64_MAX;
  std::int64_t message_delay_ = kNoDelay, message_last_ = 0, window_delay_ = kNoDelay, least_delay_ = kNoDelay, least_before_ = kNoDelay;
  base::Instant least_since_;
  double usual_wait_us_ = 0;   // how much more than the least it usually is
  double waited_us_ = 0;       // at the message before
  bool grew_ = false;          // from the one before that to it
  int waits_seen_ = 0;
};

}  // namespace media
