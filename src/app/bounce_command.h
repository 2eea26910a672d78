// SPDX-License-Identifier: Apache-2.0
// `quietroom bounce [RECIPIENT]`: what the mail server pipes every mail to the bounce address into. Marks the message that did not
// arrive, so that the team sees it. Not here: reading the report (interop/delivery_status). Invariant: says nothing of the mail
// on any output; a mail that is no report of ours is taken and dropped, so that no bounce is answered by another. One thread.
#pragma once
#include <string>

#include "app/configuration.h"

namespace app {

// Exit statuses of sysexits.h: 0, or 75 (try again later) where the database does not answer.
[[nodiscard]] int take_bounce(const Configuration& configuration, const std::string& mail, const std::string& recipient);

}  // namespace app
