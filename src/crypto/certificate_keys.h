// SPDX-License-Identifier: Apache-2.0
// What a Certificate owns in OpenSSL: the key, the certificate and the one DTLS context that all peers of the process
// share. Seen by crypto/ and transport/dtls only. Immutable once made, so threads may share it (SSL_CTX counts
// references itself).
#pragma once
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>

#include "crypto/certificate.h"

namespace crypto {

template <auto Free>
struct Deleter {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using PrivateKey = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using X509Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using DtlsContext = std::unique_ptr<SSL_CTX, Deleter<SSL_CTX_free>>;

struct Certificate::Keys {
  PrivateKey key;
  X509Certificate certificate;
  DtlsContext dtls;  // DTLS 1.2, both roles; see dtls_context.cpp
  Fingerprint fingerprint;
};

// SHA-256 over the DER form (RFC 8122 section 5).
[[nodiscard]] Fingerprint fingerprint_of(const X509* certificate);
// Throws std::runtime_error where OpenSSL refuses (start-up failure).
[[nodiscard]] DtlsContext make_dtls_context(X509* certificate, EVP_PKEY* key);

}  // namespace crypto
