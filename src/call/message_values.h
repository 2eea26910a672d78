// SPDX-License-Identifier: Apache-2.0
// The values that stand in several messages between a browser and a room, as docs/protocol.md specifies them, and the limits
// of a message. Not here: the messages (message_from_client.h, message_from_server.h). Invariant: text from a person or about
// their line stands in Redacted. Values only: any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "base/ids.h"
#include "base/json.h"
#include "base/redacted.h"
#include "call/service_link.h"
#include "media/exchange.h"

namespace media {

constexpr auto json_names(Source) {
  using enum Source;
  return std::array<base::json::Names<Source>, 5>{{{microphone, "microphone"},
                                                   {camera, "camera"},
                                                   {screen, "screen"},
                                                   {clear_view, "clear_view"},
                                                   {backstage, "backstage"}}};
}
constexpr auto json_names(Pictures) {
  using enum Pictures;
  return std::array<base::json::Names<Pictures>, 4>{
      {{full, "full"}, {reduced, "reduced"}, {stills, "stills"}, {none, "none"}}};
}

}  // namespace media

namespace call {

namespace json = base::json;
using json::field;

inline constexpr std::int64_t kMostSdp = 160 * 1024;                             // as wire/sdp.h reads
inline constexpr std::size_t kMostFrameBytes = std::size_t{176} * 1024;        // an answer (wire/sdp.h), a commit
inline constexpr std::size_t kMostOrdinaryFrameBytes = std::size_t{16} * 1024;  // anything else
inline constexpr std::int64_t kMostPayloadText = 10'923;                        // 8 KiB in base64url without padding
inline constexpr std::int64_t kMostTiles = 64;
inline constexpr std::int64_t kMostBreakouts = 8;              // at once in a room
inline constexpr std::int64_t kMostBreakoutSeconds = 2 * 3'600;
inline constexpr std::int64_t kMostKeyPackageText = 5'462;  // 4 KiB
inline constexpr std::int64_t kMostCommitText = 65'536;     // 48 KiB, the welcome with it
inline constexpr std::int64_t kMostChanges = 64;            // added, or removed, by one commit
inline constexpr std::int64_t kMostEpoch = 9'007'199'254'740'991;  // what a browser counts to exactly

enum class Stage : std::uint8_t { arriving, waiting, present, gone };
enum class GoneWhy : std::uint8_t { left, removed, declined, ended, superseded, moved_back, dropped };
enum class LeftHow : std::uint8_t { left, dropped, removed, moved_back, superseded };
enum class PausedWhy : std::uint8_t { facilitator, no_facilitator };
enum class LineWord : std::uint8_t { good, fair, poor, none };
enum class Reason : std::uint8_t {
  not_allowed, not_now, unknown_seat, unknown_arrival, locked, full, too_fast, too_large, malformed, unknown_type, stale
};
enum class Encryption : std::uint8_t { required, none };

constexpr auto json_names(Role) {
  using enum Role;
  return std::array<json::Names<Role>, 4>{
      {{facilitator, "facilitator"}, {co_facilitator, "co_facilitator"}, {supporter, "supporter"}, {member, "member"}}};
}
constexpr auto json_names(Stage) {
  using enum Stage;
  return std::array<json::Names<Stage>, 4>{
      {{arriving, "arriving"}, {waiting, "waiting"}, {present, "present"}, {gone, "gone"}}};
}
constexpr auto json_names(GoneWhy) {
  using enum GoneWhy;
  return std::array<json::Names<GoneWhy>, 7>{{{left, "left"},
                                              {removed, "removed"},
                                              {declined, "declined"},
                                              {ended, "ended"},
                                              {superseded, "superseded"},
                                              {moved_back, "moved-back"},
                                              {dropped, "dropped"}}};
}
constexpr auto json_names(LeftHow) {
  using enum LeftHow;
  return std::array<json::Names<LeftHow>, 5>{{{left, "left"},
                                              {dropped, "dropped"},
                                              {removed, "removed"},
                                              {moved_back, "moved-back"},
                                              {superseded, "superseded"}}};
}
constexpr auto json_names(PausedWhy) {
  using enum PausedWhy;
  return std::array<json::Names<PausedWhy>, 2>{{{facilitator, "facilitator"}, {no_facilitator, "no-facilitator"}}};
}
constexpr auto json_names(LineWord) {
  using enum LineWord;
  return std::array<json::Names<LineWord>, 4>{{{good, "good"}, {fair, "fair"}, {poor, "poor"}, {none, "none"}}};
}
constexpr auto json_names(Reason) {
  using enum Reason;
  return std::array<json::Names<Reason>, 11>{{{not_allowed, "not-allowed"},
                                              {not_now, "not-now"},
                                              {unknown_seat, "unknown-seat"},
                                              {unknown_arrival, "unknown-arrival"},
                                              {locked, "locked"},
                                              {full, "full"},
                                              {too_fast, "too-fast"},
                                              {too_large, "too-large"},
                                              {malformed, "malformed"},
                                              {unknown_type, "unknown-type"},
                                              {stale, "stale"}}};
}
constexpr auto json_names(Encryption) {
  using enum Encryption;
  return std::array<json::Names<Encryption>, 2>{{{required, "required"}, {none, "none"}}};
}

// Opaque bytes as base64url text without padding (RFC 4648 section 5).
struct Payload {
  base::Redacted<std::string> base64url;
  bool operator==(const Payload&) const = default;
};
// "r7": a client's own name for a message, given back to it. 1 to 64 characters.
using Ref = std::optional<base::Redacted<std::string>>;

struct Everyone {
  bool operator==(const Everyone&) const = default;
};
struct Facilitators {
  bool operator==(const Facilitators&) const = default;
};
// Which MLS group: each audience has its own (docs/decisions/0009). "private:7" is the one with seat 7.
struct GroupName {
  enum class Kind : std::uint8_t { everyone, facilitators, private_room, breakout };
  Kind kind = Kind::everyone;
  std::uint32_t number = 0;  // the seat of a private room, the number of a breakout
  auto operator<=>(const GroupName&) const = default;
};
// A group as an audience: the facilitators' backstage, or the room within the group that the sender is in.
using Audience = std::variant<Everyone, Facilitators, base::SeatId, base::ArrivalId, GroupName>;

struct From {
  std::optional<base::ArrivalId> arrival;  // only while waiting
  base::SeatId seat;
  static constexpr auto fields() {
    return std::tuple{field("arrival", &From::arrival), field("seat", &From::seat)};
  }
  bool operator==(const From&) const = default;
};

// Whose device made a commit or opened a group.
struct Committer {
  base::SeatId seat;
  base::ArrivalId arrival;
  static constexpr auto fields() {
    return std::tuple{field("seat", &Committer::seat), field("arrival", &Committer::arrival)};
  }
  bool operator==(const Committer&) const = default;
};

struct Person {
  base::SeatId seat;
  base::ArrivalId arrival;  // whose leaf in the MLS group it is
  Role role = Role::member;
  std::uint32_t place = 0;
  bool microphone = false, camera = false, away = false, muted = false;
  std::optional<bool> sharing{}, may_share{}, camera_held{};  // missing: no
  std::optional<GroupName> room{};  // within the group: a private room; empty: with everyone
  static constexpr auto fields() {
    return std::tuple{field("seat", &Person::seat),   field("arrival", &Person::arrival),
                      field("role", &Person::role),   field("place", &Person::place),
                      field("microphone", &Person::microphone), field("camera", &Person::camera),
                      field("away", &Person::away),   field("muted", &Person::muted),
                      field("sharing", &Person::sharing), field("may_share", &Person::may_share),
                      field("camera_held", &Person::camera_held),
                      field("room", &Person::room)};
  }
  bool operator==(const Person&) const = default;
};

struct TileShown {
  base::SeatId seat;
  media::Source source = media::Source::camera;
  std::uint16_t width = 0, height = 0;
  bool pinned = false;
  static constexpr auto fields() {
    return std::tuple{field("seat", &TileShown::seat), field("source", &TileShown::source),
                      field("width", &TileShown::width, {.least = 0, .most = 16'384}),
                      field("height", &TileShown::height, {.least = 0, .most = 16'384}),
                      field("pinned", &TileShown::pinned)};
  }
  bool operator==(const TileShown&) const = default;
};

}  // namespace call
