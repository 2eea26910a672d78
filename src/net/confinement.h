// SPDX-License-Identifier: Apache-2.0
// What the call process gives up once it runs: new privileges, files, programs, new listening sockets. A seccomp allow-list
// over all its threads; what is not on it fails with EPERM. Not here: containers, capabilities (docs/operations.md).
#pragma once

namespace net {

// Throws std::runtime_error where the kernel refuses (start-up failure). All threads must have been started.
void confine_call_process();

}  // namespace net
