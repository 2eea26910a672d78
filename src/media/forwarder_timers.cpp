// SPDX-License-Identifier: Apache-2.0
// The half of Forwarder that goes by the clock: feedback, asking for repairs and key frames, choosing layers, the speaker.
// Reports are written in forwarder_rtcp.cpp. An idle room has nothing here to wake for.
#include <algorithm>
#include <utility>

#include "media/forwarder.h"

namespace media {
namespace {

constexpr base::Duration kReportEvery = base::Duration::millis(1'000);
constexpr base::Duration kAllocateEvery = base::Duration::millis(500);
constexpr base::Duration kIdleAfter = base::Duration::millis(2'000);
constexpr std::size_t kCompound = 1'100;  // bytes of one RTCP datagram before protection

constexpr std::array<std::uint32_t, kLayers> kNominalBps{150'000, 450'000, 1'200'000};
constexpr std::array<std::uint16_t, kLayers> kNominalWidth{320, 640, 1'280}, kNominalHeight{180, 360, 720};
constexpr std::uint32_t kSoundBps = 40'000;

base::Instant on_grid(base::Instant now, base::Duration step) { return {(now.us / step.us + 1) * step.us}; }

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
  if (std::exchange(goodbyes_, false)) say_goodbye(out);
  const bool active = now.instant - last_activity_ < kIdleAfter;
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
  wake_ = std::min({feedback_at_, report_at_, allocate_at_, speakers_.next()});
  for (const auto& m : members_)
    if (m) wake_ = std::min(wake_, m->in.next());
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
  }
  for (const auto i : present_) allocate_for(*members_[i], now);
}

namespace {

TileWish wish_for(const Publication& publication, const DownStream& stream, base::Instant now) {
  TileWish tile;
  tile.now = stream.target();
  tile.now_temporal = stream.temporal();
  for (std::size_t l = 0; l < kLayers; ++l) {
    const auto& layer = publication.layers[l];
    auto& offer = tile.layers[l];
    // A page that nobody scrolls sends a frame now and then: its silence says nothing.
    offer.active = layer.known && (publication.source == Source::screen || now - layer.last_packet <= Reception::kAsleep);
    offer.bps = layer.bps > 0 ? layer.bps : kNominalBps[l];
    offer.slower = layer.slower_bps;
    offer.width = layer.width > 0 ? layer.width : kNominalWidth[l];
    offer.height = layer.height > 0 ? layer.height : kNominalHeight[l];
  }
  return tile;
}

}  // namespace

void Forwarder::allocate_for(Member& viewer, base::Instant now) {
  constexpr std::size_t kMost = 64;
  std::array<TileWish, kMost> wishes;
  auto& slots = viewer.out.slots();
  const auto count = std::min(slots.size(), kMost);
  for (std::size_t k = 0; k < count; ++k) {
    wishes[k] = {};
    if (!slots[k].carries || !is_picture(slots[k].source) || paused_ || !viewer.out.connected() || !viewer.out.takes_pictures()) continue;
    auto& from = *members_[*slots[k].carries];
    const auto* publication = from.in.publication(slots[k].source);
    if (publication == nullptr || !may_send(from, slots[k].source)) continue;
    wishes[k] = wish_for(*publication, slots[k].picture, now);
    // Until the viewer says what it shows: everybody, small, so that the first picture is there when the room is drawn.
    if (!viewer.has_view) wishes[k].width = wishes[k].height = 1;
  }
  if (viewer.has_view && !viewer.view.sound_only)
    for (const auto& tile : viewer.view.tiles) {
      for (std::size_t k = 0; k < count; ++k) {
        if (!slots[k].carries || slots[k].source != tile.source || members_[*slots[k].carries]->arrival != tile.of) continue;
        wishes[k].pinned = wishes[k].pinned || tile.pinned;
        if (std::uint32_t{tile.width} * tile.height > std::uint32_t{wishes[k].width} * wishes[k].height) {
          wishes[k].width = tile.width;
          wishes[k].height = tile.height;
        }
      }
    }
  const auto sound = static_cast<std::uint32_t>(present_.size()) * kSoundBps;
  const auto line = viewer.out.line.estimate();
  allocate_layers({wishes.data(), count}, line > sound ? line - sound : 0);
  for (std::size_t k = 0; k < count; ++k) {
    auto& picture = slots[k].picture;
    const auto chosen = wishes[k].chosen;
    if (chosen == kNoLayer) {
      if (picture.target() != kNoLayer) picture.stop();
      continue;
    }
    if (picture.target() == kNoLayer)
      picture.start(chosen);
    else
      picture.aim(chosen);
    picture.limit(wishes[k].chosen_temporal);
    if (!picture.waits()) continue;
    auto& wish = members_[*slots[k].carries]->in.publication(slots[k].source)->layers[index_of(chosen)].wish;
    wish.want();
    schedule(std::max(now, wish.next()));
  }
}

}  // namespace media
