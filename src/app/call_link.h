// SPDX-License-Identifier: Apache-2.0
// The frames between `quietroom serve` and `quietroom call`: call/service_link.h's values as bytes, and what the two
// processes say of themselves. Big endian; a kind byte, then fixed fields, then the rest as text. Strict: a frame with bytes
// missing or left over is refused. Not here: the socket (net/frame_link). Values only.
#pragma once
#include <cstdint>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "call/plane.h"
#include "call/service_link.h"

namespace app {

inline constexpr std::uint32_t kLinkVersion = 6;

struct AskFigures {
  bool operator==(const AskFigures&) const = default;
};
// First frame of a call process: who it is and where its threads are.
struct CallReady {
  std::uint32_t version = kLinkVersion;
  std::vector<std::uint16_t> media_ports;
  bool operator==(const CallReady&) const = default;
};
// One media thread's figures since it started.
struct CallFigures {
  std::uint32_t thread = 0;
  std::uint32_t rooms = 0, present = 0, waiting = 0, participants = 0;
  std::uint64_t refused_messages = 0;
  std::uint64_t forwarded = 0, dropped_malformed = 0, dropped_unknown = 0, dropped_limit = 0;
  std::uint64_t datagrams_in = 0, datagrams_out = 0, bytes_in = 0, bytes_out = 0;
  std::uint64_t kernel_drops = 0, send_drops = 0, tcp_drops = 0, tcp_open = 0, wakes = 0, send_calls = 0, receive_calls = 0, sends = 0;
  bool operator==(const CallFigures&) const = default;
};

using LinkToCall = std::variant<call::Attach, call::ClientText, call::Detach, call::PutOut, call::Stop, call::UseRelay, AskFigures>;
using LinkToService = std::variant<call::ServerText, call::CloseConnection, call::Came, call::Went, call::RoomEnded, call::VisitEnded, CallReady,
                                   CallFigures>;

[[nodiscard]] std::vector<std::uint8_t> encode(const LinkToCall& message);
[[nodiscard]] std::vector<std::uint8_t> encode(const LinkToService& message);
[[nodiscard]] base::Result<LinkToCall, base::ParseError> decode_to_call(base::Bytes frame);
[[nodiscard]] base::Result<LinkToService, base::ParseError> decode_to_service(base::Bytes frame);

}  // namespace app
