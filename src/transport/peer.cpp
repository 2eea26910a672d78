// SPDX-License-Identifier: Apache-2.0
// ICE, DTLS and SRTP of one participant tied together: see peer.h. Which datagram is what: RFC 7983; RTP or RTCP: RFC
// 5761 section 4. Rule of this file: STUN first (it proves the path), then DTLS (it proves the certificate), then
// media.
#include "transport/peer.h"

#include <algorithm>

#include "base/prefetch.h"
#include "transport/dtls.h"
#include "transport/ice_client.h"
#include "transport/ice_lite.h"
#include "transport/srtp.h"
#include "wire/rtp.h"
#include "wire/stun.h"

namespace transport {
namespace {

constexpr auto kQuiet = base::Duration::seconds(8);     // see State::silent
constexpr auto kConsent = base::Duration::seconds(30);  // RFC 7675 section 5.1

// Counts what leaves. Lives for the length of a call.
class CountingSink final : public base::DatagramSink {
 public:
  CountingSink(base::DatagramSink& to, Counters& counters) : to_(to), counters_(counters) {}
  std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max,
                        base::Precedence precedence) override {
    return to_.reserve(flow, path, max, precedence);
  }
  void commit(std::size_t size) override {
    to_.commit(size);
    if (size == 0) return;
    ++counters_.datagrams_out;
    counters_.bytes_out += size;
  }

 private:
  base::DatagramSink& to_;
  Counters& counters_;
};

}  // namespace

struct Peer::Machine {
  Machine(PeerConfig c, base::Entropy& entropy)
      : config(std::move(c)),
        dtls(config.certificate, config.side == Side::server ? Dtls::Role::server : Dtls::Role::client,
             config.only_profile) {
    if (config.side == Side::server)
      lite.emplace(config.local);
    else
      full.emplace(config.local, entropy);
  }

  PeerConfig config;
  std::optional<IceLite> lite;
  std::optional<IceClient> full;
  Dtls dtls;
  std::optional<SrtpSender> sender;
  std::optional<SrtpReceiver> receiver;
  std::optional<SrtpProfile> profile;
  bool described = false;  // set_remote was called
  State state = State::gathering;
  bool may_send = false;  // keys and consent are there
  std::optional<base::Path> path;
  base::Instant last_heard{};
  Counters counters;

  [[nodiscard]] bool knows(const base::Path& p) const { return lite ? lite->knows(p) : full->knows(p); }
  [[nodiscard]] base::Instant consent_until() const {
    return (lite ? lite->last_check() : full->last_answer()) + kConsent;
  }
  [[nodiscard]] bool over() const { return state == State::failed || state == State::closed; }

  void handle_stun(base::Now now, const base::Path& from, base::Bytes datagram, base::DatagramSink& out);
  void handle_dtls(base::Now now, const base::Path& from, base::Bytes datagram, base::DatagramSink& out);
  Inbound handle_srtp(base::Now now, const base::Path& from, base::MutableBytes datagram);
  void take_keys();
  void settle(base::Now now);
  [[nodiscard]] State judge(base::Now now) const;
};

void Peer::Machine::handle_stun(base::Now now, const base::Path& from, base::Bytes datagram, base::DatagramSink& out) {
  const StunOutcome outcome = lite ? lite->handle(now, datagram, Outlet{out, config.flow, from})
                                   : full->handle(now, from, datagram, out, config.flow);
  if (outcome == StunOutcome::malformed) ++counters.malformed;
  if (outcome == StunOutcome::unauthenticated) ++counters.unauthenticated;
  if (outcome != StunOutcome::authenticated) return;
  last_heard = now.instant;
  path = lite ? lite->path() : full->path();
  if (full && path) dtls.start(now, Outlet{out, config.flow, *path});
}

void Peer::Machine::handle_dtls(base::Now now, const base::Path& from, base::Bytes datagram, base::DatagramSink& out) {
  if (!knows(from)) {
    ++counters.unauthenticated;
    return;
  }
  dtls.handle(now, datagram, Outlet{out, config.flow, path.value_or(from)});
  if (!sender && dtls.keys()) last_heard = now.instant;
}

