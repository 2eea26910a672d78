// SPDX-License-Identifier: Apache-2.0
// The RTCP of Forwarder: what a member's compound says to us, and the reports, names and goodbyes that members are sent. Not
// here: feedback, repairs and key frames that we ask for (forwarder_timers.cpp), bytes (wire/).
// Invariant: what is sent here begins with a report and holds a CNAME for each source in it (RFC 3550 section 6.1).
#include <algorithm>

#include "media/forwarder.h"
#include "wire/rtcp.h"

namespace media {

namespace {

constexpr int kMostFeedbacks = 8;  // in one compound; browsers send one

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

}  // namespace

void Forwarder::on_rtcp(std::size_t member, base::Bytes compound, base::Now now, base::DatagramSink& out) {
  auto& m = *members_[member];
  if (!m.compounds.take(now.instant)) return;
  int feedbacks = 0;
  const auto blocks = [&](const wire::ReportBlocks& list) {
    for (const auto& block : list) m.out.on_report_block(block, now);
  };
  const auto ignored = wire::read_rtcp(
      compound, Overloaded{[&](const wire::SenderReport& sr) {
                             m.in.on_sender_report(sr, now);
                             if (const auto* sound = m.in.publication(Source::microphone); sound != nullptr && sound->layers[0].ssrc == sr.sender)
                               m.up.report(sr.rtp_timestamp, wire::to_wall(sr.ntp));
                             blocks(sr.blocks);
                           },
                           [&](const wire::ReceiverReport& rr) { blocks(rr.blocks); },
                           [&](const wire::Nack& nack) {
                             on_nack(m, nack, now.instant, out);
                           },
                           [&](const wire::Pli& pli) { on_key_frame_request(m, pli.media, now.instant); },
                           [&](const wire::Fir& fir) {
                             for (const auto& e : fir.entries) on_fir(m, fir.sender, e, now.instant);
                           },
                           [&](const wire::Bye& bye) {
                             for (const auto source : bye.sources)
                               if (m.in.on_bye(source)) choose_layers_at(now.instant);
                           },
                           [&](const wire::Remb& remb) {
                             if (!m.out.feedback_negotiated()) m.out.line.remb(remb.bitrate_bps);
                             on_estimate(m, now.instant);
                           },
                           [&](const wire::TransportFeedback& f) {
                             if (++feedbacks > kMostFeedbacks) return;
                             m.out.line.feedback(f, now.instant);
                             on_estimate(m, now.instant);
                           },
                           [](const auto&) {}});
  (void)ignored;  // what could be read was; the rest costs nobody anything
}

void Forwarder::on_nack(Member& viewer, const wire::Nack& nack, base::Instant now, base::DatagramSink& out) {
  std::size_t k = 0;
  auto* stream = viewer.out.stream_of(nack.media, k);
  if (stream == nullptr || !viewer.present || !viewer.out.slots()[k].carries) return;
  auto& from = *members_[*viewer.out.slots()[k].carries];
  const auto source = viewer.out.slots()[k].source_of(*stream);
  auto* publication = from.in.publication(source);
  if (publication == nullptr || !may_send(from, source)) return;
  nack.for_each([&](std::uint16_t sequence) { viewer.out.send_again(*stream, sequence, *publication, now, *viewer.outgoing, out); });
}

// RFC 5104 section 4.3.1.2: the same number again is the same command, repeated in case it was lost.
void Forwarder::on_fir(Member& viewer, base::Ssrc sender, const wire::FirEntry& entry, base::Instant now) {
  std::size_t k = 0;
  auto* stream = viewer.out.stream_of(entry.ssrc, k);
  const wire::FirEntry command{sender, entry.sequence};
  if (stream == nullptr || stream->last_fir == command) return;
  stream->last_fir = command;
  on_key_frame_request(viewer, entry.ssrc, now);
}

void Forwarder::on_key_frame_request(Member& viewer, base::Ssrc ssrc, base::Instant now) {
  std::size_t k = 0;
  const auto* stream = viewer.out.stream_of(ssrc, k);
  if (stream == nullptr || !stream->picture || !viewer.present || !viewer.out.slots()[k].carries) return;
  auto& from = *members_[*viewer.out.slots()[k].carries];
  const auto source = viewer.out.slots()[k].source;
  const auto layer = stream->current() != kNoLayer ? stream->current() : stream->target();
  if (from.in.publication(source) == nullptr || layer == kNoLayer || !may_send(from, source)) return;
  wish_key_frame(viewer.out.slots()[k], layer, now);
}

// What somebody else waits for already costs nobody anything.
void Forwarder::wish_key_frame(Slot& slot, std::int8_t layer, base::Instant now) {
  auto& wish = members_[*slot.carries]->in.publication(slot.source)->layers[index_of(layer)].wish;
  if (!wish.wanted() && !slot.key_frames.take(now)) return;
  wish.want();
  schedule(std::max(now, wish.next()));
}

// In-band FEC follows what senders are told (DESIGN.md "The call"), so each is told the worst of its listeners, capped: one
// very bad line must not make everybody's sound expensive. What a listener said long ago is not counted: it may be gone.
std::uint8_t Forwarder::worst_loss_of_sound(std::size_t of, base::Instant now) const {
  constexpr std::uint8_t kCap = 64;  // 25%
  constexpr auto kHolds = base::Duration::seconds(15);  // browsers report of sound every five seconds
  std::uint8_t worst = 0;
  for (const auto i : present_) {
    const auto k = members_[i]->slot_of[of];
    if (i == of || k == kNoSlot || !members_[i]->out.connected()) continue;
    const auto& out = members_[i]->out;
    if (out.line.has_feedback() && !out.repeats_sound(now)) {
      // Known within a second or two, where reports take five. Of what goes out twice only they tell.
      worst = std::max(worst, static_cast<std::uint8_t>(std::min(out.line.missed() * 256, 255.0)));
      continue;
    }
    const auto& sound = out.slots()[static_cast<std::size_t>(k)].sound;
    if (now - sound.loss_at <= kHolds) worst = std::max(worst, sound.loss);
  }
  return std::min(worst, kCap);
}

namespace {

constexpr std::string_view kOwnName = "quietroom";  // of the SSRC that reports; it sends no media

// Compounds of reports to one member, each as full as one datagram allows.
class Compound {
 public:
  Compound(Outgoing& to, base::DatagramSink& out) : to_(to), out_(out) {}
  [[nodiscard]] base::Writer& writer() { return w_; }
  [[nodiscard]] bool empty() const { return w_.size() == 0; }
  // A source that the compound speaks of or for.
  void name(base::Ssrc ssrc, std::string_view cname) {
    (void)names_.chunks.push_back({ssrc, cname});
    names_size_ += 4 + (2 + cname.size()) / 4 * 4 + 4;
  }
  // Sends what is there, where no further report with its name would fit.
  void make_room() {
    constexpr std::size_t kReport = 28, kName = 24;
    if (kSize - w_.size() < kReport + 4 + names_size_ + kName || names_.chunks.full()) send();
  }
  void send() {
    if (w_.size() > 0 && names_.write(w_)) (void)to_.send_rtcp(w_.written(), out_);
    w_ = base::Writer{buffer_};
    names_ = {};
    names_size_ = 0;
  }

