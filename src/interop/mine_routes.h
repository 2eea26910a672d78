// SPDX-License-Identifier: Apache-2.0
// The page behind a confirmed personal link: the sessions to come, how the person takes part in each, the seat in the one that
// meets now, the calendar entry, who opened their record. Nothing of anybody else. Not here: the agreement and the place of today
// (care/), confirming the link (care/link_routes). Any thread.
#pragma once
#include "care/desk_routes.h"
#include "interop/message_table.h"

namespace interop {

void add_mine_routes(http::Site& site, care::Desk& desk, const Outgoing& out);

}  // namespace interop
