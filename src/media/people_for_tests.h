// SPDX-License-Identifier: Apache-2.0
// For tests only: a browser's side of a call as small as it can be (an answer, a transport, packets that look like Opus and
// VP8), and the exchange as a host, both on the simulated network. Not here: real codecs (layer_switch_test.cpp).
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "media/arrival_record.h"
#include "media/exchange.h"
#include "media/forwarder.h"
#include "media/negotiation.h"
#include "sim/network.h"
#include "transport/peer.h"
#include "wire/header_extensions.h"
#include "wire/rtcp.h"
#include "wire/rtp.h"
#include "wire/sdp.h"
#include "wire/vp8.h"

namespace media::rehearsal {

inline base::Path path_of(const base::Address& remote) { return {base::Carrier::udp, 0, remote}; }
// The simulated network has no TCP: a connection is a pair of addresses whose link loses nothing.
inline base::Address tcp_address_of(base::Address udp) {
  ++udp.port;
  return udp;
}
inline base::Path tcp_path_of(const base::Address& remote) { return {base::Carrier::tcp, 1, remote}; }

// One RTCP message of a member of a room without transports.
template <class Message>
void tell(Forwarder& room, std::size_t member, const Message& message, base::Now now, base::DatagramSink& sink) {
  std::array<std::uint8_t, 1'000> buffer;
  base::Writer w{buffer};
  if (!message.write(w)) throw std::length_error("no room for the message");
  room.on_rtcp(member, w.written(), now, sink);
}

inline wire::Remb remb_of(base::Ssrc picture, std::uint32_t bps) {
  wire::Remb remb;
  remb.sender = {1};
  remb.bitrate_bps = bps;
  (void)remb.sources.push_back(picture);
  return remb;
}

// What a browser answers: every line taken, mirrored.
inline std::string answer_to(const std::string& offer, const transport::IceCredentials& ice,
                             const crypto::Fingerprint& fingerprint) {
  auto d = wire::sdp::parse(offer).value();
  d.ice_lite = false;
  d.transport = {};
  d.transport.ice_ufrag = ice.ufrag;
  d.transport.ice_pwd = ice.pwd;
  d.transport.fingerprints = {crypto::to_text(fingerprint)};
  d.transport.setup = wire::sdp::Setup::active;
  for (auto& m : d.media) {
    const bool up = m.direction == wire::sdp::Direction::recvonly;
    m.direction = up ? wire::sdp::Direction::sendonly : wire::sdp::Direction::recvonly;
    m.sources.clear();
    m.source_groups.clear();
    m.msids.clear();
    m.candidates.clear();
    m.end_of_candidates = false;
    for (auto& rid : m.rids) rid.direction = wire::sdp::RidDirection::send;
    if (m.simulcast) std::swap(m.simulcast->send, m.simulcast->recv);
  }
  return wire::sdp::to_text(d);
}

// Numbers of one stream that a test person sends.
struct TestStream {
  std::uint32_t ssrc = 0;
  std::uint16_t sequence = 100;
  std::uint32_t timestamp = 5'000;
  std::uint16_t picture_id = 10;
  std::uint8_t tl0 = 3;
};

struct TestPacket {
  std::vector<std::uint8_t> header, payload;
  [[nodiscard]] std::vector<std::uint8_t> whole() const {
    auto out = header;
    out.insert(out.end(), payload.begin(), payload.end());
    return out;
  }
};

struct PacketOptions {
  std::string_view mid, rid;
  std::optional<std::uint8_t> level;
  std::optional<std::uint16_t> transport;
  base::PayloadType payload_type = kOpus;
  bool marker = false;
  std::optional<base::Instant> left = {};  // by its sender's clock
};

inline std::vector<std::uint8_t> header_of(const TestStream& s, const PacketOptions& o) {
  std::vector<std::uint8_t> out(wire::kMaxRtpHeader);
  wire::RtpHeaderWriter w(out, {o.marker, o.payload_type, s.sequence, s.timestamp, base::Ssrc{s.ssrc}});
  (void)w.extension(wire::offered_id<wire::MidExtension>(), base::as_bytes(o.mid));
  if (!o.rid.empty()) (void)w.extension(wire::offered_id<wire::RidExtension>(), base::as_bytes(o.rid));
  if (o.level) *w.reserve(wire::offered_id<wire::AudioLevelExtension>(), 1) = *o.level;
  if (o.left) base::store_u24(w.reserve(wire::offered_id<wire::AbsSendTimeExtension>(), 3), wire::AbsSendTimeExtension::at(*o.left).value);
  if (o.transport) base::store_u16(w.reserve(wire::offered_id<wire::TransportSequenceExtension>(), 2), *o.transport);
  out.resize(w.finish());
  return out;
}

// 20 ms of "Opus": its bytes say who it is.
inline TestPacket sound_packet(TestStream& s, std::uint8_t who, std::uint8_t level, std::optional<std::uint16_t> transport = {},
                               std::string_view mid = "m") {
  TestPacket p{header_of(s, {.mid = mid, .rid = {}, .level = level, .transport = transport}), {}};
  p.payload.assign(80, who);
  p.payload[0] = 0x78;  // TOC: 20 ms, mono
  ++s.sequence;
  s.timestamp += 960;
  return p;
}

// One packet that is a whole "VP8" frame: descriptor, frame header, then bytes that say who it is and which layer.
inline TestPacket picture_packet(TestStream& s, std::uint8_t layer, bool key, std::uint8_t who, std::size_t size = 300,
                                 std::optional<std::uint16_t> transport = {}, bool first = true, bool last = true, std::string_view mid = "c",
                                 std::optional<base::Instant> left = {}) {
  TestPacket p{
      header_of(s,
                {.mid = mid, .rid = mid == "c" ? kRids[layer] : "", .level = {}, .transport = transport, .payload_type = kVp8, .marker = last, .left = left}),
      {}};
  wire::Vp8Descriptor d;
  d.start_of_partition = first;
  d.picture_id = s.picture_id;
  d.long_picture_id = true;
  d.tl0_picture_index = s.tl0;
  d.temporal_layer = 0;
  p.payload.resize(size);
  base::Writer w(p.payload);
  (void)wire::write_vp8(d, w);
  const auto at = w.size();
  std::fill(p.payload.begin() + static_cast<std::ptrdiff_t>(at), p.payload.end(), who);
  if (first) p.payload[at] = key ? 0x10 : 0x11;
  p.payload[at + 10] = layer;
  ++s.sequence;
  if (last) {
    s.timestamp += 6'000;
    s.picture_id = (s.picture_id + 1) & 0x7fff;
    ++s.tl0;
  }
  return p;
}

// The exchange at one address of the simulated network.
class ExchangeHost final : public sim::Host {
 public:
  ExchangeHost(sim::Network& network, base::Address at, base::Entropy& entropy, Settings settings)
      : address(at), tcp_address(tcp_address_of(at)), sink(network, {at, tcp_address}), exchange(complete(std::move(settings), at), entropy) {
    network.attach(at, *this);
    network.attach(tcp_address, *this);
  }
  void on_datagram(base::Now now, const base::Address& to, const base::Address& from, base::MutableBytes d) override {
    if (around) around(true);
    exchange.on_datagram(now, to == tcp_address ? tcp_path_of(from) : path_of(from), d, *towards);
    if (around) around(false);
    collect();
  }
  void on_timer(base::Now now) override {
    if (around) around(true);
    exchange.on_timer(now, *towards);
    if (around) around(false);
    collect();
  }
  [[nodiscard]] base::Instant next_timeout() const override { return exchange.next_timeout(); }
  void collect() {
    exchange.take_events(scratch);
    for (auto& e : scratch) events.push_back(std::move(e));
  }
  template <class T>
  [[nodiscard]] std::size_t count(ParticipantKey key) const {
    std::size_t n = 0;
    for (const auto& e : events) n += e.key == key && std::holds_alternative<T>(e.what) ? 1 : 0;
    return n;
  }
  template <class T>
  [[nodiscard]] const T* last(ParticipantKey key) const {
    const T* out = nullptr;
    for (const auto& e : events)
      if (e.key == key && std::holds_alternative<T>(e.what)) out = &std::get<T>(e.what);
    return out;
  }
  base::Address address, tcp_address;
  sim::NetworkSink sink;
  Exchange exchange;
  std::vector<Event> events, scratch;
  base::DatagramSink* towards = &sink;         // what the exchange writes to
  void (*around)(bool begins) = nullptr;   // called right before and after the exchange works

