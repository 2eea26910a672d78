// SPDX-License-Identifier: Apache-2.0
#include "load/attack.h"

#include <gtest/gtest.h>

#include <set>

namespace load {
namespace {

std::string corpus() { return QUIETROOM_SOURCE_DIR "/fuzz/corpus"; }

std::vector<Attack::Datagram> some_of(Attack& attack) {
  const std::deque<Attack::Datagram> heard{{0x80, 0x6f, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7, 1, 2, 3}};
  Negotiated negotiated;
  negotiated.slots.push_back({0, {11}, {12}, {13}, {14}});
  AnswerSettings own;
  own.sound = {1};
  std::vector<Attack::Datagram> out;
  for (int i = 0; i < 200; ++i) {
    out.push_back(attack.stray(heard));
    out.push_back(attack.rtcp(negotiated, own));
    const auto text = attack.text();
    out.emplace_back(text.begin(), text.end());
  }
  return out;
}

TEST(Attack, a_seed_says_the_same_again) {
  Attack one(5, corpus()), same(5, corpus()), other(6, corpus());
  const auto said = some_of(one);
  EXPECT_EQ(said, some_of(same));
  EXPECT_NE(said, some_of(other));
}

TEST(Attack, what_it_says_differs_and_can_be_sent) {
  Attack attack(5, corpus());
  const auto said = some_of(attack);
  EXPECT_GT(std::set(said.begin(), said.end()).size(), said.size() / 2);
  for (std::size_t i = 0; i < said.size(); i += 3) EXPECT_LE(said[i].size(), 2'000U);
}

TEST(Attack, a_folder_that_is_no_corpus_is_refused) { EXPECT_ANY_THROW((Attack{1, "/nowhere"})); }

}  // namespace
}  // namespace load
