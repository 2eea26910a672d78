// SPDX-License-Identifier: Apache-2.0
// For tests alone: one person with something in every table that holds anything of a person, and a string of their own in every
// sealed column, so that a copy can be searched for what should and should not be there, and a deletion for what it left. Invented.
// A new table or sealed column is planted here; the tests that use it fail until it is. One thread.
#pragma once
#include "care/characteristics.h"
#include "care/legal_hold_table.h"
#include "care/need.h"
#include "care/preparation.h"
#include "store/audit_trail.h"
#include "store/key_ring.h"

namespace care {

struct Planted {
  std::string column, text;  // "person.legal_name_sealed"
};
struct WholeRecord {
  PersonId id;
  MembershipId membership;
  SupporterId supporter;
  std::vector<Planted> planted;
};
struct WhereToPlant {
  TeamId team;
  GroupId group;
  SessionId session;
  StaffId staff;
  std::string agreement;  // id
  int seat = 1;
};

class Planter {
 public:
  Planter(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, std::string word, const WhereToPlant& at, base::WallTime now)
      : tx_(tx), keys_(keys), entropy_(entropy), word_(std::move(word)), at_(at), now_(now) {}

  WholeRecord plant() {
    r_.id = base::new_id<PersonId>(entropy_, now_);
    r_.membership = base::new_id<MembershipId>(entropy_, now_);
    r_.supporter = base::new_id<SupporterId>(entropy_, now_);
    person();
    membership();
    register_and_preparation();
    messages_and_links();
    on_record();
    return r_;
  }

 private:
  std::string fresh() { return base::new_uuid(entropy_, now_); }
  // A string that stands nowhere else, as one word.
  std::string say(const std::string& column, const std::string& part = "") {
    std::string text = word_ + column + part;
    std::erase_if(text, [](char c) { return c == '_' || c == '.'; });
    r_.planted.push_back({column, text});
    return text;
  }
  // `column` as the table calls it; the associated data leaves "_sealed" out.
  store::Sealed sealed(const std::string& column, const std::string& row, const std::string& text) {
    const std::string name = column.substr(0, column.size() - std::string_view("_sealed").size());
    return keys_.seal({name}, row, base::Redacted<std::string>(text));
  }
  store::Sealed said(const std::string& column, const std::string& row) { return sealed(column, row, say(column)); }

