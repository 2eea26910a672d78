// SPDX-License-Identifier: Apache-2.0
// The tables safety_alert and safety_alert_step. While an alert is open the place that its person said is kept (care/today_place_table).
// What came of it is sealed. Not here: who may do what (alert.h). One thread a transaction.
#pragma once
#include <optional>
#include <vector>

#include "care/group_reach_table.h"
#include "care/membership_table.h"
#include "safety/alert.h"
#include "store/key_ring.h"

namespace safety {

struct NewAlert {
  care::SessionId session;
  std::int64_t seat = 0;
  AlertKind kind = AlertKind::worried;
  Origin origin = Origin::room;
  std::optional<care::StaffId> staff;  // nothing: the person themselves, or the service
};
struct Raised {
  AlertId id;
  care::PersonId person;  // whose alert: the member, or the one whom the supporter came along with
  bool fresh = false;     // false: it was open already
};
// Nothing where the seat is no member's and no supporter's of that session's group.
[[nodiscard]] std::optional<Raised> raise(store::Transaction& tx, base::Entropy& entropy, const NewAlert& alert, base::WallTime now);
// The same for the service itself, from what the call told, with its audit row.
[[nodiscard]] std::optional<Raised> raise_from_call(store::Transaction& tx, base::Entropy& entropy, const care::SessionId& session, std::int64_t seat,
                                                    AlertKind kind, base::WallTime now);
// The seat of a membership or of a supporter at a session of their group.
[[nodiscard]] std::optional<std::int64_t> seat_of(store::Transaction& tx, const care::SessionId& session, const std::optional<care::MembershipId>& membership,
                                                  const std::optional<care::SupporterId>& supporter);

struct Alert {
  AlertId id;
  std::int64_t version = 1;
  care::SessionId session;
  std::int64_t seat = 0;
  care::GroupId group;
  care::TeamId team;
  care::PersonId person;
  AlertState state;
  [[nodiscard]] care::Where where() const { return {.teams = {team}, .groups = {group}, .person = person, .staff = {}}; }
};
[[nodiscard]] std::optional<Alert> load_alert(store::Transaction& tx, const AlertId& id);
[[nodiscard]] bool holds_alert(store::Transaction& tx, const care::StaffId& staff, const care::SessionId& session, std::int64_t seat);
// False: changed since.
[[nodiscard]] bool save_holder(store::Transaction& tx, const Alert& alert, const HolderChange& change, const care::StaffId& by, base::WallTime now);
// Its person's place goes in its time from now on, unless something else keeps it. False: changed since.
[[nodiscard]] bool save_closed(store::Transaction& tx, const store::KeyRing& keys, const Alert& alert, const WantedClose& wanted, const care::StaffId& by,
                               base::WallTime now);

// As the API says it.
struct StaffRef {
  care::StaffId id;
  std::string name;
  static constexpr auto fields() { return std::tuple{base::json::field("id", &StaffRef::id), base::json::field("name", &StaffRef::name)}; }
};
// Who may hold it: the group's facilitators and the team's leads, in order of names.
[[nodiscard]] std::vector<StaffRef> who_may_hold(store::Transaction& tx, const Alert& alert, base::WallTime now);

struct AlertRow {
  AlertId id;
  std::int64_t version = 1;
  care::SessionId session;
  std::int64_t number = 0;  // of the session in its group
  care::GroupRef group;
  std::int64_t seat = 0;
  base::json::Nullable<care::PersonRef> person;  // null where the actor may not see who, or it is a supporter
  base::Redacted<std::string> alias;
  bool supporter = false;
  AlertKind kind = AlertKind::worried;  // as it was raised last
  std::string raised_at;
  base::json::Nullable<StaffRef> holder;
  bool place_given = false;
  base::json::Nullable<std::string> closed_at;
  base::json::Nullable<AlertOutcome> outcome;
  care::TeamId team;      // not said
  base::WallTime raised;  // not said: what lists sort by
  static constexpr auto fields() {
    using base::json::field;
    using R = AlertRow;
    return std::tuple{field("id", &R::id),           field("version", &R::version), field("session", &R::session),
                      field("number", &R::number),   field("group", &R::group),     field("seat", &R::seat),
                      field("person", &R::person),   field("alias", &R::alias),     field("supporter", &R::supporter),
                      field("kind", &R::kind),       field("raisedAt", &R::raised_at), field("holder", &R::holder),
                      field("placeGiven", &R::place_given), field("closedAt", &R::closed_at), field("outcome", &R::outcome)};
  }
};
struct AlertFilter {
  bool open = true;  // else closed
  base::WallTime before;  // raised before this, then by id
  std::string before_id;
  std::int64_t limit = 50;
};
// The newest first, of the groups within reach.
[[nodiscard]] std::vector<AlertRow> list_alerts(store::Transaction& tx, const store::KeyRing& keys, const care::GroupReach& reach, const AlertFilter& filter);
[[nodiscard]] std::vector<AlertRow> open_alerts_of(store::Transaction& tx, const store::KeyRing& keys, const care::SessionId& session);
[[nodiscard]] std::optional<AlertRow> alert_row(store::Transaction& tx, const store::KeyRing& keys, const AlertId& id);

struct AlertStepRow {
  std::string at;
  AlertStep what = AlertStep::raised;
  base::json::Nullable<AlertKind> kind;
  base::json::Nullable<Origin> origin;
  std::string by, to;  // names of staff; empty: the person themselves, or the service; nobody
  static constexpr auto fields() {
    using base::json::field;
    using R = AlertStepRow;
    return std::tuple{field("at", &R::at),         field("what", &R::what), field("kind", &R::kind),
                      field("origin", &R::origin), field("by", &R::by),     field("to", &R::to)};
  }
};
[[nodiscard]] std::vector<AlertStepRow> steps_of(store::Transaction& tx, const AlertId& id);
[[nodiscard]] base::Redacted<std::string> note_of(store::Transaction& tx, const store::KeyRing& keys, const AlertId& id);

}  // namespace safety
