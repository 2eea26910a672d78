// SPDX-License-Identifier: Apache-2.0
// Ways to the room that end, change or are closed, in virtual time, each from several seeds, with whole transports: what is
// heard, by which way and how soon. Every run writes a picture to build/line. In real browsers: ./dev bench line, g to i.
#include <gtest/gtest.h>

#include "media/group_for_tests.h"
#include "media/plots_for_tests.h"

namespace media {
namespace {

using namespace media::rehearsal;
using base::Address;
using base::Instant;

// A relay (RFC 8656) as the room sees it: what its client sends comes from the relay's own address. Not here: allocations.
class Relay final : public sim::Host {
 public:
  Relay(sim::Network& network, const Address& towards_client, const Address& towards_room, const Address& room)
      : network_(network), near_(towards_client), far_(towards_room), room_(room) {
    network.attach(near_, *this);
    network.attach(far_, *this);
  }
  ~Relay() override {
    network_.detach(near_);
    network_.detach(far_);
  }
  void on_datagram(base::Now, const Address& to, const Address& from, base::MutableBytes d) override {
    if (to == near_) {
      client_ = from;
      network_.send(far_, room_, d);
    } else if (client_) {
      network_.send(near_, *client_, d);
    }
  }
  void on_timer(base::Now) override {}
  [[nodiscard]] Instant next_timeout() const override { return Instant::never(); }

 private:
  sim::Network& network_;
  Address near_, far_, room_;
  std::optional<Address> client_;
};

class Ways : public Group, public ::testing::WithParamInterface<int> {
 protected:
  Ways() { network.set_default({.latency = Duration::millis(30), .jitter = Duration::millis(5 * GetParam())}); }
  void meet(std::uint32_t count) {
    come_all(count);
    for (std::uint32_t n = 1; n <= count; ++n) enter(n);
    people[0]->tell_arrivals(network.now().instant);
  }
  double seconds() const { return static_cast<double>((network.now().instant - began).us) / 1e6; }
  // Until that second; `look` each twentieth of one.
  template <class F>
  void watch(double until, F&& look) {
    while (seconds() < until) {
      network.run_for(Duration::millis(50));
      const auto t = seconds();
      const auto& own = *people[0];
      rate.points.push_back({t, static_cast<double>(own.bytes_in - bytes_before) * 8 / 0.05 / 1e3});
      bytes_before = own.bytes_in;
      if (slot(1, 2) && sound(1, 2).first) {
        silence.points.push_back({t, static_cast<double>((network.now().instant - sound(1, 2).last).us) / 1e3});
        const auto& layers = picture(1, 2).layers;
        layer.points.push_back({t, layers.empty() ? 0.0 : *layers.rbegin() + 1.0});
      }
      carrier.points.push_back({t, !own.peer.selected_path() ? 0.0 : own.peer.selected_path()->carrier == base::Carrier::udp ? 1.0 : 2.0});
      look();
    }
  }
  void watch(double until) {
    watch(until, [] {});
  }
  void block(const Address& a, const Address& b) { network.set_both(a, b, {.loss = 1}); }
  void TearDown() override {
    draw({{"comes to the person, kbit/s", {rate}},
          {"since the last sound of another, ms", {silence}},
          {"layer of their picture; way (1 UDP, 2 TCP)", {layer, carrier}}});
  }

