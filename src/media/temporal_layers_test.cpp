// SPDX-License-Identifier: Apache-2.0
// Real pictures in three temporal layers (libvpx) to a viewer whose line gets poor and good again: frames are left out layer by
// layer and come back, numbers go on without a seam, and every frame that is shown is to the bit what its sender's encoder
// holds: a frame whose reference was left out would differ.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "media/forwarder.h"
#include "media/people_for_tests.h"
#include "media/vp8_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Duration;

// How a sender says which layer a frame is in: Chromium by the Dependency Descriptor and not in the VP8 payload descriptor.
enum class Says : std::uint8_t { payload, dependency };

// Templates of the descriptor and their temporal layers.
enum Template : std::uint8_t { key_frame, base, middle_sync, middle, top_sync, top };
constexpr std::array<std::uint8_t, 6> kTemporalOf{0, 0, 1, 1, 2, 2};
constexpr std::uint8_t kOffset = 60;  // of template ids, which wrap

wire::DependencyStructure structure() {
  using enum wire::DecodeIndication;
  wire::DependencyStructure s;
  s.id_offset = kOffset;
  s.decode_targets = 3;
  const auto add = [&](Template t, wire::DecodeIndications targets, wire::FrameDiffs diffs) {
    (void)s.templates.push_back({.spatial = 0, .temporal = kTemporalOf[t], .targets = targets, .frame_diffs = diffs, .chain_diffs = {}});
  };
  add(key_frame, {switch_point, switch_point, switch_point}, {});
  add(base, {switch_point, required, required}, {4});
  add(middle_sync, {not_present, switch_point, switch_point}, {2});
  add(middle, {not_present, required, required}, {2, 4});
  add(top_sync, {not_present, not_present, switch_point}, {1});
  add(top, {not_present, not_present, required}, {1, 2, 3});
  return s;
}

