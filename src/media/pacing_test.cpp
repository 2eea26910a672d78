// SPDX-License-Identifier: Apache-2.0
// Pictures that wait for a line, in a room of two without transports: sound goes past them, they go out spread over
// time, and nothing that waits leaves once it may not be sent any more. What it makes of real lines:
// line_scenarios_test.cpp.
#include <gtest/gtest.h>

#include "media/forwarder.h"
#include "media/people_for_tests.h"
#include "media/vp8_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

class Ear final : public Outgoing {
 public:
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence precedence, base::DatagramSink&) override {
    const auto rtp = wire::parse_rtp(header).value();
    if (precedence == base::Precedence::sound) ++sounds;
    if (rtp.payload_type == kVp8) {
      ++pictures;
      if (last_sequence && rtp.sequence != static_cast<std::uint16_t>(*last_sequence + 1)) ++gaps;
      last_sequence = rtp.sequence;
    }
    if (rtp.payload_type == kRtx) repeated.push_back(base::load_u16(payload.data()));
    return true;
  }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    (void)wire::read_rtcp(compound, [this]<class T>(const T&) {
      if constexpr (std::is_same_v<T, wire::Pli>) ++wished;
    });
    return true;
  }
  std::uint64_t sounds = 0, pictures = 0, gaps = 0, wished = 0;
  std::optional<std::uint16_t> last_sequence;
  std::vector<std::uint16_t> repeated;
};

