// SPDX-License-Identifier: Apache-2.0
// See retention_sql_table.h.
#include "care/retention_sql_table.h"

#include "care/legal_hold_table.h"

namespace care {
namespace {

std::string counted(const std::string& table, const std::string& where) { return "SELECT COUNT(*) FROM " + table + " WHERE " + where; }
std::string removed(const std::string& table, const std::string& where) { return "DELETE FROM " + table + " WHERE " + where; }

OlderSql one_table(Kept kind, std::string_view data, const std::string& table, const std::string& where) {
  return {.kind = kind, .data = data, .count = counted(table, where), .remove = {removed(table, where)}};
}

OlderSql of_supporters(const std::string& ended_member, const std::string& free_member) {
  // Who an alert was about stays as long as the record that the alert stands in.
  const std::string gone = "(SELECT gs.id FROM supporter gs WHERE (gs.membership IN " + ended_member + " OR gs.until_us < $1) AND gs." + free_member +
                           " AND NOT EXISTS (SELECT 1 FROM safety_alert ga WHERE ga.supporter = gs.id))";
  const auto at_seat = [&](const std::string& table) {
    return removed(table, "EXISTS (SELECT 1 FROM session e JOIN membership m ON m.group_id = e.group_id JOIN supporter s ON s.membership = m.id WHERE e.id = " +
                              table + ".session AND s.seat = " + table + ".seat AND s.id IN " + gone + ")");
  };
  return {.kind = Kept::supporters,
          .data = "membership",
          .count = "SELECT COUNT(*) FROM supporter WHERE id IN " + gone,
          .remove = {at_seat("today_place"), at_seat("place_hold"), removed("supporter_agreement", "supporter IN " + gone),
                     removed("supporter_attendance", "supporter IN " + gone),
                     removed("seat_pass", "holder IN " + gone), removed("link_visit", "link IN (SELECT id FROM personal_link WHERE supporter IN " + gone + ")"),
                     removed("personal_link", "supporter IN " + gone), removed("message_told", "supporter IN " + gone),
                     removed("message", "supporter IN " + gone), removed("supporter", "id IN " + gone)}};
}

std::vector<OlderSql> made() {
  const std::string free_person = "person NOT IN (" + held_people() + ")";
  const std::string free_member = "membership NOT IN (" + held_memberships() + ")";
  const std::string ended_member = "(SELECT em.id FROM membership em WHERE em.state IN ('completed', 'stopped', 'moved') AND em.changed_us < $1 AND em." +
                                   free_person + ")";
  const std::string closed = "staff IN (SELECT id FROM staff WHERE active = 0)";
  const std::string secret = "(password_hash IS NOT NULL OR totp_sealed IS NOT NULL OR totp_new_sealed IS NOT NULL OR subject IS NOT NULL)";
  std::vector<OlderSql> out;
  out.push_back(one_table(Kept::preparation, "preparation", "preparation", "membership IN " + ended_member));
  out.push_back({.kind = Kept::attendance, .data = "attendance", .count = counted("attendance", "membership IN " + ended_member),
                 .remove = {removed("attendance_correction", "attendance IN (SELECT id FROM attendance WHERE membership IN " + ended_member + ")"),
                            removed("attendance", "membership IN " + ended_member)}});
  out.push_back(of_supporters(ended_member, free_member));
  out.push_back(one_table(Kept::messages, "identity", "message", "made_us < $1 AND state NOT IN ('queued', 'sending', 'by_hand') AND " + free_member));
  out.push_back(one_table(Kept::told, "membership", "message_told", "session IN (SELECT id FROM session WHERE ends_us < $1) AND " + free_member));
  out.push_back({.kind = Kept::links, .data = "membership", .count = counted("personal_link", "until_us < $1 AND " + free_member),
                 .remove = {removed("link_visit", "link IN (SELECT id FROM personal_link WHERE until_us < $1 AND " + free_member + ")"),
                            removed("personal_link", "until_us < $1 AND " + free_member)}});
  out.push_back({.kind = Kept::break_glass, .data = "identity", .count = counted("break_glass", "until_us < $1 AND " + free_person),
                 .remove = {removed("reason_note", "id IN (SELECT note FROM break_glass WHERE until_us < $1 AND " + free_person + ")"),
                            removed("staff_notice", "break_glass IN (SELECT id FROM break_glass WHERE until_us < $1 AND " + free_person + ")"),
                            removed("break_glass", "until_us < $1 AND " + free_person)}});
  out.push_back(one_table(Kept::reasons, "audit", "reason_note", "made_us < $1 AND " + free_person + " AND id NOT IN (SELECT note FROM break_glass)"));
  out.push_back(one_table(Kept::sign_ins, "accounts", "sign_in", "made_us < $1"));
  out.push_back({.kind = Kept::set_up, .data = "accounts",
                 .count = "SELECT (SELECT COUNT(*) FROM set_up_link WHERE until_us < $1) + (SELECT COUNT(*) FROM recovery_code WHERE used_us < $1)",
                 .remove = {removed("set_up_link", "until_us < $1"), removed("recovery_code", "used_us < $1")}});
  // The row stays, empty: an account that opens again is set up anew.
  out.push_back({.kind = Kept::closed_accounts, .data = "accounts", .count = counted("account", closed + " AND changed_us < $1 AND " + secret),
                 .remove = {removed("recovery_code", closed + " AND staff IN (SELECT staff FROM account WHERE changed_us < $1)"),
                            "UPDATE account SET password_hash = NULL, totp_sealed = NULL, totp_new_sealed = NULL, totp_last = 0, subject = NULL "
                            "WHERE " + closed + " AND changed_us < $1 AND " + secret}});
  out.push_back(one_table(Kept::runs, "audit", "retention_run", "at_us < $1"));
  return out;
}

}  // namespace

std::span<const OlderSql> older_sql() {
  static const std::vector<OlderSql> all = made();
  return all;
}

}  // namespace care
