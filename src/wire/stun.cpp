// SPDX-License-Identifier: Apache-2.0
// STUN parsing and writing: see stun.h. RFC 8489 sections 5 and 14. Attributes after MESSAGE-INTEGRITY other than
// FINGERPRINT are ignored (section 14.5); MESSAGE-INTEGRITY-SHA256 counts as not known, ICE does not use it.
#include "wire/stun.h"

#include <algorithm>

namespace wire {
namespace {

enum Attribute : std::uint16_t {
  kUsername = 0x0006,
  kMessageIntegrity = 0x0008,
  kErrorCode = 0x0009,
  kUnknownAttributes = 0x000A,
  kXorMappedAddress = 0x0020,
  kPriority = 0x0024,
  kUseCandidate = 0x0025,
  kSoftware = 0x8022,
  kFingerprint = 0x8028,
  kIceControlled = 0x8029,
  kIceControlling = 0x802A,
};

constexpr std::uint32_t kFingerprintXor = 0x5354554e;
constexpr std::size_t kAttributeHeader = 4;
constexpr std::size_t kIntegritySize = 20;
constexpr std::size_t kFingerprintSize = 4;
constexpr std::size_t kMaxUsername = 513;  // section 14.3: fewer than 509 bytes; RFC 5389 said 513
constexpr std::size_t kMaxPhrase = 763;    // sections 14.8 and 14.14

constexpr std::size_t padded(std::size_t n) { return (n + 3) & ~std::size_t{3}; }

// Section 5: M11..M7 C1 M6..M4 C0 M3..M0.
constexpr std::uint16_t message_type(StunClass kind, std::uint16_t method) {
  const unsigned c = static_cast<unsigned>(kind);
  const unsigned m = method;
  return static_cast<std::uint16_t>(((m & 0xf80) << 2) | ((c & 2) << 7) | ((m & 0x070) << 1) | ((c & 1) << 4) |
                                    (m & 0xf));
}
constexpr StunClass class_of(std::uint16_t type) {
  return static_cast<StunClass>(((type >> 7) & 2) | ((type >> 4) & 1));
}
constexpr std::uint16_t method_of(std::uint16_t type) {
  return static_cast<std::uint16_t>(((type >> 2) & 0xf80) | ((type >> 1) & 0x070) | (type & 0xf));
}
static_assert(message_type(StunClass::success, kStunBinding) == 0x0101);
static_assert(message_type(StunClass::error, kStunBinding) == 0x0111);
static_assert(method_of(message_type(StunClass::indication, 0xabc)) == 0xabc);

// Section 14.2: the port under the cookie's high half, the address under cookie and transaction id.
std::array<std::uint8_t, 16> address_mask(const StunTransaction& transaction) {
  std::array<std::uint8_t, 16> mask{};
  base::store_u32(mask.data(), kStunMagicCookie);
  std::ranges::copy(transaction, mask.begin() + 4);
  return mask;
}

std::optional<base::Address> read_xor_address(base::Bytes value, const StunTransaction& transaction) {
  if (value.size() < 8) return {};
  const auto mask = address_mask(transaction);
  base::Address out;
  if (value[1] == 0x01 && value.size() == 8) {
    out = base::Address::v4(0, 0, 0, 0, 0);
    for (std::size_t i = 0; i < 4; ++i) out.ip[12 + i] = static_cast<std::uint8_t>(value[4 + i] ^ mask[i]);
  } else if (value[1] == 0x02 && value.size() == 20) {
    for (std::size_t i = 0; i < 16; ++i) out.ip[i] = static_cast<std::uint8_t>(value[4 + i] ^ mask[i]);
  } else {
    return {};
  }
  out.port = static_cast<std::uint16_t>(base::load_u16(value.data() + 2) ^ (kStunMagicCookie >> 16));
  return out;
}

void write_xor_address(base::Writer& w, const base::Address& address, const StunTransaction& transaction) {
  const auto mask = address_mask(transaction);
  const std::size_t skip = address.is_v4() ? 12 : 0;
  w.u8(0);
  w.u8(address.is_v4() ? 0x01 : 0x02);
  w.u16(static_cast<std::uint16_t>(address.port ^ (kStunMagicCookie >> 16)));
  for (std::size_t i = skip; i < 16; ++i) w.u8(static_cast<std::uint8_t>(address.ip[i] ^ mask[i - skip]));
}

// What of one attribute could be read; false is malformed.
bool read_error(base::Bytes value, StunMessage& m) {
  if (value.size() < 4 || value.size() > 4 + kMaxPhrase) return false;
  const unsigned hundreds = value[2] & 7U;
  const unsigned rest = value[3];
  if (hundreds < 3 || hundreds > 6 || rest > 99) return false;
  m.error = StunError{static_cast<std::uint16_t>(hundreds * 100 + rest), base::as_text(value.subspan(4))};
  return true;
}

bool read_unknown(base::Bytes value, StunMessage& m) {
  if (value.size() % 2 != 0) return false;
  m.unknown_attributes.clear();
  for (std::size_t i = 0; i < value.size(); i += 2)
    if (!m.unknown_attributes.push_back(base::load_u16(value.data() + i))) break;
  return true;
}

// Section 14: the first of an attribute counts, later ones are ignored.
bool read_attribute(std::uint16_t type, base::Bytes value, StunMessage& m) {
  switch (type) {
    case kUsername:
      if (value.size() > kMaxUsername) return false;
      if (!m.username) m.username = base::as_text(value);
      return true;
    case kSoftware:
      if (value.size() > kMaxPhrase) return false;
      if (!m.software) m.software = base::as_text(value);
      return true;
    case kErrorCode:
      return m.error || read_error(value, m);
    case kUnknownAttributes:
      return !m.unknown_attributes.empty() || read_unknown(value, m);
    case kXorMappedAddress:
      if (!m.xor_mapped_address) m.xor_mapped_address = read_xor_address(value, m.transaction);
      return m.xor_mapped_address.has_value();
    case kPriority:
      if (value.size() != 4) return false;
      if (!m.priority) m.priority = base::load_u32(value.data());
      return true;
    case kUseCandidate:
      m.use_candidate = true;
      return value.empty();
    case kIceControlled:
      if (value.size() != 8) return false;
      if (!m.ice_controlled) m.ice_controlled = base::load_u64(value.data());
      return true;
    case kIceControlling:
      if (value.size() != 8) return false;
      if (!m.ice_controlling) m.ice_controlling = base::load_u64(value.data());
      return true;
    default:
      if (type < 0x8000) (void)m.not_understood.push_back(type);  // a full list is refusal enough
      return true;
  }
}

std::optional<base::ParseError> read_attributes(base::Bytes datagram, StunMessage& m) {
  std::size_t at = kStunHeaderSize;
  while (at < datagram.size()) {
    if (m.has_fingerprint) return base::ParseError::malformed;  // section 14.7: it is the last
    if (datagram.size() - at < kAttributeHeader) return base::ParseError::truncated;
    const std::uint16_t type = base::load_u16(datagram.data() + at);
    const std::size_t size = base::load_u16(datagram.data() + at + 2);
    const std::size_t begin = at + kAttributeHeader;
    if (padded(size) > datagram.size() - begin) return base::ParseError::truncated;
    const base::Bytes value = datagram.subspan(begin, size);
    if (type == kFingerprint) {
      if (size != kFingerprintSize) return base::ParseError::malformed;
      if (base::load_u32(value.data()) != (crc32(datagram.first(at)) ^ kFingerprintXor))
        return base::ParseError::bad_check;
      m.has_fingerprint = true;
    } else if (!m.integrity.empty()) {
      // After MESSAGE-INTEGRITY: unprotected, so ignored.
    } else if (type == kMessageIntegrity) {
      if (size != kIntegritySize) return base::ParseError::malformed;
      m.integrity = value;
      m.integrity_scope = datagram.first(at);
    } else if (!read_attribute(type, value, m)) {
      return base::ParseError::malformed;
    }
    at = begin + padded(size);
  }
  return {};
}

// One attribute: header, value by f, zero padding.
template <class F>
void put(base::Writer& w, std::uint16_t type, F&& value) {
  w.u16(type);
  auto* length = w.take(2);
  const std::size_t start = w.size();
  value();
  const std::size_t size = w.size() - start;
  w.zeros(padded(size) - size);
  if (w.ok()) base::store_u16(length, static_cast<std::uint16_t>(size));
}

void put_text(base::Writer& w, std::uint16_t type, const std::optional<std::string_view>& text) {
  if (text) put(w, type, [&] { w.bytes(base::as_bytes(*text)); });
}
void put_u64(base::Writer& w, std::uint16_t type, const std::optional<std::uint64_t>& value) {
  if (value) put(w, type, [&] { w.u64(*value); });
}

void put_attributes(base::Writer& w, const StunMessage& m) {
  put_text(w, kSoftware, m.software);
  if (m.error) {
    put(w, kErrorCode, [&] {
      w.u16(0);
      w.u8(static_cast<std::uint8_t>(m.error->code / 100));
      w.u8(static_cast<std::uint8_t>(m.error->code % 100));
      w.bytes(base::as_bytes(m.error->reason));
    });
  }
  if (!m.unknown_attributes.empty()) {
    put(w, kUnknownAttributes, [&] {
      for (const std::uint16_t type : m.unknown_attributes) w.u16(type);
    });
  }
  if (m.xor_mapped_address)
    put(w, kXorMappedAddress, [&] { write_xor_address(w, *m.xor_mapped_address, m.transaction); });
  if (m.priority) put(w, kPriority, [&] { w.u32(*m.priority); });
  put_u64(w, kIceControlled, m.ice_controlled);
  put_u64(w, kIceControlling, m.ice_controlling);
  if (m.use_candidate) put(w, kUseCandidate, [] {});
  put_text(w, kUsername, m.username);
}

bool can_be_written(const StunMessage& m) {
  if (m.method > 0xfff) return false;
  if (m.username && m.username->size() > kMaxUsername) return false;
  if (m.software && m.software->size() > kMaxPhrase) return false;
  return !m.error || (m.error->code >= 300 && m.error->code <= 699 && m.error->reason.size() <= kMaxPhrase);
}

constexpr auto kCrcTable = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) c = (c & 1U) != 0 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
    table[i] = c;
  }
  return table;
}();

}  // namespace

