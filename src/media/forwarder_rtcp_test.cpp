// SPDX-License-Identifier: Apache-2.0
// What members are told by RTCP besides media, and what theirs does: names and goodbyes, requests for key frames in both
// forms, REMB both ways. Without transports: packets in, RTCP out.
#include <gtest/gtest.h>

#include "media/forwarder.h"
#include "media/people_for_tests.h"
#include "media/vp8_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

class Hearer final : public Outgoing {
 public:
  bool send_rtp(base::Bytes, base::Bytes, base::Precedence, base::DatagramSink&) override { return true; }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    std::vector<std::string> names;
    const auto read = wire::read_rtcp(compound, [&]<class T>(const T& m) {
      names.emplace_back(T::kName);
      if constexpr (std::is_same_v<T, wire::SenderReport>) reported.push_back(m.sender);
      if constexpr (std::is_same_v<T, wire::SourceDescription>)
        for (const auto& c : m.chunks) cnames[c.ssrc.value] = std::string(c.cname);
      if constexpr (std::is_same_v<T, wire::Bye>) gone.insert(gone.end(), m.sources.begin(), m.sources.end());
      if constexpr (std::is_same_v<T, wire::Pli>) plis.push_back(m.media);
      if constexpr (std::is_same_v<T, wire::Fir>) firs.insert(firs.end(), m.entries.begin(), m.entries.end());
      if constexpr (std::is_same_v<T, wire::Remb>) rembs.push_back(m);
    });
    EXPECT_TRUE(read && read->malformed == 0);
    EXPECT_LE(compound.size(), 1'100U);
    compounds.push_back(names);
    return true;
  }
  std::vector<std::vector<std::string>> compounds;
  std::vector<base::Ssrc> reported, gone, plis;
  std::vector<wire::FirEntry> firs;
  std::vector<wire::Remb> rembs;
  std::map<std::uint32_t, std::string> cnames;
};

constexpr std::uint32_t kPeople = 30;

std::vector<SlotSsrcs> slots_of(std::uint32_t member) {
  std::vector<SlotSsrcs> out;
  for (std::uint32_t k = 0; k < kPeople; ++k) {
    const auto first = 10'000 * (member + 1) + 3 * k;
    out.push_back({{first}, {first + 1}, {first + 2}});
  }
  return out;
}

