// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "bridge/commands.h"

namespace {

using base::Duration;
using base::Instant;

struct Bridge : testing::Test {
  bridge::Both line{bridge::Direction({}, 1), bridge::Direction({}, 2)};
  Instant now{1'000'000};
  std::vector<std::uint8_t> packet = std::vector<std::uint8_t>(1'000);

  std::size_t arrived(bridge::Direction& direction) {
    std::size_t count = 0;
    direction.deliver(now, [&](base::Bytes) { ++count; });
    return count;
  }
};

TEST_F(Bridge, a_packet_comes_after_the_latency_and_not_before) {
  EXPECT_EQ(bridge::obey(line, R"({"down":{"latency_ms":40}})").find("error"), std::string::npos);
  line.down.take(now, packet);
  EXPECT_EQ(line.down.next(), now + Duration::millis(40));
  now = now + Duration::millis(39);
  EXPECT_EQ(arrived(line.down), 0);
  now = now + Duration::millis(1);
  EXPECT_EQ(arrived(line.down), 1);
  EXPECT_TRUE(line.down.next().is_never());
}

TEST_F(Bridge, a_bottleneck_holds_back_and_drops_beyond_its_queue) {
  (void)bridge::obey(line, R"({"up":{"latency_ms":0,"bits_per_second":80000,"queue_ms":500}})");
  for (int i = 0; i < 10; ++i) line.up.take(now, packet);  // 100 ms each
  EXPECT_EQ(line.up.counters().queue_dropped, 4);          // one leaves, five wait
  now = now + Duration::millis(300);
  EXPECT_EQ(arrived(line.up), 3);
  EXPECT_EQ(line.down.counters().packets, 0);
}

TEST_F(Bridge, a_change_is_whole_and_an_unknown_word_changes_nothing) {
  (void)bridge::obey(line, R"({"down":{"loss":1}})");
  line.down.take(now, packet);
  EXPECT_EQ(line.down.counters().lost, 1);
  EXPECT_EQ(bridge::obey(line, R"({"down":{"los":0}})"), R"({"error":"/down/los"})");
  line.down.take(now, packet);
  EXPECT_EQ(line.down.counters().lost, 2);
  EXPECT_NE(bridge::obey(line, R"({"down":{}})").find(R"("lost":2)"), std::string::npos);
  line.down.take(now, packet);
  EXPECT_EQ(line.down.counters().lost, 2);
}

}  // namespace
