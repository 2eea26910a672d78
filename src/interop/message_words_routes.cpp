// SPDX-License-Identifier: Apache-2.0
// See message_words_routes.h.
#include "interop/message_words_routes.h"

namespace interop {
namespace {

using base::json::field;
using care::Access;
using care::Call;
using care::Data;
using care::OrAnswer;

struct Template {
  Kind kind = Kind::invitation;
  std::string language;
  Form form = Form::standard;
  std::string subject, body, sms;
  bool own = false, approved = false;
  std::int64_t version = 0;
  static constexpr auto fields() {
    using T = Template;
    return std::tuple{field("kind", &T::kind), field("language", &T::language), field("form", &T::form), field("subject", &T::subject),
                      field("body", &T::body), field("sms", &T::sms), field("own", &T::own), field("approved", &T::approved), field("version", &T::version)};
  }
};
struct Templates {
  std::vector<Template> items;
  std::vector<std::string> placeholders;
  static constexpr auto fields() { return std::tuple{field("items", &Templates::items), field("placeholders", &Templates::placeholders)}; }
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
struct Version {
  std::int64_t version = 0;
  std::string savedAt, savedBy, subject, body, sms;
  bool approved = false;
  static constexpr auto fields() {
    using V = Version;
    return std::tuple{field("version", &V::version), field("savedAt", &V::savedAt), field("savedBy", &V::savedBy), field("subject", &V::subject),
                      field("body", &V::body), field("sms", &V::sms), field("approved", &V::approved)};
  }
};
struct Versions {
  std::vector<Version> items;
  static constexpr auto fields() { return std::tuple{field("items", &Versions::items)}; }
};
struct Look {
  std::string subject, text, sms;
  static constexpr auto fields() { return std::tuple{field("subject", &Look::subject), field("text", &Look::text), field("sms", &Look::sms)}; }
};

Template template_of(store::Transaction& tx, const WordsKey& key) {
  const KeptWords k = load_words(tx, key);
  return {key.kind, key.language, key.form, k.words.subject, k.words.body, k.words.sms, k.own, k.approved, k.version};
}

OrAnswer<care::TeamId> team_of(Call& call, Access access) {
  const auto id = call.path_id<care::TeamId>();
  if (!id) return std::unexpected(id.error());
  if (!call.tx.query("SELECT 1 FROM team WHERE id = $1", *id).next()) return std::unexpected(care::not_found());
  const auto verdict = call.open(Data::settings, access, {.teams = {*id}, .groups = {}, .person = {}, .staff = {}}, {"team", id->text, {}});
  if (!verdict) return std::unexpected(verdict.error());
  return *id;
}

OrAnswer<WordsKey> key_of(Call& call, Access access) {
  const auto team = team_of(call, access);
  if (!team) return std::unexpected(team.error());
  const auto kind = parse_named<Kind>(call.request.path_values.at(1));
  const std::string& language = call.request.path_values.at(2);
  const auto form = parse_named<Form>(call.request.path_values.at(3));
  if (!kind || !form || (language != "en" && language != "cy")) return std::unexpected(care::not_found());
  return WordsKey{*team, *kind, language, *form};
}

http::Response list_templates(Call& call) {
  const auto team = team_of(call, Access::read);
  if (!team) return team.error();
  Templates out;
  for (const auto& [kind, name] : json_names(Kind{}))
    for (const char* language : {"en", "cy"})
      for (const auto& [form, words] : json_names(Form{})) out.items.push_back(template_of(call.tx, {*team, kind, language, form}));
  for (const auto& each : placeholders()) out.placeholders.emplace_back(each);
  return http::json(base::json::write(out));
}

http::Response list_versions(Call& call) {
  const auto key = key_of(call, Access::read);
  if (!key) return key.error();
  Versions out;
  for (const WordsVersion& v : versions_of(call.tx, *key))
    out.items.push_back({v.version, v.savedAt, v.savedBy, v.words.subject, v.words.body, v.words.sms, v.approved});
  return http::json(base::json::write(out));
}

// Of a person who does not exist, at a session that will not be.
Values sample(const WordsKey& key) {
  const auto date = *care::parse_local_date("2027-03-09"), before = *care::parse_local_date("2027-03-08");
  const auto at = *care::parse_clock_time("14:00"), was = *care::parse_clock_time("10:30");
  const Taking taking{.way = {}, .ways = {care::Way::in_person, care::Way::video, care::Way::phone}, .held_on = std::string(care::kOwnSoftware), .venue = {},
                      .directions = {}, .by_phone = {}, .phone = "01632 960 999", .supporter = false};
  return {{"name", "Sam Sample"}, {"day", day_words(date, key.language)}, {"time", time_words(at, key.language)}, {"minutes", "90"},
          {"old_day", day_words(before, key.language)}, {"old_time", time_words(was, key.language)}, {"how", how_words(taking, key.language)},
          {"link", "https://groups.example.org/mine#sample"}, {"phone", "01632 960 999"}, {"code", "482 915"}};
}

http::Response look(Call& call) {
  const auto key = key_of(call, Access::read);
  if (!key) return key.error();
  const auto body = call.body<WantedWords>();
  if (!body) return body.error();
  const Words words{body->subject, body->body, body->sms};
  if (const auto faults = check_words(key->kind, words, names_of_team(call.tx, key->team)); !faults.empty()) return care::unprocessable(faults);
  const Values v = sample(*key);
  const std::string text = filled(words.body, v);
  return http::json(base::json::write(Look{filled(words.subject, v), key->form == Form::easy_read ? one_sentence_a_line(text) : text, filled(words.sms, v)}));
}

http::Response save_template(Call& call) {
  const auto key = key_of(call, Access::write);
  if (!key) return key.error();
  const auto body = call.body<WantedWords>();
  if (!body) return body.error();
  const KeptWords before = load_words(call.tx, *key);
  if (const auto same = call.match(before.version); !same) return same.error();
  const Words words{body->subject, body->body, body->sms};
  if (const auto faults = check_words(key->kind, words, names_of_team(call.tx, key->team)); !faults.empty()) return care::unprocessable(faults);
  if (!save_words(call.tx, call.entropy, *key, before.version, words, body->approved, call.actor.staff, call.now.wall))
    return http::problem(412, "changed-since", "Somebody else has changed this since you opened it");
  const Template after = template_of(call.tx, *key);
  return care::versioned(base::json::write(after), after.version);
}

}  // namespace

void add_message_words_routes(http::Site& site, care::Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/teams/{id}/message-templates", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = list_templates});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/teams/{id}/message-templates/{kind}/{language}/{form}",
                                    .permission = http::Permission::staff, .data = Data::settings, .access = Access::write, .audit = http::Audit::change,
                                    .max_body = 32'768, .handler = save_template});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/teams/{id}/message-templates/{kind}/{language}/{form}/versions",
                                    .permission = http::Permission::staff, .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group,
                                    .max_body = 0, .handler = list_versions});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/teams/{id}/message-templates/{kind}/{language}/{form}/look",
                                    .permission = http::Permission::staff, .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group,
                                    .max_body = 32'768, .handler = look});
}

}  // namespace interop
