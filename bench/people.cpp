// SPDX-License-Identifier: Apache-2.0
// people_bench URL [PEOPLE]: makes a trust with so many invented people (50,000) in an empty database, then asks the service's own
// routes as its staff would, one request after another, and prints the 50th and 99th of a hundred in milliseconds, with audit rows
// on the disk, and this process's CPU time for one (a database server's own is not in it). Not here: sockets and sign-in, other routes. One thread.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>

#include "bench/invented.h"
#include "care/person_break_glass_routes.h"
#include "care/person_routes.h"
#include "store/schema.h"

namespace {

using namespace care;
using namespace bench;

constexpr std::size_t kTeams = 40, kGroups = 5'000;
constexpr base::WallTime kNow{1'795'000'000'000'000};
void make_trust(store::Pool& pool) {
  auto tx = pool.write();
  tx->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Trust', 'Europe/London', '', '{}')", uuid(1, 1));
  tx->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Service')", uuid(2, 1), uuid(1, 1));
  for (std::size_t t = 0; t < kTeams; ++t)
    tx->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, '')", uuid(3, t), uuid(2, 1), fmt::format("Team {}", t));
  for (std::size_t g = 0; g < kGroups; ++g)
    tx->run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, "
            "software, venue, capacity, confidentiality_plan, made_us) VALUES ($1, 1, $2, $3, '', 'Europe/London', 1, 1, 1, '', '', 'quietroom', '', "
            "12, '{}', 1)", uuid(4, g), uuid(3, g % kTeams), fmt::format("Group {}", g));
  if (!tx->commit()) throw std::runtime_error("the database is not empty");
}