Inbound Peer::Machine::handle_srtp(base::Now now, const base::Path& from, base::MutableBytes datagram) {
  const auto kind = wire::classify_rtp(datagram);
  if (kind == wire::RtpKind::neither) {
    ++counters.malformed;
    return {};
  }
  if (!receiver || !knows(from)) {
    ++counters.unauthenticated;
    return {};
  }
  const bool rtcp = kind == wire::RtpKind::rtcp;
  const auto clear = rtcp ? receiver->unprotect_rtcp(datagram) : receiver->unprotect_rtp(datagram);
  if (!clear) {
    switch (clear.error()) {
      case SrtpError::replayed:
        ++counters.replayed;
        break;
      case SrtpError::unauthenticated:
        ++counters.unauthenticated;
        break;
      case SrtpError::malformed:
      case SrtpError::too_many_sources:
        ++counters.malformed;
        break;
    }
    return {};
  }
  last_heard = now.instant;
  return {rtcp ? Inbound::Kind::rtcp : Inbound::Kind::rtp, *clear};
}

void Peer::Machine::take_keys() {
  if (sender || !dtls.keys()) return;
  const auto& keys = *dtls.keys();
  profile = keys.profile;
  sender.emplace(keys.profile, keys.sending, config.gcm);
  receiver.emplace(keys.profile, keys.receiving, config.gcm);
}

State Peer::Machine::judge(base::Now now) const {
  if (over()) return state;
  if (dtls.stage() == Dtls::Stage::failed) return State::failed;
  if (dtls.stage() == Dtls::Stage::closed) return State::closed;
  if (sender) {
    const bool heard = path && now.instant < last_heard + kQuiet && now.instant < consent_until();
    return heard ? State::connected : State::silent;
  }
  if (!described) return State::gathering;
  return path ? State::securing : State::checking;
}

// After anything that may have changed the state.
void Peer::Machine::settle(base::Now now) {
  take_keys();
  state = judge(now);
  may_send = sender && path && !over() && now.instant < consent_until();
}

Peer::Peer(PeerConfig config, base::Entropy& entropy, base::Now now)
    : machine_(std::make_unique<Machine>(std::move(config), entropy)) {
  machine_->settle(now);
}
Peer::~Peer() = default;

void Peer::set_remote(RemoteDescription remote, base::Now now) {
  auto& m = *machine_;
  m.described = true;
  m.dtls.expect(remote.fingerprint);
  if (m.full) m.full->set_remote(std::move(remote.ice), remote.candidates, now);
  m.settle(now);
}

void Peer::restart_ice(IceCredentials local, base::Now now) {
  auto& m = *machine_;
  if (m.lite)
    m.lite->restart(std::move(local), now);
  else
    m.full->restart(std::move(local));
}

Inbound Peer::handle(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) {
  auto& m = *machine_;
  ++m.counters.datagrams_in;
  m.counters.bytes_in += datagram.size();
  if (m.over()) return {};
  const DatagramClass what = classify(datagram);
  if (what == DatagramClass::srtp) {
    const Inbound inbound = m.handle_srtp(now, path, datagram);
    if (m.state == State::silent && inbound.kind != Inbound::Kind::nothing) m.settle(now);
    return inbound;
  }
  CountingSink counting(out, m.counters);
  switch (what) {
    case DatagramClass::stun:
      m.handle_stun(now, path, datagram, counting);
      break;
    case DatagramClass::dtls:
      m.handle_dtls(now, path, datagram, counting);
      break;
    default:
      ++m.counters.malformed;
      return {};
  }
  m.settle(now);
  return {};
}

void Peer::on_timer(base::Now now, base::DatagramSink& out) {
  auto& m = *machine_;
  if (m.over()) return;
  CountingSink counting(out, m.counters);
  if (m.full) {
    m.full->on_timer(now, counting, m.config.flow);
    m.path = m.full->path();
  }
  if (m.path) m.dtls.on_timer(now, Outlet{counting, m.config.flow, *m.path});
  m.settle(now);
}

