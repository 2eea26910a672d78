// SPDX-License-Identifier: Apache-2.0
// Real pictures: three VP8 layers from libvpx go through one room over a lossy path; the viewer's wishes change back and
// forth; what comes out is decoded. A switch that broke a reference, a number or a frame would show as a decoding error, a
// jump of picture ids or a picture of the wrong person.
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "media/forwarder.h"
#include "media/people_for_tests.h"
#include "media/vp8_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

// The viewer's end of one slot: puts packets in order, asks for what is missing, decodes whole frames.
class Viewer final : public Outgoing {
 public:
  explicit Viewer(const SlotSsrcs& slot) : slot_(slot) {}
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence, base::DatagramSink&) override {
    std::vector<std::uint8_t> whole(header.begin(), header.end());
    whole.insert(whole.end(), payload.begin(), payload.end());
    const auto rtp = wire::parse_rtp(whole).value();
    if (rtp.ssrc == slot_.picture || rtp.ssrc == slot_.picture_rtx) {
      ++packets;
      if (lossy && std::uniform_real_distribution<>(0, 1)(random_) < 0.15) {
        ++lost;
        return true;
      }
      auto sequence = rtp.sequence;
      auto data = rtp.payload;
      if (rtp.ssrc == slot_.picture_rtx) {
        sequence = base::load_u16(data.data());
        data = data.subspan(2);
        ++repaired;
      }
      if (!next_) next_ = sequence;
      waiting_[sequence] = {rtp.timestamp, rtp.marker, {data.begin(), data.end()}};
      drain();
    }
    return true;
  }
  bool send_rtcp(base::Bytes, base::DatagramSink&) override { return true; }
  // What a NACK would name now.
  [[nodiscard]] std::vector<std::uint16_t> missing() const {
    std::vector<std::uint16_t> out;
    if (!next_ || waiting_.empty()) return out;
    std::uint16_t newest = *next_;
    for (const auto& [s, p] : waiting_)
      if (static_cast<std::int16_t>(s - newest) > 0) newest = s;
    for (auto s = *next_; s != newest; ++s)
      if (!waiting_.contains(s)) out.push_back(s);
    return out;
  }
  bool lossy = false;
  std::uint64_t packets = 0, lost = 0, repaired = 0, frames = 0, errors = 0, id_jumps = 0, time_back = 0;
  std::map<unsigned, std::uint64_t> widths;
  std::set<std::uint8_t> brightness;
  std::optional<Picture> last;

 private:
  struct Part {
    std::uint32_t timestamp;
    bool marker;
    std::vector<std::uint8_t> payload;
  };
  void drain() {
    for (auto it = waiting_.find(*next_); it != waiting_.end(); it = waiting_.find(*next_)) {
      const auto part = std::move(it->second);
      waiting_.erase(it);
      next_ = static_cast<std::uint16_t>(*next_ + 1);
      const auto vp8 = wire::parse_vp8(part.payload).value();
      if (vp8.starts_frame()) {
        frame_.clear();
        const auto id = vp8.picture_id.value();
        if (picture_id_ && ((*picture_id_ + 1) & 0x7fff) != id) ++id_jumps;
        if (tl0_ && static_cast<std::uint8_t>(*tl0_ + 1) != vp8.tl0_picture_index.value()) ++id_jumps;
        if (timestamp_ && static_cast<std::int32_t>(part.timestamp - *timestamp_) <= 0) ++time_back;
        picture_id_ = id;
        tl0_ = vp8.tl0_picture_index;
        timestamp_ = part.timestamp;
      }
      frame_.insert(frame_.end(), part.payload.begin() + static_cast<std::ptrdiff_t>(vp8.size()), part.payload.end());
      if (!part.marker) continue;
      last = decoder_.decode(frame_);
      ++frames;
      if (!last) {
        ++errors;
        continue;
      }
      ++widths[last->width];
      brightness.insert(static_cast<std::uint8_t>((last->brightness + 10) / 20 * 20));
    }
  }
  SlotSsrcs slot_;
  std::mt19937 random_{5};
  std::optional<std::uint16_t> next_, picture_id_;
  std::optional<std::uint8_t> tl0_;
  std::optional<std::uint32_t> timestamp_;
  std::map<std::uint16_t, Part> waiting_;
  std::vector<std::uint8_t> frame_;
  Vp8Decoder decoder_;
};

