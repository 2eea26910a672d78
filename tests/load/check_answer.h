// SPDX-License-Identifier: Apache-2.0
// What a full ICE agent owes to the other side's connectivity checks (RFC 8445 section 7.3): an answer. Our own server is lite
// and sends none (transport/ice_client.h); libnice, under Janus, checks back even as a lite agent, and takes no path before it
// was answered. Not here: what a check would teach us, since all candidates of the server are known. Pure; any thread.
#pragma once
#include "base/datagram.h"
#include "transport/ice_credentials.h"

namespace load {

// True where the datagram was a check addressed to us, and was answered.
bool answer_check(const transport::IceCredentials& local, const base::Path& from, base::Bytes datagram, std::uint32_t flow, base::DatagramSink& out);

}  // namespace load
