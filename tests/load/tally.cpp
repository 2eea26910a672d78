// SPDX-License-Identifier: Apache-2.0
// See tally.h.
#include "load/tally.h"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace load {

void count_in(const Participant& person, Measured& out) {
  const auto sent = person.publisher().counts();
  const auto received = person.subscriber().counts();
  out.sent += sent.packets;
  out.late += sent.late;
  out.send_lost += sent.refused;
  out.expected += received.expected;
  out.received += received.received;
  out.lost += received.lost;
  out.octets += received.octets;
  out.sound_expected += received.sound_expected;
  out.sound_lost += received.sound_lost;
}
void add(const Measured& some, Measured& to) {
  to.sent += some.sent;
  to.late += some.late;
  to.send_lost += some.send_lost;
  to.expected += some.expected;
  to.received += some.received;
  to.lost += some.lost;
  to.octets += some.octets;
  to.sound_expected += some.sound_expected;
  to.sound_lost += some.sound_lost;
  to.latencies.add(some.latencies);
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
