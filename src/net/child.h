// SPDX-License-Identifier: Apache-2.0
// Starts another process of ours in a session of its own, so that a Ctrl-C meant for the first reaches the first alone, and
// asks after it. Not here: what it does. It is not killed when its starter dies. Any thread.
#pragma once
#include <string>
#include <vector>

namespace net {

// The path of the program that runs now.
[[nodiscard]] std::string own_program();
// Its process id; -1 where it cannot be started. Standard output and error are shared.
[[nodiscard]] int start_child(const std::string& program, const std::vector<std::string>& arguments);
// True once after it ended; its exit is collected.
[[nodiscard]] bool child_ended(int pid);

}  // namespace net
