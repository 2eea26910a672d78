// SPDX-License-Identifier: Apache-2.0
// See today_place_table.h.
#include "care/today_place_table.h"

#include "care/legal_hold_table.h"

namespace care {
namespace {

constexpr store::Column kPlace{"today_place.place"}, kContacts{"person.contacts"};

// What of a person's contacts (PUT /api/people/{id}/identity) is needed here.
struct AddressOnRecord {
  std::vector<base::Redacted<std::string>> address;
  base::Redacted<std::string> postcode;
  base::json::Nullable<std::string> confirmed;
  static constexpr auto fields() {
    using base::json::field;
    using A = AddressOnRecord;
    return std::tuple{field("address", &A::address, {.least = 0, .most = 20}), field("postcode", &A::postcode),
                      field("addressConfirmed", &A::confirmed)};
  }
};

// Both kinds of room have their own column; the other is NULL.
std::optional<std::int64_t> room_of(const std::optional<SessionId>& session, std::int64_t room) {
  return session ? std::nullopt : std::optional(room);
}
// NULL is no value that equals another: the column that is asked by is never NULL.
constexpr std::string_view kWhich = "(session = $1 OR room = $2)";

}  // namespace

std::optional<ArrivalSeat> seat_of_link(store::Transaction& tx, base::Bytes hash, base::WallTime now) {
  {
    auto rows = tx.query("SELECT p.session, s.group_id, p.seat, p.role, p.holder_kind, p.holder, m.person FROM seat_pass p "
                         "JOIN session s ON s.id = p.session LEFT JOIN membership m ON m.id = p.holder AND p.holder_kind = 'membership' "
                         "WHERE p.hash = $1 AND p.until_us > $2", hash, now);
    if (rows.next())
      return ArrivalSeat{.session = rows.id<SessionId>(0), .room = 0, .group = rows.id<GroupId>(1), .seat = rows.integer(2),
                         .role = rows.text(3), .holder_kind = rows.text(4), .holder = rows.text(5),
                         .person = rows.null(6) ? PersonId{} : rows.id<PersonId>(6)};
  }
  auto rows = tx.query("SELECT r.room, b.seat, b.role FROM booking b JOIN room_session r ON r.id = b.session "
                       "WHERE b.link_hash = $1 AND b.withdrawn = 0", hash);
  if (!rows.next()) return std::nullopt;
  return ArrivalSeat{.session = {}, .room = rows.integer(0), .group = {}, .seat = rows.integer(1), .role = rows.text(2),
                     .holder_kind = {}, .holder = {}, .person = {}};
}

std::optional<ArrivalSeat> seat_of_member(store::Transaction& tx, const MembershipId& membership, const SessionId& session, base::WallTime now) {
  auto rows = tx.query("SELECT s.group_id, m.seat, m.person FROM session s JOIN membership m ON m.group_id = s.group_id WHERE s.id = $1 "
                       "AND m.id = $2 AND s.state = 'planned' AND s.ends_us > $3 AND m.state IN ('prepared', 'joined')", session, membership, now);
  if (!rows.next()) return std::nullopt;
  return ArrivalSeat{.session = session, .room = 0, .group = rows.id<GroupId>(0), .seat = rows.integer(1), .role = "member",
                     .holder_kind = "membership", .holder = membership.text, .person = rows.id<PersonId>(2)};
}

std::vector<base::Redacted<std::string>> confirmed_address(store::Transaction& tx, const store::KeyRing& keys, const PersonId& person) {
  if (person.empty()) return {};
  auto rows = tx.query("SELECT contacts_sealed FROM person WHERE id = $1", person);
  if (!rows.next() || rows.null(0)) return {};
  const auto text = keys.open(tx, kContacts, person.text, rows.bytes(0));
  auto read = base::json::read<AddressOnRecord>(text.get(), base::json::Mode::tolerant, {.bytes = 64 * 1024, .depth = 8});
  if (!read || !read->confirmed.value || read->confirmed.value->empty() || read->address.empty()) return {};
  auto out = std::move(read->address);
  if (!read->postcode.get().empty()) out.push_back(std::move(read->postcode));
  return out;
}

void save_place(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const ArrivalSeat& seat, const SaidPlace& place,
                base::WallTime now) {
  const auto room = room_of(seat.session, seat.room);
  tx.run("DELETE FROM today_place WHERE " + std::string(kWhich) + " AND seat = $3", seat.session, room, seat.seat);
  const std::string id = base::new_uuid(entropy, now);
  const bool given = place.kind != PlaceKind::declined;
  std::optional<store::Sealed> sealed;
  if (given) sealed = keys.seal(kPlace, id, base::Redacted<std::string>(base::json::write(place)));
  std::optional<PersonId> person;
  if (!seat.person.empty()) person = seat.person;
  tx.run("INSERT INTO today_place (id, session, room, seat, person, given, place_sealed, said_us) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", id, seat.session, room, seat.seat, person, given ? 1 : 0, sealed, now);
}

std::optional<KeptPlace> load_place(store::Transaction& tx, const store::KeyRing& keys, const std::optional<SessionId>& session,
                                    std::int64_t room, std::int64_t seat) {
  auto rows = tx.query("SELECT id, given, place_sealed, person, said_us FROM today_place WHERE " + std::string(kWhich) + " AND seat = $3",
                       session, room_of(session, room), seat);
  if (!rows.next()) return std::nullopt;
  KeptPlace out{.given = rows.flag(1), .place = {}, .person = rows.null(3) ? PersonId{} : rows.id<PersonId>(3), .said = rows.time(4)};
  if (rows.null(2)) return out;
  const auto text = keys.open(tx, kPlace, rows.text(0), rows.bytes(2));
  auto place = base::json::read<SaidPlace>(text.get(), base::json::Mode::tolerant);
  if (!place) {
    tx.fail(store::StoreError::unavailable);
    return std::nullopt;
  }
  out.place = std::move(*place);
  return out;
}

std::optional<KeptPlace> last_place(store::Transaction& tx, const store::KeyRing& keys, const PersonId& person) {
  SessionId session;
  std::int64_t seat = 0;
  {
    auto rows = tx.query("SELECT session, seat FROM today_place WHERE person = $1 AND session IS NOT NULL ORDER BY said_us DESC, id DESC LIMIT 1", person);
    if (!rows.next()) return std::nullopt;
    session = rows.id<SessionId>(0);
    seat = rows.integer(1);
  }
  return load_place(tx, keys, session, 0, seat);
}

std::vector<PlaceSaid> places_said(store::Transaction& tx, const std::optional<SessionId>& session, std::int64_t room) {
  auto rows = tx.query("SELECT seat, given FROM today_place WHERE " + std::string(kWhich) + " ORDER BY seat", session, room_of(session, room));
  std::vector<PlaceSaid> out;
  while (rows.next()) out.push_back({.seat = rows.integer(0), .given = rows.flag(1)});
  return out;
}

void hold_place(store::Transaction& tx, const SessionId& session, std::int64_t seat, std::string_view holder) {
  tx.run("INSERT INTO place_hold (session, seat, holder) VALUES ($1, $2, $3) ON CONFLICT (session, seat, holder) DO NOTHING", session, seat, holder);
}
void let_go_of_place(store::Transaction& tx, const SessionId& session, std::int64_t seat, std::string_view holder) {
  tx.run("DELETE FROM place_hold WHERE session = $1 AND seat = $2 AND holder = $3", session, seat, holder);
}

std::int64_t forget_places(store::Transaction& tx, base::WallTime before) {
  static const std::string sql = "DELETE FROM today_place WHERE said_us <= $1 AND NOT EXISTS (SELECT 1 FROM place_hold h WHERE h.session = "
                                 "today_place.session AND h.seat = today_place.seat) AND (person IS NULL OR person NOT IN (" + held_people() +
                                 ")) AND (session IS NULL OR session NOT IN (SELECT id FROM session WHERE group_id IN (" + held_groups() + ")))";
  return tx.run(sql, before);
}

}  // namespace care
