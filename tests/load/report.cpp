// SPDX-License-Identifier: Apache-2.0
// Times are milliseconds since the receiving person's own `state: present` (or since the other was there, if later), so that
// they say how long somebody looked at an empty tile.
#include "load/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace load {
namespace {

namespace json = boost::json;

json::value milliseconds(std::optional<base::Instant> at, std::optional<base::Instant> since) {
  if (!at || !since) return nullptr;
  return static_cast<double>((*at - *since).us) / 1'000;
}
json::value number_or_null(std::optional<unsigned> n) { return n ? json::value(*n) : json::value(nullptr); }

json::object counts_object(const std::map<unsigned, std::uint64_t>& counts) {
  json::object out;
  for (const auto& [what, n] : counts) out[std::to_string(what)] = n;
  return out;
}

// Since when this person could have seen and heard that seat.
std::optional<base::Instant> together_since(const Participant& person, std::uint32_t seat) {
  auto since = person.milestones().present;
  const auto other = person.others().find(seat);
  if (since && other != person.others().end()) since = std::max(*since, other->second);
  return since;
}

json::object pair_object(std::size_t room, const Participant& to, std::uint32_t from, const Witness& w) {
  const auto since = together_since(to, from);
  return {{"room", room},
          {"to", to.seat()},
          {"from", from},
          {"frames", w.frames_decoded},
          {"frames_failed", w.frames_failed},
          {"code", number_or_null(most_seen(w.codes))},
          {"codes", counts_object(w.codes)},
          {"unreadable", w.unreadable},
          {"tone", number_or_null(most_seen(w.tones))},
          {"tones", counts_object(w.tones)},
          {"toneless", w.toneless},
          {"width", w.width},
          {"height", w.height},
          {"first_frame_ms", milliseconds(w.first_frame, since)},
          {"first_sound_ms", milliseconds(w.first_sound, since)}};
}

json::array pairs_array(const RunResult& result) {
  json::array pairs;
  for (const auto& seated : result.people) {
    const auto& witnesses = seated.person->subscriber().witnesses();
    for (const auto& [seat, witness] : witnesses) pairs.push_back(pair_object(seated.room, *seated.person, seat, witness));
    // Somebody who was there and of whom nothing came is a pair too.
    for (const auto& [seat, since] : seated.person->others())
      if (!witnesses.contains(seat)) pairs.push_back(pair_object(seated.room, *seated.person, seat, {}));
  }
  return pairs;
}

// Of each other seat, what the checks compare.
json::array heard_array(const Participant& person) {
  json::array heard;
  for (const auto& [seat, w] : person.subscriber().witnesses()) {
    const auto since = together_since(person, seat);
    heard.push_back(json::object{{"seat", seat},
                                 {"code", number_or_null(most_seen(w.codes))},
                                 {"tone", number_or_null(most_seen(w.tones))},
                                 {"frames", w.frames_decoded},
                                 {"first_frame_ms", milliseconds(w.first_frame, since)},
                                 {"first_sound_ms", milliseconds(w.first_sound, since)}});
  }
  return heard;
}

json::object frames_object(const OpenCounts& counts) {
  return {{"opened", counts.opened},
          {"waited", counts.waited},
          {"replayed", counts.replayed},
          {"refused", counts.refused},
          {"of_another", counts.of_another}};
}

json::array people_array(const RunResult& result) {
  json::array people;
  for (const auto& seated : result.people) {
    const auto& person = *seated.person;
    const auto& at = person.milestones();
    const auto sent = person.publisher().counts();
    const auto received = person.subscriber().counts();
    json::array faults;
    for (const auto& fault : person.faults()) faults.emplace_back(fault);
    people.push_back(json::object{{"room", seated.room},
                                  {"hostile", seated.hostile},
                                  {"index", person.settings().index},
                                  {"seat", person.seat()},
                                  {"role", person.role()},
                                  {"state", person.state()},
                                  {"failure", person.failure() ? json::value(*person.failure()) : json::value(nullptr)},
                                  {"faults", std::move(faults)},
                                  {"connected_ms", milliseconds(at.connected, at.hello)},
                                  {"join_ms", milliseconds(at.present, at.hello)},
                                  {"sent", sent.packets},
                                  {"resent", sent.resent},
                                  {"key_frames_asked_of_us", sent.key_frames_asked},
                                  {"expected", received.expected},
                                  {"received", received.received},
                                  {"lost", received.lost},
                                  {"repaired", received.repaired},
                                  {"duplicates", received.duplicates},
                                  {"unknown", received.unknown},
                                  {"bytes", received.octets},
                                  {"encrypted", person.encrypted()},
                                  {"words", json::value_from(person.words())},
                                  {"unsealed", sent.unsealed},
                                  {"frames", frames_object(received.frames)},
                                  {"heard", heard_array(person)}});
  }
  return people;
}

// Of all connections that came to one; sorted, each once.
json::array ciphers_array(const RunResult& result) {
  std::set<std::string_view> names;
  for (const auto& seated : result.people)
    if (const auto profile = seated.person->peer().profile())
      names.insert(*profile == transport::SrtpProfile::aead_aes_128_gcm ? "AEAD_AES_128_GCM" : "AES_CM_128_HMAC_SHA1_80");
  json::array out;
  for (const auto name : names) out.emplace_back(name);
  return out;
}

json::value seen_value(const std::optional<Seen>& seen) {
  if (!seen) return nullptr;
  const Measured& m = seen->measured;
  return json::object{{"seconds", m.seconds},
                      {"expected", m.expected},
                      {"lost", m.lost},
                      {"sound_expected", m.sound_expected},
                      {"sound_lost", m.sound_lost},
                      {"latency_p50_ms", m.latencies.quantile_ms(0.5)},
                      {"latency_p99_ms", m.latencies.quantile_ms(0.99)},
                      {"longest_sound_gap_ms", static_cast<double>(seen->longest_sound_gap.us) / 1'000},
                      {"pairs", seen->pairs},
                      {"pairs_right", seen->pairs_right},
                      {"least_frames", seen->least_frames},
                      {"frames_failed", seen->frames_failed},
                      {"unreadable", seen->unreadable},
                      {"toneless", seen->toneless},
                      {"wrong", seen->wrong}};
}

json::object attack_object(const AttackCounts& counts) {
  return {{"strays", counts.strays}, {"rtp", counts.rtp}, {"rtcp", counts.rtcp}, {"texts", counts.texts}, {"connections", counts.connections}};
}

json::object churn_object(const RunResult& result) {
  const ChurnCounts& c = result.churn;
  json::array faults;
  for (const auto& fault : result.faults) faults.emplace_back(fault);
  return {{"leaves", c.leaves},
          {"reloads", c.reloads},
          {"vanishes", c.vanishes},
          {"views", c.views},
          {"poor_lines", c.poor_lines},
          {"back", c.back},
          {"back_by_token", c.back_by_token},
          {"not_back", c.not_back},
          {"why", c.why},
          {"faults", std::move(faults)}};
}

json::object run_object(const CrowdSettings& settings, const RunResult& result) {
  const Measured& m = result.measured;
  const auto pairs = count_pairs(settings, result);
  return {{"rooms", settings.rooms.size()},
          {"people", settings.people},
          {"bench", settings.bench},
          {"everyone_came", result.everyone_came},
          {"void", result.why_void.empty() ? json::value(nullptr) : json::value(result.why_void)},
          {"seconds", m.seconds},
          {"cpu_seconds", m.cpu_seconds},
          {"watched_cpu_seconds", m.watched_cpu_seconds},
          {"ciphers", ciphers_array(result)},
          {"sent", m.sent},
          {"late", m.late},
          {"send_lost", m.send_lost},
          {"expected", m.expected},
          {"received", m.received},
          {"lost", m.lost},
          {"sound_expected", m.sound_expected},
          {"sound_lost", m.sound_lost},
          {"receive_dropped", m.receive_dropped},
          {"bytes", m.octets},
          {"latency_samples", m.latencies.count()},
          {"latency_p50_ms", m.latencies.quantile_ms(0.5)},
          {"latency_p99_ms", m.latencies.quantile_ms(0.99)},
          {"pairs", pairs.all},
          {"pairs_right", pairs.right},
          {"quiet", seen_value(result.quiet)},
          {"attacked", seen_value(result.attacked)},
          {"attack", attack_object(result.attack)},
          {"churn", churn_object(result)}};
}

std::string pretty(const json::object& o) {
  std::string out = "{\n";
  bool first = true;
  for (const auto& [key, value] : o) {
    out += fmt::format("{}  {}: ", first ? "" : ",\n", json::serialize(json::string(key)));
    first = false;
    if (!value.is_array()) {
      out += json::serialize(value);
      continue;
    }
    out += "[";
    for (std::size_t i = 0; i < value.get_array().size(); ++i)
      out += fmt::format("{}\n    {}", i == 0 ? "" : ",", json::serialize(value.get_array()[i]));
    out += "\n  ]";
  }
  return out + "\n}\n";
}

double median_join_ms(const RunResult& result) {
  std::vector<double> all;
  for (const auto& seated : result.people)
    if (const auto& at = seated.person->milestones(); at.present && at.hello)
      all.push_back(static_cast<double>((*at.present - *at.hello).us) / 1'000);
  if (all.empty()) return 0;
  std::ranges::sort(all);
  return all[all.size() / 2];
}

}  // namespace

Pairs count_pairs(const CrowdSettings& settings, const RunResult& result) {
  Pairs pairs;
  for (const auto& to : result.people)
    for (const auto& from : result.people) {
      if (&to == &from || to.room != from.room) continue;
      ++pairs.all;
      const auto& witnesses = to.person->subscriber().witnesses();
      const auto found = witnesses.find(from.person->seat());
      if (found == witnesses.end()) continue;
      const unsigned index = from.person->settings().index;
      const bool picture = settings.layers == 0 || settings.tile_width == 0 || most_seen(found->second.codes) == index;
      pairs.right += picture && most_seen(found->second.tones) == index ? 1U : 0U;
    }
  return pairs;
}

std::string report_json(const CrowdSettings& settings, const RunResult& result) {
  return pretty({{"run", run_object(settings, result)}, {"people", people_array(result)}, {"pairs", pairs_array(result)}});
}

std::string check_json(const CrowdSettings&, const RunResult& result) {
  return pretty({{"people", people_array(result)}, {"pairs", pairs_array(result)}});
}

std::string report_text(const CrowdSettings& settings, const RunResult& result) {
  const Measured& m = result.measured;
  std::size_t came = 0, faults = 0;
  for (const auto& seated : result.people) {
    came += seated.person->milestones().present ? 1U : 0U;
    faults += seated.person->faults().size();
  }
  const double lost = m.expected == 0 ? 0 : 100.0 * static_cast<double>(m.lost) / static_cast<double>(m.expected);
  const double seconds = m.seconds > 0 ? m.seconds : 1;
  std::string out = fmt::format("{} of {} people present in {} rooms, median join {:.0f} ms, {} faults\n", came,
                                result.people.size(), settings.rooms.size(), median_join_ms(result), faults);
  out += fmt::format("measured {:.1f} s: sent {}, expected {}, received {} ({:.0f}/s, {:.1f} Mbit/s), lost {} ({:.3f}%), sound lost {}\n",
                     m.seconds, m.sent, m.expected, m.received, static_cast<double>(m.received) / seconds,
                     static_cast<double>(m.octets) * 8 / seconds / 1e6, m.lost, lost, m.sound_lost);
  out += fmt::format("latency p50 {:.2f} ms, p99 {:.2f} ms ({} packets)\n", m.latencies.quantile_ms(0.5),
                     m.latencies.quantile_ms(0.99), m.latencies.count());
  out += fmt::format("own: CPU {:.0f}%, late {}, not sent {}, dropped on arrival {}\n", 100 * m.cpu_seconds / seconds,
                     m.late, m.send_lost, m.receive_dropped);
  OpenCounts frames;
  std::uint64_t encrypted = 0, unsealed = 0;
  for (const auto& seated : result.people) {
    frames.add(seated.person->subscriber().counts().frames);
    unsealed += seated.person->publisher().counts().unsealed;
    encrypted += seated.person->encrypted() ? 1U : 0U;
  }
  if (encrypted > 0)
    out += fmt::format("encrypted for {}: frames opened {}, not opened {} (no key {}, replayed {}, refused {}, another's {}), not sent for want of keys {}\n",
                       encrypted, frames.opened, frames.waited + frames.replayed + frames.refused + frames.of_another, frames.waited,
                       frames.replayed, frames.refused, frames.of_another, unsealed);
  if (settings.decode != Decode::none && !settings.bench) {
    const auto pairs = count_pairs(settings, result);
    out += fmt::format("pairs with the right code and tone: {} of {}\n", pairs.right, pairs.all);
  }
  if (!result.why_void.empty()) out += "VOID: " + result.why_void + "\n";
  return out;
}

}  // namespace load
