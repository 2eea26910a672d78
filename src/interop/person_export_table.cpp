// SPDX-License-Identifier: Apache-2.0
// See person_export_table.h.
#include "interop/person_export_table.h"

#include "care/person_table.h"
#include "care/preparation_table.h"
#include "care/retention_table.h"
#include "care/zone.h"

namespace interop {
namespace {

namespace bj = boost::json;
using care::iso_text;
using store::Column;

constexpr Column kAlias{"membership.alias"}, kDisguise{"membership.disguise"}, kStepNote{"membership_step.note"}, kAgreement{"group_agreement.text"},
    kCorrection{"attendance_correction.note"}, kPayload{"message.payload"}, kWanted{"contact_change.wanted"}, kPlace{"today_place.place"},
    kReasonNote{"reason_note.note"}, kAlertNote{"safety_alert.note"},
    kLegal{"person.legal_name"}, kPreferred{"person.preferred_name"}, kContacts{"person.contacts"}, kNhs{"person.nhs_number"},
    kSupporterName{"supporter.name"}, kSupporterAlias{"supporter.alias"};
constexpr base::json::Limits kLimits{.bytes = std::size_t{1} << 20, .depth = 16};

class Copy {
 public:
  Copy(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& id, base::WallTime now) : tx_(tx), keys_(keys), id_(id), now_(now) {}

  std::vector<Area> areas() {
    std::vector<Area> out;
    out.push_back({"about-you", "About you", "Who you are and how you are reached.", about(), false});
    out.push_back({"needs", "Your needs and wishes", "What helps you to take part.", needs(), false});
    out.push_back({"equality", "Equality questions", "Your answers to questions about your background.", equality(), false});
    out.push_back({"groups", "Your groups", "Groups that you are or were in, and each step on the way. Who else is in them is not here.", groups()});
    out.push_back({"preparation", "Preparing for a group", "What you and your team talked about before the first session.", preparation()});
    out.push_back({"agreements", "Group agreements", "The agreements that you accepted.", agreements()});
    out.push_back({"sessions", "Sessions", "When you were expected, and what was noted of it.", sessions()});
    out.push_back({"alerts", "When somebody was worried about you", "What was done, and what came of it.", alerts()});
    out.push_back({"messages", "Messages", "What was sent to you.", messages()});
    out.push_back({"links", "Your personal links", "When a link was made for you and when it was opened. The link itself is never kept.", links()});
    out.push_back({"places", "Where you said you were", "Kept for some hours after a session.", places()});
    out.push_back({"opened", "Who opened or changed your record", "Each time, with the reason where one was given.", opened()});
    out.push_back({"keeping", "How long your record is kept", "Whether something keeps it from being deleted.", keeping()});
    return out;
  }

  Others others() {
    std::vector<std::string> own = names_of("= $1");
    std::vector<std::string> names =
        names_of("IN (SELECT o.person FROM membership m JOIN membership o ON o.group_id = m.group_id WHERE m.person = $1 AND o.person <> $1)");
    auto aliases = tx_.query("SELECT o.id, o.alias_sealed, o.person FROM membership m JOIN membership o ON o.group_id = m.group_id "
                             "WHERE m.person = $1 AND o.alias_sealed IS NOT NULL", id_);
    while (aliases.next()) (aliases.text(2) == id_.text ? own : names).push_back(keys_.open(tx_, kAlias, aliases.text(0), aliases.bytes(1)).get());
    auto supporters = tx_.query("SELECT s.id, s.name_sealed, s.alias_sealed FROM membership m JOIN membership o ON o.group_id = m.group_id "
                                "JOIN supporter s ON s.membership = o.id WHERE m.person = $1", id_);
    while (supporters.next()) {
      names.push_back(keys_.open(tx_, kSupporterName, supporters.text(0), supporters.bytes(1)).get());
      if (const auto alias = keys_.open_maybe(tx_, kSupporterAlias, supporters.text(0), supporters, 2)) names.push_back(alias->get());
    }
    return others_of(names, own);
  }

