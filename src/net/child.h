// SPDX-License-Identifier: Apache-2.0
// Starts another process of ours in a session of its own, so that a Ctrl-C meant for the first reaches the first alone, asks
// after it, and sees its end. Not here: what it does. It is not killed when its starter dies. Any thread.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/instant.h"

namespace net {

// The path of the program that runs now.
[[nodiscard]] std::string own_program();
// Its process id; -1 where it cannot be started. Standard output and error are shared.
[[nodiscard]] int start_child(const std::string& program, const std::vector<std::string>& arguments);
// True once after it ended; its exit is collected.
[[nodiscard]] bool child_ended(int pid);

// A process held by a descriptor (pidfd_open(2)), a child of ours or not, so that its number cannot come to mean another's.
class Process {
 public:
  // Null where there is none.
  [[nodiscard]] static std::unique_ptr<Process> hold(int pid);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  // Blocks until it has ended, at most so long. True: it has.
  [[nodiscard]] bool ends_within(base::Duration patience) const;
  void signal(int number) const;

 private:
  explicit Process(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace net
