// SPDX-License-Identifier: Apache-2.0
// A trust of two teams with one member of one group, all invented, for tests of links and messages; written by SQL, so that
// they need no other slice. Not for the product. One thread.
#pragma once
#include <gtest/gtest.h>

#include "care/desk_routes.h"
#include "store/database_for_tests.h"

namespace care {

struct SmallTrust {
  TrustId trust{"0198c0de-0000-7000-8000-000000000001"};
  ServiceId service{"0198c0de-0000-7000-8000-000000000002"};
  TeamId team{"0198c0de-0000-7000-8000-000000000003"}, other_team{"0198c0de-0000-7000-8000-000000000004"};
  StaffId staff{"0198c0de-0000-7000-8000-000000000005"};
  static constexpr const char* staff_role = "0198c0de-0000-7000-8000-000000000015";
  PersonId person{"0198c0de-0000-7000-8000-000000000006"}, other_person{"0198c0de-0000-7000-8000-000000000016"};
  GroupId group{"0198c0de-0000-7000-8000-000000000007"};
  MembershipId membership{"0198c0de-0000-7000-8000-000000000008"}, other_membership{"0198c0de-0000-7000-8000-000000000018"};
  SessionId session{"0198c0de-0000-7000-8000-000000000009"};
  SupporterId supporter{"0198c0de-0000-7000-8000-00000000000a"};
  static constexpr std::int64_t kMinute = 60'000'000;

  static base::Redacted<std::string> text(std::string t) { return base::Redacted<std::string>(std::move(t)); }

  void add_person(store::Transaction& t, const store::KeyRing& keys, const PersonId& id, const std::string& name, const std::string& contacts,
                  const std::string& safe, const std::string& preferences, const std::string& born) const {
    t.run("INSERT INTO person (id, version, team, legal_name_sealed, birth_date_sealed, contacts_sealed, safe_contact_sealed, "
          "preferences_sealed, made_us, changed_us) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 0, 0)", id, team,
          keys.seal({"person.legal_name"}, id.text, text(name)), keys.seal({"person.birth_date"}, id.text, text(born)),
          keys.seal({"person.contacts"}, id.text, text(contacts)), keys.seal({"person.safe_contact"}, id.text, text(safe)),
          keys.seal({"person.preferences"}, id.text, text(preferences)));
  }
  void add_member(store::Transaction& t, const store::KeyRing& keys, const MembershipId& id, const PersonId& who, int seat,
                  const std::string& alias) const {
    t.run("INSERT INTO membership (id, version, group_id, person, state, reason, moved_to, alias_sealed, disguise_sealed, seat, made_us, changed_us) "
          "VALUES ($1, 1, $2, $3, 'prepared', '', NULL, $4, NULL, $5, 0, 0)", id, group, who, keys.seal({"membership.alias"}, id.text, text(alias)), seat);
  }

  // The session of the group begins at `starts`; `local` is its date and time in London.
  void add_to(store::Pool& pool, const store::KeyRing& keys, base::WallTime starts, const std::string& date, const std::string& time) const {
    auto t = pool.write();
    t->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Invented Trust', 'Europe/London', '01632 960 000', '{}')", trust);
    t->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Talking service')", service, trust);
    t->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, 'North', '01632 960 001')", team, service);
    t->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, 'South', '')", other_team, service);
    t->run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, 'Fern Example', 'fern@example.org', 1, 0)", staff);
    t->run("INSERT INTO staff_role (id, staff, role, team, from_us, until_us) VALUES ($1, $2, 'facilitator', $3, 0, NULL)", staff_role, staff, team);
    t->run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, "
           "software, venue, capacity, confidentiality_plan, made_us, closed_us) VALUES ($1, 1, $2, 'Coping with panic', 'Panic', "
           "'Europe/London', 1, 1, 1, '', '', 'quietroom', 'Room 4, Elm House', 12, '{}', 0, NULL)", group, team);
    t->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'facilitator', 'Fern', 1)", group, staff);
    add_person(*t, keys, person, "Robin Sample", R"({"email":"robin@example.org","mobile":"+447700900123","telephone":"","address":[],"postcode":"M1 1AE","addressConfirmed":null})",
               R"({"method":"email","hours":[],"note":""})", R"({"way":null,"software":"","language":"en","interpreter":"","format":null})", "1980-02-29");
    add_person(*t, keys, other_person, "Ashley Specimen", R"({"email":"ashley@example.org","mobile":"","telephone":"","address":[],"postcode":"M1 1AF","addressConfirmed":null})",
               R"({"method":"email","hours":[],"note":""})", R"({"way":null,"software":"","language":"en","interpreter":"","format":null})", "1970-01-02");
    add_member(*t, keys, membership, person, 10, "Linnet");
    add_member(*t, keys, other_membership, other_person, 11, "Heron");
    t->run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, "
           "state, cancelled_reason, room, ended_us, sequence) VALUES ($1, 1, $2, NULL, 1, $3, $4, 90, $5, $6, 'Room 4, Elm House', 'quietroom', "
           "'planned', '', NULL, NULL, 0)", session, group, date, time, starts, starts.us + 90 * kMinute);
    for (const auto& m : {membership, other_membership})
      t->run("INSERT INTO attendance (id, version, session, membership, planned, mode, outcome, late, left_early, changed_mode, came_us, left_us, "
             "source) VALUES ($1, 1, $2, $3, NULL, NULL, 'expected', 0, 0, 0, NULL, NULL, 'plan')", "a" + m.text.substr(1), session, m);
    ASSERT_TRUE(t->commit()) << "the small trust was not stored";
  }

  [[nodiscard]] Actor facilitator() const {
    Actor a;
    a.kind = Actor::Kind::staff;
    a.staff = staff;
    a.standings = {{Role::facilitator, team}};
    a.facilitates = {group};
    return a;
  }
  [[nodiscard]] Actor lead(const TeamId& of) const {
    Actor a;
    a.kind = Actor::Kind::staff;
    a.staff = staff;
    a.standings = {{Role::team_lead, of}};
    return a;
  }
  [[nodiscard]] Actor member() const {
    Actor a;
    a.kind = Actor::Kind::member;
    a.person = person;
    a.membership = membership;
    return a;
  }
};

inline http::Request request_for(http::Method method, std::string_view path, std::string body = "") {
  http::Request r;
  r.method = method;
  r.target = *http::parse_target(path);
  if (!body.empty()) r.headers.push_back({"Content-Type", "application/json"});
  r.body = base::Redacted<std::string>(std::move(body));
  return r;
}

}  // namespace care
