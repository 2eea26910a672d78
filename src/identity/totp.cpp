// SPDX-License-Identifier: Apache-2.0
// See totp.h.
#include "identity/totp.h"

#include <fmt/format.h>

#include "crypto/hmac.h"

namespace identity {
namespace {

constexpr std::int64_t kStepUs = 30'000'000;

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string to_base32(base::Bytes bytes) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t b : bytes) {
    held = held << 8 | b;
    for (bits += 8; bits >= 5; bits -= 5) out += kLetters[held >> (bits - 5) & 31];
  }
  if (bits > 0) out += kLetters[held << (5 - bits) & 31];
  return out;
}

std::int64_t totp_step(base::WallTime now) { return now.us / kStepUs; }

// RFC 4226 section 5.3.
std::string totp_code(base::Bytes secret, std::int64_t step, unsigned digits) {
  std::array<std::uint8_t, 8> counter{};
  base::store_u64(counter.data(), static_cast<std::uint64_t>(step));
  const auto tag = crypto::hmac_sha1(secret, counter);
  const std::uint32_t number = base::load_u32(&tag[tag.back() & 15U]) & 0x7fff'ffffU;
  std::uint32_t limit = 1;
  for (unsigned i = 0; i < digits; ++i) limit *= 10;
  return fmt::format("{:0{}}", number % limit, digits);
}

std::optional<std::int64_t> accepted_step(base::Bytes secret, std::string_view code, base::WallTime now, std::int64_t last) {
  const std::int64_t here = totp_step(now);
  std::optional<std::int64_t> accepted;
  for (const std::int64_t step : {here - 1, here, here + 1}) {
    const std::string right = totp_code(secret, step, 6);
    if (crypto::equal_in_constant_time(base::as_bytes(right), base::as_bytes(code)) && step > last) accepted = step;
  }
  return accepted;
}

std::string otpauth_uri(base::Bytes secret, std::string_view issuer, std::string_view account) {
  return fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits=6&period=30", percent_encoded(issuer),
                     percent_encoded(account), to_base32(secret));
}

}  // namespace identity
