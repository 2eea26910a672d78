// SPDX-License-Identifier: Apache-2.0
// What the routes of sign-in share: the database, keys and settings, the cookie that a browser holds, whose sign-in a request
// brings, and a transaction whose outcome is an answer. The cookie is a 256-bit secret: HttpOnly, SameSite=Strict, and Secure
// with the prefix __Host- over TLS (RFC 6265bis). Not here: what any route does. Any thread.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "care/desk_routes.h"
#include "crypto/password.h"
#include "http/site.h"
#include "identity/account_table.h"
#include "identity/password_gate.h"
#include "identity/sign_in_table.h"

namespace identity {

// Whom a demonstration lets in, without a second factor. Never outside of it.
struct DemonstrationAccount {
  std::string name, role, email, password;
};
struct OfficeSettings {
  SignInTimes times;
  bool local = true;  // e-mail and password
  crypto::PasswordCost cost;
  std::string issuer = "Quietroom";  // what an authenticator app shows
  std::vector<DemonstrationAccount> demonstration;
  // "https://groups.example.org", for links that are given out; empty: a path alone
  std::string address;
};

struct Office {
  store::Pool& pool;
  const store::KeyRing& keys;
  base::Entropy& entropy;
  OfficeSettings settings;
  PasswordGate gate;
};

struct Secret {
  std::string text;  // base64url of 32 bytes
  crypto::Sha256 hash{};
};
[[nodiscard]] Secret new_secret(base::Entropy&);
// Nothing where the text cannot be a secret of ours.
[[nodiscard]] std::optional<crypto::Sha256> hash_of_secret(std::string_view text);

enum class CookieOf : std::uint8_t { sign_in, provider };
[[nodiscard]] std::optional<std::string> cookie(const http::Request&, CookieOf);
// An empty value takes it away. `provider` is Lax: the browser comes back to us from another site.
void set_cookie(http::Response&, const http::Request&, CookieOf, std::string_view value, base::Duration lasts);

struct Holder {
  SignIn sign_in;
  SignInState state = SignInState::gone;
};
// Whose sign-in the request brings; `gone` where it brings none that holds.
[[nodiscard]] Holder holder_of(store::Transaction&, const http::Request&, base::WallTime now, const SignInTimes&);
[[nodiscard]] http::Response sign_in_wanted();  // 401 "sign-in"
[[nodiscard]] http::Response locked();          // 401 "locked"
[[nodiscard]] http::Response wait_answer(base::Duration);  // 429
[[nodiscard]] http::Response busy_answer();                // 503: too many passwords at once

// Commits unless the store failed, whatever the answer's status: a failed sign-in must be counted. Tries again where it is busy.
[[nodiscard]] http::Response in_writing(Office&, const std::function<http::Response(store::Transaction&)>&);

void note(store::Transaction&, base::WallTime now, std::string_view action, const care::StaffId& who);
// The body as T, strictly; else the answer.
template <class T>
[[nodiscard]] care::OrAnswer<T> body_of(const http::Request& r) {
  if (!r.header("Content-Type").starts_with("application/json")) return std::unexpected(http::problem(415, "not-json", "Send JSON"));
  auto read = base::json::read<T>(r.body.get(), base::json::Mode::strict, {.bytes = 16 * 1024, .depth = 8});
  if (!read) return std::unexpected(care::unprocessable(care::faults_of(read.error())));
  return std::move(*read);
}

struct SignInAnswer {
  std::string next;  // "done", "second-factor", "set-up-second-factor"
  static constexpr auto fields() { return std::tuple{base::json::field("next", &SignInAnswer::next)}; }
};
// What is asked of them next, as SignInAnswer says it. `second_factor_done`: nothing.
[[nodiscard]] std::string_view next_step(const Account& account, bool second_factor_done);
// A new sign-in for this browser, with its cookie.
[[nodiscard]] http::Response begin_sign_in(Office&, store::Transaction&, const http::Request&, base::WallTime now, const Account&,
                                           bool second_factor_done);

}  // namespace identity
