// SPDX-License-Identifier: Apache-2.0
// See provider.h.
#include "identity/provider.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/base64url.h"
#include "crypto/hmac.h"
#include "crypto/sealing.h"
#include "identity/account.h"

namespace identity {
namespace {

using boost::json::object;

constexpr std::int64_t kSkewSeconds = 60, kOldestSeconds = 600;

std::optional<object> parsed(std::string_view text) {
  auto v = base::json::parse(text, {.bytes = std::size_t{256} * 1024, .depth = 16});
  if (!v || !v->is_object()) return std::nullopt;
  return std::move(v->get_object());
}
std::string text_at(const object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string();
}
std::optional<std::int64_t> seconds_at(const object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return std::nullopt;
  if (v->is_int64()) return v->get_int64();
  // A NumericDate may have a fraction (RFC 7519 section 2).
  if (v->is_double() && v->get_double() > -1e15 && v->get_double() < 1e15) return static_cast<std::int64_t>(v->get_double());
  return std::nullopt;
}
bool holds(const boost::json::value* v, std::string_view text) {
  if (v == nullptr) return false;
  if (v->is_string()) return std::string_view(v->get_string()) == text;
  return v->is_array() && std::ranges::any_of(v->get_array(), [&](const auto& e) { return e.is_string() && std::string_view(e.get_string()) == text; });
}

// application/x-www-form-urlencoded, as RFC 6749 appendix B has it.
std::string form_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}
using Pairs = std::vector<std::pair<std::string_view, std::string>>;
std::string form_of(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += std::string(name) + "=" + form_encoded(value);
  }
  return out;
}

