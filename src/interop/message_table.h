// SPDX-License-Identifier: Apache-2.0
// The tables message and message_told: the outbox, what each person was last told of a session, what staff do by hand, and what
// became of what was sent. Writing a message belongs into the transaction of what causes it. Not here: rules (message.h), the teams'
// own words (message_words_table.h), sending (app/). Invariant: message_id is given once, so every repeat bears the same; a
// link's secret and a code stand sealed in a message until it has been sent, then they are taken out; what has not gone out follows
// a person's safe way when that changes, but for a contact check, which is for the old one. One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/result.h"
#include "care/access.h"
#include "care/membership_table.h"
#include "interop/message.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace interop {

using MessageId = base::RecordId<struct MessageTag>;
using Text = base::Redacted<std::string>;

// What the installation says of itself.
struct Outgoing {
  std::string address;                     // of the pages, without a slash at the end: "https://groups.example.org"
  std::string from, from_name;             // of e-mail; its part after the @ ends each Message-ID
  std::string bounces{};                   // envelope sender of e-mail, "bounces@example.org"; empty: `from`
  std::vector<std::string> return_address{};  // of letters: lines
  base::Duration remind_before = base::Duration::seconds(std::int64_t{24} * 3'600);  // 0: no reminders
};

struct Recipient {
  care::MembershipId membership;
  care::SupporterId supporter;
  care::PersonId person;
  care::GroupId group;
  care::TeamId team;
  bool ended = false;
  Text name;                             // what they are called
  std::optional<Channel> channel;        // nothing: not asked yet, or "none"
  Text to;                               // address, number or address lines; empty: not on record
  std::string language, zone, group_zone, phone;
  Format format = Format::standard;
  std::vector<Hours> hours;
  std::vector<std::string> names;        // that no message to them may hold
  [[nodiscard]] care::Where where() const { return {.teams = {team}, .groups = {group}, .person = person, .staff = {}}; }
};
[[nodiscard]] std::optional<Recipient> load_recipient(store::Transaction& tx, const store::KeyRing& keys, const care::MembershipId& membership,
                                                      const care::SupporterId& supporter, base::WallTime now);

struct SessionToTell {
  care::SessionId id;
  std::string date, time, zone;
  std::int64_t minutes = 0, sequence = 0;
  bool cancelled = false;
  base::WallTime starts;
};
[[nodiscard]] std::optional<SessionToTell> next_session(store::Transaction& tx, const care::GroupId& group, base::WallTime now);
// How they take part in it. What would name the group, the service or somebody is left out.
[[nodiscard]] Taking load_taking(store::Transaction& tx, const Recipient& to, const care::SessionId& session);
// The calendar entry of one person and session.
[[nodiscard]] std::string entry_of(const store::KeyRing& keys, const Recipient& to, const SessionToTell& session, const Taking& taking,
                                   const Outgoing& out, base::WallTime now);
// Its UID, from which neither can be told.
[[nodiscard]] std::string entry_uid(const store::KeyRing& keys, const care::MembershipId& membership, const care::SupporterId& supporter, const care::SessionId& session);

struct ToWrite {
  Kind kind = Kind::invitation;
  std::optional<SessionToTell> session, before;  // before: as they were told
  Text link;                                     // the secret; empty: none
  std::string code;                              // of a contact check
  std::optional<care::StaffId> staff;
  bool kept_if_not = false;  // nobody waits for the answer: what cannot be written is kept as failed, for staff to see
  bool needless_late = false;  // they know all of it already: where it cannot come in time, nobody needs to be told
};
// too_late: the next safe hours come when the session that it tells of has begun.
enum class NotWritten : std::uint8_t { no_channel, no_address, names_somebody, never_safe, too_late };
[[nodiscard]] std::string_view to_text(NotWritten);
[[nodiscard]] base::Result<MessageId, NotWritten> write_message(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy,
                                                                const Outgoing& out, const Recipient& to, const ToWrite& what, base::WallTime now);
// What it would say: subject and text, with "…" for the link.
[[nodiscard]] Words preview(store::Transaction& tx, const Recipient& to, const ToWrite& what);
// From now on they are told of changes of every session to come; and no reminder follows on the heels of a message that named one so near.
void note_told(store::Transaction& tx, const Recipient& to, const SessionToTell& named, const Outgoing& out, base::WallTime now);

// Messages that follow from a session moved, cancelled or near, and what is newly planned; how many were written.
std::int64_t tell_changes(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const Outgoing& out, base::WallTime now);

struct Payload {
  Text to, name, subject, text, sms, link, calendar;  // text and sms with {link} and {code} still in them
  std::optional<Text> code;
  std::optional<Format> format;  // not said: standard
  bool cancels = false;
  std::vector<Hours> hours;
  std::string zone;
  static constexpr auto fields() {
    using base::json::field;
    using P = Payload;
    return std::tuple{field("to", &P::to), field("name", &P::name), field("subject", &P::subject), field("text", &P::text), field("sms", &P::sms),
                      field("link", &P::link), field("code", &P::code), field("calendar", &P::calendar), field("cancels", &P::cancels),
                      field("format", &P::format), field("hours", &P::hours), field("zone", &P::zone)};
  }
  [[nodiscard]] std::string with_secrets(const Text& words, std::string_view address) const;
};
struct Leased {
  MessageId id;
  std::int64_t version = 0, tries = 0;
  Channel channel = Channel::email;
  std::string message_id, language;
  base::WallTime made;
  Payload payload;
};
// Those whose time has come, or that somebody took and did not report on in time. Others cannot take them until the lease ends.
[[nodiscard]] std::vector<Leased> lease(store::Transaction& tx, const store::KeyRing& keys, base::WallTime now, std::int64_t most);
// False: another has it since.
bool record(store::Transaction& tx, const store::KeyRing& keys, const Leased& message, const Sent& how, base::WallTime now);

// What somebody later said of a message that was handed over.
enum class Delivery : std::uint8_t { none, delivered, permanent_failure, temporary_failure, technical_failure };
constexpr auto json_names(Delivery) {
  using enum Delivery;
  return std::array<base::json::Names<Delivery>, 5>{{{none, ""}, {delivered, "delivered"}, {permanent_failure, "permanent-failure"},
                                                     {temporary_failure, "temporary-failure"}, {technical_failure, "technical-failure"}}};
}
[[nodiscard]] constexpr bool failed(Delivery d) { return d != Delivery::none && d != Delivery::delivered; }

struct MessageRow {
  MessageId id;
  std::int64_t version = 0;
  care::MembershipId membership;
  care::GroupRef group;
  base::json::Nullable<Text> person;  // whose; null where the actor may not know
  bool supporter = false;
  Kind kind = Kind::invitation;
  Channel channel = Channel::email;
  std::string language, state, failure, madeAt;
  base::json::Nullable<std::string> sentAt, nextAt;
  std::int64_t tries = 0;
  Format format = Format::standard;
  Delivery delivery = Delivery::none;
  std::string deliveryCode;  // "notify", "dsn-5.1.1"
  base::json::Nullable<std::string> deliveryAt, doneAt, doneBy;
  bool leftOut = false;  // where to come to, or what to ring, stands not in it: it would name the group or somebody
  base::WallTime made, done;  // not shown: where the next page begins
  care::PersonId whose;       // not shown: for the audit trail
  static constexpr auto fields() {
    using base::json::field;
    using R = MessageRow;
    return std::tuple{field("id", &R::id), field("version", &R::version), field("membership", &R::membership), field("group", &R::group), field("person", &R::person),
                      field("supporter", &R::supporter), field("kind", &R::kind), field("channel", &R::channel), field("language", &R::language),
                      field("state", &R::state), field("failure", &R::failure), field("madeAt", &R::madeAt), field("sentAt", &R::sentAt),
                      field("nextAt", &R::nextAt), field("tries", &R::tries), field("format", &R::format), field("delivery", &R::delivery),
                      field("deliveryCode", &R::deliveryCode), field("deliveryAt", &R::deliveryAt), field("doneAt", &R::doneAt), field("doneBy", &R::doneBy),
                      field("leftOut", &R::leftOut)};
  }
};
// Where a page of a list of messages begins: after this row.
struct MessagesAfter {
  std::int64_t rank = -1;  // of its state
  base::WallTime made;
  std::string id;
};
[[nodiscard]] std::string to_text(const MessagesAfter&);
[[nodiscard]] MessagesAfter after(const MessageRow& row);
[[nodiscard]] MessagesAfter parse_messages_after(std::string_view text);  // from the beginning where it is empty
// Of one membership (and who comes along with them), or of the whole group. Failed ones first, then what is to be done by hand, then the
// latest.
[[nodiscard]] std::vector<MessageRow> messages_of(store::Transaction& tx, const store::KeyRing& keys, const care::GroupId& group,
                                                  const std::optional<care::MembershipId>& membership, const MessagesAfter& after, std::int64_t limit);
// What the actor's teams and groups still do by hand: letters, calls, what did not arrive, Braille and audio; the oldest first. Or, with
// `done_since`, what was done since then, the latest first.
[[nodiscard]] std::vector<MessageRow> messages_to_do(store::Transaction& tx, const store::KeyRing& keys, const care::Actor& actor,
                                                     const std::optional<base::WallTime>& done_since, const MessagesAfter& after, std::int64_t limit);
struct Loaded {
  MessageRow row;
  care::SupporterId supporter;
  Payload payload;
};
[[nodiscard]] std::optional<Loaded> load_message(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id);
// One that failed or came back is tried again, where its link or code has not been taken out; what staff see to is done.
[[nodiscard]] bool send_again(store::Transaction& tx, const Loaded& message, base::WallTime now);
[[nodiscard]] bool done_by_hand(store::Transaction& tx, const store::KeyRing& keys, const Loaded& message, const care::StaffId& staff, base::WallTime now);
// What has not gone out to the person yet goes by their safe way of now; what has none any more is withdrawn. Contact checks stay.
void readdress(store::Transaction& tx, const store::KeyRing& keys, const care::PersonId& person, base::WallTime now);
// An earlier invitation's link is dead once there is another: what has not gone out is withdrawn, what did not arrive is seen to.
void replace_invitations(store::Transaction& tx, const Recipient& to, const care::StaffId& staff, base::WallTime now);
// A link that was taken back opens nothing: no invitation that has not gone out may carry it any more.
void withdraw_invitations(store::Transaction& tx, const care::MembershipId& membership, const care::SupporterId& supporter);
// A message that is no longer wanted and has not gone out.
void withdraw_message(store::Transaction& tx, const MessageId& id, std::string_view why);

// Says of the message what became of it; false where there is none, or it said so already. "Delivered" wins over a failure, whichever comes first: a
// doubtful message that was repeated is reported on twice.
bool note_delivery(store::Transaction& tx, std::string_view message_id, Delivery outcome, std::string_view code, base::WallTime now);

}  // namespace interop
