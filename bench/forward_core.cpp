// SPDX-License-Identifier: Apache-2.0
// The forwarding path of a room of ten in virtual time: an Exchange with ten whole transports over ICE, DTLS and SRTP (the
// EVP engine, since valgrind has no VAES), each person sending 50 packets of sound of 120 B and 100 of picture of 1,100 B a
// second. What the exchange does of a steady room passes through forward_core_measured, which callgrind is told to collect
// (bench/instructions.ts); the rest is not counted. Not here: sockets, system calls (bench/forward.ts measures those).
// By hand, in many rooms and with the faster engine, for the time that caches which do not hold them cost:
//   build/release/bench/forward_core SECONDS ROOMS ipsec-mb
// Invariant: the same packets at the same virtual moments each run. OpenSSL draws its own entropy, so keys differ; the
// number of instructions hardly does.
#include <fmt/format.h>

#include <time.h>

#include <cstdlib>
#include <stdexcept>

#include "media/exchange.h"
#include "media/people_for_tests.h"
#include "sim/network.h"
#include "wire/rtcp.h"

namespace {

using namespace media::rehearsal;
using base::Duration;
using base::Instant;

// What the exchange sends, delivered after it has returned, so that the network's work is not counted as the exchange's.
class LaterSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path& path, std::size_t max, base::Precedence) override {
    if (bytes_.size() < used_ + max) bytes_.resize(std::max(bytes_.size() * 2, used_ + max));
    path_ = path;
    return bytes_.data() + used_;
  }
  void commit(std::size_t size) override {
    if (size == 0) return;
    sent_.push_back({path_, used_, size});
    used_ += size;
  }
  template <class F>
  void deliver(F&& f) {
    for (const auto& s : sent_) f(s.path, base::Bytes(bytes_).subspan(s.at, s.size));
    sent_.clear();
    used_ = 0;
  }

 private:
  struct Sent {
    base::Path path;
    std::size_t at, size;
  };
  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(1 << 20);
  std::vector<Sent> sent_;
  std::size_t used_ = 0;
  base::Path path_;
};

}  // namespace

// The one function whose instructions, callees included, are counted. One datagram, or the timers where there is none.
extern "C" [[gnu::noinline]] void forward_core_measured(media::Exchange& exchange, base::Now now, const base::Path& path,
                                                        base::MutableBytes datagram, base::DatagramSink& out) {
  if (datagram.empty())
    exchange.on_timer(now, out);
  else
    exchange.on_datagram(now, path, datagram, out);
}

namespace {

class Server final : public sim::Host {
 public:
  Server(sim::Network& network, const base::Address& at, media::Settings settings, base::Entropy& entropy)
      : network_(network), at_(at), exchange(std::move(settings), entropy) {
    network.attach(at, *this);
  }
  void on_datagram(base::Now now, const base::Address&, const base::Address& from, base::MutableBytes d) override {
    run(now, path_of(from), d);
  }
  void on_timer(base::Now now) override { run(now, {}, {}); }
  [[nodiscard]] Instant next_timeout() const override { return exchange.next_timeout(); }
  bool measuring = false;
  std::int64_t spent_ns = 0;  // CPU time in what is measured

 private:
  static std::int64_t cpu_ns() {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec;
  }
  void run(base::Now now, const base::Path& path, base::MutableBytes d) {
    if (measuring) {
      const auto before = cpu_ns();
      forward_core_measured(exchange, now, path, d, out_);
      spent_ns += cpu_ns() - before;
    } else if (d.empty())
      exchange.on_timer(now, out_);
    else
      exchange.on_datagram(now, path, d, out_);
    exchange.take_events(events_);
    out_.deliver([&](const base::Path& to, base::Bytes bytes) { network_.send(at_, to.remote, bytes); });
  }
  sim::Network& network_;
  base::Address at_;
  LaterSink out_;
  std::vector<media::Event> events_;

