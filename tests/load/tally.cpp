// SPDX-License-Identifier: Apache-2.0
// See tally.h.
#include "load/tally.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <utility>

namespace load {

namespace {

constexpr std::array kCounts{&Measured::sent,     &Measured::late, &Measured::send_lost, &Measured::expected,       &Measured::received,
                             &Measured::lost,     &Measured::octets, &Measured::sound_expected, &Measured::sound_lost, &Measured::receive_dropped};

}  // namespace

void count_in(const Participant& person, Measured& out) {
  const auto sent = person.publisher().counts();
  const auto received = person.subscriber().counts();
  Measured own;
  own.sent = sent.packets;
  own.late = sent.late;
  own.send_lost = sent.refused;
  own.expected = received.expected;
  own.received = received.received;
  own.lost = received.lost;
  own.octets = received.octets;
  own.sound_expected = received.sound_expected;
  own.sound_lost = received.sound_lost;
  add(own, out);
}
void add(const Measured& some, Measured& to) {
  for (const auto count : kCounts) to.*count += some.*count;
  to.latencies.add(some.latencies);
}
void take_since(const Measured& start, const Measured& end, Measured& out) {
  out.seconds = end.seconds - start.seconds;
  out.cpu_seconds = end.cpu_seconds - start.cpu_seconds;
  out.watched_cpu_seconds = end.watched_cpu_seconds - start.watched_cpu_seconds;
  // A loss can heal after the window began, so that less is lost at its end.
  for (const auto count : kCounts) out.*count = end.*count - std::min(end.*count, start.*count);
}

namespace {

void see_pair(const Subscriber& to, const Participant& from, Seen& out) {
  ++out.pairs;
  const auto found = to.witnesses().find(from.seat());
  if (found == to.witnesses().end()) {
    out.least_frames = 0;
    return;
  }
  const Witness& witness = found->second;
  const unsigned index = from.settings().index;
  out.pairs_right += most_seen(witness.codes) == index && most_seen(witness.tones) == index ? 1U : 0U;
  out.least_frames = std::min(out.least_frames, witness.frames_decoded);
  out.frames_failed += witness.frames_failed;
  out.unreadable += witness.unreadable;
  out.toneless += witness.toneless;
  for (const auto* counts : {&witness.codes, &witness.tones})
    for (const auto& [what, n] : *counts) out.wrong += what == index ? 0 : n;
}

}  // namespace

Seen seen_in(const std::vector<Seated>& people, Measured measured) {
  Seen out;
  out.measured = std::move(measured);
  out.least_frames = ~std::uint64_t{0};
  for (const auto& to : people) {
    if (to.hostile) continue;
    const auto& subscriber = to.person->subscriber();
    out.longest_sound_gap = std::max(out.longest_sound_gap, subscriber.longest_sound_gap());
    for (const auto& from : people)
      if (&from != &to && from.room == to.room && !from.hostile) see_pair(subscriber, *from.person, out);
  }
  return out;
}

std::string sample_line(const SampleFigures& sample, const Latencies& latencies, const Measured& own, const ChurnCounts& churn) {
  return boost::json::serialize(boost::json::object{{"seconds", sample.seconds},
                                                    {"settled", sample.settled},
                                                    {"present", sample.present},
                                                    {"faults", sample.faults},
                                                    {"expected", sample.good.expected},
                                                    {"lost", sample.good.lost},
                                                    {"poor_expected", sample.poor.expected},
                                                    {"poor_lost", sample.poor.lost},
                                                    {"latency_samples", latencies.count()},
                                                    {"p50_ms", latencies.quantile_ms(0.5)},
                                                    {"p99_ms", latencies.quantile_ms(0.99)},
                                                    {"own_cpu_seconds", own.cpu_seconds},
                                                    {"sent", own.sent},
                                                    {"late", own.late},
                                                    {"send_lost", own.send_lost},
                                                    {"receive_dropped", own.receive_dropped},
                                                    {"leaves", churn.leaves},
                                                    {"reloads", churn.reloads},
                                                    {"vanishes", churn.vanishes},
                                                    {"views", churn.views},
                                                    {"poor_lines", churn.poor_lines},
                                                    {"back", churn.back},
                                                    {"back_by_token", churn.back_by_token},
                                                    {"not_back", churn.not_back}});
}

}  // namespace load
