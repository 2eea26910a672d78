// SPDX-License-Identifier: Apache-2.0
// See message_table.h. Who is told, and the words; the outbox itself is in message_outbox_table.cpp.
#include "interop/message_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "interop/calendar.h"

namespace interop {
namespace {

using base::json::field;

constexpr store::Column kLegal{"person.legal_name"}, kPreferred{"person.preferred_name"}, kContacts{"person.contacts"}, kSafe{"person.safe_contact"},
    kPreferences{"person.preferences"}, kSupporterName{"supporter.name"}, kSupporterContacts{"supporter.contacts"};

// Of the JSON that a person's record keeps, what a message needs.
struct Reached {
  std::optional<std::string> email, mobile, telephone, postcode;
  std::optional<std::vector<std::string>> address;
  static constexpr auto fields() {
    return std::tuple{field("email", &Reached::email), field("mobile", &Reached::mobile), field("telephone", &Reached::telephone),
                      field("postcode", &Reached::postcode), field("address", &Reached::address)};
  }
};
struct Safe {
  base::json::Nullable<std::string> method;
  std::vector<Hours> hours;
  static constexpr auto fields() { return std::tuple{field("method", &Safe::method), field("hours", &Safe::hours)}; }
};
struct Spoken {
  std::optional<std::string> language;
  std::optional<base::json::Nullable<std::string>> format;
  static constexpr auto fields() { return std::tuple{field("language", &Spoken::language), field("format", &Spoken::format)}; }
};

template <class T>
T read_or_none(const std::optional<Text>& sealed) {
  if (!sealed) return {};
  return base::json::read<T>(sealed->get(), base::json::Mode::tolerant).value_or(T{});
}

std::string address_for(Channel channel, const Reached& r) {
  if (channel == Channel::email) return r.email.value_or("");
  if (channel == Channel::sms) return r.mobile.value_or("");
  // Another phone than the mobile is on record because they are called there.
  if (channel == Channel::telephone) return r.telephone.value_or("").empty() ? r.mobile.value_or("") : *r.telephone;
  std::string lines;
  for (const auto& line : r.address.value_or(std::vector<std::string>{})) lines += line + "\n";
  return lines.empty() ? "" : lines + r.postcode.value_or("");
}

void take_person(store::Transaction& tx, const store::KeyRing& keys, Recipient& to) {
  auto rows = tx.query("SELECT legal_name_sealed, preferred_name_sealed, contacts_sealed, safe_contact_sealed, preferences_sealed FROM person WHERE id = $1", to.person);
  if (!rows.next()) return;
  to.name = keys.open(tx, kLegal, to.person.text, rows.bytes(0));
  if (auto preferred = keys.open_maybe(tx, kPreferred, to.person.text, rows, 1); preferred && !preferred->get().empty()) to.name = *preferred;
  const auto safe = read_or_none<Safe>(keys.open_maybe(tx, kSafe, to.person.text, rows, 3));
  const auto spoken = read_or_none<Spoken>(keys.open_maybe(tx, kPreferences, to.person.text, rows, 4));
  to.language = spoken.language.value_or("");
  to.format = parse_named<Format>(spoken.format ? spoken.format->value.value_or("") : "").value_or(Format::standard);
  if (safe.method.value) to.channel = parse_named<Channel>(*safe.method.value);
  to.hours = safe.hours;
  if (to.channel) to.to = Text(address_for(*to.channel, read_or_none<Reached>(keys.open_maybe(tx, kContacts, to.person.text, rows, 2))));
}

// A supporter is reached as the team was told: by e-mail, else by text.
void take_supporter(store::Transaction& tx, const store::KeyRing& keys, Recipient& to, base::WallTime now) {
  auto rows = tx.query("SELECT name_sealed, contacts_sealed, until_us FROM supporter WHERE id = $1 AND membership = $2", to.supporter, to.membership);
  if (!rows.next()) return;
  to.name = keys.open(tx, kSupporterName, to.supporter.text, rows.bytes(0));
  const auto reached = read_or_none<Reached>(keys.open_maybe(tx, kSupporterContacts, to.supporter.text, rows, 1));
  to.channel = !reached.email.value_or("").empty() ? Channel::email : !reached.mobile.value_or("").empty() ? Channel::sms : Channel::telephone;
  to.to = Text(address_for(*to.channel, reached));
  if (const auto until = rows.maybe_time(2)) to.ended = to.ended || *until <= now;
}

// Everybody else who is or was in the group, by full and by preferred name.
void take_other_names(store::Transaction& tx, const store::KeyRing& keys, Recipient& to) {
  auto rows = tx.query("SELECT p.id, p.legal_name_sealed, p.preferred_name_sealed FROM membership m JOIN person p ON p.id = m.person "
                       "WHERE m.group_id = $1 AND m.person <> $2", to.group, to.person);
  while (rows.next()) {
    const std::string id = rows.text(0);
    to.names.push_back(keys.open(tx, kLegal, id, rows.bytes(1)).get());
    if (const auto preferred = keys.open_maybe(tx, kPreferred, id, rows, 2); preferred && !preferred->get().empty()) to.names.push_back(preferred->get());
  }
}

SessionToTell session_at(const store::Rows& rows) {
  return {.id = rows.id<care::SessionId>(0), .date = rows.text(1), .time = rows.text(2), .zone = rows.text(3), .minutes = rows.integer(4),
          .sequence = rows.integer(5), .cancelled = rows.text(6) == "cancelled", .starts = rows.time(7)};
}

}  // namespace

std::optional<Recipient> load_recipient(store::Transaction& tx, const store::KeyRing& keys, const care::MembershipId& membership,
                                        const care::SupporterId& supporter, base::WallTime now) {
  auto rows = tx.query("SELECT m.person, m.group_id, g.team, m.state, g.zone, r.zone, t.duty_number, r.duty_number, g.name, g.programme, v.name "
                       "FROM membership m JOIN therapy_group g ON g.id = m.group_id JOIN team t ON t.id = g.team "
                       "JOIN service v ON v.id = t.service JOIN trust r ON r.id = v.trust WHERE m.id = $1", membership);
  if (!rows.next()) return std::nullopt;
  const std::string state = rows.text(3);
  Recipient to{.membership = membership, .supporter = supporter, .person = rows.id<care::PersonId>(0), .group = rows.id<care::GroupId>(1),
               .team = rows.id<care::TeamId>(2), .ended = state == "completed" || state == "stopped" || state == "moved", .name = {},
               .channel = {}, .to = {}, .language = {}, .zone = rows.text(5), .group_zone = rows.text(4),
               .phone = rows.text(6).empty() ? rows.text(7) : rows.text(6), .hours = {}, .names = {rows.text(8), rows.text(9), rows.text(10)}};
  if (supporter.empty()) {
    take_person(tx, keys, to);
  } else {
    take_supporter(tx, keys, to, now);
  }
  take_other_names(tx, keys, to);
  return to;
}

std::optional<SessionToTell> next_session(store::Transaction& tx, const care::GroupId& group, base::WallTime now) {
  auto rows = tx.query("SELECT s.id, s.local_date, s.local_time, g.zone, s.minutes, s.sequence, s.state, s.starts_us FROM session s "
                       "JOIN therapy_group g ON g.id = s.group_id WHERE s.group_id = $1 AND s.state = 'planned' AND s.ends_us > $2 "
                       "ORDER BY s.starts_us LIMIT 1", group, now);
  return rows.next() ? std::optional(session_at(rows)) : std::nullopt;
}

std::string entry_uid(const store::KeyRing& keys, const care::MembershipId& membership, const care::SupporterId& supporter, const care::SessionId& session) {
  std::string out;
  for (const std::uint8_t b : keys.blind("calendar", membership.text + "|" + supporter.text + "|" + session.text)) out += fmt::format("{:02x}", b);
  return out;
}

Taking load_taking(store::Transaction& tx, const Recipient& to, const care::SessionId& session) {
  Taking t{.way = {}, .ways = {}, .held_on = {}, .venue = {}, .directions = {}, .by_phone = {}, .phone = to.phone, .supporter = !to.supporter.empty()};
  auto rows = tx.query("SELECT g.in_person, g.video, g.phone, s.held_on, s.venue, CASE WHEN s.venue = g.venue THEN g.directions ELSE '' END, a.planned, "
                       "g.phone_directions, j.address_sealed FROM session s JOIN therapy_group g ON g.id = s.group_id LEFT JOIN session_joining j ON j.session = s.id AND "
                       "EXISTS (SELECT 1 FROM membership m WHERE m.id = $2 AND m.state IN ('prepared', 'joined')) "
                       "LEFT JOIN attendance a ON a.session = s.id AND a.membership = $2 WHERE s.id = $1", session, to.membership);
  if (!rows.next()) return t;
  t.held_on = rows.text(3);
  t.join_address = !rows.null(8);
  t.ways = care::offered_ways(rows.flag(0), rows.flag(1), rows.flag(2), t.held_on);
  if (!t.supporter) t.way = care::said_way(rows.maybe_text(6).value_or(""), t.ways);
  const auto way = t.way ? t.way : t.ways.size() == 1 ? std::optional(t.ways.front()) : std::nullopt;
  const auto kept = [&](std::string text, care::Way told_to) {
    if (!names_somebody(text, to.names)) return text;
    t.left_out = t.left_out || (way == told_to && !t.supporter);
    return std::string();
  };
  t.venue = kept(rows.text(4), care::Way::in_person);
  t.directions = kept(rows.text(5), care::Way::in_person);
  t.by_phone = kept(rows.text(7), care::Way::phone);
  if (names_somebody(t.held_on, to.names)) t.held_on = care::kOwnSoftware;
  return t;
}

std::string entry_of(const store::KeyRing& keys, const Recipient& to, const SessionToTell& s, const Taking& taking, const Outgoing& out, base::WallTime now) {
  const bool welsh = words_language(to.language) == "cy";
  const bool comes = taking.way == care::Way::in_person || (!taking.way && taking.ways.size() == 1 && taking.ways.front() == care::Way::in_person);
  std::string description = how_words(taking, to.language);
  if (!s.cancelled) description += welsh ? "\n\nDefnyddiwch y ddolen yn y neges a anfonwyd atoch." : "\n\nUse the link in the message we sent you.";
  return calendar_text({.uid = entry_uid(keys, to.membership, to.supporter, s.id) + out.from.substr(std::min(out.from.find('@'), out.from.size())),
                        .sequence = s.sequence, .cancelled = s.cancelled, .zone = s.zone, .date = s.date, .time = s.time, .minutes = s.minutes,
                        .summary = welsh ? "Apwyntiad" : "Appointment", .description = s.cancelled ? std::string() : description,
                        .location = comes && !s.cancelled && !taking.supporter ? taking.venue : std::string(), .organizer = out.from, .stamped = now});
}

void note_told(store::Transaction& tx, const Recipient& to, const SessionToTell& named, const Outgoing& out, base::WallTime now) {
  const bool near = named.starts.us <= now.us + out.remind_before.us;
  tx.run("INSERT INTO message_told (membership, supporter, session, sequence, local_date, local_time, cancelled, reminded) "
         "SELECT $1, $2, s.id, s.sequence, s.local_date, s.local_time, 0, CASE WHEN s.id = $5 THEN 1 ELSE 0 END FROM session s WHERE s.group_id = $3 AND s.state = 'planned' "
         "AND s.ends_us > $4 AND NOT EXISTS (SELECT 1 FROM message_told t WHERE t.membership = $1 AND t.supporter = $2 AND t.session = s.id)",
         to.membership, to.supporter, to.group, now, near ? named.id.text : std::string());
}

namespace {

struct Told {
  care::MembershipId membership;
  care::SupporterId supporter;
  SessionToTell session, before;
  bool reminded = false, changed = false, unheard = false;  // changed: the plan is another than they were told; unheard: they were told none
};

constexpr std::string_view kTold =
    "SELECT s.id, s.local_date, s.local_time, g.zone, s.minutes, s.sequence, s.state, s.starts_us, t.membership, t.supporter, t.local_date, "
    "t.local_time, t.reminded, t.unheard FROM session s JOIN message_told t ON t.session = s.id JOIN therapy_group g ON g.id = s.group_id "
    "JOIN membership m ON m.id = t.membership WHERE t.cancelled = 0 AND s.ends_us > $1 AND m.state IN ('referred', 'waiting', 'prepared', 'joined') AND ";
constexpr std::int64_t kMostTold = 200;  // in one go

std::vector<Told> told_of(store::Rows rows) {
  std::vector<Told> all;
  while (rows.next()) {
    Told t{.membership = rows.id<care::MembershipId>(8), .supporter = care::SupporterId{rows.text(9)}, .session = session_at(rows),
           .before = session_at(rows), .reminded = rows.flag(12), .changed = false, .unheard = rows.flag(13)};
    t.before.date = rows.text(10);
    t.before.time = rows.text(11);
    all.push_back(std::move(t));
  }
  return all;
}

// What was planned after the joining instructions went out is told of like the rest.
void add_new_session(store::Transaction& tx, const std::string& session, base::WallTime now) {
  tx.run("INSERT INTO message_told (membership, supporter, session, sequence, local_date, local_time, cancelled, reminded, unheard) "
         "SELECT DISTINCT t.membership, t.supporter, s.id, s.sequence, s.local_date, s.local_time, 0, 0, 1 FROM session s "
         "JOIN membership m ON m.group_id = s.group_id JOIN message_told t ON t.membership = m.id WHERE s.id = $2 AND s.state = 'planned' AND s.starts_us > $1 "
         "AND m.state IN ('referred', 'waiting', 'prepared', 'joined') AND NOT EXISTS (SELECT 1 FROM message_told o "
         "WHERE o.membership = t.membership AND o.supporter = t.supporter AND o.session = s.id)", now, session);
}

// Of sessions that were planned, moved or cancelled since somebody looked (session.told_sequence), and of those that are near: never
// the whole table, which holds everybody and every session to come.
std::vector<Told> to_tell(store::Transaction& tx, const Outgoing& out, base::WallTime now) {
  tx.run("UPDATE session SET told_sequence = sequence WHERE told_sequence <> sequence AND ends_us <= $1", now);
  std::vector<std::pair<std::string, std::int64_t>> changed;
  {
    auto rows = tx.query("SELECT id, sequence FROM session WHERE told_sequence <> sequence ORDER BY id LIMIT $1", kMostTold);
    while (rows.next()) changed.emplace_back(rows.text(0), rows.integer(1));
  }
  std::vector<Told> all;
  for (const auto& [session, sequence] : changed) {
    if (std::cmp_greater_equal(all.size(), kMostTold)) break;
    add_new_session(tx, session, now);
    auto some = told_of(tx.query(std::string(kTold) + "s.id = $2 AND (s.state = 'cancelled' OR s.sequence <> t.sequence) ORDER BY t.membership, t.supporter", now, session));
    for (Told& t : some) t.changed = true;
    std::ranges::move(some, std::back_inserter(all));
    tx.run("UPDATE session SET told_sequence = $2 WHERE id = $1", session, sequence);
  }
  auto near = told_of(tx.query(std::string(kTold) + "s.starts_us > $1 AND s.starts_us <= $2 AND t.reminded = 0 AND s.state = 'planned' AND s.sequence = t.sequence "
                               "ORDER BY s.starts_us LIMIT $3", now, now.us + out.remind_before.us, kMostTold));
  std::ranges::move(near, std::back_inserter(all));
  return all;
}

// What waits to tell them of an earlier plan of this session goes out no more. What they knew before it, where it moved the session:
// the date that the next message starts from.
void replace_waiting(store::Transaction& tx, const Told& t, SessionToTell& known, base::WallTime now) {
  constexpr std::string_view kOfIt = "membership = $1 AND COALESCE(supporter, '') = $2 AND session = $3 AND kind IN ('reminder', 'moved', 'cancelled') AND ";
  constexpr std::string_view kWaits = "state IN ('queued', 'by_hand', 'failed')";
  constexpr std::string_view kCameBack = "(state = 'sent' AND done_us IS NULL AND delivery IN ('permanent-failure', 'temporary-failure', 'technical-failure'))";
  {
    auto rows = tx.query("SELECT known_date, known_time FROM message WHERE " + std::string(kOfIt) + "(" + std::string(kWaits) + " OR " + std::string(kCameBack) + ") AND kind = 'moved' AND known_date IS NOT NULL "
                         "ORDER BY made_us, id LIMIT 1", t.membership, t.supporter.text, t.session.id);
    if (rows.next()) {
      known.date = rows.text(0);
      known.time = rows.text(1);
    }
  }
  tx.run("UPDATE message SET state = 'withdrawn', failure = 'replaced', version = version + 1 WHERE " + std::string(kOfIt) + std::string(kWaits), t.membership,
         t.supporter.text, t.session.id);
  tx.run("UPDATE message SET done_us = $4, version = version + 1 WHERE " + std::string(kOfIt) + std::string(kCameBack), t.membership, t.supporter.text, t.session.id,
         now);
}

}  // namespace

std::int64_t tell_changes(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Outgoing& out, base::WallTime now) {
  std::int64_t written = 0;
  for (Told& t : to_tell(tx, out, now)) {
    if (t.changed) replace_waiting(tx, t, t.before, now);
    const bool moved = t.session.date != t.before.date || t.session.time != t.before.time;
    const bool near = (moved || !t.reminded) && t.session.starts > now && t.session.starts.us <= now.us + out.remind_before.us;
    const auto kind = t.session.cancelled ? std::optional(Kind::cancelled) : moved ? std::optional(Kind::moved) : near || t.changed ? std::optional(Kind::reminder) : std::nullopt;  // of another place or length: how it is now, with its entry
    if (const auto to = load_recipient(tx, keys, t.membership, t.supporter, now); kind && to && !to->ended) {
      SessionToTell named = t.session;
      if (t.session.cancelled) std::tie(named.date, named.time) = std::tie(t.before.date, t.before.time);  // the one that they know of
      const auto done = write_message(tx, keys, entropy, out, *to, {.kind = *kind, .session = named, .before = t.before, .link = {}, .code = {}, .staff = {},
                                      .kept_if_not = true, .needless_late = !t.changed && !t.unheard}, now);
      if (done) ++written;
    }
    // A move that is told so near the session is its reminder, too.
    tx.run("UPDATE message_told SET sequence = $4, local_date = $5, local_time = $6, cancelled = $7, reminded = $8, unheard = 0 WHERE membership = $1 AND "
           "supporter = $2 AND session = $3", t.membership, t.supporter, t.session.id, t.session.sequence, t.session.date, t.session.time,
           t.session.cancelled ? 1 : 0, near || (t.reminded && !moved) ? 1 : 0);
  }
  return written;
}

}  // namespace interop
