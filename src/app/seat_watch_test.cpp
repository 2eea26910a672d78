// SPDX-License-Identifier: Apache-2.0
// Who is put out when their pass opens a seat no more, and who is not.
#include "app/seat_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SeatsWatched : public testing::Test {
 protected:
  app::SeatWatch watch{[this](const std::vector<care::TakenSeat>& seats, base::WallTime) -> base::Result<std::vector<bool>, store::StoreError> {
                         asked = seats.size();
                         if (away) return std::unexpected(store::StoreError::busy);
                         std::vector<bool> out;
                         for (const auto& s : seats) out.push_back(s.sign_in != ended);
                         return out;
                       },
                       [this](base::RoomId room, base::ConnectionId connection) { out.emplace_back(room.value, connection.value); }};
  auto sits(std::uint64_t connection, std::string sign_in) {
    auto seat = watch.watch({7}, {.session = {}, .holder = "fern", .sign_in = std::move(sign_in), .seat = 1, .until = {}});
    seat->connection = connection;
    return seat;
  }
  void look(std::int64_t second) { watch.look({.instant = {second * 1'000'000}, .wall = {}}); }
  std::string ended = "none";
  bool away = false;
  std::size_t asked = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
};

TEST_F(SeatsWatched, who_came_with_a_sign_in_that_was_ended_is_put_out_once) {
  const auto one = sits(11, "desk"), other = sits(12, "phone");
  look(1);
  EXPECT_THAT(out, IsEmpty());
  ended = "desk";
  look(2);
  look(3);
  EXPECT_THAT(out, ElementsAre(std::pair(7U, 11U)));
  EXPECT_EQ(asked, 1U);
}

TEST_F(SeatsWatched, nobody_is_put_out_while_the_database_is_away) {
  const auto one = sits(11, "desk");
  ended = "desk";
  away = true;
  look(1);
  EXPECT_THAT(out, IsEmpty());
  away = false;
  look(2);
  EXPECT_EQ(out.size(), 1U);
}

TEST_F(SeatsWatched, who_lost_the_line_is_watched_while_the_room_keeps_their_place) {
  sits(11, "desk").reset();
  look(1);
  look(60);
  EXPECT_EQ(asked, 1U);
  ended = "desk";
  look(61);
  EXPECT_EQ(out.size(), 1U);
  sits(12, "phone").reset();
  look(62);
  asked = 0;
  look(62 + 601);
  EXPECT_EQ(asked, 0U);
}

TEST_F(SeatsWatched, who_never_got_as_far_as_the_room_is_forgotten) {
  ended = "desk";
  const auto on_the_way = sits(0, "desk");
  sits(0, "desk").reset();
  look(1);
  EXPECT_EQ(asked, 1U);
  EXPECT_THAT(out, IsEmpty());
  on_the_way->connection = 11;
  look(2);
  EXPECT_EQ(out.size(), 1U) << "it was ended while they came in";
}

}  // namespace