std::string basic(std::string_view id, std::string_view secret) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string in = form_encoded(id) + ":" + form_encoded(secret);  // RFC 6749 section 2.3.1
  std::string out;
  for (std::size_t i = 0; i < in.size(); i += 3) {
    std::uint32_t v = 0;
    for (std::size_t j = 0; j < 3; ++j) v = v << 8 | (i + j < in.size() ? static_cast<unsigned char>(in[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += i + j > in.size() ? '=' : kLetters[v >> (18 - 6 * j) & 63];
  }
  return "Basic " + out;
}

// Core 1.0 section 3.1.3.7, numbers as there.
bool good_times(const object& c, std::int64_t now) {
  const auto exp = seconds_at(c, "exp"), iat = seconds_at(c, "iat"), nbf = seconds_at(c, "nbf");
  if (!exp || !iat) return false;
  if (now >= *exp + kSkewSeconds) return false;                                       // 9
  if (*iat > now + kSkewSeconds || *iat < now - kOldestSeconds) return false;         // 10
  return !nbf || *nbf <= now + kSkewSeconds;
}
bool for_us(const object& c, const std::string& client_id) {
  const auto* aud = c.if_contains("aud");
  if (!holds(aud, client_id)) return false;                                           // 3
  const std::string azp = text_at(c, "azp");
  const bool several = aud->is_array() && aud->get_array().size() > 1;
  if (several && azp.empty()) return false;                                           // 4
  return azp.empty() || azp == client_id;                                             // 5
}

}  // namespace

base::Result<Discovery, ProviderFault> read_discovery(std::string_view text, const std::string& issuer) {
  const auto document = parsed(text);
  // Discovery 1.0 section 4.3: exactly the issuer that was asked.
  if (!document || text_at(*document, "issuer") != issuer) return std::unexpected(ProviderFault::discovery);
  Discovery out{.authorization = text_at(*document, "authorization_endpoint"), .token = text_at(*document, "token_endpoint"),
                .keys = text_at(*document, "jwks_uri")};
  if (out.authorization.empty() || out.token.empty() || out.keys.empty()) return std::unexpected(ProviderFault::discovery);
  return out;
}

std::string authorization_address(const ProviderSettings& s, const Discovery& d, const Binding& b, bool again, base::Duration idle) {
  const auto challenge = crypto::to_base64url(crypto::sha256(base::as_bytes(b.verifier)));  // RFC 7636 section 4.2
  Pairs pairs{{"response_type", "code"}, {"client_id", s.client_id},  {"redirect_uri", s.redirect}, {"scope", "openid email"},
              {"state", b.state},        {"nonce", b.nonce},          {"code_challenge", challenge}, {"code_challenge_method", "S256"}};
  if (!s.acr.empty()) pairs.emplace_back("acr_values", s.acr);
  if (again) pairs.emplace_back("prompt", "login");
  pairs.emplace_back("max_age", again ? "0" : std::to_string(idle.us / 1'000'000));  // Core 1.0 section 2: then auth_time is in the token
  return d.authorization + (d.authorization.find('?') == std::string::npos ? "?" : "&") + form_of(pairs);
}

TokenForm token_form(const ProviderSettings& s, std::string_view code, const Binding& b, std::string_view assertion) {
  Pairs pairs{{"grant_type", "authorization_code"}, {"code", std::string(code)}, {"redirect_uri", s.redirect}, {"code_verifier", b.verifier}};
  TokenForm out;
  if (!assertion.empty()) {
    pairs.emplace_back("client_id", s.client_id);
    pairs.emplace_back("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    pairs.emplace_back("client_assertion", std::string(assertion));
  } else if (s.secret_in_body) {
    pairs.emplace_back("client_id", s.client_id);
    pairs.emplace_back("client_secret", s.secret.get());
  } else {
    out.authorization = basic(s.client_id, s.secret.get());
  }
  out.body = form_of(pairs);
  return out;
}

std::string assertion_claims(const ProviderSettings& s, std::string_view id, base::WallTime now) {
  const std::int64_t seconds = now.us / 1'000'000;
  return base::json::print(object{{"iss", s.client_id}, {"sub", s.client_id}, {"aud", s.issuer}, {"jti", id}, {"iat", seconds}, {"exp", seconds + 60}});
}

base::Result<std::string, ProviderFault> read_id_token(std::string_view answer) {
  const auto o = parsed(answer);
  const std::string token = o ? text_at(*o, "id_token") : std::string();
  if (token.empty()) return std::unexpected(ProviderFault::unreachable);
  return token;
}

base::Result<Identity, ProviderFault> read_claims(std::string_view claims, const ProviderSettings& s, std::string_view nonce,
                                                  const Shown& shown, base::WallTime now) {
  const auto c = parsed(claims);
  if (!c) return std::unexpected(ProviderFault::claims);
  const std::string subject = text_at(*c, "sub"), given = text_at(*c, "nonce");
  const bool ours = text_at(*c, "iss") == s.issuer && for_us(*c, s.client_id) && good_times(*c, now.us / 1'000'000);  // 2
  const bool bound = crypto::equal_in_constant_time(base::as_bytes(given), base::as_bytes(nonce));                    // 11
  if (!ours || !bound || subject.empty() || subject.size() > 255) return std::unexpected(ProviderFault::claims);
  // 13. Not every provider says it unasked of a sign-in of now; of a lock that is opened it must be said.
  const auto at = seconds_at(*c, "auth_time");
  if (at ? *at < shown.since.us / 1'000'000 - kSkewSeconds : shown.said) return std::unexpected(ProviderFault::claims);
  if (!s.acr.empty() && text_at(*c, "acr") != s.acr) return std::unexpected(ProviderFault::factor);  // 12
  const auto* amr = c->if_contains("amr");
  const auto used = [&](const std::string& method) { return amr != nullptr && amr->is_array() && holds(amr, method); };
  if (!s.amr.empty() && !used(s.amr)) return std::unexpected(ProviderFault::factor);
  Identity out{.subject = s.issuer + "|" + subject, .email = {}, .second_factor = s.has_second_factor || !s.acr.empty() || !s.amr.empty() || used("mfa")};
  const auto* verified = c->if_contains("email_verified");
  if (verified != nullptr && verified->is_bool() && verified->get_bool()) out.email = normalised_email(text_at(*c, "email"));
  return out;
}

}  // namespace identity
