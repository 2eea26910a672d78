// SPDX-License-Identifier: Apache-2.0
#include "call/relay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;

const UseRelay kUse{.uri = "turns:turn.example.org:443?transport=tcp", .secret = base::Redacted<std::string>("a secret that both share")};

// Every byte zero: AAAA in base64url.
class Zeros final : public base::Entropy {
 public:
  void fill(base::MutableBytes out) override { std::ranges::fill(out, std::uint8_t{0}); }
};

TEST(Relay, credentials_are_as_the_relay_reckons_them) {
  Zeros zeros;
  const Relay relay = open_relay(kUse, {1'800'000'000'999'999}, zeros);
  EXPECT_EQ(relay.urls, std::vector<std::string>{kUse.uri});
  EXPECT_EQ(relay.username.get(), "1800036000:AAAAAAAAAAAAAAAA") << "ten hours on, in whole seconds";
  // openssl dgst -sha1 -hmac "a secret that both share" -binary | base64
  EXPECT_EQ(relay.credential.get(), "viQGPIPgVaeJYq4GfeLYMB2u8V8=");
}

struct Told {
  Rehearsal r;
  Told() { r.now.wall = {1'800'000'000'000'000}; }
  std::optional<Relay> of(const Tab& tab) { return r.last<OfferMade>(tab)->relay; }
};

TEST(Relay, is_told_where_ice_begins_or_begins_again_and_each_time_anew) {
  Told t;
  t.r.service(kUse);
  const Tab ada = t.r.enter(facilitator(1));
  const auto first = t.of(ada);
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->username.get().starts_with("1800036000:"));
  t.r.media_says(ada, media::Event::OfferNeeded{});
  EXPECT_FALSE(t.of(ada)) << "more slots: ICE stays as it is";
  t.r.say(ada, Answer{2, base::Redacted<std::string>("v=0")});
  t.r.now.wall.us += 3'600'000'000;
  t.r.say(ada, Restart{});
  const auto again = t.of(ada);
  ASSERT_TRUE(again);
  EXPECT_TRUE(again->username.get().starts_with("1800039600:")) << "from now on";
  EXPECT_NE(first->username.get().substr(11), again->username.get().substr(11)) << "nothing joins the two";
}

TEST(Relay, is_told_again_to_a_new_page_and_where_the_offer_was_lost) {
  Told t;
  t.r.service(kUse);
  const Tab ada = t.r.enter(facilitator(1));
  t.r.media_says(ada, media::Event::Connected{});
  t.r.say(ada, Restart{});
  t.r.drop(ada);
  const Tab kept = t.r.come(facilitator(1), ada.token, true);
  EXPECT_TRUE(t.of(kept)) << "its restart was under way";
  t.r.drop(kept);
  const Tab fresh = t.r.come(facilitator(1), ada.token);
  EXPECT_TRUE(t.of(fresh));
}

TEST(Restart, of_ice_is_begun_by_the_room_where_it_hears_nothing_and_not_again_while_that_offer_is_on_its_way) {
  Told t;
  t.r.service(kUse);
  const Tab ada = t.r.enter(facilitator(1));
  const auto restarts = [&] { return t.r.at_media(ada).restarts; };
  t.r.media_says(ada, media::Event::Unheard{});
  EXPECT_EQ(restarts(), 0) << "it has just begun";
  t.r.now.instant = t.r.now.instant + base::Duration::seconds(4);
  t.r.media_says(ada, media::Event::Unheard{});
  EXPECT_TRUE(t.of(ada)) << "the relay, too";
  EXPECT_EQ(restarts(), 1);
  t.r.say(ada, Restart{});
  EXPECT_EQ(restarts(), 1);
  t.r.say(ada, Answer{2, base::Redacted<std::string>("v=0")});
  t.r.say(ada, Restart{});
  EXPECT_EQ(restarts(), 2);
  t.r.drop(ada);
  const Tab back = t.r.come(facilitator(1), ada.token, true);
  EXPECT_EQ(restarts(), 3) << "its offer was lost";
  EXPECT_TRUE(t.of(back));
}

TEST(Relay, is_not_told_where_there_is_none_or_none_any_more) {
  Told t;
  const Tab ada = t.r.enter(facilitator(1));
  EXPECT_FALSE(t.of(ada));
  t.r.service(kUse);
  t.r.say(ada, Restart{});
  EXPECT_TRUE(t.of(ada));
  t.r.say(ada, Answer{2, base::Redacted<std::string>("v=0")});
  t.r.service(UseRelay{});
  t.r.say(ada, Restart{});
  EXPECT_FALSE(t.of(ada));
}

}  // namespace
}  // namespace call
