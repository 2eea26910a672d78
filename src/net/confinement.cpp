// SPDX-License-Identifier: Apache-2.0
// See confinement.h.
#include "net/confinement.h"

#include <errno.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <memory>
#include <stdexcept>

namespace net {
namespace {

constexpr std::array kAllowed{
    // sockets that are open, and those that are accepted
    SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(recvfrom), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg), SCMP_SYS(sendto),
    SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(setsockopt), SCMP_SYS(getsockopt), SCMP_SYS(getsockname),
    SCMP_SYS(getpeername), SCMP_SYS(shutdown), SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
    SCMP_SYS(close), SCMP_SYS(fcntl), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(epoll_ctl),
    SCMP_SYS(timerfd_settime), SCMP_SYS(timerfd_gettime), SCMP_SYS(eventfd2),
    // memory, threads that exist, time, randomness, the end
    SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
    SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time),
    SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
    SCMP_SYS(fstat), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(getrusage),
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    SCMP_SYS(pipe), SCMP_SYS(pipe2),  // how a sanitizer asks whether memory can be read
#endif
};

// Calls that are allowed with some arguments only: memory that nobody can run, signals to itself, non-blocking sockets.
bool allow_some(scmp_filter_ctx filter) {
  const auto allow = [filter](int call, unsigned argument, scmp_compare how, std::uint64_t a, std::uint64_t b = 0) {
    const scmp_arg_cmp only{.arg = argument, .op = how, .datum_a = a, .datum_b = b};
    return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &only) == 0;
  };
  return allow(SCMP_SYS(mmap), 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) &&
         allow(SCMP_SYS(mprotect), 2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0) &&
         allow(SCMP_SYS(tgkill), 0, SCMP_CMP_EQ, static_cast<std::uint64_t>(::getpid())) &&
         allow(SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, FIONBIO) && allow(SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, FIONREAD);
}

}  // namespace

void confine_call_process() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) throw std::runtime_error("call: PR_SET_NO_NEW_PRIVS was refused");
  const std::unique_ptr<void, void (*)(void*)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
  bool good = filter != nullptr && seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  for (const int call : kAllowed) good = good && seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) == 0;
  good = good && allow_some(filter.get());
  if (!good || seccomp_load(filter.get()) != 0) throw std::runtime_error("call: the seccomp filter was refused");
}

}  // namespace net
