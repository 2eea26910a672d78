// SPDX-License-Identifier: Apache-2.0
// What a link holder may ask before a call: POST /api/arrive and POST /api/booking-cards (web/src/call/model.ts "Arrival",
// "BookingCard"). A link travels in the body, never in a URL. Fetching changes nothing. Handlers: any thread.
#pragma once
#include "app/admission_table.h"
#include "http/site.h"

namespace app {

void add_admission_routes(http::Site& site, const AdmissionTable& table);

}  // namespace app
