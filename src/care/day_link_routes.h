// SPDX-License-Identifier: Apache-2.0
// One request with the link of the day, before and beside a call: its body, the seat behind its link, one transaction with its audit
// row. For the routes that a browser in the room or its lobby asks (arrival_answers_routes, beside_routes, safety/alert_seat_routes).
// A link travels in a body, never in an address. Not here: what any of them does. Any thread.
#pragma once
#include "base/entropy.h"
#include "care/access.h"
#include "care/desk_routes.h"
#include "care/today_place_table.h"
#include "crypto/sealing.h"
#include "http/site.h"
#include "store/audit_trail.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace care {

// What such routes work with; lives as long as the site.
struct DayDesk {
  store::Pool& pool;
  const store::KeyRing& keys;
  base::Entropy& entropy;
};

[[nodiscard]] http::Response link_not_known();     // 404
[[nodiscard]] http::Response for_facilitators();   // 403
// An audit row of whoever holds the seat.
[[nodiscard]] store::AuditEntry entry_of_seat(const ArrivalSeat& seat, base::WallTime at, std::string_view action, Data data);

struct LinkAlone {
  base::Redacted<std::string> link;
  static constexpr auto fields() { return std::tuple{base::json::field("link", &LinkAlone::link, {.least = 1, .most = 256})}; }
};

// What `act` makes of the transaction, the seat and the body; an answer of 400 or more leaves nothing behind.
template <class Body, class Act>
http::Response with_seat(const DayDesk& desk, const http::Request& request, base::Now now, store::Transaction::Kind kind, Act act) {
  if (!request.header("Content-Type").starts_with("application/json")) return http::problem(415, "not-json", "Send JSON");
  auto body = base::json::read<Body>(request.body.get(), base::json::Mode::strict, {.bytes = 4'096, .depth = 6});
  if (!body) return unprocessable(faults_of(body.error()));
  const bool writes = kind == store::Transaction::Kind::write;
  for (int tries = 1;; ++tries) {
    auto tx = writes ? desk.pool.write() : desk.pool.read();
    const auto seat = seat_of_link(*tx, crypto::sha256(base::as_bytes(body->link.get())), now.wall);
    if (tx->ok() && !seat) return link_not_known();
    http::Response answer = tx->ok() ? act(*tx, *seat, *body) : http::Response{};
    if (tx->ok() && (!writes || answer.status >= 400)) return answer;
    if (tx->ok() && tx->commit()) return answer;
    if (tx->error() != store::StoreError::busy || tries == 4) return answer_of(tx->error().value_or(store::StoreError::unavailable));
  }
}

}  // namespace care
