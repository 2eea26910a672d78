// SPDX-License-Identifier: Apache-2.0
// Whole sessions in virtual time (session_for_tests.h): at every person it is told who arrived where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "load/session_for_tests.h"

namespace load {
namespace {

void expect_all_pairs(const Session& session) {
  for (const auto& to : session.people()) {
    EXPECT_FALSE(to->failure().has_value()) << *to->failure();
    EXPECT_THAT(to->faults(), testing::IsEmpty());
    for (const auto& from : session.people()) {
      if (to == from) continue;
      SCOPED_TRACE(testing::Message() << "to " << to->seat() << " from " << from->seat());
      const auto& witnesses = to->subscriber().witnesses();
      const auto found = witnesses.find(from->seat());
      ASSERT_NE(found, witnesses.end());
      const unsigned index = from->settings().index;
      EXPECT_EQ(most_seen(found->second.codes), index);
      EXPECT_EQ(found->second.codes.size(), 1U);
      EXPECT_EQ(most_seen(found->second.tones), index);
      EXPECT_EQ(found->second.tones.size(), 1U);
      EXPECT_EQ(found->second.frames_failed, 0U);
      EXPECT_GT(found->second.frames_decoded, 20U);
    }
  }
}

TEST(Session, everyone_sees_and_hears_everyone_else_in_the_right_tile) {
  Session session;
  session.add(1, true);
  for (const unsigned index : {2U, 21U, 42U, 63U}) session.add(index, false);
  session.run(base::Duration::seconds(6));
  expect_all_pairs(session);
  for (const auto& person : session.people()) {
    const auto counts = person->subscriber().counts();
    EXPECT_EQ(counts.lost, 0U);
    EXPECT_EQ(counts.unknown, 0U);
    EXPECT_GT(counts.received, 900U);
  }
}

TEST(Session, a_lossy_line_loses_a_little_sound_and_every_picture_is_repaired) {
  Session session;
  session.add(3, true);
  session.add(4, false);
  session.add(5, false);
  session.run(base::Duration::seconds(2));
  session.drop_one_in(25);
  session.run(base::Duration::seconds(6));
  for (const auto& to : session.people()) {
    const auto counts = to->subscriber().counts();
    EXPECT_GT(counts.repaired, 0U);
    EXPECT_LT(counts.lost - counts.sound_lost, counts.expected / 100);
    for (const auto& [seat, witness] : to->subscriber().witnesses()) EXPECT_GT(witness.frames_decoded, 60U) << seat;
  }
}

TEST(Session, somebody_who_comes_later_costs_the_others_no_new_offer_and_no_gap) {
  Session session;
  session.add(10, true);
  session.add(11, false);
  session.add(12, false);
  session.run(base::Duration::seconds(3));
  session.add(13, false);
  session.run(base::Duration::seconds(4));
  expect_all_pairs(session);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(session.offers(i), 1U) << i;
  for (const auto& person : session.people()) EXPECT_EQ(person->subscriber().counts().lost, 0U);
}

TEST(EncryptedSession, everyone_opens_everyone_else_and_nothing_is_lost_as_somebody_joins_and_leaves) {
  Session session(true);
  session.add(1, true);
  for (const unsigned index : {2U, 21U, 42U}) session.add(index, false);
  session.run(base::Duration::millis(600));
  session.give_keys(1, {0, 1, 2}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(2));
  session.give_keys(2, {0, 1, 2, 3}, EpochKeys::Cause::add);
  session.run(base::Duration::seconds(4));
  expect_all_pairs(session);
  session.give_keys(3, {0, 1, 2}, EpochKeys::Cause::remove);  // the last one keeps what it had
  session.run(base::Duration::seconds(7));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto frames = session.people()[i]->subscriber().counts().frames;
    EXPECT_GT(frames.opened, 400U);
    EXPECT_EQ(frames.replayed, 0U);
    EXPECT_EQ(frames.of_another, 0U);
    if (i < 3) EXPECT_GT(frames.refused, 100U) << "what the removed one still sends";
    if (i == 3) EXPECT_GT(frames.waited, 400U) << "what it no longer has keys for";
  }
}

TEST(EncryptedSession, without_keys_nobody_sends_and_nobody_sees) {
  Session session(true);
  session.add(1, true);
  session.add(2, false);
  session.add(3, false);
  session.run(base::Duration::millis(600));
  session.give_keys(1, {0, 1}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(3));
  const auto& stranger = *session.people()[2];
  EXPECT_TRUE(stranger.encrypted());
  EXPECT_EQ(stranger.publisher().counts().packets, 0U);
  EXPECT_GT(stranger.publisher().counts().unsealed, 100U);
  const auto frames = stranger.subscriber().counts().frames;
  EXPECT_EQ(frames.opened, 0U);
  EXPECT_GT(frames.waited, 100U);
  for (const auto& [seat, witness] : stranger.subscriber().witnesses()) {
    EXPECT_EQ(witness.frames_decoded, 0U) << seat;
    EXPECT_TRUE(witness.tones.empty()) << seat;
  }
  EXPECT_GT(session.people()[0]->subscriber().counts().frames.opened, 100U) << "those with keys go on";
}

TEST(EncryptedSession, over_a_lossy_line_what_is_repaired_opens_too) {
  Session session(true);
  session.add(3, true);
  session.add(4, false);
  session.run(base::Duration::millis(600));
  session.give_keys(1, {0, 1}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(2));
  session.drop_one_in(25);
  session.run(base::Duration::seconds(6));
  for (const auto& to : session.people()) {
    EXPECT_GT(to->subscriber().counts().repaired, 0U);
    EXPECT_EQ(to->subscriber().counts().frames.replayed, 0U);
    EXPECT_EQ(to->subscriber().counts().frames.refused, 0U);
    for (const auto& [seat, witness] : to->subscriber().witnesses()) EXPECT_GT(witness.frames_decoded, 60U) << seat;
  }
}

}  // namespace
}  // namespace load