  void person() {
    const auto& id = r_.id.text;
    const std::string c = "person.contacts_sealed", e = "person.emergency_contact_sealed";
    const std::string contacts = R"({"email":")" + say(c, "mail") + R"(@example.org","mobile":")" + say(c, "mobile") + R"(","telephone":")" + say(c, "tel") +
                                 R"(","address":[")" + say(c, "line") + R"("],"postcode":")" + say(c, "post") + R"(","addressConfirmed":null})";
    const std::string emergency = R"({"name":")" + say(e, "name") + R"(","relation":")" + say(e, "relation") + R"(","telephone":")" + say(e, "tel") + "\"}";
    const std::string safe = R"({"method":"email","hours":[],"note":")" + say("person.safe_contact_sealed") + "\"}";
    Preferences wanted;
    wanted.language = Personal(say("person.preferences_sealed"));
    Characteristics told;
    told.religion.value = Personal(say("person.protected_sealed"));
    const std::string preferences = base::json::write(wanted), characteristics = base::json::write(told);
    tx_.run("INSERT INTO person (id, version, team, legal_name_sealed, preferred_name_sealed, nhs_number_sealed, birth_date_sealed, contacts_sealed, "
            "emergency_contact_sealed, safe_contact_sealed, preferences_sealed, protected_sealed, died_sealed, made_us, changed_us) "
            "VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)",
            id, at_.team, sealed("person.legal_name_sealed", id, say("person.legal_name_sealed", "first") + " " + say("person.legal_name_sealed", "last")),
            said("person.preferred_name_sealed", id), said("person.nhs_number_sealed", id), said("person.birth_date_sealed", id), sealed(c, id, contacts),
            sealed(e, id, emergency), sealed("person.safe_contact_sealed", id, safe), sealed("person.preferences_sealed", id, preferences),
            sealed("person.protected_sealed", id, characteristics), said("person.died_sealed", id), now_);
    const std::string need = fresh();
    tx_.run("INSERT INTO person_need (id, person, category, note_sealed, made_us) VALUES ($1, $2, '001', $3, $4)", need, r_.id, said("person_need.note_sealed", need), now_);
    tx_.run("INSERT INTO person_search (token, person) VALUES ($1, $2)", keys_.blind("person.name", word_), r_.id);
  }

  void membership() {
    const auto& id = r_.membership.text;
    tx_.run("INSERT INTO membership (id, version, group_id, person, state, reason, alias_sealed, disguise_sealed, seat, made_us, changed_us) "
            "VALUES ($1, 1, $2, $3, 'completed', '', $4, $5, $6, $7, $7)",
            id, at_.group, r_.id, said("membership.alias_sealed", id),
            sealed("membership.disguise_sealed", id, R"({"picture":")" + say("membership.disguise_sealed") + "\"}"), at_.seat, now_);
    const std::string step = fresh();
    tx_.run("INSERT INTO membership_step (id, membership, state, reason, note_sealed, at_us, staff) VALUES ($1, $2, 'completed', '', $3, $4, $5)", step,
            r_.membership, said("membership_step.note_sealed", step), now_, at_.staff);
    const auto& s = r_.supporter.text;
    tx_.run("INSERT INTO supporter (id, version, membership, kind, name_sealed, contacts_sealed, alias_sealed, seat) VALUES ($1, 1, $2, 'carer', $3, $4, $5, $6)",
            s, r_.membership, said("supporter.name_sealed", s),
            sealed("supporter.contacts_sealed", s, R"({"email":")" + say("supporter.contacts_sealed") + "@example.org\"}"), said("supporter.alias_sealed", s),
            at_.seat + 100);
  }

  void register_and_preparation() {
    const std::string attendance = fresh(), correction = fresh();
    tx_.run("INSERT INTO attendance (id, version, session, membership, outcome, late, left_early, changed_mode, source) "
            "VALUES ($1, 1, $2, $3, 'attended', 0, 0, 0, 'call')", attendance, at_.session, r_.membership);
    tx_.run("INSERT INTO attendance_correction (id, attendance, before, reason, note_sealed, staff, at_us) VALUES ($1, $2, '{\"version\":1}', 'mistake', $3, $4, $5)",
            correction, attendance, said("attendance_correction.note_sealed", correction), at_.staff, now_);
    PreparationRecord record;
    record.overheard = say("preparation.record_sealed", "overheard");
    record.safety.signs = say("preparation.record_sealed", "signs");
    record.questions = {{say("preparation.record_sealed", "question"), say("preparation.record_sealed", "answer")}};
    const auto& m = r_.membership.text;
    tx_.run("INSERT INTO preparation (membership, version, record_sealed, conflict_sealed, open_parts, changed_us, staff) VALUES ($1, 1, $2, $3, 0, $4, $5)", m,
            sealed("preparation.record_sealed", m, base::json::write(record)),
            sealed("preparation.conflict_sealed", m, R"({"knows":"somebody","note":")" + say("preparation.conflict_sealed") + "\"}"), now_, at_.staff);
    tx_.run("INSERT INTO agreement_acceptance (agreement, membership, at_us, how) VALUES ($1, $2, $3, 'self')", at_.agreement, m, now_);
    tx_.run("INSERT INTO supporter_attendance (id, version, session, supporter, call_came_us) VALUES ($1, 1, $2, $3, $4)", base::new_uuid(entropy_, now_),
            at_.session, r_.supporter, now_);
    tx_.run("INSERT INTO supporter_agreement (agreement, supporter, at_us, how) VALUES ($1, $2, $3, 'self')", at_.agreement, r_.supporter, now_);
    const std::string alert = fresh();
    tx_.run("INSERT INTO safety_alert (id, version, session, seat, membership, holder, raised_us, closed_us, outcome, note_sealed) "
            "VALUES ($1, 1, $2, $3, $4, $5, $6, $6, 'spoke', $7)", alert, at_.session, at_.seat, m, at_.staff, now_, said("safety_alert.note_sealed", alert));
    tx_.run("INSERT INTO safety_alert_step (alert, number, at_us, what, kind, origin) VALUES ($1, 1, $2, 'raised', 'worried', 'room')", alert, now_);
    tx_.run("INSERT INTO place_hold (session, seat, holder) VALUES ($1, $2, $3)", at_.session, at_.seat + 100, alert);
  }

  void messages_and_links() {
    const std::string link = fresh();
    for (const bool own : {true, false}) {
      const std::string id = fresh();
      const auto supporter = own ? std::nullopt : std::optional(r_.supporter);
      const std::string body = own ? say("message.payload_sealed", "body") : word_ + "tosupporter";
      tx_.run("INSERT INTO message (id, version, membership, supporter, session, kind, channel, language, message_id, payload_sealed, state, next_us, "
              "lease_until_us, tries, failure, made_us, sent_us) VALUES ($1, 1, $2, $3, $4, 'invitation', 'email', 'en', $5, $6, 'sent', 0, 0, 1, '', $7, $7)",
              id, r_.membership, supporter, at_.session, id + "@example.org",
              sealed("message.payload_sealed", id, R"({"to":"","name":"","subject":"","text":")" + body + R"(","sms":"","link":"secret)" + word_ + "\"}"), now_);
      tx_.run("INSERT INTO message_told (membership, supporter, session, sequence, local_date, local_time, cancelled, reminded) "
              "VALUES ($1, $2, $3, 0, '2026-09-21', '14:00', 0, 0)", r_.membership, own ? std::string() : r_.supporter.text, at_.session);
    }
    const std::string change = fresh();
    tx_.run("INSERT INTO contact_change (id, version, person, membership, wanted_sealed, code_sealed, message, state, wrong_codes, asked_us, until_us, settled_us, "
            "settled_by) VALUES ($1, 1, $2, $3, $4, $5, NULL, 'refused', 0, $6, $6, $6, $7)", change, r_.id, r_.membership,
            sealed("contact_change.wanted_sealed", change, R"({"method":"sms","to":")" + say("contact_change.wanted_sealed") + R"(","address":[],"postcode":""})"),
            said("contact_change.code_sealed", change), now_, at_.staff);
    tx_.run("INSERT INTO personal_link (id, hash, membership, made_us, until_us, wrong_answers, shut_until_us) VALUES ($1, $2, $3, $4, $4, 0, 0)", link,
            crypto::sha256(base::as_bytes(link)), r_.membership, now_);
    tx_.run("INSERT INTO link_visit (hash, link, made_us, until_us) VALUES ($1, $2, $3, $3)", crypto::sha256(base::as_bytes(link + "visit")), link, now_);
    tx_.run("INSERT INTO seat_pass (hash, session, seat, role, holder_kind, holder, until_us) VALUES ($1, $2, $3, 'member', 'membership', $4, $5)",
            crypto::sha256(base::as_bytes(link + "pass")), at_.session, at_.seat, r_.membership, now_);
    tx_.run("INSERT INTO call_visit (id, session, seconds, present_seconds, interruptions, interrupted_seconds, full_seconds, reduced_seconds, stills_seconds, none_seconds, "
            "thinned_seconds, lost_in_ppm, lost_out_ppm, bytes_in, bytes_out) VALUES ($1, $2, 9, 9, 0, 0, 9, 0, 0, 0, 0, 0, 0, 1, 1)", fresh(), at_.session);
    const std::string place = fresh();
    tx_.run("INSERT INTO today_place (id, session, seat, person, given, place_sealed, said_us) VALUES ($1, $2, $3, $4, 1, $5, $6)", place, at_.session,
            at_.seat, r_.id, sealed("today_place.place_sealed", place, R"({"kind":"address","text":")" + say("today_place.place_sealed") + R"(","ward":""})"), now_);
    tx_.run("INSERT INTO today_place (id, session, seat, given, said_us) VALUES ($1, $2, $3, 0, $4)", fresh(), at_.session, at_.seat + 100, now_);
  }

  void on_record() {
    const std::string note = fresh(), glass = fresh(), grant = fresh(), notice = fresh();
    tx_.run("INSERT INTO reason_note (id, person, note_sealed, made_us) VALUES ($1, $2, $3, $4)", note, r_.id, sealed("reason_note.note_sealed", note, say("reason_note.note_sealed", "read")), now_);
    tx_.run("INSERT INTO reason_note (id, person, note_sealed, made_us) VALUES ($1, $2, $3, $4)", glass, r_.id, sealed("reason_note.note_sealed", glass, say("reason_note.note_sealed", "glass")), now_);
    tx_.run("INSERT INTO break_glass (id, staff, person, reason, note, from_us, until_us) VALUES ($1, $2, $3, 'safeguarding', $4, $5, $5)", grant, at_.staff,
            r_.id, glass, now_);
    tx_.run("INSERT INTO staff_notice (id, version, staff, kind, break_glass, message_id, state, next_us, lease_until_us, tries, failure, made_us) "
            "VALUES ($1, 1, $2, 'emergency_access', $3, $1, 'sent', 0, 0, 1, '', $4)", notice, at_.staff, grant, now_);
    store::append_audit(tx_, {{.at = now_, .actor_kind = "staff", .actor = at_.staff.text, .action = "read", .data = "preparation", .subject_kind = "person",
                               .subject = r_.id.text, .person = r_.id.text, .reason = "safeguarding", .note = note}});
    const std::string hold = fresh();
    tx_.run("INSERT INTO legal_hold (id, person, reason, note_sealed, set_us, set_by, lifted_us, lifted_by, lift_note_sealed) VALUES ($1, $2, 'claim', $3, $4, $5, $4, $5, $6)",
            hold, r_.id, said("legal_hold.note_sealed", hold), now_, at_.staff, said("legal_hold.lift_note_sealed", hold));
  }

  store::Transaction& tx_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
  const std::string word_;
  const WhereToPlant at_;
  const base::WallTime now_;
  WholeRecord r_;
};

