// SPDX-License-Identifier: Apache-2.0
#include "bridge/tun.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bridge {

int open_tun(const std::string& name) {
  const int fd = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "/dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(fd, TUNSETIFF, &request) != 0)
    throw std::system_error(errno, std::generic_category(), "the device " + name);
  return fd;
}

void go_far() {
  if (::unshare(CLONE_NEWNET) != 0) throw std::system_error(errno, std::generic_category(), "a network namespace");
}

}  // namespace bridge
