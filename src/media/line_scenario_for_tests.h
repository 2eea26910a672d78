// SPDX-License-Identifier: Apache-2.0
// One person's line in a room in virtual time, and what the others do; every run writes a picture to build/line. Without
// transports (line_for_tests.h). Seeds are given in line_scenarios_test.cpp.
#pragma once
#include <gtest/gtest.h>

#include "media/line_for_tests.h"
#include "media/plots_for_tests.h"

namespace media::rehearsal {

using base::Duration;
using base::Instant;

class Line : public ::testing::TestWithParam<int> {
 protected:
  // One person's line, and what the others do.
  void set_up(std::uint8_t people, std::uint32_t first_bps = 2'000'000, bool feedback = true) {
    room = std::make_unique<LineRoom>(network, first_bps);
    for (std::uint8_t n = 1; n <= people; ++n) persons.push_back(std::make_unique<LinePerson>(network, *room, n, feedback, seed));
    for (std::uint8_t n = 0; n < people; ++n) room->forwarder.set_present(n, true, network.now());
    began = network.now().instant;
    network.set_default({.latency = Duration::millis(20)});
  }
  // The viewer shows the other persons as large as this.
  void show(std::uint16_t width, std::uint16_t height, bool saver = false) {
    View v;
    v.saver = saver;
    for (std::uint32_t n = 2; n <= persons.size(); ++n) v.tiles.push_back({.of = {n}, .width = width, .height = height});
    room->forwarder.set_view(0, v, network.now());
    // What the others see is not looked at.
    for (std::size_t n = 1; n < persons.size(); ++n) room->forwarder.set_view(n, {.tiles = {}, .sound_only = true}, network.now());
    viewer().camera = viewer().follows_up;
    for (auto& p : persons) p->layer_on = {true, width > 320, width > 640};
  }
  // Seven talk to the viewer, who looks at nobody: each less loud than the one before.
  void hear_seven() {
    set_up(8, 2'000'000);
    room->forwarder.set_view(0, {.tiles = {}, .sound_only = true}, network.now());
    for (std::size_t n = 1; n < 8; ++n) {
      persons[n]->talks = {{began, began + Duration::seconds(100)}};
      persons[n]->loudness = static_cast<std::uint8_t>(20 + 2 * n);
    }
  }
  LinePerson& viewer() { return *persons[0]; }
  void down(const sim::Link& link) { network.set(room->address, viewer().address, link); }
  void up(const sim::Link& link) { network.set(viewer().address, room->address, link); }
  void down_at(double seconds, const sim::Link& link) {
    network.plan(room->address, viewer().address, began + Duration::millis(static_cast<std::int64_t>(seconds * 1e3)), link);
  }
  Duration queueing() { return network.queueing(room->address, viewer().address); }
  std::uint32_t estimate() {
    LineFigures f;
    room->forwarder.fill(0, f);
    return f.estimated_bps;
  }
  double seconds() const { return static_cast<double>((network.now().instant - began).us) / 1e6; }
  // Runs, and notes what is to be drawn every 100 ms; `look` is called then.
  template <class F>
  void run(double until, F&& look) {
    while (seconds() < until) {
      network.run_for(Duration::millis(100));
      const auto t = seconds();
      rates[0].points.push_back({t, static_cast<double>(room->ends[0]->bytes - sent_before) * 8 / 0.1 / 1e3});
      sent_before = room->ends[0]->bytes;
      rates[1].points.push_back({t, estimate() / 1e3});
      const auto carries = network.link(room->address, viewer().address).bits_per_second;
      if (carries > 0) rates[2].points.push_back({t, static_cast<double>(carries) / 1e3});
      queue.points.push_back({t, static_cast<double>(queueing().us) / 1e3});
      layer.points.push_back({t, room->forwarder.layer_sent(0, 1) + 1.0});
      state.points.push_back({t, 4.0 - static_cast<double>(room->forwarder.pictures_of(0))});
      look();
    }
  }
  void run(double until) {
    run(until, [] {});
  }
  // The least that was thought of the line until then, and how often every picture was whole.
  struct Held {
    std::uint32_t least = UINT32_MAX;
    int full = 0, looks = 0;
  };
  Held hold(double until) {
    Held held;
    run(until, [&] {
      held.least = std::min(held.least, estimate());
      held.full += room->forwarder.pictures_of(0) == Pictures::full ? 1 : 0;
      ++held.looks;
    });
    return held;
  }
  void TearDown() override {
    draw({{"rate, kbit/s", {rates[0], rates[1], rates[2]}},
          {"waiting at the bottleneck, ms", {queue}},
          {"picture of one other person: layer (1 to 3), and state (4 full to 1 none)", {layer, state}}});
  }

  std::uint64_t seed = static_cast<std::uint64_t>(GetParam());
  sim::Network network{seed};
  std::unique_ptr<LineRoom> room;
  std::vector<std::unique_ptr<LinePerson>> persons;
  Instant began;
  std::uint64_t sent_before = 0;
  std::array<sim::Series, 3> rates{sim::Series{"sent", "#c33", {}}, {"estimate", "#36c", {}}, {"line", "#999", {}}};
  sim::Series queue{"queue", "#963", {}}, layer{"layer", "#393", {}}, state{"state", "#939", {}};
};

}  // namespace media::rehearsal
