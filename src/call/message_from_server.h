// SPDX-License-Identifier: Apache-2.0
// Every message that a room sends to a browser (docs/protocol.md, "Server to client"): one struct a message, its fields listed
// once. A new message is a struct, an alternative of ServerMessage, and an example file in docs/protocol/. Not here: when it
// is sent (the rules beside room.h), reading and writing (message.h). Invariant: text from a person or about their line
// stands in Redacted. Values only: any thread.
#pragma once
#include <vector>

#include "call/message_values.h"

namespace call {

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
  Encryption encryption = Encryption::required;
  static constexpr auto fields() {
    return std::tuple{field("version", &Welcome::version), field("arrival", &Welcome::arrival),
                      field("seat", &Welcome::seat),       field("role", &Welcome::role),
                      field("permissions", &Welcome::permissions), field("state", &Welcome::state),
                      field("resume", &Welcome::resume),   field("now", &Welcome::now),
                      field("resumed", &Welcome::resumed), field("kept", &Welcome::kept),
                      field("encryption", &Welcome::encryption)};
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
// A TURN server and what opens it, in the words of RTCIceServer.
struct Relay {
  std::vector<std::string> urls;
  base::Redacted<std::string> username, credential;
  static constexpr auto fields() {
    return std::tuple{field("urls", &Relay::urls), field("username", &Relay::username), field("credential", &Relay::credential)};
  }
  bool operator==(const Relay&) const = default;
};
struct OfferMade {
  static constexpr std::string_view type = "offer";
  std::uint32_t offer = 0;
  base::Redacted<std::string> sdp;
  std::vector<Upstream> upstream;
  std::vector<SlotLines> slots;
  std::optional<Relay> relay;  // where ICE begins or begins again
  static constexpr auto fields() {
    return std::tuple{field("offer", &OfferMade::offer), field("sdp", &OfferMade::sdp),
                      field("upstream", &OfferMade::upstream), field("slots", &OfferMade::slots),
                      field("relay", &OfferMade::relay)};
  }
  bool operator==(const OfferMade&) const = default;
};
struct ExtraSlot {
  std::uint32_t slot = 0;
  base::SeatId seat;
  media::Source source = media::Source::screen;
  static constexpr auto fields() {
    return std::tuple{field("slot", &ExtraSlot::slot), field("seat", &ExtraSlot::seat), field("source", &ExtraSlot::source)};
  }
  bool operator==(const ExtraSlot&) const = default;
};
struct Slots {
  static constexpr std::string_view type = "slots";
  std::vector<json::Nullable<base::SeatId>> carries;
  std::optional<std::vector<ExtraSlot>> extras;
  static constexpr auto fields() { return std::tuple{field("carries", &Slots::carries), field("extras", &Slots::extras)}; }
  bool operator==(const Slots&) const = default;
};
// How many layers of the person's own picture, from the smallest on, are to be sent: of use to anybody, and carried by their line.
struct Layers {
  static constexpr std::string_view type = "layers";
  media::Source source = media::Source::camera;
  std::int64_t count = 0;
  std::optional<std::int64_t> bits_per_second;  // at most
  std::optional<std::int64_t> packet_ms;        // of a microphone
  static constexpr auto fields() {
    return std::tuple{field("source", &Layers::source), field("count", &Layers::count, {.least = 0, .most = 3}),
                      field("bits_per_second", &Layers::bits_per_second, {.least = 6'000, .most = 510'000}),
                      field("packet_ms", &Layers::packet_ms, {.least = 10, .most = 120})};
  }
  bool operator==(const Layers&) const = default;
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
struct ClearViews {
  static constexpr std::string_view type = "clear-views";
  std::vector<base::SeatId> seats;
  static constexpr auto fields() { return std::tuple{field("seats", &ClearViews::seats)}; }
  bool operator==(const ClearViews&) const = default;
};
// Who talks backstage now.
struct Backstage {
  static constexpr std::string_view type = "backstage";
  std::vector<base::SeatId> seats;
  static constexpr auto fields() { return std::tuple{field("seats", &Backstage::seats)}; }
  bool operator==(const Backstage&) const = default;
};
// Rooms within the group stand until then, by the server's clock; none: they are over.
struct BreakoutsNow {
  static constexpr std::string_view type = "breakouts";
  std::uint32_t rooms = 0;
  std::optional<std::int64_t> until;  // ms
  static constexpr auto fields() { return std::tuple{field("rooms", &BreakoutsNow::rooms), field("until", &BreakoutsNow::until)}; }
  bool operator==(const BreakoutsNow&) const = default;
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
                      field("payload", &Delivered::payload, {.least = 0, .most = kMostPayloadText}),
                      field("ref", &Delivered::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const Delivered&) const = default;
};
// What somebody's line is like, and what of the room it carries to them.
struct Line {
  static constexpr std::string_view type = "line";
  base::SeatId seat;
  LineWord word = LineWord::good;
  media::Pictures pictures = media::Pictures::full;
  std::vector<base::SeatId> thinned;  // whose sound it does not carry just now
  static constexpr auto fields() {
    return std::tuple{field("seat", &Line::seat), field("word", &Line::word), field("pictures", &Line::pictures),
                      field("thinned", &Line::thinned)};
  }
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
// -- the delivery service of MLS: what it passes on, unread -------------------------------------------------------------
struct KeyOffered {
  static constexpr std::string_view type = "key-offered";
  base::ArrivalId arrival;
  base::SeatId seat;
  Role role = Role::member;
  Payload key_package;
  static constexpr auto fields() {
    return std::tuple{field("arrival", &KeyOffered::arrival), field("seat", &KeyOffered::seat),
                      field("role", &KeyOffered::role),
                      field("key_package", &KeyOffered::key_package, {.least = 1, .most = kMostKeyPackageText})};
  }
  bool operator==(const KeyOffered&) const = default;
};
struct GroupNow {
  GroupName group;
  std::uint64_t epoch = 0;
  std::vector<base::ArrivalId> arrivals;  // its members by the server's own book
  static constexpr auto fields() {
    return std::tuple{field("group", &GroupNow::group), field("epoch", &GroupNow::epoch),
                      field("arrivals", &GroupNow::arrivals)};
  }
  bool operator==(const GroupNow&) const = default;
};
struct Groups {
  static constexpr std::string_view type = "groups";
  std::vector<GroupNow> groups;
  static constexpr auto fields() { return std::tuple{field("groups", &Groups::groups)}; }
  bool operator==(const Groups&) const = default;
};
struct GroupOpened {
  static constexpr std::string_view type = "group-opened";
  GroupName group;
  std::uint64_t instance = 0;  // which opening of the room this was
  Committer by;
  Ref ref;  // the opener's own copy only
  static constexpr auto fields() {
    return std::tuple{field("group", &GroupOpened::group), field("instance", &GroupOpened::instance), field("by", &GroupOpened::by),
                      field("ref", &GroupOpened::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const GroupOpened&) const = default;
};
struct Committed {
  static constexpr std::string_view type = "committed";
  GroupName group;
  std::uint64_t epoch = 0;  // the one it was made in: the group is at the next one now
  Committer from;
  Payload commit;
  std::vector<base::ArrivalId> adds, removes;
  Ref ref;  // the sender's own copy only
  static constexpr auto fields() {
    return std::tuple{field("group", &Committed::group),
                      field("epoch", &Committed::epoch),
                      field("from", &Committed::from),
                      field("commit", &Committed::commit, {.least = 1, .most = kMostCommitText}),
                      field("adds", &Committed::adds),
                      field("removes", &Committed::removes),
                      field("ref", &Committed::ref, {.least = 1, .most = 64})};
  }
  bool operator==(const Committed&) const = default;
};
struct GroupWelcome {
  static constexpr std::string_view type = "group-welcome";
  GroupName group;
  std::uint64_t instance = 0;
  std::uint64_t epoch = 0;  // the one it joins
  Committer from;
  Payload welcome;
  static constexpr auto fields() {
    return std::tuple{field("group", &GroupWelcome::group), field("instance", &GroupWelcome::instance), field("epoch", &GroupWelcome::epoch),
                      field("from", &GroupWelcome::from),
                      field("welcome", &GroupWelcome::welcome, {.least = 1, .most = kMostCommitText})};
  }
  bool operator==(const GroupWelcome&) const = default;
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
using ServerMessage = std::variant<Welcome, StateNow, Roster, Joined, Changed, Left, WaitingList, OfferMade, Slots, Layers, Speaker,
                                   Paused, Locked, Muted, AskedToMute, ClearViews, Backstage, BreakoutsNow, Delivered, Line, Refused, KeyOffered, Groups, GroupOpened, Committed,
                                   GroupWelcome, Closing, Pong>;

}  // namespace call
