// SPDX-License-Identifier: Apache-2.0
#include "bridge/commands.h"

#include <optional>

namespace bridge {
namespace {

using base::Duration;
using base::json::field;

constexpr base::json::Bounds kMillis{.least = 0, .most = 60'000};
constexpr base::json::Bounds kShare{.least = 0, .most = 1};

// In the units of whoever speaks of lines: milliseconds, bits a second, shares of one.
struct Said {
  std::optional<int> latency_ms, jitter_ms, queue_ms, late_ms, gap_ms, gap_every_ms;
  std::optional<double> loss, duplicate, reorder, burst_begin, burst_end, burst_loss;
  std::optional<std::int64_t> bits_per_second, cross_bits_per_second;
  static constexpr auto fields() {
    constexpr base::json::Bounds rate{.least = 0, .most = 10'000'000'000};
    return std::tuple{field("latency_ms", &Said::latency_ms, kMillis),
                      field("jitter_ms", &Said::jitter_ms, kMillis),
                      field("queue_ms", &Said::queue_ms, kMillis),
                      field("late_ms", &Said::late_ms, kMillis),
                      field("gap_ms", &Said::gap_ms, kMillis),
                      field("gap_every_ms", &Said::gap_every_ms, kMillis),
                      field("loss", &Said::loss, kShare),
                      field("duplicate", &Said::duplicate, kShare),
                      field("reorder", &Said::reorder, kShare),
                      field("burst_begin", &Said::burst_begin, kShare),
                      field("burst_end", &Said::burst_end, kShare),
                      field("burst_loss", &Said::burst_loss, kShare),
                      field("bits_per_second", &Said::bits_per_second, rate),
                      field("cross_bits_per_second", &Said::cross_bits_per_second, rate)};
  }
};

struct Command {
  std::optional<Said> down, up;
  static constexpr auto fields() { return std::tuple{field("down", &Command::down), field("up", &Command::up)}; }
};
struct Answer {
  Counters down, up;
  static constexpr auto fields() { return std::tuple{field("down", &Answer::down), field("up", &Answer::up)}; }
};
struct Refusal {
  std::string error;
  static constexpr auto fields() { return std::tuple{field("error", &Refusal::error)}; }
};

sim::Link link_of(const Said& said) {
  sim::Link link;
  const auto time = [](const std::optional<int>& ms, Duration& into) {
    if (ms) into = Duration::millis(*ms);
  };
  time(said.latency_ms, link.latency);
  time(said.jitter_ms, link.jitter);
  time(said.queue_ms, link.queue);
  time(said.late_ms, link.late);
  time(said.gap_ms, link.gaps.length);
  time(said.gap_every_ms, link.gaps.every);
  link.loss = said.loss.value_or(0);
  link.duplicate = said.duplicate.value_or(0);
  link.reorder = said.reorder.value_or(0);
  link.bursts = {
      .begin = said.burst_begin.value_or(0), .end = said.burst_end.value_or(1), .loss = said.burst_loss.value_or(1)};
  link.bits_per_second = static_cast<std::uint64_t>(said.bits_per_second.value_or(0));
  link.cross_bits_per_second = static_cast<std::uint64_t>(said.cross_bits_per_second.value_or(0));
  return link;
}

}  // namespace

std::string obey(Both& line, std::string_view text) {
  const auto command = base::json::read<Command>(text, base::json::Mode::strict);
  if (!command) return base::json::write(Refusal{command.error().front().pointer.get()});
  if (command->down) line.down.set(link_of(*command->down));
  if (command->up) line.up.set(link_of(*command->up));
  return base::json::write(Answer{line.down.counters(), line.up.counters()});
}

}  // namespace bridge