  Letterhead head() {
    auto rows = tx_.query("SELECT r.name, r.zone FROM person p JOIN team t ON t.id = p.team JOIN service v ON v.id = t.service JOIN trust r ON r.id = v.trust "
                          "WHERE p.id = $1", id_);
    return rows.next() ? Letterhead{.trust = rows.text(0), .zone = rows.text(1), .made = now_} : Letterhead{.trust = {}, .zone = {}, .made = now_};
  }

 private:
  template <class T>
  static bj::value json_of(const T& value) {
    return base::json::Codec<T>::write(value);
  }
  static bj::value text_or_null(const std::optional<std::string>& text) { return text ? bj::value(*text) : bj::value(nullptr); }
  static bj::value time_or_null(const store::Rows& rows, int at) { return rows.null(at) ? bj::value(nullptr) : bj::value(iso_text(rows.time(at))); }
  static bj::value staff_or_null(const store::Rows& rows, int at) { return text_or_null(rows.maybe_text(at)); }

  bj::value words(Column column, std::string_view row, const store::Rows& rows, int at) {
    const auto text = keys_.open_maybe(tx_, column, row, rows, at);
    return text ? bj::value(text->get()) : bj::value(nullptr);
  }
  // What stands sealed as JSON, as it is.
  bj::value sealed_json(Column column, std::string_view row, const store::Rows& rows, int at) {
    const auto text = keys_.open_maybe(tx_, column, row, rows, at);
    return text ? base::json::parse(text->get(), kLimits).value_or(bj::value(nullptr)) : bj::value(nullptr);
  }

  // Names and numbers of people; `which` is a condition on their id.
  std::vector<std::string> names_of(const char* which) {
    std::vector<std::string> out;
    auto rows = tx_.query("SELECT id, legal_name_sealed, preferred_name_sealed, contacts_sealed, nhs_number_sealed FROM person WHERE id " + std::string(which), id_);
    while (rows.next()) {
      const std::string id = rows.text(0);
      out.push_back(keys_.open(tx_, kLegal, id, rows.bytes(1)).get());
      for (const auto& [column, at] : {std::pair(kPreferred, 2), std::pair(kNhs, 4)})
        if (const auto text = keys_.open_maybe(tx_, column, id, rows, at)) out.push_back(text->get());
      const auto contacts = sealed_json(kContacts, id, rows, 3);
      if (const auto* object = contacts.if_object())
        for (const char* key : {"email", "mobile", "telephone"})
          if (const auto* text = object->if_contains(key); text != nullptr && text->is_string() && !text->get_string().empty())
            out.emplace_back(std::string_view(text->get_string()));
    }
    return out;
  }

  bj::value about() {
    auto out = json_of(care::load_identity(tx_, keys_, id_)).as_object();
    auto rows = tx_.query("SELECT t.name, p.made_us, p.changed_us FROM person p JOIN team t ON t.id = p.team WHERE p.id = $1", id_);
    if (rows.next()) {
      out["team"] = rows.text(0);
      out["recordMade"] = iso_text(rows.time(1));
      out["recordChanged"] = iso_text(rows.time(2));
    }
    const auto deprivation = care::load_deprivation(tx_, id_);
    out["areaDeprivation"] = deprivation ? json_of(*deprivation) : bj::value(nullptr);
    if (const auto died = care::load_death(tx_, keys_, id_)) out["died"] = died->get();
    return out;
  }
  bj::value needs() { return json_of(care::load_needs(tx_, keys_, id_)); }
  bj::value equality() {
    const auto said = care::load_protected(tx_, keys_, id_);
    return said ? json_of(said->said) : bj::value(nullptr);
  }

