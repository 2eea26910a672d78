// SPDX-License-Identifier: Apache-2.0
// See group_table.h.
#include "care/group_table.h"

#include <algorithm>

#include "care/membership_table.h"
#include "care/zone.h"

namespace care {
namespace {

ConfidentialityPlan read_plan(const std::string& text) {
  auto plan = base::json::read<ConfidentialityPlan>(text, base::json::Mode::tolerant);
  return plan ? std::move(*plan) : ConfidentialityPlan{};
}

std::vector<Facilitator> facilitators_of(store::Transaction& tx, const GroupId& id) {
  std::vector<Facilitator> out;
  auto rows = tx.query("SELECT f.staff, s.name, f.role, f.alias, f.seat FROM group_facilitator f JOIN staff s ON s.id = f.staff "
                       "WHERE f.group_id = $1 ORDER BY f.seat", id);
  while (rows.next())
    out.push_back({.staff = rows.id<StaffId>(0),
                   .name = rows.text(1),
                   .role = rows.text(2) == "facilitator" ? FacilitatorRole::facilitator : FacilitatorRole::co_facilitator,
                   .alias = rows.text(3),
                   .seat = static_cast<int>(rows.integer(4))});
  return out;
}

void insert_facilitator(store::Transaction& tx, const GroupId& id, const Facilitator& f) {
  tx.run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, $3, $4, $5)", id, f.staff,
         base::json::name_of(f.role), f.alias, f.seat);
}

void change_facilitators(store::Transaction& tx, const GroupId& id, const std::vector<Facilitator>& wanted) {
  const auto before = facilitators_of(tx, id);
  for (const Facilitator& f : before) {
    if (std::ranges::find(wanted, f.staff, &Facilitator::staff) != wanted.end()) continue;
    tx.run("DELETE FROM seat_pass WHERE holder_kind = 'staff' AND holder = $1 AND session IN (SELECT id FROM session WHERE group_id = $2)",
           f.staff, id);
    tx.run("DELETE FROM group_facilitator WHERE group_id = $1 AND staff = $2", id, f.staff);
  }
  for (const Facilitator& f : wanted) {
    const auto same = std::ranges::find(before, f.staff, &Facilitator::staff);
    if (same == before.end()) {
      insert_facilitator(tx, id, f);
    } else {
      tx.run("UPDATE group_facilitator SET role = $1, alias = $2 WHERE group_id = $3 AND staff = $4", base::json::name_of(f.role),
             f.alias, id, f.staff);
      // A pass says the role that it was made for.
      if (same->role != f.role)
        tx.run("UPDATE seat_pass SET role = $1 WHERE holder_kind = 'staff' AND holder = $2 AND session IN "
               "(SELECT id FROM session WHERE group_id = $3)", base::json::name_of(f.role), f.staff, id);
    }
  }
}

bool may_facilitate(store::Transaction& tx, const StaffId& staff, const TeamId& team, base::WallTime now) {
  return tx.query("SELECT s.id FROM staff s WHERE s.id = $1 AND s.active = 1 AND EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = s.id "
                  "AND r.role = 'facilitator' AND (r.team IS NULL OR r.team = $3) AND r.from_us <= $2 AND (r.until_us IS NULL OR r.until_us > $2))",
                  staff, now, team).next();
}

}  // namespace

Where where_of(const GroupId& group, const TeamId& team) { return {.teams = {team}, .groups = {group}, .person = {}, .staff = {}}; }

void lock_group(store::Transaction& tx, const GroupId& id) {
  tx.run("UPDATE therapy_group SET made_us = made_us WHERE id = $1", id);
}

std::optional<Group> load_group(store::Transaction& tx, const GroupId& id) {
  auto rows = tx.query("SELECT version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, "
                       "software, venue, capacity, confidentiality_plan, closed_us, directions, phone_directions FROM therapy_group WHERE id = $1", id);
  if (!rows.next()) return std::nullopt;
  Group g;
  g.id = id;
  g.version = rows.integer(0);
  g.team = rows.id<TeamId>(1);
  g.name = rows.text(2);
  g.programme = rows.text(3);
  g.zone = rows.text(4);
  if (rows.flag(5)) g.ways.push_back(Way::in_person);
  if (rows.flag(6)) g.ways.push_back(Way::video);
  if (rows.flag(7)) g.ways.push_back(Way::phone);
  g.one_way_reason = rows.text(8);
  g.one_way_alternative = rows.text(9);
  g.software = rows.text(10);
  g.venue = rows.text(11);
  g.capacity = rows.integer(12);
  g.confidentiality_plan = read_plan(rows.text(13));
  g.closed = !rows.null(14);
  g.directions = rows.text(15);
  g.phone_directions = rows.text(16);
  g.facilitators = facilitators_of(tx, id);
  return g;
}

