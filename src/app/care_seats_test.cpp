// SPDX-License-Identifier: Apache-2.0
// What the call tells of going, on both databases: who drops off is alerted about, by the service itself; nobody else is.
#include "app/care_seats.h"

#include <gtest/gtest.h>

#include "app/visit_table.h"
#include "care/link_for_tests.h"
#include "care/supporter_attendance_table.h"
#include "safety/alert_table.h"

namespace {

constexpr std::int64_t kStarts = 1'763'300'000'000'000;
constexpr base::WallTime kDuring{kStarts + 10 * 60'000'000};
constexpr base::RoomId kRoom{7};
constexpr base::SeatId kFern{1}, kLinnet{10};

class CareSeatsGone : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    trust.add_to(pool(), keys, {kStarts}, "2025-11-16", "14:00");
    seats.emplace(pool(), keys, entropy);
    auto t = pool().write();
    t->run("UPDATE session SET room = $1 WHERE id = $2", static_cast<std::int64_t>(kRoom.value), trust.session);
    ASSERT_TRUE(t->commit());
  }
  std::vector<safety::AlertRow> open() {
    const auto t = pool().read();
    return safety::open_alerts_of(*t, keys, trust.session);
  }
  care::SmallTrust trust;
  std::optional<app::CareSeats> seats;
};
QUIETROOM_ON_BOTH_DATABASES(CareSeatsGone);

TEST_P(CareSeatsGone, a_member_whose_line_is_lost_for_good_raises_an_alert_by_itself) {
  ASSERT_TRUE(seats->came(kRoom, kLinnet, kDuring));
  ASSERT_TRUE(seats->went(kRoom, kLinnet, call::Going::dropped, kDuring));
  const auto alerts = open();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].kind, safety::AlertKind::drop_off);
  EXPECT_EQ(alerts[0].seat, 10);
  EXPECT_FALSE(alerts[0].holder.value);
  const auto t = pool().read();
  const auto steps = safety::steps_of(*t, alerts[0].id);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].origin.value, safety::Origin::call);
  auto rows = t->query("SELECT COUNT(*) FROM audit WHERE data = 'incidents' AND reason = 'from-the-call' AND person = $1", trust.person);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 1);
}

TEST_P(CareSeatsGone, the_card_of_a_real_session_says_what_was_agreed_and_which_needs_there_are) {
  const auto card = [&] {
    const auto all = seats->of_room(kRoom);
    EXPECT_TRUE(all);
    const auto at = std::ranges::find(*all, kLinnet, &app::Booking::seat);
    return at->disguise.get() + "|" + at->needs.get();
  };
  EXPECT_EQ(card(), "|") << "nothing is on record";
  {
    auto t = pool().write();
    t->run("UPDATE membership SET disguise_sealed = $1 WHERE id = $2",
           keys.seal({"membership.disguise"}, trust.membership.text, base::Redacted<std::string>(R"({"picture":"pixelate","voice":"lower"})")), trust.membership);
    for (const char* category : {"009", "001"})
      t->run("INSERT INTO person_need (id, person, category, made_us) VALUES ($1, $2, $3, 0)", base::new_id<care::PersonId>(entropy, kDuring), trust.person, category);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(card(), "Picture in coarse squares. A lower voice.|Help with communication; Surroundings.");
}

TEST_P(CareSeatsGone, who_leaves_is_removed_or_moved_or_has_the_room_elsewhere_raises_none) {
  using enum call::Going;
  for (const auto how : {left, removed, moved_back, ended, superseded}) ASSERT_TRUE(seats->went(kRoom, kLinnet, how, kDuring));
  EXPECT_TRUE(open().empty());
}

TEST_P(CareSeatsGone, nor_does_a_facilitator_nor_a_room_of_the_demonstration) {
  ASSERT_TRUE(seats->went(kRoom, kFern, call::Going::dropped, kDuring));
  ASSERT_TRUE(seats->went({99}, kLinnet, call::Going::dropped, kDuring));
  EXPECT_TRUE(open().empty());
}

TEST_P(CareSeatsGone, who_drops_off_again_while_it_is_open_is_the_same_alert) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(seats->went(kRoom, kLinnet, call::Going::dropped, kDuring));
  EXPECT_EQ(open().size(), 1U);
}

