// SPDX-License-Identifier: Apache-2.0
// See child.h.
#include "net/child.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

extern char** environ;

namespace net {

std::string own_program() {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).string();
}

int start_child(const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{program};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(all.size() + 1);
  for (auto& a : all) pointers.push_back(a.data());
  pointers.push_back(nullptr);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none, usual;
  ::sigemptyset(&none);
  ::sigfillset(&usual);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &usual);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  posix_spawn_file_actions_t files;  // nothing of ours but the standard three: else the child would hold our ports
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, program.c_str(), &files, &attributes, pointers.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  return error == 0 ? pid : -1;
}

bool child_ended(int pid) {
  int status = 0;
  return pid > 0 && ::waitpid(pid, &status, WNOHANG) == pid;
}

std::unique_ptr<Process> Process::hold(int pid) {
  // By number: glibc 2.36 declares these two for C alone.
  const int fd = pid > 0 ? static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)) : -1;
  return fd < 0 ? nullptr : std::unique_ptr<Process>(new Process(fd));
}

Process::~Process() { ::close(fd_); }

bool Process::ends_within(base::Duration patience) const {
  pollfd p{.fd = fd_, .events = POLLIN, .revents = 0};
  int ready = 0;
  do ready = ::poll(&p, 1, static_cast<int>(patience.millis()));
  while (ready < 0 && errno == EINTR);
  return ready == 1;
}

void Process::signal(int number) const { (void)::syscall(SYS_pidfd_send_signal, fd_, number, nullptr, 0); }

}  // namespace net
