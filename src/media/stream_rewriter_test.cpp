// SPDX-License-Identifier: Apache-2.0
// One stream for one receiver out of whatever a slot carries: switches, gaps, what is left out, what comes late.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "media/stream_rewriter.h"

namespace media {
namespace {

Packet picture(std::uint32_t sequence, std::uint32_t timestamp, std::uint16_t id, std::uint8_t tl0 = 0) {
  Packet p;
  p.sequence = sequence;
  p.timestamp = timestamp;
  p.picture = p.starts_frame = true;
  p.vp8 = {.picture_id_at = 2, .wide_picture_id = true, .tl0_at = 4, .picture_id = id, .tl0 = tl0};
  p.frame_number = static_cast<std::uint16_t>(id + 500);
  p.payload_size = 100;
  return p;
}

TEST(StreamRewriter, a_switch_leaves_no_seam_and_a_gap_stays_a_gap) {
  StreamRewriter w;
  w.begin(1'000, 50'000);
  auto first = picture(70'000, 9, 32'767, 255);
  w.switch_to(first, 60'000);
  const auto a = w.forward(first);
  EXPECT_EQ(a->sequence, 1'000);
  EXPECT_EQ(a->timestamp, 60'000U);
  const auto b = w.forward(picture(70'003, 3'009, 0, 0));  // two are missing; ids wrap
  EXPECT_EQ(b->sequence, 1'003);
  EXPECT_EQ(b->picture_id, (a->picture_id + 1) & 0x7fff);
  EXPECT_EQ(b->tl0, static_cast<std::uint8_t>(a->tl0 + 1));
  EXPECT_EQ(w.forward(picture(70'001, 9, 32'767))->sequence, 1'001) << "late, into its place";
  auto other = picture(5, 1'000'000, 77, 9);
  w.switch_to(other, 66'000);
  EXPECT_FALSE(w.forward(picture(4, 999'000, 76))) << "from before the switch";
  const auto c = w.forward(other);
  EXPECT_EQ(c->sequence, 1'004);
  EXPECT_EQ(c->timestamp, 66'000U);
  EXPECT_EQ(c->picture_id, (b->picture_id + 1) & 0x7fff);
  EXPECT_EQ(c->tl0, static_cast<std::uint8_t>(b->tl0 + 1));
  EXPECT_EQ(c->frame_number, static_cast<std::uint16_t>(b->frame_number + 1));
}

TEST(StreamRewriter, time_never_goes_back_at_a_switch) {
  StreamRewriter w;
  w.begin(0, 1'000);
  auto p = picture(70'000, 9, 1);
  w.switch_to(p, 500);
  EXPECT_EQ(w.forward(p)->timestamp, 1'001U);
}

// Else a receiver's cipher loses count, and hears nothing of that stream any more.
TEST(StreamRewriter, a_sender_that_begins_its_numbers_anew_is_followed_without_a_leap) {
  StreamRewriter w;
  w.begin(1'000, 0);
  auto first = picture(70'000, 0, 5);
  w.switch_to(first, 1'000);
  std::uint16_t last = w.forward(first)->sequence;
  std::mt19937 random{7};
  std::uint32_t sequence = 70'000;
  for (int i = 0; i < 1'000; ++i) {
    sequence += i % 3 == 0 ? 3'001 + random() % 200'000 : 1 + random() % 3'000;
    if (i % 5 == 0) {
      w.leave_out(picture(sequence, 3'000, 6));
      continue;
    }
    const auto out = w.forward(picture(sequence, 3'000, 6));
    ASSERT_TRUE(out);
    const auto step = static_cast<std::uint16_t>(out->sequence - last);
    EXPECT_GE(step, 1) << i;
    EXPECT_LE(step, StreamRewriter::kMostGap * 2) << i;  // one may have been left out between
    last = out->sequence;
    EXPECT_FALSE(w.forward(picture(sequence - 3'001, 0, 6))) << "too old to be placed";
  }
}

TEST(StreamRewriter, what_is_left_out_closes_the_numbers) {
  StreamRewriter w;
  w.begin(10, 0);
  auto first = picture(70'000, 0, 5);
  w.switch_to(first, 1'000);
  const auto a = w.forward(first);
  w.leave_out(picture(70'001, 3'000, 6));
  w.leave_out(picture(70'002, 3'000, 6));  // second packet of the same frame
  const auto b = w.forward(picture(70'003, 6'000, 7));
  EXPECT_EQ(b->sequence, a->sequence + 1);
  EXPECT_EQ(b->picture_id, a->picture_id + 1);
  EXPECT_EQ(b->frame_number, static_cast<std::uint16_t>(a->frame_number + 2)) << "differences of frame numbers are references";
  EXPECT_FALSE(w.forward(picture(70'002, 3'000, 6))) << "left out, so its number is another's";
  // What was lost while frames are left out has a number kept for it.
  w.leave_out(picture(70'005, 9'000, 8));
  const auto c = w.forward(picture(70'006, 12'000, 9));
  EXPECT_EQ(c->sequence, b->sequence + 2);
  EXPECT_EQ(w.forward(picture(70'004, 9'000, 8))->sequence, b->sequence + 1);
}

// What a late packet is given is what it would have had in time: the same as where each number's differences are written down.
TEST(StreamRewriter, a_late_packet_has_the_numbers_it_would_have_had_in_time) {
  struct Had {
    std::uint16_t sequence, picture_id;
    std::uint8_t tl0;
  };
  std::mt19937 random{11};
  for (int round = 0; round < 20; ++round) {
    StreamRewriter inorder, w;
    for (auto* one : {&inorder, &w}) one->begin(60'000, 0);
    const std::uint32_t begins = 0xfff0U + random() % 1'000;
    const auto of = [&](std::uint32_t s) {  // frames of three packets, each fourth of a frame that may be left out
      const auto frame = (s - begins) / 3;
      auto p = picture(s, frame * 3'000, static_cast<std::uint16_t>(frame & 0x7fff), static_cast<std::uint8_t>(frame / 2));
      p.temporal = frame % 2;
      return p;
    };
    std::vector<std::uint32_t> late;
    std::map<std::uint32_t, Had> had;  // as one to whom nothing comes late
    const auto left_out = [&](std::uint32_t s) { return (s - begins) / 3 % 5 == 3 || (s - begins) / 3 % 7 == 2; };
    for (auto* one : {&inorder, &w}) one->switch_to(of(begins), 1'000);
    int placed = 0;
    for (std::uint32_t s = begins; s != begins + 3'000; ++s) {
      if (left_out(s)) {
        for (auto* one : {&inorder, &w}) one->leave_out(of(s));
      } else {
        const auto in_time = inorder.forward(of(s));
        ASSERT_TRUE(in_time);
        had[s] = {in_time->sequence, in_time->picture_id, in_time->tl0};
        if (s != begins && random() % 4 == 0) {
          late.push_back(s);
          continue;
        }
        const auto out = w.forward(of(s));
        ASSERT_EQ(out->sequence, in_time->sequence);
        ASSERT_EQ(out->picture_id, in_time->picture_id);
      }
      while (!late.empty() && random() % 8 == 0) {
        const auto at = random() % late.size();
        const auto which = late[at];
        late.erase(late.begin() + static_cast<std::ptrdiff_t>(at));
        const auto out = w.forward(of(which));
        if (s - which >= StreamRewriter::kWindow) {
          EXPECT_FALSE(out) << "too old";
          continue;
        }
        ASSERT_TRUE(out) << which << " at " << s;
        EXPECT_EQ(out->sequence, had[which].sequence);
        EXPECT_EQ(out->picture_id, had[which].picture_id);
        EXPECT_EQ(out->tl0, had[which].tl0);
        ++placed;
      }
    }
    EXPECT_GT(placed, 100);
  }
}

}  // namespace
}  // namespace media
