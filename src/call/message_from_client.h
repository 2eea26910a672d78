// SPDX-License-Identifier: Apache-2.0
// Every message that a browser sends to a room (docs/protocol.md, "Client to server"): one struct a message, its fields listed
// once, its bounds beside them. A new message is a struct, an alternative of ClientMessage, and an example file in
// docs/protocol/. Not here: what a message does (room.h), reading and writing (message.h). Invariant: text from a person or
// about their line stands in Redacted. Values only: any thread.
#pragma once
#include <vector>

#include "call/message_values.h"

namespace call {

// A message that says nothing but its type.
#define CALL_NO_FIELDS(Type)                            \
  static constexpr auto fields() { return std::tuple{}; } \
  bool operator==(const Type&) const = default

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
    return std::tuple{field("offer", &Answer::offer), field("sdp", &Answer::sdp, {.least = 1, .most = kMostSdp})};
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
struct Share {
  static constexpr std::string_view type = "share";
  bool sharing = false;
  std::optional<bool> over;  // in the place of who shares now
  static constexpr auto fields() { return std::tuple{field("sharing", &Share::sharing), field("over", &Share::over)}; }
  bool operator==(const Share&) const = default;
};
struct AllowShare {
  static constexpr std::string_view type = "allow-share";
  base::SeatId seat;
  bool allowed = false;
  static constexpr auto fields() { return std::tuple{field("seat", &AllowShare::seat), field("allowed", &AllowShare::allowed)}; }
  bool operator==(const AllowShare&) const = default;
};
struct ClearView {
  static constexpr std::string_view type = "clear-view";
  bool on = false;
  static constexpr auto fields() { return std::tuple{field("on", &ClearView::on)}; }
  bool operator==(const ClearView&) const = default;
};
// What this facilitator says is for the others who lead, and not for the group.
struct TalkBackstage {
  static constexpr std::string_view type = "talk-backstage";
  bool on = false;
  static constexpr auto fields() { return std::tuple{field("on", &TalkBackstage::on)}; }
  bool operator==(const TalkBackstage&) const = default;
};
struct View {
  static constexpr std::string_view type = "view";
  std::vector<TileShown> tiles;
  bool sound_only = false;
  std::optional<bool> saver;  // half the data for pictures
  static constexpr auto fields() {
    return std::tuple{field("tiles", &View::tiles, {.least = 0, .most = kMostTiles}),
                      field("sound_only", &View::sound_only), field("saver", &View::saver)};
  }
  bool operator==(const View&) const = default;
};
struct Send {
  static constexpr std::string_view type = "send";
  Audience audience;
  Payload payload;
  Ref ref;
  static constexpr auto fields() {
    return std::tuple{field("audience", &Send::audience), field("payload", &Send::payload, {.least = 0, .most = kMostPayloadText}),
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
// This member and the sender into a room of their own, while the group goes on.
struct PrivateRoom {
  static constexpr std::string_view type = "private-room";
  base::SeatId seat;
  static constexpr auto fields() { return std::tuple{field("seat", &PrivateRoom::seat)}; }
  bool operator==(const PrivateRoom&) const = default;
};
// Out of the room within the group, and back to everyone.
struct Return {
  static constexpr std::string_view type = "return";
  CALL_NO_FIELDS(Return);
};
// Rooms within the group, the first list of seats into number 1; everyone is back by themselves after `seconds`.
struct BreakoutSeats {
  std::vector<base::SeatId> seats;
  static constexpr auto fields() { return std::tuple{field("seats", &BreakoutSeats::seats, {.least = 1, .most = kMostTiles})}; }
  bool operator==(const BreakoutSeats&) const = default;
};
struct OpenBreakouts {
  static constexpr std::string_view type = "open-breakouts";
  std::vector<BreakoutSeats> rooms;
  std::uint32_t seconds = 0;
  static constexpr auto fields() {
    return std::tuple{field("rooms", &OpenBreakouts::rooms, {.least = 1, .most = kMostBreakouts}),
                      field("seconds", &OpenBreakouts::seconds, {.least = 1, .most = kMostBreakoutSeconds})};
  }
  bool operator==(const OpenBreakouts&) const = default;
};
// This seat, or the sender, into that breakout, or without a number back to everyone.
struct MoveTo {
  static constexpr std::string_view type = "move-to";
  std::optional<std::uint32_t> breakout;
  std::optional<base::SeatId> seat;
  static constexpr auto fields() {
    return std::tuple{field("breakout", &MoveTo::breakout, {.least = 1, .most = kMostBreakouts}), field("seat", &MoveTo::seat)};
  }
  bool operator==(const MoveTo&) const = default;
};
// So much is left from now on; nothing: everyone is back at once.
struct BreakoutTime {
  static constexpr std::string_view type = "breakout-time";
  std::uint32_t seconds = 0;
  static constexpr auto fields() {
    return std::tuple{field("seconds", &BreakoutTime::seconds, {.least = 0, .most = kMostBreakoutSeconds})};
  }
  bool operator==(const BreakoutTime&) const = default;
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
// -- the delivery service of MLS (RFC 9750 section 5): bytes that nothing on this side reads ---------------------------
struct KeyPackage {
  static constexpr std::string_view type = "key-package";
  Payload key_package;
  static constexpr auto fields() {
    return std::tuple{field("key_package", &KeyPackage::key_package, {.least = 1, .most = kMostKeyPackageText})};
  }
  bool operator==(const KeyPackage&) const = default;
};
struct GroupOpen {
  static constexpr std::string_view type = "group-open";
  GroupName group;
  std::optional<bool> replace;
  Ref ref;
  static constexpr auto fields() {
    return std::tuple{field("group", &GroupOpen::group), field("replace", &GroupOpen::replace),
                      field("ref", &GroupOpen::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const GroupOpen&) const = default;
};
struct Commit {
  static constexpr std::string_view type = "commit";
  GroupName group;
  std::uint64_t instance = 0;  // of the group, as it was opened or joined: epochs begin again with another
  std::uint64_t epoch = 0;     // the one it was made in
  Payload commit;
  std::optional<Payload> welcome;
  std::vector<base::ArrivalId> adds, removes;
  Ref ref;
  static constexpr auto fields() {
    return std::tuple{field("group", &Commit::group),
                      field("instance", &Commit::instance, {.least = 1, .most = kMostEpoch}),
                      field("epoch", &Commit::epoch, {.least = 0, .most = kMostEpoch}),
                      field("commit", &Commit::commit, {.least = 1, .most = kMostCommitText}),
                      field("welcome", &Commit::welcome, {.least = 1, .most = kMostCommitText}),
                      field("adds", &Commit::adds, {.least = 0, .most = kMostChanges}),
                      field("removes", &Commit::removes, {.least = 0, .most = kMostChanges}),
                      field("ref", &Commit::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const Commit&) const = default;
};
struct CommitsSince {
  static constexpr std::string_view type = "commits-since";
  GroupName group;
  std::uint64_t instance = 0;
  std::uint64_t epoch = 0;
  static constexpr auto fields() {
    return std::tuple{field("group", &CommitsSince::group),
                      field("instance", &CommitsSince::instance, {.least = 1, .most = kMostEpoch}),
                      field("epoch", &CommitsSince::epoch, {.least = 0, .most = kMostEpoch})};
  }
  bool operator==(const CommitsSince&) const = default;
};
struct Ping {
  static constexpr std::string_view type = "ping";
  double sent = 0;
  static constexpr auto fields() { return std::tuple{field("sent", &Ping::sent)}; }
  bool operator==(const Ping&) const = default;
};
using ClientMessage =
    std::variant<Hello, Ready, Answer, Restart, Publish, Share, AllowShare, ClearView, TalkBackstage, View, Send, Leave, Admit, Decline, MoveBack, Remove,
                 Mute, AskToMute, PrivateRoom, Return, OpenBreakouts, MoveTo, BreakoutTime, Lock, Pause, End, KeyPackage, GroupOpen, Commit, CommitsSince, Ping>;
#undef CALL_NO_FIELDS

}  // namespace call
