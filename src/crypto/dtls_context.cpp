// SPDX-License-Identifier: Apache-2.0
// The one OpenSSL context of the process for DTLS-SRTP: DTLS 1.2 only, ECDHE with ECDSA and AEAD ciphers only (RFC 8827
// section 6.5), both sides show a certificate, no renegotiation, no tickets, no resumption. That the certificate is the
// one named in SDP is checked by transport/dtls, which knows the fingerprint; no chain is ever trusted here.
#include <stdexcept>

#include "crypto/certificate_keys.h"

namespace crypto {
namespace {

constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305";
// RFC 5764 section 4.1.2 and RFC 7714 section 14.2, best first; the server's order decides.
constexpr const char* kSrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";

// Self-signed by design: what counts is the fingerprint (RFC 5763 section 5), compared by transport/dtls.
int leave_to_fingerprint(X509_STORE_CTX*, void*) { return 1; }

}  // namespace

DtlsContext make_dtls_context(X509* certificate, EVP_PKEY* key) {
  DtlsContext context(SSL_CTX_new(DTLS_method()));
  SSL_CTX* c = context.get();
  if (c == nullptr) throw std::runtime_error("cannot make a DTLS context");
  bool ok = SSL_CTX_set_min_proto_version(c, DTLS1_2_VERSION) == 1 &&
            SSL_CTX_set_max_proto_version(c, DTLS1_2_VERSION) == 1 && SSL_CTX_set_cipher_list(c, kCiphers) == 1 &&
            SSL_CTX_set1_groups_list(c, "X25519:P-256:P-384") == 1 && SSL_CTX_use_certificate(c, certificate) == 1 &&
            SSL_CTX_use_PrivateKey(c, key) == 1 &&
            SSL_CTX_set_tlsext_use_srtp(c, kSrtpProfiles) == 0;  // this one answers 0 for success
  if (!ok) throw std::runtime_error("cannot set up the DTLS context");
  SSL_CTX_set_options(
      c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(c, leave_to_fingerprint, nullptr);
  SSL_CTX_set_max_cert_list(c, 16 * 1024);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_quiet_shutdown(c, 0);
  return context;
}

}  // namespace crypto
