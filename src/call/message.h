// SPDX-License-Identifier: Apache-2.0
// Text to message and back, for every message between a browser and a room (docs/protocol.md). The messages themselves stand
// in message_from_client.h and message_from_server.h. What people say to each other is a Payload, which nothing on this side
// reads. Not here: what a message does (room.h). Invariant: no text, however hostile, gives more than a Misread. Any thread.
#pragma once
#include <string>
#include <string_view>

#include "base/result.h"
#include "call/message_from_client.h"
#include "call/message_from_server.h"

namespace call {

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
