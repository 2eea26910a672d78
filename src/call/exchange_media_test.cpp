// SPDX-License-Identifier: Apache-2.0
// The plane over the real media exchange: that offers name the lines that docs/protocol.md says, and that a whole coming and
// going of people asks media for nothing it does not know. Media itself is tested in media/.
#include <gtest/gtest.h>

#include "call/plane.h"
#include "call/rehearsal.h"
#include "crypto/certificate.h"

namespace call {
namespace {

using namespace rehearsal;

struct Real {
  SeededEntropy entropy{3};
  NoSink sink;
  Plane plane{settings(), entropy};
  base::Now now{.instant = {1'000'000}, .wall = {1'800'000'000'000'000}};
  std::vector<ToService> output;

  static PlaneSettings settings() {
    PlaneSettings out;
    out.media.certificate = crypto::Certificate::make_self_signed();
    out.media.candidates = {{base::Carrier::udp, base::Address::v4(127, 0, 0, 1, 40'000)}};
    return out;
  }
  // What connection `id` is told.
  std::vector<ServerMessage> service(const FromService& message, std::uint64_t id) {
    plane.on_service(now, message, sink);
    plane.take_output(output);
    std::vector<ServerMessage> out;
    for (const ToService& each : output)
      if (const auto* text = std::get_if<ServerText>(&each); text != nullptr && text->connection.value == id)
        out.push_back(*read_server_message(text->text.get()));
    return out;
  }
  std::vector<ServerMessage> say(std::uint64_t id, ClientMessage message) {
    return service(ClientText{{id}, base::Redacted(write_message(message))}, id);
  }
};

TEST(PlaneWithMedia, an_offer_names_the_lines_that_the_protocol_says) {
  Real r;
  const auto heard = r.service(Attach{{1}, kRoom, facilitator(1), {}, false}, 1);
  ASSERT_EQ(heard.size(), 2U);
  const auto& offer = std::get<OfferMade>(heard[1]);
  ASSERT_GE(offer.upstream.size(), 2U);
  EXPECT_EQ(offer.upstream[0], (Upstream{"m", media::Source::microphone}));
  EXPECT_EQ(offer.upstream[1], (Upstream{"c", media::Source::camera}));
  ASSERT_EQ(offer.slots.size(), 16U);
  for (const SlotLines& slot : offer.slots) {
    EXPECT_NE(offer.sdp.get().find("a=mid:" + slot.sound + "\r\n"), std::string::npos);
    EXPECT_NE(offer.sdp.get().find("a=mid:" + slot.picture + "\r\n"), std::string::npos);
  }
}

TEST(PlaneWithMedia, the_first_offer_is_the_same_length_however_many_are_there) {
  Real r;
  std::vector<std::size_t> lines;
  for (std::uint32_t seat = 1; seat <= 5; ++seat) {
    const auto heard = r.service(Attach{{seat}, kRoom, facilitator(seat), {}, false}, seat);
    lines.push_back(std::get<OfferMade>(heard.at(1)).slots.size());
    (void)r.say(seat, Ready{});
    if (seat > 1) (void)r.say(1, Admit{std::get<Welcome>(heard.at(0)).arrival});
    EXPECT_EQ(r.plane.totals().present, seat);
  }
  EXPECT_EQ(std::ranges::min(lines), std::ranges::max(lines));
}

TEST(PlaneWithMedia, people_come_return_and_go_and_nothing_is_left) {
  Real r;
  for (std::uint32_t seat = 1; seat <= 3; ++seat) {
    const auto heard = r.service(Attach{{seat}, kRoom, facilitator(seat), {}, false}, seat);
    const Welcome welcome = std::get<Welcome>(heard.at(0));
    const std::string token = welcome.resume.get();
    (void)r.say(seat, Publish{true, true});
    (void)r.say(seat, Ready{});
    if (seat > 1) (void)r.say(101, Admit{welcome.arrival});
    (void)r.say(seat, View{{{.seat = {1}, .width = 320, .height = 180}}, false, {}});
    const auto again = r.service(Attach{{seat + 100}, kRoom, facilitator(seat), base::Redacted(token), false}, seat + 100);
    EXPECT_TRUE(std::get<Welcome>(again.at(0)).resumed);
    if (seat > 1) (void)r.say(101, Admit{std::get<Welcome>(again.at(0)).arrival});  // the first is there and lets the others in
    EXPECT_EQ(r.plane.totals().media.participants, seat);
  }
  EXPECT_EQ(r.plane.totals().present, 3U);
  (void)r.say(101, Pause{true});
  (void)r.say(101, Mute{{2}});
  (void)r.say(101, Remove{{3}});
  (void)r.say(101, End{});
  EXPECT_EQ(r.plane.totals().rooms, 0U);
  EXPECT_EQ(r.plane.totals().media.participants, 0U);
}

}  // namespace
}  // namespace call
