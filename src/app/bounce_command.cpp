// SPDX-License-Identifier: Apache-2.0
// See bounce_command.h.
#include "app/bounce_command.h"

#include <sysexits.h>

#include "app/service_store.h"
#include "interop/delivery_routes.h"
#include "interop/delivery_status.h"
#include "net/machine.h"

namespace app {

int take_bounce(const Configuration& configuration, const std::string& mail, const std::string& recipient) {
  const auto bounce = interop::read_bounce(mail, recipient);
  if (!bounce) return EX_OK;
  try {
    const auto now = net::read_clock().wall;
    const auto pool = open_database(database_url(configuration), 1, false, now);
    const auto tx = pool->write();
    std::string message_id;
    {
      auto rows = tx->query("SELECT message_id FROM message WHERE id = $1", bounce->id);
      if (rows.next()) message_id = rows.text(0);
    }
    if (!message_id.empty())
      (void)interop::note_delivery_of(*tx, message_id, bounce->status.starts_with('4') ? interop::Delivery::temporary_failure : interop::Delivery::permanent_failure,
                                      "dsn-" + bounce->status, now);
    return tx->commit() ? EX_OK : EX_TEMPFAIL;
  } catch (const std::exception&) {
    return EX_TEMPFAIL;  // it is tried again; the mail server says how often it waits
  }
}

}  // namespace app
