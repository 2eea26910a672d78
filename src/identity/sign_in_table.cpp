// SPDX-License-Identifier: Apache-2.0
// See sign_in_table.h.
#include "identity/sign_in_table.h"

namespace identity {
namespace {

constexpr std::string_view kSignIn =
    "SELECT i.id, i.staff, i.second_factor, i.made_us, i.seen_us, i.until_us, i.locked, i.device FROM sign_in i ";

SignIn sign_in_of(const store::Rows& rows) {
  return {.id = rows.id<SignInId>(0), .staff = rows.id<care::StaffId>(1), .second_factor = rows.flag(2), .made = rows.time(3),
          .seen = rows.time(4), .until = rows.time(5), .locked = rows.flag(6), .ended = false, .device = rows.text(7)};
}

}  // namespace

void add_sign_in(store::Transaction& t, const SignIn& s, const crypto::Sha256& hash) {
  t.run("INSERT INTO sign_in (id, hash, staff, second_factor, made_us, seen_us, until_us, locked, device) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)",
        s.id, hash, s.staff, s.second_factor, s.made, s.seen, s.until, s.device);
}

std::optional<SignIn> find_sign_in(store::Transaction& t, const crypto::Sha256& hash) {
  store::Rows rows = t.query(
      std::string(kSignIn) + "JOIN staff s ON s.id = i.staff WHERE i.hash = $1 AND i.ended_us IS NULL AND s.active = 1", hash);
  return rows.next() ? std::optional(sign_in_of(rows)) : std::nullopt;
}

std::optional<SignIn> find_sign_in(store::Transaction& t, const SignInId& id) {
  store::Rows rows = t.query(std::string(kSignIn) + "JOIN staff s ON s.id = i.staff WHERE i.id = $1 AND i.ended_us IS NULL AND s.active = 1", id);
  return rows.next() ? std::optional(sign_in_of(rows)) : std::nullopt;
}

void complete_sign_in(store::Transaction& t, const SignInId& id, const crypto::Sha256& fresh, base::WallTime now, base::WallTime until) {
  t.run("UPDATE sign_in SET hash = $1, second_factor = 1, seen_us = $2, until_us = $3 WHERE id = $4", fresh, now, until, id);
}
void replace_secret(store::Transaction& t, const SignInId& id, const crypto::Sha256& fresh) {
  t.run("UPDATE sign_in SET hash = $1 WHERE id = $2", fresh, id);
}
void seen(store::Transaction& t, const SignInId& id, base::WallTime now) {
  t.run("UPDATE sign_in SET seen_us = $1 WHERE id = $2 AND seen_us < $1", now, id);
}
void set_locked(store::Transaction& t, const SignInId& id, bool locked, base::WallTime now) {
  t.run("UPDATE sign_in SET locked = $1, seen_us = $2 WHERE id = $3", locked, now, id);
}
bool end_sign_in(store::Transaction& t, const SignInId& id, const care::StaffId& of, base::WallTime now) {
  return t.run("UPDATE sign_in SET ended_us = $1 WHERE id = $2 AND staff = $3 AND ended_us IS NULL", now, id, of) == 1;
}
void end_sign_ins(store::Transaction& t, const care::StaffId& of, const SignInId& but, base::WallTime now) {
  t.run("UPDATE sign_in SET ended_us = $1 WHERE staff = $2 AND id <> $3 AND ended_us IS NULL", now, of, but);
}

std::vector<SignIn> sign_ins_of(store::Transaction& t, const care::StaffId& staff, base::WallTime now) {
  store::Rows rows = t.query(std::string(kSignIn) +
                                 "WHERE i.staff = $1 AND i.ended_us IS NULL AND i.until_us > $2 AND i.second_factor = 1 "
                                 "ORDER BY i.seen_us DESC, i.id LIMIT 200",
                             staff, now);
  std::vector<SignIn> out;
  while (rows.next()) out.push_back(sign_in_of(rows));
  return out;
}

void forget_old(store::Transaction& t, base::WallTime now) {
  constexpr std::int64_t kDay = 24LL * 3'600 * 1'000'000;
  t.run("DELETE FROM sign_in_tries WHERE last_us < $1", now.us - kDay);
  t.run("DELETE FROM provider_start WHERE until_us < $1", now);
}

care::Actor actor_of(store::Transaction& t, const care::StaffId& staff, base::WallTime now) {
  care::Actor out;
  out.kind = care::Actor::Kind::staff;
  out.staff = staff;
  store::Rows rows = t.query(
      "SELECT 1 AS kind, role AS what, COALESCE(team, '') AS team FROM staff_role "
      "WHERE staff = $1 AND from_us <= $2 AND (until_us IS NULL OR until_us > $2) "
      // Named in a group, and a facilitator still; of another team, too, where that is how it was planned.
      "UNION ALL SELECT 2, f.group_id, '' FROM group_facilitator f WHERE f.staff = $1 AND EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = $1 "
      "AND r.role = 'facilitator' AND r.from_us <= $2 AND (r.until_us IS NULL OR r.until_us > $2)) "
      "UNION ALL SELECT 3, person, '' FROM break_glass WHERE staff = $1 AND from_us <= $2 AND until_us > $2",
      staff, now);
  while (rows.next()) {
    switch (rows.integer(0)) {
      case 1:
        if (const auto role = care::parse_role(rows.text(1))) out.standings.push_back({.role = *role, .team = rows.id<care::TeamId>(2)});
        break;
      case 2: out.facilitates.push_back(rows.id<care::GroupId>(1)); break;
      default: out.opened.push_back(rows.id<care::PersonId>(1)); break;
    }
  }
  return out;
}

std::optional<base::Duration> charge(store::Transaction& t, const store::KeyRing& keys, TriesOf of, std::string_view whose, base::WallTime now) {
  const auto key = keys.blind(domain_of(of), whose);
  // First the row, then its lock: on PostgreSQL two at once stand in line here.
  t.run("INSERT INTO sign_in_tries (key, failures, last_us) VALUES ($1, 0, $2) ON CONFLICT (key) DO UPDATE SET failures = sign_in_tries.failures", key,
        now);
  Tries tries;
  {
    store::Rows rows = t.query("SELECT failures, last_us FROM sign_in_tries WHERE key = $1", key);
    if (rows.next()) tries = {.failures = rows.integer(0), .last = rows.time(1)};
  }
  if (const auto wait = must_wait(of, tries, now)) return wait;
  t.run("UPDATE sign_in_tries SET failures = $1, last_us = $2 WHERE key = $3", remembered(tries, now).failures + 1, now, key);
  return std::nullopt;
}
void forgive(store::Transaction& t, const store::KeyRing& keys, TriesOf of, std::string_view whose) {
  t.run("DELETE FROM sign_in_tries WHERE key = $1", keys.blind(domain_of(of), whose));
}
void forgive_one(store::Transaction& t, const store::KeyRing& keys, TriesOf of, std::string_view whose) {
  t.run("UPDATE sign_in_tries SET failures = failures - 1 WHERE key = $1 AND failures > 0", keys.blind(domain_of(of), whose));
}

void add_provider_start(store::Transaction& t, const crypto::Sha256& state, const crypto::Sha256& browser, const ProviderStart& start,
                        base::WallTime until) {
  t.run("INSERT INTO provider_start (state, browser, made_us, until_us, again, anew) VALUES ($1, $2, $3, $4, $5, $6)", state, browser, start.made, until,
        start.again ? std::optional(start.again->text) : std::nullopt, start.anew);
}
std::optional<ProviderStart> take_provider_start(store::Transaction& t, const crypto::Sha256& state, const crypto::Sha256& browser, base::WallTime now) {
  ProviderStart start;
  {
    store::Rows rows = t.query("SELECT again, made_us, anew FROM provider_start WHERE state = $1 AND browser = $2 AND until_us > $3", state, browser, now);
    if (!rows.next()) return std::nullopt;
    start.made = rows.time(1);
    start.anew = rows.flag(2);
    if (!rows.null(0)) start.again = rows.id<SignInId>(0);
  }
  if (t.run("DELETE FROM provider_start WHERE state = $1 AND browser = $2", state, browser) != 1) return std::nullopt;  // another took it
  return start;
}

}  // namespace identity
