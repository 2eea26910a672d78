// SPDX-License-Identifier: Apache-2.0
#include "load/keys_lines.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "load/signalling.h"

namespace load {
namespace {

TEST(KeysLines, what_we_say_is_one_object_a_line) {
  const auto heard = boost::json::parse(heard_line(3, R"({"type":"groups","groups":[]})"));
  EXPECT_EQ(heard.at("person").to_number<int>(), 3);
  EXPECT_EQ(heard.at("say").as_string(), "heard");
  EXPECT_EQ(heard.at("message").at("type").as_string(), "groups");
  const auto admit = boost::json::parse(admit_line(0, 4'294'967'295, 7, true));
  EXPECT_EQ(admit.at("arrival").to_number<std::uint32_t>(), 4'294'967'295);
  EXPECT_EQ(admit.at("seat").to_number<int>(), 7);
  EXPECT_TRUE(admit.at("leads").as_bool());
  EXPECT_EQ(boost::json::parse(words_line(1)).at("say").as_string(), "words");
  EXPECT_EQ(boost::json::parse(stop_line(1)).at("say").as_string(), "stop");
}

TEST(KeysLines, keys_of_an_epoch_are_read_whole) {
  const auto line = read_keys_line(
      R"({"person":2,"say":"keys","epoch":300,"base":"AAECAwQFBgcICQoLDA0ODw","self":1,"leaves":[{"leaf":0,"seat":4},{"leaf":1,"seat":9}],"cause":"remove"})");
  EXPECT_EQ(line.person, 2U);
  const auto& keys = std::get<EpochKeys>(line.what);
  EXPECT_EQ(keys.epoch, 300U);
  EXPECT_EQ(keys.base[15], 15);
  EXPECT_EQ(keys.self, 1);
  EXPECT_EQ(keys.seats, (std::map<std::uint16_t, std::uint32_t>{{0, 4}, {1, 9}}));
  EXPECT_EQ(keys.cause, EpochKeys::Cause::remove);
}

TEST(KeysLines, the_rest_too_and_nonsense_is_told_apart) {
  EXPECT_EQ(std::get<KeysSay>(read_keys_line(R"({"person":0,"say":"send","message":{"type":"leave"}})").what).text,
            R"({"type":"leave"})");
  EXPECT_EQ(std::get<KeysWords>(read_keys_line(R"({"person":0,"say":"words","numbers":[1,2047,0,5]})").what).numbers,
            (std::vector<unsigned>{1, 2'047, 0, 5}));
  EXPECT_TRUE(std::holds_alternative<KeysForget>(read_keys_line(R"({"person":0,"say":"forget"})").what));
  EXPECT_EQ(std::get<KeysTrouble>(read_keys_line(R"({"person":0,"say":"trouble","what":"refused"})").what).what, "refused");
  for (const char* text :
       {"", "{", "[]", R"({"say":"forget"})", R"({"person":0,"say":"dance"})", R"({"person":0,"say":"words"})",
        R"({"person":0,"say":"keys","epoch":1,"base":"AAEC","self":0,"leaves":[],"cause":"join"})",
        R"({"person":0,"say":"keys","epoch":1,"base":"AAECAwQFBgcICQoLDA0ODw","self":0,"leaves":[{"leaf":1024,"seat":1}],"cause":"join"})"})
    EXPECT_TRUE(std::holds_alternative<KeysUnreadable>(read_keys_line(text).what)) << text;
}

TEST(Signalling, says_whether_a_room_is_encrypted_and_never_takes_silence_for_no) {
  const std::string welcome =
      R"({"type":"welcome","version":1,"arrival":9,"seat":1,"role":"member","permissions":{"admit":false},"state":"arriving","resume":"r","resumed":false)";
  EXPECT_TRUE(std::get<Welcome>(read_message(welcome + R"(,"encryption":"required"})")).encrypted);
  EXPECT_FALSE(std::get<Welcome>(read_message(welcome + R"(,"encryption":"none"})")).encrypted);
  EXPECT_TRUE(std::holds_alternative<Unreadable>(read_message(welcome + "}")));
  EXPECT_TRUE(std::holds_alternative<Unreadable>(read_message(welcome + R"(,"encryption":"perhaps"})")));
}

TEST(Signalling, tells_what_the_keys_must_hear) {
  EXPECT_TRUE(concerns_keys(read_message(R"({"type":"committed","group":"everyone"})")));
  EXPECT_TRUE(concerns_keys(read_message(R"({"type":"left","seat":3,"how":"left"})")));
  EXPECT_FALSE(concerns_keys(read_message(R"({"type":"slots","carries":[]})")));
  EXPECT_FALSE(concerns_keys(read_message(R"({"type":"speaker","seat":null})")));
}

}  // namespace
}  // namespace load
