// SPDX-License-Identifier: Apache-2.0
// Sign-in through a provider: tokens that must be refused, and the whole way against a provider played by the test.
#include <jansson.h>
extern "C" {
#include <jose/jose.h>
}

#include "crypto/base64url.h"
#include "identity/id_token.h"
#include "identity/office_for_tests.h"
#include "identity/provider_routes.h"

namespace {

using base::Redacted;
using identity::ProviderFault;
using identity::test::Answer;
using identity::ProviderSettings;
using identity::TokenFault;

constexpr const char* kIssuer = "https://login.example.org";

// A key pair as JSON, and what it signs; by libjose, as another program would.
class Key {
 public:
  Key(const char* algorithm, const char* name) : algorithm_(algorithm), name_(name) {
    key_ = json_pack("{s:s,s:s,s:s}", "alg", algorithm, "kid", name, "use", "sig");
    EXPECT_TRUE(jose_jwk_gen(nullptr, key_));
  }
  ~Key() { json_decref(key_); }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  [[nodiscard]] std::string sign(const std::string& claims, const char* extra = nullptr) const {
    json_t* jws = json_pack("{s:o}", "payload", jose_b64_enc(claims.data(), claims.size()));
    json_t* header = json_pack("{s:{s:s,s:s}}", "protected", "alg", algorithm_.c_str(), "kid", name_.c_str());
    if (extra != nullptr) json_object_set_new(json_object_get(header, "protected"), extra, json_pack("[s]", "x"));
    EXPECT_TRUE(jose_jws_sig(nullptr, jws, header, key_));
    const std::string out = std::string(json_string_value(json_object_get(jws, "protected"))) + "." +
                            json_string_value(json_object_get(jws, "payload")) + "." + json_string_value(json_object_get(jws, "signature"));
    json_decref(jws);
    json_decref(header);
    return out;
  }
  // As the provider publishes it.
  [[nodiscard]] std::string set() const {
    json_t* copy = json_deep_copy(key_);
    if (std::string_view(json_string_value(json_object_get(key_, "kty"))) != "oct") EXPECT_TRUE(jose_jwk_pub(nullptr, copy));
    json_t* all = json_pack("{s:[o]}", "keys", copy);
    char* text = json_dumps(all, 0);
    std::string out(text);
    std::free(text);
    json_decref(all);
    return out;
  }

 private:
  std::string algorithm_, name_;
  json_t* key_;
};

TEST(IdToken, is_taken_by_three_algorithms) {
  for (const char* algorithm : {"RS256", "RS512", "ES256"}) {
    const Key key(algorithm, "one");
    const auto payload = identity::verified_payload(key.sign(R"({"sub":"1"})"), key.set());
    ASSERT_TRUE(payload) << algorithm;
    EXPECT_EQ(*payload, R"({"sub":"1"})");
  }
}

TEST(IdToken, is_refused_by_every_other_algorithm) {
  for (const char* algorithm : {"ES384", "PS256", "RS384", "HS256"}) {
    const Key key(algorithm, "one");
    EXPECT_EQ(identity::verified_payload(key.sign("{}"), key.set()).error(), TokenFault::not_allowed) << algorithm;
  }
  const auto encoded = [](std::string_view text) { return crypto::to_base64url(base::as_bytes(text)); };
  const Key key("ES256", "one");
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"None","kid":"one"})", R"({})", R"({"alg":["ES256"]})", R"({"alg":""})"})
    EXPECT_EQ(identity::verified_payload(encoded(header) + "." + encoded("{}") + ".", key.set()).error(), TokenFault::not_allowed) << header;
}

TEST(IdToken, a_changed_byte_another_key_and_a_key_of_another_kind_are_refused) {
  const Key key("ES256", "one"), other("ES256", "one"), renamed("ES256", "two"), rsa("RS256", "one");
  const std::string token = key.sign(R"({"sub":"1"})");
  EXPECT_EQ(identity::verified_payload(token, other.set()).error(), TokenFault::wrong);
  EXPECT_EQ(identity::verified_payload(token, renamed.set()).error(), TokenFault::no_key);
  EXPECT_EQ(identity::verified_payload(token, rsa.set()).error(), TokenFault::no_key);
  std::string changed = token;
  changed[token.find('.') + 3] = changed[token.find('.') + 3] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(identity::verified_payload(changed, key.set()));
  EXPECT_EQ(identity::verified_payload(key.sign("{}", "crit"), key.set()).error(), TokenFault::not_allowed);
  for (const char* text : {"", ".", "..", "a.b.c", "a.b.c.d", "e30.e30"}) EXPECT_FALSE(identity::verified_payload(text, key.set())) << text;
  for (const char* set : {"", "[]", "{}", R"({"keys":5})", R"({"keys":[5,{}]})"}) EXPECT_FALSE(identity::verified_payload(token, set)) << set;
}

