// SPDX-License-Identifier: Apache-2.0
#include "app/hourly.h"

#include "care/today_place_table.h"
#include "store/database_for_tests.h"

namespace {

class Hourly : public store::OnBothDatabases {};
QUIETROOM_ON_BOTH_DATABASES(Hourly);

TEST_P(Hourly, a_place_is_there_until_its_hours_are_over_and_its_going_is_on_record) {
  constexpr std::int64_t kHour = 3'600'000'000;
  const care::ArrivalSeat seat{.session = {}, .room = 1, .group = {}, .seat = 4, .role = "member", .holder_kind = {}, .holder = {}, .person = {}};
  {
    auto t = pool().write();
    care::save_place(*t, keys, entropy, seat, {care::PlaceKind::address, "14 Mill Lane, Wexcombe", ""}, {kHour});
    ASSERT_TRUE(t->commit());
  }
  const auto kept_for = base::Duration::seconds(12 * 3'600);
  const auto there = [&] { return care::load_place(*pool().read(), keys, std::nullopt, 1, 4).has_value(); };
  // Every hour of the day, as the service asks.
  for (std::int64_t hour = 1; hour < 13; ++hour) {
    ASSERT_EQ(app::forget_places(pool(), kept_for, {hour * kHour}).value(), 0) << hour;
    ASSERT_TRUE(there()) << hour;
  }
  EXPECT_EQ(app::forget_places(pool(), kept_for, {13 * kHour}).value(), 1);
  EXPECT_FALSE(there());
  auto t = pool().read();
  auto rows = t->query("SELECT data FROM audit WHERE action = 'remove' AND reason = 'retention'");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), "place");
  EXPECT_FALSE(rows.next()) << "hours without anything to forget say nothing";
}

}  // namespace
