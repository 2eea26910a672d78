// SPDX-License-Identifier: Apache-2.0
// The answer of a synthetic person to an offer in the shape of docs/protocol.md "Media": what it accepts, what it says of its
// own streams, and that it reads back as SDP. Extensions for sending are those of its own lines.
#include <gtest/gtest.h>

#include "load/answer.h"

namespace load {
namespace {

const std::string kHead =
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE m c s0 p0\r\na=ice-lite\r\na=extmap-allow-mixed\r\n"
    "a=msid-semantic:WMS *\r\n";
const std::string kTransport =
    "c=IN IP4 0.0.0.0\r\na=rtcp-mux\r\na=rtcp-rsize\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuvwx\r\na=setup:actpass\r\n"
    "a=fingerprint:sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF\r\n"
    "a=candidate:1 1 udp 2130706431 127.0.0.1 5000 typ host\r\n"
    "a=candidate:2 1 tcp 2105524479 127.0.0.1 5000 typ host tcptype passive\r\na=end-of-candidates\r\n";
const std::string kMidExtension = "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
const std::string kRidExtensions =
    "a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
    "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\n";
const std::string kVp8 = "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";
const std::string kOpus = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 useinbandfec=1\r\n";

std::string offer() {
  return kHead + "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" + kTransport + "a=mid:m\r\na=recvonly\r\n" + kMidExtension + kOpus +
         "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" + kTransport + "a=mid:c\r\na=recvonly\r\n" + kMidExtension +
         kRidExtensions + kVp8 + "a=rid:q recv\r\na=rid:h recv\r\na=rid:f recv\r\na=simulcast:recv q;h;f\r\n" +
         "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" + kTransport + "a=mid:s0\r\na=sendonly\r\na=msid:slot0 s0\r\n" +
         kMidExtension + kOpus + "a=ssrc:1000 cname:x\r\n" + "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n" + kTransport +
         "a=mid:p0\r\na=sendonly\r\na=msid:slot0 p0\r\n" + kMidExtension + kVp8 +
         "a=ssrc-group:FID 2000 2001\r\na=ssrc:2000 cname:x\r\na=ssrc:2001 cname:x\r\n";
}

const OfferRoles kRoles{"m", "c", {{0, "s0", "p0"}}};

AnswerSettings settings() {
  AnswerSettings out;
  out.local = {"mine", base::Redacted<std::string>("mypasswordof24letterslong")};
  out.sound = {11};
  out.sound_repair = {12};
  out.cname = "0123";
  return out;
}

TEST(Answer, it_takes_every_line_and_reads_back_as_sdp) {
  const auto negotiated = answer_offer(offer(), kRoles, settings(), 7);
  ASSERT_TRUE(negotiated.has_value());
  const auto answer = wire::sdp::parse(negotiated->answer);
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->media.size(), 4U);
  using enum wire::sdp::Direction;
  const wire::sdp::Direction directions[] = {sendonly, sendonly, recvonly, recvonly};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(answer->direction_of(i), directions[i]) << i;
    EXPECT_EQ(answer->transport_of(i).setup, wire::sdp::Setup::active);
    EXPECT_EQ(answer->transport_of(i).ice_ufrag, "mine");
  }
  EXPECT_EQ(answer->bundle, (std::vector<std::string>{"m", "c", "s0", "p0"}));
  ASSERT_TRUE(answer->media[1].simulcast.has_value());
  EXPECT_EQ(answer->media[1].simulcast->send.size(), 3U);
  EXPECT_EQ(negotiated->rids, (std::vector<std::string>{"q", "h", "f"}));
}

TEST(Answer, extensions_for_sending_are_those_of_the_own_line_and_not_of_the_last) {
  const auto negotiated = answer_offer(offer(), kRoles, settings(), 7);
  ASSERT_TRUE(negotiated.has_value());
  EXPECT_EQ(negotiated->picture_extensions.mid, 1);
  EXPECT_EQ(negotiated->picture_extensions.rid, 2);
  EXPECT_EQ(negotiated->picture_extensions.repaired_rid, 3);
}

TEST(Answer, it_learns_where_to_send_checks_and_which_streams_are_whose) {
  const auto negotiated = answer_offer(offer(), kRoles, settings(), 7);
  ASSERT_TRUE(negotiated.has_value());
  ASSERT_EQ(negotiated->remote.candidates.size(), 1U);
  EXPECT_EQ(negotiated->remote.candidates[0], (base::Path{base::Carrier::udp, 7, base::Address::v4(127, 0, 0, 1, 5000)}));
  ASSERT_EQ(negotiated->slots.size(), 1U);
  EXPECT_EQ(negotiated->slots[0].sound.value, 1'000U);
  EXPECT_EQ(negotiated->slots[0].picture.value, 2'000U);
  EXPECT_EQ(negotiated->slots[0].picture_repair.value, 2'001U);
  EXPECT_EQ(negotiated->opus.value, 111);
  EXPECT_EQ(negotiated->picture_rtx.value, 97);
  EXPECT_EQ(negotiated->sound_rtx.value, 0);
}

TEST(Answer, an_offer_that_lacks_something_is_refused_by_its_name) {
  const auto without = [](std::string text, std::string_view part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
    return answer_offer(text, kRoles, settings(), 7);
  };
  EXPECT_EQ(without(offer(), "a=ice-ufrag:abcd\r\n").error(), OfferError::no_credentials);
  EXPECT_EQ(without(offer(), "a=candidate:1 1 udp 2130706431 127.0.0.1 5000 typ host\r\n").error(), OfferError::no_candidate);
  EXPECT_EQ(without(offer(), "a=ssrc:1000 cname:x\r\n").error(), OfferError::no_slot_source);
  EXPECT_EQ(answer_offer("hello", kRoles, settings(), 7).error(), OfferError::malformed);
}

}  // namespace
}  // namespace load