TEST(IdToken, an_assertion_of_ours_is_signed_so_that_its_public_key_takes_it) {
  constexpr const char* kPem =
      "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\n"
      "OF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n-----END PRIVATE KEY-----\n";
  const std::string token = identity::signed_token(Redacted<std::string>(kPem), R"({"iss":"q"})");
  ASSERT_FALSE(token.empty());
  const std::string set = R"({"keys":[{"kty":"EC","crv":"P-256","x":"EVs_o5-uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf84","y":"kGe5DgSIycKp8w9aJmoHhB1sB3QTugfnRWm5nU_TzsY"}]})";
  // The set's key has no name, and a token's name must be met: it is given one here.
  const auto header = crypto::from_base64url(token.substr(0, token.find('.')));
  const auto named = base::json::parse(base::as_text(*header), {});
  const std::string kid(named->at("kid").as_string());
  std::string with_name = set;
  with_name.insert(with_name.find("\"crv\""), "\"kid\":\"" + kid + "\",");
  EXPECT_EQ(identity::verified_payload(token, with_name).value_or(""), R"({"iss":"q"})");
  EXPECT_EQ(identity::signed_token(Redacted<std::string>(std::string("no key")), "{}"), "");
}

TEST(ProviderClaims, each_that_is_wrong_is_refused) {
  const ProviderSettings s{.issuer = kIssuer, .client_id = "quietroom", .redirect = {}, .secret = {}, .key = {}, .acr = {}, .amr = {}, .button = {}};
  const base::WallTime now{1'763'863'200'000'000};
  const auto claims = [](std::string_view change) {
    return R"({"iss":"https://login.example.org","sub":"77","aud":"quietroom","exp":1763863500,"iat":1763863190,"nonce":"n","email":"Robin@Example.org","email_verified":true)" +
           std::string(change) + "}";
  };
  const auto good = identity::read_claims(claims(""), s, "n", {}, now);
  ASSERT_TRUE(good);
  EXPECT_EQ(good->subject, "https://login.example.org|77");
  EXPECT_EQ(good->email, "robin@example.org");
  EXPECT_FALSE(good->second_factor);
  EXPECT_FALSE(identity::read_claims(claims(R"(,"amr":["pwd"],"acr":"mfa")"), s, "n", {}, now)->second_factor) << "a class that nobody agreed on says nothing";
  EXPECT_TRUE(identity::read_claims(claims(R"(,"amr":["pwd","mfa"])"), s, "n", {}, now)->second_factor);
  // Of a key given twice the last counts.
  for (const char* change : {R"(,"iss":"https://other.example.org")", R"(,"aud":"other")", R"(,"aud":["quietroom","other"])", R"(,"azp":"other")",
                             R"(,"exp":1763863100)", R"(,"iat":1763863500)", R"(,"iat":1763862000)", R"(,"nonce":"m")", R"(,"sub":"")", R"(,"sub":5)",
                             R"(,"exp":"1763863500")", R"(,"nbf":1763863400)", R"(,"aud":[])"})
    EXPECT_EQ(identity::read_claims(claims(change), s, "n", {}, now).error(), ProviderFault::claims) << change;
  for (const char* change : {R"(,"aud":["quietroom"])", R"(,"aud":["quietroom","other"],"azp":"quietroom")", R"(,"nbf":1763863200)"})
    EXPECT_TRUE(identity::read_claims(claims(change), s, "n", {}, now)) << change;
  for (const char* change : {R"(,"email_verified":false)", R"(,"email_verified":"true")", R"(,"email":5)"})
    EXPECT_EQ(identity::read_claims(claims(change), s, "n", {}, now)->email, "") << change;
  ProviderSettings trusted = s;
  trusted.has_second_factor = true;
  EXPECT_TRUE(identity::read_claims(claims(""), trusted, "n", {}, now)->second_factor);
  ProviderSettings strict = s;
  strict.amr = "mfa";
  EXPECT_EQ(identity::read_claims(claims(""), strict, "n", {}, now).error(), ProviderFault::factor);
  EXPECT_TRUE(identity::read_claims(claims(R"(,"amr":["pwd","mfa"])"), strict, "n", {}, now)->second_factor);
  strict.acr = "urn:mfa";
  EXPECT_EQ(identity::read_claims(claims(R"(,"amr":["mfa"],"acr":"urn:pwd")"), strict, "n", {}, now).error(), ProviderFault::factor);
}

TEST(Outbound, goes_to_https_and_to_this_machine_alone) {
  for (const char* good : {"https://login.example.org", "https://login.example.org/a?b", "http://localhost:9000/x", "http://127.0.0.1", "http://[::1]:80/"})
    EXPECT_TRUE(http::good_outbound_address(good)) << good;
  for (const char* bad : {"http://login.example.org", "ftp://localhost", "file:///etc/passwd", "https://", "http://localhost@elsewhere.example",
                          "http://localhost.elsewhere.example", "https://a b", "//localhost", "http://127.0.0.1.example", "http://[::2]/"})
    EXPECT_FALSE(http::good_outbound_address(bad)) << bad;
}

// The provider, played by the test: one document, one key set, one token.
class PlayedProvider final : public http::Outbound {
 public:
  base::Result<http::OutboundAnswer, http::OutboundError> send(const http::OutboundRequest& r) override {
    asked.push_back(r);
    if (gone) return std::unexpected(http::OutboundError::unreachable);
    std::string text = R"({"id_token":")" + token + R"("})";
    if (r.url.ends_with("openid-configuration"))
      text = R"({"issuer":"https://login.example.org","authorization_endpoint":"https://login.example.org/auth","token_endpoint":"https://login.example.org/token","jwks_uri":"https://login.example.org/jwks"})";
    if (r.url.ends_with("/jwks")) text = keys;
    return http::OutboundAnswer{.status = r.url.ends_with("/token") ? token_status : 200, .body = Redacted<std::string>(text)};
  }
  std::vector<http::OutboundRequest> asked;
  std::string token, keys;
  int token_status = 200;
  bool gone = false;
};

class SignInByProvider : public identity::test::OfficeOnBothDatabases {
 protected:
  void SetUp() override {
    OfficeOnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    identity::add_provider_routes(site, *office, provider);
    played.keys = key.set();
  }
  struct Began {
    std::string address, state, nonce, browser;
  };
  static std::string part(const std::string& address, const std::string& name) {
    const std::size_t at = address.find(name + "=") + name.size() + 1;
    return address.substr(at, address.find('&', at) - at);
  }
  Began begin() {
    Browser b;
    return begin(b, "");
  }
  Began begin(Browser& b, const std::string& how) {
    const auto answer = get(b, "/api/sign-in/provider" + how);
    EXPECT_EQ(answer.status, 303);
    const std::string address(answer.header("Location")), set(answer.header("Set-Cookie"));
    return {address, part(address, "state"), part(address, "nonce"), set.substr(0, set.find(';'))};
  }
  Answer come_back(Browser& b, const Began& began, const std::string& more = "&code=c0de") {
    return ask(b, http::Method::get, "/api/sign-in/provider/back?state=" + began.state + more, "", {{"Cookie", began.browser}});
  }
  std::string claims(const Began& began, const std::string& change = "") const {
    const std::int64_t s = now.wall.us / 1'000'000;
    return R"({"iss":"https://login.example.org","sub":"77","aud":"quietroom","exp":)" + std::to_string(s + 300) + R"(,"iat":)" + std::to_string(s) +
           R"(,"nonce":")" + began.nonce + R"(","email":"robin@example.org","email_verified":true)" + change + "}";
  }
  // Everything up to the answer of the back route.
  Answer whole(Browser& b, const std::string& change = "") {
    const Began began = begin();
    played.token = key.sign(claims(began, change));
    return come_back(b, began);
  }
  const Key key{"ES256", "one"};
  PlayedProvider played;
  identity::Provider provider{{.issuer = kIssuer, .client_id = "quietroom", .redirect = "https://groups.example.org/api/sign-in/provider/back",
                               .secret = Redacted<std::string>(std::string("s+cret")), .key = {}, .secret_in_body = false, .acr = {}, .amr = {}, .has_second_factor = true, .button = "Trust"},
                              played};
};
QUIETROOM_ON_BOTH_DATABASES(SignInByProvider);

TEST_P(SignInByProvider, binds_an_account_that_an_administrator_made_and_finds_it_by_its_subject_from_then_on) {
  const auto staff = add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser b;
  const auto answer = whole(b);
  EXPECT_EQ(answer.header("Location"), "/staff");
  EXPECT_EQ(get(b, "/api/me").at("/id"), staff.text);
  EXPECT_EQ(audited("provider-bound"), 1);
  Browser later;
  EXPECT_EQ(whole(later, R"(,"email":"another@example.org")").header("Location"), "/staff") << "the subject counts now";
  EXPECT_EQ(get(later, "/api/me").at("/id"), staff.text);
  Browser other;
  EXPECT_EQ(whole(other, R"(,"sub":"78")").header("Location"), "/staff/sign-in?problem=not-known") << "the same e-mail of another subject";
}

TEST_P(SignInByProvider, sends_the_challenge_and_keeps_the_verifier) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  const Began began = begin();
  EXPECT_TRUE(began.address.starts_with("https://login.example.org/auth?response_type=code&client_id=quietroom&redirect_uri=https%3A%2F%2Fgroups.example.org%2F"));
  EXPECT_EQ(part(began.address, "code_challenge_method"), "S256");
  played.token = key.sign(claims(began));
  Browser b;
  EXPECT_EQ(come_back(b, began).header("Location"), "/staff");
  const auto& token_request = *std::ranges::find_if(played.asked, [](const auto& r) { return r.url.ends_with("/token"); });
  const std::string verifier = part(token_request.body.get(), "code_verifier");
  EXPECT_EQ(verifier.size(), 43U);
  EXPECT_EQ(crypto::to_base64url(crypto::sha256(base::as_bytes(verifier))), part(began.address, "code_challenge"));
  EXPECT_EQ(http::find_header(token_request.headers, "Authorization"), "Basic cXVpZXRyb29tOnMlMkJjcmV0");
}

