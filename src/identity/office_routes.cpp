// SPDX-License-Identifier: Apache-2.0
// See office_routes.h.
#include "identity/office_routes.h"

#include <fmt/format.h>

#include "crypto/base64url.h"
#include "store/audit_trail.h"

namespace identity {
namespace {

constexpr int kTries = 4;

std::string cookie_name(const http::Request& r, CookieOf of) {
  const std::string_view name = of == CookieOf::sign_in ? "quietroom" : "quietroom_provider";
  return (r.secure ? "__Host-" : "") + std::string(name);
}

}  // namespace

Secret new_secret(base::Entropy& entropy) {
  std::array<std::uint8_t, 32> random{};
  entropy.fill(random);
  Secret out{.text = crypto::to_base64url(random), .hash = {}};
  out.hash = crypto::sha256(base::as_bytes(out.text));
  return out;
}

std::optional<crypto::Sha256> hash_of_secret(std::string_view text) {
  if (text.size() != 43) return std::nullopt;
  return crypto::sha256(base::as_bytes(text));
}

// RFC 6265 section 4.2.1.
std::optional<std::string> cookie(const http::Request& r, CookieOf of) {
  const std::string name = cookie_name(r, of);
  std::string_view rest = r.header("Cookie");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return std::string(pair.substr(name.size() + 1));
  }
  return std::nullopt;
}

void set_cookie(http::Response& to, const http::Request& r, CookieOf of, std::string_view value, base::Duration lasts) {
  to.headers.push_back({"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite={}; Max-Age={}{}", cookie_name(r, of), value,
                                                  of == CookieOf::sign_in ? "Strict" : "Lax", value.empty() ? 0 : lasts.us / 1'000'000,
                                                  r.secure ? "; Secure" : "")});
}

Holder holder_of(store::Transaction& t, const http::Request& r, base::WallTime now, const SignInTimes& times) {
  const auto given = cookie(r, CookieOf::sign_in);
  const auto hash = given ? hash_of_secret(*given) : std::nullopt;
  auto found = hash ? find_sign_in(t, *hash) : std::nullopt;
  if (!found) return {};
  const SignInState state = state_of(*found, now, times);
  return {.sign_in = std::move(*found), .state = state};
}

http::Response sign_in_wanted() { return http::problem(401, "sign-in", "Sign in first"); }
http::Response locked() { return http::problem(401, "locked", "Nobody was here for a while. Enter your password again"); }

http::Response wait_answer(base::Duration wait) {
  http::Response r = http::problem(429, "wait", "There were too many tries. Wait a moment, then try again");
  r.set("Retry-After", std::to_string((wait.us + 999'999) / 1'000'000));
  return r;
}
http::Response busy_answer() {
  http::Response r = http::problem(503, "busy", "Many people are signing in just now. Try again in a moment");
  r.set("Retry-After", "2");
  return r;
}

http::Response in_writing(Office& office, const std::function<http::Response(store::Transaction&)>& f) {
  for (int tries = 1;; ++tries) {
    const auto t = office.pool.write();
    http::Response answer = f(*t);
    auto error = t->error();
    if (!error) {
      const auto done = t->commit();
      if (done) return answer;
      error = done.error();
    }
    if (*error != store::StoreError::busy || tries == kTries) return care::answer_of(*error);
  }
}

void note(store::Transaction& t, base::WallTime now, std::string_view action, const care::StaffId& who) {
  store::append_audit(t, {{.at = now,
                           .actor_kind = who.empty() ? "system" : "staff",
                           .actor = who.text,
                           .action = std::string(action),
                           .data = "accounts",
                           .subject_kind = "account",
                           .subject = who.text,
                           .person = {},
                           .reason = {},
                           .note = {}}});
}

std::string_view next_step(const Account& account, bool second_factor_done) {
  return second_factor_done ? "done" : account.second_factor ? "second-factor" : "set-up-second-factor";
}

http::Response begin_sign_in(Office& office, store::Transaction& t, const http::Request& r, base::WallTime now, const Account& account,
                             bool second_factor_done) {
  const SignInTimes& times = office.settings.times;
  const base::Duration lasts = second_factor_done ? times.lasts : times.half_way;
  const Secret secret = new_secret(office.entropy);
  add_sign_in(t,
              {.id = base::new_id<SignInId>(office.entropy, now), .staff = account.staff, .second_factor = second_factor_done, .made = now,
               .seen = now, .until = {now.us + lasts.us}, .locked = false, .ended = false, .device = device_name(r.header("User-Agent"))},
              secret.hash);
  note(t, now, second_factor_done ? "sign-in" : "sign-in-begun", account.staff);
  http::Response out = http::json(base::json::write(
      SignInAnswer{std::string(next_step(account, second_factor_done))}));
  set_cookie(out, r, CookieOf::sign_in, secret.text, lasts);
  return out;
}

}  // namespace identity