base::Instant Peer::next_timeout() const {
  const auto& m = *machine_;
  if (m.over()) return base::Instant::never();
  base::Instant next = m.path ? m.dtls.next_timeout() : base::Instant::never();
  if (m.full) next = std::min(next, m.full->next_timeout());
  if (m.state == State::connected) next = std::min(next, m.last_heard + kQuiet);
  if (m.may_send) next = std::min(next, m.consent_until());
  return next;
}

void Peer::path_closed(const base::Path& path, base::Now now) {
  auto& m = *machine_;
  if (m.lite) m.lite->forget(path);
  if (m.full) m.full->forget(path, now);
  m.path = m.lite ? m.lite->path() : m.full->path();
  m.settle(now);
}

void Peer::expect(std::uint32_t ssrc, std::size_t bytes) const {
  const auto& m = *machine_;
  base::prefetch(&m.path, sizeof m.path);
  base::prefetch(&m.counters, sizeof m.counters);
  if (m.sender) m.sender->expect(ssrc, bytes);
}

bool Peer::send_rtp(base::Bytes header, base::Bytes payload, base::Precedence precedence, base::DatagramSink& out) {
  auto& m = *machine_;
  const std::size_t room = header.size() + payload.size() + kSrtpOverhead;
  if (!m.may_send || room > kMaxDatagram) return false;
  std::uint8_t* to = out.reserve(m.config.flow, *m.path, room, precedence);
  const std::size_t size = m.sender->protect_rtp(header, payload, to);
  out.commit(size);
  if (size == 0) return false;
  ++m.counters.datagrams_out;
  m.counters.bytes_out += size;
  return true;
}

bool Peer::send_again(base::Bytes sealed, base::Precedence precedence, base::DatagramSink& out) {
  auto& m = *machine_;
  if (!m.may_send || sealed.size() > kMaxDatagram) return false;
  std::ranges::copy(sealed, out.reserve(m.config.flow, *m.path, sealed.size(), precedence));
  out.commit(sealed.size());
  ++m.counters.datagrams_out;
  m.counters.bytes_out += sealed.size();
  return true;
}

bool Peer::send_rtcp(base::Bytes compound, base::DatagramSink& out) {
  auto& m = *machine_;
  const std::size_t room = compound.size() + kSrtpOverhead;
  if (!m.may_send || room > kMaxDatagram) return false;
  std::uint8_t* to = out.reserve(m.config.flow, *m.path, room, base::Precedence::control);
  const std::size_t size = m.sender->protect_rtcp(compound, to);
  out.commit(size);
  if (size == 0) return false;
  ++m.counters.datagrams_out;
  m.counters.bytes_out += size;
  return true;
}

void Peer::close(base::Now now, base::DatagramSink& out) {
  auto& m = *machine_;
  if (m.over()) return;
  CountingSink counting(out, m.counters);
  if (m.path) m.dtls.close(Outlet{counting, m.config.flow, *m.path});
  m.state = State::closed;
  m.settle(now);
}

State Peer::state() const { return machine_->state; }
bool Peer::knows(const base::Path& path) const { return machine_->knows(path); }
const std::optional<base::Path>& Peer::selected_path() const { return machine_->path; }
std::optional<SrtpProfile> Peer::profile() const { return machine_->profile; }
const IceCredentials& Peer::local() const { return machine_->lite ? machine_->lite->local() : machine_->full->local(); }
const Counters& Peer::counters() const { return machine_->counters; }
std::optional<base::Duration> Peer::round_trip() const {
  return machine_->full ? machine_->full->round_trip() : std::nullopt;
}

DatagramClass classify(base::Bytes datagram) {
  if (datagram.empty()) return DatagramClass::other;
  const std::uint8_t first = datagram[0];
  if (first <= 3) return DatagramClass::stun;
  if (first >= 20 && first <= 63) return DatagramClass::dtls;
  if (first >= 128 && first <= 191) return DatagramClass::srtp;
  return DatagramClass::other;
}

std::string_view stun_local_ufrag(base::Bytes datagram) {
  if (!wire::looks_like_stun(datagram)) return {};
  const auto message = wire::parse_stun(datagram);
  if (!message || message->kind != wire::StunClass::request || message->method != wire::kStunBinding || !message->username)
    return {};
  return message->username->substr(0, message->username->find(':'));
}

}  // namespace transport
