// SPDX-License-Identifier: Apache-2.0
// SDP against what Chromium 156 and Firefox 153 really write (testdata/*.sdp, candidates' addresses from documentation
// ranges), against our own offer, and against lines that lie.
#include "wire/sdp.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "wire/header_extensions.h"

namespace wire::sdp {
namespace {

std::string file(const std::string& name) {
  std::ifstream in(std::string{QUIETROOM_SOURCE_DIR} + "/src/wire/testdata/" + name, std::ios::binary);
  EXPECT_TRUE(in) << name;
  return {std::istreambuf_iterator<char>(in), {}};
}
Description of_file(const std::string& name) {
  auto d = parse(file(name));
  EXPECT_TRUE(d) << name;
  return d.value_or(Description{});
}

constexpr std::string_view kHead = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n";
constexpr std::string_view kVideo = "m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\n";

base::Result<Description, base::ParseError> with_line(std::string_view line) {
  return parse(fmt::format("{}{}a={}\r\n", kHead, kVideo, line));
}

}  // namespace

TEST(Sdp, what_browsers_write_survives_being_read_and_written) {
  for (const char* name : {"chromium_offer.sdp", "chromium_answer.sdp", "firefox_offer.sdp", "firefox_answer.sdp",
                           "quietroom_offer.sdp"}) {
    const Description d = of_file(name);
    ASSERT_FALSE(d.media.empty()) << name;
    const auto again = parse(to_text(d));
    ASSERT_TRUE(again) << name;
    EXPECT_EQ(*again, d) << name;
  }
}

TEST(Sdp, our_own_offer_is_written_byte_for_byte) {
  EXPECT_EQ(to_text(of_file("quietroom_offer.sdp")), file("quietroom_offer.sdp"));
}

TEST(Sdp, both_browsers_answers_say_what_the_server_needs) {
  for (const char* name : {"chromium_answer.sdp", "firefox_answer.sdp"}) {
    const Description d = of_file(name);
    ASSERT_EQ(d.media.size(), 4U) << name;
    EXPECT_EQ(d.bundle, (std::vector<std::string>{"m", "c", "s0", "p0"})) << name;
    EXPECT_TRUE(d.extmap_allow_mixed) << name;
    EXPECT_FALSE(d.ice_lite);
    EXPECT_EQ(d.direction_of(0), Direction::sendonly) << name;
    EXPECT_EQ(d.direction_of(1), Direction::sendonly) << name;
    EXPECT_EQ(d.direction_of(2), Direction::recvonly) << name;
    for (std::size_t i = 0; i < 4; ++i) {
      const Transport t = d.transport_of(i);
      EXPECT_EQ(t.setup, Setup::active) << name << i;
      EXPECT_GE(t.ice_ufrag.size(), 4U);
      EXPECT_GE(t.ice_pwd.get().size(), 22U);
      ASSERT_FALSE(t.fingerprints.empty()) << name << i;
      EXPECT_TRUE(t.fingerprints[0].starts_with("sha-256 ")) << name;
      EXPECT_EQ(t.fingerprints[0].size(), 8U + 95U);
    }
    const Media& camera = d.media[1];
    EXPECT_EQ(d.by_mid("c"), &camera);
    ASSERT_EQ(camera.rids.size(), 3U) << name;
    EXPECT_EQ(camera.rids[1], (Rid{"h", RidDirection::send, ""}));
    ASSERT_TRUE(camera.simulcast);
    EXPECT_EQ(camera.simulcast->send, (SimulcastList{{{"q", false}}, {{"h", false}}, {{"f", false}}}));
    EXPECT_TRUE(camera.simulcast->recv.empty());
    const Codec* vp8 = camera.codec("vp8");
    ASSERT_NE(vp8, nullptr);
    EXPECT_EQ(vp8->payload_type, base::PayloadType{96});
    EXPECT_TRUE(vp8->has_feedback("nack pli"));
    EXPECT_EQ(*camera.codec("rtx")->parameter("apt"), "96");
    EXPECT_EQ(camera.extension_id(RidExtension::kUri), offered_id<RidExtension>()) << name;
    EXPECT_EQ(camera.extension_id(DependencyDescriptorExtension::kUri), offered_id<DependencyDescriptorExtension>())
        << name;
    EXPECT_TRUE(camera.rtcp_mux && camera.rtcp_rsize) << name;
    EXPECT_NE(d.media[0].codec("opus")->parameter("useinbandfec"), nullptr);
    EXPECT_FALSE(d.media[0].candidates.empty());
  }
}

TEST(Sdp, our_own_offer_names_its_repair_streams_and_candidates) {
  const Description d = of_file("quietroom_offer.sdp");
  EXPECT_TRUE(d.ice_lite);
  EXPECT_EQ(d.media[3].repair_of({1002}), base::Ssrc{1003});
  EXPECT_EQ(d.media[3].repair_of({1003}), base::Ssrc{0});
  ASSERT_EQ(d.media[0].candidates.size(), 2U);
  EXPECT_EQ(d.media[0].candidates[0].address(), base::Address::v4(127, 0, 0, 1, 40000));
  EXPECT_EQ(d.media[0].candidates[1].tcp_type, TcpType::passive);
  EXPECT_TRUE(d.media[0].end_of_candidates);
}

TEST(Sdp, a_bundled_line_takes_its_transport_from_the_first_and_from_the_session) {
  const auto d =
      parse(fmt::format("{}a=group:BUNDLE a b\r\na=fingerprint:sha-256 AB:CD\r\na=recvonly\r\n"
                        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a\r\na=ice-ufrag:abcd\r\n"
                        "a=ice-pwd:abcdefghijklmnopqrstuv\r\n{}a=mid:b\r\na=bundle-only\r\n",
                        kHead, kVideo));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->transport_of(1).ice_ufrag, "abcd");
  EXPECT_EQ(d->transport_of(1).ice_pwd.get(), "abcdefghijklmnopqrstuv");
  EXPECT_EQ(d->transport_of(1).fingerprints, (std::vector<std::string>{"sha-256 AB:CD"}));
  EXPECT_EQ(d->direction_of(1), Direction::recvonly);
}