  bj::value groups() {
    bj::array out;
    auto rows = tx_.query("SELECT m.id, g.name, g.programme, m.state, m.reason, m.alias_sealed, m.disguise_sealed, m.made_us, m.changed_us, o.name FROM membership m "
                          "JOIN therapy_group g ON g.id = m.group_id LEFT JOIN therapy_group o ON o.id = m.moved_to WHERE m.person = $1 ORDER BY m.made_us, m.id", id_);
    while (rows.next()) {
      const std::string m = rows.text(0);
      out.push_back({{"group", rows.text(1)}, {"programme", rows.text(2)}, {"state", rows.text(3)}, {"reason", rows.text(4)}, {"alias", words(kAlias, m, rows, 5)},
                     {"disguise", sealed_json(kDisguise, m, rows, 6)}, {"referred", iso_text(rows.time(7))}, {"lastChanged", iso_text(rows.time(8))},
                     {"movedTo", text_or_null(rows.maybe_text(9))}, {"steps", steps(m)}, {"peopleWhoComeWithYou", supporters(m)}});
    }
    return out;
  }
  bj::array steps(std::string_view membership) {
    bj::array out;
    auto rows = tx_.query("SELECT w.id, w.state, w.reason, w.note_sealed, w.at_us, s.name FROM membership_step w LEFT JOIN staff s ON s.id = w.staff "
                          "WHERE w.membership = $1 ORDER BY w.at_us, w.id", membership);
    while (rows.next())
      out.push_back({{"at", iso_text(rows.time(4))}, {"state", rows.text(1)}, {"reason", rows.text(2)}, {"note", words(kStepNote, rows.text(0), rows, 3)},
                     {"by", staff_or_null(rows, 5)}});
    return out;
  }
  // That somebody comes along is the person's; who that is, is not theirs to be given.
  bj::array supporters(std::string_view membership) {
    bj::array out;
    auto rows = tx_.query("SELECT kind, until_us FROM supporter WHERE membership = $1 ORDER BY id", membership);
    while (rows.next()) out.push_back({{"kind", rows.text(0)}, {"until", time_or_null(rows, 1)}});
    return out;
  }

  bj::value preparation() {
    struct Found {
      std::string membership, group;
      bj::value changed, finished, by;
    };
    std::vector<Found> found;
    {
      auto rows = tx_.query("SELECT m.id, g.name, r.changed_us, r.finished_us, s.name FROM membership m JOIN therapy_group g ON g.id = m.group_id "
                            "JOIN preparation r ON r.membership = m.id LEFT JOIN staff s ON s.id = r.staff WHERE m.person = $1 ORDER BY m.made_us, m.id", id_);
      while (rows.next()) found.push_back({rows.text(0), rows.text(1), bj::value(iso_text(rows.time(2))), time_or_null(rows, 3), staff_or_null(rows, 4)});
    }
    bj::array out;
    for (auto& f : found) {
      // Without the check whether they know another member.
      const auto record = care::persons_own_record(tx_, keys_, care::MembershipId{f.membership});
      out.push_back({{"group", f.group}, {"lastChanged", std::move(f.changed)}, {"finished", std::move(f.finished)}, {"by", std::move(f.by)},
                     {"record", record ? json_of(*record) : bj::value(nullptr)}});
    }
    return out;
  }

  bj::value agreements() {
    bj::array out;
    auto rows = tx_.query("SELECT a.id, g.name, a.number, a.text_sealed, y.at_us, y.how, s.name FROM agreement_acceptance y JOIN group_agreement a ON a.id = y.agreement "
                          "JOIN therapy_group g ON g.id = a.group_id JOIN membership m ON m.id = y.membership LEFT JOIN staff s ON s.id = y.staff "
                          "WHERE m.person = $1 ORDER BY y.at_us", id_);
    while (rows.next())
      out.push_back({{"group", rows.text(1)}, {"version", rows.integer(2)}, {"agreement", sealed_json(kAgreement, rows.text(0), rows, 3)},
                     {"accepted", iso_text(rows.time(4))}, {"how", rows.text(5)}, {"by", staff_or_null(rows, 6)}});
    return out;
  }

