// SPDX-License-Identifier: Apache-2.0
// A whole transport::Peer as a host of the simulated network, and a pair of them that know each other's descriptions.
// What arrives as media is kept for the test to look at. Not here: media, rooms.
#pragma once
#include <deque>
#include <map>
#include <string>

#include "sim/network.h"
#include "transport/peer.h"

namespace sim {

inline base::Path udp(const base::Address& remote, std::uint32_t local = 0) {
  return {base::Carrier::udp, local, remote};
}

class PeerHost final : public Host {
 public:
  PeerHost(Network& network, transport::Side side, std::vector<base::Address> locals, base::Entropy& entropy,
           crypto::GcmEngine gcm = crypto::GcmEngine::automatic, base::Carrier carrier = base::Carrier::udp,
           std::optional<transport::SrtpProfile> only = {})
      : carrier_(carrier),
        sink_(network, locals),
        network_(network),
        certificate_(crypto::Certificate::make_self_signed()),
        peer_({side, 0, transport::make_ice_credentials(entropy), certificate_, gcm, only}, entropy, network.now()) {
    for (const auto& local : locals) network.attach(local, *this);
  }

  void on_datagram(base::Now now, const base::Address& to, const base::Address& from,
                   base::MutableBytes datagram) override {
    const std::vector<std::uint8_t> as_sent(datagram.begin(), datagram.end());
    const auto inbound = peer_.handle(now, path_from(from, sink_.local_of(to)), datagram, sink_);
    if (inbound.kind != transport::Inbound::Kind::nothing) {
      (inbound.kind == transport::Inbound::Kind::rtp ? rtp : rtcp)
          .emplace_back(inbound.packet.begin(), inbound.packet.end());
      last_sealed = as_sent;
    }
  }
  void on_timer(base::Now now) override { peer_.on_timer(now, sink_); }
  [[nodiscard]] base::Instant next_timeout() const override { return peer_.next_timeout(); }

  // A small RTP packet with this number; false where the peer refuses.
  bool send_rtp(std::uint16_t sequence, std::uint32_t ssrc = 0x1234, std::string_view text = "sound") {
    std::vector<std::uint8_t> header = {0x80, 111, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    base::store_u16(header.data() + 2, sequence);
    base::store_u32(header.data() + 8, ssrc);
    return peer_.send_rtp(header, base::as_bytes(text), base::Precedence::sound, sink_);
  }
  bool send_rtcp() {
    const std::vector<std::uint8_t> empty_report = {0x80, 201, 0, 1, 0, 0, 0x12, 0x34};
    return peer_.send_rtcp(empty_report, sink_);
  }
  void inject(const base::Address& from, std::vector<std::uint8_t> datagram) {
    (void)peer_.handle(network_.now(), udp(from), datagram, sink_);
  }
  void close() { peer_.close(network_.now(), sink_); }
  // The network gives us another address from now on (a NAT, another access network).
  void move(const base::Address& from, const base::Address& to) {
    network_.detach(from);
    sink_.move(sink_.local_of(from), to);
    network_.attach(to, *this);
  }
  void restart_ice(base::Entropy& entropy) {
    peer_.restart_ice(transport::make_ice_credentials(entropy), network_.now());
  }
  [[nodiscard]] transport::RemoteDescription description(std::vector<base::Path> candidates = {}) const {
    return {peer_.local(), certificate_->fingerprint(), std::move(candidates)};
  }
  // The TCP connection to there has gone.
  void lose(const base::Address& remote) { peer_.path_closed(path_from(remote, 0), network_.now()); }
  [[nodiscard]] base::Path path_from(const base::Address& remote, std::uint32_t local = 0) const {
    return {carrier_, local, remote};
  }
  [[nodiscard]] transport::Peer& peer() { return peer_; }
  [[nodiscard]] bool connected() const { return peer_.state() == transport::State::connected; }

  std::vector<std::vector<std::uint8_t>> rtp, rtcp;
  std::vector<std::uint8_t> last_sealed;

 private:
  base::Carrier carrier_;
  NetworkSink sink_;
  Network& network_;
  std::shared_ptr<const crypto::Certificate> certificate_;
  transport::Peer peer_;
};

}  // namespace sim
