// SPDX-License-Identifier: Apache-2.0
// The parts of congestion control, each by itself: trend of the delay, rate, losses, acknowledged rate, probes, pacer,
// proof. Together: bandwidth_estimator_test.cpp; with a room: line_scenarios_test.cpp.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>

#include "media/acknowledged_rate.h"
#include "media/delay_trend.h"
#include "media/line_proof.h"
#include "media/loss_control.h"
#include "media/pacer.h"
#include "media/probes.h"
#include "media/rate_control.h"

namespace media {
namespace {

using base::Duration;
using base::Instant;
using Use = DelayTrend::Use;

Instant at_ms(double ms) { return {static_cast<std::int64_t>(ms * 1e3) + 1'000'000}; }
Duration told_ms(double ms) { return {static_cast<std::int64_t>(ms * 1e3) + 77'000'000'000}; }

// -- draft-ietf-rmcat-gcc-02 section 5

// A packet every 20 ms that waits `wait(ms)` on the way; how often each use was seen.
std::array<int, 3> uses(DelayTrend& trend, double from_ms, double to_ms, const std::function<double(double)>& wait) {
  std::array<int, 3> out{};
  for (double ms = from_ms; ms < to_ms; ms += 20) {
    trend.arrived(at_ms(ms), told_ms(ms + 30 + wait(ms)));
    ++out[static_cast<std::size_t>(trend.use())];
  }
  return out;
}

TEST(DelayTrend, of_a_line_that_keeps_up_is_normal) {
  DelayTrend trend;
  std::mt19937 random(3);
  const auto seen = uses(trend, 0, 60'000, [&](double) { return std::uniform_real_distribution<>(0, 4)(random); });
  EXPECT_EQ(seen[static_cast<std::size_t>(Use::over)], 0);
}

TEST(DelayTrend, sees_a_queue_that_grows_within_half_a_second_and_one_that_drains) {
  DelayTrend trend;
  (void)uses(trend, 0, 5'000, [](double) { return 0.0; });
  EXPECT_EQ(trend.use(), Use::normal);
  EXPECT_GT(
      uses(trend, 5'000, 5'500, [](double ms) { return (ms - 5'000) * 0.2; })[static_cast<std::size_t>(Use::over)], 0);
  EXPECT_GT(uses(trend, 5'500, 6'500,
                 [](double ms) { return 100 - (ms - 5'500) * 0.1; })[static_cast<std::size_t>(Use::under)],
            0);
  (void)uses(trend, 6'500, 10'000, [](double) { return 0.0; });
  EXPECT_EQ(trend.use(), Use::normal);
}

// Section 5.4: the threshold follows what the line is like.
TEST(DelayTrend, its_threshold_rises_with_jitter_and_falls_without) {
  DelayTrend trend;
  EXPECT_DOUBLE_EQ(trend.threshold(), 12.5);
  double rough = 0;
  for (double ms = 0; ms < 30'000; ms += 20) {
    (void)uses(trend, ms, ms + 20, [](double t) { return 20 + 20 * std::sin(t / 1'500 * 6.28); });
    if (ms > 10'000) rough = std::max(rough, trend.threshold());
  }
  (void)uses(trend, 30'000, 60'000, [](double) { return 0.0; });
  EXPECT_GT(rough, 7);
  EXPECT_NEAR(trend.threshold(), 6, 0.5);
}

// Section 5.2: packets sent at once are one group, and so are those that a busy radio held back and lets through
// together.
TEST(DelayTrend, bursts_on_either_side_are_one_group) {
  DelayTrend trend;
  int over = 0;
  for (double ms = 0; ms < 20'000; ms += 33) {
    for (int i = 0; i < 10; ++i) {
      trend.arrived(at_ms(ms + i * 0.1), told_ms(ms + 20 + i * 2));
      over += trend.use() == Use::over ? 1 : 0;
    }
  }
  EXPECT_EQ(over, 0) << "a frame whose packets queue behind each other";
  DelayTrend radio;
  for (double ms = 0; ms < 20'000; ms += 10) {
    const auto slot = (std::floor(ms / 50) + 1) * 50;
    radio.arrived(at_ms(ms), told_ms(slot + std::fmod(ms, 50) / 100));
    over += radio.use() == Use::over ? 1 : 0;
  }
  EXPECT_EQ(over, 0) << "let through every 50 ms";
}

TEST(DelayTrend, clocks_that_leap_and_times_that_run_backwards_make_it_begin_afresh) {
  DelayTrend trend;
  (void)uses(trend, 0, 5'000, [](double) { return 0.0; });
  (void)uses(trend, 5'000, 6'000, [](double) { return 3'600'000.0; });
  EXPECT_NE(trend.use(), Use::over);
  (void)uses(trend, 6'000, 7'000, [](double ms) { return -2 * ms; });
  EXPECT_NE(trend.use(), Use::over);
  (void)uses(trend, 7'000, 10'000, [](double) { return 0.0; });
  EXPECT_EQ(trend.use(), Use::normal);
  EXPECT_GT(
      uses(trend, 10'000, 11'000, [](double ms) { return (ms - 10'000) * 0.2; })[static_cast<std::size_t>(Use::over)],
      0);
}

TEST(DelayTrend, stays_exact_over_hours) {
  DelayTrend trend;
  std::mt19937 random(3);
  (void)uses(trend, 0, 4 * 3'600e3, [&](double) { return std::uniform_real_distribution<>(0, 2)(random); });
  EXPECT_EQ(trend.use(), Use::normal);
  EXPECT_GT(uses(trend, 14'400'000, 14'401'000,
                 [](double ms) { return (ms - 14'400'000) * 0.2; })[static_cast<std::size_t>(Use::over)],
            0);
}

TEST(AcknowledgedRate, is_what_came_in_the_last_half_second_whatever_the_order) {
  AcknowledgedRate rate;
  EXPECT_FALSE(rate.bps());
  for (int ms = 0; ms < 1'000; ms += 10) rate.arrived(told_ms(ms ^ 16), 1'000);
  EXPECT_NEAR(*rate.bps(), 800'000, 20'000);
  rate.arrived(told_ms(-50'000), 1'000'000);  // a leap back: afresh
  EXPECT_FALSE(rate.bps());
  for (int ms = 0; ms < 1'000; ms += 10) rate.arrived(told_ms(ms), 1'000);
  rate.arrived(told_ms(100), 1'000'000);  // long past
  EXPECT_NEAR(*rate.bps(), 800'000, 20'000);
  for (int ms = 1'000; ms < 1'250; ms += 10) rate.arrived(told_ms(ms), 4'000);
  EXPECT_NEAR(*rate.latest_bps(), 3'200'000, 20'000);
  EXPECT_LT(*rate.bps(), 2'500'000U);
  for (const auto us : {INT64_MAX / 4, std::int64_t{0}, INT64_MIN / 4}) rate.arrived({us}, 1);
}

// -- section 5.5

RateControl::Seen seen(Use use, std::uint32_t acknowledged, bool limited = false) {
  return {.use = use, .acknowledged = acknowledged, .limited = limited};
}

TEST(RateControl, falls_at_once_to_085_of_what_arrives_and_not_again_for_what_was_under_way) {
  RateControl r(2'000'000, 50'000, 50'000'000);
  EXPECT_TRUE(r.update(seen(Use::over, 1'000'000), at_ms(1'000)));
  EXPECT_EQ(r.bps(), 850'000U);
  EXPECT_FALSE(r.update(seen(Use::over, 700'000), at_ms(1'050)));
  EXPECT_EQ(r.bps(), 850'000U);
  EXPECT_TRUE(r.update(seen(Use::over, 700'000), at_ms(1'200)));
  EXPECT_EQ(r.bps(), 595'000U);
  EXPECT_EQ(r.capacity(), 700'000U) << "well below: another line";
  for (int i = 0; i < 100; ++i) (void)r.update(seen(Use::over, 1), at_ms(2'000 + i * 250));
  EXPECT_EQ(r.bps(), 50'000U);
}

TEST(RateControl, rises_by_8_percent_a_second_far_from_a_limit_and_by_about_a_packet_near_one) {
  RateControl far(1'000'000, 50'000, 50'000'000);
  for (int ms = 0; ms < 10'000; ms += 100) (void)far.update(seen(Use::normal, far.bps()), at_ms(ms));
  EXPECT_NEAR(far.bps(), 1'000'000 * std::pow(1.08, 10), 30'000);
  RateControl near(1'000'000, 50'000, 50'000'000);
  (void)near.update(seen(Use::over, 1'000'000), at_ms(0));
  for (int ms = 100; ms < 10'000; ms += 100)
    (void)near.update(seen(Use::normal, std::min(near.bps(), 1'000'000U)), at_ms(ms));
  EXPECT_GT(near.bps(), 1'000'000U);
  EXPECT_LT(near.bps(), 1'400'000U);
  // Clearly more than that arrives: it was another line.
  for (int ms = 10'000; ms < 20'000; ms += 100) (void)near.update(seen(Use::normal, 3'000'000), at_ms(ms));
  EXPECT_FALSE(near.capacity());
  EXPECT_GT(near.bps(), 2'000'000U);
}

TEST(RateControl, holds_while_a_queue_drains_and_rises_by_nothing_that_is_not_used) {
  RateControl r(1'000'000, 50'000, 50'000'000);
  for (int ms = 0; ms < 5'000; ms += 100) (void)r.update(seen(Use::under, 900'000), at_ms(ms));
  EXPECT_EQ(r.bps(), 1'000'000U);
  for (int ms = 5'000; ms < 10'000; ms += 100) (void)r.update(seen(Use::normal, 900'000, true), at_ms(ms));
  EXPECT_EQ(r.bps(), 1'000'000U) << "application-limited";
  for (int ms = 10'000; ms < 60'000; ms += 100) (void)r.update(seen(Use::normal, 900'000), at_ms(ms));
  EXPECT_LE(r.bps(), 1'360'000U) << "half as much again as arrives";
  // And a queue on a line of which little is used takes it down by steps.
  RateControl limited(1'000'000, 50'000, 50'000'000);
  (void)limited.update(seen(Use::over, 60'000, true), at_ms(0));
  EXPECT_EQ(limited.bps(), 700'000U);
}

// -- section 6, and what stands in for it

TEST(LossControl, tells_a_line_that_loses_by_itself_from_a_full_one) {
  std::mt19937 random(7);
  // Rates go up and down as they do; each window's losses by the line's law.
  const auto run = [&](double capacity, double by_itself, bool queue = false) {
    LossControl control;
    double rate = 1e6;
    std::optional<double> lowest;
    for (int i = 0; i < 60; ++i) {
      const auto over = rate > capacity ? 1 - capacity / rate : 0;
      const auto p = by_itself + (1 - by_itself) * over;
      const auto packets = rate / 16e3;
      const auto lost = static_cast<double>(std::binomial_distribution<>(static_cast<int>(packets), p)(random));
      const auto verdict = control.update({.bps = rate, .packets = std::floor(packets), .lost = lost, .queue = queue},
                                          rate, rate * (1 - p));
      if (verdict.lower) {
        rate = std::max(*verdict.lower, 50e3);
        lowest = std::min(lowest.value_or(rate), rate);
      } else if (verdict.may_rise) {
        rate *= 1.04;
      }
      rate = std::min(rate, 2e6);
    }
    return std::pair(lowest, rate);
  };
  for (const double p : {0.02, 0.05, 0.1}) EXPECT_GT(run(1e9, p).second, 800e3) << p;
  EXPECT_FALSE(run(1e9, 0.0).first);
  const auto full = run(500e3, 0);
  ASSERT_TRUE(full.first);
  EXPECT_NEAR(full.second, 500e3, 150e3);
  const auto both = run(500e3, 0.05);
  EXPECT_NEAR(both.second, 500e3, 200e3);
  EXPECT_LT(run(1e9, 0.1, true).second, 500e3) << "where a queue stands, losses are its";
}

TEST(LossControl, a_line_that_has_changed_is_believed_after_a_second_and_a_gap_in_it_is_not) {
  LossControl control;
  const auto window = [&](double lost) {
    return control.update({.bps = 2e6, .packets = 100, .lost = lost, .seconds = 0.5}, 2e6, 2e6 * (1 - lost / 100));
  };
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(window(0).lower);
  std::optional<double> in_gap;
  for (const double lost : {60.0, 20.0, 0.0, 0.0})
    if (const auto lower = window(lost).lower) in_gap = lower;
  EXPECT_GT(in_gap.value_or(2e6), 1.2e6);
  for (int i = 0; i < 20; ++i) (void)window(0);
  std::optional<double> narrow;
  for (int i = 0; i < 3; ++i) narrow = window(80).lower;
  ASSERT_TRUE(narrow);
  EXPECT_LT(*narrow, 500e3);
}

TEST(LossControl, what_cannot_be_is_not_believed) {
  LossControl control;
  for (const double lost : {-5.0, 1e9})
    for (const double packets : {0.0, -1.0, 1e12, 20.0})
      (void)control.update({.bps = 0, .packets = packets, .lost = lost}, 1e6, 0);
  EXPECT_GE(control.inherent(), 0);
  EXPECT_LE(control.inherent(), 1);
}

// -- probes

// One burst over a line of `capacity`; what came of it.
std::optional<Probes::Result> burst(Probes& probes, double capacity, double start_ms, std::uint32_t estimate,
                                    std::uint32_t wanted, double lost_of_ten = 0) {
  if (!probes.consider(estimate, wanted, at_ms(start_ms))) return std::nullopt;
  double free = 0;
  int n = 0;
  double ms = start_ms;
  std::vector<std::pair<double, double>> came;
  for (; probes.mark() != 0; ms += 1) {
    if (probes.next() > at_ms(ms)) continue;
    while (probes.due(at_ms(ms)) > 0) {
      probes.sent(1'000, at_ms(ms));
      free = std::max(free, ms) + 8e6 / capacity;
      if (n++ % 10 >= lost_of_ten) came.emplace_back(ms, free);
    }
    probes.ticked(at_ms(ms));
  }
  const auto mark = static_cast<std::uint8_t>(1);
  for (const auto& [sent, arrived] : came) probes.arrived(mark, at_ms(sent), told_ms(arrived), 1'000);
  EXPECT_LE(ms - start_ms, 200);
  return probes.take_result(at_ms(ms + 600));
}

TEST(Probes, find_what_a_line_carries_beyond_what_is_sent_on_it) {
  Probes wide;
  const auto found = burst(wide, 50e6, 0, 1'000'000, 10'000'000);
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->full);
  EXPECT_NEAR(found->bps, 2e6, 600e3);
  EXPECT_TRUE(wide.consider(found->bps, 10'000'000, at_ms(700))) << "reached: the next at once";
  Probes narrow;
  const auto full = burst(narrow, 1.2e6, 0, 1'000'000, 10'000'000);
  ASSERT_TRUE(full);
  EXPECT_TRUE(full->full);
  EXPECT_NEAR(full->bps, 1.14e6, 150e3);
  EXPECT_FALSE(narrow.consider(1'000'000, 10'000'000, at_ms(700)));
  EXPECT_TRUE(narrow.consider(1'000'000, 10'000'000, at_ms(5'001)));
}

TEST(Probes, are_for_something_larger_alone_and_never_while_a_queue_drains) {
  Probes probes;
  EXPECT_FALSE(probes.consider(1'000'000, 800'000, at_ms(0)));
  probes.wait_until(at_ms(3'000));
  EXPECT_FALSE(probes.consider(1'000'000, 2'000'000, at_ms(2'000)));
  EXPECT_TRUE(probes.consider(1'000'000, 2'000'000, at_ms(3'000)));
  EXPECT_FALSE(probes.consider(1'000'000, 2'000'000, at_ms(20'000))) << "one at a time";
}

TEST(Probes, that_were_lost_or_lied_about_say_nothing) {
  Probes lossy;
  EXPECT_FALSE(burst(lossy, 50e6, 0, 2'000'000, 50'000'000, 5));
  Probes lied;
  ASSERT_TRUE(lied.consider(1'000'000, 10'000'000, at_ms(0)));
  for (double ms = 0; lied.mark() != 0; ms += 4) {
    while (lied.due(at_ms(ms)) > 0) lied.sent(1'000, at_ms(ms));
    lied.ticked(at_ms(ms));
  }
  for (int i = 0; i < 6; ++i) lied.arrived(1, at_ms(i * 4), told_ms(7), 1'000);  // all at once
  lied.arrived(9, at_ms(0), told_ms(900), 1'000);                                // of no burst
  EXPECT_FALSE(lied.take_result(at_ms(10'000)));
}

// -- section 4

Paced paced(PacketPool& pool, std::uint16_t slot, bool again = false, double ms = 0) {
  Paced out{.packet = pool.take(), .numbers = {}, .since = at_ms(ms), .generation = 0, .slot = slot, .again = again};
  return out;
}

TEST(Pacer, lets_everything_through_while_the_budget_lasts_and_spreads_the_rest) {
  Pacer pacer(5'000'000);
  std::size_t sent = 0;
  for (; pacer.admits(at_ms(0)); ++sent) pacer.spend(1'000, at_ms(0));
  EXPECT_NEAR(static_cast<double>(sent), 12.5e6 * 0.02 / 8e3, 2) << "20 ms at two and a half times the estimate";
  PacketPool pool;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(pacer.put(paced(pool, 1)));
  EXPECT_FALSE(pacer.admits(at_ms(1'000))) << "none overtakes what waits";
  Instant now = at_ms(0);
  int wakes = 0;
  for (; pacer.waiting() > 0; ++wakes) {
    now = std::max(now, pacer.next());
    while (pacer.due(now) != nullptr) {
      pacer.spend(1'000, now);
      pacer.pop();
    }
  }
  EXPECT_NEAR(static_cast<double>((now - at_ms(0)).us) / 1e3, 100 * 8e6 / 12.5e6, 15);
  EXPECT_LT(wakes, 10) << "a wake-up is worth it";
  EXPECT_TRUE(pacer.admits(now + Duration::millis(30)));
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(Pacer, repairs_go_first_and_what_was_dropped_is_let_go) {
  PacketPool pool;
  Pacer pacer(1'000'000);
  ASSERT_TRUE(pacer.put(paced(pool, 1)));
  ASSERT_TRUE(pacer.put(paced(pool, 2)));
  ASSERT_TRUE(pacer.put(paced(pool, 3, true)));
  EXPECT_EQ(pacer.first()->slot, 3);
  int dropped = 0;
  pacer.drop(1, [&](const Paced& p) { dropped += p.slot == 1 ? 1 : 0; });
  EXPECT_EQ(dropped, 1);
  EXPECT_EQ(pool.in_use(), 2U);
  pacer.pop();
  EXPECT_FALSE(pacer.first()->packet) << "dropped, but in its place";
  pacer.pop();
  EXPECT_EQ(pacer.first()->slot, 2);
}

TEST(Pacer, knows_whose_pictures_fill_it) {
  PacketPool pool;
  Pacer pacer(100'000);
  EXPECT_EQ(pacer.fullest(), 0xffff);
  std::size_t put = 0;
  for (; put < 600; ++put)
    if (!pacer.put({pool.take(), {}, {}, 0, static_cast<std::uint16_t>(put % 10 == 0 ? 1 : 4), false})) break;
  EXPECT_EQ(put, Pacer::kMost);
  EXPECT_EQ(pacer.fullest(), 4);
  pacer.drop(4, [](const Paced&) {});
  EXPECT_EQ(pacer.fullest(), 1);
}

TEST(Pacer, holds_so_many_and_no_more_and_sound_alone_does_not_shut_pictures_out_for_long) {
  PacketPool pool;
  Pacer pacer(1'000'000);
  std::size_t held = 0;
  while (pacer.put(paced(pool, 0))) ++held;
  EXPECT_EQ(held, Pacer::kMost);
  EXPECT_TRUE(pacer.put(paced(pool, 0, true))) << "repairs have a ring of their own";
  Pacer poor(50'000);
  for (int ms = 0; ms < 10'000; ms += 10) poor.spend(200, at_ms(ms));
  poor.set_estimate(50'000, false, at_ms(10'000));
  EXPECT_TRUE(poor.admits(at_ms(10'500)));
  EXPECT_LT(Pacer::factor(100'000, false), Pacer::factor(1'000'000, false));
  EXPECT_LT(Pacer::factor(5'000'000, true), Pacer::factor(5'000'000, false));
}

TEST(LineProof, is_the_least_of_two_seconds_down_at_once_and_longer_after_a_failure) {
  LineProof proof(1'000'000);
  const Instant never_fell{-1'000'000'000};
  double ms = 0;
  const auto pass = [&](double seconds, std::uint32_t estimate, Instant fell) {
    std::uint32_t out = 0;
    for (const auto end = ms + seconds * 1e3; ms < end; ms += 500) out = proof.update(estimate, false, fell, at_ms(ms));
    return out;
  };
  EXPECT_EQ(pass(3, 1'000'000, never_fell), 1'000'000U);
  EXPECT_EQ(pass(0.5, 300'000, at_ms(ms)), 300'000U);
  EXPECT_EQ(pass(1.5, 900'000, never_fell), 300'000U);
  EXPECT_EQ(pass(1, 900'000, never_fell), 900'000U);
  (void)pass(8, 900'000, never_fell);
  proof.raised(at_ms(ms));
  ms += 500;
  EXPECT_EQ(pass(0.5, 600'000, at_ms(ms)), 600'000U);  // full at once after going up
  EXPECT_EQ(proof.need(), Duration::seconds(4));
  EXPECT_EQ(pass(3, 800'000, never_fell), 600'000U) << "no more than where it went wrong, yet";
  EXPECT_EQ(pass(2, 800'000, never_fell), 800'000U);
  EXPECT_EQ(pass(2.5, 2'000'000, never_fell), 2'000'000U) << "so much more is another line";
}

}  // namespace
}  // namespace media