class Rtcp : public ::testing::Test {
 protected:
  Answer answer() const {
    auto a = full_answer(kPeople);
    a.transport_feedback_in = true;
    return a;
  }
  void come(std::size_t i, const Answer& a) {
    ASSERT_EQ(room.add({static_cast<std::uint32_t>(i + 1)}, heard[i], {static_cast<std::uint32_t>(i + 1)}, 5), i);
    room.configure(i, a, slots_of(static_cast<std::uint32_t>(i)), now);
    room.set_connected(i, true, now);
    room.set_present(i, true, now);
    sounds[i].ssrc = static_cast<std::uint32_t>(700 + i);
    pictures[i].ssrc = static_cast<std::uint32_t>(800 + i);
  }
  void come_all(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) come(i, answer());
  }
  void say(std::size_t i) { room.on_rtp(i, sound_packet(sounds[i], static_cast<std::uint8_t>(i), 40).whole(), now, sink); }
  void show(std::size_t i, bool key) {
    room.on_rtp(i, picture_packet(pictures[i], 0, key, static_cast<std::uint8_t>(i)).whole(), now, sink);
  }
  void report_of(std::size_t i) {
    for (const auto* s : {&sounds[i], &pictures[i]})
      rtcp(i, wire::SenderReport{.sender = {s->ssrc}, .ntp = wire::to_ntp(now.wall), .rtp_timestamp = s->timestamp,
                                 .packets = 1, .octets = 100, .blocks = {}});
  }
  void pass(Duration d) {
    const auto end = now.instant + d;
    while (now.instant < end) {
      now.instant = now.instant + Duration::millis(5);
      now.wall.us += 5'000;
      room.on_timer(now, sink);
    }
  }
  template <class T>
  void rtcp(std::size_t from, const T& message) {
    std::array<std::uint8_t, 1'000> buffer;
    base::Writer w{buffer};
    ASSERT_TRUE(message.write(w));
    room.on_rtcp(from, w.written(), now, sink);
  }
  PacketPool pool;
  NoSink sink;
  std::array<Hearer, kPeople> heard;
  base::Now now{{5'000'000}, {1'800'000'000'000'000}};
  Forwarder room{{1}, pool, 40'000'000};  // pictures of all
  std::array<TestStream, kPeople> sounds{}, pictures{};
};

TEST_F(Rtcp, every_report_of_a_full_room_stands_in_a_compound_with_the_names_that_the_offer_gave) {
  come_all(kPeople);
  for (std::size_t i = 0; i < kPeople; ++i) {
    show(i, true);
    say(i);
    report_of(i);
  }
  pass(Duration::millis(1'500));
  const auto& h = heard[0];
  std::set<std::uint32_t> reported;
  for (const auto s : h.reported) reported.insert(s.value);
  EXPECT_EQ(reported.size(), 2U * (kPeople - 1)) << "a sound and a picture of each of the others";
  std::size_t with_reports = 0;
  for (const auto& c : h.compounds) {
    ASSERT_FALSE(c.empty());
    if (std::ranges::find(c, "sender_report") == c.end()) continue;
    ++with_reports;
    EXPECT_TRUE(c.front() == "sender_report" || c.front() == "receiver_report") << "RFC 3550 section 6.1";
    EXPECT_EQ(c.back(), "source_description");
    EXPECT_EQ(std::ranges::count(c, "source_description"), 1);
  }
  EXPECT_GT(with_reports, 1U) << "more than one datagram holds";
  // The names are those of the SDP.
  Session session;
  session.slots = slots_of(0);
  Settings settings;
  settings.certificate = crypto::Certificate::make_self_signed();
  session.upstream = {Source::microphone, Source::camera};
  const auto offer = wire::sdp::parse(write_offer(session, settings).sdp).value();
  for (const auto& line : offer.media)
    for (const auto& source : line.sources) {
      if (!reported.contains(source.ssrc.value)) continue;
      EXPECT_EQ(h.cnames.at(source.ssrc.value), source.cname);
      EXPECT_EQ(line.msids.front().stream, source.cname);
    }
}

TEST_F(Rtcp, who_leaves_is_said_goodbye_for_to_those_who_were_shown_them) {
  come_all(4);
  for (int n = 0; n < 3; ++n) {
    say(1);
    show(1, true);
  }
  pass(Duration::millis(20));
  EXPECT_TRUE(heard[0].gone.empty());
  room.set_present(1, false, now);
  pass(Duration::millis(20));
  const auto slots = slots_of(0);
  EXPECT_EQ(heard[0].gone, (std::vector<base::Ssrc>{slots[0].sound, slots[0].picture}));
  EXPECT_EQ(heard[0].compounds.back(), (std::vector<std::string>{"receiver_report", "source_description", "bye"}));
  EXPECT_EQ(heard[2].gone.size(), 2U);
  EXPECT_TRUE(heard[1].gone.empty()) << "they are not there";
  room.set_present(2, false, now);  // never said anything
  pass(Duration::millis(20));
  EXPECT_EQ(heard[0].gone.size(), 2U);
}

TEST_F(Rtcp, a_slot_that_goes_to_another_at_once_goes_on) {
  come(0, [this] {
    auto a = answer();
    a.slots = 1;
    return a;
  }());
  come(1, answer());
  come(2, answer());  // has to wait for the first one's only slot
  say(1);
  pass(Duration::millis(20));
  room.set_present(1, false, now);
  pass(Duration::millis(20));
  EXPECT_TRUE(heard[0].gone.empty());
  EXPECT_EQ(heard[2].gone.size(), 1U);
}

TEST_F(Rtcp, twenty_who_leave_at_once_are_all_said_goodbye_for) {
  come_all(kPeople);
  for (std::size_t i = 1; i < kPeople; ++i) {
    say(i);
    show(i, true);
  }
  pass(Duration::millis(20));
  for (std::size_t i = 1; i < 21; ++i) room.set_present(i, false, now);
  pass(Duration::millis(20));
  EXPECT_EQ(heard[0].gone.size(), 40U);
}

TEST_F(Rtcp, a_source_that_says_goodbye_sleeps_and_is_back_with_its_next_packet) {
  come_all(2);
  show(0, true);
  pass(Duration::millis(100));
  show(0, false);
  EXPECT_EQ(room.layer_sent(1, 0), 0);
  wire::Bye bye;
  (void)bye.sources.push_back({pictures[0].ssrc});
  (void)bye.sources.push_back({999});
  rtcp(0, bye);
  pass(Duration::millis(20));
  EXPECT_EQ(room.layer_sent(1, 0), kNoLayer);
  show(0, true);
  EXPECT_EQ(room.layer_sent(1, 0), 0);
}

TEST_F(Rtcp, a_full_intra_request_is_one_wish_however_often_it_is_repeated) {
  come_all(2);
  show(0, true);
  pass(Duration::millis(1'000));
  show(0, true);
  pass(Duration::millis(1'000));
  const auto asked = [&](std::uint8_t number, base::Ssrc sender) {
    const auto before = heard[0].plis.size();
    wire::Fir fir{.sender = sender, .entries = {}};
    (void)fir.entries.push_back({slots_of(1)[0].picture, number});
    rtcp(1, fir);
    pass(Duration::millis(10));
    const auto after = heard[0].plis.size();
    show(0, true);  // obeyed
    pass(Duration::millis(600));
    return after - before;
  };
  EXPECT_EQ(asked(7, {1}), 1U);
  EXPECT_EQ(asked(7, {1}), 0U) << "the same command again";
  EXPECT_EQ(asked(8, {1}), 1U);
  EXPECT_EQ(asked(8, {2}), 1U) << "another one's command";
}

TEST_F(Rtcp, who_negotiated_only_full_intra_requests_is_sent_these_with_rising_numbers) {
  auto only_fir = answer();
  only_fir.pli_in = false;
  only_fir.fir_in = true;
  come(0, only_fir);
  come(1, answer());
  show(0, false);
  pass(Duration::millis(400));
  show(0, false);
  pass(Duration::millis(400));
  EXPECT_TRUE(heard[0].plis.empty());
  ASSERT_GE(heard[0].firs.size(), 2U);
  for (std::size_t n = 0; n < heard[0].firs.size(); ++n) {
    EXPECT_EQ(heard[0].firs[n].ssrc.value, pictures[0].ssrc);
    EXPECT_EQ(heard[0].firs[n].sequence, n);
  }
}

TEST_F(Rtcp, who_negotiated_no_request_for_key_frames_is_not_asked) {
  auto neither = answer();
  neither.pli_in = neither.fir_in = false;
  come(0, neither);
  come(1, answer());
  show(0, false);
  pass(Duration::millis(1'000));
  EXPECT_TRUE(heard[0].plis.empty() && heard[0].firs.empty());
}

TEST_F(Rtcp, a_sender_without_transport_wide_feedback_is_given_a_bound_by_remb_where_it_listens_to_it) {
  auto without = answer();
  without.transport_feedback_in = false;
  auto deaf = without;
  deaf.remb_in = false;
  come(0, without);
  come(1, deaf);
  come(2, answer());
  for (std::size_t i = 0; i < 3; ++i) show(i, true);
  pass(Duration::millis(1'500));
  ASSERT_FALSE(heard[0].rembs.empty());
  EXPECT_GE(heard[0].rembs[0].bitrate_bps, 2'000'000U);
  ASSERT_EQ(heard[0].rembs[0].sources.size(), 1U);
  EXPECT_EQ(heard[0].rembs[0].sources[0].value, pictures[0].ssrc);
  EXPECT_TRUE(heard[1].rembs.empty());
  EXPECT_TRUE(heard[2].rembs.empty());
}

TEST_F(Rtcp, remb_bounds_what_a_viewer_without_transport_wide_feedback_is_sent) {
  auto without = answer();
  without.picture_out &= static_cast<ExtensionSet>(~bit_of<wire::TransportSequenceExtension>());
  come(0, without);
  come(1, answer());
  const wire::Remb remb{.sender = {1}, .bitrate_bps = 300'000, .sources = {}};
  rtcp(0, remb);
  rtcp(1, remb);
  LineFigures line;
  room.fill(0, line);
  EXPECT_EQ(line.estimated_bps, 300'000U);
  room.fill(1, line);
  EXPECT_GT(line.estimated_bps, 300'000U) << "its feedback says more than its REMB";
}

}  // namespace
}  // namespace media
