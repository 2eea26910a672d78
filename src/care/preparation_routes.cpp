// SPDX-License-Identifier: Apache-2.0
// See preparation_routes.h.
#include "care/preparation_routes.h"

#include <algorithm>

#include "care/group_table.h"
#include "care/membership_table.h"
#include "care/preparation_table.h"
#include "care/zone.h"

namespace care {
namespace {

struct PreparationAnswer {
  MembershipId membership;
  std::int64_t version = 0;
  GroupRef group;
  base::json::Nullable<PersonRef> person;  // null where the actor may not see who
  MembershipState state = MembershipState::referred;
  PreparationRecord record;
  ConflictCheck conflict;
  std::string alias;
  Disguise disguise;
  std::vector<ComingSession> sessions;
  std::vector<Part> missing;
  base::json::Nullable<std::string> finishedAt;
  static constexpr auto fields() {
    using base::json::field;
    using A = PreparationAnswer;
    return std::tuple{field("membership", &A::membership), field("version", &A::version),   field("group", &A::group),
                      field("person", &A::person),         field("state", &A::state),       field("record", &A::record),
                      field("conflict", &A::conflict),     field("alias", &A::alias),       field("disguise", &A::disguise),
                      field("sessions", &A::sessions),     field("missing", &A::missing),   field("finishedAt", &A::finishedAt)};
  }
};

Subject about(const Membership& m) { return {.kind = "membership", .id = m.id.text, .person = m.person}; }

bool sees(const Call& call, Data data, const Membership& m) {
  const Verdict v = may(call.actor, data, Access::read, where_of(m));
  return v.allowed && !v.needs_reason;
}

http::Response answer(Call& call, const Membership& m, const Preparation& p) {
  PreparationAnswer out{.membership = m.id, .version = p.version, .group = {m.group, m.group_name}, .person = {}, .state = m.state,
                        .record = p.record, .conflict = p.conflict, .alias = {}, .disguise = {}, .sessions = {},
                        .missing = missing_before_first(p.record), .finishedAt = {}};
  if (sees(call, Data::booking_card, m)) {
    if (m.alias) out.alias = m.alias->get();
    out.disguise = m.disguise;
  }
  if (sees(call, Data::attendance, m)) out.sessions = coming_sessions(call.tx, m.group, m.id, call.now.wall);
  if (sees(call, Data::identity, m))
    if (auto row = membership_row(call.tx, call.keys, m.id)) out.person = std::move(row->person);
  if (p.finished) out.finishedAt.value = iso_text(*p.finished);
  return versioned(base::json::write(out), p.version);
}

OrAnswer<Membership> membership_of(Call& call, Access access) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return std::unexpected(id.error());
  auto m = load_membership(call.tx, call.keys, *id);
  if (!m) return std::unexpected(not_found());
  // Who may not know that the person is in the group is told that there is nothing.
  const Where where = where_of(*m);
  if (!may(call.actor, Data::preparation, access, where).allowed && !may(call.actor, Data::membership, Access::read, where).allowed)
    return std::unexpected(not_found());
  if (auto open = call.open(Data::preparation, access, where, about(*m)); !open) return std::unexpected(open.error());
  return std::move(*m);
}

http::Response read(Call& call) {
  const auto m = membership_of(call, Access::read);
  if (!m) return m.error();
  return answer(call, *m, load_preparation(call.tx, call.keys, m->id));
}

std::vector<base::Redacted<std::string>> others_in(Call& call, const Membership& m) {
  auto out = aliases_of_members(call.tx, call.keys, m.group, m.person);
  for (auto& each : aliases_of_facilitators(call.tx, m.group)) out.push_back(std::move(each));
  return out;
}

// Alias and disguise stand with the membership: one place, whichever page changes them.
OrAnswer<void> save_agreed_card(Call& call, const Membership& m, const WantedPreparation& wanted) {
  const bool same = (m.alias ? m.alias->get() : std::string()) == wanted.alias && m.disguise == wanted.disguise;
  if (same) return {};
  if (auto open = call.open(Data::booking_card, Access::write, where_of(m), about(m)); !open) return std::unexpected(open.error());
  if (!save_card(call.tx, call.keys, m, {.alias = base::Redacted<std::string>(wanted.alias), .disguise = wanted.disguise}))
    return std::unexpected(answer_of(store::StoreError::conflict));
  return {};
}

OrAnswer<void> save_ways(Call& call, const Membership& m, const std::vector<ComingSession>& coming, const WantedPreparation& wanted) {
  for (const PlannedWay& each : wanted.sessions) {
    const auto before = std::ranges::find(coming, each.session, &ComingSession::id);
    if (before == coming.end() || before->way == each.way) continue;
    if (auto open = call.open(Data::attendance, Access::write, where_of(m), about(m)); !open) return std::unexpected(open.error());
    plan_session(call.tx, call.entropy, m.id, each, call.now.wall);
  }
  return {};
}

http::Response save(Call& call) {
  auto m = membership_of(call, Access::write);
  if (!m) return m.error();
  auto wanted = call.body<WantedPreparation>();
  if (!wanted) return wanted.error();
  wanted->alias = trimmed(wanted->alias);  // as a card keeps it
  const Preparation before = load_preparation(call.tx, call.keys, m->id);
  if (auto match = call.match(before.version); !match) return match.error();
  lock_group(call.tx, m->group);
  const auto coming = coming_sessions(call.tx, m->group, m->id, call.now.wall);
  std::vector<SessionId> ids;
  for (const auto& s : coming) ids.push_back(s.id);
  if (const auto faults = faults_in(*wanted, others_in(call, *m), ids, before.record); !faults.empty()) return unprocessable(faults);
  if (!save_preparation(call.tx, call.keys, m->id, before, *wanted, call.actor.staff, call.now.wall))
    return answer_of(store::StoreError::conflict);
  if (auto card = save_agreed_card(call, *m, *wanted); !card) return card.error();
  if (auto ways = save_ways(call, *m, coming, *wanted); !ways) return ways.error();
  const auto after = load_membership(call.tx, call.keys, m->id);
  return answer(call, after ? *after : *m, load_preparation(call.tx, call.keys, m->id));
}

http::Response finish_preparation(Call& call) {
  auto m = membership_of(call, Access::write);
  if (!m) return m.error();
  lock_group(call.tx, m->group);
  const Preparation before = load_preparation(call.tx, call.keys, m->id);
  if (auto match = call.match(before.version); !match) return match.error();
  const auto next = finish(before.record, m->state);
  if (!next) return unprocessable(next.error());
  if (!save_finished(call.tx, m->id, before.version, call.now.wall)) return answer_of(store::StoreError::conflict);
  if (*next) {
    const auto group = load_group(call.tx, m->group);
    WantedStep wanted;
    wanted.state = **next;
    AroundStep around;
    around.state = m->state;
    around.group = m->group;
    around.capacity = group ? group->capacity : 0;
    around.places_taken = places_taken(call.tx, m->group);
    const auto step = decide_step(wanted, around);
    if (!step) return unprocessable(step.error());
    if (!save_step(call.tx, call.keys, call.entropy, *m, *step, call.actor.staff, call.now.wall))
      return answer_of(store::StoreError::conflict);
    call.note("prepared", Data::membership, about(*m));
  }
  const auto after = load_membership(call.tx, call.keys, m->id);
  return answer(call, after ? *after : *m, load_preparation(call.tx, call.keys, m->id));
}

struct ReadinessAnswer {
  std::vector<Readiness> items;
  base::json::Nullable<std::string> next;
  static constexpr auto fields() {
    return std::tuple{base::json::field("items", &ReadinessAnswer::items), base::json::field("next", &ReadinessAnswer::next)};
  }
};

http::Response readiness(Call& call) {
  const auto id = call.path_id<GroupId>();
  if (!id) return id.error();
  const auto group = load_group(call.tx, *id);
  if (!group) return not_found();
  const Where where = where_of(*id, group->team);
  if (!may(call.actor, Data::group_plan, Access::read, where).allowed) return not_found();
  const Subject subject{.kind = "group", .id = id->text, .person = {}};
  if (auto open = call.open(Data::preparation, Access::read, where, subject); !open) return open.error();
  ReadinessAnswer out{.items = readiness_of(call.tx, call.keys, *id, call.now.wall), .next = {}};
  // A person reads on their own page who looked at what is theirs, in a list too.
  for (const auto& each : out.items) call.note("read", Data::preparation, {.kind = "membership", .id = each.membership.text, .person = each.person});
  const Verdict names = may(call.actor, Data::identity, Access::read, where);
  std::vector<NameOf> named;
  if (names.allowed && !names.needs_reason)
    for (auto& each : out.items)
      if (auto row = membership_row(call.tx, call.keys, each.membership); row && row->person.value) {
        each.name.value = std::move(row->person.value->name);
        named.push_back({each.person, &*each.name.value});
      }
  tell_apart(call.tx, call.keys, named);
  return http::json(base::json::write(out));
}

}  // namespace

void add_preparation_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/memberships/{membership}/preparation",
                                    .permission = http::Permission::staff, .data = Data::preparation, .access = Access::read,
                                    .audit = http::Audit::read_person, .max_body = 0, .handler = read});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/memberships/{membership}/preparation",
                                    .permission = http::Permission::staff, .data = Data::preparation, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 256 * 1024, .handler = save});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/memberships/{membership}/preparation/finish",
                                    .permission = http::Permission::staff, .data = Data::preparation, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 0, .handler = finish_preparation});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}/readiness",
                                    .permission = http::Permission::staff, .data = Data::preparation, .access = Access::read,
                                    .audit = http::Audit::read_group, .max_body = 0, .handler = readiness});
}

}  // namespace care
