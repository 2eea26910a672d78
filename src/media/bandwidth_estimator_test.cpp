// SPDX-License-Identifier: Apache-2.0
// The estimate of a line, fed with what a receiver at the other end of it would tell: lines that narrow, lose, jitter,
// drift, and feedback that lies. Without a room (line_scenarios_test.cpp has one).
#include "media/bandwidth_estimator.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>

namespace media {
namespace {

using base::Duration;
using base::Instant;
using Feedback = wire::TransportFeedback;

struct LineOf {
  double bps = 10e6;                                  // what it carries
  double queue_ms = 300;                              // longer would wait: lost
  double loss = 0;                                    // of each packet, whatever is sent
  double jitter_ms = 0;                               // up to, order kept
  double drift_ms_per_second = 0, ahead_ms = 64'000;  // of the receiver's clock
};

// Sends 1,000-byte packets as fast as the estimate (and `most`) allows, and tells every 100 ms what arrived.
class OneLine {
 public:
  explicit OneLine(LineOf line, std::uint32_t first = BandwidthEstimator::kFirst, std::uint64_t seed = 1)
      : estimator(first), line(line), random_(seed) {}

  // The least it was thought to carry, looked at once a second.
  std::uint32_t least_in(int seconds, double most) {
    auto least = UINT32_MAX;
    for (int i = 0; i < seconds; ++i) {
      run(1, most);
      least = std::min(least, estimator.estimate());
    }
    return least;
  }
  void run(double seconds, double most = 50e6) {
    for (const auto end = now_ms_ + seconds * 1e3; now_ms_ < end; now_ms_ += 1) {
      owed_ += std::min<double>(estimator.estimate(), most) / 8e3 / (1'000 + BandwidthEstimator::kOverhead);
      for (; owed_ >= 1; owed_ -= 1) send(1'000);
      if (probes && wanted > 0) probe();
      if (static_cast<std::int64_t>(now_ms_) % 100 == 99) tell();
      longest_queue_ms = std::max(longest_queue_ms, free_ms_ - now_ms_);
    }
  }
  [[nodiscard]] Instant now() const { return {static_cast<std::int64_t>(now_ms_ * 1e3) + 1'000'000}; }

  BandwidthEstimator estimator;
  LineOf line;
  double longest_queue_ms = 0;
  bool probes = false;
  std::uint32_t wanted = 0;

 private:
  void probe() {
    (void)estimator.probes.consider(estimator.estimate(), wanted, now());
    if (estimator.probes.next() > now()) return;
    while (const auto due = estimator.probes.due(now())) send(std::min<std::size_t>(due, 1'000));
    estimator.probes.ticked(now());
  }
  void send(std::size_t bytes) {
    estimator.sent(sequence_, bytes, now());
    std::optional<double> arrives;
    if (!chance(line.loss) && free_ms_ - now_ms_ < line.queue_ms) {
      free_ms_ =
          std::max(free_ms_, now_ms_) + static_cast<double>(bytes + BandwidthEstimator::kOverhead) * 8e3 / line.bps;
      const auto at = free_ms_ + 20 + std::uniform_real_distribution<>(0, line.jitter_ms + 1e-9)(random_);
      last_ms_ = std::max(at, last_ms_);
      arrives = last_ms_;
    }
    flying_.push_back({sequence_++, arrives});
  }
  // What has arrived by now; what was lost shows once something later has come.
  void tell() {
    auto f = std::make_unique<Feedback>();
    std::size_t count = 0;
    for (std::size_t i = 0; i < flying_.size(); ++i)
      if (flying_[i].arrives && *flying_[i].arrives <= now_ms_) count = i + 1;
    if (count == 0) return;
    f->base_sequence = flying_.front().sequence;
    double at = 0;
    bool first = true;
    for (std::size_t i = 0; i < count; ++i) {
      const auto flying = flying_.front();
      flying_.pop_front();
      if (!flying.arrives) {
        (void)f->statuses.push_back({});
        continue;
      }
      const auto told = *flying.arrives + line.ahead_ms + line.drift_ms_per_second * *flying.arrives / 1e3;
      if (std::exchange(first, false)) {
        f->reference_time = static_cast<std::int32_t>(told / 64);
        at = f->reference_time * 64.0;
      }
      const auto ticks = static_cast<std::int16_t>((told - at) * 4);
      at += ticks / 4.0;
      (void)f->statuses.push_back({true, ticks});
    }
    estimator.feedback(*f, now());
  }
  bool chance(double p) { return p > 0 && std::uniform_real_distribution<>(0, 1)(random_) < p; }
  struct Flying {
    std::uint16_t sequence;
    std::optional<double> arrives;
  };
  std::mt19937_64 random_;
  std::deque<Flying> flying_;
  std::uint16_t sequence_ = 60'000;  // the wrap comes early
  double now_ms_ = 0, owed_ = 0, free_ms_ = 0, last_ms_ = 0;
};

TEST(BandwidthEstimator, begins_where_it_is_told_to_and_half_a_megabit_proves_nothing_more) {
  EXPECT_EQ(BandwidthEstimator(9'000'000).estimate(), 9'000'000U);
  EXPECT_EQ(BandwidthEstimator(0).estimate(), BandwidthEstimator::kLeast);
  OneLine l({});
  l.run(20, 500'000);
  EXPECT_EQ(l.estimator.estimate(), BandwidthEstimator::kFirst);
  EXPECT_TRUE(l.estimator.limited());
}

TEST(BandwidthEstimator, on_a_good_line_a_room_of_ten_has_its_pictures_within_three_seconds) {
  OneLine l({.bps = 100e6});
  l.run(3, 5e6);  // nine pictures of 450 kbit/s and ten sounds of 40
  EXPECT_GE(l.estimator.estimate(), 5'000'000U);
}

// draft-ietf-rmcat-gcc-02 section 5: by the delay, long before anything is lost. It swings: up until a queue grows.
TEST(BandwidthEstimator, settles_on_what_a_line_carries_with_a_short_queue) {
  for (const double bps : {200e3, 800e3, 3e6}) {
    OneLine l({.bps = bps, .queue_ms = 1'000});
    l.run(10);
    l.longest_queue_ms = 0;
    double sum = 0;
    constexpr int kLooks = 60;
    for (int i = 0; i < kLooks; ++i) {
      l.run(0.5);
      EXPECT_GT(l.estimator.estimate(), bps * 0.65) << bps;
      EXPECT_LT(l.estimator.estimate(), bps * 1.2) << bps;
      sum += l.estimator.estimate();
    }
    EXPECT_GT(sum / kLooks, bps * 0.85) << bps;
    EXPECT_LT(sum / kLooks, bps) << bps;
    EXPECT_LT(l.longest_queue_ms, 250) << bps;
    EXPECT_LT(l.estimator.loss(), 0.02) << bps;
  }
}

TEST(BandwidthEstimator, follows_a_line_that_narrows_within_two_seconds) {
  for (const double to : {300e3, 1e6}) {
    OneLine l({.bps = 4e6});
    l.run(10);
    l.line.bps = to;
    l.run(2);
    EXPECT_LT(l.estimator.estimate(), to * 1.05) << to;
    EXPECT_GT(l.estimator.estimate(), to * 0.4) << to;
  }
}

// Its queue is full at once: what waits there is seen by the first packets that come out of it, however little of the line was used.
TEST(BandwidthEstimator, a_line_that_carries_a_tenth_from_one_moment_to_the_next_is_followed_within_half_a_second) {
  for (const double most : {1.5e6, 50e6}) {
    OneLine l({.bps = 4e6, .queue_ms = 500});
    l.run(10, most);
    EXPECT_EQ(l.estimator.limited(), most < 4e6);
    l.line.bps = 150e3;
    const auto fell = l.now();
    l.run(0.5, most);
    EXPECT_LT(l.estimator.estimate(), 500e3) << most;
    EXPECT_GT(l.estimator.drained(), fell + Duration::millis(300)) << "what waits is to drain";
    l.run(0.5, most);
    EXPECT_LT(l.estimator.estimate(), 170e3) << most;
    EXPECT_LT(l.estimator.drained(), l.now() + Duration::millis(100)) << "not for long";
  }
}

TEST(BandwidthEstimator, a_way_that_becomes_longer_from_one_moment_to_the_next_is_no_narrower_one) {
  for (const double jitter_ms : {0.0, 10.0, 40.0}) {
    OneLine l({.bps = 4e6, .jitter_ms = jitter_ms}, 1'500'000);
    l.run(10, 1e6);
    const auto before = l.estimator.estimate();
    l.line.ahead_ms += 250;
    const auto longer = l.now();
    EXPECT_GE(l.least_in(5, 1e6), before * 0.4) << "a step or two, as on any line that is not used up to the rate; " << jitter_ms;
    EXPECT_LT(l.estimator.drained(), longer + Duration::seconds(3)) << "pictures rest once at most, to see what that changes";
    EXPECT_GE(l.estimator.estimate(), before * 0.8) << "and nothing changed; " << jitter_ms;
  }
}

// Section 6 would take it for congestion.
TEST(BandwidthEstimator, a_line_that_loses_a_tenth_of_whatever_is_sent_is_not_full) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    OneLine l({.bps = 4e6, .loss = 0.1}, 1'000'000, seed);
    const auto least = l.least_in(60, 800e3);
    EXPECT_GT(least, 700'000U) << seed;
    EXPECT_NEAR(l.estimator.loss(), 0.1, 0.08);
  }
}

// A shaper that drops rather than queues: no delay to go by.
TEST(BandwidthEstimator, a_line_that_drops_what_is_too_much_without_a_queue_is_found_full) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    OneLine l({.bps = 800e3, .queue_ms = 15}, 2'000'000, seed);
    l.run(5);
    for (int i = 0; i < 20; ++i) {
      l.run(1);
      EXPECT_GT(l.estimator.estimate(), 500'000U) << seed << " " << i;
      EXPECT_LT(l.estimator.estimate(), 1'100'000U) << seed << " " << i;
    }
  }
}

TEST(BandwidthEstimator, jitter_is_no_queue) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    OneLine l({.bps = 10e6, .jitter_ms = 120}, 1'000'000, seed);
    const auto least = l.least_in(60, 800e3);
    EXPECT_GT(least, 400'000U) << seed;
  }
}

TEST(BandwidthEstimator, clocks_that_drift_apart_are_no_queue) {
  OneLine l({.bps = 100e6, .drift_ms_per_second = 0.2});
  l.run(600, 5e6);  // 200 parts in a million for ten minutes: 120 ms
  EXPECT_GE(l.estimator.estimate(), 5'000'000U);
}

TEST(BandwidthEstimator, once_a_limit_was_seen_it_rises_no_faster_than_eight_percent_a_second) {
  OneLine l({.bps = 20e6, .loss = 0.05});
  l.run(2);
  EXPECT_FALSE(l.estimator.starting());
  l.line.loss = 0;
  const auto before = l.estimator.estimate();
  l.run(5);
  EXPECT_LT(l.estimator.estimate(), before * 1.55);  // 1.08^5 = 1.47
}

TEST(BandwidthEstimator, what_is_not_used_is_found_by_probes_within_seconds) {
  OneLine l({.bps = 8e6}, 300'000);
  l.run(3, 200e3);
  l.probes = true;
  l.wanted = 5'000'000;
  l.run(6, 200e3);
  EXPECT_GT(l.estimator.estimate(), 4'000'000U);
  // And a line that carries no more is not thought to.
  OneLine narrow({.bps = 400e3}, 300'000);
  narrow.probes = true;
  narrow.wanted = 5'000'000;
  narrow.run(30, 250e3);
  EXPECT_LT(narrow.estimator.estimate(), 450'000U);
  EXPECT_LT(narrow.longest_queue_ms, 150);
}

TEST(BandwidthEstimator, a_line_of_which_nothing_is_heard_any_more_carries_less_and_less_and_comes_back_by_probes) {
  OneLine l({.bps = 5e6});
  l.run(10);
  l.line.loss = 1;
  l.run(1.5);
  EXPECT_GT(l.estimator.estimate(), 1'000'000U);
  for (int i = 0; i < 40; ++i) {
    l.run(0.5);
    l.estimator.look(l.now());
  }
  EXPECT_EQ(l.estimator.estimate(), BandwidthEstimator::kLeast);
  l.line.loss = 0;
  l.probes = true;
  l.wanted = 3'000'000;
  l.run(15);
  EXPECT_GT(l.estimator.estimate(), 1'500'000U);
}

TEST(BandwidthEstimator, a_line_on_which_nothing_is_sent_any_more_is_not_one_of_which_nothing_is_heard) {
  OneLine l({.bps = 5e6});
  const auto look_for = [&](int half_seconds, double most) {
    for (int i = 0; i < half_seconds; ++i) {
      l.run(0.5, most);
      l.estimator.look(l.now());
    }
  };
  look_for(20, 50e6);
  l.line.loss = 1;
  look_for(5, 1e6);
  EXPECT_TRUE(l.estimator.is_unheard(l.now()));
  look_for(4, 0);  // the room is paused, and the last word of what was sent before is lost
  EXPECT_FALSE(l.estimator.is_unheard(l.now()));
  const auto then = l.estimator.estimate();
  look_for(10, 0);
  EXPECT_EQ(l.estimator.estimate(), then);
}

TEST(BandwidthEstimator, a_way_that_came_back_is_not_unheard_before_word_of_it_can_come) {
  OneLine l({.bps = 5e6});
  const auto look_for = [&](int half_seconds) {
    for (int i = 0; i < half_seconds; ++i) {
      l.run(0.5, 1e6);
      l.estimator.look(l.now());
    }
  };
  look_for(20);
  l.line.loss = 1;
  look_for(20);
  l.estimator.forget(l.now());
  look_for(3);
  EXPECT_TRUE(l.estimator.owes_word());
  EXPECT_FALSE(l.estimator.is_unheard(l.now()));
  look_for(3);
  EXPECT_TRUE(l.estimator.is_unheard(l.now()));
}

// RFC 3550 section 6.4.1, and draft-alvestrand-rmcat-remb-03: what Firefox gives.
TEST(BandwidthEstimator, by_reports_alone_it_falls_with_losses_that_grow_with_the_rate_and_remb_bounds_it) {
  const auto run = [](double carries, double random_loss) {
    BandwidthEstimator e(1'000'000);
    std::uint16_t sequence = 0;
    double owed = 0, owed_lost = 0;
    for (int ms = 0; ms < 60'000; ms += 100) {
      const auto rate = std::min<double>(e.estimate(), 900e3);
      owed += rate / 10 / 8 / (1'000 + BandwidthEstimator::kOverhead);
      std::uint32_t sent = 0;
      for (; owed >= 1; owed -= 1, ++sent) e.sent(sequence++, 1'000, {ms * 1'000});
      const auto share = 1 - (1 - random_loss) * std::min(1.0, carries / rate);
      owed_lost += sent * share;
      const auto lost = static_cast<std::uint32_t>(owed_lost);
      owed_lost -= lost;
      e.loss_report(sent, lost, Instant{ms * 1'000 + 99'000});
    }
    return e.estimate();
  };
  EXPECT_LT(run(500e3, 0), 750'000U);
  EXPECT_GT(run(500e3, 0), 300'000U);
  EXPECT_GT(run(5e6, 0.08), 700'000U) << "losing whatever is sent";
  EXPECT_GT(run(5e6, 0), 900'000U);
  BandwidthEstimator e;
  e.remb(300'000);
  EXPECT_EQ(e.estimate(), 300'000U);
  e.remb(1);
  EXPECT_EQ(e.estimate(), BandwidthEstimator::kLeast);
}

// draft-holmer-rmcat-transport-wide-cc-extensions-01: whoever gives feedback may write anything into it.
TEST(BandwidthEstimator, feedback_that_lies_is_harmless) {
  std::mt19937_64 random(5);
  OneLine l({.bps = 3e6});
  l.run(5);
  const auto f = std::make_unique<Feedback>();
  for (int i = 0; i < 3'000; ++i) {
    f->statuses.clear();
    f->base_sequence = static_cast<std::uint16_t>(random());
    f->reference_time = static_cast<std::int32_t>(random() % (1U << 24)) - (1 << 23);
    const auto count = random() % 300 + 1;
    for (std::size_t k = 0; k < count; ++k)
      (void)f->statuses.push_back({random() % 3 != 0, static_cast<std::int16_t>(random())});
    l.estimator.feedback(*f, l.now());
    ASSERT_GE(l.estimator.estimate(), BandwidthEstimator::kLeast);
    ASSERT_LE(l.estimator.estimate(), BandwidthEstimator::kMost);
    if (i % 100 == 0) l.run(0.1);
  }
  // And afterwards it is as good as any.
  l.run(30);
  EXPECT_GT(l.estimator.estimate(), 1'500'000U);
  EXPECT_LT(l.estimator.estimate(), 3'500'000U);
}

TEST(BandwidthEstimator, what_was_told_before_or_never_sent_changes_nothing) {
  BandwidthEstimator e;
  const auto f = std::make_unique<Feedback>();
  for (int i = 0; i < 100; ++i) (void)f->statuses.push_back({false, 0});
  for (int i = 0; i < 1'000; ++i) e.feedback(*f, Instant{i * 100'000});
  EXPECT_EQ(e.estimate(), BandwidthEstimator::kFirst) << "lost, though never sent";
  EXPECT_FALSE(e.has_feedback());
  for (std::uint16_t s = 0; s < 100; ++s) e.sent(s, 1'000, Instant{200'000'000 + s * 1'000});
  f->statuses.clear();
  for (int i = 0; i < 100; ++i) (void)f->statuses.push_back({true, 4});
  e.feedback(*f, Instant{200'200'000});
  const auto once = e.acknowledged_bps();
  for (int i = 0; i < 100; ++i) e.feedback(*f, Instant{200'200'000 + i});
  EXPECT_EQ(e.acknowledged_bps(), once);
}

TEST(BandwidthEstimator, whatever_clock_the_feedback_is_by_may_be_set_during_a_call) {
  OneLine l({.bps = 3e6});
  l.run(10);
  for (const double ahead : {40e6, 0.0, 66e3}) {
    l.line.ahead_ms = ahead;
    l.run(5);
  }
  EXPECT_GT(l.estimator.estimate(), 1'500'000U);
  EXPECT_LT(l.estimator.estimate(), 3'500'000U);
}

}  // namespace
}  // namespace media
