// SPDX-License-Identifier: Apache-2.0
// See session_seat_routes.h.
#include "care/session_seat_routes.h"

#include <algorithm>

#include "care/group_table.h"
#include "care/session_routes.h"
#include "crypto/base64url.h"
#include "crypto/sealing.h"

namespace care {
namespace {

struct SeatAnswer {
  base::Redacted<std::string> link;
  static constexpr auto fields() { return std::tuple{base::json::field("link", &SeatAnswer::link)}; }
};

http::Response seat(Call& call) {
  // Only the facilitators of a group may write its register: they, and nobody else, have a seat.
  const auto place = open_session(call, Data::attendance, Access::write);
  if (!place) return place.error();
  const Session& s = place->session;
  const auto group = load_group(call.tx, s.group);
  if (!group) return not_found();
  const auto me = std::ranges::find(group->facilitators, call.actor.staff, &Facilitator::staff);
  if (me == group->facilitators.end()) return refused();
  if (s.state == SessionState::cancelled || pass_ends(s.span) <= call.now.wall)
    return http::problem(409, "session-over", "This session is over, or was cancelled");
  if (s.held_on != kOwnSoftware) return http::problem(409, "not-here", "This session is not held in Quietroom");
  (void)room_of(call.tx, call.entropy, s.id);
  call.note("take-seat", Data::attendance, {"session", s.id.text, {}});
  const auto link = make_pass(call.tx, call.entropy,
                              {.session = s.id, .seat = me->seat, .role = base::json::name_of(me->role), .kind = HolderKind::staff,
                               .holder = call.actor.staff.text, .until = pass_ends(s.span), .sign_in = call.actor.sign_in});
  return http::json(base::json::write(SeatAnswer{link}));
}

}  // namespace

PassHash hash_pass(const base::Redacted<std::string>& link) { return crypto::sha256(base::as_bytes(link.get())); }

base::Redacted<std::string> make_pass(store::Transaction& tx, base::Entropy& entropy, const NewPass& pass) {
  std::array<std::uint8_t, 32> secret{};
  entropy.fill(secret);
  base::Redacted<std::string> link(crypto::to_base64url(secret));
  save_pass(tx, pass, hash_pass(link));
  return link;
}

void add_session_seat_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/sessions/{session}/seat",
                                    .permission = http::Permission::staff, .data = Data::attendance, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 1024, .creates = true, .holds_secret = true, .handler = seat});
}

}  // namespace care