// One picture layer in the order 0 2 1 2. Layer 1 refers to the last of 0 and 1, layer 2 to all; every eighth frame begins a
// round in which the first of each refers to layer 0 alone (Y).
class TemporalPublisher final : public Outgoing {
 public:
  explicit TemporalPublisher(Says says) : says_(says) {}
  bool send_rtp(base::Bytes, base::Bytes, base::Precedence, base::DatagramSink&) override { return true; }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    (void)wire::read_rtcp(compound, [this]<class T>(const T&) {
      if constexpr (std::is_same_v<T, wire::Pli>) key_ = true;
    });
    return true;
  }
  template <class F>
  void frame(F&& deliver) {
    if (std::exchange(key_, false)) at_ = 0;
    const int phase = at_ % 8;
    const std::uint8_t temporal = phase % 4 == 0 ? 0 : phase % 4 == 2 ? 1 : 2;
    const bool sync = phase == 1 || phase == 2 || phase == 3;
    const auto bytes = encoder_.encode(number_, 60, at_ == 0, flags_of(temporal, sync));
    shown.insert(encoder_.reconstruction());
    if (temporal == 0) ++stream_.tl0;
    template_ = at_ == 0 ? key_frame : temporal == 0 ? base : temporal == 1 ? (sync ? middle_sync : middle) : sync ? top_sync : top;
    for (std::size_t from = 0; from < bytes.size(); from += 300) {
      const auto size = std::min<std::size_t>(300, bytes.size() - from);
      deliver(packet(temporal, sync, from == 0, from + size == bytes.size(), base::Bytes(bytes).subspan(from, size)));
    }
    ++at_;
    ++number_;
    ++sent[temporal];
  }
  std::set<std::uint64_t> shown;  // digests of all frames ever made
  std::array<int, kTemporalLayers> sent{};

 private:
  static vpx_enc_frame_flags_t flags_of(std::uint8_t temporal, bool sync) {
    constexpr vpx_enc_frame_flags_t kBaseAlone = VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_REF_ARF;
    if (temporal == 0) return kBaseAlone | VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ARF;
    if (temporal == 1)
      return (sync ? kBaseAlone : VP8_EFLAG_NO_REF_ARF) | VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ARF | VP8_EFLAG_NO_UPD_ENTROPY;
    return (sync ? kBaseAlone : 0) | VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ENTROPY;
  }
  std::vector<std::uint8_t> packet(std::uint8_t temporal, bool sync, bool first, bool last, base::Bytes part) {
    wire::Vp8Descriptor d;
    d.start_of_partition = first;
    d.picture_id = stream_.picture_id;
    d.long_picture_id = true;
    if (says_ == Says::payload) {
      d.tl0_picture_index = stream_.tl0;
      d.temporal_layer = temporal;
      d.layer_sync = sync;
    }
    auto out = header(first, last);
    std::array<std::uint8_t, 16> room;
    base::Writer w{room};
    EXPECT_TRUE(wire::write_vp8(d, w));
    out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(w.size()));
    out.insert(out.end(), part.begin(), part.end());
    ++stream_.sequence;
    if (last) {
      stream_.timestamp += 6'000;
      stream_.picture_id = (stream_.picture_id + 1) & 0x7fff;
    }
    return out;
  }
  std::vector<std::uint8_t> header(bool first, bool last) const {
    std::vector<std::uint8_t> out(wire::kMaxRtpHeader);
    wire::RtpHeaderWriter w(out, {last, kVp8, stream_.sequence, stream_.timestamp, base::Ssrc{stream_.ssrc}});
    (void)w.extension(wire::offered_id<wire::MidExtension>(), base::as_bytes("c"));
    (void)w.extension(wire::offered_id<wire::RidExtension>(), base::as_bytes("q"));
    if (says_ == Says::dependency) {
      wire::DependencyDescriptorExtension dd;
      dd.first_in_frame = first;
      dd.last_in_frame = last;
      dd.template_id = (kOffset + template_) % 64;
      dd.frame_number = static_cast<std::uint16_t>(65'500 + number_);
      const auto s = structure();
      if (template_ == key_frame && first) dd.structure = s;
      std::array<std::uint8_t, kMaxDependencyDescriptor> room;
      base::Writer bytes{room};
      EXPECT_TRUE(dd.write(bytes, &s));
      (void)w.extension(wire::offered_id<wire::DependencyDescriptorExtension>(), bytes.written());
    }
    out.resize(w.finish());
    return out;
  }
  Says says_;
  Template template_ = key_frame;
  TestStream stream_{.ssrc = 100, .sequence = 65'400, .timestamp = 0xffff'0000, .picture_id = 32'700, .tl0 = 240};
  bool key_ = true;
  int at_ = 0, number_ = 0;
  Vp8Encoder encoder_{160, 96};
};

// Puts packets in order, asks for what is missing, decodes, and knows frames by their temporal layer.
class SlowViewer final : public Outgoing {
 public:
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence, base::DatagramSink&) override {
    std::vector<std::uint8_t> whole(header.begin(), header.end());
    whole.insert(whole.end(), payload.begin(), payload.end());
    const auto rtp = wire::parse_rtp(whole).value();
    bytes += whole.size();
    if (loses(rtp)) return true;
    note_frame_number(rtp);
    auto sequence = rtp.sequence;
    auto data = rtp.payload;
    if (rtp.payload_type == kRtx) {
      sequence = base::load_u16(data.data());
      data = data.subspan(2);
    }
    if (!next_) next_ = sequence;
    twice += waiting_.contains(sequence) ? 1U : 0U;
    waiting_[sequence] = {rtp.timestamp, rtp.marker, {data.begin(), data.end()}};
    drain();
    return true;
  }
  bool send_rtcp(base::Bytes, base::DatagramSink&) override { return true; }
  [[nodiscard]] std::vector<std::uint16_t> missing() const {
    std::vector<std::uint16_t> out;
    for (const auto& [s, p] : waiting_)
      for (auto t = *next_; t != s && !waiting_.contains(t); ++t) out.push_back(t);
    return out;
  }
  bool lossy = false;
  std::uint64_t bytes = 0, lost = 0, errors = 0, seams = 0, twice = 0;
  std::array<int, kTemporalLayers> frames{};
  std::vector<std::uint64_t> digests;

 private:
  struct Part {
    std::uint32_t timestamp;
    bool marker;
    std::vector<std::uint8_t> payload;
  };
  bool loses(const wire::RtpView&) {
    if (!lossy || std::uniform_real_distribution<>(0, 1)(random_) >= 0.1) return false;
    ++lost;
    return true;
  }
  // The Dependency Descriptor's frame numbers go by the frames that were made: others name their references by differences.
  void note_frame_number(const wire::RtpView& rtp) {
    auto extensions = rtp.extensions();
    while (const auto e = extensions.next()) {
      if (e->id != wire::offered_id<wire::DependencyDescriptorExtension>()) continue;
      const auto dd = wire::DependencyDescriptorExtension::parse_mandatory(e->data).value();
      place_[rtp.timestamp] = kTemporalOf.at((dd.template_id + 64U - kOffset) % 64U);
      const bool begins = wire::DependencyDescriptorExtension::has_structure(e->data);  // a key frame: time may leap, numbers go on
      if (begins) first_number_ = {rtp.timestamp, dd.frame_number};
      const auto made = static_cast<std::int32_t>(rtp.timestamp - first_number_->first) / 6'000;
      if (static_cast<std::uint16_t>(first_number_->second + made) != dd.frame_number) ++seams;
    }
  }
  void begins(const wire::Vp8Descriptor& d, std::uint32_t timestamp) {
    if (id_ && ((*id_ + 1) & 0x7fff) != d.picture_id.value()) ++seams;
    id_ = d.picture_id;
    if (timestamp_ && static_cast<std::int32_t>(timestamp - *timestamp_) <= 0) ++seams;
    timestamp_ = timestamp;
    frame_.clear();
    if (!d.temporal_layer) return;
    place_[timestamp] = *d.temporal_layer;
    const auto tl0 = static_cast<std::uint8_t>(tl0_.value_or(0) + (d.temporal_layer == 0 ? 1 : 0));
    if (tl0_ && tl0 != d.tl0_picture_index.value()) ++seams;
    tl0_ = d.tl0_picture_index;
  }
  void drain() {
    for (auto it = waiting_.find(*next_); it != waiting_.end(); it = waiting_.find(*next_)) {
      const auto part = std::move(it->second);
      waiting_.erase(it);
      next_ = static_cast<std::uint16_t>(*next_ + 1);
      const auto vp8 = wire::parse_vp8(part.payload).value();
      if (vp8.starts_frame()) begins(vp8, part.timestamp);
      frame_.insert(frame_.end(), part.payload.begin() + static_cast<std::ptrdiff_t>(vp8.size()), part.payload.end());
      if (!part.marker) continue;
      ++frames.at(place_.at(part.timestamp));
      if (const auto picture = decoder_.decode(frame_))
        digests.push_back(picture->digest);
      else
        ++errors;
    }
  }
  std::mt19937 random_{3};
  std::optional<std::uint16_t> next_, id_;
  std::optional<std::uint8_t> tl0_;
  std::optional<std::uint32_t> timestamp_;
  std::optional<std::pair<std::uint32_t, std::uint16_t>> first_number_;
  std::map<std::uint32_t, std::uint8_t> place_;  // temporal layers by timestamp
  std::map<std::uint16_t, Part> waiting_;
  std::vector<std::uint8_t> frame_;
  Vp8Decoder decoder_;
};

