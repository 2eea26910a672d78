// SPDX-License-Identifier: Apache-2.0
// Offers as docs/protocol.md "Media" says, and answers as Chromium and Firefox really gave them to such an offer
// (testdata/), and spoilt.
#include "media/negotiation.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "sim/network.h"
#include "wire/sdp.h"

namespace media {
namespace {

std::string read(const std::string& name) {
  std::ifstream in(std::string(QUIETROOM_SOURCE_DIR) + "/src/media/testdata/" + name);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

class Negotiation : public ::testing::Test {
 protected:
  Negotiation() {
    session.id = 5;
    session.version = 1;
    session.ice = transport::make_ice_credentials(entropy);
    session.upstream = {Source::microphone, Source::camera};
    for (std::uint32_t k = 0; k < 16; ++k) session.slots.push_back({{100 + k}, {200 + k}, {300 + k}});
    settings.certificate = crypto::Certificate::make_self_signed();
    settings.candidates = {{base::Carrier::tcp, base::Address::v4(127, 0, 0, 1, 5'001)},
                           {base::Carrier::udp, base::Address::v4(127, 0, 0, 1, 5'000)}};
  }
  sim::SeededEntropy entropy{3};
  Session session;
  Settings settings;
};

TEST_F(Negotiation, the_offer_is_what_the_protocol_says) {
  const auto offer = write_offer(session, settings);
  const auto d = wire::sdp::parse(offer.sdp).value();
  EXPECT_TRUE(d.ice_lite);
  EXPECT_TRUE(d.extmap_allow_mixed);
  ASSERT_EQ(d.media.size(), 2U + 32U);
  EXPECT_EQ(d.bundle.size(), d.media.size());
  EXPECT_EQ(d.media[0].mid, "m");
  EXPECT_EQ(d.media[1].mid, "c");
  EXPECT_EQ(d.media[0].direction, wire::sdp::Direction::recvonly);
  ASSERT_TRUE(d.media[1].simulcast);
  EXPECT_EQ(d.media[1].simulcast->recv.size(), 3U);
  ASSERT_EQ(d.media[0].candidates.size(), 2U);
  EXPECT_EQ(d.media[0].candidates[0].carrier, base::Carrier::udp) << "UDP first";
  EXPECT_EQ(d.media[0].candidates[1].tcp_type, wire::sdp::TcpType::passive);
  EXPECT_TRUE(d.media[0].end_of_candidates);
  for (std::size_t k = 0; k < 16; ++k) {
    const auto& s = d.media[2 + 2 * k];
    const auto& p = d.media[3 + 2 * k];
    EXPECT_EQ(s.mid, "s" + std::to_string(k));
    EXPECT_EQ(p.mid, "p" + std::to_string(k));
    EXPECT_EQ(s.direction, wire::sdp::Direction::sendonly);
    EXPECT_EQ(s.msids.front().stream, "slot" + std::to_string(k));
    EXPECT_EQ(p.msids.front().stream, s.msids.front().stream) << "lips and voice";
    EXPECT_EQ(p.repair_of(session.slots[k].picture), session.slots[k].picture_rtx);
    EXPECT_EQ(offer.slots[k].sound, s.mid);
    EXPECT_EQ(offer.slots[k].picture, p.mid);
  }
  for (const auto& m : d.media) {
    EXPECT_TRUE(m.rtcp_mux && m.rtcp_rsize);
    for (const auto& e : m.extensions) EXPECT_LE(e.id, 14);
    if (const auto* opus = m.codec("opus")) {
      EXPECT_EQ(opus->payload_type, kOpus);
      ASSERT_NE(opus->parameter("useinbandfec"), nullptr);
      EXPECT_EQ(*opus->parameter("usedtx"), "1");
    } else {
      const auto* vp8 = m.codec("VP8");
      ASSERT_NE(vp8, nullptr);
      for (const auto* f : {"nack", "nack pli", "ccm fir", "goog-remb", "transport-cc"})
        EXPECT_TRUE(vp8->has_feedback(f)) << f;
    }
  }
}

TEST_F(Negotiation, a_bigger_offer_only_appends) {
  const auto before = wire::sdp::parse(write_offer(session, settings).sdp).value();
  session.slots.push_back({{900}, {901}, {902}});
  ++session.version;
  const auto after = wire::sdp::parse(write_offer(session, settings).sdp).value();
  ASSERT_EQ(after.media.size(), before.media.size() + 2);
  for (std::size_t i = 0; i < before.media.size(); ++i) EXPECT_EQ(after.media[i], before.media[i]);
  EXPECT_EQ(after.session_version, 2U);
}

TEST_F(Negotiation, answers_of_both_browsers_are_understood) {
  for (const auto* name : {"answer_chromium.sdp", "answer_firefox.sdp"}) {
    SCOPED_TRACE(name);
    const auto answer = read_answer(session, read(name));
    ASSERT_TRUE(answer);
    EXPECT_TRUE(answer->rtx_in && answer->rtx_out && answer->transport_feedback_in);
    EXPECT_TRUE((answer->sound_in & bit_of<wire::AudioLevelExtension>()) != 0);
    EXPECT_TRUE((answer->picture_in & bit_of<wire::RidExtension>()) != 0);
    EXPECT_TRUE((answer->picture_out & bit_of<wire::TransportSequenceExtension>()) != 0);
    ASSERT_EQ(answer->upstream.size(), 2U);
    EXPECT_TRUE(answer->upstream[0].sends && answer->upstream[1].sends);
    EXPECT_NE(answer->upstream[0].ssrc.value, 0U);
    EXPECT_EQ(answer->upstream[1].ssrc.value, 0U) << "simulcast is known by rid";
    EXPECT_TRUE(answer->upstream[1].simulcast && !answer->upstream[0].simulcast);
    EXPECT_TRUE(answer->takes_pictures);
    EXPECT_FALSE(answer->remote.ice.ufrag.empty());
  }
}

// As a browser without VP8 answers (RFC 8829 section 5.3.1): port 0 and out of the bundle.
std::string without_pictures(const std::string& sdp) {
  auto d = wire::sdp::parse(sdp).value();
  for (auto& m : d.media) {
    if (m.kind != wire::sdp::Kind::video) continue;
    std::erase(d.bundle, m.mid);
    auto refused = wire::sdp::Media{};
    refused.kind = m.kind;
    refused.port = 0;
    refused.mid = m.mid;
    refused.direction = wire::sdp::Direction::inactive;
    refused.codecs = {{.payload_type = base::PayloadType{102}, .name = "H264", .clock_rate = 90'000, .parameters = {}, .feedback = {}}};
    m = refused;
  }
  return wire::sdp::to_text(d);
}

TEST_F(Negotiation, a_browser_without_our_picture_codec_keeps_its_sound) {
  const auto text = without_pictures(read("answer_chromium.sdp"));
  const auto answer = read_answer(session, text);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->takes_pictures);
  EXPECT_EQ(answer->slots, 16U);
  ASSERT_EQ(answer->upstream.size(), 2U);
  EXPECT_TRUE(answer->upstream[0].sends);
  EXPECT_FALSE(answer->upstream[1].sends);
  // As browsers write such a line: without any codec description.
  EXPECT_TRUE(read_answer(session, replaced(text, "a=rtpmap:102 H264/90000\r\n", "")));
  // Refused and yet in the bundle is nonsense; and sound cannot be refused.
  EXPECT_FALSE(read_answer(session, replaced(text, "BUNDLE m", "BUNDLE m c")));
  EXPECT_FALSE(read_answer(session, replaced(text, "m=audio 9", "m=audio 0")));
}

TEST_F(Negotiation, a_spoilt_answer_is_refused) {
  const auto good = read("answer_chromium.sdp");
  ASSERT_TRUE(read_answer(session, good));
  struct Case {
    std::string_view what, with;
    AnswerError error;
  };
  for (const auto& c : std::initializer_list<Case>{
           {"a=mid:c", "a=mid:x", AnswerError::wrong_media},
           {"m=video 9 UDP/TLS/RTP/SAVPF 96 97", "m=video 0 UDP/TLS/RTP/SAVPF 96 97", AnswerError::wrong_media},
           {"a=rtpmap:96 VP8/90000", "a=rtpmap:96 H264/90000", AnswerError::wrong_media},
           {"a=extmap:4 urn", "a=extmap:5 urn", AnswerError::wrong_media},
           {"a=setup:active", "a=setup:passive", AnswerError::wrong_media},
           {"a=sendonly", "a=recvonly", AnswerError::wrong_media},
           {"a=simulcast:send q;h;f", "a=simulcast:send q;h;z", AnswerError::wrong_media},
           {"BUNDLE m c", "BUNDLE m", AnswerError::wrong_media},
           {"a=ice-ufrag:8/vH", "a=ice-ufrag:8", AnswerError::no_credentials},
           {"sha-256 D6:69", "sha-1 D6:69", AnswerError::no_fingerprint},
           {"v=0", "v=9", AnswerError::malformed},
       }) {
    const auto answer = read_answer(session, replaced(good, c.what, c.with));
    ASSERT_FALSE(answer) << c.with;
    // What the SDP reader itself refuses is malformed, which is as good.
    EXPECT_TRUE(answer.error() == c.error || answer.error() == AnswerError::malformed) << c.with;
  }
  session.slots.pop_back();
  EXPECT_EQ(read_answer(session, good).error(), AnswerError::wrong_media) << "other lines than offered";
}

}  // namespace
}  // namespace media
