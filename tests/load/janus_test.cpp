// SPDX-License-Identifier: Apache-2.0
// The signalling of Janus, message by message as Janus 1.1 says them, our offer to it, and the answer that a check of libnice gets.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstring>

#include "crypto/hmac.h"
#include "load/check_answer.h"
#include "load/janus.h"
#include "load/offer.h"
#include "load/subscriber.h"
#include "wire/stun.h"

namespace load {
namespace {

namespace json = boost::json;

json::object read_json(std::string_view text) { return json::parse(text).as_object(); }

// Has a session and a handle; what it said to the second stands in `said`.
JanusMessage attach(JanusSignalling& janus, std::vector<std::string>& said) {
  EXPECT_TRUE(std::holds_alternative<std::monostate>(
      janus.read(R"({"janus":"success","transaction":"create","data":{"id":6876645124221370}})", said)));
  EXPECT_EQ(said.size(), 1U);
  const auto asked = read_json(said.at(0));
  EXPECT_EQ(asked.at("janus"), "attach");
  EXPECT_EQ(asked.at("session_id"), 6'876'645'124'221'370);
  said.clear();
  return janus.read(R"({"janus":"success","session_id":6876645124221370,"transaction":"attach","data":{"id":7949415868307788}})", said);
}

TEST(Janus, who_sends_offers_once_it_is_attached_and_is_answered) {
  JanusSignalling janus({7, 3, {}});
  std::vector<std::string> said;
  ASSERT_TRUE(std::holds_alternative<JanusAttached>(attach(janus, said)));
  EXPECT_TRUE(said.empty());
  const auto publish = read_json(janus.publish_text("v=0 mine"));
  EXPECT_EQ(publish.at("handle_id"), 7'949'415'868'307'788);
  EXPECT_EQ(publish.at("body"), (json::value{{"request", "joinandconfigure"}, {"room", 7}, {"ptype", "publisher"}, {"id", 3}}));
  EXPECT_EQ(publish.at("jsep").at("type"), "offer");
  EXPECT_EQ(publish.at("jsep").at("sdp"), "v=0 mine");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(janus.read(R"({"janus":"ack","transaction":"publish"})", said)));
  const auto answered = janus.read(R"({"janus":"event","transaction":"publish","plugindata":{"plugin":"janus.plugin.videoroom",
    "data":{"videoroom":"joined","room":7,"id":3,"publishers":[]}},"jsep":{"type":"answer","sdp":"v=0 theirs"}})", said);
  ASSERT_TRUE(std::holds_alternative<JanusAnswered>(answered));
  EXPECT_EQ(std::get<JanusAnswered>(answered).sdp, "v=0 theirs");
}

TEST(Janus, who_receives_asks_for_all_others_and_knows_whose_lines_are_offered) {
  JanusSignalling janus({7, 3, {1, 2}});
  std::vector<std::string> said;
  ASSERT_TRUE(std::holds_alternative<std::monostate>(attach(janus, said)));
  ASSERT_EQ(said.size(), 1U);
  const auto subscribe = read_json(said[0]);
  EXPECT_EQ(subscribe.at("body").at("ptype"), "subscriber");
  EXPECT_EQ(subscribe.at("body").at("streams"), (json::value{{{"feed", 1}, {"mid", "0"}}, {{"feed", 1}, {"mid", "1"}},
                                                            {{"feed", 2}, {"mid", "0"}}, {{"feed", 2}, {"mid", "1"}}}));
  const auto offered = janus.read(R"({"janus":"event","transaction":"subscribe","plugindata":{"data":{"videoroom":"attached","streams":[
    {"type":"video","mid":"0","feed_id":2,"feed_mid":"1"},{"type":"audio","mid":"1","feed_id":2,"feed_mid":"0"},
    {"type":"audio","mid":"2","feed_id":1,"feed_mid":"0"},{"type":"video","mid":"3","feed_id":1,"feed_mid":"1"}]}},
    "jsep":{"type":"offer","sdp":"v=0 theirs"}})", said);
  ASSERT_TRUE(std::holds_alternative<OfferMessage>(offered));
  const auto& roles = std::get<OfferMessage>(offered).roles;
  ASSERT_EQ(roles.slots.size(), 2U);
  EXPECT_EQ(roles.slots[0].sound, "2");
  EXPECT_EQ(roles.slots[0].picture, "3");
  EXPECT_EQ(roles.slots[1].sound, "1");
  EXPECT_EQ(roles.slots[1].picture, "0");
  EXPECT_EQ(read_json(janus.start_text("v=0 mine")).at("jsep").at("type"), "answer");
}

