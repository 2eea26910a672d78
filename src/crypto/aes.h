// SPDX-License-Identifier: Apache-2.0
// AES-128 in the two modes that SRTP uses: GCM (NIST SP 800-38D, 16-byte tag), by ipsec-mb where the processor has what
// it needs and by OpenSSL EVP elsewhere, and counter mode (by EVP). One key an object. Not here: nonces; that a nonce
// never comes twice under one key is the caller's duty. One object belongs to one thread. Keys are wiped on
// destruction.
#pragma once
#include <array>
#include <memory>
#include <span>

#include "base/bytes.h"

namespace crypto {

using Aes128Key = std::array<std::uint8_t, 16>;
using GcmNonce = std::array<std::uint8_t, 12>;
inline constexpr std::size_t kGcmTagSize = 16;

// automatic: ipsec-mb where the processor has AES-NI and PCLMULQDQ, else evp. evp: valgrind, or media.ipsec_mb = false.
enum class GcmEngine : std::uint8_t { automatic, evp };
// What `wanted` comes to on this machine, for logs and benchmarks: "ipsec-mb" or "evp".
[[nodiscard]] std::string_view gcm_engine_name(GcmEngine wanted);

class AesGcm {
 public:
  AesGcm() = default;
  AesGcm(const AesGcm&) = delete;
  AesGcm& operator=(const AesGcm&) = delete;
  virtual ~AesGcm() = default;
  // seal() of about so many bytes follows: a hint (base/prefetch.h).
  virtual void expect(std::size_t) const {}
  // Writes plain.size() bytes and then the tag to `out`, which may be plain.data() but not overlap otherwise.
  virtual void seal(const GcmNonce& nonce, base::Bytes aad, base::Bytes plain, std::uint8_t* out) = 0;
  // `sealed` ends with the tag. Writes sealed.size() - 16 bytes to `out` (may be sealed.data()). False where the tag is
  // wrong: `out` then holds nothing of use and must not be read.
  [[nodiscard]] virtual bool open(const GcmNonce& nonce, base::Bytes aad, base::Bytes sealed, std::uint8_t* out) = 0;
};
// Throws std::runtime_error where neither engine works.
[[nodiscard]] std::unique_ptr<AesGcm> make_aes_gcm(const Aes128Key& key, GcmEngine engine);

class AesCtr {
 public:
  explicit AesCtr(const Aes128Key& key);
  ~AesCtr();
  AesCtr(const AesCtr&) = delete;
  AesCtr& operator=(const AesCtr&) = delete;
  // Encrypts or decrypts from `in` to `out`, which may be in.data() but not overlap otherwise.
  void apply(const std::array<std::uint8_t, 16>& counter, base::Bytes in, std::uint8_t* out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// Overwrites a key so that the compiler cannot leave it out.
void wipe(base::MutableBytes secret);

}  // namespace crypto
