// SPDX-License-Identifier: Apache-2.0
// What staff see and do of messages (message_table.h): lists, one message, done by hand, tried again; following a person whose safe
// way has changed; what became of what was sent.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "care/group_reach_table.h"
#include "interop/message_payload_table.h"

namespace interop {
namespace {

constexpr store::Column kLegal{"person.legal_name"}, kPreferred{"person.preferred_name"};
constexpr std::string_view kRow =
    "SELECT x.id, x.version, x.membership, p.id, p.legal_name_sealed, p.preferred_name_sealed, x.supporter, x.kind, x.channel, x.language, x.state, "
    "x.failure, x.made_us, x.sent_us, x.next_us, x.tries, g.id, g.name, x.format, x.delivery, x.delivery_code, x.delivery_us, x.done_us, d.name, x.left_out "
    "FROM message x JOIN membership m ON m.id = x.membership JOIN person p ON p.id = m.person JOIN therapy_group g ON g.id = m.group_id "
    "LEFT JOIN staff d ON d.id = x.done_by ";
// Somebody must see to it: it was refused, or came back.
constexpr std::string_view kFailed =
    "(x.done_us IS NULL AND x.delivery <> 'delivered' AND (x.state = 'failed' OR x.delivery IN ('permanent-failure', 'temporary-failure', 'technical-failure')))";

base::json::Nullable<std::string> time_at(const store::Rows& rows, int column) {
  base::json::Nullable<std::string> out;
  if (!rows.null(column)) out.value = care::iso_text(rows.time(column));
  return out;
}

MessageRow row_at(store::Transaction& tx, const store::KeyRing& keys, const store::Rows& rows) {
  const std::string person = rows.text(3);
  auto name = keys.open_maybe(tx, kPreferred, person, rows, 5);
  if (!name || name->get().empty()) name = keys.open(tx, kLegal, person, rows.bytes(4));
  MessageRow r{.id = rows.id<MessageId>(0), .version = rows.integer(1), .membership = rows.id<care::MembershipId>(2),
               .group = {rows.id<care::GroupId>(16), rows.text(17)}, .person = {std::move(name)}, .supporter = !rows.null(6),
               .kind = parse_named<Kind>(rows.text(7)).value_or(Kind::invitation), .channel = parse_named<Channel>(rows.text(8)).value_or(Channel::email),
               .language = rows.text(9), .state = rows.text(10), .failure = rows.text(11), .madeAt = care::iso_text(rows.time(12)),
               .sentAt = time_at(rows, 13), .nextAt = {}, .tries = rows.integer(15), .format = parse_named<Format>(rows.text(18)).value_or(Format::standard),
               .delivery = parse_named<Delivery>(rows.text(19)).value_or(Delivery::none), .deliveryCode = rows.text(20), .deliveryAt = time_at(rows, 21),
               .doneAt = time_at(rows, 22), .doneBy = {}, .leftOut = rows.flag(24), .made = rows.time(12), .done = rows.maybe_time(22).value_or(base::WallTime{}), .whose = care::PersonId{person}};
  if (r.state == "queued") r.nextAt = time_at(rows, 14);
  if (!rows.null(23)) r.doneBy.value = rows.text(23);
  return r;
}

}  // namespace

namespace {

bool needs_somebody(const MessageRow& row) {
  return !row.doneAt.value && row.delivery != Delivery::delivered && (row.state == "failed" || failed(row.delivery));
}

}  // namespace

std::string to_text(const MessagesAfter& a) { return fmt::format("{} {} {}", a.rank, a.made.us, a.id); }
MessagesAfter after(const MessageRow& row) {
  return {.rank = needs_somebody(row) ? 0 : row.state == "by_hand" ? 1 : 2, .made = row.made, .id = row.id.text};
}
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

std::vector<MessageRow> messages_of(store::Transaction& tx, const store::KeyRing& keys, const care::GroupId& group,
                                    const std::optional<care::MembershipId>& membership, const MessagesAfter& after, std::int64_t limit) {
  std::vector<MessageRow> out;
  const std::string rank = "CASE WHEN " + std::string(kFailed) + " THEN 0 WHEN x.state = 'by_hand' THEN 1 ELSE 2 END";
  auto rows = tx.query(std::string(kRow) + "WHERE m.group_id = $1 AND ($6 = '' OR m.id = $6) AND (" + rank + " > $2 OR (" + rank + " = $2 AND (x.made_us < $3 OR (x.made_us = $3 AND "
                       "x.id > $4)))) ORDER BY " + rank + ", x.made_us DESC, x.id LIMIT $5", group, after.rank, after.made, after.id, limit, membership ? membership->text : std::string());
  while (rows.next()) out.push_back(row_at(tx, keys, rows));
  return out;
}

std::vector<MessageRow> messages_to_do(store::Transaction& tx, const store::KeyRing& keys, const care::Actor& actor,
                                       const std::optional<base::WallTime>& done_since, const MessagesAfter& after, std::int64_t limit) {
  std::vector<MessageRow> out;
  const auto reach = care::group_reach(actor, care::Data::membership, care::Access::read);
  if (reach.nothing()) return out;
  const std::string which =
      done_since ? "x.done_us >= $4 AND (x.done_us < $2 OR (x.done_us = $2 AND x.id > $3)) ORDER BY x.done_us DESC, x.id"
                 : "x.done_us IS NULL AND x.made_us >= $4 AND (x.made_us > $2 OR (x.made_us = $2 AND x.id > $3)) AND x.state <> 'withdrawn' AND "
                   "(x.state = 'by_hand' OR x.format IN ('braille', 'audio') OR " + std::string(kFailed) + ") ORDER BY x.made_us, x.id";
  const base::WallTime begins = after.rank < 0 && done_since ? base::WallTime{std::numeric_limits<std::int64_t>::max()} : after.made;
  auto rows = care::query_in_reach(tx, std::string(kRow) + "WHERE {reach} AND " + which + " LIMIT $1", "m.group_id", reach, limit, begins, after.id,
                                   done_since.value_or(base::WallTime{0}));
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
  // What was handed over has lost its link or code: only a new message can carry another.
  const auto holds = [&](std::string_view what) {
    return m.payload.text.get().find(what) != std::string::npos || m.payload.sms.get().find(what) != std::string::npos;
  };
  if ((holds("{link}") && m.payload.link.get().empty()) || (holds("{code}") && !m.payload.code)) return false;
  return tx.run("UPDATE message SET state = 'queued', next_us = $3, tries = 0, failure = '', delivery = '', delivery_code = '', delivery_us = NULL, "
                "version = version + 1 WHERE id = $1 AND version = $2 AND done_us IS NULL AND (state = 'failed' OR (state = 'sent' AND delivery IN "
                "('permanent-failure', 'temporary-failure', 'technical-failure')))", m.row.id, m.row.version, now) == 1;
}

bool done_by_hand(store::Transaction& tx, const store::KeyRing& keys, const Loaded& m, const care::StaffId& staff, base::WallTime now) {
  if (tx.run("UPDATE message SET state = CASE WHEN state IN ('by_hand', 'kept', 'failed') THEN 'sent' ELSE state END, sent_us = COALESCE(sent_us, $3), "
             "done_us = $3, done_by = $4, version = version + 1 WHERE id = $1 AND version = $2 AND done_us IS NULL AND (state IN ('by_hand', 'kept', 'failed') "
             "OR (state = 'sent' AND (format IN ('braille', 'audio') OR delivery IN ('permanent-failure', 'temporary-failure', 'technical-failure'))))",
             m.row.id, m.row.version, now, staff) != 1)
    return false;
  forget_secrets(tx, keys, m.row.id, m.payload);
  return true;
}

bool follow_person(store::Transaction& tx, const store::KeyRing& keys, const Waiting& w, base::WallTime now) {
  if (w.kind == Kind::contact_check) return false;
  const auto to = load_recipient(tx, keys, w.membership, w.supporter, now);
  if (!to || to->ended) return false;  // the outbox says why it stops
  if (to->channel == w.channel && to->to.get() == w.payload.to.get() && to->hours == w.payload.hours) return false;
  const auto zone = care::Zone::find(to->zone);
  const auto next = zone ? next_safe(to->hours, *zone, now) : std::nullopt;
  if (!to->channel || to->to.get().empty() || !next) {
    const char* why = !next ? "never-safe" : !to->channel ? "no-safe-way" : "no-address";
    tx.run("UPDATE message SET state = 'failed', failure = $3, version = version + 1 WHERE id = $1 AND version = $2", w.id, w.version, why);
    return true;
  }
  Payload p = w.payload;
  p.to = to->to;
  p.hours = to->hours;
  if (*to->channel != Channel::email) p.calendar = {};
  const bool by_hand = *to->channel == Channel::letter || *to->channel == Channel::telephone;
  if (tx.run("UPDATE message SET channel = $3, state = $4, next_us = $5, version = version + 1 WHERE id = $1 AND version = $2", w.id, w.version,
             base::json::name_of(*to->channel), by_hand ? "by_hand" : "queued", *next) == 1)
    save_payload(tx, keys, w.id, p);
  return true;
}

void readdress(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& person, base::WallTime now) {
  std::vector<Waiting> all;
  {
    auto rows = tx.query("SELECT x.id, x.version, x.membership, x.kind, x.channel, x.payload_sealed FROM message x JOIN membership m ON m.id = x.membership "
                         "WHERE m.person = $1 AND x.supporter IS NULL AND x.state IN ('queued', 'by_hand')", person);
    while (rows.next())
      all.push_back({rows.id<MessageId>(0), rows.integer(1), rows.id<care::MembershipId>(2), {}, parse_named<Kind>(rows.text(3)).value_or(Kind::invitation),
                     parse_named<Channel>(rows.text(4)).value_or(Channel::email), open_payload(tx, keys, rows.text(0), rows.bytes(5))});
  }
  for (const Waiting& w : all) (void)follow_person(tx, keys, w, now);
}

namespace {
void withdraw_waiting(store::Transaction& tx, const care::MembershipId& membership, const care::SupporterId& supporter, std::string_view why) {
  tx.run("UPDATE message SET state = 'withdrawn', failure = $3, version = version + 1 WHERE membership = $1 AND COALESCE(supporter, '') = $2 AND "
         "kind = 'invitation' AND state IN ('queued', 'by_hand', 'failed')", membership, supporter, why);
}
}  // namespace

void withdraw_invitations(store::Transaction& tx, const care::MembershipId& membership, const care::SupporterId& supporter) {
  withdraw_waiting(tx, membership, supporter, "link-taken-back");
}

void replace_invitations(store::Transaction& tx, const Recipient& to, const care::StaffId& staff, base::WallTime now) {
  withdraw_waiting(tx, to.membership, to.supporter, "replaced");
  tx.run("UPDATE message SET done_us = $3, done_by = $4, version = version + 1 WHERE membership = $1 AND COALESCE(supporter, '') = $2 AND kind = 'invitation' "
         "AND state = 'sent' AND done_us IS NULL AND delivery IN ('permanent-failure', 'temporary-failure', 'technical-failure')", to.membership, to.supporter,
         now, staff);
}

void withdraw_message(store::Transaction& tx, const MessageId& id, std::string_view why) {
  tx.run("UPDATE message SET state = 'withdrawn', failure = $2, version = version + 1 WHERE id = $1 AND state IN ('queued', 'by_hand', 'failed')", id, why);
}

bool note_delivery(store::Transaction& tx, std::string_view message_id, Delivery outcome, std::string_view code, base::WallTime now) {
  // Neither state nor version: whoever sends it may not have written down yet that it did.
  return tx.run("UPDATE message SET delivery = $2, delivery_code = $3, delivery_us = $4 WHERE message_id = $1 AND delivery <> 'delivered' AND delivery <> $2",
                message_id, base::json::name_of(outcome), code, now) == 1;
}

}  // namespace interop
