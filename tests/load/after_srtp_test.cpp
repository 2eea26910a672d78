// SPDX-License-Identifier: Apache-2.0
// What the server holds after it has taken SRTP off: the test stands where the media plane gives a packet to its room, tries to see
// and hear with libvpx and libopus, and reads no picture and no tone. With the members' keys, and in a room that is not encrypted, the
// same packets show and sound. The linker puts the tap there (--wrap, CMakeLists.txt): the product has none.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "load/in_stream.h"
#include "load/session_for_tests.h"
#include "media/forwarder.h"
#include "wire/rtp.h"

namespace load {
namespace {

struct Tapped {
  base::Instant at;
  std::vector<std::uint8_t> packet;
};
std::vector<Tapped>* tap = nullptr;  // nobody listens where it is null

}  // namespace

// media::Forwarder::on_rtp, as the call to it is named for the linker. Where that name changes, nothing is tapped and every test fails.
#define QUIETROOM_TAPPED(prefix) prefix##_ZN5media9Forwarder6on_rtpEmSt4spanIKhLm18446744073709551615EEN4base3NowERNS4_12DatagramSinkE
extern "C" void QUIETROOM_TAPPED(__real_)(media::Forwarder*, std::size_t, base::Bytes, base::Now, base::DatagramSink&);
extern "C" void QUIETROOM_TAPPED(__wrap_)(media::Forwarder* room, std::size_t member, base::Bytes packet, base::Now now, base::DatagramSink& out) {
  if (tap != nullptr) tap->push_back({now.instant, {packet.begin(), packet.end()}});
  QUIETROOM_TAPPED(__real_)(room, member, packet, now, out);
}

namespace {

constexpr base::PayloadType kOpus{111}, kVp8{96};
constexpr unsigned kFacilitator = 7, kMember = 42;  // tones and codes

// How whoever holds the packets tries to read them.
enum class Way : std::uint8_t { as_it_is, without_trailer, with_keys };

struct Read {
  std::uint64_t packets = 0, pictures = 0, windows = 0;  // windows of 200 ms of sound in which nobody's tone is
  std::map<unsigned, std::uint64_t> codes, tones;
};

// One stream, read from its packets alone.
class Reader {
 public:
  Reader(Way way, FrameKeys& keys, bool sound) : way_(way), keys_(keys), opener_(sound ? 0 : 1) {}

  void sound(base::Instant at, base::Bytes payload, Read& into) {
    const auto packet = plain(at, payload);
    if (!packet || !ear_.decode(*packet, heard_) || heard_.size() < kFrameSamples * 10) return;
    if (const auto tone = dominant_tone(heard_)) {
      ++into.tones[tone->index];
    } else {
      ++into.windows;
    }
    heard_.clear();
  }

  void picture(base::Instant at, const wire::RtpView& rtp, Read& into) {
    const auto sequence = order_.take(at, rtp.sequence, rtp.timestamp, false);
    if (!sequence) return;
    joiner_.add(*sequence, rtp.marker, rtp.payload);
    while (const auto frame = joiner_.next(at)) {
      const auto bytes = plain(at, *frame);
      const auto shown = bytes ? eye_.decode(*bytes) : std::nullopt;
      if (!shown) continue;
      ++into.pictures;
      if (const auto code = read_colour_code(*shown)) ++into.codes[*code];
    }
  }

 private:
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> plain(base::Instant at, base::Bytes frame) {
    if (way_ == Way::with_keys) {
      auto opened = opener_.open(keys_, frame, at);
      return opened ? std::optional(std::move(opened->frame)) : std::nullopt;
    }
    const auto trailer = way_ == Way::as_it_is || frame.empty() ? 0 : std::min<std::size_t>(frame.size(), frame.back() + 1 + kFrameTag);
    const auto kept = frame.first(frame.size() - trailer);
    return std::vector<std::uint8_t>{kept.begin(), kept.end()};
  }

  Way way_;
  FrameKeys& keys_;
  FrameOpener opener_;
  SoundDecoder ear_;
  PictureDecoder eye_;
  InStream order_;
  Vp8Joiner joiner_;
  std::vector<std::int16_t> heard_;
};

Read read(const std::vector<Tapped>& tapped, Way way, FrameKeys keys = {}) {
  Read all;
  std::map<base::Ssrc, Reader> readers;
  for (const auto& [at, packet] : tapped) {
    const auto rtp = wire::parse_rtp(packet);
    if (!rtp || rtp->payload.empty() || (rtp->payload_type != kOpus && rtp->payload_type != kVp8)) continue;  // a retransmission
    ++all.packets;
    const bool sound = rtp->payload_type == kOpus;
    Reader& reader = readers.try_emplace(rtp->ssrc, way, keys, sound).first->second;
    if (sound) reader.sound(at, rtp->payload, all);
    else reader.picture(at, *rtp, all);
  }
  return all;
}

// Two people for six seconds, and all that the server took from them.
std::vector<Tapped> session_of_two(bool encrypted, FrameKeys* keys = nullptr) {
  std::vector<Tapped> tapped;
  tap = &tapped;
  Session session(encrypted);
  session.add(kFacilitator, true);
  session.add(kMember, false);
  session.run(base::Duration::millis(600));
  if (encrypted) session.give_keys(1, {0, 1}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(6));
  tap = nullptr;
  if (keys != nullptr) keys->take(session.keys_of(0), base::Instant{0});
  // What the two see and hear is whole: the packets are those of a group that meets.
  for (const auto& person : session.people())
    for (const auto& [seat, witness] : person->subscriber().witnesses()) EXPECT_GT(witness.frames_decoded, 40U) << seat;
  return tapped;
}

void expect_both_read(const Read& seen) {
  EXPECT_GT(seen.packets, 700U);
  EXPECT_GT(seen.pictures, 100U);
  for (const unsigned person : {kFacilitator, kMember}) {
    EXPECT_GT(seen.codes.contains(person) ? seen.codes.at(person) : 0, 40U) << person;
    EXPECT_GT(seen.tones.contains(person) ? seen.tones.at(person) : 0, 20U) << person;
  }
  EXPECT_EQ(seen.codes.size(), 2U);
}

TEST(AfterSrtp, media_of_an_encrypted_room_shows_no_picture_and_sounds_no_tone) {
  const auto tapped = session_of_two(true);
  for (const Way way : {Way::as_it_is, Way::without_trailer}) {
    const auto seen = read(tapped, way);
    EXPECT_GT(seen.packets, 700U);
    EXPECT_EQ(seen.pictures, 0U) << "libvpx takes none of them";
    // libopus makes noise of nearly any bytes: it is the tone that must not be there.
    EXPECT_TRUE(seen.tones.empty());
    EXPECT_TRUE(seen.codes.empty());
  }
}

TEST(AfterSrtp, the_same_media_shows_and_sounds_with_the_members_keys_and_with_no_others) {
  FrameKeys keys;
  const auto tapped = session_of_two(true, &keys);
  expect_both_read(read(tapped, Way::with_keys, std::move(keys)));
  FrameKeys others;
  others.take({.epoch = 1, .base = {1, 2, 3}, .self = 0, .seats = {{0, 100}, {1, 101}}, .cause = EpochKeys::Cause::join}, base::Instant{0});
  const auto seen = read(tapped, Way::with_keys, std::move(others));
  EXPECT_EQ(seen.pictures, 0U);
  EXPECT_TRUE(seen.tones.empty());
}

TEST(AfterSrtp, media_of_a_room_that_is_not_encrypted_shows_and_sounds_at_once) {
  expect_both_read(read(session_of_two(false), Way::as_it_is));
}

}  // namespace
}  // namespace load