TEST(Janus, what_it_refuses_or_ends_is_said_and_what_is_not_understood_too) {
  const struct {
    const char* text;
    const char* why;
  } cases[] = {
      {R"({"janus":"error","transaction":"attach","error":{"code":460,"reason":"No such plugin"}})", "No such plugin"},
      {R"({"janus":"event","transaction":"publish","plugindata":{"data":{"videoroom":"event","error_code":426,"error":"No such room"}}})",
       "No such room"},
      {R"({"janus":"hangup","reason":"ICE failed"})", "ICE failed"},
      {R"({"janus":"timeout"})", "timeout"},
      {R"({"janus":"success","transaction":"create"})", "not understood"},
      {"no JSON", "not understood"},
  };
  for (const auto& each : cases) {
    JanusSignalling janus({7, 3, {}});
    std::vector<std::string> said;
    const auto message = janus.read(each.text, said);
    ASSERT_TRUE(std::holds_alternative<JanusEnded>(message)) << each.text;
    EXPECT_NE(std::get<JanusEnded>(message).why.find(each.why), std::string::npos) << std::get<JanusEnded>(message).why;
    EXPECT_TRUE(said.empty());
  }
}

AnswerSettings sender_settings() {
  AnswerSettings out;
  out.local = {"mine", base::Redacted<std::string>("mypasswordof24letterslong")};
  out.sound = {11};
  out.layers[0] = {21};
  out.layer_repairs[0] = {22};
  out.cname = "0123";
  return out;
}

TEST(Offer, it_reads_back_as_a_line_of_sound_and_one_of_picture_that_are_sent_by_a_dtls_client) {
  const auto offer = wire::sdp::parse(offer_streams(sender_settings()));
  ASSERT_TRUE(offer.has_value());
  ASSERT_EQ(offer->media.size(), 2U);
  EXPECT_EQ(offer->bundle, (std::vector<std::string>{"0", "1"}));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(offer->direction_of(i), wire::sdp::Direction::sendonly);
    EXPECT_EQ(offer->transport_of(i).setup, wire::sdp::Setup::active);
    EXPECT_EQ(offer->transport_of(i).ice_ufrag, "mine");
  }
  ASSERT_NE(offer->media[0].codec("opus"), nullptr);
  ASSERT_NE(offer->media[1].codec("VP8"), nullptr);
  EXPECT_EQ(offer->media[0].sources.at(0).ssrc.value, 11U);
  EXPECT_EQ(offer->media[1].repair_of({21}).value, 22U);
}

// As Janus answers it.
const std::string kAnswerOfJanus =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=VideoRoom 1\r\nt=0 0\r\na=group:BUNDLE 0 1\r\na=ice-options:trickle\r\n"
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
    "a=extmap-allow-mixed\r\na=msid-semantic: WMS *\r\na=ice-lite\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 127.0.0.1\r\na=recvonly\r\na=mid:0\r\na=rtcp-mux\r\na=ice-ufrag:WXVx\r\n"
    "a=ice-pwd:g6MYbxRjOZy7vx7DuTTNuG\r\na=ice-options:trickle\r\na=setup:passive\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=candidate:1 1 udp 2015363327 10.77.0.1 41708 typ host\r\n"
    "a=end-of-candidates\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\nc=IN IP4 127.0.0.1\r\na=recvonly\r\na=mid:1\r\na=rtcp-mux\r\na=ice-ufrag:WXVx\r\n"
    "a=ice-pwd:g6MYbxRjOZy7vx7DuTTNuG\r\na=setup:passive\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n";

