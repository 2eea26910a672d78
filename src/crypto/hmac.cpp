// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA1 over OpenSSL's EVP_MAC, which keeps the keyed state between messages. A failure of the library (out of
// memory) throws: no tag is ever made up.
#include "crypto/hmac.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

#include <stdexcept>

namespace crypto {
namespace {

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  return algorithm;
}

}  // namespace

struct HmacSha1::Context {
  EVP_MAC_CTX* mac = nullptr;
  ~Context() { EVP_MAC_CTX_free(mac); }
};

HmacSha1::HmacSha1(base::Bytes key) : context_(std::make_unique<Context>()) {
  char digest[] = "SHA1";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  context_->mac = EVP_MAC_CTX_new(hmac_algorithm());
  if (context_->mac == nullptr || EVP_MAC_init(context_->mac, key.data(), key.size(), params) != 1)
    throw std::runtime_error("HMAC-SHA1 is not available");
}
HmacSha1::~HmacSha1() = default;

Sha1Tag HmacSha1::over(base::Bytes first, base::Bytes second) {
  Sha1Tag tag{};
  std::size_t size = 0;
  EVP_MAC_CTX* mac = context_->mac;
  if (EVP_MAC_init(mac, nullptr, 0, nullptr) != 1 || EVP_MAC_update(mac, first.data(), first.size()) != 1 ||
      EVP_MAC_update(mac, second.data(), second.size()) != 1 ||
      EVP_MAC_final(mac, tag.data(), &size, tag.size()) != 1 || size != tag.size())
    throw std::runtime_error("HMAC-SHA1 failed");
  return tag;
}

Sha1Tag hmac_sha1(base::Bytes key, base::Bytes message) { return HmacSha1(key).over(message, {}); }

bool equal_in_constant_time(base::Bytes a, base::Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace crypto