std::uint32_t crc32(base::Bytes bytes) {
  std::uint32_t c = 0xffffffffU;
  for (const std::uint8_t b : bytes) c = kCrcTable[(c ^ b) & 0xffU] ^ (c >> 8);
  return c ^ 0xffffffffU;
}

bool looks_like_stun(base::Bytes datagram) {
  return datagram.size() >= kStunHeaderSize && datagram[0] <= 3 && datagram.size() % 4 == 0 &&
         base::load_u32(datagram.data() + 4) == kStunMagicCookie;
}

base::Result<StunMessage, base::ParseError> parse_stun(base::Bytes datagram) {
  if (datagram.size() < kStunHeaderSize) return base::Unexpected{base::ParseError::truncated};
  if (datagram.size() > kMaxStunSize) return base::Unexpected{base::ParseError::too_large};
  if (!looks_like_stun(datagram)) return base::Unexpected{base::ParseError::malformed};
  const std::uint16_t type = base::load_u16(datagram.data());
  // Section 5: the length counts what follows the header; a datagram holds one message.
  if (base::load_u16(datagram.data() + 2) != datagram.size() - kStunHeaderSize)
    return base::Unexpected{base::ParseError::truncated};
  StunMessage m;
  m.kind = class_of(type);
  m.method = method_of(type);
  std::copy_n(datagram.begin() + 8, m.transaction.size(), m.transaction.begin());
  if (const auto error = read_attributes(datagram, m)) return base::Unexpected{*error};
  return m;
}

