// SPDX-License-Identifier: Apache-2.0
// AES-128-GCM and AES-128-CTR: see aes.h. ipsec-mb's manager is a table of functions for this processor, made once and
// only read afterwards; its key data is aligned to 64 bytes as its assembly demands.
#include "crypto/aes.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <intel-ipsec-mb.h>

#include <stdexcept>

#include "crypto/hmac.h"

#include "base/prefetch.h"

namespace crypto {
namespace {

void require(bool ok) {
  if (!ok) throw std::runtime_error("AES failed");
}

int as_int(std::size_t size) { return static_cast<int>(size); }

// Null where the processor lacks AES-NI or PCLMULQDQ (ipsec-mb's emulation of AES is not constant in time).
IMB_MGR* ipsec_mb() {
  static IMB_MGR* const manager = []() -> IMB_MGR* {
    IMB_MGR* m = alloc_mb_mgr(0);
    if (m == nullptr) return nullptr;
    constexpr std::uint64_t kNeeded = IMB_FEATURE_AESNI | IMB_FEATURE_PCLMULQDQ;
    if ((m->features & kNeeded) == kNeeded) {
      init_mb_mgr_auto(m, nullptr);
      if (imb_get_errno(m) == 0) return m;
    }
    free_mb_mgr(m);
    return nullptr;
  }();
  return manager;
}

class IpsecMbGcm final : public AesGcm {
 public:
  explicit IpsecMbGcm(const Aes128Key& key) { IMB_AES128_GCM_PRE(ipsec_mb(), key.data(), &key_); }
  ~IpsecMbGcm() override { OPENSSL_cleanse(&key_, sizeof key_); }

  void seal(const GcmNonce& nonce, base::Bytes aad, base::Bytes plain, std::uint8_t* out) override {
    gcm_context_data state;
    IMB_AES128_GCM_ENC(ipsec_mb(), &key_, &state, out, plain.data(), plain.size(), nonce.data(), aad.data(), aad.size(),
                       out + plain.size(), kGcmTagSize);
  }
  bool open(const GcmNonce& nonce, base::Bytes aad, base::Bytes sealed, std::uint8_t* out) override {
    if (sealed.size() < kGcmTagSize) return false;
    const base::Bytes given = sealed.last(kGcmTagSize);
    const std::size_t size = sealed.size() - kGcmTagSize;
    gcm_context_data state;
    std::array<std::uint8_t, kGcmTagSize> tag;
    IMB_AES128_GCM_DEC(ipsec_mb(), &key_, &state, out, sealed.data(), size, nonce.data(), aad.data(), aad.size(),
                       tag.data(), kGcmTagSize);
    return equal_in_constant_time(tag, given);
  }

  // The round keys stand first, the powers of the hash key last, the lowest at the very end.
  void expect(std::size_t bytes) const override {
    constexpr std::size_t kRoundKeys = 11 * 16;
    base::prefetch(&key_, kRoundKeys);
    const std::size_t powers = std::min(bytes, sizeof key_ - kRoundKeys);
    base::prefetch(reinterpret_cast<const std::uint8_t*>(&key_) + sizeof key_ - powers, powers);
  }

 private:
  alignas(64) gcm_key_data key_;
};

const EVP_CIPHER* cipher(const char* name) { return EVP_CIPHER_fetch(nullptr, name, nullptr); }

class EvpGcm final : public AesGcm {
 public:
  explicit EvpGcm(const Aes128Key& key) : sealing_(EVP_CIPHER_CTX_new()), opening_(EVP_CIPHER_CTX_new()) {
    static const EVP_CIPHER* const kGcm = cipher("AES-128-GCM");
    require(sealing_ != nullptr && opening_ != nullptr);
    require(EVP_EncryptInit_ex2(sealing_, kGcm, key.data(), nullptr, nullptr) == 1);
    require(EVP_DecryptInit_ex2(opening_, kGcm, key.data(), nullptr, nullptr) == 1);
  }
  ~EvpGcm() override {
    EVP_CIPHER_CTX_free(sealing_);
    EVP_CIPHER_CTX_free(opening_);
  }

