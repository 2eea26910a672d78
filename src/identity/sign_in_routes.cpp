// SPDX-License-Identifier: Apache-2.0
// See sign_in_routes.h.
#include "identity/sign_in_routes.h"

#include <algorithm>

#include "identity/totp.h"

namespace identity {
namespace {

using base::Redacted;
using base::json::field;

struct PasswordForm {
  std::string email;
  Redacted<std::string> password;
  static constexpr auto fields() {
    return std::tuple{field("email", &PasswordForm::email, {.most = 1'000}), field("password", &PasswordForm::password, {.most = 1'000})};
  }
};
struct CodeForm {
  Redacted<std::string> code;
  static constexpr auto fields() { return std::tuple{field("code", &CodeForm::code, {.most = 100})}; }
};
struct UnlockForm {
  Redacted<std::string> password;
  static constexpr auto fields() { return std::tuple{field("password", &UnlockForm::password, {.most = 1'000})}; }
};
struct SetUpAsk {  // the password, where a second factor is replaced
  std::optional<Redacted<std::string>> password;
  static constexpr auto fields() { return std::tuple{field("password", &SetUpAsk::password, {.most = 1'000})}; }
};
struct SetUpAnswer {
  std::string secret, uri;
  std::vector<std::string> recovery_codes;
  static constexpr auto fields() {
    return std::tuple{field("secret", &SetUpAnswer::secret), field("uri", &SetUpAnswer::uri), field("recoveryCodes", &SetUpAnswer::recovery_codes)};
  }
};
struct Demonstrated {
  std::string name, role, email, password;
  static constexpr auto fields() {
    return std::tuple{field("name", &Demonstrated::name), field("role", &Demonstrated::role), field("email", &Demonstrated::email),
                      field("password", &Demonstrated::password)};
  }
};
struct Ways {
  bool local = true;
  base::json::Nullable<ProviderWay> provider;
  std::vector<Demonstrated> demonstration;
  static constexpr auto fields() {
    return std::tuple{field("local", &Ways::local), field("provider", &Ways::provider), field("demonstration", &Ways::demonstration)};
  }
};

http::Response wrong_password() { return http::problem(401, "sign-in-failed", "The e-mail address or the password is not right"); }
http::Response wrong_code() {
  return care::unprocessable({{"/code", "wrong-code", "This code is not right, or was used before. Wait for the next one and try again"}});
}

bool is_demonstration(const OfficeSettings& s, const std::string& email) {
  return std::ranges::any_of(s.demonstration, [&](const DemonstrationAccount& a) { return a.email == email; });
}

// Takes as long as a password that is checked, and matches none.
bool spend_the_time(const Redacted<std::string>& password, crypto::PasswordCost cost) {
  return crypto::hash_password(password, {}, cost).value_or("").empty();
}

http::Response sign_in(Office& office, const http::Request& r, base::Now now) {
  auto form = body_of<PasswordForm>(r);
  if (!form) return form.error();
  if (!office.settings.local) return http::problem(403, "provider-only", "Sign in through your organisation");
  const std::string email = normalised_email(form->email);
  const auto ticket = office.gate.enter();
  if (!ticket) return busy_answer();
  std::optional<Account> account;
  std::optional<base::Duration> wait;
  http::Response counted = in_writing(office, [&](store::Transaction& t) {
    forget_old(t, now.wall);
    wait = charge(t, office.keys, TriesOf::address, r.peer.get(), now.wall);
    if (!wait) wait = charge(t, office.keys, TriesOf::email, email, now.wall);
    account = find_account(t, email);
    return wait ? wait_answer(*wait) : care::no_content();
  });
  if (counted.status >= 400) return counted;
  const bool known = account && account->active && !account->password_hash.empty();
  const bool right = known ? crypto::password_matches(account->password_hash, form->password) : spend_the_time(form->password, office.settings.cost);
  return in_writing(office, [&](store::Transaction& t) {
    if (!known || !right) {
      note(t, now.wall, "sign-in-failed", account ? account->staff : care::StaffId{});
      return wrong_password();
    }
    forgive(t, office.keys, TriesOf::email, email);
    forgive_one(t, office.keys, TriesOf::address, r.peer.get());
    return begin_sign_in(office, t, r, now.wall, *account, is_demonstration(office.settings, email));
  });
}

// A new secret and the whole time, now that the second factor was shown.
http::Response completed(Office& office, store::Transaction& t, const http::Request& r, base::WallTime now, const SignIn& s) {
  const Secret fresh = new_secret(office.entropy);
  const auto lasts = office.settings.times.lasts;
  complete_sign_in(t, s.id, fresh.hash, now, s.second_factor ? s.until : base::WallTime{now.us + lasts.us});
  note(t, now, s.second_factor ? "second-factor-set-up" : "sign-in", s.staff);
  http::Response out = http::json(base::json::write(SignInAnswer{"done"}));
  set_cookie(out, r, CookieOf::sign_in, fresh.text, s.second_factor ? base::Duration{s.until.us - now.us} : lasts);
  return out;
}

std::string spaceless(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

bool takes(Office& office, store::Transaction& t, const SignIn& s, const std::string& code, base::WallTime now) {
  const SecondFactor factor = second_factor(t, office.keys, s.staff);
  const bool confirming = factor.unconfirmed && (!factor.secret || s.second_factor);
  if (confirming) {
    const auto step = accepted_step(*factor.unconfirmed, code, now, 0);
    if (step) confirm_second_factor(t, s.staff, *step, now);
    return step.has_value();
  }
  if (!factor.secret) return false;
  if (code.size() == 6) {
    const auto step = accepted_step(*factor.secret, code, now, factor.last);
    return step && take_step(t, s.staff, *step);
  }
  return use_recovery_code(t, office.keys, s.staff, code, now);
}

http::Response second(Office& office, const http::Request& r, base::Now now) {
  auto form = body_of<CodeForm>(r);
  if (!form) return form.error();
  return in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state != SignInState::half_way && holder.state != SignInState::open) return sign_in_wanted();
    const SignIn& s = holder.sign_in;
    if (const auto wait = charge(t, office.keys, TriesOf::second_factor, s.staff.text, now.wall)) return wait_answer(*wait);
    if (!takes(office, t, s, spaceless(form->code.get()), now.wall)) {
      note(t, now.wall, "second-factor-failed", s.staff);
      return wrong_code();
    }
    forgive(t, office.keys, TriesOf::second_factor, s.staff.text);
    return completed(office, t, r, now.wall, s);
  });
}

// Ten of ten letters: 50 bits each, in two halves that can be read aloud.
std::vector<std::string> recovery_codes(base::Entropy& entropy) {
  std::vector<std::string> out;
  for (int i = 0; i < 10; ++i) {
    std::array<std::uint8_t, 7> random{};
    entropy.fill(random);
    const std::string letters = to_base32(random);
    out.push_back(letters.substr(0, 5) + "-" + letters.substr(5, 5));
  }
  return out;
}

// Checks a password for somebody who is signed in; counted as every other try. The answer where it is wrong.
std::optional<http::Response> refuses_password(Office& office, const http::Request& r, base::Now now, const Redacted<std::string>& password,
                                               bool whole_sign_in) {
  const auto ticket = office.gate.enter();
  if (!ticket) return busy_answer();
  std::optional<Account> account;
  http::Response counted = in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state == SignInState::gone || holder.state == SignInState::half_way) return sign_in_wanted();
    if (whole_sign_in && holder.state != SignInState::open) return locked();
    account = find_account(t, holder.sign_in.staff);
    if (!account) return sign_in_wanted();
    if (account->password_hash.empty() || !office.settings.local) return http::problem(409, "provider-only", "This account signs in through your organisation");
    if (const auto wait = charge(t, office.keys, TriesOf::email, account->email, now.wall)) return wait_answer(*wait);
    return care::no_content();
  });
  if (counted.status >= 400) return counted;
  const bool right = crypto::password_matches(account->password_hash, password);
  http::Response settled = in_writing(office, [&](store::Transaction& t) {
    if (right) {
      forgive(t, office.keys, TriesOf::email, account->email);
      return care::no_content();
    }
    note(t, now.wall, "password-wrong", account->staff);
    return care::unprocessable({{"/password", "wrong-password", "This password is not right"}});
  });
  return settled.status >= 400 ? std::optional(settled) : std::nullopt;
}

http::Response set_up_second_factor(Office& office, const http::Request& r, base::Now now) {
  auto form = body_of<SetUpAsk>(r);
  if (!form) return form.error();
  const bool replaces = form->password.has_value();
  if (replaces)
    if (auto no = refuses_password(office, r, now, *form->password, true)) return std::move(*no);
  return in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    const care::StaffId& staff = holder.sign_in.staff;
    if (holder.state != SignInState::half_way && holder.state != SignInState::open) return sign_in_wanted();
    const auto account = find_account(t, staff);
    if (!account) return sign_in_wanted();
    // Whoever has the password alone may set up the first, and never replace one.
    if (account->second_factor && (holder.state == SignInState::half_way || !replaces))
      return http::problem(403, "second-factor-there", "A second factor is set up already. Sign in with it, or with a recovery code");
    TotpSecret secret{};
    office.entropy.fill(secret);
    offer_second_factor(t, office.keys, staff, secret, now.wall);
    SetUpAnswer answer{.secret = to_base32(secret), .uri = otpauth_uri(secret, office.settings.issuer, account->email),
                       .recovery_codes = recovery_codes(office.entropy)};
    std::vector<std::string> codes;
    for (const auto& code : answer.recovery_codes) codes.push_back(spaceless(code));
    offer_recovery_codes(t, office.keys, staff, codes);
    note(t, now.wall, "second-factor-offered", staff);
    return http::json(base::json::write(answer));
  });
}

http::Response unlock(Office& office, const http::Request& r, base::Now now) {
  auto form = body_of<UnlockForm>(r);
  if (!form) return form.error();
  if (auto no = refuses_password(office, r, now, form->password, false)) return std::move(*no);
  return in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state == SignInState::gone || holder.state == SignInState::half_way) return sign_in_wanted();
    set_locked(t, holder.sign_in.id, false, now.wall);
    note(t, now.wall, "unlock", holder.sign_in.staff);
    return http::json(base::json::write(SignInAnswer{"done"}));
  });
}

