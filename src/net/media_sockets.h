// SPDX-License-Identifier: Apache-2.0
// The sockets of one media thread, bound: for each address one UDP socket and one TCP listener, all on one port. One socket
// an address (not one for all), so that an answer leaves from the address that was asked. Used inside net/ only.
#pragma once
#include <vector>

#include "net/media_loop.h"
#include "net/socket_address.h"

namespace net {

struct MediaSockets {
  std::vector<Fd> udp, tcp;                // same index: same address
  std::vector<base::Address> addresses;
  std::uint16_t port = 0;
};

// Throws std::runtime_error where no address can be bound. An address that cannot be bound at all (gone since it was
// listed) is left out; a port in use is an error, or another try where the port is free to choose.
[[nodiscard]] MediaSockets bind_media_sockets(const MediaLoopSettings& settings);

}  // namespace net
