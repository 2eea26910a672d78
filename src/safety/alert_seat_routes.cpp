// SPDX-License-Identifier: Apache-2.0
// See alert_seat_routes.h.
#include "safety/alert_seat_routes.h"

#include "safety/alert_table.h"

namespace safety {
namespace {

struct LinkAndAlert {
  base::Redacted<std::string> link;
  std::int64_t seat = 0;
  AlertKind kind = AlertKind::worried;
  static constexpr auto fields() {
    using base::json::field;
    using B = LinkAndAlert;
    return std::tuple{field("link", &B::link, {.least = 1, .most = 256}), field("seat", &B::seat, {.least = 1, .most = 100'000}), field("kind", &B::kind)};
  }
};
struct SeatAlert {
  std::int64_t seat = 0;
  base::Redacted<std::string> alias;
  AlertKind kind = AlertKind::worried;
  std::string raised_at, holder;  // the holder's name, of staff; empty: nobody has taken it
  bool mine = false;              // whoever asks holds it
  static constexpr auto fields() {
    using base::json::field;
    using A = SeatAlert;
    return std::tuple{field("seat", &A::seat),          field("alias", &A::alias),   field("kind", &A::kind),
                      field("raisedAt", &A::raised_at), field("holder", &A::holder), field("mine", &A::mine)};
  }
};
struct SeatAlerts {
  std::vector<SeatAlert> items;
  static constexpr auto fields() { return std::tuple{base::json::field("items", &SeatAlerts::items)}; }
};

http::Response raise_one(const care::DayDesk& desk, store::Transaction& tx, const care::ArrivalSeat& seat, const LinkAndAlert& body, base::WallTime now) {
  if (!seat.session) return http::problem(409, "demonstration", "A demonstration alerts nobody");
  // Who does not lead asks for help, and for themselves.
  if (!seat.leads() && (body.seat != seat.seat || body.kind != AlertKind::help)) return care::for_facilitators();
  NewAlert alert{.session = *seat.session, .seat = body.seat, .kind = body.kind, .origin = seat.leads() ? Origin::room : Origin::person, .staff = {}};
  if (seat.leads()) alert.staff = care::StaffId{seat.holder};
  const auto raised = raise(tx, desk.entropy, alert, now);
  if (!raised) return care::not_found();
  auto row = care::entry_of_seat(seat, now, "raise", care::Data::incidents);
  row.subject_kind = "alert";
  row.subject = raised->id.text;
  row.person = raised->person.text;
  store::append_audit(tx, {row});
  return care::no_content();
}

http::Response show(const care::DayDesk& desk, store::Transaction& tx, const care::ArrivalSeat& seat) {
  if (!seat.leads()) return care::for_facilitators();
  SeatAlerts out;
  if (seat.session)
    for (AlertRow& row : open_alerts_of(tx, desk.keys, *seat.session)) {
      SeatAlert each{.seat = row.seat, .alias = std::move(row.alias), .kind = row.kind, .raised_at = std::move(row.raised_at), .holder = {}, .mine = false};
      if (row.holder.value) {
        each.holder = row.holder.value->name;
        each.mine = row.holder.value->id.text == seat.holder;
      }
      out.items.push_back(std::move(each));
    }
  return http::json(base::json::write(out));
}

}  // namespace

void add_alert_seat_routes(http::Site& site, const care::DayDesk& desk) {
  using Kind = store::Transaction::Kind;
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/alert", .permission = http::Permission::link_holder,
                       .audit = http::Audit::change, .max_body = 2'048, .handler = [desk](const http::Request& r, base::Now now) {
                         return care::with_seat<LinkAndAlert>(desk, r, now, Kind::write, [&](auto& tx, const auto& seat, const auto& body) {
                           return raise_one(desk, tx, seat, body, now.wall);
                         });
                       }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/alerts", .permission = http::Permission::facilitating_link,
                       .audit = http::Audit::read_group, .max_body = 2'048, .handler = [desk](const http::Request& r, base::Now now) {
                         return care::with_seat<care::LinkAlone>(desk, r, now, Kind::read,
                                                                 [&](auto& tx, const auto& seat, const auto&) { return show(desk, tx, seat); });
                       }});
}

}  // namespace safety