  bj::value sessions() {
    bj::array out;
    auto rows = tx_.query("SELECT a.id, g.name, e.local_date, e.local_time, e.minutes, e.venue, e.held_on, e.state, a.planned, a.mode, a.outcome, a.late, a.left_early, "
                          "a.changed_mode, a.came_us, a.left_us, a.source FROM attendance a JOIN session e ON e.id = a.session JOIN membership m ON m.id = a.membership "
                          "JOIN therapy_group g ON g.id = m.group_id WHERE m.person = $1 ORDER BY e.starts_us", id_);
    while (rows.next())
      out.push_back({{"group", rows.text(1)}, {"date", rows.text(2)}, {"time", rows.text(3)}, {"minutes", rows.integer(4)}, {"venue", rows.text(5)},
                     {"heldOn", rows.text(6)}, {"state", rows.text(7)}, {"planned", text_or_null(rows.maybe_text(8))}, {"mode", text_or_null(rows.maybe_text(9))},
                     {"outcome", rows.text(10)}, {"late", rows.flag(11)}, {"leftEarly", rows.flag(12)}, {"changedMode", rows.flag(13)},
                     {"came", time_or_null(rows, 14)}, {"left", time_or_null(rows, 15)}, {"source", rows.text(16)}, {"corrections", corrections(rows.text(0))}});
    return out;
  }
  bj::array corrections(std::string_view attendance) {
    bj::array out;
    auto rows = tx_.query("SELECT c.id, c.before, c.reason, c.note_sealed, COALESCE(s.name, ''), c.at_us FROM attendance_correction c LEFT JOIN staff s ON s.id = c.staff "
                          "WHERE c.attendance = $1 ORDER BY c.at_us, c.id", attendance);
    while (rows.next())
      out.push_back({{"at", iso_text(rows.time(5))}, {"by", rows.text(4)}, {"reason", rows.text(2)}, {"note", words(kCorrection, rows.text(0), rows, 3)},
                     {"before", base::json::parse(rows.text(1), kLimits).value_or(bj::value(nullptr))}});
    return out;
  }

  // Of their own seat: one about whoever comes with them is that person's.
  bj::value alerts() {
    bj::array out;
    auto rows = tx_.query("SELECT v.id, g.name, e.local_date, v.raised_us, v.closed_us, v.outcome, v.note_sealed, h.name FROM safety_alert v JOIN session e ON e.id = v.session "
                          "JOIN therapy_group g ON g.id = e.group_id JOIN membership m ON m.id = v.membership LEFT JOIN staff h ON h.id = v.holder "
                          "WHERE m.person = $1 ORDER BY v.raised_us, v.id", id_);
    while (rows.next())
      out.push_back({{"group", rows.text(1)}, {"sessionDate", rows.text(2)}, {"raised", iso_text(rows.time(3))}, {"closed", time_or_null(rows, 4)},
                     {"outcome", text_or_null(rows.maybe_text(5))}, {"note", words(kAlertNote, rows.text(0), rows, 6)}, {"by", staff_or_null(rows, 7)},
                     {"steps", alert_steps(rows.text(0))}});
    return out;
  }
  bj::array alert_steps(std::string_view alert) {
    bj::array out;
    auto rows = tx_.query("SELECT x.what, x.at_us, x.kind, x.origin, s.name, o.name FROM safety_alert_step x LEFT JOIN staff s ON s.id = x.staff "
                          "LEFT JOIN staff o ON o.id = x.given_to WHERE x.alert = $1 ORDER BY x.number", alert);
    while (rows.next())
      out.push_back({{"at", iso_text(rows.time(1))}, {"what", rows.text(0)}, {"kind", text_or_null(rows.maybe_text(2))}, {"origin", text_or_null(rows.maybe_text(3))},
                     {"by", staff_or_null(rows, 4)}, {"to", staff_or_null(rows, 5)}});
    return out;
  }