std::vector<PersonId> make_people(store::Pool& pool, const store::KeyRing& keys, Seeded& entropy, std::size_t people) {
  std::vector<PersonId> all;
  std::unique_ptr<store::Transaction> tx;
  for (std::size_t i = 0; i < people; ++i) {
    if (i % 1'000 == 0) {
      if (tx && !tx->commit()) throw std::runtime_error("cannot save");
      tx = pool.write();
    }
    Identity it;
    it.legal_name = Personal(invented(entropy, 2'880) + " " + invented(entropy, 2'880));
    it.nhs_number = Personal(nhs_number(i * 11));
    it.birth_date.value = Personal(fmt::format("{}-{:02}-{:02}", 1940 + i % 60, 1 + i % 12, 1 + i % 28));
    it.contacts.mobile = Personal(fmt::format("+447700{:06}", i));
    it.contacts.email = Personal(fmt::format("person{}@example.org", i));
    it.contacts.postcode = Personal("LS1 4AP");
    all.push_back(base::new_id<PersonId>(entropy, {kNow.us + static_cast<std::int64_t>(i) * 1'000}));
    insert_person(*tx, keys, entropy, all.back(), TeamId{uuid(3, i % kTeams)}, it, {}, kNow);
    tx->run("INSERT INTO membership (id, version, group_id, person, state, reason, seat, made_us, changed_us) VALUES ($1, 1, $2, $3, 'joined', '', "
            "$4, $5, $5)", uuid(5, i), uuid(4, i % kGroups), all.back(), 100 + i, kNow);
  }
  if (tx && !tx->commit()) throw std::runtime_error("cannot save");
  return all;
}

Actor somebody(Role role, const std::string& team, std::vector<GroupId> groups) {
  Actor a;
  a.kind = Actor::Kind::staff;
  a.staff = {uuid(6, 1)};
  a.standings = {{role, TeamId{team}}};
  a.facilitates = std::move(groups);
  return a;
}

class Bench {
 public:
  Bench(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy)
      : desk_(pool, keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return who; }) {
    add_person_search_routes(site_, desk_);
    add_person_routes(site_, desk_);
    add_person_break_glass_routes(site_, desk_);
  }
  Actor who;
  void measure(std::string_view what, std::size_t times, const std::function<http::Request(std::size_t)>& make) {
    std::vector<double> took;
    std::size_t rows = 0, failed = 0;
    const std::clock_t cpu = std::clock();
    for (std::size_t i = 0; i < times + 20; ++i) {
      http::Request request = make(i);
      const auto begin = std::chrono::steady_clock::now();
      const http::Response answer = site_.handle(std::move(request), {.instant = {1}, .wall = kNow});
      const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
      failed += answer.status == 200 ? 0 : 1;
      for (std::size_t at = answer.text().find("\"legalName\""); at != std::string_view::npos; at = answer.text().find("\"legalName\"", at + 1)) ++rows;
      if (i >= 20) took.push_back(ms);
    }
    const double burnt = 1e3 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / static_cast<double>(times + 20);
    std::ranges::sort(took);
    fmt::print("  {:<62} p50 {:7.2f} ms   p99 {:7.2f} ms   CPU {:5.2f} ms   {:5.1f} rows{}\n", what, took[took.size() / 2], took[took.size() * 99 / 100], burnt,
               static_cast<double>(rows) / static_cast<double>(times + 20), failed == 0 ? "" : fmt::format("   {} FAILED", failed));
  }

 private:
  http::Site site_{{}, nullptr};
  Desk desk_;
};

http::Request search(std::string what) {
  http::Request r;
  r.method = http::Method::post;
  r.target.path = "/api/people/search";
  r.headers = {{"Content-Type", "application/json"}};
  r.body = Personal(base::json::print({{"search", what}}));
  return r;
}

void measure_all(Bench& bench, Seeded& entropy, const std::vector<PersonId>& people) {
  constexpr std::string_view kTwo[] = {"sa", "ma", "jo", "al", "wi", "ka", "th", "zo"};
  const auto two = [&](std::size_t i) { return search(std::string(kTwo[i % 8])); };
  const auto name = [&](std::size_t) { return search(invented(entropy, 2'880) + " " + invented(entropy, 2'880).substr(0, 3)); };
  const auto number = [&](std::size_t) { return search(nhs_number(entropy.below(people.size()) * 11)); };
  bench.who = somebody(Role::team_lead, {}, {});
  bench.measure("a lead of the whole trust, two letters", 500, two);
  bench.measure("a lead of the whole trust, a name and three letters", 1'000, name);
  bench.measure("a lead of the whole trust, an NHS number", 1'000, number);
  bench.who = somebody(Role::team_lead, uuid(3, 7), {});
  bench.measure("a lead of one team of 40, two letters", 500, two);
  bench.measure("a lead of one team of 40, a name and three letters", 1'000, name);
  bench.measure("opening a record (lead)", 2'000, [&](std::size_t) {
    http::Request r;
    r.target.path = "/api/people/" + people[entropy.below(people.size() / kTeams) * kTeams + 7].text;
    return r;
  });
  bench.who = somebody(Role::facilitator, uuid(3, 7), {{uuid(4, 7)}, {uuid(4, 47)}, {uuid(4, 87)}, {uuid(4, 127)}});
  bench.measure("a facilitator of 4 groups of 5,000, two letters", 500, two);
  bench.measure("a facilitator of 4 groups of 5,000, a name and three letters", 1'000, name);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    fmt::print(stderr, "people_bench URL [PEOPLE]\n");
    return 2;
  }
  const std::size_t count = argc > 2 ? std::stoul(argv[2]) : 50'000;
  auto pool = store::Pool::open(argv[1], 4);
  if (!pool || !store::migrate(**pool, kNow)) throw std::runtime_error("the database does not open");
  Seeded entropy;
  store::KeyRing keys(entropy);
  {
    auto tx = (*pool)->write();
    const auto file = store::parse_key_file(store::make_key_line("bench", entropy));
    if (!file || !keys.load(*tx, *file, kNow) || !tx->commit()) throw std::runtime_error("no keys");
  }
  const auto begin = std::chrono::steady_clock::now();
  make_trust(**pool);
  const auto people = make_people(**pool, keys, entropy, count);
  if ((*pool)->dialect() == store::Dialect::postgresql) {
    auto tx = (*pool)->write();
    tx->execute("ANALYZE");  // as autovacuum does within minutes
    if (!tx->commit()) throw std::runtime_error("cannot analyse");
  }
  fmt::print("{} people made in {:.0f} s\n", count, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  Bench bench(**pool, keys, entropy);
  measure_all(bench, entropy, people);
  return 0;
} catch (const std::exception& e) {
  fmt::print(stderr, "people_bench: {}\n", e.what());
  return 1;
}
