// SPDX-License-Identifier: Apache-2.0
// See alert_routes.h.
#include "safety/alert_routes.h"

#include <limits>

#include "care/group_routes.h"
#include "care/group_table.h"
#include "care/membership_routes.h"
#include "care/session_table.h"
#include "safety/alert_table.h"

namespace safety {
namespace {

using care::Access;
using care::Call;
using care::Data;
using care::OrAnswer;

struct NewBody {
  std::optional<care::MembershipId> membership;
  std::optional<care::SupporterId> supporter;
  AlertKind kind = AlertKind::worried;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("membership", &NewBody::membership), field("supporter", &NewBody::supporter), field("kind", &NewBody::kind)};
  }
};
struct WholeAlert {
  AlertRow alert;
  std::vector<AlertStepRow> steps;
  base::Redacted<std::string> note;
  std::vector<StaffRef> may_hold;
  static constexpr auto fields() {
    using base::json::field;
    using A = WholeAlert;
    return std::tuple{field("alert", &A::alert), field("steps", &A::steps), field("note", &A::note), field("mayHold", &A::may_hold)};
  }
};

http::Response refusal(AlertRefusal why) {
  switch (why) {
    case AlertRefusal::closed: return http::problem(409, "alert-closed", "This alert is closed already");
    case AlertRefusal::held_by_another: return http::problem(409, "held-by-another", "Somebody else holds this alert");
    case AlertRefusal::not_held: return http::problem(409, "not-held", "Take the alert first");
    case AlertRefusal::nothing_new: break;
  }
  return http::problem(409, "nothing-new", "They hold this alert already");
}

// The name and alias, as far as the actor may see them.
void show_allowed(Call& call, AlertRow& row) {
  care::show_allowed(call, care::where_of(row.group.id, row.team), {"alert", row.id.text, {}}, row.person, row.alias, nullptr);
}

// 404 where they may not know of the session; 403 where they may, and yet not of its alerts.
OrAnswer<void> open(Call& call, Access access, const care::Where& where, const care::Subject& subject) {
  const bool sees = may_see(call.actor, where);
  const bool knows = care::may(call.actor, Data::group_plan, Access::read, where).allowed;
  if (!sees) {
    call.note("refused", Data::incidents, subject);
    return std::unexpected(knows ? care::refused() : care::not_found());
  }
  if (auto opened = call.open(Data::incidents, access, where, subject); !opened) return std::unexpected(opened.error());
  return {};
}

OrAnswer<Alert> open_alert(Call& call, Access access) {
  const auto id = call.path_id<AlertId>();
  if (!id) return std::unexpected(id.error());
  const auto alert = load_alert(call.tx, *id);
  if (!alert) return std::unexpected(care::not_found());
  if (auto opened = open(call, access, alert->where(), {.kind = "alert", .id = id->text, .person = alert->person}); !opened)
    return std::unexpected(opened.error());
  return *alert;
}

OrAnswer<WholeAlert> whole(Call& call, const AlertId& id) {
  const auto alert = load_alert(call.tx, id);
  auto row = alert_row(call.tx, call.keys, id);
  if (!alert || !row) return std::unexpected(care::not_found());
  show_allowed(call, *row);
  return WholeAlert{.alert = std::move(*row), .steps = steps_of(call.tx, id), .note = note_of(call.tx, call.keys, id),
                    .may_hold = who_may_hold(call.tx, *alert, call.now.wall)};
}
http::Response answer(Call& call, const AlertId& id) {
  const auto all = whole(call, id);
  return all ? care::versioned(base::json::write(*all), all->alert.version) : all.error();
}

http::Response list(Call& call) {
  const auto state = call.query("state").value_or("open");
  if (state != "open" && state != "closed") return http::problem(400, "state", "An alert is open or closed");
  const auto page = care::page_of(call);
  if (!page) return page.error();
  const care::Actor actor = as_clinician(call.actor);
  if (actor.standings.empty()) return care::refused();
  AlertFilter filter{.open = state == "open", .before = {std::numeric_limits<std::int64_t>::max()}, .before_id = {}, .limit = page->limit};
  if (const auto stand = care::stand_of(*page); !stand.first.empty()) {
    filter.before.us = std::strtoll(stand.first.c_str(), nullptr, 10);
    filter.before_id = stand.second;
  }
  care::Listing<AlertRow> out;
  out.items = list_alerts(call.tx, call.keys, care::group_reach(actor, Data::incidents, Access::read), filter);
  if (std::cmp_equal(out.items.size(), page->limit))
    out.next.value = care::cursor_at(call, std::to_string(out.items.back().raised.us), out.items.back().id.text);
  for (AlertRow& row : out.items) {
    call.note("read", Data::incidents, {"alert", row.id.text, row.person.value ? row.person.value->id : care::PersonId{}});
    show_allowed(call, row);
  }
  return http::json(base::json::write(out));
}

