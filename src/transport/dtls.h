// SPDX-License-Identifier: Apache-2.0
// The DTLS 1.2 handshake of one peer, either side, for the keys of SRTP: RFC 6347, RFC 5763, RFC 5764; on OpenSSL.
// Sans-IO: datagrams in and out keep their boundaries, the clock is `now`. Not here: on which path it may be spoken
// (peer.cpp). Application data is read and dropped (no data channels). Entropy is OpenSSL's own. Invariant: keys() is
// empty until the certificate of the other side is the one that its SDP named. One thread.
#pragma once
#include <memory>
#include <optional>

#include "base/instant.h"
#include "crypto/certificate.h"
#include "transport/outlet.h"
#include "transport/srtp_profile.h"

namespace transport {

inline constexpr std::size_t kDtlsMtu = 1'200;                            // UDP payload, any path carries it
inline constexpr auto kFirstFlightTimeout = base::Duration::millis(100);  // doubled at each
inline constexpr auto kLongestFlightTimeout = base::Duration::millis(1'600);
inline constexpr auto kHandshakeTimeout = base::Duration::seconds(30);  // from its first datagram

class Dtls {
 public:
  enum class Role : std::uint8_t { client, server };
  enum class Stage : std::uint8_t {
    handshaking,
    unverified,  // done, but the fingerprint to expect is not known yet
    established,
    failed,  // refused by either side, wrong fingerprint, or timed out
    closed,  // close_notify, from either side
  };
  struct Keys {
    SrtpProfile profile{};
    SrtpMaster sending, receiving;
  };

  // `only`: the one SRTP profile to offer or take; else both, the better first.
  Dtls(std::shared_ptr<const crypto::Certificate> certificate, Role role, std::optional<SrtpProfile> only = {});
  ~Dtls();
  Dtls(const Dtls&) = delete;
  Dtls& operator=(const Dtls&) = delete;

  // What the other side's SDP said; once. May come after the handshake.
  void expect(const crypto::Fingerprint& fingerprint);
  // The client's first flight; nothing for a server or the second time.
  void start(base::Now now, const Outlet& out);
  void handle(base::Now now, base::Bytes datagram, const Outlet& out);
  void on_timer(base::Now now, const Outlet& out);  // does nothing before next_timeout()
  [[nodiscard]] base::Instant next_timeout() const;
  void close(const Outlet& out);

  [[nodiscard]] Stage stage() const;
  [[nodiscard]] const std::optional<Keys>& keys() const;
  [[nodiscard]] std::uint32_t flights_repeated() const;

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace transport
