// SPDX-License-Identifier: Apache-2.0
// A change of contact over HTTP: the person asks for it behind their link and types the code that the old safe way brought; whoever
// may write their record confirms or refuses it instead. Until then the record stays as it is. Invariant: a wish writes nothing
// into the record; only the code, or staff who may write it, do; nothing goes to the new address before. Any thread.
#pragma once
#include "care/desk_routes.h"
#include "interop/contact_change_table.h"

namespace interop {

// `out` outlives the site; `written` is told that something may be there to send.
void add_contact_change_routes(http::Site& site, care::Desk& desk, const Outgoing& out, std::function<void()> written);

}  // namespace interop
