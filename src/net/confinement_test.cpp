// SPDX-License-Identifier: Apache-2.0
// What a confined process can still do, and what it cannot: tried in a child of its own, since it cannot be undone.
#include "net/confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>

namespace {

struct Attempt {
  const char* what;
  bool (*refused)();  // true: the system said EPERM
};

bool no(long result) { return result == -1 && errno == EPERM; }
char program[] = "/bin/true";

const Attempt kForbidden[] = {
    {"open a file to read", [] { return no(::open("/etc/passwd", O_RDONLY | O_CLOEXEC)); }},
    {"open a file to write", [] { return no(::open("/tmp/quietroom-confined", O_WRONLY | O_CREAT | O_CLOEXEC, 0600)); }},
    {"open by openat2", [] { return no(::syscall(SYS_openat2, AT_FDCWD, "/etc/passwd", nullptr, 0)); }},
    {"remove a file", [] { return no(::unlink("/tmp/quietroom-confined")); }},
    {"start a program",
     [] {
       char* arguments[] = {program, nullptr};
       return no(::execve(program, arguments, arguments + 1));
     }},
    {"fork", [] { return no(::syscall(SYS_fork)); }},
    {"make a socket", [] { return no(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)); }},
    {"make an anonymous file", [] { return no(::memfd_create("x", MFD_CLOEXEC)); }},
    {"look into another process", [] { return no(::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr)); }},
    {"signal another process", [] { return no(::kill(::getppid(), 0)); }},
    {"signal a thread of another process", [] { return no(::syscall(SYS_tgkill, ::getppid(), ::getppid(), 0)); }},
    {"make memory that can be run",
     [] {
       return ::mmap(nullptr, 4'096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED && errno == EPERM;
     }},
    {"type into the terminal", [] { char c = 'x'; return no(::ioctl(0, TIOCSTI, &c)); }},
};

// In a child: confined while a second thread runs, since a filter on one thread alone would be none. Its exit status is the
// number of the first attempt that was not refused, or 100 where all were.
int first_that_was_let(int ends[2]) {
  std::atomic<int> result{-1};
  std::atomic<bool> go{false};
  std::thread other([&] {
    go.wait(false);
    int at = 0;
    for (const Attempt& each : kForbidden) {
      if (!each.refused()) break;
      ++at;
    }
    result = at == static_cast<int>(std::size(kForbidden)) ? 100 : at;
  });
  net::confine_call_process();
  go = true;
  go.notify_all();
  other.join();
  // What its work needs still goes: write to what is open, memory.
  const bool works = ::write(ends[1], "x", 1) == 1 && std::string(100'000, 'y').size() == 100'000;
  return works ? result.load() : 101;
}

TEST(Confinement, opens_no_file_starts_no_program_and_makes_no_socket_on_any_thread) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(first_that_was_let(ends));
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ::close(ends[0]);
  ::close(ends[1]);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  const int at = WEXITSTATUS(status);
  EXPECT_EQ(at, 100) << (at < static_cast<int>(std::size(kForbidden)) ? kForbidden[at].what : "could not do its own work");
}

}  // namespace