TEST(Sdp, a_line_of_each_attribute_comes_back_as_written) {
  for (const std::string_view line : {"ice-ufrag:ab+/",
                                      "ice-pwd:abcdefghijklmnopqrstuv",
                                      "ice-options:trickle ice2",
                                      "setup:passive",
                                      "mid:c",
                                      "bundle-only",
                                      "fingerprint:sha-256 AB:CD",
                                      "extmap:3/sendonly urn:x",
                                      "extmap-allow-mixed",
                                      "inactive",
                                      "msid:s t",
                                      "msid:-",
                                      "rtcp-mux",
                                      "rtcp-rsize",
                                      "rtpmap:96 VP8/90000",
                                      "rtpmap:97 opus/48000/2",
                                      "rtcp-fb:96 nack pli",
                                      "fmtp:97 apt=96;rtx-time=200",
                                      "fmtp:97 0-15",
                                      "ptime:20",
                                      "maxptime:60",
                                      "rid:q send pt=96;max-width=640",
                                      "simulcast:send q,~h;f recv x",
                                      "ssrc-group:FID 1 2",
                                      "ssrc:1 cname:x",
                                      "ssrc:1 msid:s t",
                                      "end-of-candidates",
                                      "candidate:1 1 udp 2130706431 2001:db8::1 9 typ host",
                                      "candidate:1 1 tcp 5 192.0.2.1 9 typ srflx raddr 0.0.0.0 rport 0 tcptype so"}) {
    const auto d = with_line(line);
    ASSERT_TRUE(d) << line;
    EXPECT_NE(to_text(*d).find(fmt::format("a={}\r\n", line)), std::string::npos) << line;
    EXPECT_EQ(parse(to_text(*d)), d) << line;
  }
}

