// SPDX-License-Identifier: Apache-2.0
// GET, POST /api/groups/{id}/agreement: the versions of a group's agreement, and who accepted them; POST /api/memberships/{id}/
// agreement and /api/supporters/{id}/agreement: staff note that somebody accepted it aloud or on paper; GET, POST /api/mine/agreement:
// by the person or the supporter themselves, behind the link that they confirmed. At arrival: arrival_answers_routes. Handlers: any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_agreement_routes(http::Site& site, Desk& desk);

}  // namespace care