class Pacing : public ::testing::Test {
 protected:
  static constexpr std::size_t kPublisher = 0, kViewer = 1;
  Pacing() {
    for (const auto i : {kPublisher, kViewer}) {
      (void)room.add({static_cast<std::uint32_t>(i + 1)}, ears[i], {90}, 7);
      auto answer = full_answer(1);
      // The line is told by REMB, which counts where transport-wide feedback is not negotiated.
      answer.picture_out &= static_cast<ExtensionSet>(~bit_of<wire::TransportSequenceExtension>());
      room.configure(i, answer, {slot}, now);
      room.set_connected(i, true, now);
      room.set_present(i, true, now);
    }
    sound.ssrc = 700;
    picture.ssrc = 800;
    line(1'000'000);
    frame(true, 1);
    pass(Duration::millis(600));
    ears[kViewer].pictures = ears[kViewer].sounds = 0;
  }
  template <class Message>
  void tell(const Message& message) {
    rehearsal::tell(room, kViewer, message, now, sink);
  }
  void line(std::uint32_t bps) { rehearsal::tell(room, kViewer, remb_of(slot.picture, bps), now, sink); }
  void frame(bool key, int packets) {
    for (int i = 0; i < packets; ++i)
      room.on_rtp(kPublisher, picture_packet(picture, 0, key, 1, 1'000, {}, i == 0, i == packets - 1).whole(), now,
                  sink);
  }
  void say() { room.on_rtp(kPublisher, sound_packet(sound, 1, 40).whole(), now, sink); }
  void pass(Duration d) {
    for (const auto end = now.instant + d; now.instant < end;) {
      now.instant = now.instant + Duration::millis(5);
      now.wall.us += 5'000;
      room.on_timer(now, sink);
    }
  }
  Ear& viewer() { return ears[kViewer]; }

  PacketPool pool;
  NoSink sink;
  SlotSsrcs slot{{3'000}, {3'001}, {3'002}};
  std::array<Ear, 2> ears;
  base::Now now{{5'000'000}, {1'800'000'000'000'000}};
  Forwarder room{{1}, pool, 4'000'000};
  TestStream sound, picture;
};

TEST_F(Pacing, of_compounds_without_end_so_many_a_second_are_read) {
  const auto estimate = [&] {
    LineFigures f;
    room.fill(kViewer, f);
    return f.estimated_bps;
  };
  ASSERT_EQ(estimate(), 1'000'000U);
  for (int i = 0; i < 1'000; ++i) tell(wire::ReceiverReport{{2}, {}});
  line(200'000);
  EXPECT_EQ(estimate(), 1'000'000U);
  pass(Duration::millis(100));
  line(200'000);
  EXPECT_EQ(estimate(), 200'000U) << "and then again";
}

TEST_F(Pacing, a_small_frame_goes_out_at_once) {
  frame(false, 3);
  EXPECT_EQ(viewer().pictures, 3U);
}

TEST_F(Pacing, a_large_one_is_spread_in_order_and_sound_goes_past_it) {
  frame(false, 60);
  const auto at_once = viewer().pictures;
  EXPECT_LT(at_once, 10U);
  say();
  EXPECT_EQ(viewer().sounds, 1U) << "with the very call that brought it";
  pass(Duration::millis(150));
  EXPECT_GT(viewer().pictures, at_once + 10);
  EXPECT_LT(viewer().pictures, 50U) << "a megabit and a half a second";
  pass(Duration::millis(400));
  EXPECT_EQ(viewer().pictures, 60U);
  EXPECT_EQ(viewer().gaps, 0U);
  frame(false, 3);
  EXPECT_EQ(viewer().pictures, 63U);
}

TEST_F(Pacing, what_waits_does_not_leave_in_a_pause_nor_after_the_camera_is_off_nor_to_who_has_gone) {
  const auto nothing_more = [&] {
    const auto before = viewer().pictures;
    pass(Duration::seconds(1));
    EXPECT_EQ(viewer().pictures, before);
  };
  frame(false, 60);
  room.set_paused(true, now);
  nothing_more();
  room.set_paused(false, now);
  frame(true, 60);
  pass(Duration::millis(50));
  room.set_silenced(kPublisher, Source::camera, true, now);
  nothing_more();
  room.set_silenced(kPublisher, Source::camera, false, now);
  pass(Duration::millis(600));
  frame(true, 60);
  room.set_present(kPublisher, false, now);
  nothing_more();
  room.set_present(kPublisher, true, now);
  pass(Duration::millis(600));
  frame(true, 60);
  room.set_connected(kViewer, false, now);
  nothing_more();
  EXPECT_LE(pool.in_use(), 520U) << "shares are given back";
}

TEST_F(Pacing, what_waited_for_a_second_is_given_up_and_a_key_frame_wished_for) {
  const auto wished = ears[kPublisher].wished;
  frame(false, 400);  // two seconds of this line
  pass(Duration::millis(1'100));
  const auto sent = viewer().pictures;
  EXPECT_GT(sent, 100U);
  EXPECT_LT(sent, 300U);
  pass(Duration::millis(1'000));
  EXPECT_EQ(viewer().pictures, sent);
  EXPECT_GT(ears[kPublisher].wished, wished);
  frame(false, 1);
  EXPECT_EQ(viewer().pictures, sent) << "what comes refers to what was given up";
  frame(true, 3);
  pass(Duration::millis(100));
  EXPECT_EQ(viewer().pictures, sent + 3);
}

TEST_F(Pacing, more_than_there_is_room_for_is_given_up_at_once) {
  frame(false, 700);
  pass(Duration::millis(200));
  EXPECT_GT(ears[kPublisher].wished, 1U);
  EXPECT_LT(viewer().pictures, 60U);
  pass(Duration::millis(500));
  frame(true, 3);
  pass(Duration::millis(100));
}

TEST_F(Pacing, repairs_wait_as_well_but_first) {
  frame(false, 1);
  const auto first = *viewer().last_sequence;
  frame(false, 60);
  wire::Nack nack{.sender = {1}, .media = slot.picture, .items = {}};
  (void)nack.add(first);
  tell(nack);
  EXPECT_TRUE(viewer().repeated.empty());
  pass(Duration::millis(30));
  EXPECT_EQ(viewer().repeated, std::vector<std::uint16_t>{first});
  EXPECT_LT(viewer().pictures, 40U);
}

TEST_F(Pacing, larger_pictures_than_the_line_carries_stop_at_once_not_with_the_smaller_ones_key_frame) {
  room.set_view(kViewer, {.tiles = {{.of = {1}, .width = 640, .height = 360}}, .sound_only = false}, now);
  TestStream large;
  large.ssrc = 801;
  line(3'000'000);
  const auto both = [&](bool key, int times) {
    for (int i = 0; i < times; ++i) {
      room.on_rtp(kPublisher, picture_packet(large, 1, key && i == 0, 1, 1'000).whole(), now, sink);
      frame(key && i == 0, 1);
      for (int k = 0; k < 4; ++k) room.on_rtp(kPublisher, picture_packet(large, 1, false, 1, 1'000).whole(), now, sink);
      pass(Duration::millis(20));
    }
  };
  both(true, 50);
  both(true, 50);
  ASSERT_EQ(room.layer_sent(kViewer, kPublisher), 1);
  line(500'000);
  pass(Duration::millis(5));
  EXPECT_EQ(room.layer_sent(kViewer, kPublisher), kNoLayer);
  const auto before = viewer().pictures;
  both(false, 10);
  EXPECT_EQ(viewer().pictures, before);
  both(true, 10);
  EXPECT_EQ(room.layer_sent(kViewer, kPublisher), 0);
}

TEST(Pacer, rests_while_what_is_on_its_way_drains_and_goes_on_then) {
  const base::Instant now{1'000'000};
  Pacer pacer(1'000'000);
  EXPECT_TRUE(pacer.admits(now));
  pacer.rest(now + Duration::millis(200));
  EXPECT_FALSE(pacer.admits(now + Duration::millis(199)));
  EXPECT_TRUE(pacer.admits(now + Duration::millis(200)));
  pacer.rest(now);
  EXPECT_TRUE(pacer.admits(now + Duration::millis(200))) << "what is over lengthens nothing";
}

}  // namespace
}  // namespace media
