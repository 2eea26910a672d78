// SPDX-License-Identifier: Apache-2.0
// The devices at the two ends of the bridge: TUN (Linux, Documentation/networking/tuntap.rst), which hands whole IP
// packets to a program. Of two veth ends with packet sockets, the other way, packets come joined and with checksums
// left undone.
#pragma once
#include <string>

namespace bridge {

// A device of this name in the network namespace that this process is in now. Its descriptor does not block; it ends
// with it. Throws where that is not allowed.
[[nodiscard]] int open_tun(const std::string& name);
// This process is in a network namespace of its own from here on: the far side, which is there as long as somebody is
// in it.
void go_far();

}  // namespace bridge