http::Response create(Call& call) {
  const auto session = call.path_id<care::SessionId>();
  if (!session) return session.error();
  const auto place = care::load_session_place(call.tx, *session);
  if (!place) return care::not_found();
  const care::Where where = care::where_of(place->session.group, place->team);
  if (auto opened = open(call, Access::write, where, {.kind = "session", .id = session->text, .person = {}}); !opened) return opened.error();
  const auto body = call.body<NewBody>();
  if (!body) return body.error();
  if (body->membership.has_value() == body->supporter.has_value())
    return care::unprocessable({{"/membership", "missing", "Say whom it is about: a member or a supporter"}});
  const auto seat = seat_of(call.tx, *session, body->membership, body->supporter);
  if (!seat) return care::unprocessable({{body->membership ? "/membership" : "/supporter", "not-known", "This person has no seat at this session"}});
  const auto raised = raise(call.tx, call.entropy, {.session = *session, .seat = *seat, .kind = body->kind, .origin = Origin::at_register, .staff = call.actor.staff},
                            call.now.wall);
  if (!raised) return care::not_found();
  call.note("raise", Data::incidents, {"alert", raised->id.text, raised->person});
  const auto all = whole(call, raised->id);
  if (!all) return all.error();
  return care::created("/api/alerts/" + raised->id.text, base::json::write(*all), all->alert.version);
}

http::Response show(Call& call) {
  const auto alert = open_alert(call, Access::read);
  return alert ? answer(call, alert->id) : alert.error();
}

http::Response change_holder(Call& call) {
  const auto alert = open_alert(call, Access::write);
  if (!alert) return alert.error();
  const auto wanted = call.body<WantedHolder>();
  if (!wanted) return wanted.error();
  if (auto same = call.match(alert->version); !same) return same.error();
  std::vector<care::StaffId> possible;
  for (const auto& one : who_may_hold(call.tx, *alert, call.now.wall)) possible.push_back(one.id);
  if (wanted->holder.value && std::ranges::find(possible, *wanted->holder.value) == possible.end())
    return care::unprocessable({{"/holder", "not-possible", "Choose somebody who leads the team or facilitates the group"}});
  const auto change = decide_holder(alert->state, call.actor.staff, wanted->holder.value, possible);
  if (!change) return refusal(change.error());
  if (!save_holder(call.tx, *alert, *change, call.actor.staff, call.now.wall)) return care::changed_since();
  call.note(base::json::name_of(change->step), Data::incidents, {"alert", alert->id.text, alert->person});
  return answer(call, alert->id);
}

http::Response close(Call& call) {
  const auto alert = open_alert(call, Access::write);
  if (!alert) return alert.error();
  const auto wanted = call.body<WantedClose>();
  if (!wanted) return wanted.error();
  if (auto same = call.match(alert->version); !same) return same.error();
  if (const auto why = refuse_close(alert->state, call.actor.staff)) return refusal(*why);
  if (const auto faults = faults_in(*wanted); !faults.empty()) return care::unprocessable(faults);
  if (!save_closed(call.tx, call.keys, *alert, *wanted, call.actor.staff, call.now.wall)) return care::changed_since();
  call.note("close", Data::incidents, {"alert", alert->id.text, alert->person});
  return answer(call, alert->id);
}

}  // namespace

void add_alert_routes(http::Site& site, care::Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/alerts", .permission = http::Permission::staff,
                                    .data = Data::incidents, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = list});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/sessions/{session}/alerts", .permission = http::Permission::staff,
                                    .data = Data::incidents, .access = Access::write, .audit = http::Audit::change, .max_body = 1'024,
                                    .creates = true, .handler = create});
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/alerts/{alert}", .permission = http::Permission::staff,
                                    .data = Data::incidents, .access = Access::read, .audit = http::Audit::read_person, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/alerts/{alert}/holder", .permission = http::Permission::staff,
                                    .data = Data::incidents, .access = Access::write, .audit = http::Audit::change, .max_body = 1'024,
                                    .handler = change_holder});
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/alerts/{alert}/close", .permission = http::Permission::staff,
                                    .data = Data::incidents, .access = Access::write, .audit = http::Audit::change, .max_body = 8 * 1'024,
                                    .handler = close});
}

}  // namespace safety
