// SPDX-License-Identifier: Apache-2.0
// What a link holder may ask before a call: POST /api/arrive and POST /api/booking-cards (web/src/call/model.ts "Arrival",
// "BookingCard"). A link travels in the body, never in a URL. Fetching changes nothing. Handlers: any thread.
#pragma once
#include <functional>
#include <optional>
#include <vector>

#include "app/admission.h"
#include "http/site.h"
#include "store/connection.h"

namespace app {

// Where bookings are found: the demonstration's and those of real sessions.
struct Bookings {
  std::function<base::Result<std::optional<Booking>, store::StoreError>(const LinkHash&, base::WallTime now)> find;
  // Everybody's who has a seat in the same session.
  std::function<base::Result<std::vector<Booking>, store::StoreError>(const Booking&)> beside;
};
void add_admission_routes(http::Site& site, Bookings bookings);

}  // namespace app
