// SPDX-License-Identifier: Apache-2.0
// See id_token.h.
#include "identity/id_token.h"

#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
extern "C" {  // libjose's headers do not say it themselves
#include <jose/jose.h>
#include <jose/openssl.h>
}

#include <memory>

#include "crypto/base64url.h"

namespace identity {
namespace {

struct JsonEnd {
  void operator()(json_t* j) const { json_decref(j); }
};
using Json = std::unique_ptr<json_t, JsonEnd>;

Json parse(std::string_view text) { return Json(json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES, nullptr)); }

std::string text_at(const json_t* object, const char* key) {
  const json_t* v = json_object_get(object, key);
  return json_is_string(v) ? std::string(json_string_value(v), json_string_length(v)) : std::string();
}

// libjose writes what it finds wrong to the standard error by itself: not with this.
struct Quiet {
  Quiet() : cfg(jose_cfg()) { jose_cfg_set_err_func(cfg, [](void*, const char*, int, std::uint64_t, const char*, va_list) {}, nullptr); }
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { jose_cfg_decref(cfg); }
  jose_cfg_t* cfg;
};

// The kind of key that an allowed algorithm is of; empty where it is not allowed.
std::string_view kind_for(std::string_view algorithm) {
  if (algorithm == "RS256" || algorithm == "RS512") return "RSA";
  return algorithm == "ES256" ? "EC" : "";
}

bool fits(const json_t* key, const std::string& algorithm, const std::string& name) {
  if (text_at(key, "kty") != kind_for(algorithm)) return false;
  if (algorithm == "ES256" && text_at(key, "crv") != "P-256") return false;
  const std::string use = text_at(key, "use"), alg = text_at(key, "alg");
  if ((!use.empty() && use != "sig") || (!alg.empty() && alg != algorithm)) return false;
  if (kind_for(algorithm) == "RSA") {
    const auto modulus = crypto::from_base64url(text_at(key, "n"));
    if (!modulus || modulus->size() < 256) return false;
  }
  return name.empty() || text_at(key, "kid") == name;
}

struct Parts {
  std::string_view header, payload, signature;
};
std::optional<Parts> parts_of(std::string_view token) {
  const std::size_t one = token.find('.'), two = one == std::string_view::npos ? one : token.find('.', one + 1);
  if (two == std::string_view::npos || token.find('.', two + 1) != std::string_view::npos || token.size() > 32'768) return std::nullopt;
  return Parts{token.substr(0, one), token.substr(one + 1, two - one - 1), token.substr(two + 1)};
}

std::string decoded(std::string_view part) {
  const auto bytes = crypto::from_base64url(part);
  return bytes ? std::string(base::as_text(*bytes)) : std::string();
}

Json key_of(const base::Redacted<std::string>& pem) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(BIO_new_mem_buf(pem.get().data(), static_cast<int>(pem.get().size())), BIO_free);
  const auto no_password = [](char*, int, int, void*) { return -1; };
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(PEM_read_bio_PrivateKey(in.get(), nullptr, no_password, nullptr), EVP_PKEY_free);
  if (!key) return nullptr;
  const Quiet quiet;
  return Json(jose_openssl_jwk_from_EVP_PKEY(quiet.cfg, key.get()));
}

}  // namespace

base::Result<std::string, TokenFault> verified_payload(std::string_view token, std::string_view key_set) {
  const auto parts = parts_of(token);
  const Json header = parts ? parse(decoded(parts->header)) : nullptr;
  if (!json_is_object(header.get())) return std::unexpected(TokenFault::malformed);
  const std::string algorithm = text_at(header.get(), "alg"), name = text_at(header.get(), "kid");
  // RFC 7515 section 4.1.11: what we do not understand and must, we refuse.
  if (kind_for(algorithm).empty() || json_object_get(header.get(), "crit") != nullptr) return std::unexpected(TokenFault::not_allowed);
  const Json set = parse(key_set);
  const json_t* keys = json_object_get(set.get(), "keys");
  if (!json_is_array(keys)) return std::unexpected(TokenFault::no_key);
  const Json jws(json_pack("{s:s%,s:s%,s:s%}", "protected", parts->header.data(), parts->header.size(), "payload", parts->payload.data(),
                           parts->payload.size(), "signature", parts->signature.data(), parts->signature.size()));
  if (!jws) return std::unexpected(TokenFault::malformed);
  const Quiet quiet;
  bool met = false;
  std::size_t i = 0;
  json_t* key = nullptr;
  json_array_foreach(keys, i, key) {
    if (!json_is_object(key) || !fits(key, algorithm, name)) continue;
    met = true;
    if (jose_jws_ver(quiet.cfg, jws.get(), nullptr, key, false)) return decoded(parts->payload);
  }
  return std::unexpected(met ? TokenFault::wrong : TokenFault::no_key);
}

std::string signed_token(const base::Redacted<std::string>& pem, std::string_view claims) {
  const Json key = key_of(pem);
  if (!key) return {};
  const std::string kind = text_at(key.get(), "kty");
  const char* algorithm = kind == "EC" && text_at(key.get(), "crv") == "P-256" ? "ES256" : kind == "RSA" ? "RS256" : nullptr;
  if (algorithm == nullptr || !fits(key.get(), algorithm, {})) return {};
  const Quiet quiet;
  const Json thumbprint(jose_jwk_thp(quiet.cfg, key.get(), "S256"));
  const Json jws(json_pack("{s:o}", "payload", jose_b64_enc(claims.data(), claims.size())));
  const Json signature(json_pack("{s:{s:s,s:s,s:O}}", "protected", "alg", algorithm, "typ", "JWT", "kid", thumbprint.get()));
  if (!jws || !signature || !jose_jws_sig(quiet.cfg, jws.get(), signature.get(), key.get())) return {};
  return text_at(jws.get(), "protected") + "." + text_at(jws.get(), "payload") + "." + text_at(jws.get(), "signature");
}

}  // namespace identity
