// SPDX-License-Identifier: Apache-2.0
// See message_routes.h.
#include "interop/message_routes.h"

#include <set>
#include <utility>

#include "care/link_routes.h"
#include "care/membership_table.h"
#include "care/person_table.h"
#include "interop/message_words_routes.h"

namespace interop {
namespace {

using base::json::field;
using care::Access;
using care::Call;
using care::Data;
using care::OrAnswer;

struct Whose {
  std::optional<care::SupporterId> supporter;
  static constexpr auto fields() { return std::tuple{field("supporter", &Whose::supporter)}; }
};
struct Preview {
  Channel channel = Channel::email;
  Text to, subject, text, sms;
  std::string language;
  static constexpr auto fields() {
    return std::tuple{field("channel", &Preview::channel), field("to", &Preview::to), field("subject", &Preview::subject),
                      field("text", &Preview::text), field("sms", &Preview::sms), field("language", &Preview::language)};
  }
};
struct Listing {
  std::vector<MessageRow> items;
  base::json::Nullable<std::string> next;
  static constexpr auto fields() { return std::tuple{field("items", &Listing::items), field("next", &Listing::next)}; }
};

// What is not written, in words, at the record that needs mending.
http::Response why_not(NotWritten n) {
  switch (n) {
    case NotWritten::no_channel: return care::unprocessable({{"", "no-safe-way", "Ask how they want to be contacted first, and record it"}});
    case NotWritten::no_address: return care::unprocessable({{"", "no-address", "There is no address or number for the way they want to be contacted"}});
    case NotWritten::names_somebody:
      return care::unprocessable({{"", "names-somebody", "The message would name the group, the service or another person. Change its words first"}});
    case NotWritten::too_late: return care::unprocessable({{"", "too-late", "The session begins before they may be reached. Call them"}});
    case NotWritten::never_safe: return care::unprocessable({{"", "never-safe", "The hours in which they may be contacted never come. Look at them again"}});
  }
  return care::not_found();
}

OrAnswer<Recipient> recipient_of(Call& call, const care::SupporterId& supporter, Access access) {
  const auto id = call.path_id<care::MembershipId>();
  if (!id) return std::unexpected(id.error());
  auto to = load_recipient(call.tx, call.keys, *id, supporter, call.now.wall);
  if (!to || !care::may(call.actor, Data::membership, Access::read, to->where()).allowed) return std::unexpected(care::not_found());
  const auto verdict = call.open(Data::group_plan, access, to->where(), {"membership", id->text, to->person});
  if (!verdict) return std::unexpected(verdict.error());
  if (to->ended) return std::unexpected(http::problem(409, "ended", "This person is no longer in the group"));
  return std::move(*to);
}

http::Response preview_invitation(Call& call) {
  const auto body = call.body<Whose>();
  if (!body) return body.error();
  const auto to = recipient_of(call, body->supporter.value_or(care::SupporterId{}), Access::read);
  if (!to) return to.error();
  if (!to->channel) return why_not(NotWritten::no_channel);
  const auto words = preview(call.tx, *to, {.kind = Kind::invitation, .session = next_session(call.tx, to->group, call.now.wall), .before = {}, .link = {}, .code = {}, .staff = {}});
  return http::json(base::json::write(Preview{*to->channel, to->to, Text(words.subject), Text(words.body), Text(words.sms), to->language}));
}

http::Response invite(Call& call, const Outgoing& out) {
  const auto body = call.body<Whose>();
  if (!body) return body.error();
  const auto supporter = body->supporter.value_or(care::SupporterId{});
  const auto to = recipient_of(call, supporter, Access::write);
  if (!to) return to.error();
  const auto session = next_session(call.tx, to->group, call.now.wall);
  if (!session) return care::unprocessable({{"", "no-session", "Plan a session first: the message says when it is"}});
  const auto holder = care::load_holder(call.tx, call.keys, to->membership, supporter, call.now.wall);
  if (!holder || care::asked_of(holder->known).size() < care::kAskedThings)
    return care::unprocessable({{"", "two-things-needed", "Record a date of birth, a postcode, a mobile number or an NHS number: a link asks for two of them"}});
  replace_invitations(call.tx, *to, call.actor.staff, call.now.wall);
  const auto secret = care::new_secret(call.entropy);
  const auto link = care::make_link(call.tx, call.entropy, *holder, care::hash_secret(secret.get()), call.now.wall);
  const auto id = write_message(call.tx, call.keys, call.entropy, out, *to,
                                {.kind = Kind::invitation, .session = session, .before = {}, .link = secret, .code = {}, .staff = call.actor.staff}, call.now.wall);
  if (!id) return why_not(id.error());
  note_told(call.tx, *to, *session, out, call.now.wall);
  call.note("make-link", Data::membership, {"link", link.text, to->person});
  call.note("write-message", Data::membership, {"message", id->text, to->person});
  const auto made = load_message(call.tx, call.keys, *id);
  return made ? care::created("/api/messages/" + id->text, base::json::write(made->row), made->row.version) : care::not_found();
}

// Of a list: noted, since a person reads on their own page who looked at what is theirs; and told apart where two have one name.
void name_people(Call& call, std::vector<MessageRow>& rows) {
  std::vector<care::NameOf> named;
  std::set<std::string> noted;
  for (MessageRow& row : rows) {
    if (noted.insert(row.membership.text).second) call.note("read", Data::membership, {"membership", row.membership.text, row.whose});
    if (row.person.value) named.push_back({row.whose, &*row.person.value});
  }
  care::tell_apart(call.tx, call.keys, named);
}

http::Response list_messages(Call& call) {
  const auto said = call.query("group");
  const auto group = said ? base::parse_id<care::GroupId>(*said) : std::nullopt;
  const auto page = care::page_of(call);
  if (!page) return page.error();
  if (!group) return http::problem(400, "group-wanted", "Say which group's messages");
  const auto one = call.query("membership");
  const auto membership = one ? base::parse_id<care::MembershipId>(*one) : std::nullopt;
  if (one && !membership) return http::problem(400, "membership-wanted", "Say whose messages by the id of their place in the group");
  auto rows = call.tx.query("SELECT team FROM therapy_group WHERE id = $1", *group);
  if (!rows.next()) return care::not_found();
  const care::Where where{.teams = {rows.id<care::TeamId>(0)}, .groups = {*group}, .person = {}, .staff = {}};
  if (!care::may(call.actor, Data::membership, Access::read, where).allowed) return care::not_found();
  const auto verdict = call.open(Data::membership, Access::read, where, {"group", group->text, {}});
  if (!verdict) return verdict.error();
  Listing out{messages_of(call.tx, call.keys, *group, membership, parse_messages_after(page->after), page->limit + 1), {}};
  if (std::cmp_greater(out.items.size(), page->limit)) {
    out.items.pop_back();
    out.next.value = care::cursor(call, to_text(after(out.items.back())));
  }
  name_people(call, out.items);
  return http::json(base::json::write(out));
}

OrAnswer<Loaded> loaded(Call& call, Access access) {
  const auto id = call.path_id<MessageId>();
  if (!id) return std::unexpected(id.error());
  auto m = load_message(call.tx, call.keys, *id);
  const auto to = m ? load_recipient(call.tx, call.keys, m->row.membership, m->supporter, call.now.wall) : std::nullopt;
  if (!to || !care::may(call.actor, Data::membership, Access::read, to->where()).allowed) return std::unexpected(care::not_found());
  // Where it goes is a contact; writing asks as joining instructions do.
  const auto verdict = call.open(access == Access::read ? Data::identity : Data::group_plan, access, to->where(), {"message", id->text, to->person});
  if (!verdict) return std::unexpected(verdict.error());
  return std::move(*m);
}

// What staff need to make it by hand: who to, when and how, in which form, and what to mind.
struct ByHand {
  Text name, safeNote;
  std::vector<Hours> hours;
  std::vector<std::string> returnAddress;
  std::string from, phone;
  std::vector<Text> formatNotes;  // what is noted of information in a certain format
  bool changed = false;           // the person is reached in another way by now
  static constexpr auto fields() {
    using B = ByHand;
    return std::tuple{field("name", &B::name), field("safeNote", &B::safeNote), field("hours", &B::hours), field("returnAddress", &B::returnAddress),
                      field("from", &B::from), field("phone", &B::phone), field("formatNotes", &B::formatNotes), field("changed", &B::changed)};
  }
};

ByHand by_hand_of(Call& call, const Loaded& m, const Recipient& to, const Outgoing& out) {
  ByHand b{.name = m.payload.name, .safeNote = {}, .hours = to.hours, .returnAddress = out.return_address, .from = out.from_name, .phone = to.phone,
           .formatNotes = {}, .changed = m.row.state == "by_hand" && m.row.kind != Kind::contact_check && (to.channel != m.row.channel || to.to.get() != m.payload.to.get())};
  if (!m.supporter.empty()) return b;
  b.safeNote = care::load_identity(call.tx, call.keys, to.person).safe_contact.note;
  const care::Needs needs = care::load_needs(call.tx, call.keys, to.person);
  for (const care::Need& n : needs.needs)
    if (n.category == "003" || n.category == "004") b.formatNotes.push_back(n.note);
  return b;
}

http::Response show_message(Call& call, const Outgoing& out) {
  const auto m = loaded(call, Access::read);
  if (!m) return m.error();
  const auto to = load_recipient(call.tx, call.keys, m->row.membership, m->supporter, call.now.wall);
  if (!to) return care::not_found();
  const bool by_hand = m->row.state == "by_hand" || m->row.state == "kept";
  const Payload& p = m->payload;
  const Values hidden{{"link", "…"}, {"code", "…"}};
  auto value = base::json::Codec<MessageRow>::write(m->row);
  auto& o = value.as_object();
  o["to"] = p.to.get();
  o["subject"] = p.subject.get();
  o["text"] = by_hand ? p.with_secrets(p.text, out.address) : filled(p.text.get(), hidden);
  o["sms"] = by_hand ? p.with_secrets(p.sms, out.address) : filled(p.sms.get(), hidden);
  o["link"] = by_hand && !p.link.get().empty() ? base::json::Value(out.address + "/mine#" + p.link.get()) : base::json::Value(nullptr);
  o["byHand"] = base::json::Codec<ByHand>::write(by_hand_of(call, *m, *to, out));
  return care::versioned(base::json::print(value), m->row.version);
}

http::Response again(Call& call, bool by_hand, const std::function<void()>& written) {
  const auto m = loaded(call, Access::write);
  if (!m) return m.error();
  const bool done = by_hand ? done_by_hand(call.tx, call.keys, *m, call.actor.staff, call.now.wall) : send_again(call.tx, *m, call.now.wall);
  if (!done)
    return http::problem(409, "not-now", by_hand ? "This was done already, or goes out by itself" : "Only a message that failed, and needs no new link, can be tried again. Send their link again instead");
  call.note(by_hand ? "message-done-by-hand" : "message-again", Data::membership, {"message", m->row.id.text, {}});
  const auto now = load_message(call.tx, call.keys, m->row.id);
  if (!by_hand) written();
  return now ? care::versioned(base::json::write(now->row), now->row.version) : care::not_found();
}

// Done ones are shown for two weeks.
constexpr std::int64_t kShownDone = std::int64_t{14} * 24 * 3'600 * 1'000'000;

http::Response list_to_do(Call& call) {
  const auto page = care::page_of(call);
  if (!page) return page.error();
  const bool done = call.query("done") == "true";
  call.note("read", Data::membership, {"messages", {}, {}});
  const auto since = done ? std::optional(base::WallTime{call.now.wall.us - kShownDone}) : std::nullopt;
  Listing out{messages_to_do(call.tx, call.keys, call.actor, since, parse_messages_after(page->after), page->limit + 1), {}};
  if (std::cmp_greater(out.items.size(), page->limit)) {
    out.items.pop_back();
    const MessageRow& last = out.items.back();
    out.next.value = care::cursor(call, to_text(MessagesAfter{.rank = 0, .made = done ? last.done : last.made, .id = last.id.text}));
  }
  name_people(call, out.items);
  return http::json(base::json::write(out));
}

}  // namespace

void add_message_routes(http::Site& site, care::Desk& desk, const Outgoing& out, std::function<void()> written) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/memberships/{id}/invitation/preview", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::read, .audit = http::Audit::read_person, .max_body = 1'024, .handler = preview_invitation});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/memberships/{id}/invitation", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 1'024, .creates = true,
                                    .handler = [&out, written](Call& call) {
                                      auto r = invite(call, out);
                                      if (r.status < 400) written();
                                      return r;
                                    }});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/messages", .permission = http::Permission::staff,
                                    .data = Data::membership, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = list_messages});
  // Before the pattern that would take it for a message's id.
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/messages/to-do", .permission = http::Permission::staff,
                                    .data = Data::membership, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = list_to_do});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/messages/{id}", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = [&out](Call& call) { return show_message(call, out); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/messages/{id}/again", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 0,
                                    .handler = [written](Call& call) { return again(call, false, written); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/messages/{id}/done", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 0,
                                    .handler = [written](Call& call) { return again(call, true, written); }});
  add_message_words_routes(site, desk);
}

}  // namespace interop
