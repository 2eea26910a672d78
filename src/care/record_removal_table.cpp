// SPDX-License-Identifier: Apache-2.0
// See record_removal_table.h.
#include "care/record_removal_table.h"

#include <array>
#include <string>

namespace care {
namespace {

// In order of what refers to what. $1: the person.
const std::string kMemberships = "(SELECT m.id FROM membership m WHERE m.person = $1)";
const std::string kSupporters = "(SELECT s.id FROM supporter s JOIN membership m ON m.id = s.membership WHERE m.person = $1)";
const std::array kOfPerson = std::to_array<std::string>({
    "DELETE FROM staff_notice WHERE alert IN (SELECT a.id FROM safety_alert a WHERE a.membership IN " + kMemberships + " OR a.supporter IN " +
        kSupporters + ")",
    "DELETE FROM safety_alert_step WHERE alert IN (SELECT a.id FROM safety_alert a WHERE a.membership IN " + kMemberships + " OR a.supporter IN " +
        kSupporters + ")",
    "DELETE FROM safety_alert WHERE membership IN " + kMemberships + " OR supporter IN " + kSupporters,
    "DELETE FROM supporter_agreement WHERE supporter IN " + kSupporters,
    "DELETE FROM supporter_attendance WHERE supporter IN " + kSupporters,
    "DELETE FROM agreement_acceptance WHERE membership IN " + kMemberships,
    "DELETE FROM preparation WHERE membership IN " + kMemberships,
    "DELETE FROM attendance_correction WHERE attendance IN (SELECT a.id FROM attendance a WHERE a.membership IN " + kMemberships + ")",
    "DELETE FROM attendance WHERE membership IN " + kMemberships,
    "DELETE FROM contact_change WHERE person = $1",
    "DELETE FROM message_told WHERE membership IN " + kMemberships,
    "DELETE FROM message WHERE membership IN " + kMemberships,
    "DELETE FROM link_visit WHERE link IN (SELECT l.id FROM personal_link l WHERE l.membership IN " + kMemberships + ")",
    "DELETE FROM personal_link WHERE membership IN " + kMemberships,
    "DELETE FROM seat_pass WHERE holder IN " + kMemberships + " OR holder IN " + kSupporters,
    // Their own, and what a supporter said in a seat that is theirs through them.
    "DELETE FROM today_place WHERE person = $1 OR EXISTS (SELECT 1 FROM session e JOIN membership m ON m.group_id = e.group_id "
    "LEFT JOIN supporter s ON s.membership = m.id WHERE e.id = today_place.session AND m.person = $1 AND "
    "(m.seat = today_place.seat OR s.seat = today_place.seat))",
    "DELETE FROM place_hold WHERE EXISTS (SELECT 1 FROM session e JOIN membership m ON m.group_id = e.group_id "
    "LEFT JOIN supporter s ON s.membership = m.id WHERE e.id = place_hold.session AND m.person = $1 AND "
    "(m.seat = place_hold.seat OR s.seat = place_hold.seat))",
    "DELETE FROM supporter WHERE membership IN " + kMemberships,
    "DELETE FROM membership_step WHERE membership IN " + kMemberships,
    "DELETE FROM membership WHERE person = $1",
    "DELETE FROM staff_notice WHERE break_glass IN (SELECT b.id FROM break_glass b WHERE b.person = $1)",
    "DELETE FROM break_glass WHERE person = $1",
    "DELETE FROM reason_note WHERE person = $1",
    "DELETE FROM legal_hold WHERE person = $1",
    "DELETE FROM retention_notice WHERE kind = 'people' AND subject = $1",
    "DELETE FROM person_search WHERE person = $1",
    "DELETE FROM person_need WHERE person = $1",
    "DELETE FROM person WHERE id = $1",
});

const std::string kSessions = "(SELECT e.id FROM session e WHERE e.group_id = $1)";
const std::array kOfGroup = std::to_array<std::string>({
    "DELETE FROM today_place WHERE session IN " + kSessions,
    "DELETE FROM place_hold WHERE session IN " + kSessions,
    "DELETE FROM seat_pass WHERE session IN " + kSessions,
    "DELETE FROM message_told WHERE session IN " + kSessions,
    "DELETE FROM call_visit WHERE session IN " + kSessions,
    "DELETE FROM session_joining WHERE session IN " + kSessions,
    "DELETE FROM session WHERE group_id = $1",
    "DELETE FROM series WHERE group_id = $1",
    "DELETE FROM group_agreement WHERE group_id = $1",
    "DELETE FROM group_facilitator WHERE group_id = $1",
    "DELETE FROM legal_hold WHERE group_id = $1",
    "DELETE FROM retention_notice WHERE kind = 'groups' AND subject = $1",
    "DELETE FROM therapy_group WHERE id = $1",
});

}  // namespace

void remove_person(store::Transaction& tx, const PersonId& id) {
  for (const auto& sql : kOfPerson) tx.run(sql, id);
}
void remove_group(store::Transaction& tx, const GroupId& id) {
  for (const auto& sql : kOfGroup) tx.run(sql, id);
}

}  // namespace care