http::Response lock(Office& office, const http::Request& r, base::Now now) {
  return in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state == SignInState::gone || holder.state == SignInState::half_way) return sign_in_wanted();
    set_locked(t, holder.sign_in.id, true, now.wall);
    note(t, now.wall, "lock", holder.sign_in.staff);
    return care::no_content();
  });
}

http::Response sign_out(Office& office, const http::Request& r, base::Now now) {
  http::Response out = in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (!holder.sign_in.id.empty() && end_sign_in(t, holder.sign_in.id, holder.sign_in.staff, now.wall))
      note(t, now.wall, "sign-out", holder.sign_in.staff);
    return care::no_content();
  });
  if (out.status < 400) set_cookie(out, r, CookieOf::sign_in, "", {});
  return out;
}

http::Response ways(const Office& office, const std::optional<ProviderWay>& provider) {
  Ways out{.local = office.settings.local, .provider = {provider}, .demonstration = {}};
  for (const auto& a : office.settings.demonstration) out.demonstration.push_back({a.name, a.role, a.email, a.password});
  return http::json(base::json::write(out));
}

}  // namespace

void add_sign_in_routes(http::Site& site, Office& office, std::optional<ProviderWay> provider) {
  const auto with = [&office](http::Response (*f)(Office&, const http::Request&, base::Now)) {
    return [&office, f](const http::Request& r, base::Now now) { return f(office, r, now); };
  };
  site.add(http::Route{.method = http::Method::get, .pattern = "/api/sign-in/ways", .permission = http::Permission::anyone, .audit = http::Audit::none, .max_body = 0,
                       .handler = [&office, provider](const http::Request&, base::Now) { return ways(office, provider); }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-in", .permission = http::Permission::anyone, .audit = http::Audit::change, .max_body = 4'096,
                       .handler = with(sign_in)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-in/second", .permission = http::Permission::anyone, .audit = http::Audit::change, .max_body = 1'024,
                       .handler = with(second)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-in/second-factor", .permission = http::Permission::anyone, .audit = http::Audit::change,
                       .max_body = 4'096, .handler = with(set_up_second_factor)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-in/unlock", .permission = http::Permission::staff, .audit = http::Audit::change, .max_body = 4'096,
                       .handler = with(unlock)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-in/lock", .permission = http::Permission::staff, .audit = http::Audit::change, .max_body = 1'024,
                       .handler = with(lock)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-out", .permission = http::Permission::staff, .audit = http::Audit::change, .max_body = 1'024,
                       .handler = with(sign_out)});
}

}  // namespace identity