bool stun_integrity_holds(const StunMessage& m, base::Bytes key, HmacSha1 hmac) {
  if (m.integrity.size() != kIntegritySize || m.integrity_scope.size() > kMaxStunSize) return false;
  // Section 14.5: computed as if the message ended with MESSAGE-INTEGRITY, so with that length in the header.
  std::array<std::uint8_t, kMaxStunSize> copy;
  const std::size_t size = m.integrity_scope.size();
  std::ranges::copy(m.integrity_scope, copy.begin());
  base::store_u16(copy.data() + 2,
                  static_cast<std::uint16_t>(size - kStunHeaderSize + kAttributeHeader + kIntegritySize));
  const auto expected = hmac(key, base::Bytes{copy.data(), size});
  unsigned difference = 0;  // without an early exit: how much was right must not show in time
  for (std::size_t i = 0; i < kIntegritySize; ++i) difference |= static_cast<unsigned>(expected[i] ^ m.integrity[i]);
  return difference == 0;
}

std::size_t write_stun(const StunMessage& m, base::Bytes key, HmacSha1 hmac, base::MutableBytes out) {
  if (!can_be_written(m)) return 0;
  base::Writer w{out.first(std::min(out.size(), kMaxStunSize))};
  w.u16(message_type(m.kind, m.method));
  w.u16(0);
  w.u32(kStunMagicCookie);
  w.bytes(m.transaction);
  put_attributes(w, m);
  if (!w.ok()) return 0;
  const auto set_length = [&](std::size_t more) {
    base::store_u16(out.data() + 2, static_cast<std::uint16_t>(w.size() - kStunHeaderSize + more));
  };
  if (!key.empty()) {
    set_length(kAttributeHeader + kIntegritySize);
    const auto tag = hmac(key, w.written());
    put(w, kMessageIntegrity, [&] { w.bytes(tag); });
    if (!w.ok()) return 0;
  }
  set_length(kAttributeHeader + kFingerprintSize);
  const std::uint32_t check = crc32(w.written()) ^ kFingerprintXor;
  put(w, kFingerprint, [&] { w.u32(check); });
  return w.ok() ? w.size() : 0;
}

}  // namespace wire