class TemporalLayers : public ::testing::TestWithParam<Says> {
 protected:
  static constexpr std::size_t kPublisher = 0, kViewer = 1;
  TemporalLayers() {
    for (const auto i : {kPublisher, kViewer}) {
      Outgoing& to = i == kViewer ? static_cast<Outgoing&>(viewer) : publisher;
      const auto m = room.add({static_cast<std::uint32_t>(i + 1)}, to, {90}, 7);
      auto answer = full_answer(1);
      // The line is told by REMB, which counts where transport-wide feedback is not negotiated.
      answer.picture_out &= static_cast<ExtensionSet>(~bit_of<wire::TransportSequenceExtension>());
      room.configure(m, answer, {slot_}, now);
      room.set_connected(m, true, now);
      room.set_present(m, true, now);
    }
    View v;
    v.tiles = {{.of = {1}, .width = 160, .height = 96, .pinned = false}};
    room.set_view(kViewer, v, now);
    run(16);
  }
  template <class Message>
  void tell(const Message& message) {
    rehearsal::tell(room, kViewer, message, now, sink);
  }
  void line(std::uint32_t bps) { rehearsal::tell(room, kViewer, remb_of(slot_.picture, bps), now, sink); }
  void run(int frames) {
    for (int i = 0; i < frames; ++i) {
      publisher.frame([&](const std::vector<std::uint8_t>& packet) { deliver(packet); });
      for (int step = 0; step < 6; ++step) {
        now.instant = now.instant + Duration::millis(11);
        now.wall.us += 11'000;
        for (const auto& late : std::exchange(late_, {})) room.on_rtp(kPublisher, late, now, sink);
        room.on_timer(now, sink);
        if (const auto missing = viewer.missing(); !missing.empty()) {
          wire::Nack nack{.sender = {1}, .media = slot_.picture, .items = {}};
          for (const auto s : missing) (void)nack.add(s);
          tell(nack);
        }
      }
    }
  }
  // On the way in some packets come later than those after them.
  void deliver(const std::vector<std::uint8_t>& packet) {
    if (shuffles && std::uniform_real_distribution<>(0, 1)(random_) < 0.1)
      late_.push_back(packet);
    else
      room.on_rtp(kPublisher, packet, now, sink);
  }
  // Frames of each temporal layer that were shown in so many frames' time, beside those that were made.
  struct Shown {
    std::array<int, kTemporalLayers> frames{}, of{};
  };
  Shown shown_in(int frames) {
    const auto before = viewer.frames;
    const auto made = publisher.sent;
    run(frames);
    Shown out;
    for (std::size_t t = 0; t < kTemporalLayers; ++t) {
      out.frames[t] = viewer.frames[t] - before[t];
      out.of[t] = publisher.sent[t] - made[t];
    }
    return out;
  }
  void expect_no_seam() const {
    EXPECT_EQ(viewer.errors, 0U);
    EXPECT_EQ(viewer.seams, 0U);
    EXPECT_EQ(viewer.twice, 0U);
    for (const auto d : viewer.digests) ASSERT_TRUE(publisher.shown.contains(d)) << "a frame without what it refers to";
  }

