// SPDX-License-Identifier: Apache-2.0
// JSON Web Signatures by libjose (RFC 7515): ID tokens against a provider's key set (RFC 7517), and our own assertions for
// private_key_jwt. Algorithms from an allow-list: RS256, RS512, ES256; never "none", never a shared secret, never an algorithm of
// another kind of key than the one in the set. Not here: claims (provider.h), fetching. Any thread.
#pragma once
#include <string>
#include <string_view>

#include "base/redacted.h"
#include "identity/provider.h"

namespace identity {

enum class TokenFault : std::uint8_t {
  malformed,    // no token
  not_allowed,  // an algorithm or a header that is not ours
  no_key,       // the set has no key of that name: it may have been turned
  wrong,        // the signature is not of that key
};
// The payload (JSON text) of a compact token that one of the set's keys signed.
[[nodiscard]] base::Result<std::string, TokenFault> verified_payload(std::string_view token, std::string_view key_set);

// A compact JWT of `claims`, signed by a private key in PEM: ES256 for P-256, RS256 for RSA of 2048 bits and more; its "kid" is
// the key's thumbprint (RFC 7638). Empty where the key is neither.
[[nodiscard]] std::string signed_token(const base::Redacted<std::string>& pem, std::string_view claims);

}  // namespace identity
