// SPDX-License-Identifier: Apache-2.0
// What a room writes besides media: sender reports on one clock, losses told to senders, repairs to viewers; and what of a
// packet is passed on. Without transports: packets in, packets and RTCP out.
#include "media/forwarder.h"

#include <gtest/gtest.h>

#include "media/people_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

class Ear final : public Outgoing {
 public:
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence, base::DatagramSink&) override {
    if (refuses) return false;
    rtp.emplace_back(header.begin(), header.end());
    rtp.back().insert(rtp.back().end(), payload.begin(), payload.end());
    return true;
  }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    const auto read = wire::read_rtcp(compound, [this]<class T>(const T& m) {
      if constexpr (std::is_same_v<T, wire::SenderReport>) sender_reports.push_back(m);
      if constexpr (std::is_same_v<T, wire::ReceiverReport>) receiver_reports.push_back(m);
      if constexpr (std::is_same_v<T, wire::Pli>) asked_key_frames.push_back(m.media.value);
      if constexpr (std::is_same_v<T, wire::Nack>) m.for_each([this](std::uint16_t s) { nacked.push_back(s); });
    });
    EXPECT_TRUE(read && read->malformed == 0);
    return true;
  }
  [[nodiscard]] std::vector<wire::RtpView> of(base::Ssrc ssrc) const {
    std::vector<wire::RtpView> out;
    for (const auto& p : rtp)
      if (const auto view = wire::parse_rtp(p).value(); view.ssrc == ssrc) out.push_back(view);
    return out;
  }
  bool refuses = false;
  std::vector<std::vector<std::uint8_t>> rtp;
  std::vector<wire::SenderReport> sender_reports;
  std::vector<wire::ReceiverReport> receiver_reports;
  std::vector<std::uint16_t> nacked;
  std::vector<std::uint32_t> asked_key_frames;  // of which streams
};

class Nowhere final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t, base::Precedence) override { return room_.data(); }
  void commit(std::size_t) override {}

 private:
  std::array<std::uint8_t, 2'048> room_{};
};

