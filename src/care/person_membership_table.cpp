// SPDX-License-Identifier: Apache-2.0
// See person_membership_table.h.
#include "care/person_membership_table.h"

#include "care/membership_table.h"

namespace care {
namespace {

TeamId team_of(store::Transaction& tx, const GroupId& group) {
  store::Rows rows = tx.query("SELECT team FROM therapy_group WHERE id = $1", group);
  return rows.next() ? rows.id<TeamId>(0) : TeamId{};
}

}  // namespace

VisibleMemberships visible_memberships(store::Transaction& tx, const store::KeyRing& keys, const Actor& actor, const PersonPlace& person) {
  VisibleMemberships out;
  if (!might(actor, Data::membership, Access::read)) return out;
  for (MembershipRow& row : memberships_of(tx, keys, person.where.person)) {
    const Where where{.teams = {person.team, team_of(tx, row.group.id)}, .groups = {row.group.id}, .person = person.where.person, .staff = {}};
    if (!may(actor, Data::membership, Access::read, where).allowed) continue;
    if (!may(actor, Data::booking_card, Access::read, where).allowed) {
      row.alias = {};
      row.disguise = {};
    }
    if (!may(actor, Data::identity, Access::read, where).allowed) row.person.value.reset();
    out.rows.push_back(base::json::Codec<MembershipRow>::write(row));
    if (out.where.teams.empty()) out.where = where;
  }
  return out;
}

}  // namespace care