// Publishes three layers of one brightness; hears key frame requests.
class Publisher final : public Outgoing {
 public:
  Publisher(std::uint32_t first_ssrc, std::uint8_t brightness) : brightness_(brightness) {
    for (std::uint32_t l = 0; l < kLayers; ++l) {
      streams_[l].ssrc = first_ssrc + l;
      streams_[l].sequence = static_cast<std::uint16_t>(65'000 + l * 200);
      streams_[l].timestamp = 77'000 * (l + 1);
      streams_[l].picture_id = static_cast<std::uint16_t>(32'700 + l * 20);  // wraps within the test
    }
  }
  bool send_rtp(base::Bytes, base::Bytes, base::Precedence, base::DatagramSink&) override { return true; }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    (void)wire::read_rtcp(compound, [this]<class T>(const T& m) {
      if constexpr (std::is_same_v<T, wire::Pli>) {
        ++asked;
        for (std::size_t l = 0; l < kLayers; ++l)
          if (streams_[l].ssrc == m.media.value) key_[l] = true;
      }
    });
    return true;
  }
  template <class F>
  void frame(int n, F&& deliver) {
    for (std::uint8_t l = 0; l < kLayers; ++l) {
      const auto bytes = encoders_[l].encode(n, brightness_, std::exchange(key_[l], false));
      for (std::size_t at = 0; at < bytes.size(); at += 900) {
        const auto size = std::min<std::size_t>(900, bytes.size() - at);
        auto p = picture_packet(streams_[l], l, false, 0, 60, {}, at == 0, at + size == bytes.size());
        const auto descriptor = wire::parse_vp8(p.payload)->size();
        p.payload.resize(descriptor);
        p.payload.insert(p.payload.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at),
                         bytes.begin() + static_cast<std::ptrdiff_t>(at + size));
        deliver(p.whole());
      }
    }
  }
  std::uint64_t asked = 0;

 private:
  std::uint8_t brightness_;
  std::array<TestStream, kLayers> streams_;
  std::array<bool, kLayers> key_{true, true, true};
  std::array<Vp8Encoder, kLayers> encoders_{Vp8Encoder{80, 48}, Vp8Encoder{160, 96}, Vp8Encoder{320, 192}};
};

