// SPDX-License-Identifier: Apache-2.0
// What leaves in one message, and a path over which that cannot go, over real sockets. See batch_sink.h.
#include "net/batch_sink.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <string>
#include <string_view>

#include "net/machine.h"
#include "net/media_loop.h"
#include "net/socket_address.h"

namespace {

struct Receiver {
  net::Fd fd{::socket(AF_INET, SOCK_DGRAM, 0)};
  base::Address address;
  Receiver() {
    sockaddr_storage name{};
    const socklen_t wanted = net::to_sockaddr(base::Address::v4(127, 0, 0, 1, 0), name);
    EXPECT_EQ(::bind(fd.get(), reinterpret_cast<sockaddr*>(&name), wanted), 0);
    socklen_t length = sizeof name;
    EXPECT_EQ(::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&name), &length), 0);
    address = net::from_sockaddr(name);
  }
  // The letters of `count` datagrams of 1,000 bytes.
  std::string take(int count) {
    std::string letters;
    for (int i = 0; i < count; ++i) {
      char got[2'000];
      EXPECT_EQ(::recv(fd.get(), got, sizeof got, MSG_DONTWAIT), 1'000);
      EXPECT_EQ(got[999], got[0]);
      letters += got[0];
    }
    return letters;
  }
};

void put(net::BatchSink& sink, const base::Path& path, std::string_view letters) {
  for (const char letter : letters) {
    std::memset(sink.reserve(3, path, 1'000, base::Precedence::picture), letter, 1'000);
    sink.commit(1'000);
  }
}

TEST(BatchSink, what_fills_its_room_leaves_at_once_and_the_rest_follows_in_order) {
  Receiver receiver;
  const net::Fd sender(::socket(AF_INET, SOCK_DGRAM, 0));
  const base::Path path{base::Carrier::udp, 0, receiver.address};
  net::MediaLoopCounters counters;
  net::BatchSink sink({sender.get()}, nullptr, true, counters, 10'000);
  put(sink, path, "abcdefghijklmnopqrst");
  EXPECT_EQ(counters.sends, 1U) << "ten were in its way";
  sink.flush();
  EXPECT_EQ(counters.sends, 2U);
  EXPECT_EQ(receiver.take(20), "abcdefghijklmnopqrst");
}

// The kernel says EINVAL to a run from a socket that makes no checksums, as some kernels do where the MTU of a path is small.
net::Fd that_cannot_segment() {
  net::Fd sender(::socket(AF_INET, SOCK_DGRAM, 0));
  const int one = 1;
  EXPECT_EQ(::setsockopt(sender.get(), SOL_SOCKET, SO_NO_CHECK, &one, sizeof one), 0);
  return sender;
}

TEST(BatchSink, a_path_that_runs_cannot_go_over_costs_the_others_nothing) {
  Receiver receiver;
  const net::Fd sender(::socket(AF_INET, SOCK_DGRAM, 0)), narrow = that_cannot_segment();
  const base::Path path{base::Carrier::udp, 0, receiver.address}, over_narrow{base::Carrier::udp, 1, receiver.address};
  net::MediaLoopCounters counters;
  net::BatchSink sink({sender.get(), narrow.get()}, nullptr, true, counters);
  // Those who come first decide nothing for all who come later.
  for (int i = 0; i < 100; ++i) {
    if (i == 3) put(sink, path, "xyz");
    put(sink, over_narrow, "abc");
    sink.flush();
    EXPECT_EQ(receiver.take(i == 3 ? 6 : 3), i == 3 ? "xyzabc" : "abc");
  }
  EXPECT_EQ(counters.segmentation_fallbacks, 100U);
  const auto before = counters.sends.load();
  put(sink, path, "abcdef");
  sink.flush();
  EXPECT_EQ(counters.sends - before, 1U);
  EXPECT_EQ(receiver.take(6), "abcdef");
  EXPECT_EQ(counters.send_drops, 0U);
}

TEST(BatchSink, where_no_run_ever_went_no_more_are_tried) {
  Receiver receiver;
  const net::Fd sender = that_cannot_segment();
  const base::Path path{base::Carrier::udp, 0, receiver.address};
  net::MediaLoopCounters counters;
  net::BatchSink sink({sender.get()}, nullptr, true, counters);
  for (int i = 0; i < 100; ++i) {
    put(sink, path, "abc");
    sink.flush();
    EXPECT_EQ(receiver.take(3), "abc");
  }
  EXPECT_EQ(counters.segmentation_fallbacks, 16U);
}

}  // namespace
