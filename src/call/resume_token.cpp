// SPDX-License-Identifier: Apache-2.0
// See resume_token.h. base64url as RFC 4648 section 5, without padding: 32 bytes are 43 characters.
#include "call/resume_token.h"

namespace call {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t kTextLength = 43;

}  // namespace

bool ResumeToken::operator==(const ResumeToken& other) const {
  volatile std::uint8_t differs = 0;  // volatile: the loop must not end early
  for (std::size_t i = 0; i < bytes.size(); ++i)
    differs = static_cast<std::uint8_t>(differs | (bytes[i] ^ other.bytes[i]));
  return differs == 0;
}

ResumeToken draw_token(base::Entropy& entropy) {
  ResumeToken out;
  entropy.fill(out.bytes);
  return out;
}

base::Redacted<std::string> text_of(const ResumeToken& token) {
  std::string out;
  out.reserve(kTextLength);
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const std::uint8_t byte : token.bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      out += kAlphabet[(held >> bits) & 63];
    }
  }
  out += kAlphabet[(held << (6 - bits)) & 63];
  return base::Redacted(std::move(out));
}

std::optional<ResumeToken> token_of(std::string_view text) {
  if (text.size() != kTextLength) return std::nullopt;
  ResumeToken out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  std::size_t at = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    held = (held << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8 && at < out.bytes.size()) {
      bits -= 8;
      out.bytes[at++] = static_cast<std::uint8_t>(held >> bits);
    }
  }
  return out;
}

}  // namespace call
