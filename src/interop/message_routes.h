// SPDX-License-Identifier: Apache-2.0
// Messages over HTTP: joining instructions to a member or supporter, what was sent and what failed, doing again, and a team's own
// words. Not here: sending. Invariant: the link of an invitation is made in the transaction that writes its message. Any thread.
#pragma once
#include "care/desk_routes.h"
#include "interop/message_table.h"

namespace interop {

// `out` outlives the site; `written` is told that something may be there to send.
void add_message_routes(http::Site& site, care::Desk& desk, const Outgoing& out, std::function<void()> written);

}  // namespace interop