class LayerSwitch : public ::testing::Test {
 protected:
  static constexpr std::size_t kFirst = 0, kSecond = 1, kViewer = 2;
  LayerSwitch() {
    for (std::uint32_t i = 0; i < 3; ++i) {
      std::vector<SlotSsrcs> slots{slot_, {{4'000}, {4'001}, {4'002}}};
      Outgoing& to = i == kViewer ? static_cast<Outgoing&>(viewer) : publishers[i];
      const auto m = room.add({i + 1}, to, {90 + i}, 7);
      room.configure(m, full_answer(2), slots, now);
      room.set_connected(m, true, now);
    }
    room.set_present(kViewer, true, now);
    room.set_present(kFirst, true, now);
  }
  void show(std::uint32_t arrival, std::uint16_t height) {
    View v;
    v.tiles = {{.of = {arrival}, .width = 16, .height = height, .pinned = false}};
    room.set_view(kViewer, v, now);
  }
  void run(int frames) {
    for (int i = 0; i < frames; ++i, ++frame_) {
      for (const auto p : {kFirst, kSecond})
        publishers[p].frame(frame_, [&](const std::vector<std::uint8_t>& packet) { room.on_rtp(p, packet, now, sink); });
      for (int step = 0; step < 6; ++step) {
        now.instant = now.instant + Duration::millis(11);
        now.wall.us += 11'000;
        room.on_timer(now, sink);
        ask_again();
      }
    }
  }
  void ask_again() {
    const auto missing = viewer.missing();
    if (missing.empty()) return;
    wire::Nack nack{.sender = {1}, .media = slot_.picture, .items = {}};
    for (const auto s : missing) (void)nack.add(s);
    std::array<std::uint8_t, 1'000> buffer;
    base::Writer w{buffer};
    ASSERT_TRUE(nack.write(w));
    room.on_rtcp(kViewer, w.written(), now, sink);
  }
  void expect_seamless() const {
    EXPECT_EQ(viewer.errors, 0U);
    EXPECT_EQ(viewer.id_jumps, 0U);
    EXPECT_EQ(viewer.time_back, 0U);
  }

  PacketPool pool;
  NoSink sink;
  SlotSsrcs slot_{{3'000}, {3'001}, {3'002}};
  std::array<Publisher, 2> publishers{Publisher{100, 60}, Publisher{200, 160}};
  Viewer viewer{slot_};
  base::Now now{{5'000'000}, {1'800'000'000'000'000}};
  Forwarder room{{1}, pool};
  int frame_ = 0;
};

TEST_F(LayerSwitch, back_and_forth_over_a_lossy_line_decodes_without_a_seam) {
  viewer.lossy = true;
  for (const std::uint16_t height : std::initializer_list<std::uint16_t>{48, 192, 96, 48, 96, 192, 48}) {
    show(1, height);
    run(20);
  }
  viewer.lossy = false;
  run(5);
  expect_seamless();
  EXPECT_GT(viewer.lost, 5U);
  EXPECT_GE(viewer.repaired, viewer.lost / 2);
  EXPECT_GT(viewer.frames, 120U);
  EXPECT_GT(viewer.widths[80], 20U);
  EXPECT_GT(viewer.widths[160], 20U);
  EXPECT_GT(viewer.widths[320], 20U);
  EXPECT_TRUE(viewer.missing().empty());
}

TEST_F(LayerSwitch, a_hidden_tile_and_a_pause_come_back_without_a_seam) {
  show(1, 96);
  run(15);
  const auto before = viewer.frames;
  show(1, 0);
  run(15);
  EXPECT_EQ(viewer.frames, before);
  show(1, 192);
  run(15);
  room.set_paused(true, now);
  const auto paused = viewer.packets;
  run(5);
  EXPECT_EQ(viewer.packets, paused);
  room.set_paused(false, now);
  run(15);
  expect_seamless();
  EXPECT_GT(viewer.frames, before + 20);
}

TEST_F(LayerSwitch, a_slot_that_goes_to_another_person_stays_one_stream_and_shows_only_the_new_one) {
  show(1, 96);
  run(15);
  ASSERT_TRUE(viewer.last);
  EXPECT_NEAR(viewer.last->brightness, 60, 25);
  room.set_present(kFirst, false, now);
  room.set_present(kSecond, true, now);  // takes the free slot
  show(2, 96);
  run(15);
  expect_seamless();
  ASSERT_TRUE(viewer.last);
  EXPECT_NEAR(viewer.last->brightness, 160, 25);
}

TEST_F(LayerSwitch, key_frames_are_asked_for_at_most_as_often_as_allowed) {
  show(1, 192);
  run(15);
  const auto before = publishers[kFirst].asked;
  // A viewer that complains with every frame, for a second.
  for (int i = 0; i < 15; ++i) {
    std::array<std::uint8_t, 64> buffer;
    base::Writer w{buffer};
    ASSERT_TRUE((wire::Pli{{1}, slot_.picture}).write(w));
    room.on_rtcp(kViewer, w.written(), now, sink);
    run(1);
  }
  EXPECT_GE(publishers[kFirst].asked, before + 2);
  EXPECT_LE(publishers[kFirst].asked, before + 5);
}

// Each costs everybody else of their line; whoever asks without end must not slow a whole group down.
TEST_F(LayerSwitch, one_viewer_causes_few_key_frames_in_the_long_run_by_asking_or_by_looking_away) {
  show(1, 192);
  run(15);
  const auto complain = [&] {
    std::array<std::uint8_t, 64> buffer;
    base::Writer w{buffer};
    ASSERT_TRUE((wire::Pli{{1}, slot_.picture}).write(w));
    room.on_rtcp(kViewer, w.written(), now, sink);
  };
  const auto before = publishers[kFirst].asked;
  for (int i = 0; i < 15 * 40; ++i) {
    complain();
    run(1);
  }
  EXPECT_LE(publishers[kFirst].asked, before + 6 + 20) << "40 seconds";
  EXPECT_GE(publishers[kFirst].asked, before + 18) << "who needs them gets some";
  const auto asked = publishers[kFirst].asked;
  for (int i = 0; i < 15 * 40; ++i) {
    show(1, i % 2 == 0 ? 0 : 192);
    run(1);
  }
  EXPECT_LE(publishers[kFirst].asked, asked + 21);
  const auto looked_away = publishers[kFirst].asked;
  show(1, 192);
  run(15 * 10);
  EXPECT_NEAR(viewer.last->brightness, 80, 25) << "the picture comes all the same";
  complain();
  run(2);
  EXPECT_GE(publishers[kFirst].asked, looked_away + 1) << "after a while at once";
}

}  // namespace
}  // namespace media
