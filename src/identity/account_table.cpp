// SPDX-License-Identifier: Apache-2.0
// See account_table.h.
#include "identity/account_table.h"

#include <algorithm>

namespace identity {
namespace {

constexpr store::Column kTotp{"account.totp"};
constexpr std::string_view kAccount =
    "SELECT s.id, s.name, s.email, s.active, a.password_hash, a.totp_sealed, a.subject FROM staff s LEFT JOIN account a ON a.staff = s.id ";

std::optional<Account> account_of(store::Rows rows) {
  if (!rows.next()) return std::nullopt;
  return Account{.staff = rows.id<care::StaffId>(0),
                 .name = rows.text(1),
                 .email = rows.text(2),
                 .active = rows.flag(3),
                 .password_hash = rows.null(4) ? std::string() : rows.text(4),
                 .second_factor = !rows.null(5),
                 .subject = rows.null(6) ? std::string() : rows.text(6)};
}

// A row of `account`, whatever was there before.
void make_account(store::Transaction& t, const care::StaffId& staff, base::WallTime now) {
  t.run("INSERT INTO account (staff, totp_last, failures, locked_until_us, changed_us) VALUES ($1, 0, 0, 0, $2) ON CONFLICT (staff) DO NOTHING",
        staff, now);
}

store::BlindIndex code_hash(const store::KeyRing& keys, const care::StaffId& staff, std::string_view code) {
  return keys.blind("recovery-code", staff.text + "|" + std::string(code));
}

std::optional<TotpSecret> opened(store::Transaction& t, const store::KeyRing& keys, const care::StaffId& staff, const store::Rows& rows, int at) {
  const auto text = keys.open_maybe(t, kTotp, staff.text, rows, at);
  TotpSecret secret{};
  if (!text || text->get().size() != secret.size()) return std::nullopt;
  std::ranges::copy(base::as_bytes(text->get()), secret.begin());
  return secret;
}

void give_role(store::Transaction& t, const care::StaffId& staff, const RoleAt& r, base::Entropy& entropy, base::WallTime now) {
  t.run("INSERT INTO staff_role (id, staff, role, team, from_us, until_us) VALUES ($1, $2, $3, $4, $5, NULL)",
        base::new_uuid(entropy, now), staff, r.role, r.team.value, now);
}

}  // namespace

std::optional<Account> find_account(store::Transaction& t, std::string_view email) {
  return account_of(t.query(std::string(kAccount) + "WHERE s.email = $1", email));
}
std::optional<Account> find_account(store::Transaction& t, const care::StaffId& staff) {
  return account_of(t.query(std::string(kAccount) + "WHERE s.id = $1", staff));
}
std::optional<Account> find_account_by_subject(store::Transaction& t, std::string_view subject) {
  return account_of(t.query(std::string(kAccount) + "WHERE a.subject = $1", subject));
}

void bind_subject(store::Transaction& t, const care::StaffId& staff, std::string_view subject, base::WallTime now) {
  make_account(t, staff, now);
  t.run("UPDATE account SET subject = $1, changed_us = $2 WHERE staff = $3 AND subject IS NULL", subject, now, staff);
}

void set_password(store::Transaction& t, const care::StaffId& staff, const std::string& hash, base::WallTime now) {
  make_account(t, staff, now);
  t.run("UPDATE account SET password_hash = $1, changed_us = $2 WHERE staff = $3", hash, now, staff);
}

SecondFactor second_factor(store::Transaction& t, const store::KeyRing& keys, const care::StaffId& staff) {
  SecondFactor out;
  store::Rows rows = t.query("SELECT totp_sealed, totp_new_sealed, totp_last FROM account WHERE staff = $1", staff);
  if (!rows.next()) return out;
  out.secret = opened(t, keys, staff, rows, 0);
  out.unconfirmed = opened(t, keys, staff, rows, 1);
  out.last = rows.integer(2);
  return out;
}

void offer_second_factor(store::Transaction& t, const store::KeyRing& keys, const care::StaffId& staff, const TotpSecret& secret,
                         base::WallTime now) {
  make_account(t, staff, now);
  t.run("UPDATE account SET totp_new_sealed = $1, changed_us = $2 WHERE staff = $3",
        keys.seal(kTotp, staff.text, base::Redacted<std::string>(std::string(base::as_text(secret)))), now, staff);
}

void confirm_second_factor(store::Transaction& t, const care::StaffId& staff, std::int64_t step, base::WallTime now) {
  t.run("UPDATE account SET totp_sealed = totp_new_sealed, totp_new_sealed = NULL, totp_last = $1, changed_us = $2 WHERE staff = $3", step, now,
        staff);
  t.run("DELETE FROM recovery_code WHERE staff = $1 AND offered = 0", staff);
  t.run("UPDATE recovery_code SET offered = 0 WHERE staff = $1", staff);
}

bool take_step(store::Transaction& t, const care::StaffId& staff, std::int64_t step) {
  return t.run("UPDATE account SET totp_last = $1 WHERE staff = $2 AND totp_last < $1", step, staff) == 1;
}

void drop_second_factor(store::Transaction& t, const care::StaffId& staff, base::WallTime now) {
  t.run("UPDATE account SET totp_sealed = NULL, totp_new_sealed = NULL, totp_last = 0, changed_us = $1 WHERE staff = $2", now, staff);
  t.run("DELETE FROM recovery_code WHERE staff = $1", staff);
}

void offer_recovery_codes(store::Transaction& t, const store::KeyRing& keys, const care::StaffId& staff, const std::vector<std::string>& codes) {
  t.run("DELETE FROM recovery_code WHERE staff = $1 AND offered = 1", staff);
  for (const auto& code : codes)
    t.run("INSERT INTO recovery_code (staff, hash, used_us, offered) VALUES ($1, $2, NULL, 1)", staff, code_hash(keys, staff, code));
}

bool use_recovery_code(store::Transaction& t, const store::KeyRing& keys, const care::StaffId& staff, std::string_view code, base::WallTime now) {
  return t.run("UPDATE recovery_code SET used_us = $1 WHERE staff = $2 AND hash = $3 AND offered = 0 AND used_us IS NULL", now, staff,
               code_hash(keys, staff, code)) == 1;
}

void add_set_up_link(store::Transaction& t, const SetUp& s, const crypto::Sha256& hash, base::WallTime now, base::WallTime until) {
  // One at a time: a link that went astray is closed by the next.
  t.run("UPDATE set_up_link SET used_us = $1 WHERE staff = $2 AND used_us IS NULL", now, s.staff);
  t.run("INSERT INTO set_up_link (hash, staff, second_factor, made_us, until_us) VALUES ($1, $2, $3, $4, $5)", hash, s.staff, s.second_factor, now,
        until);
}

std::optional<SetUp> find_set_up_link(store::Transaction& t, const crypto::Sha256& hash, base::WallTime now) {
  store::Rows rows = t.query(
      "SELECT l.staff, l.second_factor FROM set_up_link l JOIN staff s ON s.id = l.staff "
      "WHERE l.hash = $1 AND l.used_us IS NULL AND l.until_us > $2 AND s.active = 1",
      hash, now);
  if (!rows.next()) return std::nullopt;
  return SetUp{.staff = rows.id<care::StaffId>(0), .second_factor = rows.flag(1)};
}

bool use_set_up_link(store::Transaction& t, const crypto::Sha256& hash, base::WallTime now) {
  return t.run("UPDATE set_up_link SET used_us = $1 WHERE hash = $2 AND used_us IS NULL", now, hash) == 1;
}

std::optional<StaffRecord> find_staff(store::Transaction& t, const care::StaffId& id, base::WallTime now) {
  StaffRecord out;
  {
    store::Rows rows = t.query("SELECT version, name, email, active FROM staff WHERE id = $1", id);
    if (!rows.next()) return std::nullopt;
    out = {.id = id, .version = rows.integer(0), .form = {.name = rows.text(1), .email = rows.text(2), .active = rows.flag(3), .standings = {}}};
  }
  store::Rows roles = t.query(
      "SELECT role, team FROM staff_role WHERE staff = $1 AND from_us <= $2 AND (until_us IS NULL OR until_us > $2) ORDER BY role, team", id, now);
  while (roles.next()) {
    RoleAt r{.role = roles.text(0), .team = {}};
    if (!roles.null(1)) r.team.value = roles.id<care::TeamId>(1);
    out.form.standings.push_back(std::move(r));
  }
  return out;
}

bool email_taken(store::Transaction& t, std::string_view email, const care::StaffId& other_than) {
  return t.query("SELECT 1 FROM staff WHERE email = $1 AND id <> $2", email, other_than).next();
}
std::int64_t other_administrators(store::Transaction& t, const care::StaffId& staff, base::WallTime now) {
  store::Rows rows = t.query(
      "SELECT COUNT(*) FROM staff s JOIN staff_role r ON r.staff = s.id WHERE s.active = 1 AND r.role = 'administrator' AND s.id <> $1 "
      "AND r.from_us <= $2 AND (r.until_us IS NULL OR r.until_us > $2)",
      staff, now);
  return rows.next() ? rows.integer(0) : 0;
}

void add_staff(store::Transaction& t, const care::StaffId& id, const AccountForm& f, base::Entropy& entropy, base::WallTime now) {
  t.run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, $2, $3, $4, $5)", id, f.name, f.email, f.active, now);
  make_account(t, id, now);
  for (const auto& r : f.standings) give_role(t, id, r, entropy, now);
}

bool change_staff(store::Transaction& t, const StaffRecord& before, const AccountChanges& c, base::Entropy& entropy, base::WallTime now) {
  if (t.run("UPDATE staff SET version = version + 1, name = $1, email = $2, active = $3 WHERE id = $4 AND version = $5", c.next.name, c.next.email,
            c.next.active, before.id, before.version) != 1)
    return false;
  // From when on an account is closed is how long its secrets are kept (care/retention).
  if (before.form.active && !c.next.active) t.run("UPDATE account SET changed_us = $1 WHERE staff = $2", now, before.id);
  for (const auto& r : c.taken) {
    if (r.team.value) {
      t.run("UPDATE staff_role SET until_us = $1 WHERE staff = $2 AND role = $3 AND team = $4 AND until_us IS NULL", now, before.id, r.role,
            *r.team.value);
    } else {
      t.run("UPDATE staff_role SET until_us = $1 WHERE staff = $2 AND role = $3 AND team IS NULL AND until_us IS NULL", now, before.id, r.role);
    }
  }
  for (const auto& r : c.given) give_role(t, before.id, r, entropy, now);
  return true;
}

}  // namespace identity