  Instant began = network.now().instant;
  std::uint64_t bytes_before = 0;
  sim::Series rate{"rate", "#c33", {}}, silence{"silence", "#36c", {}}, layer{"layer", "#393", {}}, carrier{"way", "#939", {}};
};

INSTANTIATE_TEST_SUITE_P(Seeds, Ways, ::testing::Values(0, 1, 2));

// From one network to another: the old address is dead at once, the WebSocket with it. It stands again after half a second, and the room's offer
// restarts ICE on the same connection.
TEST_P(Ways, that_change_in_mid_call_are_heard_again_soon_after_the_rooms_offer) {
  meet(3);
  watch(6);
  const auto slots_before = host.last<Event::Slots>(key(1))->carries;
  const auto old = people[0]->address(), other = Address::v4(10, 9, 9, 9, 4'000);
  block(old, host.address);
  people[0]->moves_to(other);
  const auto moved = seconds();
  double resumed = 0, heard_again = 0;
  bool restarted = false;
  watch(moved + 6, [&] {
    if (!restarted && seconds() >= moved + 0.5) {
      restarted = true;
      resumed = seconds();
      host.exchange.restart_ice(key(1), network.now());
      host.collect();
      people[0]->negotiate();
    }
    if (heard_again == 0 && sound(1, 2).last > began + Duration::millis(static_cast<std::int64_t>(moved * 1e3) + 200)) heard_again = seconds();
  });
  ASSERT_GT(heard_again, 0) << "at all";
  EXPECT_LT(heard_again - moved, 3);
  EXPECT_LT(heard_again - resumed, 0.5) << "two round trips of a check, and what was under way";
  EXPECT_EQ(host.last<Event::Slots>(key(1))->carries, slots_before) << "the same connection and slots";
  for (std::uint32_t of : {2U, 3U}) {
    EXPECT_GT(sound(1, of).last, network.now().instant - Duration::millis(150)) << of;
    EXPECT_GT(picture(1, of).last, network.now().instant - Duration::millis(300)) << of;
    EXPECT_GT(sound(of, 1).last, network.now().instant - Duration::millis(150)) << of;
  }
  EXPECT_EQ(host.count<Event::Failed>(key(1)), 0U);
}

TEST_P(Ways, that_let_no_UDP_through_are_taken_by_TCP) {
  const auto address = Address::v4(10, 0, 1, 1, 4'000);
  block(address, host.address);
  come(1, {path_of(host.address), tcp_path_of(host.tcp_address)});
  come(2);
  for (std::uint32_t n : {1U, 2U}) enter(n);
  watch(8);
  ASSERT_EQ(people[0]->peer.state(), transport::State::connected);
  EXPECT_EQ(people[0]->peer.selected_path()->carrier, base::Carrier::tcp);
  ASSERT_TRUE(slot(1, 2));
  EXPECT_LT((*sound(1, 2).first - began).millis(), 2'000);
  EXPECT_GT(sound(1, 2).last, network.now().instant - Duration::millis(150));
  EXPECT_GT(sound(2, 1).last, network.now().instant - Duration::millis(150));
  EXPECT_GT(picture(1, 2).last, network.now().instant - Duration::millis(300));
}

TEST_P(Ways, that_let_neither_UDP_nor_TCP_through_are_taken_by_the_relay) {
  const auto address = Address::v4(10, 0, 1, 1, 4'000);
  const auto near = Address::v4(10, 0, 2, 1, 443), far = Address::v4(10, 0, 2, 1, 49'152);
  Relay relay(network, near, far, host.address);
  block(address, host.address);
  block(tcp_address_of(address), host.tcp_address);
  come(1, {path_of(host.address), tcp_path_of(host.tcp_address), path_of(near)});
  come(2);
  for (std::uint32_t n : {1U, 2U}) enter(n);
  watch(8);
  ASSERT_EQ(people[0]->peer.state(), transport::State::connected);
  EXPECT_EQ(people[0]->peer.selected_path()->remote, near);
  ASSERT_TRUE(slot(1, 2));
  EXPECT_LT((*sound(1, 2).first - began).millis(), 2'000);
  EXPECT_GT(sound(1, 2).last, network.now().instant - Duration::millis(200));
  EXPECT_GT(sound(2, 1).last, network.now().instant - Duration::millis(200));
  EXPECT_GT(picture(1, 2).last, network.now().instant - Duration::millis(300));
}

}  // namespace
}  // namespace media
