// SPDX-License-Identifier: Apache-2.0
// What a team's lead does about keeping one record: see until when it stays, hold it, lift the hold, note a death. Not here: the
// periods (retention_routes), a copy for the person (interop/person_export_routes). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_duties_routes(http::Site& site, Desk& desk);

}  // namespace care
