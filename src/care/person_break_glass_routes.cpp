// SPDX-License-Identifier: Apache-2.0
// See person_break_glass_routes.h.
#include "care/person_break_glass_routes.h"

#include <algorithm>
#include <array>

#include "care/nhs_number.h"
#include "care/person_break_glass_table.h"
#include "care/zone.h"
#include "care/person_routes.h"

namespace care {
namespace {

constexpr std::array<std::string_view, 4> kReasons{"risk-to-life", "safeguarding", "urgent-care", "other"};
constexpr std::int64_t kMostWords = 2'000;

// Exactly one of the two: an NHS number, or the whole legal name and the date of birth.
struct Asked {
  std::optional<Personal> nhs_number, legal_name, birth_date;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("nhsNumber", &Asked::nhs_number, {.least = 0, .most = 100}),
                      field("legalName", &Asked::legal_name, {.least = 0, .most = 1000}),
                      field("birthDate", &Asked::birth_date, {.least = 0, .most = 100}));
  }
};

base::Result<SearchTerm, FieldFaults> term_of(const Asked& asked) {
  const auto given = [](const std::optional<Personal>& p) { return p && !stripped(p->get()).empty(); };
  if (given(asked.nhs_number)) {
    const auto number = parse_nhs_number(asked.nhs_number->get());
    if (number) return exact_number(*number);
    return std::unexpected(FieldFaults{{"/nhsNumber", "nhs-number", "Type all 10 digits of the NHS number, and check each"}});
  }
  FieldFaults faults;
  if (!given(asked.legal_name) || words_of(asked.legal_name->get(), Apostrophes::joined).size() < 2)
    faults.push_back({"/legalName", "name-whole", "Type the NHS number, or the person’s full name: first and last names"});
  const auto date = given(asked.birth_date) ? parse_date(stripped(asked.birth_date->get())) : std::nullopt;
  if (!date) faults.push_back({"/birthDate", "date", "Enter the date of birth, like 1984-03-27"});
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return exact_name(asked.legal_name->get(), stripped(asked.birth_date->get()));
}

bool clinician(const Actor& actor) {
  return actor.kind == Actor::Kind::staff && (actor.has(Role::facilitator) || actor.has(Role::team_lead));
}

// May they open the record as it is, without breaking anything?
bool within_reach(const Actor& actor, const PersonPlace& place) {
  const Verdict v = may(actor, Data::identity, Access::read, place.where);
  return v.allowed && !v.broke_glass && !v.needs_reason;
}

// As little as tells whether it is the right person, and whom to ring. Every look is on record, also one that finds nobody.
http::Response find(Call& call) {
  if (!clinician(call.actor)) return refused();
  const auto asked = call.body<Asked>();
  if (!asked) return asked.error();
  const auto term = term_of(*asked);
  if (!term) return unprocessable(term.error());
  boost::json::array items;
  for (const PersonId& id : people_with(call.tx, call.keys, *term)) {
    const auto place = find_person(call.tx, id);
    if (!place) continue;
    const TeamContact team = team_contact(call.tx, place->team);
    items.push_back({{"id", id.text},
                     {"name", load_person_row(call.tx, call.keys, id).legal_name.get()},
                     {"teamName", team.name},
                     {"dutyNumber", team.duty_number},
                     {"withinReach", within_reach(call.actor, *place)}});
    call.note("find", Data::identity, {.kind = "person", .id = id.text, .person = id});
  }
  if (items.empty()) call.note("find", Data::identity, {.kind = "person", .id = "", .person = {}});
  return http::json(base::json::print(boost::json::object{{"items", std::move(items)}, {"next", nullptr}}));
}