void insert_group(store::Transaction& tx, const GroupId& id, const Group& g, base::WallTime now) {
  tx.run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, "
         "one_way_alternative, software, venue, capacity, confidentiality_plan, made_us, closed_us, directions, phone_directions) "
         "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, NULL, $16, $17)",
         id, g.team, g.name, g.programme, g.zone, g.has(Way::in_person), g.has(Way::video), g.has(Way::phone), g.one_way_reason,
         g.one_way_alternative, g.software, g.venue, g.capacity, base::json::write(g.confidentiality_plan), now, g.directions.value_or(""),
         g.phone_directions.value_or(""));
  for (const Facilitator& f : g.facilitators) insert_facilitator(tx, id, f);
}

bool update_group(store::Transaction& tx, const GroupId& id, const Group& g, std::int64_t version, base::WallTime now) {
  const auto changed = tx.run(
      "UPDATE therapy_group SET version = version + 1, name = $1, programme = $2, zone = $3, in_person = $4, video = $5, phone = $6, "
      "one_way_reason = $7, one_way_alternative = $8, software = $9, venue = $10, capacity = $11, confidentiality_plan = $12, "
      "closed_us = CASE WHEN $13 = 0 THEN NULL ELSE COALESCE(closed_us, $14) END, directions = $17, phone_directions = $18 WHERE id = $15 AND version = $16",
      g.name, g.programme, g.zone, g.has(Way::in_person), g.has(Way::video), g.has(Way::phone), g.one_way_reason, g.one_way_alternative,
      g.software, g.venue, g.capacity, base::json::write(g.confidentiality_plan), g.closed.value_or(false), now, id, version,
      g.directions.value_or(""), g.phone_directions.value_or(""));
  if (changed == 0) return false;
  change_facilitators(tx, id, g.facilitators);
  return true;
}

std::vector<NamedIn> take_named_in(store::Transaction& tx, const StaffId& staff, const TeamId& team, base::WallTime now) {
  constexpr std::string_view kFrom = " FROM group_facilitator f JOIN therapy_group g ON g.id = f.group_id WHERE f.staff = $1 AND g.team = $2 AND g.closed_us IS NULL ";
  std::vector<GroupId> groups;
  {
    auto rows = tx.query("SELECT g.id" + std::string(kFrom) + "ORDER BY g.id", staff, team);
    while (rows.next()) groups.push_back(rows.id<GroupId>(0));
  }
  for (const GroupId& group : groups) lock_group(tx, group);  // two who leave at once are counted one after the other
  std::vector<NamedIn> out;
  auto rows = tx.query("SELECT g.id, f.role, (SELECT COUNT(*) FROM group_facilitator o JOIN staff w ON w.id = o.staff WHERE o.group_id = g.id AND "
                       "o.role = 'facilitator' AND o.staff <> $1 AND w.active = 1 AND EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = o.staff AND "
                       "r.role = 'facilitator' AND r.from_us <= $3 AND (r.until_us IS NULL OR r.until_us > $3)))" + std::string(kFrom) + "ORDER BY g.id",
                       staff, team, now);
  while (rows.next()) out.push_back({.group = rows.id<GroupId>(0), .leads_alone = rows.text(1) == "facilitator" && rows.integer(2) == 0});
  return out;
}

void leave_group(store::Transaction& tx, const GroupId& group, const StaffId& staff) {
  lock_group(tx, group);
  auto plan = load_group(tx, group);
  if (!plan) return;
  std::erase_if(plan->facilitators, [&](const Facilitator& f) { return f.staff == staff; });
  change_facilitators(tx, group, plan->facilitators);
  tx.run("UPDATE therapy_group SET version = version + 1 WHERE id = $1", group);
}

