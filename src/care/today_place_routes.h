// SPDX-License-Identifier: Apache-2.0
// POST /api/mine/place: a member says where they are, behind their own link; GET /api/sessions/{id}/places: who has said, yes or no;
// GET /api/sessions/{id}/places/{seat}: the place itself, with a reason that is audited. With the day's link: arrival_answers_routes.
// Not here: alerts (safety/), which are asked for by a function. Handlers: any thread.
#pragma once
#include <functional>

#include "care/desk_routes.h"
#include "care/today_place_table.h"

namespace care {

// A place as whoever may open it is told: for "home" the address on record.
struct PlaceAnswer {
  bool given = false;
  PlaceKind kind = PlaceKind::declined;
  std::vector<base::Redacted<std::string>> lines;
  std::string saidAt;
  static constexpr auto fields() {
    using base::json::field;
    using A = PlaceAnswer;
    return std::tuple{field("given", &A::given), field("kind", &A::kind), field("lines", &A::lines), field("saidAt", &A::saidAt)};
  }
};
[[nodiscard]] PlaceAnswer shown_place(store::Transaction& tx, const store::KeyRing& keys, const KeptPlace& kept);
[[nodiscard]] std::string place_answer(store::Transaction& tx, const store::KeyRing& keys, const KeptPlace& kept);
// Whether this member of staff holds an open alert about that seat of that session.
using HoldsAlert = std::function<bool(store::Transaction&, const StaffId&, const SessionId&, std::int64_t seat)>;
void add_today_place_routes(http::Site& site, Desk& desk, HoldsAlert holds);

}  // namespace care
