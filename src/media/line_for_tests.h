// SPDX-License-Identifier: Apache-2.0
// For tests only: a room at one address of the simulated network and people at others, without ICE, DTLS and SRTP, so
// that minutes of a group on a poor line take a second. A person talks (or is silent with DTX), sends three layers of
// pictures with three temporal layers each, answers wishes for key frames, and tells what it got as a browser does:
// transport-wide feedback, receiver reports, NACK. Sizes on the wire are those with SRTP (its tag is added). Not here:
// real transports (people_for_tests.h), codecs.
#pragma once
#include <deque>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "media/forwarder.h"
#include "media/people_for_tests.h"
#include "sim/network.h"
#include "wire/rtcp.h"
#include "wire/rtx.h"

namespace media::rehearsal {

constexpr std::size_t kSrtpTag = 16;

// The room's side of one person.
class LineEnd final : public Outgoing {
 public:
  LineEnd(sim::Network& network, base::Address server, base::Address person)
      : network_(network), server_(server), person_(person) {}
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence precedence, base::DatagramSink& out) override {
    if (refuses && (header[1] & 0x7f) == kRtx.value) return ++refused, false;
    whole_.assign(header.begin(), header.end());
    whole_.insert(whole_.end(), payload.begin(), payload.end());
    whole_.resize(whole_.size() + kSrtpTag);
    std::ranges::copy(whole_, out.reserve(0, {}, whole_.size(), precedence));
    out.commit(whole_.size());
    bytes += whole_.size() + 28;
    network_.send(server_, person_, whole_);
    return true;
  }
  bool send_again(base::Bytes sealed, base::Precedence, base::DatagramSink&) override {
    bytes += sealed.size() + 28;
    ++again;
    network_.send(server_, person_, sealed);
    return true;
  }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    network_.send(server_, person_, compound);
    return true;
  }
  std::uint64_t bytes = 0;  // on the wire
  std::uint64_t again = 0;  // sealed packets sent a second time
  bool refuses = false;     // what probes are made of
  std::uint64_t refused = 0;

 private:
  sim::Network& network_;
  base::Address server_, person_;
  std::vector<std::uint8_t> whole_;
};

class LineSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t max, base::Precedence) override {
    room_.resize(std::max(room_.size(), max));
    return room_.data();
  }
  void commit(std::size_t) override {}

 private:
  std::vector<std::uint8_t> room_;
};

// The room at its address. People are members in the order in which they came.
class LineRoom final : public sim::Host {
 public:
  LineRoom(sim::Network& network, std::uint32_t first_bps) : forwarder({1}, pool_, first_bps), network_(network) {
    network.attach(address, *this);
  }
  static constexpr std::size_t kSlots = 16;
  std::vector<SlotSsrcs> join(const base::Address& at, bool feedback) {
    const auto n = static_cast<std::uint32_t>(ends.size());
    ends.push_back(std::make_unique<LineEnd>(network_, address, at));
    members_[at] = n;
    std::vector<SlotSsrcs> slots(kSlots);
    for (std::uint32_t k = 0; k < kSlots; ++k) {
      const auto first = 100'000 * (n + 1) + 3 * k;
      slots[k] = {{first}, {first + 1}, {first + 2}};
    }
    Answer a;
    a.sound_in = a.picture_in = a.sound_out = a.picture_out = 0x7ffe;
    if (!feedback) {
      a.picture_out &= static_cast<ExtensionSet>(~bit_of<wire::TransportSequenceExtension>());
      a.sound_out = a.picture_out;
    }
    a.rtx_in = a.rtx_out = a.transport_feedback_in = true;
    a.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}, true}};
    a.slots = kSlots;
    (void)forwarder.add({n + 1}, *ends[n], {n + 1}, 17 * n + 5);
    forwarder.configure(n, a, slots, network_.now());
    forwarder.set_connected(n, true, network_.now());
    return slots;
  }
  void on_datagram(base::Now now, const base::Address&, const base::Address& from, base::MutableBytes d) override {
    if (wire::classify_rtp(d) == wire::RtpKind::rtp)
      forwarder.on_rtp(members_.at(from), base::Bytes(d).first(d.size() - kSrtpTag), now, sink_);
    else
      forwarder.on_rtcp(members_.at(from), d, now, sink_);
    collect();
  }
  void on_timer(base::Now now) override {
    forwarder.on_timer(now, sink_);
    collect();
  }
  [[nodiscard]] base::Instant next_timeout() const override { return forwarder.next_timeout(); }

  const base::Address address = base::Address::v4(10, 0, 0, 1, 5'000);
  std::vector<std::unique_ptr<LineEnd>> ends;
  std::vector<Event> events;

 private:
  void collect() {
    if (forwarder.has_events()) forwarder.take_events(events);
  }
  PacketPool pool_;
  LineSink sink_;

 public:
  Forwarder forwarder;

 private:
  sim::Network& network_;
  std::map<base::Address, std::size_t> members_;
};

