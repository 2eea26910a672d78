// SPDX-License-Identifier: Apache-2.0
// The half of Forwarder that goes by the clock: feedback, asking for repairs and key frames, the speaker. Reports are written in
// forwarder_rtcp.cpp, what each line is given in forwarder_line.cpp. An idle room has nothing here to wake for.
#include <algorithm>
#include <utility>

#include "media/forwarder.h"

namespace media {
namespace {

constexpr base::Duration kReportEvery = base::Duration::millis(1'000);
constexpr base::Duration kAllocateEvery = base::Duration::millis(500);
constexpr base::Duration kIdleAfter = base::Duration::millis(2'000);
constexpr std::size_t kCompound = 1'100;  // bytes of one RTCP datagram before protection

}  // namespace

void Forwarder::note_activity(base::Instant now) {
  last_activity_ = now;
  if (!report_at_.is_never()) return;
  report_at_ = on_grid(now, kReportEvery);
  allocate_at_ = std::min(allocate_at_, on_grid(now, kAllocateEvery));
  rates_taken_ = now;
  schedule(std::min(report_at_, allocate_at_));
}

void Forwarder::on_timer(base::Now now, base::DatagramSink& out) {
  if (now.instant < wake_) return;
  if (now.instant >= feedback_at_) {
    feedback_at_ = base::Instant::never();
    for (auto& m : members_) {
      if (!m || !m->in.transport_feedback_pending()) continue;
      std::array<std::uint8_t, kCompound> buffer;
      base::Writer w{buffer};
      if (m->in.write_transport_feedback(m->self, w)) (void)m->outgoing->send_rtcp(w.written(), out);
      if (m->in.transport_feedback_pending()) feedback_at_ = now.instant;
    }
  }
  if (now.instant >= uplinks_at_) {
    guide_uplinks(now.instant);
    // Else until something comes again; but who gave something up gets it back, though nobody says or shows anything.
    const bool little = std::ranges::any_of(present_, [&](std::size_t i) { return members_[i]->up.little(); });
    uplinks_at_ = little ? on_grid(now.instant, UplinkGuide::kLookEvery) : base::Instant::never();
  }
  if (std::exchange(goodbyes_, false)) say_goodbye(out);
  const bool active = now.instant - last_activity_ < kIdleAfter;
  pump(now, out);
  if (now.instant >= allocate_at_) {
    allocate(now.instant);
    allocate_at_ = active ? on_grid(now.instant, kAllocateEvery) : base::Instant::never();
  }
  if (now.instant >= report_at_) {
    send_reports(now, out);
    report_at_ = active ? on_grid(now.instant, kReportEvery) : base::Instant::never();
  }
  repair_and_ask(now.instant, out);
  if (now.instant >= speakers_.next()) note_speaker(now.instant);
  rearm();
}

void Forwarder::rearm() {
  wake_ = std::min({feedback_at_, uplinks_at_, report_at_, allocate_at_, speakers_.next()});
  for (const auto& m : members_)
    if (m) wake_ = std::min({wake_, m->in.next(), m->out.next()});
  if (goodbyes_) wake_ = base::Instant{};
}

void Forwarder::repair_and_ask(base::Instant now, base::DatagramSink& out) {
  for (auto& m : members_) {
    if (!m || m->in.next() > now) continue;
    std::array<std::uint8_t, kCompound> buffer;
    base::Writer w{buffer};
    m->in.write_nacks(m->self, now, m->out.round_trip.value_or(base::Duration::millis(80)), w);
    m->key_frames_asked += m->in.write_key_frame_requests(m->self, now, w);
    if (w.size() > 0) (void)m->outgoing->send_rtcp(w.written(), out);
  }
}

void Forwarder::note_speaker(base::Instant now) {
  const bool changed = speakers_.update(now);
  schedule(std::max(now, speakers_.next()));
  if (!changed) return;
  Event::Speaker speaker;
  if (const auto who = speakers_.speaker(); who && members_[*who]) speaker.who = members_[*who]->arrival;
  events_.push_back({{room_, {}}, speaker});
}

void Forwarder::allocate(base::Instant now) {
  const auto span = now - rates_taken_;
  if (span >= kAllocateEvery) {
    rates_taken_ = now;
    for (auto& m : members_)
      if (m) m->in.take_rates(span, now);
    choose_keep(now);
  }
  for (const auto i : present_) allocate_for(*members_[i], now);
  guide(now);
  guide_sound(now);
}

}  // namespace media
