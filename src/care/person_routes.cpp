// SPDX-License-Identifier: Apache-2.0
// See person_routes.h.
#include "care/person_routes.h"

#include "care/person_membership_table.h"
#include "care/team_settings_table.h"
#include "care/trust_clock_table.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = std::size_t{64} * 1024;

struct NewPerson {
  TeamId team;
  Identity identity;
  Needs needs;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple(field("team", &NewPerson::team), field("identity", &NewPerson::identity), field("needs", &NewPerson::needs));
  }
};

Subject subject_of(const PersonId& id) { return {.kind = "person", .id = id.text, .person = id}; }

template <class T>
boost::json::value json_of(const T& value) {
  return base::json::Codec<T>::write(value);
}

// A part that the actor may not see is missing. The first error is that of a reason that is wanted.
OrAnswer<void> add_identity(Call& call, const PersonPlace& place, boost::json::object& out) {
  const PersonId& id = place.where.person;
  if (!may(call.actor, Data::identity, Access::read, place.where).allowed) return {};
  if (auto open = open_person(call, Data::identity, Access::read, place); !open) return std::unexpected(std::move(open.error()));
  out["identity"] = json_of(load_identity(call.tx, call.keys, id));
  const auto deprivation = load_deprivation(call.tx, id);
  out["deprivation"] = deprivation ? json_of(*deprivation) : boost::json::value(nullptr);
  return {};
}
OrAnswer<void> add_needs(Call& call, const PersonPlace& place, boost::json::object& out) {
  if (!may(call.actor, Data::needs, Access::read, place.where).allowed) return {};
  const auto open = open_person(call, Data::needs, Access::read, place);
  if (!open) return std::unexpected(open.error());
  Needs needs = load_needs(call.tx, call.keys, place.where.person);
  if (call.actor.kind == Actor::Kind::supporter) needs = for_supporter(supporter_kind(call.tx, call.actor.supporter), needs);
  out["needs"] = json_of(needs);
  return {};
}
OrAnswer<void> add_memberships(Call& call, const PersonPlace& place, boost::json::object& out) {
  auto visible = visible_memberships(call.tx, call.keys, call.actor, place);
  const bool all = may(call.actor, Data::membership, Access::read, place.where).allowed;
  if (visible.rows.empty()) {
    if (all) out["memberships"] = boost::json::array{};
    return {};
  }
  if (auto open = call.open(Data::membership, Access::read, visible.where, subject_of(place.where.person)); !open)
    return std::unexpected(std::move(open.error()));
  out["memberships"] = std::move(visible.rows);
  return {};
}

OrAnswer<std::string> view_of(Call& call, const PersonPlace& place) {
  boost::json::object out{{"id", place.where.person.text}, {"version", place.version}, {"team", place.team.text}};
  const std::size_t bare = out.size();
  for (const auto add : {add_identity, add_needs, add_memberships})
    if (auto done = add(call, place, out); !done) return std::unexpected(std::move(done.error()));
  if (out.size() == bare) {
    auto refusal = open_person(call, Data::identity, Access::read, place);  // notes that it was asked for
    return std::unexpected(refusal ? not_found() : std::move(refusal.error()));
  }
  return base::json::print(out);
}

http::Response show(Call& call) {
  const auto place = person_of_path(call);
  if (!place) return place.error();
  auto view = view_of(call, *place);
  if (!view) return view.error();
  return versioned(std::move(*view), place->version);
}

// After a change: the record as it is now.
http::Response show_again(Call& call, const PersonId& id, bool is_new) {
  const auto place = find_person(call.tx, id);
  if (!place) return not_found();
  auto view = view_of(call, *place);
  if (!view) return view.error();
  return is_new ? created("/api/people/" + id.text, std::move(*view), place->version) : versioned(std::move(*view), place->version);
}

FieldFault taken(std::string_view at) {
  return {std::string(at) + "/nhsNumber", "nhs-number-taken", "Another record has this NHS number. Search for it before you make a new one"};
}

