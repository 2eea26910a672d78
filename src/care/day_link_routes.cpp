// SPDX-License-Identifier: Apache-2.0
// See day_link_routes.h.
#include "care/day_link_routes.h"

namespace care {

http::Response link_not_known() { return http::problem(404, "link-not-known", "This link is not known, or was withdrawn"); }
http::Response for_facilitators() { return http::problem(403, "facilitators-only", "This is for facilitators"); }

store::AuditEntry entry_of_seat(const ArrivalSeat& seat, base::WallTime at, std::string_view action, Data data) {
  const std::string kind = seat.holder_kind == "membership" ? "member" : seat.holder_kind.empty() ? "system" : seat.holder_kind;
  return {.at = at, .actor_kind = kind, .actor = kind == "member" ? seat.person.text : seat.holder, .action = std::string(action),
          .data = std::string(to_text(data)), .subject_kind = seat.session ? "session" : "demonstration",
          .subject = seat.session ? seat.session->text : std::string(), .person = seat.person.text, .reason = {}, .note = {}};
}

}  // namespace care
