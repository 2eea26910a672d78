// SPDX-License-Identifier: Apache-2.0
// STUN messages as ICE uses them: Binding requests, successes, errors and indications. RFC 8489 (and RFC 5389, which
// browsers still speak), attributes of RFC 8445 section 7.1. Not here: HMAC-SHA1 (given by the caller; wire/ has no
// cryptography), transactions and retransmission (transport/ice), TURN.
// Invariant: a parsed message is a view; it is good as long as the datagram. Pure functions, any thread.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/datagram.h"
#include "base/result.h"
#include "wire/fixed_list.h"

namespace wire {

//   0                   1                   2                   3        RFC 8489 section 5
//  |0 0|  message type (14 bits)   |         message length        |
//  |                     magic cookie 0x2112A442                   |
//  |                  transaction id (96 bits) …                   |
inline constexpr std::size_t kStunHeaderSize = 20;
inline constexpr std::uint32_t kStunMagicCookie = 0x2112A442;
inline constexpr std::size_t kMaxStunSize = 1280;  // ours: longer messages are refused

enum class StunClass : std::uint8_t { request = 0, indication = 1, success = 2, error = 3 };
inline constexpr std::uint16_t kStunBinding = 0x001;

using StunTransaction = std::array<std::uint8_t, 12>;

// HMAC-SHA1 (RFC 2104) of `data` under `key`.
using HmacSha1 = std::array<std::uint8_t, 20> (*)(base::Bytes key, base::Bytes data);

struct StunError {
  std::uint16_t code = 0;  // 300..699 (section 14.8); 487 is ICE's Role Conflict
  std::string_view reason;
  bool operator==(const StunError&) const = default;
};

// One message. The same struct is parsed into and written from.
struct StunMessage {
  StunClass kind = StunClass::request;
  std::uint16_t method = kStunBinding;
  StunTransaction transaction{};

  std::optional<std::string_view> username;         // "receiver's ufrag:sender's ufrag" (RFC 8445 section 7.2.2)
  std::optional<base::Address> xor_mapped_address;  // section 14.2
  std::optional<StunError> error;                   // section 14.8
  FixedList<std::uint16_t, 16> unknown_attributes;  // section 14.9: the list in a 420 answer
  std::optional<std::string_view> software;         // section 14.14
  std::optional<std::uint32_t> priority;            // RFC 8445 section 7.1.1
  bool use_candidate = false;                       // RFC 8445 section 7.1.2
  std::optional<std::uint64_t> ice_controlling;     // RFC 8445 section 7.1.3, the tie-breaker
  std::optional<std::uint64_t> ice_controlled;

  // Set by the parser only.
  FixedList<std::uint16_t, 16> not_understood;  // comprehension-required attributes (0x0000..0x7fff) we do not know
  bool has_fingerprint = false;                 // and it held: a wrong one is a ParseError::bad_check
  base::Bytes integrity;                        // the 20 bytes of MESSAGE-INTEGRITY, or empty
  base::Bytes integrity_scope;                  // the message up to MESSAGE-INTEGRITY, header first
};

// Whether the bytes have a STUN header (RFC 7983 section 7 and the magic cookie). Cheap; looks no further.
[[nodiscard]] bool looks_like_stun(base::Bytes datagram);

[[nodiscard]] base::Result<StunMessage, base::ParseError> parse_stun(base::Bytes datagram);

// Section 14.5, short-term credentials: the key is the password. False where there is no MESSAGE-INTEGRITY.
[[nodiscard]] bool stun_integrity_holds(const StunMessage& message, base::Bytes key, HmacSha1 hmac);

// Writes the message with MESSAGE-INTEGRITY (unless `key` is empty) and FINGERPRINT, and gives its size in bytes; 0
// where it does not fit into `out` or over kMaxStunSize.
[[nodiscard]] std::size_t write_stun(const StunMessage& message, base::Bytes key, HmacSha1 hmac,
                                     base::MutableBytes out);

// CRC-32 as in ITU V.42, RFC 8489 section 14.7 (before the XOR with 0x5354554e).
[[nodiscard]] std::uint32_t crc32(base::Bytes bytes);

}  // namespace wire
