// SPDX-License-Identifier: Apache-2.0
// Addresses as text, and by network. See socket_address.h.
#include "net/socket_address.h"

#include <gtest/gtest.h>

#include "net/media_loop.h"

namespace {

TEST(Addresses, are_read_and_written_as_people_write_them) {
  base::Address a;
  for (const char* text : {"127.0.0.1", "192.0.2.33", "::1", "2001:db8::5"}) {
    ASSERT_TRUE(net::parse_address(text, a)) << text;
    EXPECT_EQ(net::address_text(a), text);
  }
  for (const char* text : {"", "localhost", "127.0.0.1:80", "1.2.3", "[::1]"}) EXPECT_FALSE(net::parse_address(text, a)) << text;
}

TEST(Addresses, of_ipv6_count_by_their_64_and_of_ipv4_by_themselves) {
  const auto network = [](const char* text) {
    base::Address a;
    EXPECT_TRUE(net::parse_address(text, a));
    a.port = 9;
    return net::network_of(a);
  };
  EXPECT_EQ(network("2001:db8:0:1::5"), network("2001:db8:0:1:ffff::6"));
  EXPECT_NE(network("2001:db8:0:1::5"), network("2001:db8:0:2::5"));
  EXPECT_NE(network("192.0.2.1"), network("192.0.2.2"));
}

}  // namespace
