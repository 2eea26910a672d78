// SPDX-License-Identifier: Apache-2.0
// quietroom-bridge NEAR FAR SEED: carries IP packets between a device NEAR in the network namespace that it was started
// in and a device FAR in a namespace of its own, over a line that may be poor (this kernel's netem is not everywhere).
// Says "ready" once both are there; who wants to be on the far side enters its namespace. Obeys the lines of its
// standard input (commands.h) and ends with it, so that nothing is left where who started it has died. Not here:
// addresses, routes.
#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

#include "bridge/commands.h"
#include "bridge/tun.h"
#include "net/machine.h"

namespace {

base::Instant now() { return net::read_clock().instant; }

void say(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

// What has come to this end.
void take_all(int device, bridge::Direction& into) {
  std::array<std::uint8_t, 65'536> packet;
  for (;;) {
    const ssize_t n = ::read(device, packet.data(), packet.size());
    if (n <= 0) return;
    into.take(now(), base::Bytes(packet).first(static_cast<std::size_t>(n)));
  }
}

// False at the end of the input.
bool obey_all(bridge::Both& line, std::string& said) {
  std::array<char, 4'096> room;
  const ssize_t n = ::read(STDIN_FILENO, room.data(), room.size());
  if (n <= 0) return false;
  said.append(room.data(), static_cast<std::size_t>(n));
  for (std::size_t end; (end = said.find('\n')) != std::string::npos; said.erase(0, end + 1))
    say(bridge::obey(line, std::string_view(said).substr(0, end)));
  return true;
}

void carry(int near, int far, bridge::Both& line) {
  // A device that is down refuses packets: they are lost, as on any line.
  const auto to = [](int device) {
    return
        [device](base::Bytes packet) { [[maybe_unused]] const auto n = ::write(device, packet.data(), packet.size()); };
  };
  std::string said;
  for (;;) {
    const base::Duration rest = std::min(line.down.next(), line.up.next()) - now();
    const auto us = std::clamp<std::int64_t>(rest.us, 0, 1'000'000);
    const timespec wait{.tv_sec = us / 1'000'000, .tv_nsec = us % 1'000'000 * 1'000};
    std::array<pollfd, 3> ready{{{near, POLLIN, 0}, {far, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}};
    ::ppoll(ready.data(), ready.size(), &wait, nullptr);
    if (ready[0].revents != 0) take_all(near, line.down);
    if (ready[1].revents != 0) take_all(far, line.up);
    if (ready[2].revents != 0 && !obey_all(line, said)) return;
    line.down.deliver(now(), to(far));
    line.up.deliver(now(), to(near));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    fmt::print(stderr, "quietroom-bridge NEAR FAR SEED\n");
    return 2;
  }
  try {
    const int near = bridge::open_tun(argv[1]);
    bridge::go_far();
    const int far = bridge::open_tun(argv[2]);
    // The line's moments are kept even where browsers want every core; where this is not allowed, counters tell
    // (latest_us).
    ::prctl(PR_SET_TIMERSLACK, 1);
    const sched_param first{.sched_priority = 5};
    ::sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
    const std::uint64_t seed = std::strtoull(argv[3], nullptr, 10);
    bridge::Both line{bridge::Direction({}, seed), bridge::Direction({}, seed + 1)};
    say("ready");
    carry(near, far, line);
  } catch (const std::exception& e) {
    fmt::print(stderr, "quietroom-bridge: {}\n", e.what());
    return 1;
  }
  return 0;
}
