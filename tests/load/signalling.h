// SPDX-License-Identifier: Apache-2.0
// The messages of docs/protocol.md as a synthetic person reads and writes them. Written anew from the text of the protocol
// and not shared with call/message.h, so that the two check each other. Only what a synthetic person needs; what it does
// not know it ignores, as the protocol asks of clients. Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "load/answer.h"

namespace load {

struct Welcome {
  std::uint32_t arrival = 0, seat = 0;
  std::string role, state, resume;
  bool may_admit = false;
  bool encrypted = true;  // end to end
  bool resumed = false;   // by the token of an earlier welcome: the same arrival again
};
struct StateNow {
  std::string state, why;
};
struct Person {
  std::uint32_t seat = 0;
  bool microphone = false, camera = false, away = false;
};
struct Roster {
  std::vector<Person> people;
  bool paused = false;
};
struct Joined {
  Person person;
};
struct Changed {
  Person person;
};
struct Left {
  std::uint32_t seat = 0;
};
struct WaitingList {
  struct Entry {
    std::uint32_t arrival = 0, seat = 0;
    bool away = false;
    bool leads = false;  // a facilitator or co-facilitator
  };
  std::vector<Entry> arrivals;
};
struct OfferMessage {
  std::uint32_t offer = 0;
  std::string sdp;
  OfferRoles roles;
};
struct SlotsMessage {
  std::vector<std::optional<std::uint32_t>> carries;  // index = slot
};
// How many layers of one's own camera, from the smallest on, are of use to anybody.
struct LayersMessage {
  std::uint32_t count = 0;
};
struct Paused {
  bool paused = false;
};
struct Refused {
  std::string what, reason, pointer;
};
struct Pong {
  double sent = 0;
};
struct OtherMessage {
  std::string type;  // known or not, nothing that matters here
};
struct Unreadable {
  std::string why;  // breaks docs/protocol.md
};
using ServerMessage = std::variant<Welcome, StateNow, Roster, Joined, Changed, Left, WaitingList, OfferMessage,
                                   SlotsMessage, LayersMessage, Paused, Refused, Pong, OtherMessage, Unreadable>;

[[nodiscard]] ServerMessage read_message(std::string_view text);
// What the key process must hear (keys.ts): who is here, and everything of MLS.
[[nodiscard]] bool concerns_keys(const ServerMessage& message);

struct ViewTile {
  std::uint32_t seat = 0;
  unsigned width = 0, height = 0;
};
[[nodiscard]] std::string hello_text(std::string_view link, std::string_view resume);
[[nodiscard]] std::string answer_text(std::uint32_t offer, std::string_view sdp);
[[nodiscard]] std::string publish_text(bool microphone, bool camera);
[[nodiscard]] std::string view_text(const std::vector<ViewTile>& tiles);
[[nodiscard]] std::string admit_text(std::uint32_t arrival);
[[nodiscard]] std::string ping_text(std::int64_t sent_ms);
[[nodiscard]] std::string plain_text(std::string_view type);  // ready, restart, leave: a type and nothing else

}  // namespace load
