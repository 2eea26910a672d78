// SPDX-License-Identifier: Apache-2.0
// See alert_table.h.
#include "safety/alert_table.h"

#include "care/today_place_table.h"
#include "care/zone.h"
#include "store/audit_trail.h"

namespace safety {
namespace {

constexpr store::Column kNote{"safety_alert.note"}, kAlias{"membership.alias"}, kSupporterAlias{"supporter.alias"};

template <class E>
E parse(std::string_view text, E otherwise) {
  for (const auto& [value, name] : json_names(E{}))
    if (name == text) return value;
  return otherwise;
}

struct Step {
  AlertStep what = AlertStep::raised;
  std::optional<AlertKind> kind{};
  std::optional<Origin> origin{};
  std::optional<care::StaffId> staff{}, given_to{};
};
// The alert's own row is written in the same transaction: two steps at once take turns.
void add_step(store::Transaction& tx, const AlertId& alert, const Step& step, base::WallTime now) {
  const auto name = [](const auto& v) { return v ? std::optional(std::string(base::json::name_of(*v))) : std::nullopt; };
  std::int64_t number = 1;
  {
    auto rows = tx.query("SELECT COALESCE(MAX(number), 0) + 1 FROM safety_alert_step WHERE alert = $1", alert);
    if (rows.next()) number = rows.integer(0);
  }
  tx.run("INSERT INTO safety_alert_step (alert, number, at_us, what, kind, origin, staff, given_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", alert, number,
         now, base::json::name_of(step.what), name(step.kind), name(step.origin), step.staff, step.given_to);
}

// Whose seat it is at that session.
struct Seated {
  std::optional<care::MembershipId> membership;
  std::optional<care::SupporterId> supporter;
  care::PersonId person;
};
std::optional<Seated> seated(store::Transaction& tx, const care::SessionId& session, std::int64_t seat) {
  {
    auto rows = tx.query("SELECT m.id, m.person FROM membership m JOIN session s ON s.group_id = m.group_id WHERE s.id = $1 AND m.seat = $2", session, seat);
    if (rows.next()) return Seated{.membership = rows.id<care::MembershipId>(0), .supporter = {}, .person = rows.id<care::PersonId>(1)};
  }
  auto rows = tx.query("SELECT c.id, m.person FROM supporter c JOIN membership m ON m.id = c.membership JOIN session s ON s.group_id = m.group_id "
                       "WHERE s.id = $1 AND c.seat = $2", session, seat);
  if (!rows.next()) return std::nullopt;
  return Seated{.membership = {}, .supporter = rows.id<care::SupporterId>(0), .person = rows.id<care::PersonId>(1)};
}

// Said again in the same way by the same one: nothing new happened.
bool said_already(store::Transaction& tx, const AlertId& id, const NewAlert& alert) {
  auto rows = tx.query("SELECT what, kind, staff FROM safety_alert_step WHERE alert = $1 ORDER BY number DESC LIMIT 1", id);
  if (!rows.next()) return false;
  return rows.text(0) == "raised" && rows.text(1) == base::json::name_of(alert.kind) && rows.maybe_text(2) == (alert.staff ? std::optional(alert.staff->text) : std::nullopt);
}

std::optional<AlertId> open_alert(store::Transaction& tx, const care::SessionId& session, std::int64_t seat) {
  auto rows = tx.query("SELECT id FROM safety_alert WHERE session = $1 AND seat = $2 AND closed_us IS NULL", session, seat);
  return rows.next() ? std::optional(rows.id<AlertId>(0)) : std::nullopt;
}

constexpr std::string_view kRow =
    "SELECT a.id, a.version, a.session, s.number, g.id, g.name, g.team, a.seat, a.raised_us, a.holder, h.name, a.closed_us, a.outcome, "
    "m.id, m.alias_sealed, p.id, p.legal_name_sealed, p.preferred_name_sealed, c.id, c.alias_sealed, "
    "COALESCE((SELECT t.given FROM today_place t WHERE t.session = a.session AND t.seat = a.seat), 0), "
    "(SELECT x.kind FROM safety_alert_step x WHERE x.alert = a.id AND x.what = 'raised' ORDER BY x.number DESC LIMIT 1) "
    "FROM safety_alert a JOIN session s ON s.id = a.session JOIN therapy_group g ON g.id = s.group_id LEFT JOIN staff h ON h.id = a.holder "
    "LEFT JOIN supporter c ON c.id = a.supporter LEFT JOIN membership m ON m.id = a.membership LEFT JOIN person p ON p.id = m.person ";

AlertRow row_of(store::Transaction& tx, const store::KeyRing& keys, const store::Rows& r) {
  AlertRow out;
  out.id = r.id<AlertId>(0);
  out.version = r.integer(1);
  out.session = r.id<care::SessionId>(2);
  out.number = r.integer(3);
  out.group = {r.id<care::GroupId>(4), r.text(5)};
  out.team = r.id<care::TeamId>(6);
  out.seat = r.integer(7);
  out.raised = r.time(8);
  out.raised_at = care::iso_text(out.raised);
  if (!r.null(9)) out.holder.value = StaffRef{r.id<care::StaffId>(9), r.text(10)};
  if (!r.null(11)) out.closed_at.value = care::iso_text(r.time(11));
  if (!r.null(12)) out.outcome.value = parse(r.text(12), AlertOutcome::spoke);
  out.supporter = r.null(13);
  if (out.supporter) {
    out.alias = keys.open_maybe(tx, kSupporterAlias, r.text(18), r, 19).value_or(base::Redacted<std::string>{});
  } else {
    out.alias = keys.open_maybe(tx, kAlias, r.text(13), r, 14).value_or(base::Redacted<std::string>{});
    out.person.value = care::PersonRef{r.id<care::PersonId>(15), care::name_of_person(tx, keys, r.text(15), r, 16, 17)};
  }
  out.place_given = r.flag(20);
  out.kind = parse(r.null(21) ? std::string() : r.text(21), AlertKind::worried);
  return out;
}
std::vector<AlertRow> all_of(store::Transaction& tx, const store::KeyRing& keys, store::Rows rows) {
  std::vector<AlertRow> out;
  while (rows.next()) out.push_back(row_of(tx, keys, rows));
  return out;
}

}  // namespace

std::optional<Raised> raise(store::Transaction& tx, base::Entropy& entropy, const NewAlert& alert, base::WallTime now) {
  const auto who = seated(tx, alert.session, alert.seat);
  if (!who) return std::nullopt;
  Raised out{.id = base::new_id<AlertId>(entropy, now), .person = who->person, .fresh = true};
  // Two who raise it at once make one: the index says so, and the second finds the first's.
  out.fresh = tx.run("INSERT INTO safety_alert (id, version, session, seat, membership, supporter, raised_us) VALUES ($1, 1, $2, $3, $4, $5, $6) "
                     "ON CONFLICT DO NOTHING", out.id, alert.session, alert.seat, who->membership, who->supporter, now) == 1;
  if (!out.fresh) {
    const auto open = open_alert(tx, alert.session, alert.seat);
    if (!open) {
      tx.fail(store::StoreError::busy);  // closed at this moment: once more
      return std::nullopt;
    }
    out.id = *open;
    // Held until the end, so that steps at the same moment come one after the other.
    tx.run("UPDATE safety_alert SET version = version WHERE id = $1", out.id);
    if (said_already(tx, out.id, alert)) return out;
    tx.run("UPDATE safety_alert SET version = version + 1 WHERE id = $1", out.id);
  }
  add_step(tx, out.id, {.what = AlertStep::raised, .kind = alert.kind, .origin = alert.origin, .staff = alert.staff, .given_to = {}}, now);
  care::hold_place(tx, alert.session, alert.seat, out.id.text);
  return out;
}

std::optional<Raised> raise_from_call(store::Transaction& tx, base::Entropy& entropy, const care::SessionId& session, std::int64_t seat, AlertKind kind,
                                      base::WallTime now) {
  const auto raised = raise(tx, entropy, {.session = session, .seat = seat, .kind = kind, .origin = Origin::call, .staff = {}}, now);
  if (raised)
    store::append_audit(tx, {{.at = now, .actor_kind = "system", .actor = {}, .action = "change", .data = std::string(care::to_text(care::Data::incidents)),
                              .subject_kind = "alert", .subject = raised->id.text, .person = raised->person.text, .reason = "from-the-call", .note = {}}});
  return raised;
}

std::optional<std::int64_t> seat_of(store::Transaction& tx, const care::SessionId& session, const std::optional<care::MembershipId>& membership,
                                    const std::optional<care::SupporterId>& supporter) {
  auto rows = membership ? tx.query("SELECT m.seat FROM membership m JOIN session s ON s.group_id = m.group_id WHERE s.id = $1 AND m.id = $2", session, *membership)
                         : tx.query("SELECT c.seat FROM supporter c JOIN membership m ON m.id = c.membership JOIN session s ON s.group_id = m.group_id "
                                    "WHERE s.id = $1 AND c.id = $2", session, supporter);
  return rows.next() ? std::optional(rows.integer(0)) : std::nullopt;
}

std::optional<Alert> load_alert(store::Transaction& tx, const AlertId& id) {
  auto rows = tx.query("SELECT a.version, a.session, a.seat, g.id, g.team, a.holder, a.closed_us, m.person, k.person FROM safety_alert a "
                       "JOIN session s ON s.id = a.session JOIN therapy_group g ON g.id = s.group_id LEFT JOIN membership m ON m.id = a.membership "
                       "LEFT JOIN supporter c ON c.id = a.supporter LEFT JOIN membership k ON k.id = c.membership WHERE a.id = $1", id);
  if (!rows.next()) return std::nullopt;
  Alert out{.id = id, .version = rows.integer(0), .session = rows.id<care::SessionId>(1), .seat = rows.integer(2), .group = rows.id<care::GroupId>(3),
            .team = rows.id<care::TeamId>(4), .person = rows.id<care::PersonId>(rows.null(7) ? 8 : 7), .state = {}};
  if (!rows.null(5)) out.state.holder = rows.id<care::StaffId>(5);
  out.state.closed = !rows.null(6);
  return out;
}

bool holds_alert(store::Transaction& tx, const care::StaffId& staff, const care::SessionId& session, std::int64_t seat) {
  return tx.query("SELECT 1 FROM safety_alert WHERE session = $1 AND seat = $2 AND holder = $3 AND closed_us IS NULL", session, seat, staff).next();
}

bool save_holder(store::Transaction& tx, const Alert& alert, const HolderChange& change, const care::StaffId& by, base::WallTime now) {
  if (tx.run("UPDATE safety_alert SET version = version + 1, holder = $1 WHERE id = $2 AND version = $3 AND closed_us IS NULL", change.holder, alert.id,
             alert.version) != 1)
    return false;
  const bool given = change.step == AlertStep::handed_over;
  add_step(tx, alert.id, {.what = change.step, .kind = {}, .origin = {}, .staff = by, .given_to = given ? change.holder : std::nullopt}, now);
  return true;
}

bool save_closed(store::Transaction& tx, const store::KeyRing& keys, const Alert& alert, const WantedClose& wanted, const care::StaffId& by,
                 base::WallTime now) {
  std::optional<store::Sealed> note;
  if (!wanted.note.empty()) note = keys.seal(kNote, alert.id.text, base::Redacted<std::string>(wanted.note));
  if (tx.run("UPDATE safety_alert SET version = version + 1, closed_us = $1, outcome = $2, note_sealed = $3 WHERE id = $4 AND version = $5 AND "
             "closed_us IS NULL", now, base::json::name_of(wanted.outcome), note, alert.id, alert.version) != 1)
    return false;
  add_step(tx, alert.id, {.what = AlertStep::closed, .kind = {}, .origin = {}, .staff = by, .given_to = {}}, now);
  care::let_go_of_place(tx, alert.session, alert.seat, alert.id.text);
  return true;
}

std::vector<StaffRef> who_may_hold(store::Transaction& tx, const Alert& alert, base::WallTime now) {
  auto rows = tx.query("SELECT w.id, w.name FROM staff w WHERE w.active = 1 AND (w.id IN (SELECT f.staff FROM group_facilitator f WHERE f.group_id = $1) OR "
                       "w.id IN (SELECT r.staff FROM staff_role r WHERE r.role = 'team_lead' AND (r.team = $2 OR r.team IS NULL) AND r.from_us <= $3 AND "
                       "(r.until_us IS NULL OR r.until_us > $3))) ORDER BY w.name, w.id", alert.group, alert.team, now);
  std::vector<StaffRef> out;
  while (rows.next()) out.push_back({.id = rows.id<care::StaffId>(0), .name = rows.text(1)});
  return out;
}

std::vector<AlertRow> list_alerts(store::Transaction& tx, const store::KeyRing& keys, const care::GroupReach& reach, const AlertFilter& filter) {
  if (reach.nothing()) return {};
  return all_of(tx, keys,
                care::query_in_reach(tx, std::string(kRow) + "WHERE {reach} AND a.closed_us IS " + (filter.open ? "" : "NOT ") +
                                             "NULL AND (a.raised_us, a.id) < ($1, $2) ORDER BY a.raised_us DESC, a.id DESC LIMIT $3",
                                     "s.group_id", reach, filter.before, filter.before_id, filter.limit));
}

std::vector<AlertRow> open_alerts_of(store::Transaction& tx, const store::KeyRing& keys, const care::SessionId& session) {
  return all_of(tx, keys, tx.query(std::string(kRow) + "WHERE a.session = $1 AND a.closed_us IS NULL ORDER BY a.raised_us, a.id", session));
}

std::optional<AlertRow> alert_row(store::Transaction& tx, const store::KeyRing& keys, const AlertId& id) {
  auto rows = all_of(tx, keys, tx.query(std::string(kRow) + "WHERE a.id = $1", id));
  return rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
}

std::vector<AlertStepRow> steps_of(store::Transaction& tx, const AlertId& id) {
  auto rows = tx.query("SELECT x.what, x.at_us, x.kind, x.origin, s.name, t.name FROM safety_alert_step x LEFT JOIN staff s ON s.id = x.staff "
                       "LEFT JOIN staff t ON t.id = x.given_to WHERE x.alert = $1 ORDER BY x.number LIMIT 500", id);
  std::vector<AlertStepRow> out;
  while (rows.next()) {
    AlertStepRow each{.at = care::iso_text(rows.time(1)), .what = parse(rows.text(0), AlertStep::raised), .kind = {}, .origin = {},
                      .by = rows.maybe_text(4).value_or(""), .to = rows.maybe_text(5).value_or("")};
    if (!rows.null(2)) each.kind.value = parse(rows.text(2), AlertKind::worried);
    if (!rows.null(3)) each.origin.value = parse(rows.text(3), Origin::room);
    out.push_back(std::move(each));
  }
  return out;
}

base::Redacted<std::string> note_of(store::Transaction& tx, const store::KeyRing& keys, const AlertId& id) {
  auto rows = tx.query("SELECT note_sealed FROM safety_alert WHERE id = $1", id);
  if (!rows.next()) return {};
  return keys.open_maybe(tx, kNote, id.text, rows, 0).value_or(base::Redacted<std::string>{});
}

}  // namespace safety
