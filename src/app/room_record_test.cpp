// SPDX-License-Identifier: Apache-2.0
#include "app/room_record.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using app::RoomRecord;
using store::StoreError;

class RoomRecordTest : public testing::Test {
 protected:
  RoomRecord::Write write(std::string name) {
    return [this, name = std::move(name)]() -> base::Result<void, StoreError> {
      if (trouble) return std::unexpected(*trouble);
      written.push_back(name);
      return {};
    };
  }
  // The pauses that are over.
  void pause_ends() {
    const auto all = std::exchange(later, {});
    for (const auto& each : all) each();
  }
  std::optional<StoreError> trouble;
  std::vector<std::string> written;
  std::vector<std::function<void()>> later;
  RoomRecord record{[this](std::function<void()> f) { later.push_back(std::move(f)); }};
};

TEST_F(RoomRecordTest, is_written_at_once_where_the_database_takes_it) {
  record.put(write("came"));
  EXPECT_EQ(written, (std::vector<std::string>{"came"}));
  EXPECT_TRUE(later.empty());
}

TEST_F(RoomRecordTest, loses_nothing_while_the_database_is_away_and_keeps_the_order) {
  for (const auto away : {StoreError::unavailable, StoreError::full, StoreError::busy}) {
    written.clear();
    trouble = away;
    record.put(write("came"));
    record.put(write("went"));
    ASSERT_EQ(later.size(), 1U) << "one pause, however many wait";
    pause_ends();
    ASSERT_EQ(later.size(), 1U) << "still away: once more";
    trouble.reset();
    record.put(write("came again"));
    EXPECT_TRUE(written.empty()) << "nothing overtakes what waits";
    pause_ends();
    EXPECT_EQ(written, (std::vector<std::string>{"came", "went", "came again"}));
    EXPECT_TRUE(later.empty());
  }
}

TEST_F(RoomRecordTest, what_can_never_be_written_holds_nothing_up) {
  trouble = StoreError::conflict;
  record.put(write("wrong"));
  trouble.reset();
  record.put(write("came"));
  EXPECT_EQ(written, (std::vector<std::string>{"came"}));
  EXPECT_TRUE(later.empty());
}

}  // namespace
