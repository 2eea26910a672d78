// SPDX-License-Identifier: Apache-2.0
// See message_routes.h.
#include "interop/message_routes.h"

#include <algorithm>

#include "care/link_routes.h"

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
  const auto secret = care::new_secret(call.entropy);
  const auto link = care::make_link(call.tx, call.entropy, *holder, care::hash_secret(secret.get()), call.now.wall);
  const auto id = write_message(call.tx, call.keys, call.entropy, out, *to,
                                {.kind = Kind::invitation, .session = session, .before = {}, .link = secret, .code = {}, .staff = call.actor.staff}, call.now.wall);
  if (!id) return why_not(id.error());
  note_told(call.tx, *to, call.now.wall);
  call.note("make-link", Data::membership, {"link", link.text, to->person});
  call.note("write-message", Data::membership, {"message", id->text, to->person});
  const auto made = load_message(call.tx, call.keys, *id);
  return made ? care::created("/api/messages/" + id->text, base::json::write(made->row), made->row.version) : care::not_found();
}

http::Response list_messages(Call& call) {
  const auto said = call.query("group");
  const auto group = said ? base::parse_id<care::GroupId>(*said) : std::nullopt;
  const auto page = care::page_of(call);
  if (!page) return page.error();
  if (!group) return http::problem(400, "group-wanted", "Say which group's messages");
  auto rows = call.tx.query("SELECT team FROM therapy_group WHERE id = $1", *group);
  if (!rows.next()) return care::not_found();
  const care::Where where{.teams = {rows.id<care::TeamId>(0)}, .groups = {*group}, .person = {}, .staff = {}};
  if (!care::may(call.actor, Data::membership, Access::read, where).allowed) return care::not_found();
  const auto verdict = call.open(Data::membership, Access::read, where, {"group", group->text, {}});
  if (!verdict) return verdict.error();
  Listing out{messages_of(call.tx, call.keys, *group, parse_messages_after(page->after), page->limit + 1), {}};
  if (std::cmp_greater(out.items.size(), page->limit)) {
    out.items.pop_back();
    out.next.value = care::cursor(call, to_text(after(out.items.back())));
  }
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

http::Response show_message(Call& call, const Outgoing& out) {
  const auto m = loaded(call, Access::read);
  if (!m) return m.error();
  const bool by_hand = m->row.state == "by_hand" || m->row.state == "kept";
  Payload p = m->payload;
  if (!by_hand && !p.link.get().empty()) p.link = Text("…");
  auto value = base::json::Codec<MessageRow>::write(m->row);
  auto& o = value.as_object();
  o["to"] = p.to.get();
  o["subject"] = p.subject.get();
  o["text"] = by_hand ? p.with_link(p.text, out.address) : filled(p.text.get(), {{"link", "…"}});
  o["sms"] = by_hand ? p.with_link(p.sms, out.address) : filled(p.sms.get(), {{"link", "…"}});
  o["link"] = by_hand && !p.link.get().empty() ? base::json::Value(out.address + "/mine#" + p.link.get()) : base::json::Value(nullptr);
  return care::versioned(base::json::print(value), m->row.version);
}

http::Response again(Call& call, bool by_hand, const std::function<void()>& written) {
  const auto m = loaded(call, Access::write);
  if (!m) return m.error();
  const bool done = by_hand ? done_by_hand(call.tx, call.keys, *m, call.now.wall) : send_again(call.tx, *m, call.now.wall);
  if (!done) return http::problem(409, "not-now", by_hand ? "This message was already sent" : "Only a message that failed can be tried again");
  call.note(by_hand ? "message-done-by-hand" : "message-again", Data::membership, {"message", m->row.id.text, {}});
  const auto now = load_message(call.tx, call.keys, m->row.id);
  if (!by_hand) written();
  return now ? care::versioned(base::json::write(now->row), now->row.version) : care::not_found();
}

// --- A team's own words ---------------------------------------------------------------------------------------------------------
struct Template {
  Kind kind = Kind::invitation;
  std::string language, subject, body, sms;
  bool own = false, approved = false;
  std::int64_t version = 0;
  static constexpr auto fields() {
    using T = Template;
    return std::tuple{field("kind", &T::kind), field("language", &T::language), field("subject", &T::subject), field("body", &T::body),
                      field("sms", &T::sms), field("own", &T::own), field("approved", &T::approved), field("version", &T::version)};
  }
};
struct Templates {
  std::vector<Template> items;
  static constexpr auto fields() { return std::tuple{field("items", &Templates::items)}; }
};
struct WantedWords {
  std::string subject, body, sms;
  bool approved = false;
  static constexpr auto fields() {
    using W = WantedWords;
    return std::tuple{field("subject", &W::subject, {.least = 1, .most = 300}), field("body", &W::body, {.least = 1, .most = 8'000}),
                      field("sms", &W::sms, {.least = 1, .most = 1'000}), field("approved", &W::approved)};
  }
};

Template template_of(store::Transaction& tx, const care::TeamId& team, Kind kind, std::string_view language) {
  auto rows = tx.query("SELECT subject, body, sms, approved_us, version FROM message_template WHERE team = $1 AND kind = $2 AND language = $3", team,
                       base::json::name_of(kind), language);
  if (rows.next())
    return {kind, std::string(language), rows.text(0), rows.text(1), rows.text(2), true, !rows.null(3), rows.integer(4)};
  const Words& w = default_words(kind, language);
  return {kind, std::string(language), w.subject, w.body, w.sms, false, language == "en", 0};
}

OrAnswer<care::TeamId> team_of(Call& call, Access access) {
  const auto id = call.path_id<care::TeamId>();
  if (!id) return std::unexpected(id.error());
  if (!call.tx.query("SELECT 1 FROM team WHERE id = $1", *id).next()) return std::unexpected(care::not_found());
  const auto verdict = call.open(Data::settings, access, {.teams = {*id}, .groups = {}, .person = {}, .staff = {}}, {"team", id->text, {}});
  if (!verdict) return std::unexpected(verdict.error());
  return *id;
}

http::Response list_templates(Call& call) {
  const auto team = team_of(call, Access::read);
  if (!team) return team.error();
  Templates out;
  for (const auto& [kind, name] : json_names(Kind{}))
    for (const char* language : {"en", "cy"}) out.items.push_back(template_of(call.tx, *team, kind, language));
  return http::json(base::json::write(out));
}

// Of the team's groups and its service: what no message of theirs may say.
std::vector<std::string> names_of_team(store::Transaction& tx, const care::TeamId& team) {
  std::vector<std::string> out;
  auto groups = tx.query("SELECT name, programme FROM therapy_group WHERE team = $1", team);
  while (groups.next()) out.insert(out.end(), {groups.text(0), groups.text(1)});
  auto service = tx.query("SELECT v.name FROM team t JOIN service v ON v.id = t.service WHERE t.id = $1", team);
  if (service.next()) out.push_back(service.text(0));
  return out;
}

http::Response save_template(Call& call) {
  const auto team = team_of(call, Access::write);
  if (!team) return team.error();
  const auto kind = parse_named<Kind>(call.request.path_values.at(1));
  const std::string& language = call.request.path_values.at(2);
  if (!kind || (language != "en" && language != "cy")) return care::not_found();
  const auto body = call.body<WantedWords>();
  if (!body) return body.error();
  const Template before = template_of(call.tx, *team, *kind, language);
  if (const auto same = call.match(before.version); !same) return same.error();
  if (const auto faults = check_words(*kind, {body->subject, body->body, body->sms}, names_of_team(call.tx, *team)); !faults.empty())
    return care::unprocessable(faults);
  const auto approved = body->approved ? std::optional(call.now.wall) : std::nullopt;
  const auto by = body->approved ? std::optional(call.actor.staff) : std::nullopt;
  if (before.own) {
    if (call.tx.run("UPDATE message_template SET version = version + 1, subject = $2, body = $3, sms = $4, approved_us = $5, approved_by = $6 WHERE team = $1 "
                    "AND kind = $7 AND language = $8 AND version = $9", *team, body->subject, body->body, body->sms, approved, by,
                    base::json::name_of(*kind), language, before.version) != 1)
      return http::problem(412, "changed-since", "Somebody else has changed this since you opened it");
  } else {
    call.tx.run("INSERT INTO message_template (id, version, team, kind, language, subject, body, sms, approved_us, approved_by) VALUES ($1, 1, $2, $3, $4, "
                "$5, $6, $7, $8, $9)", base::new_uuid(call.entropy, call.now.wall), *team, base::json::name_of(*kind), language, body->subject, body->body,
                body->sms, approved, by);
  }
  const Template after = template_of(call.tx, *team, *kind, language);
  return care::versioned(base::json::write(after), after.version);
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
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/messages/{id}", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = [&out](Call& call) { return show_message(call, out); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/messages/{id}/again", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 0,
                                    .handler = [written](Call& call) { return again(call, false, written); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/messages/{id}/done", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = 0,
                                    .handler = [written](Call& call) { return again(call, true, written); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/teams/{id}/message-templates", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = list_templates});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/teams/{id}/message-templates/{kind}/{language}", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::write, .audit = http::Audit::change, .max_body = 16'384, .handler = save_template});
}

}  // namespace interop
