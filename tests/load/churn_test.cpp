// SPDX-License-Identifier: Apache-2.0
#include "load/churn.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace load {
namespace {

using base::Duration;
using base::Instant;

// Ten people who are in the room a second after they come; the first leads.
struct Ten {
  struct One {
    Instant in;
    bool gone = false, by_token = false, stuck = false;
    double lost = 0;
    unsigned width = 640;
  };
  std::vector<One> people = std::vector<One>(10);
  std::vector<std::string> said;
  Instant now;
  Churn churn;

  explicit Ten(std::uint64_t seed)
      : churn({.seed = seed, .cycle = Duration::seconds(60), .calm = Duration::seconds(15), .between = Duration::seconds(20)},
              {.go =
                   [this](std::size_t i, Going how) {
                     people[i].gone = true;
                     said.push_back(std::to_string(i) + " goes " + std::to_string(static_cast<int>(how)));
                   },
               .come = [this](std::size_t i, bool token) { people[i] = {now + Duration::seconds(1), false, token, people[i].stuck}; },
               .look = [this](std::size_t i, unsigned, unsigned width, unsigned) { people[i].width = width; },
               .line = [this](std::size_t i, double lost) { people[i].lost = lost; },
               .ready = [this](std::size_t i) { return !people[i].gone && !people[i].stuck && people[i].in <= now; },
               .resumed = [this](std::size_t i) { return people[i].by_token; },
               .leads = [](std::size_t i) { return i == 0; },
               .trouble = [](std::size_t i) { return "person " + std::to_string(i); }},
              10, {}) {}
  void pass(int seconds) {
    for (int i = 0; i < seconds * 10; ++i) {
      now = now + Duration::millis(100);
      churn.tick(now);
    }
  }
};

TEST(Churn, everything_happens_and_everybody_is_back_in_the_calm) {
  Ten ten(1);
  ten.pass(45 + 600);  // ends where a calm begins
  const auto& counts = ten.churn.counts();
  EXPECT_GT(counts.leaves, 0U);
  EXPECT_GT(counts.reloads, 0U);
  EXPECT_GT(counts.vanishes, 0U);
  EXPECT_GT(counts.views, 0U);
  EXPECT_GT(counts.poor_lines, 0U);
  EXPECT_FALSE(ten.churn.settled(ten.now));
  ten.pass(10);
  EXPECT_TRUE(ten.churn.settled(ten.now));
  EXPECT_EQ(counts.back, counts.leaves + counts.reloads + counts.vanishes);
  EXPECT_EQ(counts.back_by_token, counts.reloads + counts.vanishes);
  EXPECT_EQ(counts.not_back, 0U);
  EXPECT_TRUE(std::ranges::all_of(ten.people, [](const Ten::One& one) { return one.lost == 0 && one.width == 640; }));
  EXPECT_EQ(std::ranges::find(ten.said, "0 goes 0"), ten.said.end()) << "who leads left";
}

TEST(Churn, the_same_seed_gives_the_same_course) {
  Ten one(7), same(7), other(8);
  for (Ten* each : {&one, &same, &other}) each->pass(300);
  EXPECT_EQ(one.said, same.said);
  EXPECT_NE(one.said, other.said);
}

TEST(Churn, one_who_is_not_let_back_in_is_counted_and_tried_again) {
  Ten ten(1);
  ten.people[4].stuck = true;
  ten.pass(40);
  EXPECT_EQ(ten.churn.counts().not_back, 1U);
  EXPECT_EQ(ten.churn.counts().why, "person 4");
  ten.people[4].stuck = false;
  ten.pass(18);
  EXPECT_TRUE(ten.churn.settled(ten.now));
}

}  // namespace
}  // namespace load
