// SPDX-License-Identifier: Apache-2.0
// See staff_notice_table.h.
#include "interop/staff_notice_table.h"

#include "care/person_contact.h"

namespace interop {
namespace {

struct Untold {
  std::string kind;
  std::optional<std::string> glass, alert;  // one of them
  care::TeamId team;
};

std::vector<Untold> untold(store::Transaction& tx, base::WallTime now) {
  std::vector<Untold> out;
  {
    auto rows = tx.query("SELECT b.id, p.team FROM break_glass b JOIN person p ON p.id = b.person WHERE b.lead_told_us IS NULL AND NOT EXISTS "
                         "(SELECT 1 FROM staff_notice n WHERE n.break_glass = b.id) ORDER BY b.id LIMIT 100");
    while (rows.next()) out.push_back({.kind = "emergency_access", .glass = rows.text(0), .alert = {}, .team = rows.id<care::TeamId>(1)});
  }
  // Whoever has taken it has been told already. Help waits for nobody; facilitators in the room get some time for who dropped off.
  const auto alerts = [&](const char* kind, const char* origin, base::WallTime raised_until) {
    auto rows = tx.query("SELECT a.id, g.team FROM safety_alert a JOIN session s ON s.id = a.session JOIN therapy_group g ON g.id = s.group_id "
                         "WHERE a.closed_us IS NULL AND a.holder IS NULL AND EXISTS (SELECT 1 FROM safety_alert_step x WHERE x.alert = a.id AND "
                         "x.what = 'raised' AND x.kind = $1 AND x.origin LIKE $2 AND x.at_us <= $3) AND NOT EXISTS (SELECT 1 FROM staff_notice n WHERE "
                         "n.alert = a.id) ORDER BY a.id LIMIT 100", kind, origin, raised_until);
    while (rows.next()) out.push_back({.kind = kind, .glass = {}, .alert = rows.text(0), .team = rows.id<care::TeamId>(1)});
  };
  alerts("help", "%", now);
  alerts("drop_off", "call", {now.us - kDropOffUntaken.us});
  return out;
}

std::vector<care::StaffId> staff_with(store::Transaction& tx, const char* role, const care::TeamId& team, base::WallTime now) {
  auto rows = tx.query("SELECT DISTINCT s.id FROM staff s JOIN staff_role r ON r.staff = s.id WHERE s.active = 1 AND r.role = $1 AND (r.team IS NULL OR "
                       "r.team = $2) AND r.from_us <= $3 AND (r.until_us IS NULL OR r.until_us > $3) ORDER BY s.id", role, team, now);
  std::vector<care::StaffId> out;
  while (rows.next()) out.push_back(rows.id<care::StaffId>(0));
  return out;
}

// The duty number of a team, else of its trust; empty where it cannot get a text message.
std::string text_number(std::string_view duty_number) {
  const auto number = care::parse_telephone(duty_number);
  return number && care::takes_texts(number->get()) ? number->get() : std::string();
}

std::string duty_number_of(store::Transaction& tx, const care::TeamId& team) {
  auto rows = tx.query("SELECT m.duty_number, t.duty_number FROM team m, trust t WHERE m.id = $1", team);
  if (!rows.next()) return {};
  return text_number(rows.text(0).empty() ? rows.text(1) : rows.text(0));
}

// To whoever holds the duty phone, who need not be on record as staff.
std::string text_of(const std::string& kind, const std::string& address) {
  const std::string what = kind == "help" ? "Somebody in an online session of your service asked for help, and no facilitator has answered yet."
                                          : "Somebody dropped out of an online session of your service and has not come back. Nobody has taken the alert yet.";
  return what + " A clinician of the team can see who it is, and take it, after signing in: " + address + "/staff";
}

Words words_of(const std::string& kind, const std::string& name, const std::string& address) {
  if (kind == "help")
    return {.subject = "Somebody asked for help",
            .body = "Hello " + name + ",\n\nSomebody in a group session of your team asked for help, and no facilitator has answered yet.\n\n"
                    "Sign in to see who it is, and to take it:\n\n" + address + "/staff\n\n"
                    "You get this message because you lead the team. It names nobody on purpose.",
            .sms = {}};
  if (kind == "help_no_lead")
    return {.subject = "Somebody asked for help, and their team has no lead",
            .body = "Hello " + name + ",\n\nSomebody in a group session asked for help, and no facilitator has answered yet. Their team has no lead who "
                    "could be told.\n\nPlease tell a clinician of the service now, and give a member of staff the role of team lead:\n\n" + address +
                    "/staff/colleagues\n\nThis message names nobody on purpose.",
            .sms = {}};
  if (kind == "drop_off")
    return {.subject = "Somebody left a group session suddenly",
            .body = "Hello " + name + ",\n\nThe line of somebody in a group session of your team was lost, and they have not come back. Nobody has taken the alert "
                    "yet.\n\nSign in to see who it is, and to take it:\n\n" + address + "/staff\n\n"
                    "You get this message because you lead the team. It names nobody on purpose.",
            .sms = {}};
  if (kind == "drop_off_no_lead")
    return {.subject = "Somebody left a group session suddenly, and their team has no lead",
            .body = "Hello " + name + ",\n\nThe line of somebody in a group session was lost, and they have not come back. Nobody has taken the alert yet, and "
                    "their team has no lead who could be told.\n\nPlease tell a clinician of the service now, and give a member of staff the role of team "
                    "lead:\n\n" + address + "/staff/colleagues\n\nThis message names nobody on purpose.",
            .sms = {}};
  if (kind == "emergency_access_no_lead")
    return {.subject = "A record was opened in an emergency, and its team has no lead",
            .body = "Hello " + name + ",\n\nA member of staff opened the record of a person in an emergency. The team lead must look at this, and the "
                    "team has none.\n\nPlease give a member of staff the role of team lead:\n\n" + address + "/staff/colleagues\n\n"
                    "They will then see who opened the record, and why. This message names nobody on purpose.",
            .sms = {}};
  return {.subject = "A record was opened in an emergency",
          .body = "Hello " + name + ",\n\nA member of staff from outside the group opened the record of a person of your team in an emergency. It is "
                  "open to them for one hour.\n\nSign in to see who it was and why:\n\n" + address + "/staff\n\n"
                  "You get this message because you lead the team. It names nobody on purpose.",
          .sms = {}};
}

}  // namespace

std::int64_t tell_leads(store::Transaction& tx, base::Entropy& entropy, const Outgoing& out, base::WallTime now) {
  const std::string at = out.from.find('@') == std::string::npos ? "@quietroom.invalid" : out.from.substr(out.from.find('@'));
  std::int64_t written = 0;
  for (const Untold& each : untold(tx, now)) {
    std::string kind = each.kind;
    auto to = staff_with(tx, "team_lead", each.team, now);
    if (to.empty()) {
      kind += "_no_lead";
      to = staff_with(tx, "administrator", each.team, now);
    }
    const auto tell = [&](const std::optional<care::StaffId>& staff, const std::optional<care::TeamId>& team, const std::string& of) {
      const auto id = base::new_id<StaffNoticeId>(entropy, now);
      written += tx.run("INSERT INTO staff_notice (id, version, staff, team, kind, break_glass, alert, message_id, state, next_us, lease_until_us, tries, "
                        "failure, made_us, sent_us) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'queued', $8, 0, 0, '', $8, NULL)",
                        id, staff, team, of, each.glass, each.alert, id.text + at, now);
    };
    for (const care::StaffId& staff : to) tell(staff, {}, kind);
    if (each.alert && !duty_number_of(tx, each.team).empty()) tell({}, each.team, each.kind);
  }
  return written;
}

std::vector<LeasedNotice> lease_notices(store::Transaction& tx, const Outgoing& out, base::WallTime now, std::int64_t most) {
  std::vector<LeasedNotice> found;
  {
    auto rows = tx.query("SELECT n.id, n.version, n.tries, n.message_id, n.made_us, n.kind, s.name, s.email, m.duty_number, t.duty_number FROM staff_notice n "
                         "LEFT JOIN staff s ON s.id = n.staff LEFT JOIN team m ON m.id = n.team LEFT JOIN trust t ON m.id IS NOT NULL WHERE (n.state = 'queued' AND n.next_us <= $1) OR (n.state = 'sending' AND n.lease_until_us <= $1) ORDER BY n.next_us LIMIT $2",
                         now, most);
    while (rows.next()) {
      LeasedNotice n{.id = rows.id<StaffNoticeId>(0), .version = rows.integer(1), .tries = rows.integer(2), .mail = {}};
      n.mail.id = MessageId{n.id.text};
      n.mail.message_id = rows.text(3);
      n.mail.language = "en";
      n.mail.made = rows.time(4);
      if (rows.null(7)) {
        n.mail.channel = Channel::sms;
        n.mail.payload.to = Text(text_number(rows.text(8).empty() ? rows.text(9) : rows.text(8)));
        n.mail.payload.sms = Text(text_of(rows.text(5), out.address));
      } else {
        const Words words = words_of(rows.text(5), rows.text(6), out.address);
        n.mail.channel = Channel::email;
        n.mail.payload.to = Text(rows.text(7));
        n.mail.payload.subject = Text(words.subject);
        n.mail.payload.text = Text(words.body);
      }
      found.push_back(std::move(n));
    }
  }
  std::vector<LeasedNotice> taken;
  for (LeasedNotice& n : found) {
    if (tx.run("UPDATE staff_notice SET state = 'sending', lease_until_us = $3, tries = tries + 1, version = version + 1 WHERE id = $1 AND version = $2",
               n.id, n.version, now.us + kLease.us) != 1)
      continue;
    ++n.version;
    ++n.tries;
    taken.push_back(std::move(n));
  }
  return taken;
}

bool record(store::Transaction& tx, const LeasedNotice& n, const Sent& how, base::WallTime now) {
  if (how.how == Sent::How::temporary && n.tries < kMostTries)
    return tx.run("UPDATE staff_notice SET state = 'queued', next_us = $3, failure = $4, version = version + 1 WHERE id = $1 AND version = $2", n.id,
                  n.version, now.us + pause_after(n.tries).us, how.code) == 1;
  const bool good = how.how == Sent::How::sent || how.how == Sent::How::kept;
  const char* state = how.how == Sent::How::sent ? "sent" : how.how == Sent::How::kept ? "kept" : "failed";
  if (tx.run("UPDATE staff_notice SET state = $3, sent_us = $4, failure = $5, version = version + 1 WHERE id = $1 AND version = $2", n.id, n.version, state,
             good ? std::optional(now) : std::nullopt, good ? std::string() : how.code) != 1)
    return false;
  if (good)
    tx.run("UPDATE break_glass SET lead_told_us = $2 WHERE lead_told_us IS NULL AND id = (SELECT break_glass FROM staff_notice WHERE id = $1 AND kind = "
           "'emergency_access')", n.id, now);
  return true;
}

}  // namespace interop
