// SPDX-License-Identifier: Apache-2.0
// Makes the self-signed DTLS certificate (ECDSA P-256, RFC 8827 section 6.5) and reads and writes its fingerprint. The
// subject says nothing about the installation: "quietroom" for all. Entropy (of the key) is OpenSSL's own.
#include "crypto/certificate.h"

#include <openssl/ec.h>

#include <cctype>
#include <stdexcept>

#include "crypto/certificate_keys.h"

namespace crypto {
namespace {

constexpr std::string_view kPrefix = "sha-256";
constexpr long kDaySeconds = 86'400;

void require(bool ok, const char* what) {
  if (!ok) throw std::runtime_error(what);
}

X509Certificate self_sign(EVP_PKEY* key) {
  X509Certificate certificate(X509_new());
  require(certificate != nullptr, "cannot make a certificate");
  X509* x = certificate.get();
  // The serial number is taken from the key, which is random and new each time.
  std::array<std::uint8_t, 32> digest{};
  unsigned int size = 0;
  require(X509_set_pubkey(x, key) == 1 && X509_pubkey_digest(x, EVP_sha256(), digest.data(), &size) == 1,
          "cannot set the key of a certificate");
  const std::uint64_t serial = base::load_u64(digest.data());
  // RFC 5280 section 4.1.2.2: positive. A day of slack for a client whose clock is behind.
  require(X509_set_version(x, X509_VERSION_3) == 1 &&
              ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), (serial >> 1) | 1) == 1 &&
              X509_gmtime_adj(X509_getm_notBefore(x), -kDaySeconds) != nullptr &&
              X509_gmtime_adj(X509_getm_notAfter(x), 365 * kDaySeconds) != nullptr,
          "cannot fill a certificate");
  X509_NAME* name = X509_get_subject_name(x);
  const auto* text = reinterpret_cast<const unsigned char*>("quietroom");
  require(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0) == 1 &&
              X509_set_issuer_name(x, name) == 1 && X509_sign(x, key, EVP_sha256()) > 0,
          "cannot sign a certificate");
  return certificate;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::string to_text(const Fingerprint& fingerprint) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out(kPrefix);
  char separator = ' ';
  for (const std::uint8_t byte : fingerprint.sha256) {
    out += separator;
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
    separator = ':';
  }
  return out;
}

base::Result<Fingerprint, base::ParseError> parse_fingerprint(std::string_view text) {
  // RFC 8122 section 5: the name of the hash function is case-insensitive, the digits are upper case; we take both
  // cases.
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return base::Unexpected(base::ParseError::malformed);
  const auto hash = text.substr(0, space);
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  if (hash.size() != kPrefix.size() || !std::equal(hash.begin(), hash.end(), kPrefix.begin(), same))
    return base::Unexpected(base::ParseError::unsupported);
  const auto digits = text.substr(space + 1);
  Fingerprint out;
  if (digits.size() != out.sha256.size() * 3 - 1) return base::Unexpected(base::ParseError::malformed);
  for (std::size_t i = 0; i < out.sha256.size(); ++i) {
    const int high = hex_digit(digits[i * 3]);
    const int low = hex_digit(digits[i * 3 + 1]);
    const bool separated = i == 0 || digits[i * 3 - 1] == ':';
    if (high < 0 || low < 0 || !separated) return base::Unexpected(base::ParseError::malformed);
    out.sha256[i] = static_cast<std::uint8_t>((high << 4) | low);
  }
  return out;
}

Fingerprint fingerprint_of(const X509* certificate) {
  Fingerprint out;
  unsigned int size = 0;
  if (X509_digest(certificate, EVP_sha256(), out.sha256.data(), &size) != 1 || size != out.sha256.size()) return {};
  return out;
}

std::shared_ptr<const Certificate> Certificate::make_self_signed() {
  auto keys = std::make_unique<Keys>();
  keys->key.reset(EVP_EC_gen("P-256"));
  require(keys->key != nullptr, "cannot make an ECDSA key");
  keys->certificate = self_sign(keys->key.get());
  keys->fingerprint = fingerprint_of(keys->certificate.get());
  keys->dtls = make_dtls_context(keys->certificate.get(), keys->key.get());
  return std::shared_ptr<const Certificate>(new Certificate(std::move(keys)));
}

Certificate::Certificate(std::unique_ptr<Keys> keys) : keys_(std::move(keys)) {}
Certificate::~Certificate() = default;
const Fingerprint& Certificate::fingerprint() const { return keys_->fingerprint; }
const Certificate::Keys& Certificate::keys() const { return *keys_; }

}  // namespace crypto
