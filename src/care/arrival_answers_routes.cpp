// SPDX-License-Identifier: Apache-2.0
// See arrival_answers_routes.h.
#include "care/arrival_answers_routes.h"

#include "care/agreement_table.h"
#include "care/today_place_routes.h"
#include "care/zone.h"

namespace care {
namespace {

struct LinkAndPlace {
  base::Redacted<std::string> link;
  SaidPlace place;
  static constexpr auto fields() {
    return std::tuple{base::json::field("link", &LinkAndPlace::link, {.least = 1, .most = 256}),
                      base::json::field("place", &LinkAndPlace::place)};
  }
};
struct LinkAndNumber {
  base::Redacted<std::string> link;
  std::int64_t number = 0;
  static constexpr auto fields() {
    return std::tuple{base::json::field("link", &LinkAndNumber::link, {.least = 1, .most = 256}),
                      base::json::field("number", &LinkAndNumber::number, {.least = 1, .most = 100'000})};
  }
};
struct LinkAndSeat {
  base::Redacted<std::string> link;
  std::int64_t seat = 0;
  static constexpr auto fields() {
    return std::tuple{base::json::field("link", &LinkAndSeat::link, {.least = 1, .most = 256}),
                      base::json::field("seat", &LinkAndSeat::seat, {.least = 1, .most = 100'000})};
  }
};

struct AgreementToShow {
  std::int64_t number = 0;
  AgreementText text;
  bool ask = false;    // they have not accepted this version
  bool again = false;  // they accepted an earlier one
  static constexpr auto fields() {
    using base::json::field;
    using A = AgreementToShow;
    return std::tuple{field("number", &A::number), field("text", &A::text), field("ask", &A::ask), field("again", &A::again)};
  }
};
struct QuestionsAnswer {
  base::json::Nullable<SessionId> session;  // null: the demonstration
  bool homeKnown = false;
  base::json::Nullable<AgreementToShow> agreement;
  static constexpr auto fields() {
    using base::json::field;
    using A = QuestionsAnswer;
    return std::tuple{field("session", &A::session), field("homeKnown", &A::homeKnown), field("agreement", &A::agreement)};
  }
};

std::optional<MembershipId> membership_of(const ArrivalSeat& seat) {
  return seat.holder_kind == "membership" ? std::optional(MembershipId{seat.holder}) : std::nullopt;
}
std::optional<SupporterId> supporter_of(const ArrivalSeat& seat) {
  return seat.holder_kind == "supporter" ? std::optional(SupporterId{seat.holder}) : std::nullopt;
}

http::Response questions(const DayDesk& house, store::Transaction& tx, const ArrivalSeat& seat) {
  QuestionsAnswer out;
  out.session.value = seat.session;
  if (!seat.session) return http::json(base::json::write(out));
  out.homeKnown = !confirmed_address(tx, house.keys, seat.person).empty();
  const auto current = current_agreement(tx, house.keys, seat.group);
  if (current) out.agreement.value = AgreementToShow{.number = current->number, .text = current->text};
  const auto id = membership_of(seat);
  const auto supporter = supporter_of(seat);
  if (out.agreement.value && (id || supporter)) {
    const auto accepted = id ? acceptance_of(tx, *id) : acceptance_of(tx, *supporter);
    out.agreement.value->ask = is_to_be_asked(current, accepted ? std::optional(accepted->number) : std::nullopt);
    out.agreement.value->again = accepted.has_value();
  }
  return http::json(base::json::write(out));
}

http::Response say_place(const DayDesk& house, store::Transaction& tx, const ArrivalSeat& seat, const SaidPlace& said, base::Now now) {
  const auto place = decide_place(said, !confirmed_address(tx, house.keys, seat.person).empty());
  if (!place) return unprocessable(place.error());
  save_place(tx, house.keys, house.entropy, seat, *place, now.wall);
  store::append_audit(tx, {entry_of_seat(seat, now.wall, "change", Data::place)});
  return no_content();
}

http::Response accept(const DayDesk& house, store::Transaction& tx, const ArrivalSeat& seat, std::int64_t number, base::Now now) {
  const auto id = membership_of(seat);
  const auto supporter = supporter_of(seat);
  if (!id && !supporter) return http::problem(403, "members-only", "The agreement is accepted by members and supporters");
  const auto current = current_agreement(tx, house.keys, seat.group);
  if (!current || current->number != number)
    return http::problem(409, "changed-since", "The agreement has changed. Read the newest version first");
  if (id)
    accept_agreement(tx, current->id, *id, HowAccepted::self, std::nullopt, now.wall);
  else
    accept_agreement(tx, current->id, *supporter, HowAccepted::self, std::nullopt, now.wall);
  store::append_audit(tx, {entry_of_seat(seat, now.wall, "change", Data::preparation)});
  return no_content();
}

// Places of a real session open from a signed-in account (today_place_routes); the invented ones of a demonstration by link.
http::Response open_invented(const DayDesk& house, store::Transaction& tx, const ArrivalSeat& seat, std::int64_t whose, const http::Request& request,
                             base::Now now) {
  if (!seat.leads()) return for_facilitators();
  if (seat.session) return http::problem(403, "sign-in", "Sign in to open a place");
  const std::string_view reason = request.header("Quietroom-Reason");
  if (reason.empty() || reason.size() > 64) return reason_wanted();
  const auto kept = load_place(tx, house.keys, std::nullopt, seat.room, whose);
  if (!kept) return not_found();
  auto row = entry_of_seat(seat, now.wall, "read", Data::place);
  row.reason = std::string(reason);
  store::append_audit(tx, {row});
  return http::json(place_answer(tx, house.keys, *kept));
}

http::Response who_said(store::Transaction& tx, const ArrivalSeat& seat) {
  if (!seat.leads()) return for_facilitators();
  boost::json::array items;
  for (const auto& each : places_said(tx, seat.session, seat.room)) items.push_back(base::json::Codec<PlaceSaid>::write(each));
  return http::json(base::json::print(boost::json::object{{"items", std::move(items)}, {"next", nullptr}}));
}

}  // namespace

void add_arrival_answers_routes(http::Site& site, const DayDesk& house) {
  using Kind = store::Transaction::Kind;
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival", .permission = http::Permission::link_holder,
                       .audit = http::Audit::read_own, .max_body = 2'048, .handler = [house](const http::Request& r, base::Now now) {
                         return with_seat<LinkAlone>(house, r, now, Kind::read,
                                                     [&](auto& tx, const auto& seat, const auto&) { return questions(house, tx, seat); });
                       }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/place", .permission = http::Permission::link_holder,
                       .audit = http::Audit::change, .max_body = 4'096, .handler = [house](const http::Request& r, base::Now now) {
                         return with_seat<LinkAndPlace>(house, r, now, Kind::write, [&](auto& tx, const auto& seat, const auto& body) {
                           return say_place(house, tx, seat, body.place, now);
                         });
                       }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/agreement", .permission = http::Permission::link_holder,
                       .audit = http::Audit::change, .max_body = 2'048, .handler = [house](const http::Request& r, base::Now now) {
                         return with_seat<LinkAndNumber>(house, r, now, Kind::write, [&](auto& tx, const auto& seat, const auto& body) {
                           return accept(house, tx, seat, body.number, now);
                         });
                       }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/places", .permission = http::Permission::facilitating_link,
                       .audit = http::Audit::read_group, .max_body = 2'048, .handler = [house](const http::Request& r, base::Now now) {
                         return with_seat<LinkAlone>(house, r, now, Kind::read,
                                                     [&](auto& tx, const auto& seat, const auto&) { return who_said(tx, seat); });
                       }});
  site.add(http::Route{.method = http::Method::post, .pattern = "/api/arrival/places/open",
                       .permission = http::Permission::facilitating_link, .audit = http::Audit::read_person, .max_body = 2'048,
                       .handler = [house](const http::Request& r, base::Now now) {
                         return with_seat<LinkAndSeat>(house, r, now, Kind::write, [&](auto& tx, const auto& seat, const auto& body) {
                           return open_invented(house, tx, seat, body.seat, r, now);
                         });
                       }});
}

}  // namespace care
