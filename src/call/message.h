// SPDX-License-Identifier: Apache-2.0
// Every message between a browser and a room, as docs/protocol.md specifies it: one struct a message, its fields listed
// once, its bounds beside them. A new message is a struct, an alternative of ClientMessage or ServerMessage, and an example
// file in docs/protocol/. Not here: what a message does (room.h). What people say to each other is a Payload, which nothing
// on this side reads. Invariant: text from a person or about their line stands in Redacted. Values only: any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/json.h"
#include "base/redacted.h"
#include "base/result.h"
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

}  // namespace media

namespace call {

namespace json = base::json;
using json::field;

inline constexpr std::size_t kMostFrameBytes = std::size_t{64} * 1024;         // an answer
inline constexpr std::size_t kMostOrdinaryFrameBytes = std::size_t{16} * 1024;  // anything else
inline constexpr std::int64_t kMostPayloadText = 10'923;                        // 8 KiB in base64url without padding
inline constexpr std::int64_t kMostTiles = 64;

// -- values that stand in several messages ------------------------------------------------------------------------------
enum class Stage : std::uint8_t { arriving, waiting, present, gone };
enum class GoneWhy : std::uint8_t { left, removed, declined, ended, superseded, moved_back, dropped };
enum class LeftHow : std::uint8_t { left, dropped, removed, moved_back, superseded };
enum class PausedWhy : std::uint8_t { facilitator, no_facilitator };
enum class LineWord : std::uint8_t { good, fair, poor, none };
enum class Reason : std::uint8_t {
  not_allowed, not_now, unknown_seat, unknown_arrival, locked, full, too_fast, too_large, malformed, unknown_type
};

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
  return std::array<json::Names<Reason>, 10>{{{not_allowed, "not-allowed"},
                                              {not_now, "not-now"},
                                              {unknown_seat, "unknown-seat"},
                                              {unknown_arrival, "unknown-arrival"},
                                              {locked, "locked"},
                                              {full, "full"},
                                              {too_fast, "too-fast"},
                                              {too_large, "too-large"},
                                              {malformed, "malformed"},
                                              {unknown_type, "unknown-type"}}};
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
using Audience = std::variant<Everyone, Facilitators, base::SeatId, base::ArrivalId>;

struct From {
  std::optional<base::ArrivalId> arrival;  // only while waiting
  base::SeatId seat;
  static constexpr auto fields() {
    return std::tuple{field("arrival", &From::arrival), field("seat", &From::seat)};
  }
  bool operator==(const From&) const = default;
};

struct Person {
  base::SeatId seat;
  Role role = Role::member;
  std::uint32_t place = 0;
  bool microphone = false, camera = false, away = false, muted = false;
  static constexpr auto fields() {
    return std::tuple{field("seat", &Person::seat),     field("role", &Person::role),
                      field("place", &Person::place),   field("microphone", &Person::microphone),
                      field("camera", &Person::camera), field("away", &Person::away),
                      field("muted", &Person::muted)};
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

// A message that says nothing but its type.
#define CALL_NO_FIELDS(Type)                            \
  static constexpr auto fields() { return std::tuple{}; } \
  bool operator==(const Type&) const = default

// -- client to server ---------------------------------------------------------------------------------------------------
struct Hello {
  static constexpr std::string_view type = "hello";
  std::uint32_t version = 1;
  base::Redacted<std::string> link;
  Ref resume;
  std::optional<bool> keep;  // "my peer connection still stands": docs/protocol.md "Coming back"
  static constexpr auto fields() {
    return std::tuple{field("version", &Hello::version, {.least = 1, .most = 1}),
                      field("link", &Hello::link, {.least = 1, .most = 256}),
                      field("resume", &Hello::resume, {.least = 1, .most = 128}), field("keep", &Hello::keep)};
  }
  bool operator==(const Hello&) const = default;
};
struct Ready {
  static constexpr std::string_view type = "ready";
  CALL_NO_FIELDS(Ready);
};
struct Answer {
  static constexpr std::string_view type = "answer";
  std::uint32_t offer = 0;
  base::Redacted<std::string> sdp;
  static constexpr auto fields() {
    return std::tuple{field("offer", &Answer::offer), field("sdp", &Answer::sdp, {.least = 1, .most = 65'000})};
  }
  bool operator==(const Answer&) const = default;
};
struct Restart {
  static constexpr std::string_view type = "restart";
  CALL_NO_FIELDS(Restart);
};
struct Publish {
  static constexpr std::string_view type = "publish";
  bool microphone = false, camera = false;
  static constexpr auto fields() {
    return std::tuple{field("microphone", &Publish::microphone), field("camera", &Publish::camera)};
  }
  bool operator==(const Publish&) const = default;
};
struct View {
  static constexpr std::string_view type = "view";
  std::vector<TileShown> tiles;
  bool sound_only = false;
  static constexpr auto fields() {
    return std::tuple{field("tiles", &View::tiles, {.least = 0, .most = kMostTiles}),
                      field("sound_only", &View::sound_only)};
  }
  bool operator==(const View&) const = default;
};
struct Send {
  static constexpr std::string_view type = "send";
  Audience audience;
  Payload payload;
  Ref ref;
  static constexpr auto fields() {
    return std::tuple{field("audience", &Send::audience), field("payload", &Send::payload),
                      field("ref", &Send::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const Send&) const = default;
};
struct Leave {
  static constexpr std::string_view type = "leave";
  CALL_NO_FIELDS(Leave);
};
struct Admit {
  static constexpr std::string_view type = "admit";
  base::ArrivalId arrival;
  static constexpr auto fields() { return std::tuple{field("arrival", &Admit::arrival)}; }
  bool operator==(const Admit&) const = default;
};
struct Decline {
  static constexpr std::string_view type = "decline";
  base::ArrivalId arrival;
  static constexpr auto fields() { return std::tuple{field("arrival", &Decline::arrival)}; }
  bool operator==(const Decline&) const = default;
};
struct MoveBack {
  static constexpr std::string_view type = "move-back";
  base::SeatId seat;
  static constexpr auto fields() { return std::tuple{field("seat", &MoveBack::seat)}; }
  bool operator==(const MoveBack&) const = default;
};
struct Remove {
  static constexpr std::string_view type = "remove";
  base::SeatId seat;
  static constexpr auto fields() { return std::tuple{field("seat", &Remove::seat)}; }
  bool operator==(const Remove&) const = default;
};
struct Mute {
  static constexpr std::string_view type = "mute";
  base::SeatId seat;
  static constexpr auto fields() { return std::tuple{field("seat", &Mute::seat)}; }
  bool operator==(const Mute&) const = default;
};
struct AskToMute {
  static constexpr std::string_view type = "ask-to-mute";
  base::SeatId seat;
  static constexpr auto fields() { return std::tuple{field("seat", &AskToMute::seat)}; }
  bool operator==(const AskToMute&) const = default;
};
struct Lock {
  static constexpr std::string_view type = "lock";
  bool locked = false;
  static constexpr auto fields() { return std::tuple{field("locked", &Lock::locked)}; }
  bool operator==(const Lock&) const = default;
};
struct Pause {
  static constexpr std::string_view type = "pause";
  bool paused = false;
  static constexpr auto fields() { return std::tuple{field("paused", &Pause::paused)}; }
  bool operator==(const Pause&) const = default;
};
struct End {
  static constexpr std::string_view type = "end";
  CALL_NO_FIELDS(End);
};
struct Ping {
  static constexpr std::string_view type = "ping";
  double sent = 0;
  static constexpr auto fields() { return std::tuple{field("sent", &Ping::sent)}; }
  bool operator==(const Ping&) const = default;
};
using ClientMessage = std::variant<Hello, Ready, Answer, Restart, Publish, View, Send, Leave, Admit, Decline, MoveBack, Remove,
                                   Mute, AskToMute, Lock, Pause, End, Ping>;

// -- server to client ---------------------------------------------------------------------------------------------------
struct Allowed {
  bool admit = false, moderate = false, publish_screen = false;
  static constexpr auto fields() {
    return std::tuple{field("admit", &Allowed::admit), field("moderate", &Allowed::moderate),
                      field("publish_screen", &Allowed::publish_screen)};
  }
  bool operator==(const Allowed&) const = default;
};
struct Welcome {
  static constexpr std::string_view type = "welcome";
  std::uint32_t version = 1;
  base::ArrivalId arrival;
  base::SeatId seat;
  Role role = Role::member;
  Allowed permissions;
  Stage state = Stage::arriving;
  base::Redacted<std::string> resume;
  std::int64_t now = 0;
  bool resumed = false;
  bool kept = false;  // the peer connection goes on: no new offer follows
  static constexpr auto fields() {
    return std::tuple{field("version", &Welcome::version), field("arrival", &Welcome::arrival),
                      field("seat", &Welcome::seat),       field("role", &Welcome::role),
                      field("permissions", &Welcome::permissions), field("state", &Welcome::state),
                      field("resume", &Welcome::resume),   field("now", &Welcome::now),
                      field("resumed", &Welcome::resumed), field("kept", &Welcome::kept)};
  }
  bool operator==(const Welcome&) const = default;
};
struct StateNow {
  static constexpr std::string_view type = "state";
  Stage state = Stage::waiting;
  std::optional<GoneWhy> why;
  std::optional<base::SeatId> by;
  static constexpr auto fields() {
    return std::tuple{field("state", &StateNow::state), field("why", &StateNow::why), field("by", &StateNow::by)};
  }
  bool operator==(const StateNow&) const = default;
};
struct Roster {
  static constexpr std::string_view type = "roster";
  std::vector<Person> people;
  bool locked = false, paused = false;
  std::optional<PausedWhy> why;
  std::optional<base::SeatId> by;  // who paused
  json::Nullable<base::SeatId> speaker;
  static constexpr auto fields() {
    return std::tuple{field("people", &Roster::people), field("locked", &Roster::locked), field("paused", &Roster::paused),
                      field("why", &Roster::why), field("by", &Roster::by), field("speaker", &Roster::speaker)};
  }
  bool operator==(const Roster&) const = default;
};
struct Joined {
  static constexpr std::string_view type = "joined";
  Person person;
  static constexpr auto fields() { return std::tuple{field("person", &Joined::person)}; }
  bool operator==(const Joined&) const = default;
};
struct Changed {
  static constexpr std::string_view type = "changed";
  Person person;
  static constexpr auto fields() { return std::tuple{field("person", &Changed::person)}; }
  bool operator==(const Changed&) const = default;
};
struct Left {
  static constexpr std::string_view type = "left";
  base::SeatId seat;
  LeftHow how = LeftHow::left;
  static constexpr auto fields() { return std::tuple{field("seat", &Left::seat), field("how", &Left::how)}; }
  bool operator==(const Left&) const = default;
};
struct WaitingOne {
  base::ArrivalId arrival;
  base::SeatId seat;
  Role role = Role::member;
  std::int64_t since = 0;
  bool second = false, removed = false, moved_back = false, away = false;
  static constexpr auto fields() {
    return std::tuple{field("arrival", &WaitingOne::arrival), field("seat", &WaitingOne::seat),
                      field("role", &WaitingOne::role),       field("since", &WaitingOne::since),
                      field("second", &WaitingOne::second),   field("removed", &WaitingOne::removed),
                      field("moved_back", &WaitingOne::moved_back), field("away", &WaitingOne::away)};
  }
  bool operator==(const WaitingOne&) const = default;
};
struct WaitingList {
  static constexpr std::string_view type = "waiting";
  std::vector<WaitingOne> arrivals;
  static constexpr auto fields() { return std::tuple{field("arrivals", &WaitingList::arrivals)}; }
  bool operator==(const WaitingList&) const = default;
};
struct Upstream {
  std::string mid;
  media::Source source = media::Source::microphone;
  static constexpr auto fields() { return std::tuple{field("mid", &Upstream::mid), field("source", &Upstream::source)}; }
  bool operator==(const Upstream&) const = default;
};
struct SlotLines {
  std::uint32_t slot = 0;
  std::string sound, picture;
  static constexpr auto fields() {
    return std::tuple{field("slot", &SlotLines::slot), field("sound", &SlotLines::sound),
                      field("picture", &SlotLines::picture)};
  }
  bool operator==(const SlotLines&) const = default;
};
struct OfferMade {
  static constexpr std::string_view type = "offer";
  std::uint32_t offer = 0;
  base::Redacted<std::string> sdp;
  std::vector<Upstream> upstream;
  std::vector<SlotLines> slots;
  static constexpr auto fields() {
    return std::tuple{field("offer", &OfferMade::offer), field("sdp", &OfferMade::sdp),
                      field("upstream", &OfferMade::upstream), field("slots", &OfferMade::slots)};
  }
  bool operator==(const OfferMade&) const = default;
};
struct Slots {
  static constexpr std::string_view type = "slots";
  std::vector<json::Nullable<base::SeatId>> carries;
  static constexpr auto fields() { return std::tuple{field("carries", &Slots::carries)}; }
  bool operator==(const Slots&) const = default;
};
struct Speaker {
  static constexpr std::string_view type = "speaker";
  json::Nullable<base::SeatId> seat;
  static constexpr auto fields() { return std::tuple{field("seat", &Speaker::seat)}; }
  bool operator==(const Speaker&) const = default;
};
struct Paused {
  static constexpr std::string_view type = "paused";
  bool paused = false;
  std::optional<PausedWhy> why;
  std::optional<base::SeatId> by;
  static constexpr auto fields() {
    return std::tuple{field("paused", &Paused::paused), field("why", &Paused::why), field("by", &Paused::by)};
  }
  bool operator==(const Paused&) const = default;
};
struct Locked {
  static constexpr std::string_view type = "locked";
  bool locked = false;
  static constexpr auto fields() { return std::tuple{field("locked", &Locked::locked)}; }
  bool operator==(const Locked&) const = default;
};
struct Muted {
  static constexpr std::string_view type = "muted";
  base::SeatId by;
  static constexpr auto fields() { return std::tuple{field("by", &Muted::by)}; }
  bool operator==(const Muted&) const = default;
};
struct AskedToMute {
  static constexpr std::string_view type = "asked-to-mute";
  base::SeatId by;
  static constexpr auto fields() { return std::tuple{field("by", &AskedToMute::by)}; }
  bool operator==(const AskedToMute&) const = default;
};
struct Delivered {
  static constexpr std::string_view type = "delivered";
  std::int64_t order = 0;
  std::int64_t at = 0;
  From from;
  Audience audience;
  Payload payload;
  Ref ref;  // the sender's own copy only
  static constexpr auto fields() {
    return std::tuple{field("order", &Delivered::order), field("at", &Delivered::at),
                      field("from", &Delivered::from),   field("audience", &Delivered::audience),
                      field("payload", &Delivered::payload), field("ref", &Delivered::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const Delivered&) const = default;
};
struct Line {
  static constexpr std::string_view type = "line";
  base::SeatId seat;
  LineWord word = LineWord::good;
  static constexpr auto fields() { return std::tuple{field("seat", &Line::seat), field("word", &Line::word)}; }
  bool operator==(const Line&) const = default;
};
struct Refused {
  static constexpr std::string_view type = "refused";
  base::Redacted<std::string> what;  // a type of ours, or what the client called one
  Reason reason = Reason::malformed;
  std::optional<base::Redacted<std::string>> pointer;
  Ref ref;
  static constexpr auto fields() {
    return std::tuple{field("what", &Refused::what), field("reason", &Refused::reason),
                      field("pointer", &Refused::pointer), field("ref", &Refused::ref)};
  }
  bool operator==(const Refused&) const = default;
};
struct Closing {
  static constexpr std::string_view type = "closing";
  std::int64_t again_in = 0;
  static constexpr auto fields() { return std::tuple{field("again_in", &Closing::again_in)}; }
  bool operator==(const Closing&) const = default;
};
struct Pong {
  static constexpr std::string_view type = "pong";
  double sent = 0;
  std::int64_t now = 0;
  static constexpr auto fields() { return std::tuple{field("sent", &Pong::sent), field("now", &Pong::now)}; }
  bool operator==(const Pong&) const = default;
};
using ServerMessage = std::variant<Welcome, StateNow, Roster, Joined, Changed, Left, WaitingList, OfferMade, Slots, Speaker,
                                   Paused, Locked, Muted, AskedToMute, Delivered, Line, Refused, Closing, Pong>;
#undef CALL_NO_FIELDS

// -- text to message and back -------------------------------------------------------------------------------------------
struct Misread {
  Reason reason = Reason::malformed;  // malformed, too_large or unknown_type
  base::Redacted<std::string> what;   // the type it gave, at most 32 bytes; empty where it gave none
  base::Redacted<std::string> pointer;  // the first problem
  Ref ref;
  json::Problems problems;  // all of them
};
// Strict: what a browser says to us.
[[nodiscard]] base::Result<ClientMessage, Misread> read_client_message(std::string_view text);
// Tolerant of new fields: what a server says (for synthetic people and tests).
[[nodiscard]] base::Result<ServerMessage, Misread> read_server_message(std::string_view text);
[[nodiscard]] std::string write_message(const ClientMessage& message);
[[nodiscard]] std::string write_message(const ServerMessage& message);
// The type alone: all that a log may hold of a message.
[[nodiscard]] std::string_view type_of(const ClientMessage& message);
[[nodiscard]] std::string_view type_of(const ServerMessage& message);

}  // namespace call
