// SPDX-License-Identifier: Apache-2.0
// See membership_routes.h.
#include "care/membership_routes.h"

#include "care/group_routes.h"
#include "care/group_table.h"

namespace care {
namespace {

constexpr std::size_t kMostBody = 16 * 1024;

struct NewMember {
  PersonId person;
  static constexpr auto fields() { return std::tuple{base::json::field("person", &NewMember::person)}; }
};

void show_allowed(Call& call, const Where& group, MembershipRow& row) {
  care::show_allowed(call, group, {"membership", row.id.text, {}}, row.person, row.alias, &row.disguise);
}

http::Response list(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  const auto group = open_group(call, *id, Data::membership, Access::read);
  if (!group) return group.error();
  const auto page = page_of(call);
  if (!page) return page.error();
  Listing<MembershipRow> out;
  out.items = members_of(call.tx, call.keys, *id, std::strtoll(page->after.c_str(), nullptr, 10), page->limit);
  if (std::cmp_equal(out.items.size(), page->limit)) out.next.value = cursor(call, std::to_string(out.items.back().seat));
  std::vector<NameOf> named;
  for (MembershipRow& row : out.items) {
    show_allowed(call, where_of(*id, group->team), row);
    if (row.person.value) named.push_back({row.person.value->id, &row.person.value->name});
  }
  tell_apart(call.tx, call.keys, named);
  return http::json(base::json::write(out));
}

// A person whom the actor may know: else it would tell that there is such a person. Not by what was opened for an hour or with a reason:
// a membership would make that last.
bool knows(const Call& call, const PersonId& person) {
  const auto where = where_of_person(call.tx, person);
  if (!where) return false;
  const Verdict verdict = may(call.actor, Data::identity, Access::read, *where);
  return verdict.allowed && !verdict.broke_glass && !verdict.needs_reason;
}

http::Response row_answer(Call& call, const MembershipId& id, const Where& where, bool made) {
  auto row = membership_row(call.tx, call.keys, id);
  if (!row) return not_found();
  show_allowed(call, where, *row);
  return made ? created("/api/memberships/" + id.text, base::json::write(*row), row->version) : versioned(base::json::write(*row), row->version);
}

http::Response show(Call& call) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return id.error();
  const auto m = load_membership(call.tx, call.keys, *id);
  if (!m) return not_found();
  const auto open = open_in_group(call, Data::membership, Access::read, where_of(*m), {"membership", id->text, m->person});
  return open ? row_answer(call, *id, where_of(*m), false) : open.error();
}

http::Response add(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  lock_group(call.tx, *id);
  const auto group = open_group(call, *id, Data::group_plan, Access::write);
  if (!group) return group.error();
  if (const auto open = still_open(*group); !open) return open.error();
  const auto wanted = call.body<NewMember>();
  if (!wanted) return wanted.error();
  if (!knows(call, wanted->person)) return unprocessable({{"/person", "not-known", "Choose a person of your teams or groups"}});
  if (is_in_group(call.tx, *id, wanted->person)) return unprocessable({{"/person", "member-there", "This person is in the group already"}});
  const MembershipId made = refer(call.tx, call.entropy, *id, wanted->person, call.actor.staff, call.now.wall);
  call.note("create", Data::membership, {"membership", made.text, wanted->person});
  return row_answer(call, made, where_of(*id, group->team), true);
}

OrAnswer<Membership> open_membership(Call& call, Data data) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return std::unexpected(id.error());
  auto m = load_membership(call.tx, call.keys, *id);
  if (!m) return std::unexpected(not_found());
  if (auto open = open_in_group(call, data, Access::write, where_of(*m), {"membership", id->text, m->person}); !open)
    return std::unexpected(std::move(open.error()));
  lock_group(call.tx, m->group);
  m = load_membership(call.tx, call.keys, *id);  // as it is, now that nobody else can change it
  if (!m) return std::unexpected(not_found());
  return std::move(*m);
}

AroundStep around_step(Call& call, const Membership& m, const WantedStep& wanted) {
  AroundStep out{.state = m.state, .group = m.group, .capacity = 0, .places_taken = places_taken(call.tx, m.group), .target_open = false,
                 .member_there = false};
  if (const auto group = load_group(call.tx, m.group)) out.capacity = group->capacity;
  if (!wanted.moved_to || *wanted.moved_to == m.group) return out;
  lock_group(call.tx, *wanted.moved_to);
  const auto target = load_group(call.tx, *wanted.moved_to);
  if (!target) return out;
  out.target_open = !target->closed.value_or(false) &&
                    may(call.actor, Data::group_plan, Access::write, where_of(*wanted.moved_to, target->team)).allowed;
  out.member_there = is_in_group(call.tx, *wanted.moved_to, m.person);
  return out;
}

http::Response step(Call& call) {
  const auto m = open_membership(call, Data::group_plan);
  if (!m) return m.error();
  const auto wanted = call.body<WantedStep>();
  if (!wanted) return wanted.error();
  if (const auto same = match_if_given(call, m->version); !same) return same.error();
  const auto decided = decide_step(*wanted, around_step(call, *m, *wanted));
  if (!decided) return unprocessable(decided.error());
  if (!save_step(call.tx, call.keys, call.entropy, *m, *decided, call.actor.staff, call.now.wall)) return changed_since();
  if (decided->moved_to) call.note("change", Data::group_plan, {"group", decided->moved_to->text, m->person});
  return row_answer(call, m->id, where_of(*m), false);
}

http::Response card(Call& call) {
  const auto m = open_membership(call, Data::booking_card);
  if (!m) return m.error();
  const auto wanted = call.body<Card>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(m->version); !same) return same.error();
  auto others = aliases_of_members(call.tx, call.keys, m->group, m->person);
  for (auto& alias : aliases_of_facilitators(call.tx, m->group)) others.push_back(std::move(alias));
  const auto decided = decide_card(*wanted, others);
  if (!decided) return unprocessable(decided.error());
  if (!save_card(call.tx, call.keys, *m, *decided)) return changed_since();
  return row_answer(call, m->id, where_of(*m), false);
}

}  // namespace

void show_allowed(Call& call, const Where& group, const Subject& subject, base::json::Nullable<PersonRef>& person,
                  base::Redacted<std::string>& alias, Disguise* disguise) {
  if (!person.value) return;
  Where where = group;
  where.person = person.value->id;
  const Subject of_person{subject.kind, subject.id, where.person};
  if (!may(call.actor, Data::booking_card, Access::read, where).allowed) {
    alias = {};
    if (disguise != nullptr) *disguise = {};
  }
  const Verdict named = may(call.actor, Data::identity, Access::read, where);
  if (!named.allowed || (named.needs_reason && !call.reason())) {
    person.value = std::nullopt;
  } else {
    (void)call.open(Data::identity, Access::read, where, of_person);
  }
}

void add_membership_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}/members", .permission = http::Permission::staff,
                                    .data = Data::membership, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0,
                                    .handler = list});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups/{group}/members", .permission = http::Permission::staff,
                                    .data = Data::group_plan, .access = Access::write, .audit = http::Audit::change, .max_body = kMostBody,
                                    .creates = true, .handler = add});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/memberships/{membership}", .permission = http::Permission::staff,
                                    .data = Data::membership, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0,
                                    .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/memberships/{membership}/state",
                                    .permission = http::Permission::staff, .data = Data::group_plan, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = step});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/memberships/{membership}/card",
                                    .permission = http::Permission::staff, .data = Data::booking_card, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = kMostBody, .handler = card});
}

}  // namespace care
