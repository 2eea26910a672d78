// SPDX-License-Identifier: Apache-2.0
// See admission_routes.h.
#include "app/admission_routes.h"

#include "base/json.h"
#include "call/message.h"
#include "care/zone.h"

namespace app {
namespace {

struct LinkBody {
  base::Redacted<std::string> link;
  static constexpr auto fields() {
    return std::tuple{base::json::field("link", &LinkBody::link, {.least = 1, .most = 256})};
  }
};

struct ArrivalAnswer {
  std::string alias, role, startsAt, endsAt, dutyNumber;
  bool demonstration = false, watermark = false, blankOnBlur = false, membersMayShare = false;
  care::Disguise disguise;  // agreed in preparation; in force before the person's camera is opened
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{
        field("alias", &ArrivalAnswer::alias),           field("role", &ArrivalAnswer::role),
        field("startsAt", &ArrivalAnswer::startsAt),     field("endsAt", &ArrivalAnswer::endsAt),
        field("dutyNumber", &ArrivalAnswer::dutyNumber), field("demonstration", &ArrivalAnswer::demonstration),
        field("watermark", &ArrivalAnswer::watermark),   field("blankOnBlur", &ArrivalAnswer::blankOnBlur),
        field("membersMayShare", &ArrivalAnswer::membersMayShare),
        field("disguise", &ArrivalAnswer::disguise)};
  }
};

struct CardAnswer {
  std::int64_t seat = 0;
  std::string alias, role, disguise, needs;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("seat", &CardAnswer::seat), field("alias", &CardAnswer::alias),
                      field("role", &CardAnswer::role), field("disguise", &CardAnswer::disguise),
                      field("needs", &CardAnswer::needs)};
  }
};

http::Response not_known() { return http::problem(404, "link-not-known", "This link is not known, or was withdrawn"); }
http::Response unavailable() { return http::problem(503, "unavailable", "The service cannot answer now; try again"); }

// The booking behind the link of the body, or the refusal to answer with.
base::Result<Booking, http::Response> booking_of(const Bookings& bookings, const http::Request& request,
                                                 base::Now now) {
  if (!request.header("Content-Type").starts_with("application/json"))
    return std::unexpected(http::problem(415, "not-json", "Send JSON"));
  auto body = base::json::read<LinkBody>(request.body.get(), base::json::Mode::strict, {.bytes = 2'048, .depth = 4});
  if (!body) return std::unexpected(http::problem(400, "malformed", "The request was not understood"));
  auto found = bookings.find(hash_link(body->link), now.wall);
  if (!found) return std::unexpected(unavailable());
  if (!*found || (*found)->withdrawn) return std::unexpected(not_known());
  return std::move(**found);
}

http::Response arrive(const Bookings& bookings, const http::Request& request, base::Now now) {
  const auto booking = booking_of(bookings, request, now);
  if (!booking) return booking.error();
  if (over_for(*booking)) return http::problem(410, "ended", "This session has ended");
  return http::json(base::json::write(ArrivalAnswer{.alias = booking->alias.get(),
                                                    .role = std::string(role_text(booking->role)),
                                                    .startsAt = care::iso_text(booking->session.starts),
                                                    .endsAt = care::iso_text(booking->session.ends),
                                                    .dutyNumber = booking->duty_number,
                                                    .demonstration = booking->demonstration,
                                                    .watermark = booking->watermark,
                                                    .blankOnBlur = booking->blank_on_blur,
                                                    .membersMayShare = booking->may_share,
                                                    .disguise = booking->agreed}));
}

// Facilitators only: who sits behind which seat, what was agreed, what they need.
http::Response cards(const Bookings& bookings, const http::Request& request, base::Now now) {
  const auto booking = booking_of(bookings, request, now);
  if (!booking) return booking.error();
  if (!permissions_of(booking->role).admit)
    return http::problem(403, "facilitators-only", "Booking cards are for facilitators");
  const auto all = bookings.beside(*booking);
  if (!all) return unavailable();
  std::vector<CardAnswer> out;
  for (const auto& b : *all)
    if (!b.withdrawn)
      out.push_back({b.seat.value, b.alias.get(), std::string(role_text(b.role)), b.disguise.get(), b.needs.get()});
  return http::json(base::json::write(out));
}

}  // namespace

void add_admission_routes(http::Site& site, Bookings bookings) {
  const auto all = std::make_shared<const Bookings>(std::move(bookings));
  site.add(http::Route{.method = http::Method::post,
                       .pattern = "/api/arrive",
                       .permission = http::Permission::link_holder,
                       .audit = http::Audit::read_own,
                       .max_body = 2'048,
                       .handler = [all](const http::Request& r, base::Now now) { return arrive(*all, r, now); }});
  site.add(http::Route{.method = http::Method::post,
                       .pattern = "/api/booking-cards",
                       .permission = http::Permission::facilitating_link,
                       .audit = http::Audit::read_group,
                       .max_body = 2'048,
                       .handler = [all](const http::Request& r, base::Now now) { return cards(*all, r, now); }});
}

}  // namespace app
