// SPDX-License-Identifier: Apache-2.0
// ICE candidates in SDP: RFC 8839 section 5.1, TCP RFC 6544 section 4.5, and IP addresses as text both ways (RFC 5952
// for IPv6). Not here: priorities' formula is RFC 8445 section 5.1.2.1, given as a function; gathering.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/datagram.h"
#include "base/redacted.h"
#include "base/result.h"

namespace wire::sdp {

enum class CandidateType : std::uint8_t { host, srflx, prflx, relay };
enum class TcpType : std::uint8_t { active, passive, so };

// candidate:<foundation> <component> <transport> <priority> <address> <port> typ <type> [raddr … rport …] [tcptype …]
struct Candidate {
  std::string foundation;
  std::uint16_t component = 1;
  base::Carrier carrier = base::Carrier::udp;
  std::uint32_t priority = 0;
  base::Redacted<std::string> host;  // an IP address, or a browser's ….local name (mDNS)
  std::uint16_t port = 0;
  CandidateType type = CandidateType::host;
  std::optional<TcpType> tcp_type;  // TCP only
  bool operator==(const Candidate&) const = default;
  // Empty where `host` is a name. Related address and extensions (generation, network-cost, ufrag) are not kept.
  [[nodiscard]] std::optional<base::Address> address() const;
};

// `text` begins with "candidate:", as in a=candidate:… and in trickled candidates.
[[nodiscard]] base::Result<Candidate, base::ParseError> parse_candidate(std::string_view text);
[[nodiscard]] std::string to_text(const Candidate& candidate);

// A host candidate of ours: UDP, or TCP passive; RFC 8445 section 5.1.2.1 priority with this local preference.
[[nodiscard]] Candidate host_candidate(base::Carrier carrier, const base::Address& address,
                                       std::uint16_t local_preference);

// "192.0.2.1" or "2001:db8::1", without brackets or zone. The port of the result is zero.
[[nodiscard]] std::optional<base::Address> parse_ip(std::string_view text);
[[nodiscard]] std::string ip_text(const base::Address& address);

}  // namespace wire::sdp
