// SPDX-License-Identifier: Apache-2.0
// The commands about keeping records, on a service's whole database: what they print holds counts and kinds, never a name.
#include "app/duties_commands.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include "app/access_world_for_tests.h"
#include "app/admin_commands.h"
#include "app/hourly.h"
#include "care/retention_table.h"

namespace {

class DutyCommands : public app::test::OnAccessWorld {
 protected:
  template <class Command>
  std::string said(Command&& command, int status = 0) {
    testing::internal::CaptureStdout();
    EXPECT_EQ(command(world->configuration), status);
    return testing::internal::GetCapturedStdout();
  }
  // Everybody left long ago.
  void let_time_pass() {
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'completed', changed_us = 1");
    t->run("UPDATE person SET changed_us = 1");
    t->run("UPDATE session SET starts_us = 1, ends_us = 2");  // a session is a contact
    ASSERT_TRUE(t->commit());
  }
};
QUIETROOM_ON_BOTH_DATABASES(DutyCommands);

TEST_P(DutyCommands, show_and_run_print_periods_days_and_counts_and_the_trail_verifies_after) {
  let_time_pass();
  EXPECT_NE(said(app::show_retention).find("Last run: none yet"), std::string::npos);
  const std::string first = said(app::run_retention_now);
  EXPECT_NE(first.find("Went now:\n  nothing"), std::string::npos) << first;
  const std::string shown = said(app::show_retention);
  EXPECT_NE(shown.find("people            20 years"), std::string::npos) << shown;
  EXPECT_NE(shown.find("people                   2"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("Rowan"), std::string::npos);
  {
    auto t = pool().write();  // the days of the notice
    t->run("UPDATE retention_notice SET goes_us = 2");
    ASSERT_TRUE(t->commit());
  }
  const std::string gone = said(app::run_retention_now);
  EXPECT_NE(gone.find("people                   2"), std::string::npos) << gone;
  {
    auto t = pool().read();
    EXPECT_FALSE(t->query("SELECT 1 FROM person").next());
  }
  said(app::verify_audit_trail);
}

TEST_P(DutyCommands, a_copy_is_a_private_file_that_is_on_record_and_never_written_over_another) {
  const std::string person = world->own.ids.at("person"), file = (folder_ / "copy.zip").string();
  const auto make = [&](const app::Configuration& c) { return app::export_one_person(c, person, file, "they-asked"); };
  EXPECT_EQ(said(make).find("Rowan"), std::string::npos);
  struct stat s {};
  ASSERT_EQ(::stat(file.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600U);
  EXPECT_GT(s.st_size, 1'000);
  EXPECT_THROW(make(world->configuration), std::runtime_error);
  EXPECT_THROW((void)app::export_one_person(world->configuration, world->own.ids.at("team"), file + "2", "they-asked"), std::runtime_error);
  EXPECT_THROW((void)app::export_one_person(world->configuration, "robin", file + "2", "they-asked"), std::runtime_error);
  EXPECT_THROW((void)app::export_one_person(world->configuration, person, file + "2", "Because Robin asked"), std::runtime_error);
  EXPECT_FALSE(std::filesystem::exists(file + "2"));
  auto t = pool().read();
  auto rows = t->query("SELECT actor_kind, reason FROM audit WHERE action = 'export' AND person = $1", person);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), "system");
  EXPECT_EQ(rows.text(1), "they-asked");
  EXPECT_FALSE(rows.next());
}

TEST_P(DutyCommands, the_service_does_it_by_itself_once_a_day) {
  let_time_pass();
  const base::WallTime today{1'795'000'000'000'000};
  const auto at = [&](std::int64_t days) { return base::WallTime{today.us + days * 86'400'000'000}; };
  for (int hour = 0; hour < 3; ++hour)
    ASSERT_TRUE(app::keep_no_longer(pool(), world->opened->keys(), world->entropy, {today.us + hour * 3'600'000'000}));
  ASSERT_TRUE(app::keep_no_longer(pool(), world->opened->keys(), world->entropy, at(29)));
  const auto people = [&] {
    auto t = pool().read();
    auto rows = t->query("SELECT COUNT(*) FROM person");
    return rows.next() ? rows.integer(0) : -1;
  };
  EXPECT_EQ(people(), 2);
  ASSERT_TRUE(app::keep_no_longer(pool(), world->opened->keys(), world->entropy, at(30)));
  EXPECT_EQ(people(), 0);
}

}  // namespace
