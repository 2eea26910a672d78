// SPDX-License-Identifier: Apache-2.0
// Hostile participants: an answer read against a real offer, and a room of three in which one sends whatever the input says
// as RTP and RTCP, with timers and changes of presence between. The first byte chooses. Invariant: no crash, and nothing
// reaches a member who is not present.
#include <cstdint>
#include <cstdlib>

#include "media/forwarder.h"
#include "media/negotiation.h"

namespace {

class Listener final : public media::Outgoing {
 public:
  bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence, base::DatagramSink&) override {
    if (!allowed || header.size() < 12 || header.size() + payload.size() > 1'500 + 256) std::abort();
    return true;
  }
  bool send_rtcp(base::Bytes compound, base::DatagramSink&) override {
    if (compound.size() % 4 != 0) std::abort();
    return true;
  }
  bool allowed = true;
};

class Nowhere final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t, base::Precedence) override { return room_; }
  void commit(std::size_t) override {}

 private:
  std::uint8_t room_[2'048]{};
};

void fuzz_answer(base::Bytes input) {
  media::Session session;
  session.version = 1;
  session.ice.ufrag = "abcd";
  session.upstream = {media::Source::microphone, media::Source::camera};
  session.slots.resize(16);
  if (const auto answer = media::read_answer(session, base::as_text(input)))
    if (answer->slots != session.slots.size()) std::abort();
}

// Each step: kind, length, that many bytes.
void fuzz_room(base::Bytes input) {
  media::PacketPool pool;
  media::Forwarder room({1}, pool);
  Nowhere sink;
  Listener out[3];
  base::Now now{{10'000'000}, {1'800'000'000'000'000}};
  media::Answer answer;
  answer.sound_in = answer.picture_in = answer.sound_out = answer.picture_out = 0x7ffe;
  answer.rtx_in = answer.rtx_out = answer.transport_feedback_in = answer.nack_sound_in = true;
  answer.upstream = {{media::Source::microphone, true, {1'000}, {}}, {media::Source::camera, true, {}, {}}};
  answer.slots = 4;
  for (std::uint32_t i = 0; i < 3; ++i) {
    const auto m = room.add({i + 1}, out[i], {i + 1}, i);
    room.configure(m, answer, {{{10}, {11}, {12}}, {{20}, {21}, {22}}, {{30}, {31}, {32}}, {{40}, {41}, {42}}}, now);
    room.set_connected(m, true, now);
    room.set_present(m, i < 2, now);
  }
  out[2].allowed = false;
  base::Reader r(input);
  while (r.left() > 1) {
    const auto kind = r.u8();
    const auto size = std::min<std::size_t>(r.u8() * (kind >= 0x80 ? 8U : 1U), r.left());
    const auto bytes = r.bytes(size);
    const std::size_t who = kind & 1;
    switch ((kind >> 1) & 7) {
      case 0:
      case 1:
      case 2:
        room.on_rtp(who, bytes, now, sink);
        break;
      case 3:
        room.on_rtcp(who, bytes, now, sink);
        break;
      case 4:
        room.set_silenced(who, media::Source::camera, size % 2 == 0, now);
        break;
      case 5:
        room.set_paused(size % 2 == 0, now);
        break;
      case 6: {
        media::View view;
        for (const auto b : bytes) view.tiles.push_back({.of = {b % 4U}, .width = b, .height = b, .pinned = (b & 1) != 0});
        room.set_view(who, view, now);
        break;
      }
      default:
        now.instant = now.instant + base::Duration::millis(static_cast<std::int64_t>(size) * 3);
        room.on_timer(now, sink);
        if (room.next_timeout() <= now.instant) room.on_timer(now, sink);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  if ((data[0] & 1) == 0)
    fuzz_answer({data + 1, size - 1});
  else
    fuzz_room({data + 1, size - 1});
  return 0;
}
