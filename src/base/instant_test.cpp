// SPDX-License-Identifier: Apache-2.0
#include "base/instant.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/bytes.h"
#include "base/redacted.h"

namespace base {

TEST(Instant, never_is_later_than_everything_and_stays_never) {
  EXPECT_LT(Instant{1}, Instant::never());
  EXPECT_TRUE((Instant::never() + Duration::seconds(1)).is_never());
  EXPECT_EQ((Instant{1'000} + Duration::millis(2)).us, 3'000);
}

TEST(Bytes, a_read_past_the_end_is_remembered) {
  const std::uint8_t data[] = {1, 2, 3};
  Reader r{data};
  EXPECT_EQ(r.u16(), 0x0102);
  EXPECT_EQ(r.u16(), 0);
  EXPECT_FALSE(r.ok());
  EXPECT_EQ(r.u8(), 0);
}

TEST(Bytes, a_write_past_the_end_writes_nothing) {
  std::uint8_t data[3] = {9, 9, 9};
  Writer w{data};
  w.u16(0x0102);
  w.u32(7);
  EXPECT_FALSE(w.ok());
  EXPECT_EQ(data[2], 9);
}

TEST(Redacted, prints_nothing_of_its_value) {
  const Redacted<std::string> name{"Robin"};
  std::ostringstream out;
  out << name;
  EXPECT_EQ(out.str(), "[redacted]");
  EXPECT_EQ(fmt::format("{}", name), "[redacted]");
}

}  // namespace base