http::Response open_glass(Call& call) {
  if (!clinician(call.actor)) return refused();
  const auto reason = call.reason();
  if (!reason) return reason_wanted();
  const auto place = person_of_path(call);
  if (!place) return place.error();
  FieldFaults faults;
  if (std::ranges::find(kReasons, reason->code) == kReasons.end()) faults.push_back({"/reason", "reason", "Choose a reason from the list"});
  Personal words = reason->note;
  settle_text(words.get(), kMostWords, true, "/note", faults);
  if (words.get().empty()) faults.push_back({"/note", "missing", "Say in your own words why you need to open this record now"});
  if (!faults.empty()) return unprocessable(faults);
  if (within_reach(call.actor, *place)) return http::problem(409, "within-reach", "You can open this record without this");
  const PersonId& id = place->where.person;
  const BrokenGlass grant{.id = base::new_id<BreakGlassId>(call.entropy, call.now.wall), .staff = call.actor.staff, .person = id,
                          .reason = reason->code, .from = call.now.wall, .until = {call.now.wall.us + kGlassStaysOpen.us}};
  const std::string note = break_glass(call.tx, call.keys, call.entropy, grant, words);
  call.note("break-glass", Data::identity, {.kind = "person", .id = id.text, .person = id});
  call.audit.back().reason = grant.reason;
  call.audit.back().note = note;
  http::Response r = http::json(base::json::print(boost::json::object{{"id", grant.id.text}, {"person", id.text}, {"until", iso_text(grant.until)}}));
  r.status = 201;
  r.set("Location", "/api/people/" + id.text);
  return r;
}

// What leads of the person's own team see.
Where where_of(const BrokenGlassRow& row) { return {.teams = {row.team}, .groups = {}, .person = row.grant.person, .staff = {}}; }

boost::json::object json_of(Call& call, const BrokenGlassRow& row) {
  const BrokenGlass& g = row.grant;
  return {{"id", g.id.text},
          {"staff", {{"id", g.staff.text}, {"name", row.staff_name}}},
          {"person", {{"id", g.person.text}, {"name", load_person_row(call.tx, call.keys, g.person).name.get()}}},
          {"team", row.team.text},
          {"reason", g.reason},
          {"note", words_of_reason(call.tx, call.keys, row.note).get()},
          {"from", iso_text(g.from)},
          {"until", iso_text(g.until)},
          {"seenAt", row.seen ? boost::json::value(iso_text(*row.seen)) : boost::json::value(nullptr)}};
}

http::Response list(Call& call) {
  Searcher leads = searcher_of(call.actor);
  leads.groups.clear();
  if (leads.nobody()) return refused();
  const auto page = page_of(call);
  if (!page) return page.error();
  auto rows = broken_glass(call.tx, leads, call.query("unseen").value_or("") == "true", page->after, page->limit + 1);
  boost::json::object out{{"items", nullptr}, {"next", nullptr}};
  if (std::cmp_greater(rows.size(), page->limit)) {
    rows.resize(static_cast<std::size_t>(page->limit));
    out["next"] = cursor(call, rows.back().grant.id.text);
  }
  boost::json::array items;
  for (const auto& row : rows) {
    const PersonId& id = row.grant.person;
    if (call.open(Data::identity, Access::read, where_of(row), {.kind = "person", .id = id.text, .person = id}))
      items.push_back(json_of(call, row));
  }
  out["items"] = std::move(items);
  return http::json(base::json::print(out));
}

http::Response see(Call& call) {
  const auto id = call.path_id<BreakGlassId>();
  if (!id) return id.error();
  const auto row = load_broken_glass(call.tx, *id);
  if (!row) return not_found();
  const PersonId& person = row->grant.person;
  if (!call.open(Data::identity, Access::write, where_of(*row), {.kind = "break-glass", .id = id->text, .person = person}))
    return not_found();
  mark_seen(call.tx, *id, call.now.wall);
  return no_content();
}

}  // namespace

void add_person_break_glass_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/break-glass/find", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person,
                                    .max_body = 8 * 1024, .handler = find});
  // Reading is what it opens; the reason in its headers makes the desk write.
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/{person}/break-glass",
                                    .permission = http::Permission::staff, .data = Data::identity, .access = Access::read,
                                    .audit = http::Audit::change, .max_body = 1024, .creates = true, .handler = open_glass});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/break-glass", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = list});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/break-glass/{glass}/seen",
                                    .permission = http::Permission::staff, .data = Data::identity, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 1024, .handler = see});
}

}  // namespace care