  PacketPool pool;
  NoSink sink;
  SlotSsrcs slot_{{3'000}, {3'001}, {3'002}};
  TemporalPublisher publisher{GetParam()};
  SlowViewer viewer;
  base::Now now{{5'000'000}, {1'800'000'000'000'000}};
  Forwarder room{{1}, pool};
  bool shuffles = false;

 private:
  std::mt19937 random_{9};
  std::vector<std::vector<std::uint8_t>> late_;
};

// Room is kept for a voice, 60 kbps; the picture's three layers take some 45, 65 and 110.
constexpr std::uint32_t kGood = 1'000'000;

TEST_P(TemporalLayers, a_poor_line_slows_the_picture_and_a_good_one_brings_it_back) {
  line(kGood);
  run(24);
  const auto whole = shown_in(40);
  EXPECT_EQ(whole.frames, whole.of);
  const auto* layer = room.layer_of(kPublisher, Source::camera, 0);
  ASSERT_NE(layer, nullptr);
  const auto slower = layer->slower_bps;
  const auto full = layer->bps;
  ASSERT_LT(slower[0], slower[1]);
  ASSERT_LT(slower[1], full);
  const auto sound = 60'000U;
  line(sound + (slower[1] + full) / 2);  // not enough for all three
  run(16);
  const auto half = shown_in(40);
  EXPECT_EQ(half.frames, (std::array{half.of[0], half.of[1], 0}));
  line(sound + (slower[0] + slower[1]) / 2);
  run(16);
  const auto quarter = shown_in(40);
  EXPECT_EQ(quarter.frames, (std::array{quarter.of[0], 0, 0}));
  line(sound + slower[0] * 4 / 5);
  run(16);
  EXPECT_EQ(room.pictures_of(kViewer), Pictures::stills);
  const auto stills = shown_in(240).frames;  // sixteen seconds
  EXPECT_GE(stills[0], 3) << "less than the slowest picture: a key frame every four seconds";
  EXPECT_LE(stills[0], 4);
  EXPECT_EQ(stills[1] + stills[2], 0);
  line(sound);
  run(16);
  EXPECT_EQ(room.pictures_of(kViewer), Pictures::none);
  EXPECT_EQ(shown_in(80).frames, (std::array{0, 0, 0}));
  line(kGood);
  run(32);
  const auto again = shown_in(40);
  EXPECT_EQ(again.frames, again.of);
  expect_no_seam();
}

TEST_P(TemporalLayers, back_and_forth_over_lossy_and_shuffled_lines_every_frame_is_whole) {
  viewer.lossy = shuffles = true;
  line(kGood);
  run(48);
  const auto* layer = room.layer_of(kPublisher, Source::camera, 0);
  const auto middle = 60'000U + (layer->slower_bps[0] + layer->slower_bps[1]) / 2;
  for (int times = 0; times < 16; ++times) {
    line(times % 2 == 0 ? middle : kGood);
    run(29);
  }
  viewer.lossy = shuffles = false;
  run(16);
  expect_no_seam();
  EXPECT_GT(viewer.lost, 20U);
  EXPECT_TRUE(viewer.missing().empty());
  EXPECT_GT(viewer.frames[0], 60);
  EXPECT_GT(viewer.frames[2], 40) << "the whole rate was reached";
  EXPECT_LT(viewer.frames[2], publisher.sent[2] - 30) << "and given up";
}

INSTANTIATE_TEST_SUITE_P(SaidBy, TemporalLayers, ::testing::Values(Says::payload, Says::dependency),
                         [](const auto& info) { return info.param == Says::payload ? "payload" : "dependency"; });

}  // namespace
}  // namespace media