  bj::value messages() {
    bj::array sent, told;
    auto rows = tx_.query("SELECT x.id, x.kind, x.channel, x.language, x.payload_sealed, x.state, x.made_us, x.sent_us, x.supporter, s.name, x.format, x.delivery, x.done_us, d.name FROM "
                          "message x JOIN membership m ON m.id = x.membership LEFT JOIN staff s ON s.id = x.staff LEFT JOIN staff d ON d.id = x.done_by WHERE m.person = $1 ORDER BY x.made_us, x.id", id_);
    while (rows.next()) {
      bj::object out{{"kind", rows.text(1)}, {"channel", rows.text(2)}, {"language", rows.text(3)}, {"state", rows.text(5)}, {"made", iso_text(rows.time(6))},
                     {"sent", time_or_null(rows, 7)}, {"by", staff_or_null(rows, 9)}, {"toWhoeverComesWithYou", !rows.null(8)},
                     {"format", rows.text(10)}, {"delivery", rows.text(11)}, {"doneByHand", time_or_null(rows, 12)}, {"doneBy", staff_or_null(rows, 13)}};
      if (rows.null(8)) add_payload(out, sealed_json(kPayload, rows.text(0), rows, 4));
      sent.push_back(std::move(out));
    }
    auto last = tx_.query("SELECT t.local_date, t.local_time, t.cancelled, t.reminded FROM message_told t JOIN membership m ON m.id = t.membership "
                          "WHERE m.person = $1 AND t.supporter = '' ORDER BY t.local_date, t.local_time", id_);
    while (last.next()) told.push_back({{"date", last.text(0)}, {"time", last.text(1)}, {"cancelled", last.flag(2)}, {"reminded", last.flag(3)}});
    return bj::object{{"messages", std::move(sent)}, {"sessionsThatYouWereToldOf", std::move(told)}, {"waysThatYouAskedFor", contact_changes()}};
  }
  bj::array contact_changes() {
    bj::array out;
    auto rows = tx_.query("SELECT c.id, c.wanted_sealed, c.state, c.asked_us, c.settled_us, s.name FROM contact_change c LEFT JOIN staff s ON s.id = c.settled_by "
                          "WHERE c.person = $1 ORDER BY c.asked_us, c.id", id_);
    while (rows.next())
      out.push_back({{"asked", iso_text(rows.time(3))}, {"wanted", sealed_json(kWanted, rows.text(0), rows, 1)}, {"state", rows.text(2)},
                     {"settled", time_or_null(rows, 4)}, {"by", staff_or_null(rows, 5)}});
    return out;
  }
  // A link that still stands in a message opens a seat: it is no part of a copy that may lie about.
  static void add_payload(bj::object& out, const bj::value& payload) {
    const auto* object = payload.if_object();
    if (object == nullptr) return;
    for (const char* key : {"to", "name", "subject", "text", "sms"})
      if (const auto* value = object->if_contains(key)) out[key] = *value;
  }

  bj::value links() {
    bj::array out;
    auto rows = tx_.query("SELECT l.id, g.name, l.made_us, l.until_us, l.withdrawn_us, l.wrong_answers, l.supporter FROM personal_link l JOIN membership m ON m.id = l.membership "
                          "JOIN therapy_group g ON g.id = m.group_id WHERE m.person = $1 ORDER BY l.made_us, l.id", id_);
    while (rows.next()) {
      bj::array visits;
      auto opened = tx_.query("SELECT made_us, until_us FROM link_visit WHERE link = $1 ORDER BY made_us", rows.text(0));
      while (opened.next()) visits.push_back({{"at", iso_text({opened.integer(0)})}, {"until", iso_text(opened.time(1))}});
      out.push_back({{"group", rows.text(1)}, {"made", iso_text(rows.time(2))}, {"until", iso_text(rows.time(3))}, {"withdrawn", time_or_null(rows, 4)},
                     {"wrongAnswers", rows.integer(5)}, {"forWhoeverComesWithYou", !rows.null(6)}, {"opened", std::move(visits)}});
    }
    return out;
  }