 private:
  static Settings complete(Settings s, const base::Address& at) {
    s.candidates = {{base::Carrier::udp, at}};
    return s;
  }
};

// A person with a microphone and a camera of three layers. Sends a key frame when asked, keeps what arrives by mid.
class Person final : public sim::Host {
 public:
  Person(sim::Network& network, ExchangeHost& exchange, ParticipantKey key, base::Address at, std::shared_ptr<const crypto::Certificate> certificate,
         base::Entropy& entropy, std::optional<transport::SrtpProfile> only = {})
      : key(key),
        who(static_cast<std::uint8_t>(key.arrival.value)),
        candidates{path_of(exchange.address)},
        network_(network),
        exchange_(exchange),
        address_(at),
        certificate_(std::move(certificate)),
        entropy_(entropy),
        sink_(network, {at, tcp_address_of(at)}),
        peer({transport::Side::client, 0, transport::make_ice_credentials(entropy), certificate_, crypto::GcmEngine::automatic, only}, entropy, network.now()) {
    network.attach(at, *this);
    network.attach(tcp_address_of(at), *this);
    sound_.ssrc = 1'000U + key.arrival.value * 10;
    screen_.ssrc = sound_.ssrc + 9;
    backstage_.ssrc = sound_.ssrc + 8;
    for (std::uint32_t l = 0; l < kLayers; ++l) {
      pictures_[l].ssrc = sound_.ssrc + 1 + l;
      pictures_[l].sequence = static_cast<std::uint16_t>(65'500 + l * 10);  // the wrap comes early
      wants_key_[l] = true;
    }
  }
  ~Person() override {
    network_.detach(address_);
    network_.detach(tcp_address_of(address_));
  }
  [[nodiscard]] const base::Address& address() const { return address_; }
  // The same device behind another address, as after a change of network. A TCP connection would end with it.
  void moves_to(base::Address at) {
    network_.detach(address_);
    address_ = at;
    network_.attach(at, *this);
    sink_.move(0, at);
  }

  void negotiate() {
    const auto offer = exchange_.exchange.make_offer(key, network_.now());
    offer_text = offer.sdp;
    const auto description = wire::sdp::parse(offer.sdp).value();
    remember_ssrcs(description);
    const auto t = description.transport_of(0);
    transport::RemoteDescription remote;
    remote.ice = {t.ice_ufrag, t.ice_pwd};
    remote.fingerprint = crypto::parse_fingerprint(t.fingerprints.front()).value();
    remote.candidates = candidates;
    const bool restarts = remote_set_ && remote.ice.ufrag != remote_ufrag_;
    if (restarts) peer.restart_ice(transport::make_ice_credentials(entropy_), network_.now());
    must_be_taken(exchange_.exchange.take_answer(key, offer.id, answer_to(offer.sdp, peer.local(), certificate_->fingerprint()),
                                                   network_.now()));
    remote_ufrag_ = remote.ice.ufrag;
    if (!remote_set_ || restarts) peer.set_remote(std::move(remote), network_.now());
    remote_set_ = true;
    exchange_.collect();
  }

  void on_datagram(base::Now now, const base::Address& to, const base::Address& from, base::MutableBytes d) override {
    bytes_in += d.size();
    const auto in = peer.handle(now, to == tcp_address_of(address_) ? tcp_path_of(from) : path_of(from), d, sink_);
    if (in.kind == transport::Inbound::Kind::rtp) on_rtp(now, in.packet);
    if (in.kind == transport::Inbound::Kind::rtcp) on_rtcp(now, in.packet);
  }
  void on_timer(base::Now now) override {
    peer.on_timer(now, sink_);
    if (next_feedback_ <= now.instant) send_feedback(now);
    if (!sending || peer.state() != transport::State::connected) return;
    while (next_sound_ <= now.instant) {
      next_sound_ = next_sound_ + base::Duration::millis(20);
      const auto p = sound_packet(sound_, who, level, transport_++);
      (void)peer.send_rtp(p.header, p.payload, base::Precedence::sound, sink_);
      if (backstage_as.empty()) continue;
      const auto b = sound_packet(backstage_, kBackstage, level, transport_++, backstage_as);
      (void)peer.send_rtp(b.header, b.payload, base::Precedence::sound, sink_);
    }
    while (next_picture_ <= now.instant) {
      next_picture_ = next_picture_ + base::Duration::millis(66);
      for (std::uint8_t l = 0; l < kLayers; ++l) {
        const auto p = picture_packet(pictures_[l], l, std::exchange(wants_key_[l], false), who, 300, transport_++);
        (void)peer.send_rtp(p.header, p.payload, base::Precedence::picture, sink_);
      }
      if (!screen_as.empty()) {
        const auto p = picture_packet(screen_, 0, std::exchange(screen_wants_key_, false), kScreen, 300, transport_++, true, true, screen_as);
        (void)peer.send_rtp(p.header, p.payload, base::Precedence::picture, sink_);
      }
    }
  }
  [[nodiscard]] base::Instant next_timeout() const override {
    if (!sending || peer.state() != transport::State::connected) return std::min(peer.next_timeout(), next_feedback_);
    return std::min({peer.next_timeout(), next_sound_, next_picture_, next_feedback_});
  }
  void start(base::Instant now) {
    sending = true;
    next_sound_ = now + base::Duration::millis(who);
    next_picture_ = now + base::Duration::millis(who * 3);
  }
  // Tells the room what arrived, as a browser with transport-wide feedback does.
  void tell_arrivals(base::Instant now) { next_feedback_ = now; }

  // What came on one line.
  struct Heard {
    std::uint64_t packets = 0, gaps = 0, out_of_order = 0;
    bool first_was_key = false;
    std::set<std::uint8_t> senders, layers;
    std::optional<base::Instant> first;
    base::Instant last;
    base::Duration longest_silence{};
    std::optional<std::uint16_t> sequence, picture_id;
    std::uint64_t picture_jumps = 0;
  };
  std::map<std::string, Heard> heard;  // by mid
  std::uint64_t key_frames_asked = 0, reports = 0, transport_feedbacks = 0, nacks = 0, unknown_ssrc = 0, bytes_in = 0;
  ParticipantKey key;
  std::uint8_t who;
  std::vector<base::Path> candidates;  // of the room, best first
  std::uint8_t level = 127;
  bool sending = false;
  std::string offer_text;
  static constexpr std::uint8_t kScreen = 0xee;  // what a screen's packets say
  std::string_view screen_as;                    // the mid that a screen goes out as; empty: none does
  static constexpr std::uint8_t kBackstage = 0xdd;
  std::string_view backstage_as;  // likewise

 private:
  static void must_be_taken(const base::Result<void, AnswerError>& r) {
    if (!r) throw std::runtime_error("answer refused");
  }
  void remember_ssrcs(const wire::sdp::Description& d) {
    for (const auto& m : d.media)
      if (!m.sources.empty()) mids_[m.sources.front().ssrc.value] = m.mid;
  }
  void send_feedback(base::Now now) {
    next_feedback_ = now.instant + base::Duration::millis(100);
    if (!arrivals_.pending() || peer.state() != transport::State::connected) return;
    const auto f = std::make_unique<wire::TransportFeedback>();
    f->sender = {sound_.ssrc};
    arrivals_.take(*f);
    std::array<std::uint8_t, 1'400> buffer;
    base::Writer w(buffer);
    if (wire::ReceiverReport{.sender = f->sender, .blocks = {}}.write(w) && f->write(w)) (void)peer.send_rtcp(w.written(), sink_);
  }
  void on_rtp(base::Now now, base::Bytes packet) {
    const auto rtp = wire::parse_rtp(packet).value();
    if (const auto e = rtp.extension(wire::offered_id<wire::TransportSequenceExtension>()); e && e->size() == 2)
      arrivals_.note(base::load_u16(e->data()), now.instant);
    const auto it = mids_.find(rtp.ssrc.value);
    if (it == mids_.end()) {
      ++unknown_ssrc;
      return;
    }
    auto& h = heard[it->second];
    if (!h.first) {
      h.first = now.instant;
      if (rtp.payload_type == kVp8) h.first_was_key = wire::vp8_starts_key_frame(*wire::parse_vp8(rtp.payload), rtp.payload);
    } else {
      h.longest_silence = std::max(h.longest_silence, now.instant - h.last);
    }
    h.last = now.instant;
    ++h.packets;
    if (h.sequence) {
      const auto ahead = static_cast<std::int16_t>(rtp.sequence - *h.sequence);
      if (ahead > 1) ++h.gaps;
      if (ahead < 1) ++h.out_of_order;
    }
    h.sequence = rtp.sequence;
    h.senders.insert(rtp.payload.back());
    if (rtp.payload_type == kVp8) {
      const auto vp8 = *wire::parse_vp8(rtp.payload);
      h.layers.insert(rtp.payload[vp8.size() + 10]);
      if (h.picture_id && ((*h.picture_id + 1) & 0x7fff) != vp8.picture_id.value()) ++h.picture_jumps;
      h.picture_id = vp8.picture_id;
    }
  }
  void on_rtcp(base::Now, base::Bytes compound) {
    const auto f = [this]<class T>(const T& message) {
      if constexpr (std::is_same_v<T, wire::Pli>) {
        ++key_frames_asked;
        for (std::size_t l = 0; l < kLayers; ++l)
          if (pictures_[l].ssrc == message.media.value) wants_key_[l] = true;
        screen_wants_key_ = screen_wants_key_ || screen_.ssrc == message.media.value;
      }
      if constexpr (std::is_same_v<T, wire::ReceiverReport>) ++reports;
      if constexpr (std::is_same_v<T, wire::TransportFeedback>) ++transport_feedbacks;
      if constexpr (std::is_same_v<T, wire::Nack>) ++nacks;
    };
    (void)wire::read_rtcp(compound, f);
  }

  sim::Network& network_;
  ExchangeHost& exchange_;
  base::Address address_;
  std::shared_ptr<const crypto::Certificate> certificate_;
  base::Entropy& entropy_;
  sim::NetworkSink sink_;
  bool remote_set_ = false;
  std::string remote_ufrag_;
  TestStream sound_;
  std::array<TestStream, kLayers> pictures_;
  std::array<bool, kLayers> wants_key_{};
  TestStream screen_, backstage_;
  bool screen_wants_key_ = true;
  std::uint16_t transport_ = 1;
  base::Instant next_sound_ = base::Instant::never(), next_picture_ = base::Instant::never(),
                next_feedback_ = base::Instant::never();
  ArrivalRecord arrivals_;
  std::map<std::uint32_t, std::string> mids_;

 public:
  transport::Peer peer;
};

}  // namespace media::rehearsal
