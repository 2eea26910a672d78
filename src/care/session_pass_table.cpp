// SPDX-License-Identifier: Apache-2.0
// See session_pass_table.h.
#include "care/session_pass_table.h"

#include <algorithm>
#include <map>
#include <set>

#include "care/group.h"

namespace care {
namespace {

constexpr store::Column kAlias{"membership.alias"}, kDisguise{"membership.disguise"}, kSupporterAlias{"supporter.alias"};
constexpr std::string_view kKinds[] = {"staff", "membership", "supporter"};

HolderKind parse_kind(std::string_view text) {
  return text == "membership" ? HolderKind::membership : text == "supporter" ? HolderKind::supporter : HolderKind::staff;
}

// Each says whether the holder is still in the group, and fills in what the room's facilitators see of them.
store::Rows leading(store::Transaction& tx, const TakenSeat& s, base::WallTime now) {
  return tx.query("SELECT f.alias, f.role FROM group_facilitator f JOIN session s ON s.group_id = f.group_id JOIN staff w ON w.id = f.staff "
                  "WHERE s.id = $1 AND f.staff = $2 AND f.seat = $3 AND w.active = 1 AND EXISTS (SELECT 1 FROM staff_role r WHERE r.staff = f.staff AND "
                  "r.role = 'facilitator' AND r.from_us <= $4 AND (r.until_us IS NULL OR r.until_us > $4)) AND "
                  "($5 = '' OR EXISTS (SELECT 1 FROM sign_in i WHERE i.id = $5 AND i.ended_us IS NULL))",
                  s.session, s.holder, s.seat, now, s.sign_in);
}
bool add_facilitator(store::Transaction& tx, SeatedPass& p, base::WallTime now) {
  auto rows = leading(tx, p.taken, now);
  if (!rows.next()) return false;
  p.alias = base::Redacted<std::string>(rows.text(0));
  p.role = rows.text(1);
  return true;
}
bool add_member(store::Transaction& tx, const store::KeyRing& keys, SeatedPass& p) {
  const std::string& holder = p.taken.holder;
  auto rows = tx.query("SELECT m.alias_sealed, m.disguise_sealed, m.person FROM membership m JOIN session s ON s.group_id = m.group_id "
                       "WHERE m.id = $1 AND s.id = $2 AND m.state IN ('prepared', 'joined')", holder, p.taken.session);
  if (!rows.next()) return false;
  p.alias = keys.open_maybe(tx, kAlias, holder, rows, 0).value_or(base::Redacted<std::string>{});
  p.disguise = agreed_disguise(tx, keys, holder, rows, 1);
  p.needs = need_categories(tx, rows.id<PersonId>(2));
  return true;
}
bool add_supporter(store::Transaction& tx, const store::KeyRing& keys, SeatedPass& p, base::WallTime now) {
  const std::string& holder = p.taken.holder;
  auto rows = tx.query("SELECT c.alias_sealed FROM supporter c JOIN membership m ON m.id = c.membership JOIN session s ON s.group_id = m.group_id "
                       "WHERE c.id = $1 AND s.id = $2 AND m.state IN ('prepared', 'joined') AND (c.until_us IS NULL OR c.until_us > $3)",
                       holder, p.taken.session, now);
  if (!rows.next()) return false;
  p.alias = keys.open_maybe(tx, kSupporterAlias, holder, rows, 0).value_or(base::Redacted<std::string>{});
  return true;
}

}  // namespace

Disguise agreed_disguise(store::Transaction& tx, const store::KeyRing& keys, const std::string& membership, const store::Rows& rows, int column) {
  const auto text = keys.open_maybe(tx, kDisguise, membership, rows, column);
  return text ? base::json::read<Disguise>(text->get(), base::json::Mode::tolerant).value_or(Disguise{}) : Disguise{};
}

std::vector<bool> still_theirs(store::Transaction& tx, std::span<const TakenSeat> seats, base::WallTime now) {
  std::map<std::string, std::set<PassHash>> passes;  // of a session: read once, however many sit there
  const auto has_pass = [&](const TakenSeat& seat) {
    const auto [of_session, first] = passes.try_emplace(seat.session.text);
    if (first) {
      auto rows = tx.query("SELECT hash FROM seat_pass WHERE session = $1", seat.session);
      while (rows.next()) {
        PassHash hash{};
        std::ranges::copy_n(rows.bytes(0).begin(), std::min(rows.bytes(0).size(), hash.size()), hash.begin());
        of_session->second.insert(hash);
      }
    }
    return of_session->second.contains(seat.pass);
  };
  const auto goes_on = [&](const TakenSeat& seat) {
    return tx.query("SELECT m.id FROM membership m JOIN session s ON s.group_id = m.group_id WHERE s.id = $1 AND s.state <> 'cancelled' AND "
                    "m.state IN ('prepared', 'joined') AND m.id = COALESCE((SELECT membership FROM supporter WHERE id = $2), $2)", seat.session, seat.holder)
        .next();
  };
  std::vector<bool> out;
  for (const TakenSeat& seat : seats)
    out.push_back(seat.kind == HolderKind::staff ? leading(tx, seat, now).next() : seat.until <= now || has_pass(seat) || !goes_on(seat));
  return out;
}

std::vector<std::string> need_categories(store::Transaction& tx, const PersonId& person) {
  std::vector<std::string> out;
  auto rows = tx.query("SELECT DISTINCT category FROM person_need WHERE person = $1 ORDER BY category", person);
  while (rows.next()) out.push_back(rows.text(0));
  return out;
}

void save_pass(store::Transaction& tx, const NewPass& pass, const PassHash& hash) {
  tx.run("INSERT INTO seat_pass (hash, session, seat, role, holder_kind, holder, until_us, sign_in) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", hash,
         pass.session, pass.seat, pass.role, kKinds[static_cast<std::size_t>(pass.kind)], pass.holder, pass.until, pass.sign_in);
}

void drop_passes(store::Transaction& tx, base::WallTime before) { tx.run("DELETE FROM seat_pass WHERE until_us <= $1", before); }

std::int64_t room_of(store::Transaction& tx, base::Entropy& entropy, const SessionId& session) {
  constexpr std::uint64_t kBits48 = (std::uint64_t{1} << 48) - 1;
  std::uint64_t drawn = 0;
  while (drawn == 0) drawn = entropy.u64() & kBits48;
  tx.run("UPDATE session SET room = $1 WHERE id = $2 AND room IS NULL", drawn, session);
  auto rows = tx.query("SELECT room FROM session WHERE id = $1", session);
  return rows.next() ? rows.integer(0) : 0;
}

std::optional<SessionId> session_of_room(store::Transaction& tx, std::int64_t room) {
  auto rows = tx.query("SELECT id FROM session WHERE room = $1", room);
  return rows.next() ? std::optional(rows.id<SessionId>(0)) : std::nullopt;
}

std::optional<SeatedPass> find_pass(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const PassHash& hash,
                                    base::WallTime now) {
  auto rows = tx.query("SELECT p.session, s.room, p.seat, p.role, p.holder_kind, p.holder, s.starts_us, s.ends_us, t.duty_number, r.duty_number, "
                       "s.ended_us, g.confidentiality_plan, p.sign_in, p.until_us FROM seat_pass p JOIN session s ON s.id = p.session JOIN therapy_group g ON g.id = s.group_id "
                       "JOIN team t ON t.id = g.team JOIN service v ON v.id = t.service JOIN trust r ON r.id = v.trust "
                       "WHERE p.hash = $1 AND p.until_us > $2 AND s.state <> 'cancelled' AND s.held_on = $3", hash, now, kOwnSoftware);
  if (!rows.next()) return std::nullopt;
  SeatedPass p{.taken = {.session = rows.id<SessionId>(0), .kind = parse_kind(rows.text(4)), .holder = rows.text(5), .sign_in = rows.text(12),
                         .seat = rows.integer(2), .pass = hash, .until = rows.time(13)},
               .room = rows.integer(1), .role = rows.text(3), .alias = {}, .disguise = {}, .needs = {}, .span = {rows.time(6), rows.time(7)},
               .duty_number = rows.text(8).empty() ? rows.text(9) : rows.text(8), .ended = !rows.null(10)};
  if (const auto plan = base::json::read<ConfidentialityPlan>(rows.text(11), base::json::Mode::tolerant)) {
    p.watermark = plan->watermark;
    p.end_to_end = plan->end_to_end;
    p.blank_on_blur = plan->blank_on_blur.value_or(false);
    p.members_may_share = plan->members_may_share;
  }
  const bool there = p.taken.kind == HolderKind::staff        ? add_facilitator(tx, p, now)
                     : p.taken.kind == HolderKind::membership ? add_member(tx, keys, p)
                                                              : add_supporter(tx, keys, p, now);
  if (!there) return std::nullopt;
  if (p.room == 0) p.room = room_of(tx, entropy, p.taken.session);
  return p;
}

}  // namespace care