TEST(Sdp, unknown_attributes_bare_line_feeds_and_unknown_candidates_are_let_pass) {
  const auto d = parse(
      "v=0\no=- 1 2 IN IP4 0\nb=AS:1\nm=video 9 UDP/TLS/RTP/SAVPF 96\na=sctp-port:5000\na=x\n"
      "a=candidate:1 1 sctp 5 192.0.2.1 9 typ host\na=extmap:4096 urn:x\na=rtcp-fb:* nack\na=rtpmap:98 H264/90000\n");
  ASSERT_TRUE(d);
  EXPECT_TRUE(d->media[0].candidates.empty());
  EXPECT_TRUE(d->media[0].extensions.empty());
  EXPECT_TRUE(d->media[0].codecs[0].has_feedback("nack"));
  EXPECT_EQ(d->media[0].codec("H264"), nullptr);
}

TEST(Sdp, lines_that_break_their_grammar_make_the_whole_malformed) {
  for (const std::string_view line : {"ice-ufrag:abc",
                                      "ice-ufrag:a b c d",
                                      "ice-pwd:short",
                                      "ice-options:",
                                      "setup:maybe",
                                      "mid:",
                                      "mid:a b",
                                      "fingerprint:sha-256",
                                      "fingerprint:sha-256 XY;Z",
                                      "extmap:0 urn:x",
                                      "extmap:3",
                                      "extmap:3/up urn:x",
                                      "rtpmap:96 VP8",
                                      "rtpmap:96 VP8/x",
                                      "rtpmap:96 opus/48000/0",
                                      "rtcp-fb:96",
                                      "rtcp-fb:*",
                                      "fmtp:96 =1",
                                      "rid:q",
                                      "rid:q up",
                                      "rid:q! send",
                                      "simulcast:",
                                      "simulcast:send",
                                      "simulcast:send ;q",
                                      "simulcast:send q;",
                                      "simulcast:send q send h",
                                      "simulcast:up q",
                                      "ssrc:x cname:y",
                                      "ssrc:4294967296 cname:y",
                                      "ssrc-group:FID",
                                      "ssrc-group:FID 1 x",
                                      "msid:",
                                      "msid:a b c",
                                      "candidate:1 1 udp 5 192.0.2.1 9",
                                      "candidate:1 0 udp 5 h 9 typ host",
                                      "candidate:1 1 udp -5 h 9 typ host",
                                      "candidate:1 1 udp 5 h 65536 typ host",
                                      "candidate:1 1 udp 5 h 9 typ host x"})
    EXPECT_FALSE(with_line(line)) << line;
}

TEST(Sdp, texts_that_are_no_description_are_refused) {
  using base::ParseError;
  const struct {
    std::string why, text;
    ParseError error;
  } cases[] = {
      {"empty", "", ParseError::truncated},
      {"version alone", "v=0\r\n", ParseError::truncated},
      {"version 1", "v=1\r\no=- 1 2 IN IP4 0\r\n", ParseError::malformed},
      {"no origin", "v=0\r\ns=-\r\n", ParseError::malformed},
      {"origin without number", "v=0\r\no=- x 2 IN IP4 0\r\n", ParseError::malformed},
      {"no equals sign", fmt::format("{}nonsense\r\n", kHead), ParseError::malformed},
      {"a zero byte", fmt::format("{}a=x{}\r\n", kHead, '\0'), ParseError::malformed},
      {"a bare carriage return", fmt::format("{}a=x\ra=y\r\n", kHead), ParseError::malformed},
      {"unknown media", fmt::format("{}m=text 9 RTP/AVP 1\r\n", kHead), ParseError::unsupported},
      {"payload type 128", fmt::format("{}m=audio 9 RTP/AVP 128\r\n", kHead), ParseError::malformed},
      {"a payload type twice", fmt::format("{}m=audio 9 RTP/AVP 1 1\r\n", kHead), ParseError::malformed},
      {"no format", fmt::format("{}m=audio 9 RTP/AVP\r\n", kHead), ParseError::malformed},
      {"port 65536", fmt::format("{}m=audio 65536 RTP/AVP 1\r\n", kHead), ParseError::malformed},
  };
  for (const auto& c : cases) {
    const auto d = parse(c.text);
    ASSERT_FALSE(d) << c.why;
    EXPECT_EQ(d.error(), c.error) << c.why;
  }
}

