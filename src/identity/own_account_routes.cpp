// SPDX-License-Identifier: Apache-2.0
// See own_account_routes.h.
#include "identity/own_account_routes.h"

#include "care/zone.h"

namespace identity {
namespace {

using base::Redacted;
using base::json::field;
using base::json::Nullable;

struct StandingShown {
  std::string role;
  Nullable<std::string> team, team_name;
  static constexpr auto fields() {
    return std::tuple{field("role", &StandingShown::role), field("team", &StandingShown::team), field("teamName", &StandingShown::team_name)};
  }
};
struct GroupShown {
  std::string id, name;
  static constexpr auto fields() { return std::tuple{field("id", &GroupShown::id), field("name", &GroupShown::name)}; }
};
struct OpenedShown {
  std::string person, until;
  static constexpr auto fields() { return std::tuple{field("person", &OpenedShown::person), field("until", &OpenedShown::until)}; }
};
struct Me {
  std::string id, name, email;
  std::vector<StandingShown> standings;
  std::vector<GroupShown> facilitates;
  std::vector<OpenedShown> opened;
  bool locked = false;
  bool password = false;  // one of their own, which opens the lock; else the provider does
  std::string zone, trust;
  static constexpr auto fields() {
    return std::tuple{field("id", &Me::id),         field("name", &Me::name),
                      field("email", &Me::email),   field("standings", &Me::standings),
                      field("facilitates", &Me::facilitates), field("opened", &Me::opened),
                      field("locked", &Me::locked), field("password", &Me::password),
                      field("zone", &Me::zone),     field("trust", &Me::trust)};
  }
};
struct SignInShown {
  std::string id, device, since, seen;
  bool current = false;
  static constexpr auto fields() {
    return std::tuple{field("id", &SignInShown::id), field("device", &SignInShown::device), field("since", &SignInShown::since),
                      field("seen", &SignInShown::seen), field("current", &SignInShown::current)};
  }
};
struct SignInList {
  std::vector<SignInShown> items;
  Nullable<std::string> next;
  static constexpr auto fields() { return std::tuple{field("items", &SignInList::items), field("next", &SignInList::next)}; }
};
struct PasswordChange {
  Redacted<std::string> old, fresh;
  static constexpr auto fields() {
    return std::tuple{field("password", &PasswordChange::old, {.most = 1'000}), field("newPassword", &PasswordChange::fresh, {.most = 1'000})};
  }
};
struct SetUpForm {
  Redacted<std::string> link, password;
  static constexpr auto fields() {
    return std::tuple{field("link", &SetUpForm::link, {.most = 100}), field("password", &SetUpForm::password, {.most = 1'000})};
  }
};

bool signed_in(const Holder& h) { return h.state == SignInState::open || h.state == SignInState::locked; }

void add_where(store::Transaction& t, const care::StaffId& staff, base::WallTime now, Me& me) {
  {
    store::Rows rows = t.query(
        "SELECT r.role, r.team, t.name FROM staff_role r LEFT JOIN team t ON t.id = r.team "
        "WHERE r.staff = $1 AND r.from_us <= $2 AND (r.until_us IS NULL OR r.until_us > $2) ORDER BY r.role, t.name",
        staff, now);
    while (rows.next()) me.standings.push_back({rows.text(0), {rows.maybe_text(1)}, {rows.maybe_text(2)}});
  }
  {
    store::Rows rows = t.query(
        "SELECT g.id, g.name FROM group_facilitator f JOIN therapy_group g ON g.id = f.group_id "
        "WHERE f.staff = $1 AND g.closed_us IS NULL AND EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = $1 AND r.role = 'facilitator' AND "
        "r.from_us <= $2 AND (r.until_us IS NULL OR r.until_us > $2)) ORDER BY g.name, g.id", staff, now);
    while (rows.next()) me.facilitates.push_back({rows.text(0), rows.text(1)});
  }
  store::Rows rows = t.query("SELECT person, until_us FROM break_glass WHERE staff = $1 AND from_us <= $2 AND until_us > $2 ORDER BY until_us", staff, now);
  while (rows.next()) me.opened.push_back({rows.text(0), care::iso_text(rows.time(1))});
}

// Says who is signed in even while it is locked: their own name, and nothing beyond it.
http::Response me(Office& office, const http::Request& r, base::Now now) {
  const auto t = office.pool.read();
  const Holder holder = holder_of(*t, r, now.wall, office.settings.times);
  if (!signed_in(holder)) return t->ok() ? sign_in_wanted() : care::answer_of(*t->error());
  const care::StaffId& staff = holder.sign_in.staff;
  Me out{.id = staff.text, .name = {}, .email = {}, .standings = {}, .facilitates = {}, .opened = {}, .locked = holder.state == SignInState::locked, .password = false, .zone = "Europe/London", .trust = {}};
  if (const auto account = find_account(*t, staff)) {
    out.name = account->name;
    out.email = account->email;
    out.password = office.settings.local && !account->password_hash.empty();
  }
  {
    store::Rows rows = t->query("SELECT name, zone FROM trust ORDER BY id LIMIT 1");
    if (rows.next()) {
      out.trust = rows.text(0);
      out.zone = rows.text(1);
    }
  }
  if (!out.locked) add_where(*t, staff, now.wall, out);
  if (!t->ok()) return care::answer_of(*t->error());
  return http::json(base::json::write(out));
}

http::Response own_sign_ins(Office& office, const http::Request& r, base::Now now) {
  const auto t = office.pool.read();
  const Holder holder = holder_of(*t, r, now.wall, office.settings.times);
  SignInList out;
  if (holder.state == SignInState::open)
    for (const auto& s : sign_ins_of(*t, holder.sign_in.staff, now.wall))
      out.items.push_back({s.id.text, s.device, care::iso_text(s.made), care::iso_text(s.seen), s.id == holder.sign_in.id});
  if (!t->ok()) return care::answer_of(*t->error());
  if (holder.state == SignInState::locked) return locked();
  if (holder.state != SignInState::open) return sign_in_wanted();
  return http::json(base::json::write(out));
}

http::Response end_own(Office& office, const http::Request& r, base::Now now) {
  return in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state == SignInState::locked) return locked();
    if (holder.state != SignInState::open) return sign_in_wanted();
    const auto id = r.path_values.empty() ? std::nullopt : base::parse_id<SignInId>(r.path_values.front());
    if (!id || !end_sign_in(t, *id, holder.sign_in.staff, now.wall)) return care::not_found();
    note(t, now.wall, "sign-in-ended", holder.sign_in.staff);
    http::Response out = care::no_content();
    if (*id == holder.sign_in.id) set_cookie(out, r, CookieOf::sign_in, "", {});
    return out;
  });
}

crypto::PasswordSalt salt(base::Entropy& entropy) {
  crypto::PasswordSalt out{};
  entropy.fill(out);
  return out;
}

http::Response change_password(Office& office, const http::Request& r, base::Now now) {
  auto form = body_of<PasswordChange>(r);
  if (!form) return form.error();
  std::optional<Account> account;
  const auto ticket = office.gate.enter();
  if (!ticket) return busy_answer();
  http::Response counted = in_writing(office, [&](store::Transaction& t) {
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state == SignInState::locked) return locked();
    if (holder.state != SignInState::open) return sign_in_wanted();
    account = find_account(t, holder.sign_in.staff);
    if (!account || account->password_hash.empty())
      return http::problem(409, "provider-only", "This account signs in through your organisation");
    if (const auto faults = password_faults(form->fresh, account->name, account->email, "/newPassword"); !faults.empty()) return care::unprocessable(faults);
    if (const auto wait = charge(t, office.keys, TriesOf::email, account->email, now.wall)) return wait_answer(*wait);
    return care::no_content();
  });
  if (counted.status >= 400) return counted;
  const bool right = crypto::password_matches(account->password_hash, form->old);
  const auto hash = right ? crypto::hash_password(form->fresh, salt(office.entropy), office.settings.cost) : std::nullopt;
  if (right && !hash) return busy_answer();
  return in_writing(office, [&](store::Transaction& t) {
    if (!right) {
      note(t, now.wall, "password-wrong", account->staff);
      return care::unprocessable({{"/password", "wrong-password", "This password is not right"}});
    }
    const Holder holder = holder_of(t, r, now.wall, office.settings.times);
    if (holder.state != SignInState::open) return sign_in_wanted();
    forgive(t, office.keys, TriesOf::email, account->email);
    set_password(t, account->staff, *hash, now.wall);
    // Everywhere else they are signed out; here the secret is another.
    end_sign_ins(t, account->staff, holder.sign_in.id, now.wall);
    const Secret fresh = new_secret(office.entropy);
    replace_secret(t, holder.sign_in.id, fresh.hash);
    note(t, now.wall, "password-changed", account->staff);
    http::Response out = care::no_content();
    set_cookie(out, r, CookieOf::sign_in, fresh.text, {holder.sign_in.until.us - now.wall.us});
    return out;
  });
}

http::Response link_not_known() { return http::problem(404, "link-not-known", "This link was used before, or is too old. Ask an administrator for a new one"); }

// The first password, by the one-time link; from there to the second factor.
http::Response set_up(Office& office, const http::Request& r, base::Now now) {
  auto form = body_of<SetUpForm>(r);
  if (!form) return form.error();
  // A link from before the trust turned passwords off opens nothing either.
  if (!office.settings.local) return http::problem(403, "provider-only", "Sign in through your organisation");
  const auto link = hash_of_secret(form->link.get());
  if (!link) return link_not_known();
  {
    const auto t = office.pool.read();
    const auto found = find_set_up_link(*t, *link, now.wall);
    const auto account = found ? find_account(*t, found->staff) : std::nullopt;
    if (!t->ok()) return care::answer_of(*t->error());
    if (!account) return link_not_known();
    if (const auto faults = password_faults(form->password, account->name, account->email, "/password"); !faults.empty()) return care::unprocessable(faults);
  }
  const auto ticket = office.gate.enter();
  if (!ticket) return busy_answer();
  const auto hash = crypto::hash_password(form->password, salt(office.entropy), office.settings.cost);
  if (!hash) return busy_answer();
  return in_writing(office, [&](store::Transaction& t) {
    const auto found = find_set_up_link(t, *link, now.wall);
    if (!found || !use_set_up_link(t, *link, now.wall)) return link_not_known();
    set_password(t, found->staff, *hash, now.wall);
    if (found->second_factor) drop_second_factor(t, found->staff, now.wall);
    end_sign_ins(t, found->staff, {}, now.wall);
    note(t, now.wall, "account-set-up", found->staff);
    const auto account = find_account(t, found->staff);
    return account ? begin_sign_in(office, t, r, now.wall, *account, false) : link_not_known();
  });
}

}  // namespace

void add_own_account_routes(http::Site& site, Office& office) {
  const auto with = [&office](http::Response (*f)(Office&, const http::Request&, base::Now)) {
    return [&office, f](const http::Request& r, base::Now now) { return f(office, r, now); };
  };
  site.add(http::Route{.method = http::Method::get, .pattern = "/api/me", .permission = http::Permission::staff, .audit = http::Audit::none, .max_body = 0, .handler = with(me)});
  site.add(http::Route{.method = http::Method::get, .pattern = "/api/sign-ins", .permission = http::Permission::staff, .audit = http::Audit::none, .max_body = 0,
                       .handler = with(own_sign_ins)});
  site.add(http::Route{.method = http::Method::del, .pattern = "/api/sign-ins/{sign-in}", .permission = http::Permission::staff, .audit = http::Audit::change, .max_body = 0,
                       .handler = with(end_own)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/me/password", .permission = http::Permission::staff, .audit = http::Audit::change, .max_body = 8'192,
                       .handler = with(change_password)});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/sign-in/set-up", .permission = http::Permission::anyone, .audit = http::Audit::change,
                       .max_body = 8'192, .handler = with(set_up)});
}

}  // namespace identity
