// SPDX-License-Identifier: Apache-2.0
// The outbox of message_table.h: writing a message, taking those whose time has come, and what became of them.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "interop/message_table.h"

namespace interop {
namespace {

constexpr store::Column kPayload{"message.payload"}, kLegal{"person.legal_name"}, kPreferred{"person.preferred_name"};

Values values_of(const Recipient& to, const ToWrite& what) {
  Values v{{"name", to.name.get()}, {"phone", to.phone}, {"code", what.code}};
  const auto put = [&](const std::optional<SessionToTell>& s, const char* day, const char* time) {
    const auto date = s ? care::parse_local_date(s->date) : std::nullopt;
    const auto clock = s ? care::parse_clock_time(s->time) : std::nullopt;
    if (!date || !clock) return;
    v[day] = day_words(*date, to.language);
    v[time] = time_words(*clock, to.language);
    if (s) v["minutes"] = std::to_string(s->minutes);
  };
  put(what.before, "old_day", "old_time");
  put(what.session, "day", "time");
  return v;
}

Payload payload_of(store::Transaction& tx, const Recipient& to, const ToWrite& what) {
  Recipient in = to;
  // Day and time stand in the language of the words, which is English where no Welsh is approved.
  const Words w = words_for(tx, to.team, what.kind, to.language);
  if (words_language(to.language) == "cy" && w == words_for(tx, to.team, what.kind, "en")) in.language = "en";
  const Values v = values_of(in, what);
  Payload p;
  p.to = to.to;
  p.name = to.name;
  p.subject = Text(filled(w.subject, v));
  p.text = Text(filled(w.body, v));
  p.sms = Text(filled(w.sms, v));
  p.link = what.link;
  p.hours = to.hours;
  p.zone = to.zone;
  return p;
}

void save_payload(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id, const Payload& p) {
  tx.run("UPDATE message SET payload_sealed = $2 WHERE id = $1", id, keys.seal(kPayload, id.text, Text(base::json::write(p))));
}

Payload open_payload(store::Transaction& tx, const store::KeyRing& keys, const std::string& id, base::Bytes sealed) {
  const auto text = keys.open(tx, kPayload, id, sealed);
  return base::json::read<Payload>(text.get(), base::json::Mode::tolerant, {.bytes = 256 * 1024, .depth = 8}).value_or(Payload{});
}

std::string stop_reason(store::Transaction& tx, const MessageId& id) {
  auto rows = tx.query("SELECT m.state FROM message x JOIN membership m ON m.id = x.membership WHERE x.id = $1", id);
  const std::string state = rows.next() ? rows.text(0) : "";
  return state == "completed" || state == "stopped" || state == "moved" ? "left-group" : "";
}

}  // namespace

std::string_view to_text(NotWritten n) {
  switch (n) {
    case NotWritten::no_channel: return "no-safe-way";
    case NotWritten::no_address: return "no-address";
    case NotWritten::names_somebody: return "names-somebody";
    case NotWritten::never_safe: return "never-safe";
  }
  return "";
}

std::string Payload::with_link(const Text& words, std::string_view address) const {
  if (link.get().empty()) return words.get();
  return filled(words.get(), {{"link", fmt::format("{}/mine#{}", address, link.get())}});
}

base::Result<MessageId, NotWritten> write_message(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Outgoing& out,
                                                  const Recipient& to, const ToWrite& what, base::WallTime now) {
  if (!to.channel) return std::unexpected(NotWritten::no_channel);
  if (to.to.get().empty()) return std::unexpected(NotWritten::no_address);
  Payload p = payload_of(tx, to, what);
  for (const Text* t : {&p.subject, &p.text, &p.sms})
    if (names_somebody(t->get(), to.names)) return std::unexpected(NotWritten::names_somebody);
  const auto zone = care::Zone::find(to.zone);
  const auto next = zone ? next_safe(to.hours, *zone, now) : std::nullopt;
  if (!next) return std::unexpected(NotWritten::never_safe);
  if (what.session && *to.channel == Channel::email) p.calendar = Text(entry_of(keys, to, *what.session, out, now));
  p.cancels = what.kind == Kind::cancelled;
  const auto id = base::new_id<MessageId>(entropy, now);
  const bool by_hand = *to.channel == Channel::letter || *to.channel == Channel::telephone;
  const std::string at = out.from.find('@') == std::string::npos ? "@quietroom.invalid" : out.from.substr(out.from.find('@'));
  tx.run("INSERT INTO message (id, version, membership, supporter, session, kind, channel, language, message_id, payload_sealed, state, next_us, "
         "lease_until_us, tries, failure, made_us, sent_us, staff) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, '', $12, NULL, $13)",
         id, to.membership, to.supporter.empty() ? std::nullopt : std::optional(to.supporter), what.session ? std::optional(what.session->id) : std::nullopt,
         base::json::name_of(what.kind), base::json::name_of(*to.channel), words_language(to.language), id.text + at,
         keys.seal(kPayload, id.text, Text(base::json::write(p))), by_hand ? "by_hand" : "queued", *next, now, what.staff);
  return id;
}

Words preview(store::Transaction& tx, const Recipient& to, const ToWrite& what) {
  const Payload p = payload_of(tx, to, what);
  const Values v{{"link", "…"}};
  return {filled(p.subject.get(), v), filled(p.text.get(), v), filled(p.sms.get(), v)};
}

std::vector<Leased> lease(store::Transaction& tx, const store::KeyRing& keys, base::WallTime now, std::int64_t most) {
  std::vector<Leased> found;
  {
    auto rows = tx.query("SELECT id, version, tries, channel, message_id, language, made_us, payload_sealed FROM message WHERE "
                         "(state = 'queued' AND next_us <= $1) OR (state = 'sending' AND lease_until_us <= $1) ORDER BY next_us LIMIT $2", now, most);
    while (rows.next())
      found.push_back({.id = rows.id<MessageId>(0), .version = rows.integer(1), .tries = rows.integer(2),
                       .channel = parse_named<Channel>(rows.text(3)).value_or(Channel::email), .message_id = rows.text(4), .language = rows.text(5),
                       .made = rows.time(6), .payload = open_payload(tx, keys, rows.text(0), rows.bytes(7))});
  }
  std::vector<Leased> taken;
  for (Leased& l : found) {
    const auto zone = care::Zone::find(l.payload.zone);
    const auto safe = zone ? next_safe(l.payload.hours, *zone, now) : std::nullopt;
    if (const auto reason = stop_reason(tx, l.id); !reason.empty() || !safe) {
      tx.run("UPDATE message SET state = 'withdrawn', failure = $3, version = version + 1 WHERE id = $1 AND version = $2", l.id, l.version,
             reason.empty() ? "never-safe" : reason);
    } else if (*safe > now) {  // the queue was long, and the safe hours are over
      tx.run("UPDATE message SET state = 'queued', next_us = $3, version = version + 1 WHERE id = $1 AND version = $2", l.id, l.version, *safe);
    } else if (tx.run("UPDATE message SET state = 'sending', lease_until_us = $3, tries = tries + 1, version = version + 1 WHERE id = $1 AND version = $2",
                      l.id, l.version, now.us + kLease.us) == 1) {
      ++l.version;
      ++l.tries;
      taken.push_back(std::move(l));
    }
  }
  return taken;
}

bool record(store::Transaction& tx, const store::KeyRing& keys, const Leased& m, const Sent& how, base::WallTime now) {
  const bool out_of_tries = how.how == Sent::How::temporary && m.tries >= kMostTries;
  if (how.how == Sent::How::temporary && !out_of_tries) {
    const auto zone = care::Zone::find(m.payload.zone);
    const base::WallTime later{now.us + pause_after(m.tries).us};
    const auto next = zone ? next_safe(m.payload.hours, *zone, later) : std::nullopt;
    return tx.run("UPDATE message SET state = 'queued', next_us = $3, failure = $4, version = version + 1 WHERE id = $1 AND version = $2", m.id, m.version,
                  next.value_or(later), how.code) == 1;
  }
  const bool good = how.how == Sent::How::sent || how.how == Sent::How::kept;
  const char* state = how.how == Sent::How::sent ? "sent" : how.how == Sent::How::kept ? "kept" : "failed";
  const auto sent = good ? std::optional(now) : std::nullopt;
  if (tx.run("UPDATE message SET state = $3, sent_us = $4, failure = $5, version = version + 1 WHERE id = $1 AND version = $2", m.id, m.version, state,
             sent, good ? std::string() : how.code) != 1)
    return false;
  if (how.how == Sent::How::sent) {  // only the receiver has the link from now on
    Payload p = m.payload;
    p.link = {};
    save_payload(tx, keys, m.id, p);
  }
  return true;
}

namespace {

constexpr std::string_view kRow =
    "SELECT x.id, x.version, x.membership, p.id, p.legal_name_sealed, p.preferred_name_sealed, x.supporter, x.kind, x.channel, x.language, x.state, "
    "x.failure, x.made_us, x.sent_us, x.next_us, x.tries FROM message x JOIN membership m ON m.id = x.membership JOIN person p ON p.id = m.person ";

MessageRow row_at(store::Transaction& tx, const store::KeyRing& keys, const store::Rows& rows) {
  const std::string person = rows.text(3);
  auto name = keys.open_maybe(tx, kPreferred, person, rows, 5);
  if (!name || name->get().empty()) name = keys.open(tx, kLegal, person, rows.bytes(4));
  MessageRow r{.id = rows.id<MessageId>(0), .version = rows.integer(1), .membership = rows.id<care::MembershipId>(2), .person = {std::move(name)},
               .supporter = !rows.null(6), .kind = parse_named<Kind>(rows.text(7)).value_or(Kind::invitation),
               .channel = parse_named<Channel>(rows.text(8)).value_or(Channel::email), .language = rows.text(9), .state = rows.text(10),
               .failure = rows.text(11), .madeAt = care::iso_text(rows.time(12)), .sentAt = {}, .nextAt = {}, .tries = rows.integer(15), .made = rows.time(12)};
  if (!rows.null(13)) r.sentAt.value = care::iso_text(rows.time(13));
  if (r.state == "queued") r.nextAt.value = care::iso_text(rows.time(14));
  return r;
}

constexpr std::string_view kRank = "CASE WHEN x.state = 'failed' THEN 0 WHEN x.state = 'by_hand' THEN 1 ELSE 2 END";

}  // namespace

std::string to_text(const MessagesAfter& a) { return fmt::format("{} {} {}", a.rank, a.made.us, a.id); }
MessagesAfter after(const MessageRow& row) { return {.rank = row.state == "failed" ? 0 : row.state == "by_hand" ? 1 : 2, .made = row.made, .id = row.id.text}; }
MessagesAfter parse_messages_after(std::string_view text) {
  MessagesAfter out;
  const char* const end = text.data() + text.size();
  const auto [rank_end, rank_error] = std::from_chars(text.data(), end, out.rank);
  if (rank_error != std::errc{} || rank_end == end) return {};
  const auto [made_end, made_error] = std::from_chars(rank_end + 1, end, out.made.us);
  if (made_error != std::errc{} || made_end == end) return {};
  out.id = std::string(made_end + 1, end);
  return out;
}

std::vector<MessageRow> messages_of(store::Transaction& tx, const store::KeyRing& keys, const care::GroupId& group, const MessagesAfter& after, std::int64_t limit) {
  std::vector<MessageRow> out;
  const std::string rank(kRank);
  auto rows = tx.query(std::string(kRow) + "WHERE m.group_id = $1 AND (" + rank + " > $2 OR (" + rank + " = $2 AND (x.made_us < $3 OR (x.made_us = $3 AND x.id > $4)))) "
                       "ORDER BY " + rank + ", x.made_us DESC, x.id LIMIT $5", group, after.rank, after.made, after.id, limit);
  while (rows.next()) out.push_back(row_at(tx, keys, rows));
  return out;
}

std::optional<Loaded> load_message(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id) {
  std::optional<Loaded> out;
  {
    auto rows = tx.query(std::string(kRow) + "WHERE x.id = $1", id);
    if (!rows.next()) return std::nullopt;
    out = Loaded{.row = row_at(tx, keys, rows), .supporter = care::SupporterId{rows.maybe_text(6).value_or("")}, .payload = {}};
  }
  auto sealed = tx.query("SELECT payload_sealed FROM message WHERE id = $1", id);
  if (sealed.next()) out->payload = open_payload(tx, keys, id.text, sealed.bytes(0));
  return out;
}

bool send_again(store::Transaction& tx, const Loaded& m, base::WallTime now) {
  return tx.run("UPDATE message SET state = 'queued', next_us = $3, tries = 0, failure = '', version = version + 1 WHERE id = $1 AND version = $2 AND "
                "state = 'failed'", m.row.id, m.row.version, now) == 1;
}

bool done_by_hand(store::Transaction& tx, const store::KeyRing& keys, const Loaded& m, base::WallTime now) {
  if (tx.run("UPDATE message SET state = 'sent', sent_us = $3, version = version + 1 WHERE id = $1 AND version = $2 AND state IN ('by_hand', 'kept', 'failed')",
             m.row.id, m.row.version, now) != 1)
    return false;
  Payload p = m.payload;
  p.link = {};
  save_payload(tx, keys, m.row.id, p);
  return true;
}

}  // namespace interop
