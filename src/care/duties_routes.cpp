// SPDX-License-Identifier: Apache-2.0
// See duties_routes.h.
#include "care/duties_routes.h"

#include <algorithm>
#include <array>

#include "care/legal_hold_table.h"
#include "care/person_routes.h"
#include "care/retention_table.h"
#include "care/trust_clock_table.h"
#include "care/zone.h"

namespace care {
namespace {

constexpr std::array<std::string_view, 5> kReasons{"claim", "complaint", "inquest", "inquiry", "other"};
constexpr std::int64_t kMostWords = 2'000;

// Why a hold is set; lifting asks for the words alone.
struct HoldForm {
  std::string reason;
  Personal note;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("reason", &HoldForm::reason, {.least = 0, .most = 64}), field("note", &HoldForm::note, {.least = 0, .most = 20'000})};
  }
};
struct LiftForm {
  Personal note;
  static constexpr auto fields() { return std::tuple{base::json::field("note", &LiftForm::note, {.least = 0, .most = 20'000})}; }
};
struct DeathForm {
  base::json::Nullable<Personal> date;
  static constexpr auto fields() { return std::tuple{base::json::field("date", &DeathForm::date)}; }
};

// A record whose keeping is asked about, and where it belongs.
struct Record {
  Held what;
  Where where;
  std::int64_t version = 0;
  [[nodiscard]] Subject subject() const {
    return what.person.empty() ? Subject{.kind = "group", .id = what.group.text, .person = {}}
                               : Subject{.kind = "person", .id = what.person.text, .person = what.person};
  }
};
OrAnswer<Record> person_record(Call& call) {
  auto place = person_of_path(call);
  if (!place) return std::unexpected(place.error());
  return Record{.what = {.person = place->where.person, .group = {}}, .where = place->where, .version = place->version};
}
OrAnswer<Record> group_record(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return std::unexpected(id.error());
  auto rows = call.tx.query("SELECT team, version FROM therapy_group WHERE id = $1", *id);
  if (!rows.next()) return std::unexpected(not_found());
  return Record{.what = {.person = {}, .group = *id}, .where = {.teams = {rows.id<TeamId>(0)}, .groups = {*id}, .person = {}, .staff = {}},
                .version = rows.integer(1)};
}

boost::json::value maybe_iso(const std::optional<base::WallTime>& at) {
  return at ? boost::json::value(iso_text(*at)) : boost::json::value(nullptr);
}
boost::json::array holds_json(Call& call, const Held& what) {
  boost::json::array out;
  for (const Hold& h : holds_of(call.tx, call.keys, what))
    out.push_back({{"id", h.id.text}, {"reason", h.reason}, {"note", h.note.get()}, {"set", iso_text(h.set)}, {"setBy", h.set_by},
                   {"lifted", maybe_iso(h.lifted)}, {"liftedBy", h.lifted_by}, {"liftNote", h.lift_note.get()}});
  return out;
}
boost::json::value maybe_day(const std::optional<base::WallTime>& at) {
  return at ? boost::json::value(day_text(*at)) : boost::json::value(nullptr);
}

// Until when it stays by the periods (null: in use), when it goes as shown (null: not shown yet), what holds it.
boost::json::object view_of(Call& call, const Record& r) {
  const Periods periods = load_periods(call.tx);
  const bool person = !r.what.person.empty();
  boost::json::array groups;
  boost::json::value died = nullptr;
  if (person) {
    for (const HoldingGroup& g : groups_that_hold(call.tx, r.what.person)) groups.push_back({{"id", g.id.text}, {"name", g.name}});
    if (const auto date = load_death(call.tx, call.keys, r.what.person)) died = boost::json::string(date->get());
  }
  return {{"id", person ? r.what.person.text : r.what.group.text},
          {"version", r.version},
          {"ends", maybe_day(person ? person_ends(call.tx, call.keys, r.what.person, periods, call.now.wall) : group_ends(call.tx, r.what.group, periods))},
          {"goes", maybe_day(shown_to_go(call.tx, person ? Kept::people : Kept::groups, person ? r.what.person.text : r.what.group.text))},
          {"died", std::move(died)},
          {"holds", holds_json(call, r.what)},
          {"heldByGroups", std::move(groups)}};
}

// docs/access.md: keeping a record is the business of its team's lead, who alone writes people's identity.
template <auto find>
http::Response show(Call& call) {
  const auto record = find(call);
  if (!record) return record.error();
  if (!may(call.actor, Data::identity, Access::write, record->where).allowed) {
    call.note("refused", Data::identity, record->subject());
    return refused();
  }
  if (auto open = call.open(Data::identity, Access::read, record->where, record->subject()); !open) return open.error();
  return versioned(base::json::print(view_of(call, *record)), record->version);
}

FieldFaults faults_in(Personal& note) {
  FieldFaults faults;
  settle_text(note.get(), static_cast<std::size_t>(kMostWords), true, "/note", faults);
  if (note.get().empty()) faults.push_back({"/note", "missing", "Say in your own words why"});
  return faults;
}

template <auto find>
http::Response hold(Call& call) {
  const auto record = find(call);
  if (!record) return record.error();
  if (auto open = call.open(Data::identity, Access::write, record->where, record->subject()); !open) return open.error();
  auto form = call.body<HoldForm>();
  if (!form) return form.error();
  FieldFaults faults = faults_in(form->note);
  if (std::ranges::find(kReasons, form->reason) == kReasons.end()) faults.insert(faults.begin(), {"/reason", "reason", "Choose a reason from the list"});
  if (!faults.empty()) return unprocessable(faults);
  if (!set_hold(call.tx, call.keys, call.entropy, record->what, form->reason, form->note, call.actor.staff, call.now.wall))
    return http::problem(409, "held", "There is a hold on this record already");
  call.audit.back().action = "hold";
  call.audit.back().reason = form->reason;
  return versioned(base::json::print(view_of(call, *record)), record->version);
}

template <auto find>
http::Response lift(Call& call) {
  const auto record = find(call);
  if (!record) return record.error();
  if (auto open = call.open(Data::identity, Access::write, record->where, record->subject()); !open) return open.error();
  auto form = call.body<LiftForm>();
  if (!form) return form.error();
  if (const auto faults = faults_in(form->note); !faults.empty()) return unprocessable(faults);
  if (!lift_hold(call.tx, call.keys, record->what, form->note, call.actor.staff, call.now.wall))
    return http::problem(409, "not-held", "There is no hold on this record");
  call.audit.back().action = "lift-hold";
  return versioned(base::json::print(view_of(call, *record)), record->version);
}

http::Response note_death(Call& call) {
  auto record = person_record(call);
  if (!record) return record.error();
  if (auto open = call.open(Data::identity, Access::write, record->where, record->subject()); !open) return open.error();
  auto form = call.body<DeathForm>();
  if (!form) return form.error();
  if (const auto same = call.match(record->version); !same) return same.error();
  const auto date = form->date.value ? parse_date(form->date.value->get()) : std::nullopt;
  if (form->date.value && (!date || *date > trust_day(call.tx, call.now.wall)))
    return unprocessable({{"/date", "date", "Enter a date that is not in the future, like 2026-03-27"}});
  if (call.tx.run("UPDATE person SET version = version + 1 WHERE id = $1 AND version = $2", record->what.person, record->version) != 1)
    return changed_meanwhile();
  save_death(call.tx, call.keys, record->what.person, form->date.value);
  ++record->version;
  return versioned(base::json::print(view_of(call, *record)), record->version);
}

}  // namespace

void add_duties_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/people/{person}/duties", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = show<person_record>});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/{person}/hold", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 32 * 1024,
                                    .handler = hold<person_record>});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/{person}/hold/lift", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 32 * 1024,
                                    .handler = lift<person_record>});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/people/{person}/death", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 1024,
                                    .handler = note_death});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}/duties", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = show<group_record>});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups/{group}/hold", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 32 * 1024,
                                    .handler = hold<group_record>});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups/{group}/hold/lift", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change, .max_body = 32 * 1024,
                                    .handler = lift<group_record>});
}

}  // namespace care
