// SPDX-License-Identifier: Apache-2.0
// Who comes along with a member of a group, over HTTP: the list, adding one, ending their time. Who may write a group's plan may change
// who comes along. Not here: their link and messages (interop/message_routes). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_supporter_routes(http::Site& site, Desk& desk);

}  // namespace care
