// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA1 (RFC 2104) over OpenSSL's SHA-1, by its low-level interface. That one is deprecated, and taken on purpose in this
// file alone: OpenSSL 3.0's EVP_MAC and EVP_Digest allocate a state with every message, which here is every packet.
// Invariant: what depends on the key is erased where it ends.
#undef OPENSSL_NO_DEPRECATED_3_0
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hmac.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <stdexcept>

namespace crypto {
namespace {

void check(int answer) {
  if (answer != 1) throw std::runtime_error("SHA-1 failed");  // it cannot; but no tag is ever made up
}

Sha1Tag finish(SHA_CTX& state) {
  Sha1Tag out{};
  check(SHA1_Final(out.data(), &state));
  return out;
}

// The states after the key's inner and outer block.
class Keyed {
 public:
  explicit Keyed(base::Bytes key) {
    std::array<std::uint8_t, SHA_CBLOCK> block{};
    if (key.size() > block.size()) {
      SHA_CTX state;
      check(SHA1_Init(&state));
      check(SHA1_Update(&state, key.data(), key.size()));
      std::ranges::copy(finish(state), block.begin());
    } else {
      std::ranges::copy(key, block.begin());
    }
    begin(inner_, block, 0x36);
    begin(outer_, block, 0x36 ^ 0x5c);
    OPENSSL_cleanse(block.data(), block.size());
  }
  ~Keyed() {
    OPENSSL_cleanse(&inner_, sizeof(inner_));
    OPENSSL_cleanse(&outer_, sizeof(outer_));
  }
  Keyed(const Keyed&) = delete;
  Keyed& operator=(const Keyed&) = delete;
  [[nodiscard]] Sha1Tag over(base::Bytes first, base::Bytes second) const {
    SHA_CTX state = inner_;
    check(SHA1_Update(&state, first.data(), first.size()));
    check(SHA1_Update(&state, second.data(), second.size()));
    const auto hash = finish(state);
    state = outer_;
    check(SHA1_Update(&state, hash.data(), hash.size()));
    return finish(state);
  }

 private:
  static void begin(SHA_CTX& state, std::array<std::uint8_t, SHA_CBLOCK>& block, std::uint8_t pad) {
    for (auto& b : block) b = static_cast<std::uint8_t>(b ^ pad);
    check(SHA1_Init(&state));
    check(SHA1_Update(&state, block.data(), block.size()));
  }
  SHA_CTX inner_{}, outer_{};
};

}  // namespace

struct HmacSha1::Context {
  explicit Context(base::Bytes key) : keyed(key) {}
  Keyed keyed;
};

HmacSha1::HmacSha1(base::Bytes key) : context_(std::make_unique<Context>(key)) {}
HmacSha1::~HmacSha1() = default;

Sha1Tag HmacSha1::over(base::Bytes first, base::Bytes second) { return context_->keyed.over(first, second); }

Sha1Tag hmac_sha1(base::Bytes key, base::Bytes message) { return Keyed(key).over(message, {}); }

bool equal_in_constant_time(base::Bytes a, base::Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace crypto
