// SPDX-License-Identifier: Apache-2.0
// ICE candidates as text: see sdp_candidate.h.
#include "wire/sdp_candidate.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>

#include "wire/text_scan.h"

namespace wire::sdp {
namespace {

constexpr std::array<std::string_view, 4> kTypes = {"host", "srflx", "prflx", "relay"};
constexpr std::array<std::string_view, 3> kTcpTypes = {"active", "passive", "so"};
constexpr std::string_view kPrefix = "candidate:";

template <class E, std::size_t N>
std::optional<E> named(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<E>(i);
  return {};
}

// The pairs after the type: only tcptype matters to us. False where a name lacks its value.
bool read_extensions(std::string_view rest, Candidate& c) {
  for (std::string_view name = take_word(rest); !name.empty(); name = take_word(rest)) {
    const std::string_view value = take_word(rest);
    if (value.empty()) return false;
    if (name == "tcptype" && c.carrier == base::Carrier::tcp) c.tcp_type = named<TcpType>(kTcpTypes, value);
  }
  return true;
}

}  // namespace

std::optional<base::Address> Candidate::address() const {
  auto out = parse_ip(host.get());
  if (out) out->port = port;
  return out;
}

base::Result<Candidate, base::ParseError> parse_candidate(std::string_view text) {
  const auto malformed = base::Unexpected{base::ParseError::malformed};
  if (!text.starts_with(kPrefix)) return malformed;
  text.remove_prefix(kPrefix.size());
  Candidate c;
  const std::string_view foundation = take_word(text);
  const auto component = number<std::uint16_t>(take_word(text));
  const std::string_view transport = take_word(text);
  const auto priority = number<std::uint32_t>(take_word(text));
  const std::string_view host = take_word(text);
  const auto port = number<std::uint16_t>(take_word(text));
  if (!made_of(foundation, "+/", 1, 32) || !component || *component < 1 || *component > 256 || !priority)
    return malformed;
  if (!made_of(host, ".:-", 1, 255) || !port || take_word(text) != "typ") return malformed;
  const std::string_view type_name = take_word(text);
  if (type_name.empty()) return malformed;
  const auto type = named<CandidateType>(kTypes, type_name);
  const bool tcp = same_ignoring_case(transport, "tcp");
  // RFC 8839 section 5.1: candidates of transports or types that are not understood are ignored.
  if (!type || (!tcp && !same_ignoring_case(transport, "udp"))) return base::Unexpected{base::ParseError::unsupported};
  c.foundation = foundation;
  c.component = *component;
  c.carrier = tcp ? base::Carrier::tcp : base::Carrier::udp;
  c.priority = *priority;
  c.host = base::Redacted<std::string>{std::string{host}};
  c.port = *port;
  c.type = *type;
  if (!read_extensions(text, c)) return malformed;
  if (tcp && !c.tcp_type) return base::Unexpected{base::ParseError::unsupported};  // RFC 6544 section 4.5
  return c;
}

std::string to_text(const Candidate& c) {
  std::string out = fmt::format("{}{} {} {} {} {} {} typ {}", kPrefix, c.foundation, c.component,
                                c.carrier == base::Carrier::tcp ? "tcp" : "udp", c.priority, c.host.get(), c.port,
                                kTypes[static_cast<std::size_t>(c.type)]);
  // RFC 8839 section 5.1 wants a related address; the real one is not anybody's business (RFC 8828 section 5.2).
  if (c.type != CandidateType::host) out += " raddr 0.0.0.0 rport 0";
  if (c.tcp_type) out += fmt::format(" tcptype {}", kTcpTypes[static_cast<std::size_t>(*c.tcp_type)]);
  return out;
}

Candidate host_candidate(base::Carrier carrier, const base::Address& address, std::uint16_t local_preference) {
  constexpr std::uint32_t kHostPreference = 126;  // RFC 8445 section 5.1.2.2
  // RFC 6544 section 4.2: TCP below UDP of the same type.
  const std::uint32_t preference = carrier == base::Carrier::udp ? kHostPreference : kHostPreference - 36;
  Candidate c;
  c.carrier = carrier;
  // RFC 8445 section 5.1.1.3: one foundation a type, base address and transport.
  c.foundation =
      fmt::format("{:08x}", base::load_u32(address.ip.data()) ^ base::load_u32(address.ip.data() + 4) ^
                                base::load_u32(address.ip.data() + 8) ^ base::load_u32(address.ip.data() + 12) ^
                                (carrier == base::Carrier::tcp ? 1U : 0U));
  c.priority = (preference << 24) | (std::uint32_t{local_preference} << 8) | (256U - c.component);
  c.host = base::Redacted<std::string>{ip_text(address)};
  c.port = address.port;
  if (carrier == base::Carrier::tcp) c.tcp_type = TcpType::passive;
  return c;
}

std::optional<base::Address> parse_ip(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.size() >= buffer.size()) return {};
  std::ranges::copy(text, buffer.begin());
  base::Address out = base::Address::v4(0, 0, 0, 0, 0);
  if (inet_pton(AF_INET, buffer.data(), out.ip.data() + 12) == 1) return out;
  if (inet_pton(AF_INET6, buffer.data(), out.ip.data()) == 1) return out;
  return {};
}

std::string ip_text(const base::Address& address) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const bool v4 = address.is_v4();
  inet_ntop(v4 ? AF_INET : AF_INET6, address.ip.data() + (v4 ? 12 : 0), buffer.data(), buffer.size());
  return buffer.data();
}

}  // namespace wire::sdp