 public:
  media::Exchange exchange;
};

class Sender final : public sim::Host {
 public:
  Sender(sim::Network& network, const base::Address& at, const base::Address& server, std::uint32_t room, std::uint32_t index,
         base::Entropy& entropy)
      : key{{room}, {index}},
        who_(static_cast<std::uint8_t>(index)),
        server_(server),
        sink_(network, {at}),
        certificate_(crypto::Certificate::make_self_signed()),
        peer({transport::Side::client, 0, transport::make_ice_credentials(entropy), certificate_,
              crypto::GcmEngine::evp},
             entropy, network.now()) {
    network.attach(at, *this);
    sound_.ssrc = 1'000 + index * 10;
    picture_.ssrc = sound_.ssrc + 1;
  }
  void negotiate(media::Exchange& exchange, base::Now now) {
    const auto offer = exchange.make_offer(key, now);
    const auto t = wire::sdp::parse(offer.sdp).value().transport_of(0);
    transport::RemoteDescription remote;
    remote.ice = {t.ice_ufrag, t.ice_pwd};
    remote.fingerprint = crypto::parse_fingerprint(t.fingerprints.front()).value();
    remote.candidates = {path_of(server_)};
    if (!exchange.take_answer(key, offer.id, answer_to(offer.sdp, peer.local(), certificate_->fingerprint()), now))
      throw std::runtime_error("the answer was refused");
    peer.set_remote(remote, now);
  }
  // A viewer need not open every packet to count it: the transport-wide numbers begin at 1 and have no gaps here.
  void on_datagram(base::Now now, const base::Address&, const base::Address& from, base::MutableBytes d) override {
    if (wire::classify_rtp(d) == wire::RtpKind::rtp) {
      ++received;
      arrivals_.push_back(now.instant);
      return;
    }
    const auto in = peer.handle(now, path_of(from), d, sink_);
    if (in.kind == transport::Inbound::Kind::rtcp)
      (void)wire::read_rtcp(in.packet, [this]<class T>(const T&) {
        if constexpr (std::is_same_v<T, wire::Pli>) wants_key_ = true;
      });
  }
  void on_timer(base::Now now) override {
    peer.on_timer(now, sink_);
    if (sound_due_ <= now.instant) {
      sound_due_ = sound_due_ + Duration::millis(20);
      auto p = sound_packet(sound_, who_, 127, transport_++);
      p.payload.resize(120, who_);
      send(p, base::Precedence::sound);
    }
    if (picture_due_ <= now.instant) {
      picture_due_ = picture_due_ + Duration::millis(40);
      const bool key_frame = std::exchange(wants_key_, false);
      for (int i = 0; i < 4; ++i)
        send(picture_packet(picture_, 0, key_frame, who_, 1'100, transport_++, i == 0, i == 3), base::Precedence::picture);
    }
    if (feedback_due_ <= now.instant) {
      feedback_due_ = feedback_due_ + Duration::millis(100);
      send_feedback();
    }
  }
  [[nodiscard]] Instant next_timeout() const override {
    return std::min({peer.next_timeout(), sound_due_, picture_due_, feedback_due_});
  }
  void start(Instant now) {
    sound_due_ = now + Duration::millis(who_);
    picture_due_ = now + Duration::millis(who_ * 3);
    feedback_due_ = now + Duration::millis(50 + who_ * 7);
  }

 private:
  void send(const TestPacket& p, base::Precedence precedence) {
    if (!peer.send_rtp(p.header, p.payload, precedence, sink_)) throw std::runtime_error("not sent");
  }
  void send_feedback() {
    if (received == told_) return;
    wire::TransportFeedback f;
    f.sender = {sound_.ssrc};
    f.base_sequence = static_cast<std::uint16_t>(told_ + 1);
    f.reference_time = static_cast<std::int32_t>(arrivals_.front().us / 64'000);
    f.feedback_count = feedbacks_++;
    auto at = f.reference_time * std::int64_t{64'000};
    for (const auto arrived : arrivals_) {
      const auto ticks = (arrived.us - at) / 250;
      at += ticks * 250;
      (void)f.statuses.push_back({true, static_cast<std::int16_t>(ticks)});
    }
    told_ = received;
    arrivals_.clear();
    std::array<std::uint8_t, 1'400> buffer;
    base::Writer w(buffer);
    wire::ReceiverReport rr;
    rr.sender = {sound_.ssrc};
    if (!rr.write(w) || !f.write(w) || !peer.send_rtcp(w.written(), sink_)) throw std::runtime_error("no feedback");
  }

 public:
  media::ParticipantKey key;
  std::uint64_t received = 0;

 private:
  std::uint8_t who_;
  base::Address server_;
  sim::NetworkSink sink_;
  std::shared_ptr<const crypto::Certificate> certificate_;
  TestStream sound_, picture_;
  std::uint16_t transport_ = 1;
  std::uint64_t told_ = 0;
  std::vector<Instant> arrivals_;
  std::uint8_t feedbacks_ = 0;
  bool wants_key_ = true;
  Instant sound_due_ = Instant::never(), picture_due_ = Instant::never(), feedback_due_ = Instant::never();

 public:
  transport::Peer peer;
};

int run(int seconds, std::uint32_t rooms, crypto::GcmEngine engine) {
  constexpr std::uint8_t kPeople = 10;
  sim::SeededEntropy entropy(7);
  sim::Network network(11);
  network.set_default({.latency = Duration::micros(100)});
  const auto at = base::Address::v4(192, 0, 2, 1, 4'000);
  media::Settings settings;
  settings.certificate = crypto::Certificate::make_self_signed();
  settings.candidates = {{base::Carrier::udp, at}};
  settings.first_estimate_bps = 50'000'000;
  settings.gcm = engine;
  Server server(network, at, settings, entropy);
  std::vector<std::unique_ptr<Sender>> people;
  media::View view;
  for (std::uint8_t i = 1; i <= kPeople; ++i) view.tiles.push_back({.of = {i}, .width = 320, .height = 180});
  for (std::uint32_t n = 0; n < rooms * kPeople; ++n) {
    const std::uint32_t room = 1 + n / kPeople, i = 1 + n % kPeople;
    const auto home = base::Address::v4(198, 51, static_cast<std::uint8_t>(room), static_cast<std::uint8_t>(i), 5'000);
    people.push_back(std::make_unique<Sender>(network, home, at, room, i, entropy));
    auto& p = *people.back();
    if (!server.exchange.add(p.key, network.now())) throw std::runtime_error("not added");
    p.negotiate(server.exchange, network.now());
    server.exchange.set_present(p.key, true, network.now());
    server.exchange.set_view(p.key, view, network.now());
    const auto connected = [&] {
      return std::ranges::all_of(people, [](auto& p) { return p->peer.state() == transport::State::connected; });
    };
    if (i == kPeople && !network.run_until(network.now().instant + Duration::seconds(5), connected))
      throw std::runtime_error("not everyone connected");
  }
  for (auto& p : people) p->start(network.now().instant);
  network.run_for(Duration::seconds(2));
  const auto before = server.exchange.totals();
  server.measuring = true;
  network.run_for(Duration::seconds(seconds));
  server.measuring = false;
  const auto after = server.exchange.totals();
  const auto forwarded = after.forwarded - before.forwarded;
  // 9 receivers of 10 senders of 150 packets a second: fewer would be another load.
  const auto expected = static_cast<std::uint64_t>(seconds) * rooms * 13'500;
  fmt::print("{{\"forwarded\": {}, \"expected\": {}, \"datagrams_in\": {}, \"cpu_ns_per_packet\": {:.0f}}}\n", forwarded, expected,
             after.datagrams_in - before.datagrams_in, static_cast<double>(server.spent_ns) / static_cast<double>(forwarded));
  return forwarded * 100 >= expected * 99 && forwarded * 100 <= expected * 101 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto number = [&](int i, int otherwise) { return argc > i ? std::max(1, std::atoi(argv[i])) : otherwise; };
    const bool fast = argc > 3 && std::string_view(argv[3]) == "ipsec-mb";
    return run(number(1, 2), static_cast<std::uint32_t>(std::min(number(2, 1), 250)), fast ? crypto::GcmEngine::automatic : crypto::GcmEngine::evp);
  } catch (const std::exception& e) {
    fmt::print(stderr, "forward_core: {}\n", e.what());
    return 1;
  }
}