TEST(Offer, the_answer_to_it_says_where_to_send_what_and_with_which_extensions) {
  const auto negotiated = take_answer(kAnswerOfJanus, 5);
  ASSERT_TRUE(negotiated.has_value());
  EXPECT_EQ(negotiated->remote.ice.ufrag, "WXVx");
  ASSERT_EQ(negotiated->remote.candidates.size(), 1U);
  EXPECT_EQ(negotiated->remote.candidates[0], (base::Path{base::Carrier::udp, 5, base::Address::v4(10, 77, 0, 1, 41'708)}));
  EXPECT_EQ(negotiated->opus.value, 111);
  EXPECT_EQ(negotiated->vp8.value, 96);
  EXPECT_EQ(negotiated->picture_rtx.value, 97);
  EXPECT_EQ(negotiated->sound_extensions.mid, 1);
  EXPECT_EQ(negotiated->sound_extensions.transport_sequence, 0);
  EXPECT_EQ(negotiated->picture_extensions.transport_sequence, 3);
}

// Who only receives has no line of their own whose extensions hold, and Janus numbers pictures for feedback, not sound.
TEST(Answer, one_who_only_receives_reads_the_extensions_of_what_they_receive) {
  auto offer = kAnswerOfJanus;
  for (auto at = offer.find("recvonly"); at != std::string::npos; at = offer.find("recvonly")) offer.replace(at, 8, "sendonly");
  offer.insert(offer.find("m=video"), "a=ssrc:31 cname:janus\r\n");
  offer += "a=ssrc-group:FID 32 33\r\na=ssrc:32 cname:janus\r\na=ssrc:33 cname:janus\r\n";
  const auto negotiated = answer_offer(offer, {"", "", {{0, "0", "1"}}}, sender_settings(), 5);
  ASSERT_TRUE(negotiated.has_value());
  EXPECT_EQ(negotiated->picture_extensions.transport_sequence, 3);
  EXPECT_EQ(negotiated->sound_extensions.transport_sequence, 0);
  Subscriber subscriber(Decode::none);
  subscriber.set_slots(*negotiated);
  // RFC 8285 section 4.2: one element of two bytes, number 7, under id 3.
  const std::uint8_t packet[] = {0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 32, 0xbe, 0xde, 0, 1, 0x31, 0, 7, 0, 0x10, 0};
  subscriber.take_rtp(base::Instant{1'000'000}, packet);
  std::vector<std::vector<std::uint8_t>> feedback;
  subscriber.due_feedback(base::Instant{2'000'000}, {11}, feedback);
  ASSERT_EQ(feedback.size(), 1U);
  bool reported = false;
  ASSERT_TRUE(wire::read_rtcp(feedback[0], [&](const auto& message) {
    if constexpr (std::is_same_v<std::decay_t<decltype(message)>, wire::TransportFeedback>) reported = message.base_sequence == 7;
  }));
  EXPECT_TRUE(reported);
}

TEST(Offer, an_answer_that_takes_no_picture_is_refused) {
  auto rejected = kAnswerOfJanus;
  rejected.replace(rejected.find("m=video 9"), 9, "m=video 0");
  EXPECT_EQ(take_answer(rejected, 5).error(), OfferError::no_codec);
  EXPECT_EQ(take_answer("hello", 5).error(), OfferError::malformed);
}

struct OneDatagram final : base::DatagramSink {
  std::uint8_t* reserve(std::uint32_t, const base::Path& to, std::size_t max, base::Precedence) override {
    path = to;
    bytes.resize(max);
    return bytes.data();
  }
  void commit(std::size_t size) override { bytes.resize(size); }
  base::Path path;
  std::vector<std::uint8_t> bytes;
};

TEST(CheckAnswerOfJanus, a_check_of_the_other_side_is_answered_to_where_it_came_from_and_any_other_is_not) {
  const transport::IceCredentials mine{"mine", base::Redacted<std::string>("mypasswordof24letterslong")};
  const base::Path from{base::Carrier::udp, 5, base::Address::v4(10, 77, 0, 1, 41'708)};
  const auto check = [&](std::string_view username, std::string_view password) {
    wire::StunMessage request;
    request.username = username;
    request.ice_controlled = 1;
    std::vector<std::uint8_t> bytes(wire::kMaxStunSize);
    bytes.resize(wire::write_stun(request, base::as_bytes(password), crypto::hmac_sha1, bytes));
    return bytes;
  };
  OneDatagram out;
  EXPECT_FALSE(answer_check(mine, from, check("other:theirs", mine.pwd.get()), 5, out));
  EXPECT_FALSE(answer_check(mine, from, check("mine:theirs", "not the password of ours"), 5, out));
  EXPECT_TRUE(out.bytes.empty());
  ASSERT_TRUE(answer_check(mine, from, check("mine:theirs", mine.pwd.get()), 5, out));
  EXPECT_EQ(out.path, from);
  const auto answer = wire::parse_stun(out.bytes);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->kind, wire::StunClass::success);
  EXPECT_EQ(answer->xor_mapped_address, from.remote);
  EXPECT_TRUE(wire::stun_integrity_holds(*answer, base::as_bytes(mine.pwd.get()), crypto::hmac_sha1));
}

}  // namespace
}  // namespace load
