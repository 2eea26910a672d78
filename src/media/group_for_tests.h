// SPDX-License-Identifier: Apache-2.0
// A group of whole people and the exchange they meet in, over the simulated network.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "media/people_for_tests.h"

namespace media::rehearsal {

using base::Duration;

class Group : public ::testing::Test {
 protected:
  static constexpr base::RoomId kRoom{7};
  Group() { network.set_default({.latency = Duration::millis(5)}); }
  static ParticipantKey key(std::uint32_t n) { return {kRoom, {n}}; }
  Settings settings() const {
    Settings s;
    s.certificate = certificate;
    return s;
  }
  // Comes, connects and sends, but is not yet present.
  Person& come(std::uint32_t n, std::vector<base::Path> candidates = {}) {
    EXPECT_TRUE(host.exchange.add(key(n), network.now()));
    people.push_back(std::make_unique<Person>(network, host, key(n), base::Address::v4(10, 0, 1, static_cast<std::uint8_t>(n), 4000), certificate, entropy));
    auto& p = *people.back();
    if (!candidates.empty()) p.candidates = std::move(candidates);
    p.negotiate();
    p.start(network.now().instant);
    return p;
  }
  void come_all(std::uint32_t count) {
    for (std::uint32_t n = 1; n <= count; ++n) come(n);
    ASSERT_TRUE(network.run_until(network.now().instant + Duration::seconds(5),
                                  [&] { return std::ranges::all_of(people, [](const auto& p) { return p->peer.state() == transport::State::connected; }); }));
    run(Duration::millis(300));
  }
  void run(Duration d) { network.run_for(d); }
  void enter(std::uint32_t n) {
    host.exchange.set_present(key(n), true, network.now());
    host.collect();
  }
  // The slot in which `viewer` has `of`.
  std::optional<std::size_t> slot(std::uint32_t viewer, std::uint32_t of) {
    const auto* slots = host.last<Event::Slots>(key(viewer));
    if (slots == nullptr) return std::nullopt;
    for (std::size_t k = 0; k < slots->carries.size(); ++k)
      if (slots->carries[k] == base::ArrivalId{of}) return k;
    return std::nullopt;
  }
  Person::Heard& sound(std::uint32_t viewer, std::uint32_t of) { return people[viewer - 1]->heard["s" + std::to_string(slot(viewer, of).value())]; }
  Person::Heard& picture(std::uint32_t viewer, std::uint32_t of) { return people[viewer - 1]->heard["p" + std::to_string(slot(viewer, of).value())]; }

  sim::SeededEntropy entropy{11};
  sim::Network network{12};
  std::shared_ptr<const crypto::Certificate> certificate = crypto::Certificate::make_self_signed();
  ExchangeHost host{network, base::Address::v4(10, 0, 0, 1, 5000), entropy, settings()};
  std::vector<std::unique_ptr<Person>> people;
};

}  // namespace media::rehearsal