class TwoPeople : public ::testing::Test {
 protected:
  TwoPeople() { come(room); }
  void come(Forwarder& into) {
    Answer answer;
    answer.sound_in = answer.picture_in = answer.sound_out = answer.picture_out = 0x7ffe;
    answer.rtx_in = answer.rtx_out = answer.transport_feedback_in = answer.nack_sound_in = true;
    answer.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}}};
    answer.slots = 1;
    for (std::uint32_t i = 0; i < 2; ++i) {
      const auto m = into.add({i + 1}, ear[i], {i + 1}, 5);
      into.configure(m, answer, {slot}, now);
      into.set_connected(m, true, now);
      into.set_present(m, true, now);
    }
    sound.ssrc = 700;
    picture.ssrc = 701;
  }
  void pass(Duration d) {
    const auto end = now.instant + d;
    while (now.instant < end) {
      now.instant = now.instant + Duration::millis(5);
      now.wall.us += 5'000;
      room.on_timer(now, sink);
    }
  }
  void say() { room.on_rtp(0, sound_packet(sound, 1, 40).whole(), now, sink); }
  void show(bool key) { room.on_rtp(0, picture_packet(picture, 0, key, 1).whole(), now, sink); }
  template <class T>
  void rtcp(std::size_t from, const T& message) {
    std::array<std::uint8_t, 500> buffer;
    base::Writer w{buffer};
    ASSERT_TRUE(message.write(w));
    room.on_rtcp(from, w.written(), now, sink);
  }
  SlotSsrcs slot{{10}, {11}, {12}};
  PacketPool pool;
  Nowhere sink;
  std::array<Ear, 2> ear;
  base::Now now{{5'000'000}, {1'800'000'000'000'000}};
  Forwarder room{{1}, pool};
  TestStream sound, picture;
};

// It would be told as lost, and a line that loses is given less.
TEST_F(TwoPeople, what_a_transport_refuses_takes_no_transport_number) {
  say();
  ear[1].refuses = true;
  for (int i = 0; i < 5; ++i) say();
  ear[1].refuses = false;
  say();
  std::vector<std::uint16_t> numbers;
  for (const auto& rtp : ear[1].of(slot.sound))
    if (const auto e = rtp.extension(wire::offered_id<wire::TransportSequenceExtension>())) numbers.push_back(base::load_u16(e->data()));
  ASSERT_EQ(numbers.size(), 2U);
  EXPECT_EQ(numbers[1], static_cast<std::uint16_t>(numbers[0] + 1));
}

TEST_F(TwoPeople, whoever_waits_for_a_larger_picture_is_shown_the_smaller_one_meanwhile) {
  std::array<TestStream, kLayers> layers{};
  for (std::uint32_t l = 0; l < kLayers; ++l) layers[l].ssrc = 800 + l;
  const auto show_layer = [&](std::uint8_t l, bool key) {
    room.on_rtp(0, picture_packet(layers[l], l, key, 1).whole(), now, sink);
  };
  for (std::uint8_t l = 0; l < kLayers; ++l) show_layer(l, false);  // all three are there; none can begin
  room.set_view(1, {.tiles = {{.of = {1}, .width = 1'280, .height = 720}}, .sound_only = false}, now);
  pass(Duration::millis(600));
  for (std::uint8_t l = 0; l < kLayers; ++l) show_layer(l, false);
  EXPECT_EQ(room.layer_sent(1, 0), kNoLayer);
  show_layer(0, true);
  EXPECT_EQ(room.layer_sent(1, 0), 0) << "its key frame may be shown at once";
  show_layer(2, true);
  EXPECT_GT(room.layer_sent(1, 0), 0) << "and what was asked for takes over";
  const auto seen = ear[1].of(slot.picture).size();
  show_layer(0, true);
  EXPECT_EQ(ear[1].of(slot.picture).size(), seen) << "a smaller one never comes back by itself";
}

TEST_F(TwoPeople, a_viewer_leaves_a_layer_that_its_sender_has_switched_off_before_the_picture_stands_still_for_long) {
  Answer answer;
  answer.sound_in = answer.picture_in = 0x7ffe;
  answer.rtx_in = answer.transport_feedback_in = true;
  answer.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}, true}};
  answer.slots = 1;
  room.configure(0, answer, {slot}, now);
  room.set_view(1, {.tiles = {{.of = {1}, .width = 1'280, .height = 720}}, .sound_only = false}, now);
  std::array<TestStream, kLayers> layers{};
  for (std::uint32_t l = 0; l < kLayers; ++l) layers[l].ssrc = 800 + l;
  // A camera of fifteen frames a second; a key frame follows what asks for it.
  std::size_t sent = kLayers;
  auto longest = Duration{};
  auto last = now.instant;
  std::size_t seen = 0;
  const auto show_for = [&](Duration d) {
    for (const auto end = now.instant + d; now.instant < end; pass(Duration::millis(65))) {
      for (std::uint8_t l = 0; l < sent; ++l) {
        const bool asked = std::erase(ear[0].asked_key_frames, layers[l].ssrc) > 0;
        room.on_rtp(0, picture_packet(layers[l], l, asked, 1).whole(), now, sink);
      }
      const auto forwarded = ear[1].of(slot.picture).size();
      if (std::exchange(seen, forwarded) == forwarded) continue;
      longest = std::max(longest, now.instant - last);
      last = now.instant;
    }
  };
  show_for(Duration::seconds(3));
  ASSERT_EQ(room.layer_sent(1, 0), 2);
  longest = {};
  sent = 2;
  show_for(Duration::seconds(3));
  EXPECT_EQ(room.layer_sent(1, 0), 1);
  EXPECT_LE(longest, Duration::millis(600));
  sent = kLayers;
  show_for(Duration::seconds(3));
  EXPECT_EQ(room.layer_sent(1, 0), 2) << "and it is back when it comes again";
  EXPECT_LE(longest, Duration::millis(600));
}

// A line that carries the large picture and one voice: what is said backstage has its room from the picture, not from the line's queue.
TEST_F(TwoPeople, a_voice_backstage_is_paid_before_pictures_are) {
  const SlotSsrcs other{{20}, {21}, {22}};
  Answer answer;
  answer.sound_in = answer.picture_in = answer.sound_out = answer.picture_out = 0x7ffe;
  // The line is told by REMB, which counts where transport-wide feedback is not negotiated.
  answer.sound_out = answer.picture_out &= static_cast<ExtensionSet>(~bit_of<wire::TransportSequenceExtension>());
  answer.rtx_in = answer.rtx_out = answer.transport_feedback_in = true;
  answer.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}, true}, {Source::backstage, true, {}, {}}};
  answer.slots = 2;
  for (const std::size_t i : {0U, 1U}) {
    room.configure(i, answer, {slot, other}, now);
    room.set_backstage(i, true, now);
  }
  room.set_silenced(0, Source::backstage, false, now);
  room.set_view(1, {.tiles = {{.of = {1}, .width = 640, .height = 360}}, .sound_only = false}, now);
  std::array<TestStream, 2> layers{};
  for (std::uint32_t l = 0; l < layers.size(); ++l) layers[l].ssrc = 800 + l;
  TestStream aside;
  aside.ssrc = 900;
  bool backstage = false;
  int ticks = 0;
  const auto go_on = [&](Duration d) {
    for (const auto end = now.instant + d; now.instant < end; pass(Duration::millis(20))) {
      say();
      if (backstage) room.on_rtp(0, sound_packet(aside, 1, 40, {}, "b").whole(), now, sink);
      if (++ticks % 3 != 0) continue;
      for (std::uint8_t l = 0; l < layers.size(); ++l) {
        const bool asked = std::erase(ear[0].asked_key_frames, layers[l].ssrc) > 0;
        room.on_rtp(0, picture_packet(layers[l], l, asked, 1, l == 0 ? 300 : 1'000).whole(), now, sink);
      }
    }
  };
  rtcp(1, remb_of(slot.picture, 240'000));
  go_on(Duration::seconds(6));
  ASSERT_EQ(room.layer_sent(1, 0), 1);
  backstage = true;
  go_on(Duration::seconds(3));
  EXPECT_GT(ear[1].of(other.sound).size(), 100U);
  EXPECT_EQ(room.layer_sent(1, 0), 0);
}

TEST_F(TwoPeople, sender_reports_put_sound_and_picture_on_one_clock) {
  // The sender's clock is far from ours; a sound sample and a picture taken together.
  const auto sound_ts = sound.timestamp;
  const auto picture_ts = picture.timestamp;
  say();
  show(true);
  const base::WallTime theirs{now.wall.us - 86'400'000'000};
  rtcp(0, wire::SenderReport{.sender = {700}, .ntp = wire::to_ntp(theirs), .rtp_timestamp = sound_ts, .packets = 1, .octets = 1, .blocks = {}});
  rtcp(0, wire::SenderReport{.sender = {701}, .ntp = wire::to_ntp(theirs), .rtp_timestamp = picture_ts, .packets = 1, .octets = 1, .blocks = {}});
  const auto sound_out = ear[1].of(slot.sound).at(0).timestamp;
  const auto picture_out = ear[1].of(slot.picture).at(0).timestamp;
  for (int i = 0; i < 60; ++i) {
    pass(Duration::millis(20));
    say();
    show(false);
  }
  ASSERT_GE(ear[1].sender_reports.size(), 2U);
  // When was each of the first two samples, by our reports? At the same time.
  std::map<std::uint32_t, double> at;
  for (const auto& sr : ear[1].sender_reports) {
    const bool is_sound = sr.sender == slot.sound;
    const auto ticks = static_cast<std::int32_t>(sr.rtp_timestamp - (is_sound ? sound_out : picture_out));
    at[sr.sender.value] = static_cast<double>(wire::to_wall(sr.ntp).us) / 1e6 - ticks / (is_sound ? 48'000.0 : 90'000.0);
  }
  ASSERT_EQ(at.size(), 2U);
  EXPECT_NEAR(at[10], at[11], 0.002);
}

TEST_F(TwoPeople, the_worst_listener_is_told_to_the_speaker_up_to_a_cap) {
  for (const auto& [reported, told] : std::initializer_list<std::pair<int, int>>{{0, 0}, {25, 25}, {200, 64}}) {
    wire::ReceiverReport rr{.sender = {2}, .blocks = {}};
    (void)rr.blocks.push_back({.ssrc = slot.sound, .fraction_lost = static_cast<std::uint8_t>(reported)});
    ear[0].receiver_reports.clear();
    for (int i = 0; i < 60; ++i) {
      say();
      pass(Duration::millis(20));
      if (i == 0) rtcp(1, rr);
    }
    ASSERT_FALSE(ear[0].receiver_reports.empty());
    EXPECT_EQ(ear[0].receiver_reports.back().blocks[0].fraction_lost, told);
  }
}

TEST_F(TwoPeople, what_is_missing_is_asked_for_once_and_the_repair_takes_its_place) {
  say();
  show(true);
  show(false);
  const auto lost = picture_packet(picture, 0, false, 1);
  const auto number = static_cast<std::uint16_t>(picture.sequence - 1);
  show(false);
  pass(Duration::millis(15));
  EXPECT_EQ(ear[0].nacked, std::vector<std::uint16_t>{number});
  EXPECT_EQ(ear[1].of(slot.picture).size(), 3U);
  // By RTX, known by its repaired rid.
  std::vector<std::uint8_t> rtx(wire::kMaxRtpHeader);
  wire::RtpHeaderWriter w(rtx, {true, kRtx, 9, wire::parse_rtp(lost.header)->timestamp, base::Ssrc{801}});
  (void)w.extension(wire::offered_id<wire::MidExtension>(), base::as_bytes("c"));
  (void)w.extension(wire::offered_id<wire::RepairedRidExtension>(), base::as_bytes("q"));
  rtx.resize(w.finish());
  rtx.push_back(static_cast<std::uint8_t>(number >> 8));
  rtx.push_back(static_cast<std::uint8_t>(number));
  rtx.insert(rtx.end(), lost.payload.begin(), lost.payload.end());
  room.on_rtp(0, rtx, now, sink);
  const auto sent = ear[1].of(slot.picture);
  ASSERT_EQ(sent.size(), 4U);
  EXPECT_EQ(sent[3].sequence, static_cast<std::uint16_t>(sent[1].sequence + 1));
  EXPECT_EQ(sent[2].sequence, static_cast<std::uint16_t>(sent[1].sequence + 2));
  EXPECT_EQ(wire::parse_vp8(sent[3].payload)->picture_id, wire::parse_vp8(sent[1].payload)->picture_id.value() + 1);
  room.on_rtp(0, rtx, now, sink);
  EXPECT_EQ(ear[1].of(slot.picture).size(), 4U) << "twice";
}

// Sound is never paced, so that nothing else would hold it.
TEST_F(TwoPeople, whoever_sends_a_thousand_packets_of_sound_a_second_is_heard_as_often_as_a_voice_is_and_without_gaps) {
  for (int i = 0; i < 5'000; ++i) {
    say();
    now.instant = now.instant + Duration::millis(1);
    now.wall.us += 1'000;
  }
  const auto heard = ear[1].of(slot.sound);
  EXPECT_LE(heard.size(), 5U * 120 + 181);
  EXPECT_GE(heard.size(), 5U * 100);
  for (std::size_t i = 1; i < heard.size(); ++i) ASSERT_EQ(heard[i].sequence, static_cast<std::uint16_t>(heard[i - 1].sequence + 1));
}

TEST_F(TwoPeople, what_was_held_up_for_three_seconds_comes_at_once) {
  pass(Duration::millis(100));
  for (int i = 0; i < 150; ++i) say();
  EXPECT_EQ(ear[1].of(slot.sound).size(), 150U);
}

TEST_F(TwoPeople, whoever_sends_eighty_megabits_of_pictures_fills_no_more_of_others_lines_than_a_camera_and_a_screen_do) {
  const auto passed_on = [&](bool bounded) {
    Forwarder wide({1}, pool, 50'000'000, bounded);
    come(wide);
    ear[1].rtp.clear();
    for (int ms = 0; ms < 2'000; ++ms) {
      for (int i = 0; i < 10; ++i) wide.on_rtp(0, picture_packet(picture, 0, ms % 500 == 0 && i == 0, 1, 1'000).whole(), now, sink);
      now.instant = now.instant + Duration::millis(1);
      now.wall.us += 1'000;
      wide.on_timer(now, sink);
    }
    std::size_t bytes = 0;
    for (const auto& packet : ear[1].rtp) bytes += packet.size();
    return bytes;
  };
  constexpr std::size_t kAllowed = 3U * 8'000'000 / 8 * 11 / 10;  // two seconds, and one in advance
  const auto bytes = passed_on(true);
  EXPECT_LE(bytes, kAllowed);
  EXPECT_GE(bytes, 500'000U);
  EXPECT_GT(passed_on(false), kAllowed);
}

// Their parts belong to no frame that begins: without end they would go by as part of it.
TEST_F(TwoPeople, of_a_still_its_own_packets_go_out_and_none_after_it) {
  Answer answer;  // its line is told by REMB
  answer.sound_in = answer.picture_in = answer.sound_out = 0x7ffe;
  answer.picture_out = static_cast<ExtensionSet>(0x7ffe & ~bit_of<wire::TransportSequenceExtension>());
  answer.rtx_in = answer.rtx_out = true;
  answer.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}}};
  answer.slots = 1;
  room.configure(1, answer, {slot}, now);
  rtcp(1, remb_of(slot.picture, 70'000));
  const auto part = [&](bool starts) {
    room.on_rtp(0, picture_packet(picture, 0, starts, 1, 1'000, {}, starts, false).whole(), now, sink);
    picture.timestamp += 6'000;
  };
  for (int s = 0; s < 20; ++s) {
    for (int i = 0; i < 15; ++i) {
      part(i == 0);
      pass(Duration::millis(66));
    }
    if (room.pictures_of(1) == Pictures::stills) break;
    rtcp(1, remb_of(slot.picture, 70'000));
  }
  ASSERT_EQ(room.pictures_of(1), Pictures::stills);
  ear[1].rtp.clear();
  for (int s = 0; s < 12; ++s)
    for (int i = 0; i < 15; ++i) {
      part(i == 0);
      pass(Duration::millis(66));
    }
  EXPECT_LE(ear[1].of(slot.picture).size(), 4U) << "one packet each four seconds";
  EXPECT_GE(ear[1].of(slot.picture).size(), 2U);
}

// Browsers repeat sound as it was (RFC 4585): under its own number, without RTX.
TEST_F(TwoPeople, sound_that_is_missing_is_asked_for_and_passed_on_into_its_place_once) {
  say();
  const auto lost = sound_packet(sound, 1, 40).whole();
  const auto number = wire::parse_rtp(lost)->sequence;
  say();
  pass(Duration::millis(30));
  EXPECT_EQ(ear[0].nacked, std::vector<std::uint16_t>{number});
  room.on_rtp(0, lost, now, sink);
  room.on_rtp(0, lost, now, sink);
  const auto heard = ear[1].of(slot.sound);
  ASSERT_EQ(heard.size(), 3U) << "twice";
  EXPECT_EQ(heard[1].sequence, static_cast<std::uint16_t>(heard[0].sequence + 2)) << "a place was kept";
  EXPECT_EQ(heard[2].sequence, static_cast<std::uint16_t>(heard[0].sequence + 1));
  ear[0].nacked.clear();
  pass(Duration::millis(500));
  EXPECT_TRUE(ear[0].nacked.empty()) << "it has come";
}

TEST_F(TwoPeople, a_viewer_gets_a_repair_by_rtx_and_not_twice_at_once) {
  show(true);
  show(false);
  const auto first = ear[1].of(slot.picture).at(1);
  wire::Nack nack{.sender = {2}, .media = slot.picture, .items = {}};
  (void)nack.add(first.sequence);
  const std::vector<std::uint8_t> payload(first.payload.begin(), first.payload.end());
  const auto sequence = first.sequence;
  rtcp(1, nack);
  rtcp(1, nack);
  const auto repairs = ear[1].of(slot.picture_rtx);
  ASSERT_EQ(repairs.size(), 1U);
  EXPECT_EQ(repairs[0].payload_type, kRtx);
  EXPECT_EQ(base::load_u16(repairs[0].payload.data()), sequence);
  EXPECT_TRUE(std::ranges::equal(repairs[0].payload.subspan(2), payload));
  pass(Duration::millis(1'200));
  rtcp(1, nack);
  EXPECT_EQ(ear[1].of(slot.picture_rtx).size(), 1U) << "kept for a second only";
}

TEST_F(TwoPeople, where_repairs_are_asked_for_late_packets_are_kept_longer) {
  const auto go_on = [&](int ms) {
    for (int passed = 0; passed < ms; passed += 30) {
      show(false);
      pass(Duration::millis(30));
    }
  };
  const auto repaired_after = [&](int ms) {
    const auto before = ear[1].of(slot.picture_rtx).size();
    wire::Nack nack{.sender = {2}, .media = slot.picture, .items = {}};
    (void)nack.add(ear[1].of(slot.picture).back().sequence);
    go_on(ms);
    rtcp(1, nack);
    return ear[1].of(slot.picture_rtx).size() > before;
  };
  show(true);
  go_on(1'500);
  EXPECT_TRUE(repaired_after(450));
  EXPECT_FALSE(repaired_after(800)) << "nobody so far needed it";
  go_on(1'000);
  EXPECT_TRUE(repaired_after(800)) << "a line that is gone for a moment now and then";
  go_on(62'000);
  EXPECT_FALSE(repaired_after(800));
}

TEST_F(TwoPeople, headers_carry_level_mid_and_the_receivers_own_transport_numbers) {
  say();
  say();
  const auto heard = ear[1].of(slot.sound);
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(base::as_text(heard[0].extension(wire::offered_id<wire::MidExtension>()).value()), "s0");
  EXPECT_EQ(heard[0].extension(wire::offered_id<wire::AudioLevelExtension>()).value()[0], 40);
  const auto number = [&](std::size_t i) {
    return base::load_u16(heard[i].extension(wire::offered_id<wire::TransportSequenceExtension>())->data());
  };
  EXPECT_EQ(number(1), number(0) + 1);
  EXPECT_FALSE(heard[0].extension(wire::offered_id<wire::RidExtension>()));
}

TEST_F(TwoPeople, nothing_from_before_an_entry_is_ever_sent) {
  room.set_present(1, false, now);
  show(true);
  const auto lost_then = sound_packet(sound, 1, 40).whole();
  say();
  room.set_present(1, true, now);
  show(false);
  EXPECT_TRUE(ear[1].of(slot.picture).empty()) << "no key frame since";
  say();
  EXPECT_EQ(ear[1].of(slot.sound).size(), 1U);
  room.on_rtp(0, lost_then, now, sink);
  EXPECT_EQ(ear[1].of(slot.sound).size(), 1U) << "a late packet from before";
  show(true);
  EXPECT_EQ(ear[1].of(slot.picture).size(), 0U) << "not chosen before the timer";
  room.on_timer(now, sink);
  show(true);
  EXPECT_EQ(ear[1].of(slot.picture).size(), 1U);
}

TEST_F(TwoPeople, at_different_places_nothing_goes_either_way_and_nothing_of_before_is_said_again) {
  show(true);
  show(false);
  const auto seen = ear[1].of(slot.picture);
  ASSERT_EQ(seen.size(), 2U);
  wire::Nack nack{.sender = {2}, .media = slot.picture, .items = {}};
  (void)nack.add(seen[1].sequence);
  room.set_place(1, 7, now);
  const auto then = ear[1].rtp.size();
  show(true);
  say();
  rtcp(1, nack);
  EXPECT_EQ(ear[1].rtp.size(), then);
  room.set_place(0, 9, now);
  show(true);
  say();
  EXPECT_EQ(ear[1].rtp.size(), then) << "two rooms are two places";
  room.set_place(0, 7, now);
  say();
  EXPECT_EQ(ear[1].of(slot.sound).size(), 1U) << "together again";
  show(false);
  EXPECT_EQ(ear[1].of(slot.picture).size(), 2U) << "a picture begins with a key frame";
  room.on_timer(now, sink);
  show(true);
  EXPECT_EQ(ear[1].of(slot.picture).size(), 3U);
}

TEST_F(TwoPeople, who_is_not_with_everyone_is_not_the_speaker_of_the_room) {
  const auto speaks = [&] {
    std::vector<Event> events;
    room.take_events(events);
    return std::ranges::any_of(events, [](const Event& e) {
      const auto* speaker = std::get_if<Event::Speaker>(&e.what);
      return speaker != nullptr && speaker->who.has_value();
    });
  };
  const auto talk = [&] {
    for (int i = 0; i < 60; ++i) {
      room.on_rtp(0, sound_packet(sound, 1, 10).whole(), now, sink);
      pass(Duration::millis(20));
    }
  };
  room.set_place(0, 7, now);
  (void)speaks();
  talk();
  EXPECT_FALSE(speaks());
  room.set_place(0, 0, now);
  talk();
  EXPECT_TRUE(speaks());
}

TEST_F(TwoPeople, of_a_simulcast_camera_nothing_is_forwarded_before_it_names_its_layer) {
  Answer answer;
  answer.sound_in = answer.picture_in = 0x7ffe;
  answer.upstream = {{Source::camera, true, {}, {}, true}};
  Reception in;
  in.configure(answer);
  // Two layers of one camera that say whose they are, but not which.
  std::array<TestStream, 2> layers{TestStream{900}, TestStream{901}};
  for (auto& layer : layers) {
    const PacketOptions nameless{.mid = "c", .rid = {}, .level = {}, .transport = {}, .payload_type = kVp8};
    auto packet = header_of(layer, nameless);
    packet.resize(packet.size() + 50, 1);
    EXPECT_FALSE(in.on_rtp(packet, now, pool).packet);
  }
  EXPECT_EQ(in.counters().unknown, 2U);
  EXPECT_FALSE(in.publication(Source::camera)->layers[0].known);
  // Named once, each is known from then on.
  for (std::uint8_t l = 0; l < 2; ++l) {
    const auto received = in.on_rtp(picture_packet(layers[l], l, true, 1).whole(), now, pool);
    ASSERT_TRUE(received.packet);
    EXPECT_EQ(received.packet->layer, l);
  }
}

TEST_F(TwoPeople, whoever_takes_no_pictures_hears_everyone_and_is_sent_no_picture) {
  Answer answer;
  answer.sound_in = answer.sound_out = 0x7ffe;
  answer.takes_pictures = false;
  answer.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, false, {}, {}}};
  answer.slots = 1;
  room.configure(1, answer, {slot}, now);
  for (int i = 0; i < 50; ++i) {
    say();
    show(i % 10 == 0);
    pass(Duration::millis(20));
  }
  EXPECT_EQ(ear[1].of(slot.sound).size(), 50U);
  EXPECT_TRUE(ear[1].of(slot.picture).empty());
}

}  // namespace
}  // namespace media
