// SPDX-License-Identifier: Apache-2.0
// Hostile datagrams to a whole peer: to a connected one, and to one whose path is proved but whose handshake has not
// begun. The input is a list of steps: a byte that says what kind, a byte of length, and the bytes. Steps are raw
// datagrams, checks that carry the right password, the last of those again from elsewhere (which must prove nothing), RTP and RTCP sealed
// with the right keys, and time passing. The
// connected pair is kept from input to input (a handshake is slow) and made anew when it has ended or after 512 inputs.
#include <cstdlib>
#include <memory>

#include "crypto/hmac.h"
#include "sim/peer_host.h"
#include "wire/stun.h"

namespace {

const auto kServer = base::Address::v4(192, 0, 2, 1, 3478);
const auto kClient = base::Address::v4(198, 51, 100, 7, 40'000);
const auto kListener = base::Address::v4(203, 0, 113, 67, 50'000);
constexpr unsigned kOverheard = 0xf0;  // this kind and those above it

struct Pair {
  explicit Pair(bool connected) {
    server.peer().set_remote(client.description(), network.now());
    if (!connected) return;
    client.peer().set_remote(server.description({sim::udp(kServer)}), network.now());
    const auto both = [this] { return server.connected() && client.connected(); };
    if (!network.run_until(network.now().instant + base::Duration::seconds(5), both)) std::abort();
  }
  [[nodiscard]] bool over() {
    const auto state = server.peer().state();
    return state == transport::State::failed || state == transport::State::closed;
  }
  sim::Network network{1};
  sim::SeededEntropy entropy{1};
  sim::PeerHost server{network, transport::Side::server, {kServer}, entropy};
  sim::PeerHost client{network, transport::Side::client, {kClient}, entropy};
  std::vector<std::uint8_t> last_check;
};

// A check with these bytes as its attributes, and our integrity and fingerprint behind them.
std::vector<std::uint8_t> proved_check(Pair& pair, base::Bytes attributes) {
  wire::StunMessage m;
  const std::string username = pair.server.peer().local().ufrag + ":x";
  m.username = username;
  const base::Bytes key = base::as_bytes(pair.server.peer().local().pwd.get());
  std::vector<std::uint8_t> out(wire::kMaxStunSize);
  out.resize(wire::write_stun(m, key, crypto::hmac_sha1, out));
  out.resize(out.size() - 32);  // MESSAGE-INTEGRITY and FINGERPRINT go last
  out.insert(out.end(), attributes.begin(), attributes.end());
  out.resize((out.size() + 3) / 4 * 4);
  base::store_u16(out.data() + 2, static_cast<std::uint16_t>(out.size() - 20 + 24));
  const auto tag = crypto::hmac_sha1(key, out);
  out.insert(out.end(), {0x00, 0x08, 0x00, 0x14});
  out.insert(out.end(), tag.begin(), tag.end());
  base::store_u16(out.data() + 2, static_cast<std::uint16_t>(out.size() - 20 + 8));
  const auto crc = wire::crc32(out) ^ 0x5354'554eU;
  out.insert(out.end(), {0x80, 0x28, 0x00, 0x04, 0, 0, 0, 0});
  base::store_u32(out.data() + out.size() - 4, crc);
  return out;
}

void step(Pair& pair, unsigned kind, base::Bytes bytes) {
  std::vector<std::uint8_t> datagram(bytes.begin(), bytes.end());
  sim::NetworkSink to_server(pair.network, {kClient});
  if (kind >= kOverheard) {
    pair.server.inject(kListener, pair.last_check);
    if (pair.server.peer().knows(sim::udp(kListener))) std::abort();
    return;
  }
  switch (kind % 6) {
    case 0:
      pair.server.inject(kClient, datagram);
      break;
    case 1:
      pair.server.inject(base::Address::v4(203, 0, 113, 66, static_cast<std::uint16_t>(1'000 + bytes.size())),
                         datagram);
      break;
    case 2:
      pair.last_check = proved_check(pair, bytes);
      pair.server.inject(kClient, pair.last_check);
      break;
    case 3:
      (void)pair.client.peer().send_rtp(bytes.first(std::min<std::size_t>(bytes.size(), 12)), bytes,
                                        base::Precedence::sound, to_server);
      break;
    case 4:
      (void)pair.client.peer().send_rtcp(bytes, to_server);
      break;
    default:
      pair.network.run_for(base::Duration::millis(bytes.empty() ? 1 : bytes[0] * 16));
  }
  pair.server.rtp.clear();
  pair.server.rtcp.clear();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static std::unique_ptr<Pair> kept;
  static unsigned used = 0;
  if (size == 0) return 0;
  std::unique_ptr<Pair> fresh;
  if ((data[0] & 1) == 0) {
    fresh = std::make_unique<Pair>(false);
    fresh->server.inject(kClient, proved_check(*fresh, {}));
  } else if (!kept || kept->over() || ++used >= 512) {
    kept = std::make_unique<Pair>(true);
    used = 0;
  }
  Pair& pair = fresh ? *fresh : *kept;
  base::Reader reader(base::Bytes(data + 1, size - 1));
  while (reader.left() >= 2 && !pair.over()) {
    const unsigned kind = reader.u8();
    const std::size_t length = std::min<std::size_t>(reader.u8(), reader.left());
    step(pair, kind, reader.bytes(length));
  }
  pair.network.run_for(base::Duration::millis(20));
  return 0;
}
