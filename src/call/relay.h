// SPDX-License-Identifier: Apache-2.0
// What opens a TURN server to one browser for a while, by the secret that it shares with us (draft-uberti-behave-turn-rest-00
// section 2.2, coturn's use-auth-secret): the username is the Unix time until which it holds, and after a colon a text; the
// credential is base64 of HMAC-SHA1 over the username under the secret. Not here: TURN itself; who is told, and when (plane).
// Invariant: the text is drawn anew each time, so the relay's books name nobody and join no two visits. Pure: any thread.
#pragma once
#include "base/entropy.h"
#include "base/instant.h"
#include "call/message_from_server.h"
#include "call/service_link.h"

namespace call {

// A relay may ask for it again at any refresh of an allocation (RFC 8656 section 7.3), so it outlasts every session. Who steals one
// can send datagrams to the addresses of our media port, and to no other.
inline constexpr base::Duration kRelayOpenFor = base::Duration::seconds(10 * 3'600);

[[nodiscard]] Relay open_relay(const UseRelay& relay, base::WallTime now, base::Entropy& entropy);

}  // namespace call
