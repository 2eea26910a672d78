// SPDX-License-Identifier: Apache-2.0
// The outbox of message_table.h: writing a message, taking those whose time has come, and what became of them.
#include <fmt/format.h>

#include <algorithm>

#include "interop/message_payload_table.h"
#include "interop/message_words_table.h"

namespace interop {
namespace {

constexpr store::Column kPayload{"message.payload"};

Values values_of(const Recipient& to, const ToWrite& what, const std::optional<Taking>& taking) {
  Values v{{"name", to.name.get()}, {"phone", to.phone}};
  if (taking) v["how"] = how_words(*taking, to.language);
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

struct Filled {
  Payload payload;
  std::string language;
  bool names_somebody = false;  // in the words that staff wrote; places come without names from load_taking()
  bool left_out = false;        // Taking::left_out, where the message says how
};
Filled filled_for(store::Transaction& tx, const Recipient& to, const ToWrite& what) {
  Recipient in = to;
  const bool easy = to.format == Format::easy_read;
  // Day and time stand in the language of the words, which is English where no Welsh is approved.
  const auto [words, language, own] = words_for(tx, to.team, what.kind, to.language, easy ? Form::easy_read : Form::standard);
  in.language = language;
  const auto taking = what.session ? std::optional(load_taking(tx, in, what.session->id)) : std::nullopt;
  const Values v = values_of(in, what, taking);
  const bool left_out = taking && taking->left_out && (words.body + words.sms).find("{how}") != std::string::npos;
  const std::string text = filled(words.body, v);
  Payload p;
  p.to = to.to;
  p.name = to.name;
  p.subject = Text(filled(words.subject, v));
  p.text = Text(easy ? one_sentence_a_line(text) : text);
  p.sms = Text(filled(words.sms, v));
  p.link = what.link;
  if (!what.code.empty()) p.code = Text(what.code);
  p.format = to.format;
  p.hours = to.hours;
  p.zone = to.zone;
  // Not in what is filled in: their own name is somebody else's too, and "Will" and "May" are words and months.
  return {std::move(p), language, own && names_somebody(words.subject + "\n" + words.body + "\n" + words.sms, to.names), left_out};
}

// An invitation has the link in it: it is of use whenever it comes.
bool tells_of_one(Kind k) { return k == Kind::reminder || k == Kind::moved || k == Kind::cancelled; }

struct Stop {
  std::string_view why;          // empty: it goes on
  bool somebody_must_know = false;  // what it told did not reach them
};
Stop stop_of(store::Transaction& tx, const MessageId& id, base::WallTime now) {
  auto rows = tx.query("SELECT m.state, x.needless, x.useful_until_us FROM message x JOIN membership m ON m.id = x.membership WHERE x.id = $1", id);
  if (!rows.next()) return {};
  const std::string state = rows.text(0);
  if (state == "completed" || state == "stopped" || state == "moved") return {.why = "left-group"};
  if (const auto until = rows.maybe_time(2); until && *until <= now) return {.why = "too-late", .somebody_must_know = !rows.flag(1)};
  return {};
}

// What tells of one session is of use until it begins; and until the time that they still believe in, where that is to come, since they
// would set out for it.
std::optional<base::WallTime> useful_until(const ToWrite& what, base::WallTime now) {
  if (!what.session || !tells_of_one(what.kind)) return std::nullopt;
  base::WallTime until = what.session->starts;
  const auto zone = care::Zone::find(what.session->zone);
  const auto date = what.before ? care::parse_local_date(what.before->date) : std::nullopt;
  const auto time = what.before ? care::parse_clock_time(what.before->time) : std::nullopt;
  if (zone && date && time)
    if (const base::WallTime believed = zone->place(*date, *time).at; believed > now) until = std::min(until, believed);
  return until;
}

}  // namespace

std::string_view to_text(NotWritten n) {
  switch (n) {
    case NotWritten::no_channel: return "no-safe-way";
    case NotWritten::no_address: return "no-address";
    case NotWritten::names_somebody: return "names-somebody";
    case NotWritten::never_safe: return "never-safe";
    case NotWritten::too_late: return "too-late";
  }
  return "";
}

std::string Payload::with_secrets(const Text& words, std::string_view address) const {
  Values v;
  if (!link.get().empty()) v["link"] = fmt::format("{}/mine#{}", address, link.get());
  if (code) v["code"] = code->get();
  return filled(words.get(), v);
}

void save_payload(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id, const Payload& p) {
  tx.run("UPDATE message SET payload_sealed = $2 WHERE id = $1", id, keys.seal(kPayload, id.text, Text(base::json::write(p))));
}

Payload open_payload(store::Transaction& tx, const store::KeyRing& keys, const std::string& id, base::Bytes sealed) {
  const auto text = keys.open(tx, kPayload, id, sealed);
  return base::json::read<Payload>(text.get(), base::json::Mode::tolerant, {.bytes = 256 * 1024, .depth = 8}).value_or(Payload{});
}

void forget_secrets(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id, Payload p) {
  p.link = {};
  p.code = {};
  save_payload(tx, keys, id, p);
}

base::Result<MessageId, NotWritten> write_message(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Outgoing& out,
                                                  const Recipient& to, const ToWrite& what, base::WallTime now) {
  auto [p, language, named, left_out] = filled_for(tx, to, what);
  const auto zone = care::Zone::find(to.zone);
  const auto next = zone ? next_safe(to.hours, *zone, now) : std::nullopt;
  const auto until = useful_until(what, now);
  const auto why_not = !to.channel ? std::optional(NotWritten::no_channel) : to.to.get().empty() ? std::optional(NotWritten::no_address) :
                       named ? std::optional(NotWritten::names_somebody) : !next ? std::optional(NotWritten::never_safe) :
                       until && *next >= *until ? std::optional(NotWritten::too_late) : std::nullopt;
  if (why_not && (!what.kept_if_not || (what.needless_late && why_not == NotWritten::too_late))) return std::unexpected(*why_not);
  // Where it cannot go by itself it stands among those that did not arrive, and staff ring.
  const Channel channel = to.channel.value_or(Channel::telephone);
  if (what.session && channel == Channel::email) {
    Recipient in = to;
    in.language = language;  // as the message: Welsh that nobody has approved goes out in no part of it
    p.calendar = Text(entry_of(keys, in, *what.session, load_taking(tx, in, what.session->id), out, now));
  }
  p.cancels = what.kind == Kind::cancelled;
  const auto id = base::new_id<MessageId>(entropy, now);
  const bool by_hand = channel == Channel::letter || channel == Channel::telephone;
  const std::string at = out.from.find('@') == std::string::npos ? "@quietroom.invalid" : out.from.substr(out.from.find('@'));
  tx.run("INSERT INTO message (id, version, membership, supporter, session, kind, channel, language, message_id, payload_sealed, state, next_us, "
         "lease_until_us, tries, failure, made_us, sent_us, staff, format, known_date, known_time, left_out, useful_until_us, needless) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $15, "
         "$12, NULL, $13, $14, $16, $17, $18, $19, $20)",
         id, to.membership, to.supporter.empty() ? std::nullopt : std::optional(to.supporter), what.session ? std::optional(what.session->id) : std::nullopt,
         base::json::name_of(what.kind), base::json::name_of(channel), language, id.text + at,
         keys.seal(kPayload, id.text, Text(base::json::write(p))), why_not ? "failed" : by_hand ? "by_hand" : "queued", next.value_or(now), now, what.staff,
         base::json::name_of(to.format), why_not ? std::string(to_text(*why_not)) : std::string(),
         what.before ? std::optional(what.before->date) : std::nullopt, what.before ? std::optional(what.before->time) : std::nullopt, left_out,
         until, what.needless_late);
  return id;
}

Words preview(store::Transaction& tx, const Recipient& to, const ToWrite& what) {
  const Payload p = filled_for(tx, to, what).payload;
  const Values v{{"link", "…"}, {"code", "…"}};
  return {filled(p.subject.get(), v), filled(p.text.get(), v), filled(p.sms.get(), v)};
}

std::vector<Leased> lease(store::Transaction& tx, const store::KeyRing& keys, base::WallTime now, std::int64_t most) {
  std::vector<Leased> found;
  std::vector<Waiting> waiting;
  {
    auto rows = tx.query("SELECT id, version, tries, channel, message_id, language, made_us, payload_sealed, membership, supporter, kind FROM message WHERE "
                         "(state = 'queued' AND next_us <= $1) OR (state = 'sending' AND lease_until_us <= $1) ORDER BY next_us LIMIT $2", now, most);
    while (rows.next()) {
      found.push_back({.id = rows.id<MessageId>(0), .version = rows.integer(1), .tries = rows.integer(2),
                       .channel = parse_named<Channel>(rows.text(3)).value_or(Channel::email), .message_id = rows.text(4), .language = rows.text(5),
                       .made = rows.time(6), .payload = open_payload(tx, keys, rows.text(0), rows.bytes(7))});
      const Leased& l = found.back();
      waiting.push_back({l.id, l.version, rows.id<care::MembershipId>(8), care::SupporterId{rows.maybe_text(9).value_or("")},
                         parse_named<Kind>(rows.text(10)).value_or(Kind::invitation), l.channel, l.payload});
    }
  }
  std::vector<Leased> taken;
  for (std::size_t i = 0; i < found.size(); ++i) {
    Leased& l = found[i];
    if (follow_person(tx, keys, waiting[i], now)) continue;  // it goes by another way now; the next look finds it there
    const auto zone = care::Zone::find(l.payload.zone);
    const auto safe = zone ? next_safe(l.payload.hours, *zone, now) : std::nullopt;
    if (const Stop stop = stop_of(tx, l.id, safe ? std::max(*safe, now) : now); !stop.why.empty() || !safe) {
      tx.run("UPDATE message SET state = $4, failure = $3, version = version + 1 WHERE id = $1 AND version = $2", l.id, l.version,
             stop.why.empty() ? "never-safe" : stop.why, stop.somebody_must_know ? "failed" : "withdrawn");
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
  if (how.how == Sent::How::sent) forget_secrets(tx, keys, m.id, m.payload);  // only the receiver has them from now on
  return true;
}

}  // namespace interop