http::Response add(Call& call) {
  auto typed = call.body<NewPerson>();
  if (!typed) return typed.error();
  const auto id = base::new_id<PersonId>(call.entropy, call.now.wall);
  const Where where{.teams = {typed->team}, .groups = {}, .person = id, .staff = {}};
  if (auto open = call.open(Data::identity, Access::write, where, subject_of(id)); !open) return open.error();
  auto identity = settle(std::move(typed->identity), trust_day(call.tx, call.now.wall), "/identity");
  auto needs = settle(std::move(typed->needs), "/needs");
  FieldFaults faults;
  if (!take_open_team(call.tx, typed->team)) faults.push_back({"/team", "team", "Choose a team"});
  if (!identity) faults.insert(faults.end(), identity.error().begin(), identity.error().end());
  if (!needs) faults.insert(faults.end(), needs.error().begin(), needs.error().end());
  if (identity && nhs_number_taken(call.tx, call.keys, identity->nhs_number, {})) faults.push_back(taken("/identity"));
  if (!faults.empty()) return unprocessable(faults);
  insert_person(call.tx, call.keys, call.entropy, id, typed->team, *identity, *needs, call.now.wall);
  call.note("create", Data::identity, subject_of(id));
  return show_again(call, id, true);
}

// Somebody confirmed the address that stood there. Help is sent to a confirmed one.
void forget_confirmation(const Contacts& before, Contacts& after) {
  const auto text = [](const Personal& p) { return p.get(); };
  const bool same = before.postcode.get() == after.postcode.get() && std::ranges::equal(before.address, after.address, {}, text, text);
  const auto day = [](const Contacts& c) { return c.address_confirmed.value ? c.address_confirmed.value->get() : std::string(); };
  if (!same && day(before) == day(after)) after.address_confirmed.value.reset();
}

http::Response change_identity(Call& call) {
  const auto place = person_of_path(call);
  if (!place) return place.error();
  const PersonId& id = place->where.person;
  if (auto open = open_person(call, Data::identity, Access::write, *place); !open) return open.error();
  auto typed = call.body<Identity>();
  if (!typed) return typed.error();
  if (auto same = call.match(place->version); !same) return same.error();
  auto identity = settle(std::move(*typed), trust_day(call.tx, call.now.wall), "");
  if (!identity) return unprocessable(identity.error());
  if (nhs_number_taken(call.tx, call.keys, identity->nhs_number, id)) return unprocessable({taken("")});
  forget_confirmation(load_identity(call.tx, call.keys, id).contacts, identity->contacts);
  if (!update_identity(call.tx, call.keys, id, place->version, *identity, call.now.wall)) return changed_meanwhile();
  return show_again(call, id, false);
}

http::Response change_needs(Call& call) {
  const auto place = person_of_path(call);
  if (!place) return place.error();
  const PersonId& id = place->where.person;
  if (auto open = open_person(call, Data::needs, Access::write, *place); !open) return open.error();
  auto typed = call.body<Needs>();
  if (!typed) return typed.error();
  if (auto same = call.match(place->version); !same) return same.error();
  const auto needs = settle(std::move(*typed), "");
  if (!needs) return unprocessable(needs.error());
  if (!update_needs(call.tx, call.keys, call.entropy, id, place->version, *needs, call.now.wall)) return changed_meanwhile();
  return show_again(call, id, false);
}

}  // namespace

OrAnswer<PersonPlace> person_of_path(Call& call) {
  const auto id = call.path_id<PersonId>();
  if (!id) return std::unexpected(id.error());
  auto place = find_person(call.tx, *id);
  if (!place) return std::unexpected(not_found());
  return std::move(*place);
}

OrAnswer<Verdict> open_person(Call& call, Data data, Access access, const PersonPlace& place) {
  auto open = call.open(data, access, place.where, subject_of(place.where.person));
  if (open) return open;
  const bool knows = may(call.actor, Data::identity, Access::read, place.where).allowed ||
                     may(call.actor, Data::needs, Access::read, place.where).allowed;
  return std::unexpected(knows ? std::move(open.error()) : not_found());
}

http::Response changed_meanwhile() {
  return http::problem(412, "changed-since", "Somebody else has changed this since you opened it");
}

void add_person_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people", .permission = http::Permission::staff,
                                    .data = Data::identity, .access = Access::write, .audit = http::Audit::change,
                                    .max_body = kMostBody, .creates = true, .handler = add});
  // The row of the table that reaches as far as any part of the answer; each part asks its own.
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/people/{person}",
                                    .permission = http::Permission::staff_or_visitor, .data = Data::membership, .access = Access::read,
                                    .audit = http::Audit::read_person, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/people/{person}/identity",
                                    .permission = http::Permission::staff, .data = Data::identity, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = change_identity});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/people/{person}/needs",
                                    .permission = http::Permission::staff_or_visitor, .data = Data::needs, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = change_needs});
}

}  // namespace care