TEST_P(SignInByProvider, opens_a_lock_for_the_same_person_who_has_shown_it_anew) {
  const auto robin = add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  add("hazel@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser page;
  ASSERT_EQ(whole(page).header("Location"), "/staff");
  EXPECT_EQ(get(page, "/api/me").at("/password"), "true");
  {
    auto t = pool().write();
    t->run("UPDATE account SET password_hash = NULL WHERE staff = $1", robin);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(get(page, "/api/me").at("/password"), "false") << "the provider alone opens the lock";
  ASSERT_EQ(post(page, "/api/sign-in/lock", "{}").status, 204);
  // The browser comes back from another site, without the sign-in's own cookie.
  const auto through = [&](const std::string& change) {
    const Began began = begin(page, "?again");
    EXPECT_EQ(part(began.address, "prompt"), "login");
    EXPECT_EQ(part(began.address, "max_age"), "0");
    played.token = key.sign(claims(began, change));
    Browser from_elsewhere;
    return std::string(come_back(from_elsewhere, began).header("Location"));
  };
  const std::string shown_now = R"(,"auth_time":)" + std::to_string(now.wall.us / 1'000'000);
  EXPECT_EQ(through(""), "/staff/signed-in?problem=not-proven") << "when they showed who they are is not said";
  EXPECT_EQ(through(R"(,"auth_time":)" + std::to_string(now.wall.us / 1'000'000 - 3'600)), "/staff/signed-in?problem=not-proven");
  EXPECT_EQ(through(shown_now + R"(,"sub":"78","email":"hazel@example.org")"), "/staff/signed-in?problem=other");
  EXPECT_EQ(get(page, "/api/me").at("/locked"), "true");
  EXPECT_EQ(audited("unlock-refused"), 1);
  EXPECT_EQ(through(shown_now), "/staff/signed-in");
  EXPECT_EQ(get(page, "/api/me").at("/locked"), "false");
  EXPECT_EQ(get(page, "/api/me").at("/id"), robin.text);
  EXPECT_EQ(audited("unlock"), 1);
}

TEST_P(SignInByProvider, a_lock_is_not_passed_by_beginning_another_sign_in_beside_it) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser page;
  ASSERT_EQ(whole(page).header("Location"), "/staff");
  ASSERT_EQ(post(page, "/api/sign-in/lock", "{}").status, 204);
  const Began began = begin(page, "");
  EXPECT_EQ(part(began.address, "prompt"), "login");
  played.token = key.sign(claims(began));
  Browser back;
  EXPECT_EQ(come_back(back, began).header("Location"), "/staff/sign-in?problem=not-proven");
  EXPECT_EQ(get(back, "/api/me").status, 401);
}

TEST_P(SignInByProvider, who_showed_long_ago_who_they_are_is_asked_again) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser b;
  EXPECT_EQ(part(begin(b, "").address, "max_age"), std::to_string(office->settings.times.idle.us / 1'000'000));
  EXPECT_EQ(whole(b, R"(,"auth_time":)" + std::to_string(now.wall.us / 1'000'000 - 86'400)).header("Location"), "/staff/sign-in?problem=not-proven");
  EXPECT_EQ(whole(b, R"(,"auth_time":)" + std::to_string(now.wall.us / 1'000'000 - 60)).header("Location"), "/staff");
}

TEST_P(SignInByProvider, a_page_whose_sign_in_is_over_gets_a_new_one) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser page;
  const Began began = begin(page, "?again");
  played.token = key.sign(claims(began, R"(,"auth_time":)" + std::to_string(now.wall.us / 1'000'000)));
  Browser back;
  EXPECT_EQ(come_back(back, began).header("Location"), "/staff/signed-in");
  EXPECT_EQ(get(back, "/api/me").status, 200);
}

TEST_P(SignInByProvider, works_once_and_in_the_browser_that_began_it) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  const Began began = begin(), another = begin();
  played.token = key.sign(claims(began));
  Browser b;
  EXPECT_EQ(come_back(b, {began.address, began.state, began.nonce, another.browser}).header("Location"), "/staff/sign-in?problem=again");
  EXPECT_EQ(come_back(b, {began.address, began.state, began.nonce, "x=y"}).header("Location"), "/staff/sign-in?problem=again");
  EXPECT_EQ(come_back(b, began).header("Location"), "/staff");
  EXPECT_EQ(come_back(b, began).header("Location"), "/staff/sign-in?problem=again");
  const Began late = begin();
  pass(601);
  EXPECT_EQ(come_back(b, late).header("Location"), "/staff/sign-in?problem=again");
}

TEST_P(SignInByProvider, opens_nothing_for_who_has_no_account_a_closed_one_or_an_address_that_is_not_verified) {
  Browser b;
  EXPECT_EQ(whole(b).header("Location"), "/staff/sign-in?problem=not-known");
  const auto staff = add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  EXPECT_EQ(whole(b, R"(,"email_verified":false)").header("Location"), "/staff/sign-in?problem=not-known");
  {
    auto t = pool().write();
    t->run("UPDATE staff SET active = 0 WHERE id = $1", staff);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(whole(b).header("Location"), "/staff/sign-in?problem=not-known");
  EXPECT_TRUE(b.cookie.empty());
}

TEST_P(SignInByProvider, keys_that_the_provider_turned_are_fetched_again_but_not_for_every_wrong_token) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser b;
  EXPECT_EQ(whole(b).header("Location"), "/staff");
  const auto fetched = [this] { return std::ranges::count_if(played.asked, [](const auto& r) { return r.url.ends_with("/jwks"); }); };
  EXPECT_EQ(fetched(), 1);
  pass(120);
  const Key fresh("RS256", "two");
  played.keys = fresh.set();
  Began began = begin();
  played.token = fresh.sign(claims(began));
  EXPECT_EQ(come_back(b, began).header("Location"), "/staff");
  EXPECT_EQ(fetched(), 2);
  for (int i = 0; i < 3; ++i) {
    began = begin();
    played.token = key.sign(claims(began));  // the old key: not trusted any more
    EXPECT_EQ(come_back(b, began).header("Location"), "/staff/sign-in?problem=not-proven");
  }
  EXPECT_EQ(fetched(), 2);
}

TEST_P(SignInByProvider, a_provider_that_is_gone_or_says_no_is_told_on_the_sign_in_page) {
  add("robin@example.org", {{"facilitator", {north}}}, std::nullopt);
  Browser b;
  const Began began = begin();
  EXPECT_EQ(come_back(b, began, "&error=access_denied").header("Location"), "/staff/sign-in?problem=refused");
  played.token_status = 400;
  EXPECT_EQ(whole(b).header("Location"), "/staff/sign-in?problem=refused");
  played.token_status = 502;
  EXPECT_EQ(whole(b).header("Location"), "/staff/sign-in?problem=unreachable");
  const Began mixed = begin();
  EXPECT_EQ(come_back(b, mixed, "&code=c&iss=https%3A%2F%2Fother.example.org").header("Location"), "/staff/sign-in?problem=not-proven");
  pass(3'601);
  played.gone = true;
  EXPECT_EQ(get(b, "/api/sign-in/provider").header("Location"), "/staff/sign-in?problem=unreachable");
}

}  // namespace