  void seal(const GcmNonce& nonce, base::Bytes aad, base::Bytes plain, std::uint8_t* out) override {
    int n = 0;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, out + plain.size(), kGcmTagSize),
        OSSL_PARAM_construct_end()};
    require(EVP_EncryptInit_ex2(sealing_, nullptr, nullptr, nonce.data(), nullptr) == 1);
    require(aad.empty() || EVP_EncryptUpdate(sealing_, nullptr, &n, aad.data(), as_int(aad.size())) == 1);
    require(plain.empty() || EVP_EncryptUpdate(sealing_, out, &n, plain.data(), as_int(plain.size())) == 1);
    require(EVP_EncryptFinal_ex(sealing_, out + plain.size(), &n) == 1);
    require(EVP_CIPHER_CTX_get_params(sealing_, params) == 1);
  }
  bool open(const GcmNonce& nonce, base::Bytes aad, base::Bytes sealed, std::uint8_t* out) override {
    if (sealed.size() < kGcmTagSize) return false;
    const base::Bytes body = sealed.first(sealed.size() - kGcmTagSize);
    std::array<std::uint8_t, kGcmTagSize> tag;
    std::memcpy(tag.data(), sealed.data() + body.size(), kGcmTagSize);
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag.data(), tag.size()),
                                 OSSL_PARAM_construct_end()};
    int n = 0;
    require(EVP_DecryptInit_ex2(opening_, nullptr, nullptr, nonce.data(), params) == 1);
    require(aad.empty() || EVP_DecryptUpdate(opening_, nullptr, &n, aad.data(), as_int(aad.size())) == 1);
    require(body.empty() || EVP_DecryptUpdate(opening_, out, &n, body.data(), as_int(body.size())) == 1);
    std::uint8_t none[16];
    return EVP_DecryptFinal_ex(opening_, none, &n) == 1;
  }

 private:
  EVP_CIPHER_CTX* sealing_;
  EVP_CIPHER_CTX* opening_;
};

}  // namespace

std::string_view gcm_engine_name(GcmEngine wanted) {
  return wanted == GcmEngine::automatic && ipsec_mb() != nullptr ? "ipsec-mb" : "evp";
}

std::unique_ptr<AesGcm> make_aes_gcm(const Aes128Key& key, GcmEngine engine) {
  if (engine == GcmEngine::automatic && ipsec_mb() != nullptr) return std::make_unique<IpsecMbGcm>(key);
  return std::make_unique<EvpGcm>(key);
}

struct AesCtr::Context {
  EVP_CIPHER_CTX* cipher = nullptr;
  ~Context() { EVP_CIPHER_CTX_free(cipher); }
};

AesCtr::AesCtr(const Aes128Key& key) : context_(std::make_unique<Context>()) {
  static const EVP_CIPHER* const kCtr = cipher("AES-128-CTR");
  context_->cipher = EVP_CIPHER_CTX_new();
  require(context_->cipher != nullptr &&
          EVP_EncryptInit_ex2(context_->cipher, kCtr, key.data(), nullptr, nullptr) == 1);
}
AesCtr::~AesCtr() = default;

void AesCtr::apply(const std::array<std::uint8_t, 16>& counter, base::Bytes in, std::uint8_t* out) {
  if (in.empty()) return;
  int n = 0;
  require(EVP_EncryptInit_ex2(context_->cipher, nullptr, nullptr, counter.data(), nullptr) == 1);
  require(EVP_EncryptUpdate(context_->cipher, out, &n, in.data(), as_int(in.size())) == 1);
}

void wipe(base::MutableBytes secret) { OPENSSL_cleanse(secret.data(), secret.size()); }

}  // namespace crypto
