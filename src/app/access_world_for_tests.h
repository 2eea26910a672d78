// SPDX-License-Identifier: Apache-2.0
// For tests alone: the whole service on a fresh database, with two teams that each have a group, a person in it, a session and so
// on, and one actor of each role who belongs to the first team. What a route's {name} stands for is one entry of `ids`: a slice
// that brings a new kind of record adds it there and in fill().
#pragma once
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "app/care_wiring.h"
#include "store/database_for_tests.h"

namespace app::test {

// One side: everything in one team.
struct Side {
  std::map<std::string, std::string> ids;  // "person" -> its id
  [[nodiscard]] care::Where where() const {
    return {.teams = {care::TeamId{ids.at("team")}}, .groups = {care::GroupId{ids.at("group")}}, .person = care::PersonId{ids.at("person")},
            .staff = care::StaffId{ids.at("staff")}};
  }
};

class AccessWorld {
 public:
  AccessWorld(const std::string& url, const std::filesystem::path& folder) {
    configuration.data = folder.string();
    configuration.database.url = url;
    configuration.database.keys = (folder / "keys").string();
    std::ofstream(configuration.database.keys) << store::make_key_line("walk", entropy);
    std::filesystem::permissions(configuration.database.keys, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    opened = std::make_unique<ServiceStore>(configuration, entropy, now.wall);
    wiring = std::make_unique<CareWiring>(configuration, *opened, entropy, site, false);
    fill();
  }

  // Who asks: the header that proves it, and the actor that the doorkeeper should make of it.
  struct Caller {
    care::Role role;
    http::Header proof;
    care::Actor actor;
  };
  std::vector<Caller> callers;
  Side own, other;
  base::Now now{.instant = {1'000'000'000}, .wall = {1'763'863'200'000'000}};
  store::SeededEntropy entropy;
  Configuration configuration;
  http::Site site{{}, nullptr};
  std::unique_ptr<ServiceStore> opened;
  std::unique_ptr<CareWiring> wiring;

 private:
  std::string fresh() { return base::new_uuid(entropy, now.wall); }
  store::Sealed sealed(const char* column, const std::string& row, const char* text) {
    return opened->keys().seal({column}, row, base::Redacted<std::string>(std::string(text)));
  }

  void fill() {
    const auto t = opened->pool().write();
    const std::string trust = fresh(), service = fresh();
    t->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Fenwater Trust', 'Europe/London', '', '{}')", trust);
    t->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Talking Therapies')", service, trust);
    fill_side(*t, own, service, "North");
    fill_side(*t, other, service, "South");
    for (std::size_t i = 0; i < care::kRoles; ++i) add_caller(*t, static_cast<care::Role>(i));
    EXPECT_TRUE(t->commit());
  }

  void fill_side(store::Transaction& t, Side& side, const std::string& service, const char* name) {
    side.ids["service"] = service;
    for (const char* kind : {"team", "staff", "person", "group", "series", "session", "membership", "supporter", "attendance", "glass", "alert"}) side.ids[kind] = fresh();
    const auto& id = side.ids;
    t.run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, '')", id.at("team"), service, name);
    identity::add_staff(t, care::StaffId{id.at("staff")},
                        {.name = "Hazel Elm", .email = std::string(name) + "@example.org", .active = true,
                         .standings = {{"facilitator", {care::TeamId{id.at("team")}}}}},
                        entropy, {1});
    t.run("INSERT INTO person (id, version, team, legal_name_sealed, made_us, changed_us) VALUES ($1, 1, $2, $3, 1, 1)", id.at("person"), id.at("team"),
          sealed("person.legal_name", id.at("person"), "Rowan Birch"));
    t.run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, software, "
          "venue, capacity, confidentiality_plan, made_us) VALUES ($1, 1, $2, $3, '', 'Europe/London', 1, 1, 0, '', '', 'quietroom', '', 8, '{}', 1)",
          id.at("group"), id.at("team"), std::string("Group ") + name);
    t.run("INSERT INTO series (id, version, group_id, first_date, start_time, minutes, every_days, count, exceptions) "
          "VALUES ($1, 1, $2, '2025-11-24', '14:00', 90, 7, 1, '[]')", id.at("series"), id.at("group"));
    t.run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, state, "
          "cancelled_reason, sequence) VALUES ($1, 1, $2, $3, 1, '2025-11-24', '14:00', 90, $4, $5, '', 'quietroom', 'planned', '', 0)",
          id.at("session"), id.at("group"), id.at("series"), now.wall.us + 100'000'000'000, now.wall.us + 105'400'000'000);
    t.run("INSERT INTO membership (id, version, group_id, person, state, reason, seat, made_us, changed_us) VALUES ($1, 1, $2, $3, 'joined', '', 1, 1, 1)",
          id.at("membership"), id.at("group"), id.at("person"));
    t.run("INSERT INTO supporter (id, version, membership, kind, name_sealed, seat) VALUES ($1, 1, $2, 'carer', $3, 2)", id.at("supporter"),
          id.at("membership"), sealed("supporter.name", id.at("supporter"), "Ash Oak"));
    add_attendance(t, side);
    side.ids["seat"] = "1";  // the membership's
    side.ids["rule"] = "messages";
    t.run("INSERT INTO safety_alert (id, version, session, seat, membership, raised_us) VALUES ($1, 1, $2, 1, $3, 1)", id.at("alert"), id.at("session"),
          id.at("membership"));
    t.run("INSERT INTO today_place (id, session, seat, person, given, said_us) VALUES ($1, $2, 1, $3, 0, $4)", fresh(), id.at("session"), id.at("person"),
          now.wall);
  }
  static void add_attendance(store::Transaction& t, const Side& side) {
    const auto& id = side.ids;
    t.run("INSERT INTO attendance (id, version, session, membership, outcome, late, left_early, changed_mode, source) "
          "VALUES ($1, 1, $2, $3, 'expected', 0, 0, 0, 'plan')", id.at("attendance"), id.at("session"), id.at("membership"));
    t.run("INSERT INTO break_glass (id, staff, person, reason, note, from_us, until_us) VALUES ($1, $2, $3, 'safeguarding', '', 1, 2)", id.at("glass"),
          id.at("staff"), id.at("person"));
  }

  std::string secret_of(std::uint64_t number) {
    std::string text = "walk" + std::to_string(number);
    text.resize(43, 'x');
    return text;
  }

  void add_caller(store::Transaction& t, care::Role role) {
    const std::string secret = secret_of(static_cast<std::uint64_t>(role));
    const auto hash = crypto::sha256(base::as_bytes(secret));
    if (role == care::Role::member || role == care::Role::supporter) return add_visitor(t, role, secret, hash);
    const auto staff = base::new_id<care::StaffId>(entropy, now.wall);
    const bool of_team = role == care::Role::facilitator || role == care::Role::team_lead;
    identity::RoleAt standing{.role = std::string(care::to_text(role)), .team = {}};
    if (of_team) standing.team.value = care::TeamId{own.ids.at("team")};
    identity::add_staff(t, staff, {.name = "Robin Ash", .email = standing.role + "@example.org", .active = true, .standings = {standing}}, entropy, {1});
    identity::add_sign_in(t,
                          {.id = base::new_id<identity::SignInId>(entropy, now.wall), .staff = staff, .second_factor = true, .made = now.wall,
                           .seen = now.wall, .until = {now.wall.us + 3'600'000'000}, .locked = false, .ended = false, .device = {}},
                          hash);
    if (role == care::Role::team_lead) t.run("UPDATE safety_alert SET holder = $1 WHERE id = $2", staff, own.ids.at("alert"));
    if (role == care::Role::facilitator)
      t.run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, 'facilitator', 'Robin', 40)", own.ids.at("group"), staff);
    care::Actor actor;
    actor.kind = care::Actor::Kind::staff;
    actor.staff = staff;
    actor.standings = {{role, of_team ? care::TeamId{own.ids.at("team")} : care::TeamId{}}};
    if (role == care::Role::facilitator) actor.facilitates = {care::GroupId{own.ids.at("group")}};
    callers.push_back({role, {"Cookie", "quietroom=" + secret}, actor});
  }

  void add_visitor(store::Transaction& t, care::Role role, const std::string& secret, const crypto::Sha256& hash) {
    const std::string link = fresh();
    const bool supporter = role == care::Role::supporter;
    t.run("INSERT INTO personal_link (id, hash, membership, supporter, made_us, until_us, wrong_answers, shut_until_us) VALUES ($1, $2, $3, $4, 1, $5, 0, 0)",
          link, crypto::sha256(base::as_bytes(link)), own.ids.at("membership"), supporter ? std::optional(own.ids.at("supporter")) : std::nullopt,
          now.wall.us + 3'600'000'000);
    t.run("INSERT INTO link_visit (hash, link, made_us, until_us) VALUES ($1, $2, 1, $3)", hash, link, now.wall.us + 3'600'000'000);
    care::Actor actor;
    actor.kind = supporter ? care::Actor::Kind::supporter : care::Actor::Kind::member;
    actor.person = care::PersonId{own.ids.at("person")};
    actor.membership = care::MembershipId{own.ids.at("membership")};
    if (supporter) actor.supporter = care::SupporterId{own.ids.at("supporter")};
    callers.push_back({role, {"Authorization", "Visit " + secret}, actor});
  }
};

// A test of both databases with a world of its own in a folder of its own.
class OnAccessWorld : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    folder_ = std::filesystem::temp_directory_path() / fmt::format("quietroom_world_{}_{}", ::getpid(), static_cast<int>(GetParam()));
    std::filesystem::create_directories(folder_);
    // The keys of OnBothDatabases are of another file: the world's own are the only ones here.
    {
      auto t = pool().write();
      t->run("DELETE FROM data_key");
      ASSERT_TRUE(t->commit());
    }
    world = std::make_unique<AccessWorld>(database().url(), folder_);
  }
  void TearDown() override {
    world = nullptr;
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  std::unique_ptr<AccessWorld> world;
  std::filesystem::path folder_;
};

}  // namespace app::test
