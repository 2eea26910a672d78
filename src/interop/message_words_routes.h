// SPDX-License-Identifier: Apache-2.0
// A team's own words over HTTP: all of them, one with its versions, saving one, and a look at how one would read for an invented
// person. Not here: what words may be (message.h). Any thread.
#pragma once
#include "care/desk_routes.h"
#include "interop/message_words_table.h"

namespace interop {

void add_message_words_routes(http::Site& site, care::Desk& desk);

}  // namespace interop
