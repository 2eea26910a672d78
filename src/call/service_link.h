// SPDX-License-Identifier: Apache-2.0
// What the service and the call plane say to each other, as values. app/ frames them on the Unix socket and routes by room
// to the media thread. Invariant: nothing here can hold a name, an alias, a link or a person's address; message texts pass as the
// participants' clients wrote them.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/ids.h"
#include "base/redacted.h"
#include "call/visit_figures.h"

namespace call {

enum class Role : std::uint8_t { facilitator, co_facilitator, supporter, member };

// What a seat may do beyond being there. app/admission sets them from the booking.
struct Permissions {
  bool admit = false;     // sees the waiting room, admits, writes to those who wait
  bool moderate = false;  // mute, move back, remove, lock, pause, end
  bool enter = false;     // needs no admission
  bool publish_screen = false;
  bool operator==(const Permissions&) const = default;
};

struct Admission {
  base::SeatId seat;
  Role role = Role::member;
  Permissions permissions;
  bool encrypted = true;  // the room, end to end
  bool operator==(const Admission&) const = default;
};

// -- service to call ---------------------------------------------------------------------------------------------------
// A browser has opened a signalling connection and its link has been checked.
struct Attach {
  base::ConnectionId connection;
  base::RoomId room;
  Admission admission;
  std::optional<base::Redacted<std::string>> resume;  // the token the browser holds, unchecked
  bool keep = false;  // hello's `keep`: its peer connection still stands (docs/protocol.md "Coming back")
};
struct ClientText {
  base::ConnectionId connection;
  base::Redacted<std::string> text;  // one JSON message, unchecked
};
struct Detach {
  base::ConnectionId connection;  // the WebSocket has gone
};
// The pass that this connection came with opens its seat no more. Whoever came with it is out, also while their line is away.
struct PutOut {
  base::RoomId room;
  base::ConnectionId connection;
};
struct Stop {};  // graceful: tell every room, then let go
// Browsers that cannot reach us may come through this TURN server from now on; an empty uri: through none.
struct UseRelay {
  std::string uri;  // RFC 7065
  base::Redacted<std::string> secret;  // shared with it (relay.h)
};
using FromService = std::variant<Attach, ClientText, Detach, PutOut, Stop, UseRelay>;

// -- call to service ---------------------------------------------------------------------------------------------------
struct ServerText {
  base::ConnectionId connection;
  base::Redacted<std::string> text;
};
struct CloseConnection {
  base::ConnectionId connection;
  std::uint16_t code = 1000;  // docs/protocol.md "Close codes"
};
enum class Going : std::uint8_t { left, dropped, removed, moved_back, ended, superseded };
struct Came {
  base::RoomId room;
  base::SeatId seat;
};
struct Went {
  base::RoomId room;
  base::SeatId seat;
  Going how = Going::left;
};
struct RoomEnded {
  base::RoomId room;
};
// Somebody's browser went, from the waiting room or the group; of a reload, when nobody came back.
struct VisitEnded {
  base::RoomId room;
  VisitFigures figures;
};
using ToService = std::variant<ServerText, CloseConnection, Came, Went, RoomEnded, VisitEnded>;

}  // namespace call