TEST(Sdp, sizes_over_the_limits_are_refused) {
  using base::ParseError;
  std::string many{kHead};
  for (std::size_t i = 0; i < kMaxMedia; ++i) many += kVideo;
  EXPECT_TRUE(parse(many));
  EXPECT_EQ(parse(many + std::string{kVideo}).error(), ParseError::too_large);
  EXPECT_EQ(parse(fmt::format("{}a={}\r\n", kHead, std::string(kMaxLine, 'x'))).error(), ParseError::too_large);
  EXPECT_EQ(parse(std::string(kMaxText + 1, 'x')).error(), ParseError::too_large);
  std::string sources = std::string{kHead} + std::string{kVideo};
  for (int i = 0; i < 129; ++i) sources += fmt::format("a=ssrc:{} cname:x\r\n", i);
  EXPECT_EQ(parse(sources).error(), ParseError::too_large);
}

// 2 lines of one's own, 2 of each of 56 slots: what the room has for 49 people.
TEST(Sdp, an_answer_of_a_full_room_is_read) {
  for (const auto* browser : {"chromium_answer.sdp", "firefox_answer.sdp"}) {
    std::string text = file(browser);
    const std::string one = text.substr(text.rfind("m=video"));
    for (auto lines = parse(text)->media.size(); lines < kMaxMedia; ++lines) {
      std::string more = one;
      const auto mid = more.find("a=mid:") + 6;
      more.replace(mid, more.find('\r', mid) - mid, fmt::format("p{}", lines));
      text += more;
    }
    const auto read = parse(text);
    ASSERT_TRUE(read) << browser << " " << text.size();
    EXPECT_EQ(read->media.size(), kMaxMedia);
    EXPECT_GT(text.size(), 64U * 1024) << "as large as a browser makes it";
  }
}

TEST(Sdp, passwords_do_not_print) {
  const Description d = of_file("quietroom_offer.sdp");
  EXPECT_EQ(fmt::format("{}", d.media[0].transport.ice_pwd), "[redacted]");
  EXPECT_EQ(fmt::format("{}", d.media[0].candidates[0].host), "[redacted]");
}

TEST(SdpCandidate, ours_have_the_priorities_of_the_rfc) {
  const auto udp = host_candidate(base::Carrier::udp, base::Address::v4(192, 0, 2, 1, 5000), 65535);
  EXPECT_EQ(udp.priority, 2130706431U);  // (126 << 24) | (65535 << 8) | 255
  const auto tcp = host_candidate(base::Carrier::tcp, base::Address::v4(192, 0, 2, 1, 5000), 65535);
  EXPECT_LT(tcp.priority, udp.priority);
  EXPECT_NE(tcp.foundation, udp.foundation);
  EXPECT_EQ(parse_candidate(to_text(tcp)), tcp);
  EXPECT_TRUE(to_text(tcp).ends_with("192.0.2.1 5000 typ host tcptype passive"));
}

TEST(SdpCandidate, addresses_are_read_and_written) {
  for (const std::string_view ip : {"192.0.2.1", "2001:db8::1", "::1", "0.0.0.0"}) {
    const auto address = parse_ip(ip);
    ASSERT_TRUE(address) << ip;
    EXPECT_EQ(ip_text(*address), ip);
  }
  for (const std::string_view ip : {"", "192.0.2", "192.0.2.256", "x.local", "2001:db8:::1", "fe80::1%eth0"})
    EXPECT_FALSE(parse_ip(ip)) << ip;
}

}  // namespace wire::sdp
