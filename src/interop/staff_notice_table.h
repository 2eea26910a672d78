// SPDX-License-Identifier: Apache-2.0
// The table staff_notice: an e-mail to whoever leads a team, and of the last two a text message to its duty number where that takes one, because the record of one of its people was opened in an emergency, or
// because somebody asked for help in one of its groups, or dropped off from it, and nobody has taken that alert yet. It holds nothing of that person, nor of
// who opened it: both are read on the page of today, after signing in. Not here: sending (app/), breaking the
// glass (care/), alerts (safety/). Invariants: message_id is given once; every broken glass is told of, however late. One thread a transaction.
#pragma once
#include <vector>

#include "interop/message_table.h"

namespace interop {

// So long the facilitators have a drop-off to themselves, before the leads are told.
inline constexpr auto kDropOffUntaken = base::Duration::seconds(std::int64_t{5} * 60);

using StaffNoticeId = base::RecordId<struct StaffNoticeTag>;

// Writes the notices of glass, of help in a group and of who dropped off from it, that nobody was told of yet: to the leads of the person's team and of the whole trust; where there is
// none, to the administrators, who can name one. Help and drop-offs to the duty contact, too. How many were written.
std::int64_t tell_leads(store::Transaction& tx, base::Entropy& entropy, const Outgoing& out, base::WallTime now);

struct LeasedNotice {
  StaffNoticeId id;
  std::int64_t version = 0, tries = 0;
  Leased mail;  // ready to be sent
};
// Those whose time has come, as lease() of message_table.h.
[[nodiscard]] std::vector<LeasedNotice> lease_notices(store::Transaction& tx, const Outgoing& out, base::WallTime now, std::int64_t most);
// False: another has it since. The first that went out is when the lead was told.
bool record(store::Transaction& tx, const LeasedNotice& notice, const Sent& how, base::WallTime now);

}  // namespace interop
