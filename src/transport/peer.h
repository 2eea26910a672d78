// SPDX-License-Identifier: Apache-2.0
// One participant's transport as one machine: ICE (RFC 8445; lite on the server, full on the synthetic person),
// DTLS 1.2 (RFC 6347, RFC 5763), SRTP and SRTCP (RFC 3711, RFC 7714; keys by RFC 5764). Sans-IO: datagrams in by
// handle(), datagrams out through the DatagramSink, timers by next_timeout(). Not here: what RTP means (media/),
// sockets (net/). Invariant: nothing is decrypted or answered on a path that has not shown an authenticated STUN check.
// Runs on one thread.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/datagram.h"
#include "base/entropy.h"
#include "base/instant.h"
#include "base/redacted.h"
#include "base/result.h"
#include "crypto/aes.h"
#include "crypto/certificate.h"
#include "transport/ice_credentials.h"
#include "transport/srtp_profile.h"

namespace transport {

enum class Side : std::uint8_t {
  server,  // ICE-lite, controlled, DTLS passive
  client,  // full ICE, controlling, DTLS active (synthetic people)
};

struct RemoteDescription {
  IceCredentials ice;
  crypto::Fingerprint fingerprint;     // SHA-256 of the peer's certificate (RFC 8122)
  std::vector<base::Path> candidates;  // client side only: where to send checks, best first
};

// What a handled datagram turned out to be.
struct Inbound {
  enum class Kind : std::uint8_t { nothing, rtp, rtcp };
  Kind kind = Kind::nothing;
  base::MutableBytes packet;  // decrypted in place, within the datagram given
};

enum class State : std::uint8_t { gathering, checking, securing, connected, silent, failed, closed };
// silent: nothing authenticated heard for 8 s, or no ICE check (server) or answer (client) for 30 s (RFC 7675);
// connected again as soon as something is. 8 s because a quiet Firefox shows only its consent checks, up to 6 s apart.
// Sending goes on until the 30 s are over. failed: DTLS refused, wrong fingerprint, or no end of the handshake within
// 30 s of its start.

struct Counters {
  std::uint64_t datagrams_in = 0, datagrams_out = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t malformed = 0;        // no STUN, DTLS or SRTP that we know (RFC 7983)
  std::uint64_t unauthenticated = 0;  // failed integrity, tag or fingerprint
  std::uint64_t replayed = 0;         // RFC 3711 section 3.3.2
};

struct PeerConfig {
  Side side = Side::server;
  std::uint32_t flow = 0;  // passed to DatagramSink::reserve
  IceCredentials local;
  std::shared_ptr<const crypto::Certificate> certificate;
  crypto::GcmEngine gcm = crypto::GcmEngine::automatic;  // evp: under valgrind, or media.ipsec_mb = false
  std::optional<SrtpProfile> only_profile = {};          // like a browser that knows but this one
};

class Peer {
 public:
  Peer(PeerConfig config, base::Entropy& entropy, base::Now now);
  ~Peer();
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  // The other side's credentials and fingerprint, from its SDP. Again, with new credentials, for an ICE restart.
  void set_remote(RemoteDescription remote, base::Now now);
  // New local credentials (ICE restart, RFC 8445 section 9); DTLS and SRTP go on.
  void restart_ice(IceCredentials local, base::Now now);

  [[nodiscard]] Inbound handle(base::Now now, const base::Path& path, base::MutableBytes datagram,
                               base::DatagramSink& out);
  void on_timer(base::Now now, base::DatagramSink& out);
  [[nodiscard]] base::Instant next_timeout() const;
  // A TCP connection has gone.
  void path_closed(const base::Path& path, base::Now now);

  // Protects and sends one RTP packet given in two parts that need not be adjacent (`header` is the whole RTP header
  // with its extensions, `payload` the rest); encrypts out of place, straight into the sink. False where not connected,
  // and for an SSRC and sequence number that was sent before (RFC 7714 section 8.3: it would give the key away; use
  // RTX).
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence precedence, base::DatagramSink& out);
  // send_rtp of about so many bytes with this SSRC follows: a hint (base/prefetch.h).
  void expect(std::uint32_t ssrc, std::size_t bytes) const;
  // Sends once more what send_rtp gave to the sink: the same bytes, so no nonce is used for others.
  bool send_again(base::Bytes sealed, base::Precedence precedence, base::DatagramSink& out);
  bool send_rtcp(base::Bytes compound, base::DatagramSink& out);
  // close_notify to the other side; nothing is sent afterwards.
  void close(base::Now now, base::DatagramSink& out);

  [[nodiscard]] State state() const;
  // A check on this path was authenticated, and it is not forgotten.
  [[nodiscard]] bool knows(const base::Path& path) const;
  [[nodiscard]] const std::optional<base::Path>& selected_path() const;
  [[nodiscard]] std::optional<SrtpProfile> profile() const;
  [[nodiscard]] const IceCredentials& local() const;
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] std::optional<base::Duration> round_trip() const;  // from STUN checks, client side; else empty

 private:
  struct Machine;
  std::unique_ptr<Machine> machine_;
};

// Which arriving datagram is whose (RFC 7983), before any peer is known.
enum class DatagramClass : std::uint8_t { stun, dtls, srtp, other };
[[nodiscard]] DatagramClass classify(base::Bytes datagram);
// The local ufrag that a STUN binding request is addressed to (USERNAME "local:remote"); empty for anything else,
// requests of another method among it: nobody authenticates those, so they may not name a path's owner.
[[nodiscard]] std::string_view stun_local_ufrag(base::Bytes datagram);

}  // namespace transport
