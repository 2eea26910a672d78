// SPDX-License-Identifier: Apache-2.0
// See provider_routes.h.
#include "identity/provider_routes.h"

#include "crypto/base64url.h"
#include "identity/id_token.h"

namespace identity {
namespace {

constexpr std::int64_t kKeepUs = 3'600'000'000, kAgainUs = 60'000'000;
constexpr auto kStartLasts = base::Duration::seconds(600);

// Everything is bound to one secret, which the browser holds in a cookie: what is sent to the provider is derived from it with a
// key of ours, so that neither the browser nor the database alone could answer for the other.
Binding binding_of(const store::KeyRing& keys, std::string_view secret, std::string state) {
  const auto derived = [&](const char* of) {
    std::array<std::uint8_t, 32> out{};
    const auto a = keys.blind(std::string("provider.") + of + ".1", secret), b = keys.blind(std::string("provider.") + of + ".2", secret);
    std::ranges::copy(a, out.begin());
    std::ranges::copy(b, out.begin() + 16);
    return crypto::to_base64url(out);
  };
  return {.state = std::move(state), .nonce = derived("nonce"), .verifier = derived("verifier")};
}

std::string_view word_of(ProviderFault f) {
  switch (f) {
    case ProviderFault::refused: return "refused";
    case ProviderFault::factor: return "factor";
    case ProviderFault::unreachable:
    case ProviderFault::discovery: return "unreachable";
    case ProviderFault::signature:
    case ProviderFault::claims: break;
  }
  return "not-proven";
}

http::Response go_to(std::string address) {
  http::Response r = http::plain(303, "");
  r.set("Location", std::move(address));
  return r;
}
// `again`: in a window of its own, beside the page that waits.
http::Response back_with(std::string_view problem, bool again = false) {
  return go_to((again ? "/staff/signed-in?problem=" : "/staff/sign-in?problem=") + std::string(problem));
}

std::optional<std::string> query(const http::Request& r, std::string_view name) {
  for (const auto& [key, value] : r.target.query)
    if (key == name) return value;
  return std::nullopt;
}

http::Response start(Office& office, Provider& provider, const http::Request& r, base::Now now) {
  bool again = query(r, "again").has_value(), waiting = again;
  if (!again) {
    // A sign-in that is locked is not passed by beginning another one beside it: who it is is shown anew.
    const auto t = office.pool.read();
    again = holder_of(*t, r, now.wall, office.settings.times).state == SignInState::locked;
  }
  const auto discovery = provider.discovery(now.wall);
  if (!discovery) return back_with(word_of(discovery.error()), waiting);
  const Secret browser = new_secret(office.entropy), state = new_secret(office.entropy);
  http::Response out = in_writing(office, [&](store::Transaction& t) {
    ProviderStart begun{.made = now.wall, .again = {}, .anew = again};
    if (waiting) {
      const Holder holder = holder_of(t, r, now.wall, office.settings.times);
      begun.again = holder.state == SignInState::locked || holder.state == SignInState::open ? holder.sign_in.id : SignInId{};
    }
    add_provider_start(t, state.hash, browser.hash, begun, {now.wall.us + kStartLasts.us});
    return go_to(authorization_address(provider.settings(), *discovery, binding_of(office.keys, browser.text, state.text), again, office.settings.times.idle));
  });
  if (out.status == 303) set_cookie(out, r, CookieOf::provider, browser.text, kStartLasts);
  return out;
}

// Whose account it is; bound where this is the first time.
std::optional<Account> account_of(store::Transaction& t, const Identity& who, base::WallTime now) {
  if (auto bound = find_account_by_subject(t, who.subject)) return bound->active ? bound : std::nullopt;
  if (who.email.empty()) return std::nullopt;
  auto account = find_account(t, who.email);
  if (!account || !account->active || !account->subject.empty()) return std::nullopt;
  bind_subject(t, account->staff, who.subject, now);
  note(t, now, "provider-bound", account->staff);
  return account;
}

// The sign-in that a page waits with, where it still is one: opened, or the answer to somebody else.
std::optional<http::Response> open_again(Office& office, store::Transaction& t, const SignInId& id, const Account& account, base::WallTime now) {
  const auto waiting = find_sign_in(t, id);
  if (!waiting) return std::nullopt;
  const SignInState state = state_of(*waiting, now, office.settings.times);
  if (state != SignInState::locked && state != SignInState::open) return std::nullopt;
  if (waiting->staff != account.staff) {
    note(t, now, "unlock-refused", waiting->staff);
    return back_with("other", true);
  }
  set_locked(t, id, false, now);
  note(t, now, "unlock", account.staff);
  return go_to("/staff/signed-in");
}

http::Response back(Office& office, Provider& provider, const http::Request& r, base::Now now) {
  const auto browser = cookie(r, CookieOf::provider);
  const auto state = query(r, "state"), code = query(r, "code");
  const auto browser_hash = browser ? hash_of_secret(*browser) : std::nullopt, state_hash = state ? hash_of_secret(*state) : std::nullopt;
  if (!browser_hash || !state_hash) return back_with("again");
  std::optional<ProviderStart> begun;
  http::Response taken = in_writing(office, [&](store::Transaction& t) {
    begun = take_provider_start(t, *state_hash, *browser_hash, now.wall);
    return care::no_content();
  });
  if (taken.status >= 400) return taken;
  if (!begun) return back_with("again");
  const bool again = begun->again.has_value();
  // RFC 9207: who answers must be who was asked.
  if (const auto issuer = query(r, "iss"); issuer && *issuer != provider.settings().issuer) return back_with("not-proven", again);
  if (!code) return back_with("refused", again);
  const auto who = provider.exchange(*code, binding_of(office.keys, *browser, *state), base::new_uuid(office.entropy, now.wall),
                                     begun->anew ? Shown{.since = begun->made, .said = true} : Shown{.since = {now.wall.us - office.settings.times.idle.us}, .said = false},
                                     now.wall);
  if (!who) return back_with(word_of(who.error()), again);
  http::Response out = in_writing(office, [&](store::Transaction& t) {
    const auto account = account_of(t, *who, now.wall);
    if (!account) {
      note(t, now.wall, "sign-in-failed", {});
      return back_with("not-known", again);
    }
    if (again && !begun->again->empty())
      if (auto opened = open_again(office, t, *begun->again, *account, now.wall)) return std::move(*opened);
    const http::Response begins = begin_sign_in(office, t, r, now.wall, *account, who->second_factor);
    http::Response to = !who->second_factor ? go_to("/staff/sign-in?step=" + std::string(next_step(*account, false)))
                                            : go_to(again ? "/staff/signed-in" : "/staff");
    for (const auto& h : begins.headers)
      if (h.name == "Set-Cookie") to.headers.push_back(h);
    return to;
  });
  if (out.status == 303) set_cookie(out, r, CookieOf::provider, "", {});
  return out;
}

}  // namespace

base::Result<std::string, ProviderFault> Provider::fetch(const std::string& url) {
  const auto answer = outbound_.send({.method = http::Method::get, .url = url, .headers = {{"Accept", "application/json"}}, .body = {}});
  if (!answer || answer->status != 200) return std::unexpected(ProviderFault::unreachable);
  return answer->body.get();
}

base::Result<Discovery, ProviderFault> Provider::discovery(base::WallTime now) {
  {
    const std::lock_guard lock(mutex_);
    if (discovery_ && now.us - discovery_->at.us < kKeepUs) return read_discovery(discovery_->text, settings_.issuer);
  }
  std::string address = settings_.issuer;
  while (address.ends_with('/')) address.pop_back();
  const auto text = fetch(address + "/.well-known/openid-configuration");
  if (!text) return std::unexpected(text.error());
  auto read = read_discovery(*text, settings_.issuer);
  if (!read) return read;
  for (const std::string* each : {&read->authorization, &read->token, &read->keys})
    if (!http::good_outbound_address(*each)) return std::unexpected(ProviderFault::discovery);
  const std::lock_guard lock(mutex_);
  discovery_ = Kept{.text = *text, .at = now};
  return read;
}

base::Result<std::string, ProviderFault> Provider::keys(const std::string& url, bool fresh, base::WallTime now) {
  {
    const std::lock_guard lock(mutex_);
    const bool young = keys_ && now.us - keys_->at.us < kKeepUs, just_fetched = fetched_again_ && now.us - fetched_again_->us < kAgainUs;
    if (young && (!fresh || just_fetched)) return keys_->text;
    if (fresh) fetched_again_ = now;
  }
  auto text = fetch(url);
  if (!text) return text;
  const std::lock_guard lock(mutex_);
  keys_ = Kept{.text = *text, .at = now};
  return text;
}

base::Result<std::string, ProviderFault> Provider::payload(const std::string& token, const std::string& url, base::WallTime now) {
  for (const bool fresh : {false, true}) {
    const auto set = keys(url, fresh, now);
    if (!set) return std::unexpected(set.error());
    auto payload = verified_payload(token, *set);
    if (payload) return std::move(*payload);
    // A key that we do not know yet, or another of the same name: the provider has turned its keys.
    if (payload.error() != TokenFault::no_key && payload.error() != TokenFault::wrong) break;
  }
  return std::unexpected(ProviderFault::signature);
}

base::Result<Identity, ProviderFault> Provider::exchange(std::string_view code, const Binding& binding, std::string_view assertion_id,
                                                         const Shown& shown, base::WallTime now) {
  const auto found = discovery(now);
  if (!found) return std::unexpected(found.error());
  const bool by_key = !settings_.key.get().empty();
  const std::string assertion = by_key ? signed_token(settings_.key, assertion_claims(settings_, assertion_id, now)) : std::string();
  if (by_key && assertion.empty()) return std::unexpected(ProviderFault::refused);
  TokenForm form = token_form(settings_, code, binding, assertion);
  http::OutboundRequest ask{.method = http::Method::post, .url = found->token,
                            .headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}},
                            .body = base::Redacted<std::string>(std::move(form.body))};
  if (!form.authorization.empty()) ask.headers.push_back({"Authorization", std::move(form.authorization)});
  const auto answer = outbound_.send(ask);
  if (!answer) return std::unexpected(ProviderFault::unreachable);
  if (answer->status != 200) return std::unexpected(answer->status < 500 ? ProviderFault::refused : ProviderFault::unreachable);
  const auto token = read_id_token(answer->body.get());
  if (!token) return std::unexpected(token.error());
  const auto claims = payload(*token, found->keys, now);
  if (!claims) return std::unexpected(claims.error());
  return read_claims(*claims, settings_, binding.nonce, shown, now);
}

void add_provider_routes(http::Site& site, Office& office, Provider& provider) {
  site.add(http::Route{.method = http::Method::get, .pattern = "/api/sign-in/provider", .permission = http::Permission::anyone, .audit = http::Audit::none, .max_body = 0,
                       .handler = [&](const http::Request& r, base::Now now) { return start(office, provider, r, now); }});
  site.add(http::Route{.method = http::Method::get, .pattern = "/api/sign-in/provider/back", .permission = http::Permission::anyone, .audit = http::Audit::change, .max_body = 0,
                       .handler = [&](const http::Request& r, base::Now now) { return back(office, provider, r, now); }});
}

}  // namespace identity