// What a person was sent of one slot.
struct Got {
  std::uint64_t packets = 0;
  std::optional<base::Instant> last;
  base::Duration longest_gap{};    // between packets, while watched
  base::Duration longest_delay{};  // from sending to arrival: the sender's clock is ours here
  std::array<std::uint64_t, kLayers> bytes_of{};
  std::uint64_t stills = 0, key_frames = 0;
};

class LinePerson final : public sim::Host {
 public:
  struct Talk {
    base::Instant from, to;
  };
  LinePerson(sim::Network& network, LineRoom& room, std::uint8_t n, bool feedback, std::uint64_t seed)
      : address(base::Address::v4(10, 0, 1, n, 4'000)),
        who(n),
        network_(network),
        room_(room),
        random_(seed * 31 + n),
        gives_feedback_(feedback) {
    network.attach(address, *this);
    slots_ = room.join(address, feedback);
    for (std::size_t k = 0; k < slots_.size(); ++k) {
      place_[slots_[k].sound.value] = {k, false, false};
      place_[slots_[k].picture.value] = {k, true, false};
      place_[slots_[k].picture_rtx.value] = {k, true, true};
    }
    sound_.ssrc = 1'000U + n * 10U;
    for (std::uint32_t l = 0; l < kLayers; ++l) layers_[l].stream.ssrc = sound_.ssrc + 1 + l;
    const auto now = network.now().instant;
    next_sound_ = now + base::Duration::millis(n);
    next_picture_ = now + base::Duration::millis(n * 6);
    next_feedback_ = now + base::Duration::millis(50 + n);
    next_report_ = now + base::Duration::millis(1'000 + n * 10);
  }
  ~LinePerson() override { network_.detach(address); }

  void on_datagram(base::Now now, const base::Address&, const base::Address&, base::MutableBytes d) override {
    if (wire::classify_rtp(d) == wire::RtpKind::rtp)
      on_rtp(now, base::Bytes(d).first(d.size() - kSrtpTag));
    else
      on_rtcp(now, d);
  }
  void on_timer(base::Now now) override {
    while (next_sound_ <= now.instant) send_sound(now);
    for (; !held_.empty() && held_.front().first <= now.instant; held_.pop_front()) send(held_.front().second);
    while (next_picture_ <= now.instant) send_pictures(now);
    if (next_feedback_ <= now.instant) {
      next_feedback_ = now.instant + base::Duration::millis(100);
      send_feedback();
    }
    if (next_report_ <= now.instant) {
      next_report_ = now.instant + base::Duration::seconds(1);
      send_reports();
    }
    if (next_nack_ <= now.instant) send_nacks(now);
  }
  [[nodiscard]] base::Instant next_timeout() const override {
    return std::min({held_.empty() ? base::Instant::never() : held_.front().first, next_sound_, next_picture_, next_feedback_, next_report_, next_nack_});
  }

  const base::Address address;
  const std::uint8_t who;
  std::vector<Talk> talks;
  std::uint8_t packet_ms = 20;  // of sound
  bool camera = true, muted = false;
  base::Duration holds_sound{};  // a device without time: it is captured, and sent so much later
  std::uint8_t loudness = 25;  // -dBov, while talking
  std::array<std::uint32_t, kLayers> layer_bps{150'000, 450'000, 1'200'000};
  std::array<bool, kLayers> layer_on{true, true, true};
  std::map<std::size_t, Got> sound, picture;  // by slot
  std::vector<std::uint8_t> sound_from = std::vector<std::uint8_t>(LineRoom::kSlots);
  // Packets of this slot's sound that were sent, and that came, since it was first heard.
  struct Share {
    std::uint32_t sent = 0, came = 0;
  };
  [[nodiscard]] Share sound_of(std::size_t slot) const {
    const auto& r = receiving_.at(slots_[slot].sound.value);
    return {(r.cycles << 16 | r.highest) - r.base + 1, r.received};
  }
  std::uint64_t twice = 0;  // the very same packet, dropped
  std::uint64_t padding = 0, repeats = 0, transport_feedbacks = 0, key_frames_asked = 0, bytes_in = 0;
  double told_loss = 0;            // 256ths of our sound, as reported lately
  BandwidthEstimator up{300'000};  // what a browser would make of the room's feedback
  bool follows_up = false;         // sends no more than that
  // Of each person's sound, by who they are: the longest time without any while they talked, and packets.
  std::map<std::uint8_t, Got> heard;

 private:
  std::deque<std::pair<base::Instant, std::vector<std::uint8_t>>> held_;
  struct Place {
    std::size_t slot;
    bool picture, again;
  };
  struct Sending {
    TestStream stream;
    bool wants_key = true;
    int frame = 0;
  };
  struct Receiving {
    bool started = false;
    std::uint16_t highest = 0, base = 0;
    std::uint32_t cycles = 0, received = 0, expected_before = 0, received_before = 0;
    NackList nacks;
  };

  void send(const std::vector<std::uint8_t>& packet) {
    auto whole = packet;
    whole.resize(whole.size() + kSrtpTag);
    up.sent(static_cast<std::uint16_t>(transport_ - 1), packet.size(), network_.now().instant);
    network_.send(address, room_.address, whole);
  }
  [[nodiscard]] bool talking(base::Instant now) const {
    return std::ranges::any_of(talks, [&](const Talk& t) { return t.from <= now && now < t.to; });
  }
  void send_sound(base::Now now) {
    const bool loud = talking(now.instant);
    // RFC 7587 section 3.1.3: silence is two packets now and then (silence.h), as Chromium sends them.
    const auto pause = 400 / packet_ms;
    const bool due = loud || ++silent_ > pause;
    next_sound_ = next_sound_ + base::Duration::millis(packet_ms);
    if (loud) was_loud_ = 10;
    const bool sends = due || was_loud_ > 0;
    if (!loud && was_loud_ > 0) --was_loud_;
    if (!sends || muted) {
      sound_.timestamp += packet_ms * 48U;
      return;
    }
    const bool end = !loud && silent_ > pause + 1;
    if (loud || end || was_loud_ > 0) silent_ = 0;
    auto p = sound_packet(sound_, who, loud ? loudness : 120, transport_++);
    sound_.timestamp += (packet_ms - 20U) * 48U;  // 20 ms are counted
    if (packet_ms != 20) p.payload.resize(packet_ms * 3U, who);  // 24 kbit/s
    if (!loud) p.payload.resize(end ? 26 : 60, who);
    stamp(p.payload, now.instant);
    if (holds_sound == base::Duration{} && held_.empty())
      send(p.whole());
    else
      held_.emplace_back(now.instant + holds_sound, p.whole());
  }
  // When it was sent, so that the other end knows its delay; and who sent it.
  void stamp(std::vector<std::uint8_t>& payload, base::Instant now) const {
    if (payload.size() < 12) return;
    for (std::size_t i = 0; i < 8; ++i) payload[payload.size() - 9 + i] = static_cast<std::uint8_t>(now.us >> (8 * i));
    payload.back() = who;
  }
  // Fifteen frames a second: temporal layers 0 2 1 2, half of the bytes in the lowest.
  void send_pictures(base::Now) {
    next_picture_ = next_picture_ + base::Duration::micros(66'667);
    if (!camera) return;
    for (std::uint8_t l = 0; l < kLayers; ++l) {
      if (!layer_on[l]) continue;
      if (follows_up && up.estimate() < 60'000 + layer_bps[l] + (l > 0 ? layer_bps[0] : 0)) continue;
      send_frame(l);
    }
  }
  void send_frame(std::uint8_t l) {
    auto& out = layers_[l];
    static constexpr std::array<std::uint8_t, 4> kPattern{0, 2, 1, 2};
    static constexpr std::array<double, 4> kShare{2.0, 0.5, 1.0, 0.5};
    const bool key = std::exchange(out.wants_key, false);
    if (key) out.frame = 0;
    const auto at = static_cast<std::size_t>(out.frame++ % 4);
    const auto vary = std::uniform_real_distribution<>(0.85, 1.15)(random_);
    auto left = static_cast<std::size_t>(layer_bps[l] / 8.0 / 15 * (key ? 4 : kShare[at]) * vary);
    for (bool first = true; left > 0; first = false) {
      const auto size = std::clamp<std::size_t>(left, 60, 1'100);
      left -= std::min(left, size);
      auto p = picture_packet(out.stream, l, key, who, size, transport_++, first, left == 0, "c", network_.now().instant);
      // The descriptor again, with this frame's temporal layer.
      auto d = *wire::parse_vp8(p.payload);
      const auto bytes = d.size();
      d.temporal_layer = kPattern[at];
      d.layer_sync = at == 1 || at == 2;
      base::Writer w(p.payload);
      (void)wire::write_vp8(d, w);
      if (w.size() != bytes) throw std::runtime_error("another size");
      send(p.whole());
    }
  }

  void on_rtp(base::Now now, base::Bytes packet) {
    const auto rtp = wire::parse_rtp(packet).value();
    bytes_in += packet.size() + kSrtpTag + 28;
    const auto at = place_.find(rtp.ssrc.value);
    // As SRTP does (RFC 3711 section 3.3.2), before anything is made of it.
    auto& window = came_[rtp.ssrc.value];
    const auto index = window.empty() ? std::uint64_t{0x10000} + rtp.sequence
                                      : window.highest() + static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int16_t>(
                                                               rtp.sequence - static_cast<std::uint16_t>(window.highest()))));
    if (!window.fresh(index)) {
      ++twice;
      return;
    }
    window.mark(index);
    if (const auto e = rtp.extension(wire::offered_id<wire::TransportSequenceExtension>()); e && e->size() == 2)
      arrivals_.note(base::load_u16(e->data()), now.instant);
    if (at == place_.end()) throw std::runtime_error("an unknown stream");
    const auto [slot, is_picture, again] = at->second;
    if (again) return on_again(slot, rtp);
    note_sequence(slots_[slot], is_picture, rtp.sequence, now);
    if (is_picture)
      note_picture(slot, rtp, now);
    else
      note_sound(slot, rtp, now);
  }
  void on_again(std::size_t slot, const wire::RtpView& rtp) {
    const auto repaired = wire::parse_rtx(rtp.payload);
    if (!repaired) {
      ++padding;
      return;
    }
    ++repeats;
    (void)receiving_[slots_[slot].picture.value].nacks.arrived(
        extended(receiving_[slots_[slot].picture.value], repaired->original_sequence));
  }
  void note_sound(std::size_t slot, const wire::RtpView& rtp, base::Now now) {
    if (rtp.payload.empty()) return;
    auto& got = sound[slot];
    ++got.packets;
    const auto from = rtp.payload.back();
    sound_from[slot] = from;
    got.last = now.instant;
    if (rtp.payload.size() < 12) return;
    std::int64_t sent = 0;
    for (std::size_t i = 0; i < 8; ++i) sent |= std::int64_t{rtp.payload[rtp.payload.size() - 9 + i]} << (8 * i);
    auto& voice = heard[from];
    ++voice.packets;
    if (rtp.payload.size() < 72) {  // the end of a word
      voice.last.reset();
      return;
    }
    voice.longest_delay = std::max(voice.longest_delay, base::Duration{now.instant.us - sent});
    if (voice.last) voice.longest_gap = std::max(voice.longest_gap, now.instant - *voice.last);
    voice.last = now.instant;
  }
  void note_picture(std::size_t slot, const wire::RtpView& rtp, base::Now now) {
    auto& got = picture[slot];
    ++got.packets;
    got.last = now.instant;
    const auto vp8 = wire::parse_vp8(rtp.payload).value();
    const auto layer = rtp.payload[vp8.size() + 10];
    if (layer < kLayers) got.bytes_of[layer] += rtp.payload.size();
    if (wire::vp8_starts_key_frame(vp8, rtp.payload)) {
      ++got.key_frames;
      receiving_[slots_[slot].picture.value].nacks.clear();  // nothing before it is needed
    }
  }
  static std::uint32_t extended(const Receiving& r, std::uint16_t sequence) {
    const auto ahead = static_cast<std::int16_t>(sequence - r.highest);
    return (r.cycles << 16 | r.highest) + static_cast<std::uint32_t>(static_cast<std::int32_t>(ahead));
  }
  void note_sequence(const SlotSsrcs& ssrcs, bool is_picture, std::uint16_t sequence, base::Now now) {
    auto& r = receiving_[is_picture ? ssrcs.picture.value : ssrcs.sound.value];
    if (!r.started) {
      r.started = true;
      r.highest = r.base = sequence;
    }
    ++r.received;
    const auto ahead = static_cast<std::int16_t>(sequence - r.highest);
    if (ahead <= 0) {
      if (is_picture) (void)r.nacks.arrived(extended(r, sequence));
      return;
    }
    if (sequence < r.highest) ++r.cycles;
    r.highest = sequence;
    if (!is_picture || ahead == 1) return;
    if (!r.nacks.missing(extended(r, sequence), static_cast<std::uint32_t>(ahead - 1), now.instant))
      ask_key(ssrcs.picture);
    next_nack_ = std::min(next_nack_, now.instant + base::Duration::millis(12));
  }
  template <class Message>
  void tell(const Message& message) {
    std::array<std::uint8_t, 1'400> buffer;
    base::Writer w(buffer);
    if (!message.write(w)) throw std::runtime_error("not written");
    network_.send(address, room_.address, w.written());
  }
  void ask_key(base::Ssrc picture_ssrc) { tell(wire::Pli{{who}, picture_ssrc}); }
  void send_feedback() {
    if (!gives_feedback_) return;
    while (arrivals_.pending()) {
      auto f = std::make_unique<wire::TransportFeedback>();
      f->sender = {who};
      arrivals_.take(*f);
      tell(*f);
    }
  }
  void send_reports() {
    wire::ReceiverReport rr;
    rr.sender = {who};
    for (auto& [ssrc, r] : receiving_) {
      if (!r.started || rr.blocks.size() >= 30) continue;
      const auto highest = r.cycles << 16 | r.highest;
      const auto expected = highest - r.base + 1;
      const auto expected_now = expected - r.expected_before, received_now = r.received - r.received_before;
      r.expected_before = expected;
      r.received_before = r.received;
      wire::ReportBlock block;
      block.ssrc = {ssrc};
      block.highest_sequence = highest;
      block.cumulative_lost = static_cast<std::int32_t>(expected - r.received);
      if (expected_now > received_now)
        block.fraction_lost = static_cast<std::uint8_t>((expected_now - received_now) * 255 / expected_now);
      (void)rr.blocks.push_back(block);
    }
    if (!rr.blocks.empty()) tell(rr);
  }
  void send_nacks(base::Now now) {
    next_nack_ = base::Instant::never();
    for (auto& [ssrc, r] : receiving_) {
      if (r.nacks.size() == 0) continue;
      NackList::Due due;
      r.nacks.due(now.instant, base::Duration::millis(100), due);
      if (due.gave_up) ask_key({ssrc});
      if (due.count > 0) {
        wire::Nack nack{.sender = {who}, .media = {ssrc}, .items = {}};
        for (std::size_t i = 0; i < due.count; ++i) (void)nack.add(due.sequences[i]);
        tell(nack);
      }
      if (r.nacks.size() > 0)
        next_nack_ = std::min(next_nack_, std::max(r.nacks.next(), now.instant + base::Duration::millis(5)));
    }
  }
  void on_rtcp(base::Now now, base::Bytes compound) {
    const auto f = [&]<class T>(const T& message) {
      if constexpr (std::is_same_v<T, wire::Pli>) {
        ++key_frames_asked;
        for (auto& l : layers_) l.wants_key = l.wants_key || l.stream.ssrc == message.media.value;
      }
      if constexpr (std::is_same_v<T, wire::TransportFeedback>) {
        ++transport_feedbacks;
        up.feedback(message, now.instant);
      }
      if constexpr (std::is_same_v<T, wire::ReceiverReport>)
        for (const auto& block : message.blocks)
          if (block.ssrc.value == sound_.ssrc) told_loss += (block.fraction_lost - told_loss) / 8;
    };
    (void)wire::read_rtcp(compound, f);
  }

  sim::Network& network_;
  LineRoom& room_;
  std::mt19937_64 random_;
  bool gives_feedback_;
  std::vector<SlotSsrcs> slots_;
  std::map<std::uint32_t, Place> place_;
  std::map<std::uint32_t, Receiving> receiving_;
  std::map<std::uint32_t, base::ReplayWindow<512>> came_;
  TestStream sound_;
  std::array<Sending, kLayers> layers_;
  ArrivalRecord arrivals_;
  std::uint16_t transport_ = 1;
  int silent_ = 0, was_loud_ = 0;
  base::Instant next_sound_, next_picture_, next_feedback_, next_report_, next_nack_ = base::Instant::never();
};

}  // namespace media::rehearsal
