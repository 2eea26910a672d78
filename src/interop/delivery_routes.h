// SPDX-License-Identifier: Apache-2.0
// What GOV.UK Notify says of text messages that it took: a call of theirs with the bearer token that was agreed. Not here: bounces
// of e-mail (app/bounce_command). Invariant: nobody without the token learns whether a message is known, and nothing but what
// became of a message is written. Any thread.
#pragma once
#include "base/redacted.h"
#include "http/site.h"
#include "interop/message_table.h"
#include "store/pool.h"

namespace interop {

struct DeliveryDoor {
  store::Pool& pool;
  base::Redacted<std::string> token;  // empty: no such calls are taken
};
// POST /api/notify/delivery. `door` outlives the site.
void add_delivery_routes(http::Site& site, const DeliveryDoor& door);

// With its audit row; false where nothing was changed. Also for bounces.
bool note_delivery_of(store::Transaction& tx, std::string_view message_id, Delivery outcome, std::string_view code, base::WallTime now);

}  // namespace interop
