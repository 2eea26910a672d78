// SPDX-License-Identifier: Apache-2.0
#include "call/message.h"
#include "wire/sdp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <set>

namespace call {
namespace {

std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::filesystem::path> examples() {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(QUIETROOM_SOURCE_DIR "/docs/protocol"))
    if (entry.path().extension() == ".json") out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

// "send.2.json" is an example of "send".
std::string type_of_file(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.substr(0, name.find('.'));
}

template <class Variant, std::size_t... I>
std::set<std::string> types(std::index_sequence<I...>) {
  return {std::string(std::variant_alternative_t<I, Variant>::type)...};
}
const std::set<std::string> kClientTypes = types<ClientMessage>(std::make_index_sequence<std::variant_size_v<ClientMessage>>{});
const std::set<std::string> kServerTypes = types<ServerMessage>(std::make_index_sequence<std::variant_size_v<ServerMessage>>{});

TEST(Message, every_type_has_an_example_and_every_example_a_type) {
  std::set<std::string> all = kClientTypes;
  all.insert(kServerTypes.begin(), kServerTypes.end());
  EXPECT_EQ(all.size(), kClientTypes.size() + kServerTypes.size()) << "a type stands in one direction only";
  std::set<std::string> shown;
  for (const auto& path : examples()) shown.insert(type_of_file(path));
  EXPECT_EQ(shown, all);
  for (const std::string& type : all)
    EXPECT_TRUE(std::filesystem::exists(QUIETROOM_SOURCE_DIR "/docs/protocol/" + type + ".json")) << type;
}

TEST(Message, every_example_is_read_and_written_again_the_same) {
  for (const auto& path : examples()) {
    SCOPED_TRACE(path.filename());
    const std::string text = text_of_file(path);
    std::string again;
    if (kClientTypes.contains(type_of_file(path))) {
      const auto message = read_client_message(text);
      ASSERT_TRUE(message) << message.error().pointer.get();
      EXPECT_EQ(type_of(*message), type_of_file(path));
      again = write_message(*message);
      EXPECT_EQ(*read_client_message(again), *message);
    } else {
      const auto message = read_server_message(text);
      ASSERT_TRUE(message) << message.error().pointer.get();
      EXPECT_EQ(type_of(*message), type_of_file(path));
      again = write_message(*message);
      EXPECT_EQ(*read_server_message(again), *message);
    }
    EXPECT_EQ(boost::json::parse(again), boost::json::parse(text));
  }
}

struct Bad {
  std::string_view name, text;
  Reason reason;
  std::string_view what, pointer;
};

class BadMessage : public testing::TestWithParam<Bad> {};
TEST_P(BadMessage, is_refused_where_it_is_wrong) {
  const auto read = read_client_message(GetParam().text);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, GetParam().reason);
  EXPECT_EQ(read.error().what.get(), GetParam().what);
  EXPECT_EQ(read.error().pointer.get(), GetParam().pointer);
}
INSTANTIATE_TEST_SUITE_P(
    Table, BadMessage,
    testing::Values(
        Bad{"not_json", "{", Reason::malformed, "", ""}, Bad{"a_list", "[]", Reason::malformed, "", "/type"},
        Bad{"no_type", "{}", Reason::malformed, "", "/type"}, Bad{"type_a_number", R"({"type":1})", Reason::malformed, "", "/type"},
        Bad{"unknown_type", R"({"type":"dance"})", Reason::unknown_type, "dance", "/type"},
        Bad{"long_type", R"({"type":"0123456789012345678901234567890123456789"})", Reason::unknown_type,
            "01234567890123456789012345678901", "/type"},
        Bad{"servers_own", R"({"type":"roster"})", Reason::unknown_type, "roster", "/type"},
        Bad{"unknown_field", R"({"type":"ready","now":1})", Reason::malformed, "ready", "/now"},
        Bad{"missing", R"({"type":"publish","camera":true})", Reason::malformed, "publish", "/microphone"},
        Bad{"seat_zero", R"({"type":"mute","seat":0})", Reason::malformed, "mute", "/seat"},
        Bad{"seat_negative", R"({"type":"mute","seat":-1})", Reason::malformed, "mute", "/seat"},
        Bad{"seat_too_large", R"({"type":"mute","seat":4294967296})", Reason::malformed, "mute", "/seat"},
        Bad{"seat_huge", R"({"type":"mute","seat":18446744073709551615})", Reason::malformed, "mute", "/seat"},
        Bad{"seat_a_fraction", R"({"type":"mute","seat":1.5})", Reason::malformed, "mute", "/seat"},
        Bad{"version", R"({"type":"hello","version":2,"link":"x"})", Reason::malformed, "hello", "/version"},
        Bad{"empty_link", R"({"type":"hello","version":1,"link":""})", Reason::malformed, "hello", "/link"},
        Bad{"null_ref", R"({"type":"send","audience":"everyone","payload":"","ref":null})", Reason::malformed, "send", "/ref"},
        Bad{"padded", R"({"type":"send","audience":"everyone","payload":"YQ=="})", Reason::malformed, "send", "/payload"},
        Bad{"one_letter", R"({"type":"send","audience":"everyone","payload":"Y"})", Reason::malformed, "send", "/payload"},
        Bad{"to_members", R"({"type":"send","audience":"members","payload":""})", Reason::malformed, "send", "/audience"},
        Bad{"to_two", R"({"type":"send","audience":{"seat":1,"arrival":2},"payload":""})", Reason::malformed, "send", "/audience"},
        Bad{"to_nothing", R"({"type":"send","audience":{"place":1},"payload":""})", Reason::malformed, "send", "/audience/place"},
        Bad{"to_seat_zero", R"({"type":"send","audience":{"seat":0},"payload":""})", Reason::malformed, "send", "/audience/seat"},
        Bad{"wide_tile", R"({"type":"view","tiles":[{"seat":1,"source":"camera","width":16385,"height":1,"pinned":false}],"sound_only":false})",
            Reason::malformed, "view", "/tiles/0/width"},
        Bad{"no_group", R"({"type":"group-open","group":"members"})", Reason::malformed, "group-open", "/group"},
        Bad{"group_a_number", R"({"type":"group-open","group":7})", Reason::malformed, "group-open", "/group"},
        Bad{"group_seat_zero", R"({"type":"group-open","group":"private:0"})", Reason::malformed, "group-open", "/group"},
        Bad{"group_leading_zero", R"({"type":"group-open","group":"private:07"})", Reason::malformed, "group-open", "/group"},
        Bad{"group_no_seat", R"({"type":"group-open","group":"private:"})", Reason::malformed, "group-open", "/group"},
        Bad{"group_sign", R"({"type":"group-open","group":"private:+7"})", Reason::malformed, "group-open", "/group"},
        Bad{"group_more", R"({"type":"group-open","group":"breakout:7x"})", Reason::malformed, "group-open", "/group"},
        Bad{"group_too_large", R"({"type":"group-open","group":"breakout:4294967296"})", Reason::malformed, "group-open", "/group"},
        Bad{"epoch_negative", R"({"type":"commits-since","group":"everyone","instance":1,"epoch":-1})", Reason::malformed, "commits-since", "/epoch"},
        Bad{"instance_zero", R"({"type":"commits-since","group":"everyone","instance":0,"epoch":1})", Reason::malformed, "commits-since", "/instance"},
        Bad{"epoch_too_large", R"({"type":"commits-since","group":"everyone","instance":1,"epoch":9007199254740992})", Reason::malformed,
            "commits-since", "/epoch"},
        Bad{"no_key_package", R"({"type":"key-package","key_package":""})", Reason::malformed, "key-package", "/key_package"},
        Bad{"padded_key_package", R"({"type":"key-package","key_package":"YQ=="})", Reason::malformed, "key-package", "/key_package"},
        Bad{"empty_welcome",
            R"({"type":"commit","group":"everyone","instance":1,"epoch":0,"commit":"YQ","welcome":"","adds":[],"removes":[]})", Reason::malformed,
            "commit", "/welcome"},
        Bad{"adds_zero", R"({"type":"commit","group":"everyone","instance":1,"epoch":0,"commit":"YQ","adds":[0],"removes":[]})",
            Reason::malformed, "commit", "/adds/0"},
        Bad{"servers_commit", R"({"type":"committed"})", Reason::unknown_type, "committed", "/type"},
        Bad{"deep", R"({"type":"view","tiles":[[[[[[[[[]]]]]]]]],"sound_only":false})", Reason::malformed, "", ""}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Message, a_payload_may_be_8_kib_and_no_more) {
  const auto of = [](std::size_t letters) {
    return R"({"type":"send","audience":"everyone","ref":"r","payload":")" + std::string(letters, 'A') + "\"}";
  };
  EXPECT_TRUE(read_client_message(of(10'923)));  // 8,192 bytes
  const auto over = read_client_message(of(10'924));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().pointer.get(), "/payload");
  EXPECT_EQ(over.error().ref->get(), "r") << "the sender can tell which message it was";
}

TEST(Message, a_key_package_may_be_4_kib_and_no_more) {
  const auto of = [](std::size_t letters) { return R"({"type":"key-package","key_package":")" + std::string(letters, 'A') + "\"}"; };
  EXPECT_TRUE(read_client_message(of(5'462)));  // 4,096 bytes
  EXPECT_EQ(read_client_message(of(5'463)).error().pointer.get(), "/key_package");
}

TEST(Message, a_commit_may_be_48_kib_and_change_64_people) {
  Commit commit;
  commit.instance = 1;
  commit.commit.base64url = base::Redacted(std::string(65'536, 'A'));
  commit.ref.emplace("c");
  commit.adds.assign(64, {4'294'967'295});
  commit.removes = commit.adds;
  EXPECT_TRUE(read_client_message(write_message(ClientMessage(commit))));
  commit.removes.push_back({1});
  EXPECT_EQ(read_client_message(write_message(ClientMessage(commit))).error().pointer.get(), "/removes");
  commit.removes.clear();
  commit.commit.base64url.get() += "AAAA";
  const auto over = read_client_message(write_message(ClientMessage(commit)));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().pointer.get(), "/commit");
  EXPECT_EQ(over.error().ref->get(), "c");
}

TEST(Message, only_an_answer_and_a_commit_may_be_large) {
  const std::string pad(20'000, ' ');
  EXPECT_TRUE(read_client_message(R"({"type":"answer","offer":1,"sdp":"v=0"})" + pad));
  EXPECT_EQ(read_client_message(R"({"type":"ready"})" + pad).error().reason, Reason::too_large);
  EXPECT_EQ(read_client_message(R"({"type":"answer","offer":1,"sdp":"v=0"})" + std::string(kMostFrameBytes, ' ')).error().reason,
            Reason::too_large);
}

// A browser's answer in a room of 49 has some 100 KB, in lines that JSON makes longer by two bytes each.
static_assert(kMostSdp == wire::sdp::kMaxText);
TEST(Message, an_answer_of_a_full_room_is_taken) {
  std::string sdp;
  while (sdp.size() + 32 <= wire::sdp::kMaxText) sdp += "a=rtcp-fb:96 nack pli nack pli\r\n";
  EXPECT_GT(sdp.size(), 150'000U);
  EXPECT_TRUE(read_client_message(write_message(ClientMessage(Answer{.offer = 1, .sdp = base::Redacted(sdp)}))));
}

TEST(Message, a_view_may_name_64_tiles) {
  View view;
  view.tiles.assign(64, {.seat = {1}});
  EXPECT_TRUE(read_client_message(write_message(ClientMessage(view))));
  view.tiles.push_back({.seat = {1}});
  EXPECT_EQ(read_client_message(write_message(ClientMessage(view))).error().pointer.get(), "/tiles");
}

TEST(Message, a_client_of_ours_ignores_fields_that_a_newer_server_adds) {
  EXPECT_TRUE(read_server_message(R"({"type":"locked","locked":true,"since":1})"));
  EXPECT_EQ(read_server_message(R"({"type":"later"})").error().reason, Reason::unknown_type);
}

TEST(Message, personal_text_is_redacted_wherever_it_is_printed) {
  const auto read = read_client_message(R"({"type":"send","audience":"everyone","payload":"Um9iaW4","ref":"Robin"})");
  ASSERT_TRUE(read);
  const Send& send = std::get<Send>(*read);
  EXPECT_EQ(fmt::format("{} {} {}", type_of(*read), send.payload.base64url, *send.ref), "send [redacted] [redacted]");
  const auto bad = read_client_message(R"({"type":"Robin","Robin":1})");
  EXPECT_EQ(fmt::format("{} {}", bad.error().what, bad.error().pointer), "[redacted] [redacted]");
}

}  // namespace
}  // namespace call