  bj::value places() {
    bj::array out;
    auto rows = tx_.query("SELECT t.id, t.given, t.place_sealed, t.said_us, e.local_date, e.local_time FROM today_place t LEFT JOIN session e ON e.id = t.session "
                          "WHERE t.person = $1 ORDER BY t.said_us", id_);
    while (rows.next())
      out.push_back({{"at", iso_text(rows.time(3))}, {"sessionDate", text_or_null(rows.maybe_text(4))}, {"sessionTime", text_or_null(rows.maybe_text(5))},
                     {"given", rows.flag(1)}, {"place", sealed_json(kPlace, rows.text(0), rows, 2)}});
    return out;
  }

  bj::value opened() {
    bj::array looks, glass, reasons;
    auto rows = tx_.query("SELECT a.at_us, a.actor_kind, s.name, a.action, a.data, a.reason FROM audit a LEFT JOIN staff s ON s.id = a.actor WHERE a.person = $1 ORDER BY a.number", id_);
    while (rows.next()) {
      const std::string kind = rows.text(1);
      looks.push_back({{"at", iso_text(base::WallTime{rows.integer(0)})}, {"by", kind == "staff" ? rows.maybe_text(2).value_or("Staff") : kind == "member" ? "You" : kind == "supporter" ? "Who comes with you" : "The service"},
                       {"action", rows.text(3)}, {"data", rows.text(4)}, {"reason", rows.text(5)}});
    }
    auto emergencies = tx_.query("SELECT s.name, b.reason, b.from_us, b.until_us FROM break_glass b JOIN staff s ON s.id = b.staff WHERE b.person = $1 ORDER BY b.from_us, b.id", id_);
    while (emergencies.next())
      glass.push_back({{"by", emergencies.text(0)}, {"reason", emergencies.text(1)}, {"from", iso_text(emergencies.time(2))}, {"until", iso_text(emergencies.time(3))}});
    auto notes = tx_.query("SELECT id, note_sealed, made_us FROM reason_note WHERE person = $1 ORDER BY made_us, id", id_);
    while (notes.next()) reasons.push_back({{"at", iso_text(notes.time(2))}, {"words", keys_.open(tx_, kReasonNote, notes.text(0), notes.bytes(1)).get()}});
    return bj::object{{"each", std::move(looks)}, {"inAnEmergency", std::move(glass)}, {"reasonsInWords", std::move(reasons)}};
  }

  bj::value keeping() {
    bj::array holds;
    auto rows = tx_.query("SELECT set_us, lifted_us, reason FROM legal_hold WHERE person = $1 ORDER BY set_us, id", id_);
    while (rows.next()) holds.push_back({{"from", iso_text(base::WallTime{rows.integer(0)})}, {"until", time_or_null(rows, 1)}, {"reason", rows.text(2)}});
    const auto goes = care::shown_to_go(tx_, care::Kept::people, id_.text);
    return bj::object{{"heldBack", std::move(holds)}, {"goesOn", goes ? bj::value(care::day_text(*goes)) : bj::value(nullptr)}};
  }

  store::Transaction& tx_;
  const store::KeyRing& keys_;
  const care::PersonId& id_;
  base::WallTime now_;
};

}  // namespace

std::optional<base::Redacted<std::string>> export_person(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& id, base::WallTime now) {
  if (!care::find_person(tx, id)) return std::nullopt;
  Copy copy(tx, keys, id, now);
  auto files = files_of(copy.areas(), copy.others(), copy.head());
  if (!tx.ok()) return std::nullopt;
  auto zip = zip_of(files, now);
  return zip ? std::optional(std::move(*zip)) : std::nullopt;
}

}  // namespace interop