TEST_P(CareSeatsGone, a_supporter_stands_in_the_register_when_the_call_saw_them) {
  {
    auto t = pool().write();
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, seat) VALUES ($1, 1, $2, 'carer', $3, 1000)", trust.supporter, trust.membership,
           keys.seal({"supporter.name"}, trust.supporter.text, base::Redacted<std::string>("Invented Carer")));
    ASSERT_TRUE(t->commit());
  }
  ASSERT_TRUE(seats->came(kRoom, {1'000}, kDuring));
  ASSERT_TRUE(seats->went(kRoom, {1'000}, call::Going::left, {kDuring.us + 1}));
  const auto t = pool().read();
  const auto there = care::supporters_at(*t, keys, trust.session);
  ASSERT_EQ(there.size(), 1U);
  EXPECT_EQ(there[0].mark.mode, care::Way::video);
  EXPECT_EQ(there[0].mark.came, kDuring);
  EXPECT_EQ(there[0].mark.left, (base::WallTime{kDuring.us + 1}));
}

TEST_P(CareSeatsGone, a_facilitators_seat_ends_with_the_sign_in_that_opened_it_with_their_role_and_with_their_account) {
  const auto run = [&](std::string_view sql, const auto&... values) {
    auto t = pool().write();
    t->run(std::string(sql), values...);
    ASSERT_TRUE(t->commit());
  };
  const app::LinkHash pass{1};
  run("INSERT INTO sign_in (id, hash, staff, second_factor, made_us, seen_us, until_us, locked, device) VALUES ('one', $1, $2, 1, 0, 0, 1, 1, '')", pass, trust.staff);
  {
    auto t = pool().write();
    care::save_pass(*t, {.session = trust.session, .seat = 1, .role = "facilitator", .kind = care::HolderKind::staff, .holder = trust.staff.text,
                         .until = {kDuring.us + 1}, .sign_in = "one"}, pass);
    ASSERT_TRUE(t->commit());
  }
  const auto found = seats->find(pass, kDuring);
  ASSERT_TRUE(found && *found && (*found)->taken) << "that it ran out, or is locked, ends no group that is meeting";
  const care::TakenSeat seat = *(*found)->taken;
  const auto open = [&] {
    const auto by_pass = seats->find(pass, kDuring);
    const auto watched = seats->still_theirs({seat}, kDuring);
    EXPECT_TRUE(by_pass && watched);
    EXPECT_EQ(by_pass->has_value(), watched->front());
    return watched->front();
  };
  EXPECT_TRUE(open());
  for (const auto& [ends, again] : {std::pair("UPDATE sign_in SET ended_us = 5", "UPDATE sign_in SET ended_us = NULL"),
                                    std::pair("UPDATE staff_role SET until_us = 5", "UPDATE staff_role SET until_us = NULL"),
                                    std::pair("UPDATE staff SET active = 0", "UPDATE staff SET active = 1"),
                                    std::pair("UPDATE group_facilitator SET seat = 2", "UPDATE group_facilitator SET seat = 1")}) {
    run(ends);
    EXPECT_FALSE(open()) << ends;
    run(again);
    EXPECT_TRUE(open());
  }
}

TEST_P(CareSeatsGone, how_visits_went_is_kept_of_a_session_and_of_nobody_and_refusals_are_counted_by_day) {
  const call::VisitFigures visit{.seconds = 3'600, .present_seconds = 3'500, .joined_ms = 240, .reached = {}, .interruptions = 2, .interrupted_seconds = 9, .pictures_seconds = {3'000, 400, 90, 10},
                                 .thinned_seconds = 4, .lost_in_ppm = 1'000, .lost_out_ppm = 2'000, .round_trip_ms = 40, .worst_round_trip_ms = 400,
                                 .bytes_in = 5'000'000'000, .bytes_out = 9'000'000'000};
  ASSERT_TRUE(seats->visited(kRoom, visit));
  call::VisitFigures vain;
  vain.reached = media::Reached::answered;
  ASSERT_TRUE(seats->visited(kRoom, vain));
  ASSERT_TRUE(seats->visited({999}, visit)) << "a demonstration's";
  app::Refusals refusals;
  ASSERT_TRUE(refusals.write(pool(), kDuring));
  refusals.note(app::Closed::not_now);
  refusals.note(app::Closed::unknown);
  refusals.note(app::Closed::unknown);
  ASSERT_TRUE(refusals.write(pool(), kDuring));
  refusals.note(app::Closed::unknown);
  ASSERT_TRUE(refusals.write(pool(), kDuring));
  ASSERT_TRUE(refusals.write(pool(), kDuring));
  const auto t = pool().read();
  auto rows = t->query("SELECT session, joined_ms, reduced_seconds, bytes_out, worst_round_trip_ms, reached FROM call_visit ORDER BY seconds DESC");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), trust.session.text);
  EXPECT_EQ(rows.integer(1), 240);
  EXPECT_EQ(rows.integer(2), 400);
  EXPECT_EQ(rows.integer(3), 9'000'000'000);
  EXPECT_TRUE(rows.null(5));
  ASSERT_TRUE(rows.next());
  EXPECT_TRUE(rows.null(1) && rows.null(4)) << "media never stood";
  EXPECT_EQ(rows.text(5), "answered");
  EXPECT_FALSE(rows.next());
  auto counts = t->query("SELECT day, reason, count FROM call_refusal ORDER BY reason");
  std::string all;
  while (counts.next()) all += counts.text(0) + " " + counts.text(1) + " " + std::to_string(counts.integer(2)) + ", ";
  EXPECT_EQ(all, "2025-11-16 not-now 1, 2025-11-16 unknown 3, ");
}

TEST_P(CareSeatsGone, a_members_seat_ends_where_the_link_behind_it_is_taken_back_and_not_because_they_complete) {
  const app::LinkHash pass{2}, other{3};
  const auto run = [&](std::string_view sql, const auto&... values) {
    auto t = pool().write();
    t->run(std::string(sql), values...);
    ASSERT_TRUE(t->commit());
  };
  const auto save = [&](const app::LinkHash& hash) {
    auto t = pool().write();
    care::save_pass(*t, {.session = trust.session, .seat = 10, .role = "member", .kind = care::HolderKind::membership, .holder = trust.membership.text,
                         .until = {kDuring.us + 60'000'000}}, hash);
    ASSERT_TRUE(t->commit());
  };
  save(pass);
  const auto found = seats->find(pass, kDuring);
  ASSERT_TRUE(found && *found && (*found)->taken);
  const care::TakenSeat seat = *(*found)->taken;
  const auto theirs = [&](base::WallTime now) -> bool { return seats->still_theirs({seat}, now).value().front(); };
  EXPECT_TRUE(theirs(kDuring));
  run("DELETE FROM seat_pass WHERE holder = $1", trust.membership);
  EXPECT_FALSE(theirs(kDuring));
  save(other);
  EXPECT_FALSE(theirs(kDuring)) << "whoever holds the new link sits by it, not by the old one";
  EXPECT_TRUE(theirs({kDuring.us + 60'000'000})) << "a group that runs over is not ended by the clearing away of passes";
  run("UPDATE membership SET state = 'completed' WHERE id = $1", trust.membership);
  EXPECT_TRUE(theirs(kDuring));
  run("UPDATE membership SET state = 'joined' WHERE id = $1", trust.membership);
  EXPECT_FALSE(theirs(kDuring));
  run("UPDATE session SET state = 'cancelled' WHERE id = $1", trust.session);
  EXPECT_TRUE(theirs(kDuring));
}

}  // namespace