std::int64_t places_taken(store::Transaction& tx, const GroupId& id) {
  auto rows = tx.query("SELECT COUNT(*) FROM membership WHERE group_id = $1 AND state IN ('prepared', 'joined')", id);
  return rows.next() ? rows.integer(0) : 0;
}

AroundGroup around_group(store::Transaction& tx, const store::KeyRing& keys, const Group& wanted, const std::optional<GroupId>& id,
                         const std::optional<Group>& before, base::WallTime now) {
  AroundGroup out;
  out.before = before;
  for (std::size_t i = 0; i < wanted.facilitators.size() && i < 2 * kLastFacilitatorSeat; ++i) {
    const StaffId& staff = wanted.facilitators[i].staff;
    // Who facilitates already may stay, whatever became of their role; the administrator ends accounts.
    const bool there = before && std::ranges::find(before->facilitators, staff, &Facilitator::staff) != before->facilitators.end();
    if (there || may_facilitate(tx, staff, before ? before->team : wanted.team, now)) out.may_facilitate.push_back(staff);
  }
  if (!id) return out;
  for (const auto& alias : aliases_of_members(tx, keys, *id, {})) out.member_aliases.push_back(alias.get());
  out.places_taken = places_taken(tx, *id);
  out.sessions_to_come = tx.query("SELECT id FROM session WHERE group_id = $1 AND state = 'planned' AND ends_us > $2 LIMIT 1", *id, now).next();
  return out;
}

namespace {
// For LIKE … ESCAPE '!': what is typed means itself.
std::string literal(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') out += '!';
    out += c;
  }
  return out;
}
}  // namespace

std::vector<GroupRow> list_groups(store::Transaction& tx, const GroupReach& reach, const GroupFilter& filter, base::WallTime now) {
  std::vector<GroupRow> out;
  if (reach.nothing()) return out;
  // The page first, then what is counted for its rows.
  const std::string kSql =
      "SELECT g.id, g.name, g.programme, g.team, t.name, g.closed_us,"
      " (SELECT COUNT(*) FROM membership m WHERE m.group_id = g.id AND m.state IN ('prepared', 'joined')),"
      " (SELECT COUNT(*) FROM membership m WHERE m.group_id = g.id AND m.state IN ('referred', 'waiting')),"
      " (SELECT s.id FROM session s WHERE s.group_id = g.id AND s.state = 'planned' AND s.ends_us > $1 ORDER BY s.starts_us, s.id LIMIT 1),"
      " (SELECT s.starts_us FROM session s WHERE s.group_id = g.id AND s.state = 'planned' AND s.ends_us > $1 ORDER BY s.starts_us, s.id LIMIT 1)"
      " FROM (SELECT p.id, p.name, p.programme, p.team, p.closed_us FROM therapy_group p WHERE {reach}"
      "  AND (p.name, p.id) > ($2, $3) AND ($4 = '' OR p.id IN (SELECT group_id FROM group_facilitator WHERE staff = $4))"
      "  AND ($5 = '' OR ($5 = 'open' AND p.closed_us IS NULL) OR ($5 = 'closed' AND p.closed_us IS NOT NULL))"
      "  AND ($7 = '' OR LOWER(p.name) LIKE '%' || LOWER($7) || '%' ESCAPE '!' OR LOWER(p.programme) LIKE '%' || LOWER($7) || '%' ESCAPE '!')"
      "  ORDER BY p.name, p.id LIMIT $6) g JOIN team t ON t.id = g.team ORDER BY g.name, g.id";
  auto rows = query_in_reach(tx, kSql, "p.id", reach, now, filter.after_name, filter.after_id, filter.facilitated_by, filter.state, filter.limit, literal(filter.find));
  while (rows.next()) {
    GroupRow row{.id = rows.id<GroupId>(0), .name = rows.text(1), .programme = rows.text(2), .team = rows.id<TeamId>(3),
                 .team_name = rows.text(4), .members = rows.integer(6), .waiting = rows.integer(7), .next_session = {}, .closed = !rows.null(5)};
    if (!rows.null(8)) row.next_session.value = NextSession{rows.id<SessionId>(8), iso_text(rows.time(9))};
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace care
