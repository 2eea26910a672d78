// SPDX-License-Identifier: Apache-2.0
// See today_place_routes.h.
#include "care/today_place_routes.h"

#include "care/group_table.h"
#include "care/session_routes.h"
#include "care/zone.h"

namespace care {
namespace {

struct MineBody {
  SessionId session;
  SaidPlace place;
  static constexpr auto fields() {
    return std::tuple{base::json::field("session", &MineBody::session), base::json::field("place", &MineBody::place)};
  }
};
struct SaidList {
  std::vector<PlaceSaid> items;
  base::json::Nullable<std::string> next;
  static constexpr auto fields() {
    return std::tuple{base::json::field("items", &SaidList::items), base::json::field("next", &SaidList::next)};
  }
};

http::Response say_mine(Call& call) {
  if (call.actor.kind != Actor::Kind::member) return refused();
  const auto body = call.body<MineBody>();
  if (!body) return body.error();
  const auto seat = seat_of_member(call.tx, call.actor.membership, body->session, call.now.wall);
  if (!seat) return not_found();
  const Where where{.teams = {}, .groups = {seat->group}, .person = seat->person, .staff = {}};
  if (auto open = call.open(Data::place, Access::write, where, {.kind = "session", .id = body->session.text, .person = seat->person}); !open)
    return open.error();
  const auto place = decide_place(body->place, !confirmed_address(call.tx, call.keys, seat->person).empty());
  if (!place) return unprocessable(place.error());
  save_place(call.tx, call.keys, call.entropy, *seat, *place, call.now.wall);
  return no_content();
}

struct FoundSession {
  SessionId id;
  Where where;
};
std::optional<FoundSession> session_of(Call& call, const SessionId& id) {
  auto rows = call.tx.query("SELECT s.group_id, g.team FROM session s JOIN therapy_group g ON g.id = s.group_id WHERE s.id = $1", id);
  if (!rows.next()) return std::nullopt;
  return FoundSession{.id = id, .where = where_of(rows.id<GroupId>(0), rows.id<TeamId>(1))};
}

// That somebody said where they are is part of the register of the day; where they are is not.
http::Response who_said(Call& call) {
  const auto id = call.path_id<SessionId>();
  if (!id) return id.error();
  const auto session = session_of(call, *id);
  if (!session || !may(call.actor, Data::attendance, Access::read, session->where).allowed) return not_found();
  if (auto open = call.open(Data::attendance, Access::read, session->where, {.kind = "session", .id = id->text, .person = {}}); !open)
    return open.error();
  return http::json(base::json::write(SaidList{.items = places_said(call.tx, *id, 0), .next = {}}));
}

http::Response open_place(Call& call, const HoldsAlert& holds) {
  const auto id = call.path_id<SessionId>();
  if (!id) return id.error();
  const auto seat = seat_of_path(call);
  if (!seat) return not_found();
  auto session = session_of(call, *id);
  if (!session) return not_found();
  const auto kept = load_place(call.tx, call.keys, *id, 0, *seat);
  if (kept) session->where.person = kept->person;
  session->where.alert_held = holds(call.tx, call.actor.staff, *id, *seat);
  const Subject subject{.kind = "session", .id = id->text, .person = kept ? kept->person : PersonId{}};
  if (auto open = call.open(Data::place, Access::read, session->where, subject); !open) {
    // Who may not know of the session is told that there is nothing.
    const bool may_know = may(call.actor, Data::attendance, Access::read, session->where).allowed || may(call.actor, Data::place, Access::read, session->where).allowed;
    return may_know ? open.error() : not_found();
  }
  if (!kept) return not_found();
  return http::json(place_answer(call.tx, call.keys, *kept));
}

}  // namespace

PlaceAnswer shown_place(store::Transaction& tx, const store::KeyRing& keys, const KeptPlace& kept) {
  PlaceAnswer out{.given = kept.given, .kind = kept.place.kind, .lines = {}, .saidAt = iso_text(kept.said)};
  if (kept.place.kind == PlaceKind::home) {
    out.lines = confirmed_address(tx, keys, kept.person);
  } else if (kept.given) {
    if (!kept.place.ward.empty()) out.lines.emplace_back(kept.place.ward);
    out.lines.emplace_back(kept.place.text);
  }
  return out;
}

std::string place_answer(store::Transaction& tx, const store::KeyRing& keys, const KeptPlace& kept) {
  return base::json::write(shown_place(tx, keys, kept));
}

void add_today_place_routes(http::Site& site, Desk& desk, HoldsAlert holds) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/mine/place",
                                    .permission = http::Permission::visitor, .data = Data::place, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 4'096, .handler = say_mine});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}/places",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::read,
                                    .audit = http::Audit::read_group, .max_body = 0, .handler = who_said});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/sessions/{session}/places/{seat}",
                                    .permission = http::Permission::staff, .data = Data::place, .access = Access::read,
                                    .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = [holds = std::move(holds)](Call& call) { return open_place(call, holds); }});
}

}  // namespace care