 private:
  static constexpr std::size_t kSize = 1'100;  // bytes before protection
  Outgoing& to_;
  base::DatagramSink& out_;
  std::array<std::uint8_t, kSize> buffer_;
  base::Writer w_{buffer_};
  wire::SourceDescription names_;
  std::size_t names_size_ = 0;
};

}  // namespace

void Forwarder::send_reports(base::Now now, base::DatagramSink& out) {
  for (std::size_t i = 0; i < members_.size(); ++i)
    if (members_[i] && members_[i]->out.connected()) send_report_of(*members_[i], i, now, out);
}

void Forwarder::send_report_of(Member& member, std::size_t index, base::Now now, base::DatagramSink& out) {
  Compound compound(*member.outgoing, out);
  member.in.write_reports(member.self, worst_loss_of_sound(index, now.instant), now.instant, compound.writer());
  if (!compound.empty()) compound.name(member.self, kOwnName);
  if (member.in.needs_remb() && !compound.empty()) {
    wire::Remb remb;  // ours is generous, losses do the rest
    remb.sender = member.self;
    remb.bitrate_bps = 2'500'000;
    if (auto* camera = member.in.publication(Source::camera))
      for (const auto& layer : camera->layers)
        if (layer.known) (void)remb.sources.push_back(layer.ssrc);
    (void)remb.write(compound.writer());
  }
  for (auto& slot : member.out.slots()) {
    if (!member.present || !slot.carries) continue;
    auto& from = *members_[*slot.carries];
    for (auto* stream : {&slot.sound, &slot.picture}) {
      auto* publication = from.in.publication(slot.source_of(*stream));
      if (publication == nullptr || !may_send(from, publication->source)) continue;
      compound.make_room();
      if (member.out.write_sender_report(*stream, *publication, from.in.clock(), now, compound.writer()))
        compound.name(stream->ssrc, slot.cname);
    }
  }
  compound.send();
}

// RFC 3550 section 6.6, to those who were shown somebody that is gone: the slot's streams stand still. Whoever comes into the
// slot later goes on with them; a source that is heard of again is simply there again (section 6.2.1).
void Forwarder::say_goodbye(base::DatagramSink& out) {
  for (auto& m : members_) {
    if (!m) continue;
    wire::Bye bye;
    wire::SourceDescription names;
    for (auto& slot : m->out.slots()) {
      if (!slot.goodbye) continue;
      if (bye.sources.size() + 2 > decltype(bye.sources)::capacity()) {
        goodbyes_ = true;  // the rest in the next one
        break;
      }
      slot.goodbye = false;
      for (const auto* stream : {&slot.sound, &slot.picture})
        if (stream->packets > 0) (void)bye.sources.push_back(stream->ssrc);
    }
    if (bye.sources.empty() || !m->present || !m->out.connected()) continue;
    (void)names.chunks.push_back({m->self, kOwnName});
    std::array<std::uint8_t, 256> buffer;
    base::Writer w{buffer};
    const wire::ReceiverReport nothing_new{.sender = m->self, .blocks = {}};
    if (nothing_new.write(w) && names.write(w) && bye.write(w)) (void)m->outgoing->send_rtcp(w.written(), out);
  }
}

}  // namespace media
