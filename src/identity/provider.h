// SPDX-License-Identifier: Apache-2.0
// OpenID Connect as a client, the parts without I/O: what discovery said (OpenID Connect Discovery 1.0), where a browser is sent
// (Core 1.0 section 3.1.2.1, with PKCE, RFC 7636), what the code is exchanged with (section 3.1.3; client_secret_basic and _post,
// private_key_jwt), and what an ID token must say (section 3.1.3.7). Not here: signatures (id_token), HTTP (provider_routes).
// Pure; time is a parameter. Any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/redacted.h"
#include "base/result.h"

namespace identity {

struct ProviderSettings {
  std::string issuer, client_id, redirect;      // redirect: the address of ours that the browser comes back to
  base::Redacted<std::string> secret;           // or:
  base::Redacted<std::string> key;              // PEM, private
  bool secret_in_body = false;
  std::string acr, amr;                         // empty: not asked for
  bool has_second_factor = false;               // each sign-in there asks for one, whether or not its tokens say so
  std::string button;
};

enum class ProviderFault : std::uint8_t {
  unreachable,      // the provider, or an answer that is none
  refused,          // the provider said no (the person changed their mind, or may not)
  discovery,        // its document is not that of the issuer, or lacks what we need
  signature,        // no key of it made this token, or by an algorithm that is not ours
  claims,           // the token is for another, over, or of another sign-in
  factor,           // acr or amr that were asked for are not there
};

struct Discovery {
  std::string authorization, token, keys;  // addresses
};
[[nodiscard]] base::Result<Discovery, ProviderFault> read_discovery(std::string_view text, const std::string& issuer);

// What one sign-in is bound by; each 43 characters of base64url.
struct Binding {
  std::string state, nonce, verifier;
};
// `again`: the person must show anew who they are, also where the provider still knows them (prompt=login, max_age=0); else where they
// have not done so for `idle`.
[[nodiscard]] std::string authorization_address(const ProviderSettings&, const Discovery&, const Binding&, bool again, base::Duration idle);

struct TokenForm {
  std::string body;           // application/x-www-form-urlencoded
  std::string authorization;  // header, or empty
};
// `assertion`: the signed JWT of private_key_jwt, or empty.
[[nodiscard]] TokenForm token_form(const ProviderSettings&, std::string_view code, const Binding&, std::string_view assertion);
// Claims of that JWT (RFC 7523 section 3); its audience is the issuer.
[[nodiscard]] std::string assertion_claims(const ProviderSettings&, std::string_view id, base::WallTime now);
[[nodiscard]] base::Result<std::string, ProviderFault> read_id_token(std::string_view token_answer);

struct Identity {
  std::string subject;  // "issuer|sub"
  std::string email;    // normalised, and only where the provider calls it verified; else empty
  bool second_factor = false;  // was shown there: the acr or amr that was asked for, amr "mfa" (RFC 8176 section 2), or settled for the provider
};
// `claims`: the payload of a token whose signature was checked. They must have shown who they are since `shown`; `said`: and the token must say when that was.
struct Shown {
  base::WallTime since;
  bool said = false;
};
[[nodiscard]] base::Result<Identity, ProviderFault> read_claims(std::string_view claims, const ProviderSettings&, std::string_view nonce, const Shown& shown,
                                                                base::WallTime now);

}  // namespace identity
