// SPDX-License-Identifier: Apache-2.0
// The DTLS certificate of this process: self-signed ECDSA P-256, made at start, known to peers by its SHA-256
// fingerprint in SDP (RFC 8122). Not here: the TLS certificate of the web server (net/).
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace crypto {

struct Fingerprint {
  std::array<std::uint8_t, 32> sha256{};
  auto operator<=>(const Fingerprint&) const = default;
};
// "sha-256 AB:CD:…" as in a=fingerprint, both ways.
[[nodiscard]] std::string to_text(const Fingerprint&);
[[nodiscard]] base::Result<Fingerprint, base::ParseError> parse_fingerprint(std::string_view text);

class Certificate {
 public:
  // Throws std::runtime_error where OpenSSL cannot make one (start-up failure).
  [[nodiscard]] static std::shared_ptr<const Certificate> make_self_signed();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  [[nodiscard]] const Fingerprint& fingerprint() const;
  struct Keys;  // the OpenSSL owners, seen by crypto/ and transport/dtls only through certificate_keys.h
  [[nodiscard]] const Keys& keys() const;

 private:
  explicit Certificate(std::unique_ptr<Keys>);
  std::unique_ptr<Keys> keys_;
};

}  // namespace crypto
