// SPDX-License-Identifier: Apache-2.0
// See mine_routes.h.
#include "interop/mine_routes.h"

#include <charconv>
#include <limits>

#include "care/attendance_table.h"
#include "care/joining_table.h"
#include "care/link_table.h"
#include "care/membership_table.h"
#include "care/session_seat_routes.h"
#include "interop/calendar.h"

namespace interop {
namespace {

using base::json::field;
using care::Access;
using care::Call;
using care::Data;
using care::OrAnswer;
using care::Way;

// A seat is open this long before a session and after it.
constexpr std::int64_t kOpenAround = std::int64_t{30} * 60 * 1'000'000;
constexpr std::int64_t kMostSessions = 60;

struct MySession {
  care::SessionId id;
  std::string date, time, zone, startsAt, endsAt, state, heldOn;
  std::int64_t minutes = 0;
  std::vector<Way> ways;
  base::json::Nullable<Way> way;
  bool open = false;  // the seat can be taken now
  std::string venue, byPhone;  // where it is in person, what to ring by phone; a supporter sees the dates
  Text joinAddress;            // of other software, for whoever has a seat; empty: none was given
  static constexpr auto fields() {
    using S = MySession;
    return std::tuple{field("id", &S::id), field("date", &S::date), field("time", &S::time), field("zone", &S::zone), field("startsAt", &S::startsAt),
                      field("endsAt", &S::endsAt), field("state", &S::state), field("heldOn", &S::heldOn), field("minutes", &S::minutes),
                      field("ways", &S::ways), field("way", &S::way), field("open", &S::open), field("venue", &S::venue),
                      field("byPhone", &S::byPhone), field("joinAddress", &S::joinAddress)};
  }
};
struct Mine {
  Text name, alias;
  bool supporter = false;
  base::json::Nullable<care::PersonId> person;  // the member's own record, for their own answers; null: a supporter
  std::string language, dutyNumber;
  base::json::Nullable<Channel> reachedBy;
  Text reachedAt;  // enough to know it again
  std::vector<MySession> sessions;
  static constexpr auto fields() {
    using M = Mine;
    return std::tuple{field("name", &M::name), field("alias", &M::alias), field("supporter", &M::supporter), field("person", &M::person),
                      field("language", &M::language), field("dutyNumber", &M::dutyNumber), field("reachedBy", &M::reachedBy),
                      field("reachedAt", &M::reachedAt), field("sessions", &M::sessions)};
  }
};

care::Where mine(const Call& call) { return {.teams = {}, .groups = {}, .person = call.actor.person, .staff = {}}; }

// "r…@example.org", "… 0123": known again, and of no use to whoever looks over a shoulder.
std::string hinted(Channel channel, const std::string& to) {
  if (channel == Channel::letter || to.size() < 4) return "";
  if (channel != Channel::email) return "… " + to.substr(to.size() - 4);
  const std::size_t at = to.find('@');
  return at == std::string::npos || at == 0 ? "" : to.substr(0, 1) + "…" + to.substr(at);
}

constexpr std::string_view kSessions =
    "SELECT s.id, s.local_date, s.local_time, g.zone, s.starts_us, s.ends_us, s.state, s.held_on, s.minutes, g.in_person, g.video, g.phone, "
    "a.planned, s.venue, g.phone_directions, j.address_sealed, m.state FROM session s JOIN therapy_group g ON g.id = s.group_id "
    "JOIN membership m ON m.group_id = g.id LEFT JOIN attendance a ON a.session = s.id AND a.membership = m.id "
    "LEFT JOIN session_joining j ON j.session = s.id WHERE m.id = $1 ";

MySession session_at(const store::Rows& rows, const Call& call, bool supporter) {
  MySession s{.id = rows.id<care::SessionId>(0), .date = rows.text(1), .time = rows.text(2), .zone = rows.text(3), .startsAt = care::iso_text(rows.time(4)),
              .endsAt = care::iso_text(rows.time(5)), .state = rows.text(6), .heldOn = rows.text(7), .minutes = rows.integer(8), .ways = {}, .way = {},
              .open = false, .venue = supporter ? std::string() : rows.text(13), .byPhone = supporter ? std::string() : rows.text(14), .joinAddress = {}};
  // As a seat: for whoever is prepared or has joined.
  if (rows.text(16) == "prepared" || rows.text(16) == "joined")
    s.joinAddress = call.keys.open_maybe(call.tx, care::kJoiningAddress, s.id.text, rows, 15).value_or(Text{});
  s.ways = care::offered_ways(rows.flag(9), rows.flag(10), rows.flag(11), s.heldOn);
  if (!supporter) s.way.value = care::said_way(rows.maybe_text(12).value_or(""), s.ways);
  const auto now = call.now.wall.us;
  s.open = s.state != "cancelled" && s.heldOn == "quietroom" && now >= rows.integer(4) - kOpenAround && now < rows.integer(5) + kOpenAround;
  return s;
}

http::Response show(Call& call) {
  const auto opened = call.open(Data::group_plan, Access::read, mine(call), {"membership", call.actor.membership.text, call.actor.person});
  if (!opened) return opened.error();
  const bool supporter = call.actor.kind == care::Actor::Kind::supporter;
  const auto to = load_recipient(call.tx, call.keys, call.actor.membership, call.actor.supporter, call.now.wall);
  if (!to) return care::not_found();
  Mine out{.name = to->name, .alias = {}, .supporter = supporter, .person = {}, .language = to->language, .dutyNumber = to->phone, .reachedBy = {to->channel},
           .reachedAt = Text(to->channel ? hinted(*to->channel, to->to.get()) : ""), .sessions = {}};
  if (const auto m = care::load_membership(call.tx, call.keys, call.actor.membership); m && !supporter) out.alias = m->alias.value_or(Text{});
  if (!supporter) out.person.value = call.actor.person;
  auto rows = call.tx.query(std::string(kSessions) + "AND s.ends_us > $2 ORDER BY s.starts_us LIMIT $3", call.actor.membership,
                            call.now.wall.us - kOpenAround, kMostSessions);
  while (rows.next()) out.sessions.push_back(session_at(rows, call, supporter));
  return http::json(base::json::write(out));
}

// One session of the person's own group, to come or on.
OrAnswer<MySession> my_session(Call& call) {
  const auto id = call.path_id<care::SessionId>();
  if (!id) return std::unexpected(id.error());
  auto rows = call.tx.query(std::string(kSessions) + "AND s.id = $2", call.actor.membership, *id);
  if (!rows.next()) return std::unexpected(care::not_found());
  return session_at(rows, call, call.actor.kind == care::Actor::Kind::supporter);
}

struct WantedWay {
  base::json::Nullable<Way> way;
  static constexpr auto fields() { return std::tuple{field("way", &WantedWay::way)}; }
};

http::Response choose_way(Call& call) {
  const auto body = call.body<WantedWay>();
  if (!body) return body.error();
  const auto s = my_session(call);
  if (!s) return s.error();
  const auto opened = call.open(Data::needs, Access::write, mine(call), {"session", s->id.text, call.actor.person});
  if (!opened) return opened.error();
  if (body->way.value && std::ranges::find(s->ways, *body->way.value) == s->ways.end())
    return care::unprocessable({{"/way", "not-offered", "This session cannot be joined in this way. Choose another"}});
  if (s->state != "planned" || care::parse_iso(s->endsAt).value_or(call.now.wall) <= call.now.wall)
    return http::problem(409, "session-over", "This session is over, or was cancelled");
  if (!care::plan_way(call.tx, s->id, call.actor.membership, body->way.value))
    return http::problem(409, "not-expected", "You are not expected at this session yet. Ask your team");
  const auto after = my_session(call);
  return after ? http::json(base::json::write(*after)) : after.error();
}

struct SeatAnswer {
  Text link;
  static constexpr auto fields() { return std::tuple{field("link", &SeatAnswer::link)}; }
};

// The seat of the person or supporter: a pass for this session alone. Whoever sees the date of a session behind their link may sit in
// it; saying where they are today comes after, and is the member's.
http::Response take_seat(Call& call) {
  const auto s = my_session(call);
  if (!s) return s.error();
  // A supporter takes their own seat beside the table (docs/access.md): it opens nothing of the person whom they support.
  const bool comes_along = call.actor.kind == care::Actor::Kind::supporter;
  const auto opened = call.open(comes_along ? Data::membership : Data::place, comes_along ? Access::read : Access::write, mine(call),
                                {"session", s->id.text, call.actor.person});
  if (!opened) return opened.error();
  if (!s->open) return http::problem(409, "not-open", "Your group is not open now");
  const bool supporter = call.actor.kind == care::Actor::Kind::supporter;
  auto rows = supporter ? call.tx.query("SELECT c.seat FROM supporter c JOIN membership m ON m.id = c.membership WHERE c.id = $1 AND m.state IN ('prepared', 'joined')", call.actor.supporter)
                        : call.tx.query("SELECT seat FROM membership WHERE id = $1 AND state IN ('prepared', 'joined')", call.actor.membership);
  if (!rows.next()) return http::problem(409, "not-prepared", "Your place in the group is not ready yet. Ask your team");
  const std::int64_t seat = rows.integer(0);
  (void)care::room_of(call.tx, call.entropy, s->id);
  call.note("take-seat", Data::place, {"session", s->id.text, call.actor.person});
  const base::WallTime until{care::parse_iso(s->endsAt).value_or(call.now.wall).us + care::kPassAfterEnd.us};
  return http::json(base::json::write(SeatAnswer{care::make_pass(
      call.tx, call.entropy, {.session = s->id, .seat = seat, .role = supporter ? "supporter" : "member",
                              .kind = supporter ? care::HolderKind::supporter : care::HolderKind::membership,
                              .holder = supporter ? call.actor.supporter.text : call.actor.membership.text, .until = until})}));
}

http::Response calendar(Call& call, const Outgoing& out) {
  const auto s = my_session(call);
  if (!s) return s.error();
  const auto opened = call.open(Data::group_plan, Access::read, mine(call), {"session", s->id.text, call.actor.person});
  if (!opened) return opened.error();
  const auto to = load_recipient(call.tx, call.keys, call.actor.membership, call.actor.supporter, call.now.wall);
  auto rows = call.tx.query("SELECT sequence FROM session WHERE id = $1", s->id);
  if (!to || !rows.next()) return care::not_found();
  const Taking taking = load_taking(call.tx, *to, s->id);
  http::Response r = http::plain(200, entry_of(call.keys, *to, {.id = s->id, .date = s->date, .time = s->time, .zone = s->zone, .minutes = s->minutes,
                                                                .sequence = rows.integer(0), .cancelled = s->state == "cancelled", .starts = {}}, taking, out, call.now.wall));
  std::erase_if(r.headers, [](const http::Header& h) { return h.name == "Content-Type"; });
  r.set("Content-Type", "text/calendar; charset=utf-8");
  r.set("Content-Disposition", "attachment; filename=\"appointment.ics\"");
  r.set("Cache-Control", "no-store");
  return r;
}

struct Opened {
  std::string at, by, what;
  static constexpr auto fields() { return std::tuple{field("at", &Opened::at), field("by", &Opened::by), field("what", &Opened::what)}; }
};
struct OpenedList {
  std::vector<Opened> items;
  base::json::Nullable<std::string> next;
  static constexpr auto fields() { return std::tuple{field("items", &OpenedList::items), field("next", &OpenedList::next)}; }
};

// Staff alone: what the person did themselves, or the service did, opened nothing to anybody.
http::Response who_opened(Call& call) {
  const auto verdict = call.open(Data::audit, Access::read, mine(call), {"person", call.actor.person.text, call.actor.person});
  if (!verdict) return verdict.error();
  const auto page = care::page_of(call);
  if (!page) return page.error();
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  const char* const end = page->after.data() + page->after.size();
  if (!page->after.empty() && std::from_chars(page->after.data(), end, before).ptr != end)
    return http::problem(400, "cursor", "This page of the list is not known");
  OpenedList out;
  auto rows = call.tx.query("SELECT s.name, a.at_us, a.data, a.number FROM audit a JOIN staff s ON s.id = a.actor WHERE a.person = $1 AND "
                            "a.number < $2 AND a.actor_kind = 'staff' AND a.action <> 'refused' ORDER BY a.number DESC LIMIT $3",
                            call.actor.person, before, page->limit + 1);
  std::int64_t last = 0;
  while (rows.next()) {
    if (std::cmp_equal(out.items.size(), page->limit)) {
      out.next.value = care::cursor(call, std::to_string(last));
      break;
    }
    last = rows.integer(3);
    out.items.push_back({care::iso_text(rows.time(1)), rows.text(0), rows.text(2)});
  }
  return http::json(base::json::write(out));
}

}  // namespace

void add_mine_routes(http::Site& site, care::Desk& desk, const Outgoing& out) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/mine", .permission = http::Permission::visitor,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_own, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/mine/sessions/{id}/way", .permission = http::Permission::visitor,
                                    .data = Data::needs, .access = Access::write, .audit = http::Audit::change, .max_body = 256, .handler = choose_way});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/mine/sessions/{id}/seat", .permission = http::Permission::visitor,
                                    .data = Data::place, .access = Access::write, .audit = http::Audit::change, .max_body = 256, .creates = true,
                                    .holds_secret = true, .beside = care::Actor::Kind::supporter, .handler = take_seat});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/mine/sessions/{id}/calendar", .permission = http::Permission::visitor,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_own, .max_body = 0,
                                    .handler = [&out](Call& call) { return calendar(call, out); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/mine/opened", .permission = http::Permission::visitor,
                                    .data = Data::audit, .access = Access::read, .audit = http::Audit::read_own, .max_body = 0, .handler = who_opened});
}

}  // namespace interop
