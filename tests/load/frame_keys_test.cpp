// SPDX-License-Identifier: Apache-2.0
// Against RFC 9605's own vectors and frames of a third implementation (tests/vectors/frames.json, which web/src/e2ee checks too),
// and the rules of epochs, members and replay.
#include "load/frame_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <set>

namespace load {
namespace {

namespace json = boost::json;
using Bytes = std::vector<std::uint8_t>;
using Cause = EpochKeys::Cause;

const json::object& vectors() {
  static const json::value all = [] {
    std::ifstream in(QUIETROOM_SOURCE_DIR "/tests/vectors/frames.json", std::ios::binary);
    return json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  }();
  return all.get_object();
}

Bytes bytes_of(const json::value& hex) {
  const std::string_view text = hex.get_string();
  Bytes out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    out.push_back(static_cast<std::uint8_t>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  return out;
}
template <std::size_t N>
std::array<std::uint8_t, N> array_of(const json::value& hex) {
  std::array<std::uint8_t, N> out{};
  const Bytes bytes = bytes_of(hex);
  EXPECT_EQ(bytes.size(), N);
  std::copy_n(bytes.begin(), std::min(N, bytes.size()), out.begin());
  return out;
}

FrameSource source_of(std::string_view name) {
  constexpr std::array kNames{"microphone", "camera", "screen", "clear_view", "backstage"};
  return static_cast<FrameSource>(std::ranges::find(kNames, name) - kNames.begin());
}

base::Instant at(std::int64_t ms) { return {ms * 1'000}; }

TEST(Rfc9605, headers_of_appendix_c_1) {
  const auto& all = vectors().at("headers").get_array();
  ASSERT_GT(all.size(), 50U);
  for (const auto& each : all) {
    const auto kid = each.at("kid").to_number<std::uint64_t>(), counter = each.at("counter").to_number<std::uint64_t>();
    const Bytes encoded = bytes_of(each.at("encoded"));
    EXPECT_EQ(encode_header(kid, counter), encoded);
    EXPECT_EQ(decode_header(encoded), (FrameHeader{kid, counter, encoded.size()}));
  }
}

TEST(Rfc9605, key_derivation_and_sealing_of_appendix_c_3) {
  const auto& v = vectors().at("sframe").get_object();
  ASSERT_EQ(v.at("cipher_suite").to_number<int>(), 4);
  const auto kid = v.at("kid").to_number<std::uint64_t>(), counter = v.at("counter").to_number<std::uint64_t>();
  const auto base = array_of<16>(v.at("base_key"));
  const FrameSecret secret = derive_secret(base, kid);
  EXPECT_EQ(secret.key, array_of<16>(v.at("sframe_key")));
  EXPECT_EQ(secret.salt, array_of<12>(v.at("sframe_salt")));
  EXPECT_EQ(nonce_of(secret.salt, counter), array_of<12>(v.at("nonce")));
  const Bytes header = encode_header(kid, counter), metadata = bytes_of(v.at("metadata"));
  EXPECT_EQ(associated_of(header, metadata), bytes_of(v.at("aad")));
  Bytes sealed = header;
  const Bytes rest = FrameKey(base, kid).seal(counter, bytes_of(v.at("aad")), bytes_of(v.at("pt")));
  sealed.insert(sealed.end(), rest.begin(), rest.end());
  EXPECT_EQ(sealed, bytes_of(v.at("ct")));
}

TEST(FrameVectors, frames_of_our_layout_are_sealed_and_opened_byte_for_byte) {
  const auto& all = vectors().at("frames").get_array();
  ASSERT_GT(all.size(), 5U);
  for (const auto& v : all) {
    const KeyName name{.source = source_of(v.at("source").get_string()),
                       .start = v.at("start").to_number<std::uint16_t>(),
                       .leaf = v.at("leaf").to_number<std::uint16_t>(),
                       .epoch = static_cast<std::uint8_t>(v.at("epoch").to_number<std::uint64_t>())};
    const auto kid = v.at("kid").to_number<std::uint64_t>(), counter = v.at("counter").to_number<std::uint64_t>();
    SCOPED_TRACE(kid);
    EXPECT_EQ(kid_of(name), kid);
    EXPECT_EQ(name_of(kid), name);
    const auto clear = v.at("clear").to_number<std::size_t>();
    const Bytes plain = bytes_of(v.at("plain")), frame = bytes_of(v.at("frame"));
    FrameKey key(array_of<16>(v.at("base_key")), kid);
    const Bytes header = encode_header(kid, counter);
    const auto front = base::Bytes{plain}.first(clear);
    EXPECT_EQ(assemble_frame(front, key.seal(counter, associated_of(header, front), base::Bytes{plain}.subspan(clear)), header), frame);

    FrameKeys keys;
    keys.take({.epoch = v.at("epoch").to_number<std::uint64_t>(), .base = array_of<16>(v.at("base_key")), .self = 0,
               .seats = {{name.leaf, 40}}, .cause = Cause::join}, at(0));
    FrameOpener opener(clear);
    const auto opened = opener.open(keys, frame, at(0));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->frame, plain);
    EXPECT_EQ(opened->seat, 40U);
    EXPECT_EQ(opened->name, name);
  }
}

TEST(FrameFormat, what_is_no_frame_of_ours_reads_as_nothing) {
  for (const char* text : {"", "80", "8007", "8000", "08", "0807", "0800", "9800ff00"})
    EXPECT_FALSE(decode_header(bytes_of(json::value(text)))) << text;
  const Bytes good = bytes_of(vectors().at("frames").at(0).at("frame"));
  for (std::size_t size = 0; size < good.size(); ++size) EXPECT_FALSE(split_frame(base::Bytes{good}.first(size), 0)) << size;
  EXPECT_FALSE(split_frame(Bytes(300, 0xff), 1));
  EXPECT_FALSE(name_of(std::uint64_t{5} << 31));
  EXPECT_FALSE(name_of(~std::uint64_t{0}));
}

EpochKeys epoch(std::uint64_t number, std::uint16_t self, Cause cause = Cause::join) {
  EpochKeys out{.epoch = number, .base = {}, .self = self, .seats = {{0, 10}, {1, 11}, {2, 12}}, .cause = cause};
  for (std::size_t i = 0; i < out.base.size(); ++i) out.base[i] = static_cast<std::uint8_t>(i * 7 + number);
  return out;
}
const Bytes kFrame{0x10, 2, 3, 4};

TEST(FrameKeys, without_keys_nothing_is_sealed_and_nothing_opens) {
  FrameKeys none, some;
  FrameSealer sealer(FrameSource::camera, 0, 1);
  EXPECT_FALSE(sealer.seal(none, kFrame, at(0)));
  some.take(epoch(1, 0), at(0));
  const auto sealed = sealer.seal(some, kFrame, at(0));
  ASSERT_TRUE(sealed);
  EXPECT_EQ(FrameOpener(1).open(none, *sealed, at(0)).error(), FrameOpener::Not::unknown);
}

TEST(FrameKeys, no_byte_of_a_sealed_frame_may_change) {
  FrameKeys mine, theirs;
  mine.take(epoch(1, 0), at(0));
  theirs.take(epoch(1, 1), at(0));
  const Bytes sealed = *FrameSealer(FrameSource::camera, 0, 1).seal(mine, kFrame, at(0));
  FrameOpener opener(1);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes changed = sealed;
    changed[i] ^= 1;
    EXPECT_FALSE(opener.open(theirs, changed, at(0))) << i;
  }
  EXPECT_TRUE(opener.open(theirs, sealed, at(0)));
  EXPECT_EQ(opener.open(theirs, sealed, at(0)).error(), FrameOpener::Not::replayed);
}

TEST(FrameKeys, after_an_add_senders_wait_300_ms_and_after_a_remove_not_at_all) {
  FrameKeys keys;
  keys.take(epoch(1, 0), at(0));
  keys.take(epoch(2, 0, Cause::add), at(1'000));
  const auto sealing = [&](std::int64_t ms) { return name_of(keys.sealing(FrameSource::camera, 0, at(ms))->kid)->epoch; };
  EXPECT_EQ(sealing(1'299), 1);
  EXPECT_EQ(sealing(1'300), 2);
  keys.take(epoch(3, 0, Cause::add), at(2'000));
  keys.take(epoch(4, 0, Cause::remove), at(2'001));
  EXPECT_EQ(sealing(2'001), 4);
}

TEST(FrameKeys, keys_of_the_epoch_before_open_for_five_seconds_and_never_those_of_who_was_removed) {
  FrameKeys stays, removed, other;
  stays.take(epoch(1, 0), at(0));
  removed.take(epoch(1, 1), at(0));
  other.take(epoch(1, 2), at(0));
  FrameSealer of_removed(FrameSource::camera, 0, 1), of_other(FrameSource::camera, 0, 1);
  EpochKeys next = epoch(2, 0, Cause::remove);
  next.seats.erase(1);
  stays.take(next, at(1'000));
  FrameOpener opener(1);
  EXPECT_EQ(opener.open(stays, *of_removed.seal(removed, kFrame, at(0)), at(1'000)).error(), FrameOpener::Not::refused);
  EXPECT_TRUE(opener.open(stays, *of_other.seal(other, kFrame, at(0)), at(5'999)));
  EXPECT_EQ(opener.open(stays, *of_other.seal(other, kFrame, at(0)), at(6'000)).error(), FrameOpener::Not::unknown);
  // The leaf has another person now: what was sealed before is not theirs.
  next = epoch(3, 0, Cause::add);
  next.seats[2] = 77;
  stays.take(next, at(6'500));
  EXPECT_FALSE(opener.open(stays, *of_other.seal(other, kFrame, at(0)), at(6'500)));
}

TEST(FrameKeys, a_group_opened_anew_has_the_same_numbers_and_is_another) {
  FrameKeys mine, theirs;
  mine.take(epoch(1, 0), at(0));
  theirs.take(epoch(1, 1), at(0));
  FrameSealer sealer(FrameSource::camera, 0, 1), again(FrameSource::camera, 0, 1);
  FrameOpener opener(1);
  for (int i = 0; i < 40; ++i) EXPECT_TRUE(opener.open(theirs, *sealer.seal(mine, kFrame, at(0)), at(0)));
  EpochKeys anew = epoch(1, 0);
  anew.base[0] ^= 1;
  mine.take(anew, at(10));
  anew.self = 1;
  theirs.take(anew, at(10));
  EXPECT_TRUE(opener.open(theirs, *again.seal(mine, kFrame, at(10)), at(10))) << "counted from 0 under another key: no replay";
}

TEST(ReplayWindow, lets_each_counter_in_once_late_ones_too_but_not_very_late_ones) {
  ReplayWindow window;
  EXPECT_TRUE(window.fresh(5));
  window.mark(5);
  EXPECT_FALSE(window.fresh(5));
  EXPECT_TRUE(window.fresh(4));
  window.mark(1'028);
  EXPECT_FALSE(window.fresh(5));
  EXPECT_FALSE(window.fresh(4)) << "behind the window";
  EXPECT_TRUE(window.fresh(6));
  window.mark(6);
  EXPECT_FALSE(window.fresh(6));
  window.mark(100'000);
  EXPECT_TRUE(window.fresh(99'000));
}

TEST(FrameSealer, no_counter_of_a_key_comes_twice_over_many_epochs) {
  FrameKeys keys;
  FrameSealer sealer(FrameSource::camera, 3, 1);
  std::set<std::pair<std::uint64_t, std::uint64_t>> used;
  std::uint64_t number = 1;  // fewer than 256 epochs, so that a key id stands for one key
  for (int i = 0; i < 1'700; ++i) {
    if (i % 7 == 0) keys.take(epoch(number++, 0, i % 3 == 0 ? Cause::remove : Cause::add), at(i * 50));
    const Bytes sealed = *sealer.seal(keys, kFrame, at(i * 50));
    const auto parts = split_frame(sealed, 1);
    ASSERT_TRUE(parts);
    EXPECT_TRUE(used.insert({parts->header.kid, parts->header.counter}).second) << i;
  }
}

}  // namespace
}  // namespace load