// A group in which whole records can be planted: a session that is over, and an agreement.
inline WhereToPlant plant_group(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const TeamId& team, const StaffId& staff,
                                base::WallTime now) {
  WhereToPlant at{.team = team, .group = base::new_id<GroupId>(entropy, now), .session = base::new_id<SessionId>(entropy, now), .staff = staff,
                  .agreement = base::new_uuid(entropy, now)};
  const std::string series = base::new_uuid(entropy, now);
  tx.run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, software, venue, "
         "capacity, confidentiality_plan, made_us) VALUES ($1, 1, $2, 'Quiet mornings', '', 'Europe/London', 1, 1, 0, '', '', 'quietroom', '', 12, '{}', $3)",
         at.group, team, now);
  tx.run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'facilitator', 'Ash', 1)", at.group, staff);
  tx.run("INSERT INTO series (id, version, group_id, first_date, start_time, minutes, every_days, count, exceptions) "
         "VALUES ($1, 1, $2, '2026-09-21', '14:00', 90, 7, 1, '[]')", series, at.group);
  tx.run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, state, "
         "cancelled_reason, sequence) VALUES ($1, 1, $2, $3, 1, '2026-09-21', '14:00', 90, $4, $4, '', 'quietroom', 'held', '', 0)",
         at.session, at.group, series, now.us - 1);
  tx.run("INSERT INTO session_joining (session, version, address_sealed, staff, set_us) VALUES ($1, 1, $2, $3, $4)", at.session,
         keys.seal({"session_joining.address"}, at.session.text, base::Redacted<std::string>("https://meet.example/quiet")), staff, now);
  tx.run("INSERT INTO group_agreement (id, group_id, number, text_sealed, made_us, staff) VALUES ($1, $2, 1, $3, $4, $5)", at.agreement, at.group,
         keys.seal({"group_agreement.text"}, at.agreement, base::Redacted<std::string>(R"({"title":"Ours","points":["We listen"],"easy":[],"changed":""})")), now, staff);
  return at;
}

}  // namespace care
