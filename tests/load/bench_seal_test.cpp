// SPDX-License-Identifier: Apache-2.0
// The measured load, sealed: what its people send opens at somebody who has the keys and at nobody else, is as large as what is sent
// in the clear, and without keys nothing is sent at all. Whole sessions in virtual time.
#include <gtest/gtest.h>

#include "load/bench_load.h"
#include "load/session_for_tests.h"

namespace load {
namespace {

const std::vector<std::uint32_t> kSeats{100, 101, 102};  // as Session seats people

ParticipantSettings bench_person(std::uint16_t place, bool seal) {
  ParticipantSettings person;
  person.bench = true;
  person.seal = seal;
  person.decode = seal ? Decode::times : Decode::none;
  person.publishing = {.content = nullptr, .layers = 1, .bench = true};
  if (seal) person.given = bench_keys(place, kSeats);
  person.tile_width = 640;
  person.tile_height = 360;
  return person;
}

// Looks and listens, and sends nothing.
ParticipantSettings witness(std::optional<EpochKeys> keys) {
  ParticipantSettings person;
  person.decode = Decode::all;
  person.publishing = {.content = nullptr, .layers = 0, .muted = true};
  person.given = std::move(keys);
  person.tile_width = 640;
  person.tile_height = 360;
  return person;
}

TEST(BenchSeal, frames_open_at_who_has_the_keys_sound_and_pictures_alike) {
  Session session(true);
  session.add(bench_person(0, true), true);
  session.add(bench_person(1, true), false);
  Participant& one = session.add(witness(bench_keys(2, kSeats)), false);
  session.run(base::Duration::seconds(4));
  EXPECT_FALSE(one.failure()) << *one.failure();
  const auto opened = one.subscriber().counts().frames;
  // Of each of two people 50 sounds and 25 pictures a second: more than the sounds of two seconds and a half alone.
  EXPECT_GT(opened.opened, 2U * 75U * 5U / 2U);
  EXPECT_EQ(opened.refused + opened.replayed + opened.of_another, 0U);
  EXPECT_EQ(session.people()[0]->publisher().counts().unsealed, 0U);
}

TEST(BenchSeal, with_another_key_none_of_them_opens) {
  Session session(true);
  session.add(bench_person(0, true), true);
  session.add(bench_person(1, true), false);
  EpochKeys other = bench_keys(2, kSeats);
  other.base.fill(0x33);
  Participant& one = session.add(witness(other), false);
  session.run(base::Duration::seconds(3));
  const auto opened = one.subscriber().counts().frames;
  EXPECT_EQ(opened.opened, 0U);
  EXPECT_GT(opened.refused, 100U);
}

TEST(BenchSeal, those_who_send_it_open_the_sound_that_they_decrypt_and_read_its_time) {
  Session session(true);
  for (std::uint16_t place = 0; place < 3; ++place) session.add(bench_person(place, true), place == 0);
  session.run(base::Duration::seconds(4));
  for (const auto& person : session.people()) {
    const auto counts = person->subscriber().counts();
    EXPECT_GT(counts.frames.opened, 10U);
    EXPECT_EQ(counts.frames.refused, 0U);
    EXPECT_EQ(person->subscriber().latencies().count(), counts.frames.opened);
    EXPECT_LT(person->subscriber().latencies().quantile_ms(0.99), 50);
  }
}

TEST(BenchSeal, packets_are_as_many_as_in_the_clear_and_as_large_within_a_hundredth) {
  SendCounts sent[2];
  for (const bool seal : {false, true}) {
    Session session(true);
    for (std::uint16_t place = 0; place < 3; ++place) session.add(bench_person(place, seal), place == 0);
    session.run(base::Duration::seconds(4));
    sent[seal ? 1 : 0] = session.people()[0]->publisher().counts();
  }
  EXPECT_GT(sent[0].packets, 400U);
  EXPECT_EQ(sent[1].packets, sent[0].packets);
  EXPECT_NEAR(static_cast<double>(sent[1].octets), static_cast<double>(sent[0].octets), static_cast<double>(sent[0].octets) / 100);
}

TEST(BenchSeal, without_keys_nothing_is_sent_and_nobody_counts_as_ready) {
  Session session(true);
  for (std::uint16_t place = 0; place < 2; ++place) {
    ParticipantSettings person = bench_person(place, true);
    person.given.reset();
    session.add(std::move(person), place == 0);
  }
  session.run(base::Duration::seconds(2));
  EXPECT_EQ(session.people()[0]->publisher().counts().packets, 0U);
  EXPECT_GT(session.people()[0]->publisher().counts().unsealed, 50U);
  EXPECT_FALSE(session.people()[0]->ready());
}

TEST(BenchSeal, a_room_that_is_not_encrypted_is_said_and_not_measured_in_the_clear) {
  Session session(false);
  Participant& one = session.add(bench_person(0, true), true);
  session.run(base::Duration::seconds(1));
  ASSERT_TRUE(one.failure());
  EXPECT_NE(one.failure()->find("not encrypted"), std::string::npos);
  EXPECT_FALSE(one.ready());
  EXPECT_EQ(one.publisher().counts().packets, 0U);
}

}  // namespace
}  // namespace load
