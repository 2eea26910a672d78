// SPDX-License-Identifier: Apache-2.0
// Where one peer's datagrams leave on one path, for the length of a call: a sink, a flow and a path. Not kept by
// anyone.
#pragma once
#include <cstring>

#include "base/datagram.h"

namespace transport {

struct Outlet {
  base::DatagramSink& sink;
  std::uint32_t flow = 0;
  base::Path path;

  void send(base::Bytes datagram) const {
    std::memcpy(sink.reserve(flow, path, datagram.size(), base::Precedence::control), datagram.data(), datagram.size());
    sink.commit(datagram.size());
  }
};

}  // namespace transport
