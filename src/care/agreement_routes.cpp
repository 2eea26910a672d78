// SPDX-License-Identifier: Apache-2.0
// See agreement_routes.h.
#include "care/agreement_routes.h"

#include "care/agreement_table.h"
#include "care/group_table.h"
#include "care/membership_table.h"
#include "care/zone.h"

namespace care {
namespace {

struct VersionAnswer {
  std::int64_t number = 0;
  AgreementText text;
  std::string madeAt;
  static constexpr auto fields() {
    using base::json::field;
    using A = VersionAnswer;
    return std::tuple{field("number", &A::number), field("text", &A::text), field("madeAt", &A::madeAt)};
  }
};
struct GroupsAnswer {
  base::json::Nullable<VersionAnswer> current;
  base::json::Nullable<AgreementText> model;  // the trust's template
  std::vector<AgreementVersionRow> versions;
  base::json::Nullable<std::vector<MembersAcceptance>> members;  // null where the actor may not see them
  static constexpr auto fields() {
    using base::json::field;
    using A = GroupsAnswer;
    return std::tuple{field("current", &A::current), field("template", &A::model), field("versions", &A::versions),
                      field("members", &A::members)};
  }
};
struct MineAnswer {
  base::json::Nullable<VersionAnswer> current;
  base::json::Nullable<Acceptance> accepted;
  bool ask = false;
  static constexpr auto fields() {
    using base::json::field;
    using A = MineAnswer;
    return std::tuple{field("current", &A::current), field("accepted", &A::accepted), field("ask", &A::ask)};
  }
};
struct NumberBody {
  std::int64_t number = 0;
  static constexpr auto fields() { return std::tuple{base::json::field("number", &NumberBody::number, {.least = 1, .most = 100'000})}; }
};
struct NotedBody {
  std::int64_t number = 0;
  HowAccepted how = HowAccepted::self;
  static constexpr auto fields() {
    return std::tuple{base::json::field("number", &NotedBody::number, {.least = 1, .most = 100'000}), base::json::field("how", &NotedBody::how)};
  }
};

VersionAnswer said(const Agreement& a) { return {.number = a.number, .text = a.text, .madeAt = iso_text(a.made)}; }
http::Response another_version() { return http::problem(409, "changed-since", "The agreement has changed. Read the newest version first"); }

http::Response groups_answer(Call& call, const GroupId& id, const Where& where) {
  const auto current = current_agreement(call.tx, call.keys, id);
  GroupsAnswer out{.current = {}, .model = {agreement_template(call.tx)}, .versions = agreement_versions(call.tx, call.keys, id), .members = {}};
  if (current) out.current.value = said(*current);
  const Verdict people = may(call.actor, Data::preparation, Access::read, where);
  if (people.allowed && !people.needs_reason) {
    if (auto open = call.open(Data::preparation, Access::read, where, {.kind = "group", .id = id.text, .person = {}}); !open) return open.error();
    out.members.value = acceptances_in(call.tx, call.keys, id, call.now.wall);
    const Verdict names = may(call.actor, Data::identity, Access::read, where);
    std::vector<NameOf> named;
    for (auto& each : *out.members.value) {
      call.note("read", Data::preparation, {.kind = "membership", .id = each.membership.text, .person = each.person});
      if (!names.allowed || names.needs_reason) each.name = {};
      if (each.name.value) named.push_back({each.person, &*each.name.value});
    }
    tell_apart(call.tx, call.keys, named);
  }
  return versioned(base::json::write(out), current ? current->number : 0);
}

struct Found {
  GroupId id;
  Where where;
};
OrAnswer<Found> group_of(Call& call, Access access) {
  auto id = call.path_id<GroupId>();
  if (!id) return std::unexpected(id.error());
  const auto group = load_group(call.tx, *id);
  if (!group) return std::unexpected(not_found());
  Found out{.id = *id, .where = where_of(*id, group->team)};
  const Verdict v = may(call.actor, Data::group_plan, Access::read, out.where);
  if (!v.allowed || v.limit == "dates only") return std::unexpected(not_found());
  if (auto open = call.open(Data::group_plan, access, out.where, {.kind = "group", .id = id->text, .person = {}}); !open)
    return std::unexpected(open.error());
  return out;
}

http::Response read_groups(Call& call) {
  const auto group = group_of(call, Access::read);
  return group ? groups_answer(call, group->id, group->where) : group.error();
}

http::Response write_groups(Call& call) {
  const auto group = group_of(call, Access::write);
  if (!group) return group.error();
  auto wanted = call.body<AgreementText>();
  if (!wanted) return wanted.error();
  lock_group(call.tx, group->id);
  const auto before = current_agreement(call.tx, call.keys, group->id);
  const std::int64_t number = before ? before->number : 0;
  if (auto match = call.match(number); !match) return match.error();
  const auto text = decide_agreement(std::move(*wanted), before);
  if (!text) return unprocessable(text.error());
  const auto made = add_agreement(call.tx, call.keys, call.entropy, group->id, number + 1, *text, call.actor.staff, call.now.wall);
  return created("/api/groups/" + group->id.text + "/agreement", base::json::write(said(made)), made.number);
}

// Noted by staff for a person who says it aloud or signed a sheet of paper.
template <class Id>
http::Response note_for(Call& call, const Id& who, std::string_view kind, const Membership& m) {
  const Where where = where_of(m);
  if (!may(call.actor, Data::membership, Access::read, where).allowed) return not_found();
  if (auto open = call.open(Data::preparation, Access::write, where, {.kind = kind, .id = who.text, .person = m.person}); !open)
    return open.error();
  const auto body = call.body<NotedBody>();
  if (!body) return body.error();
  if (body->how == HowAccepted::self)
    return unprocessable({{"/how", "not-self", "A person accepts for themselves on their own page"}});
  const auto current = current_agreement(call.tx, call.keys, m.group);
  if (!current || current->number != body->number) return another_version();
  accept_agreement(call.tx, current->id, who, body->how, call.actor.staff, call.now.wall);
  return no_content();
}

http::Response note_accepted(Call& call) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return id.error();
  const auto m = load_membership(call.tx, call.keys, *id);
  return m ? note_for(call, *id, "membership", *m) : not_found();
}
http::Response note_supporter_accepted(Call& call) {
  const auto id = call.path_id<SupporterId>();
  if (!id) return id.error();
  const auto place = place_of_supporter(call.tx, *id, call.now.wall);
  const auto m = place ? load_membership(call.tx, call.keys, place->membership) : std::nullopt;
  return m ? note_for(call, *id, "supporter", *m) : not_found();
}

// Whose page it is: the member's, or the one of somebody who comes along. A supporter reads and accepts the agreement beside the
// table (docs/access.md), and nothing else of the preparation.
struct Mine {
  GroupId group;
  MembershipId membership;
  SupporterId supporter;  // empty: the member
};
OrAnswer<Mine> mine(Call& call, Access access) {
  const bool supports = call.actor.kind == Actor::Kind::supporter;
  const auto m = load_membership(call.tx, call.keys, call.actor.membership);
  if (!m || (supports && !place_of_supporter(call.tx, call.actor.supporter, call.now.wall))) return std::unexpected(not_found());
  if (supports) {
    call.note(access == Access::read ? "read" : "change", Data::preparation,
              {.kind = "supporter", .id = call.actor.supporter.text, .person = m->person});
    return Mine{.group = m->group, .membership = m->id, .supporter = call.actor.supporter};
  }
  if (auto open = call.open(Data::preparation, access, where_of(*m), {.kind = "membership", .id = m->id.text, .person = m->person}); !open)
    return std::unexpected(open.error());
  return Mine{.group = m->group, .membership = m->id, .supporter = {}};
}

http::Response mine_answer(Call& call, const Mine& m) {
  const auto current = current_agreement(call.tx, call.keys, m.group);
  const auto accepted = m.supporter.empty() ? acceptance_of(call.tx, m.membership) : acceptance_of(call.tx, m.supporter);
  MineAnswer out{.current = {}, .accepted = {accepted},
                 .ask = is_to_be_asked(current, accepted ? std::optional(accepted->number) : std::nullopt)};
  if (current) out.current.value = said(*current);
  return http::json(base::json::write(out));
}

http::Response read_mine(Call& call) {
  const auto m = mine(call, Access::read);
  return m ? mine_answer(call, *m) : m.error();
}

http::Response accept_mine(Call& call) {
  const auto m = mine(call, Access::write);
  if (!m) return m.error();
  const auto body = call.body<NumberBody>();
  if (!body) return body.error();
  const auto current = current_agreement(call.tx, call.keys, m->group);
  if (!current || current->number != body->number) return another_version();
  if (m->supporter.empty())
    accept_agreement(call.tx, current->id, m->membership, HowAccepted::self, std::nullopt, call.now.wall);
  else
    accept_agreement(call.tx, current->id, m->supporter, HowAccepted::self, std::nullopt, call.now.wall);
  return mine_answer(call, *m);
}

}  // namespace

void add_agreement_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/groups/{group}/agreement",
                                    .permission = http::Permission::staff, .data = Data::group_plan, .access = Access::read,
                                    .audit = http::Audit::read_group, .max_body = 0, .handler = read_groups});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/groups/{group}/agreement",
                                    .permission = http::Permission::staff, .data = Data::group_plan, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 32 * 1024, .creates = true, .handler = write_groups});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/memberships/{membership}/agreement",
                                    .permission = http::Permission::staff, .data = Data::preparation, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 1'024, .handler = note_accepted});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/supporters/{supporter}/agreement",
                                    .permission = http::Permission::staff, .data = Data::preparation, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 1'024, .handler = note_supporter_accepted});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/mine/agreement",
                                    .permission = http::Permission::visitor, .data = Data::preparation, .access = Access::read,
                                    .audit = http::Audit::read_own, .max_body = 0, .beside = Actor::Kind::supporter, .handler = read_mine});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/mine/agreement",
                                    .permission = http::Permission::visitor, .data = Data::preparation, .access = Access::write,
                                    .audit = http::Audit::change, .max_body = 1'024, .beside = Actor::Kind::supporter,
                                    .handler = accept_mine});
}

}  // namespace care
