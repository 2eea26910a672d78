// SPDX-License-Identifier: Apache-2.0
// See beside_routes.h.
#include "care/beside_routes.h"

#include <algorithm>

#include "care/attendance_table.h"
#include "care/session_table.h"
#include "care/supporter_attendance_table.h"

namespace care {
namespace {

struct LinkAndMark {
  base::Redacted<std::string> link;
  std::int64_t seat = 0, version = 0;
  Seen seen = Seen::in_person;
  static constexpr auto fields() {
    using base::json::field;
    using B = LinkAndMark;
    return std::tuple{field("link", &B::link, {.least = 1, .most = 256}), field("seat", &B::seat, {.least = 1, .most = 100'000}),
                      field("version", &B::version, {.least = 0, .most = 1'000'000}), field("seen", &B::seen)};
  }
};
struct BesideAnswer {
  bool kept = false;  // false: a demonstration, which has no register
  std::vector<BesideRow> items;
  static constexpr auto fields() {
    return std::tuple{base::json::field("kept", &BesideAnswer::kept), base::json::field("items", &BesideAnswer::items)};
  }
};

http::Response answer(const DayDesk& desk, store::Transaction& tx, const ArrivalSeat& seat) {
  BesideAnswer out;
  out.kept = seat.session.has_value();
  if (seat.session) {
    out.items = beside_room(tx, desk.keys, *seat.session);
    for (auto& each : supporters_at(tx, desk.keys, *seat.session))
      out.items.push_back({.supporter = {each.kind}, .seat = each.seat, .version = each.version, .alias = std::move(each.alias), .planned = {},
                           .mode = {each.mark.mode}, .outcome = each.mark.outcome, .source = each.mark.source, .here = is_beside(each.mark)});
  }
  return http::json(base::json::write(out));
}

http::Response show(const DayDesk& desk, store::Transaction& tx, const ArrivalSeat& seat) {
  return seat.leads() ? answer(desk, tx, seat) : for_facilitators();
}

http::Response changed() { return http::problem(412, "changed-since", "Somebody else has marked this since"); }
http::Response not_now() { return http::problem(409, "not-now", "The register is marked here while the session is on"); }

http::Response mark_supporter(const DayDesk& desk, store::Transaction& tx, const ArrivalSeat& seat, const LinkAndMark& body, base::WallTime now) {
  const auto session = load_session(tx, *seat.session);
  if (!session || session->state == SessionState::cancelled) return not_found();
  const auto all = supporters_at(tx, desk.keys, *seat.session);
  const auto before = std::ranges::find(all, body.seat, &SupporterThere::seat);
  if (before == all.end()) return not_found();
  if (before->version != body.version) return changed();
  if (!seen_in_time(session->span, now)) return not_now();
  const auto after = seen_of_supporter(before->mark, body.seen, now);
  if (!after) return answer(desk, tx, seat);  // it is so already
  if (!save_supporter_mark(tx, desk.entropy, *seat.session, *before, *after, StaffId{seat.holder}, now)) return changed();
  auto row = entry_of_seat(seat, now, "change", Data::attendance);
  row.subject_kind = "supporter";
  row.subject = before->supporter.text;
  row.person = before->person.text;
  store::append_audit(tx, {row});
  return answer(desk, tx, seat);
}

http::Response mark(const DayDesk& desk, store::Transaction& tx, const ArrivalSeat& seat, const LinkAndMark& body, base::WallTime now) {
  if (!seat.leads()) return for_facilitators();
  if (!seat.session) return http::problem(409, "no-register", "A demonstration has no register");
  if (body.seat >= kFirstSupporterSeat) return mark_supporter(desk, tx, seat, body, now);
  const auto before = attendance_of_seat(tx, *seat.session, body.seat);
  if (!before) return not_found();
  if (before->version != body.version) return changed();
  if (!seen_in_time(before->span, now)) return not_now();
  const StaffId staff{seat.holder};
  const auto after = seen_beside(before->mark, body.seen == Seen::mistake ? kept_before(tx, before->id) : std::nullopt, before->span, body.seen, now);
  if (!after) return answer(desk, tx, seat);  // it is so already
  if (!save_mark(tx, before->id, before->version, *after)) return changed();
  if (const auto why = why_kept(before->mark, body.seen); !why.empty()) {
    Correction correction;
    correction.reason = std::string(why);
    keep_before(tx, desk.keys, desk.entropy, *before, correction, staff, now);
  }
  auto row = entry_of_seat(seat, now, "change", Data::attendance);
  row.subject_kind = "attendance";
  row.subject = before->id.text;
  row.person = before->person.text;
  store::append_audit(tx, {row});
  if (after->outcome == Outcome::attended && join_if_prepared(tx, desk.keys, desk.entropy, before->membership, staff, now)) {
    row.data = to_text(Data::membership);
    row.subject_kind = "membership";
    row.subject = before->membership.text;
    store::append_audit(tx, {row});
  }
  return answer(desk, tx, seat);
}

}  // namespace

void add_beside_routes(http::Site& site, const DayDesk& desk) {
  using Kind = store::Transaction::Kind;
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/beside", .permission = http::Permission::facilitating_link,
                       .audit = http::Audit::read_group, .max_body = 2'048, .handler = [desk](const http::Request& r, base::Now now) {
                         return with_seat<LinkAlone>(desk, r, now, Kind::read,
                                                     [&](auto& tx, const auto& seat, const auto&) { return show(desk, tx, seat); });
                       }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/beside/mark",
                       .permission = http::Permission::facilitating_link, .audit = http::Audit::change, .max_body = 2'048,
                       .handler = [desk](const http::Request& r, base::Now now) {
                         return with_seat<LinkAndMark>(desk, r, now, Kind::write, [&](auto& tx, const auto& seat, const auto& body) {
                           return mark(desk, tx, seat, body, now.wall);
                         });
                       }});
}

}  // namespace care
