// SPDX-License-Identifier: Apache-2.0
// service_fill FOLDER [POSTGRES_URL]: an invented trust of 50,000 people in 5,000 groups, in FOLDER/quietroom.sqlite3 with its keys,
// and the same rows in an empty PostgreSQL. Each group meets weekly for ten weeks of which this is the fourth, so that some seven
// hundred sessions fall on any day; everybody has been told of every session. FOLDER/world.json says who can sign in and what is
// where, for bench/service.ts. Not here: asking the service anything. One thread.
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "bench/invented.h"
#include "bench/service_copy.h"
#include "care/group.h"
#include "care/link.h"
#include "care/membership.h"
#include "care/person_table.h"
#include "care/zone.h"
#include "crypto/base64url.h"
#include "crypto/password.h"
#include "identity/account_table.h"
#include "interop/message_table.h"
#include "store/audit_trail.h"
#include "store/schema.h"

namespace {

using namespace bench;
using care::Personal;

constexpr std::size_t kTeams = 40, kGroups = 5'000, kPeople = 50'000, kFacilitatorsOfTeam = 10, kSessions = 10, kPast = 3;
constexpr std::size_t kVisits = 200, kOldReads = 100'000;
constexpr std::int64_t kMinute = 60'000'000, kDay = 24 * 60 * kMinute;
constexpr std::string_view kPassword = "four wet green boots";
enum Kind : std::size_t { trust = 1, service, team, person, group, membership, staff, session, series, attendance, message, link, visit };

class Filling {
 public:
  Filling(store::Pool& pool, const store::KeyRing& keys, base::WallTime now)
      : pool_(pool), keys_(keys), now_(now), zone_(care::Zone::find("Europe/London").value()), tx_(pool.write()) {}

  void fill() {
    // One connection fills everything: pages stay in memory until a commit writes them.
    if (tx_->dialect() == store::Dialect::sqlite) tx_->execute("PRAGMA cache_size = -1048576");
    make_trust();
    make_staff();
    make_groups();
    make_people();
    make_register();
    make_messages();
    make_visits();
    make_audit();
    commit();
  }
  [[nodiscard]] std::string world() const {
    boost::json::array who, secrets, names, numbers;
    for (const auto& one : signing_in_) who.push_back(one);
    for (std::size_t i = 0; i < kVisits; ++i) secrets.emplace_back(secret_of(i));
    for (const auto& n : names_) names.emplace_back(n);
    for (std::size_t i = 0; i < 500; ++i) numbers.emplace_back(nhs_number(i * 97 % kPeople * 11));
    return base::json::print(boost::json::object{{"password", kPassword}, {"staff", std::move(who)}, {"visits", std::move(secrets)},
                                                 {"names", std::move(names)}, {"numbers", std::move(numbers)}});
  }

 private:
  void commit() {
    if (!tx_->commit()) throw std::runtime_error("the database does not take it");
    tx_ = nullptr;  // gives its connection back first
    tx_ = pool_.write();
    rows_ = 0;
  }
  void count_rows() {
    if (++rows_ >= 20'000) commit();
  }

  void make_trust() {
    tx_->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Invented Trust', 'Europe/London', '01632 960 000', '{}')", uuid(trust, 1));
    tx_->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Talking service')", uuid(service, 1), uuid(trust, 1));
    for (std::size_t t = 0; t < kTeams; ++t)
      tx_->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, '01632 960 001')", uuid(team, t), uuid(service, 1), fmt::format("Team {}", t));
  }

  static std::size_t facilitator(std::size_t g, std::size_t which) { return 1'000 + g % kTeams * kFacilitatorsOfTeam + (g / kTeams + which * 5) % kFacilitatorsOfTeam; }
  // Of a group's team, and its second and third of ten weekly sessions are over.
  boost::json::object group_said(std::size_t g) const {
    boost::json::array marks, people;
    for (std::size_t m = 0; m < 9; ++m) marks.emplace_back(uuid(attendance, (g * kSessions + 1) * 10 + m));
    for (std::size_t m = 0; m < 10; ++m) people.emplace_back(uuid(person, m * kGroups + g));
    return {{"group", uuid(group, g)}, {"held", uuid(session, g * kSessions + 1)}, {"marks", std::move(marks)}, {"people", std::move(people)}};
  }
  void add(std::size_t n, const std::string& role, std::optional<std::size_t> of, const std::vector<std::size_t>& groups, bool signs_in) {
    const care::StaffId id{uuid(staff, n)};
    identity::AccountForm form{.name = invented(entropy_, 400) + " " + invented(entropy_, 400), .email = fmt::format("staff{}@example.org", n), .active = true, .standings = {{role, {}}}};
    if (of) form.standings[0].team.value = care::TeamId{uuid(team, *of)};
    identity::add_staff(*tx_, id, form, entropy_, {1});
    if (!signs_in) return;
    identity::TotpSecret secret{};
    entropy_.fill(secret);
    identity::set_password(*tx_, id, hash_, {1});
    identity::offer_second_factor(*tx_, keys_, id, secret, {1});
    identity::confirm_second_factor(*tx_, id, 0, {1});
    boost::json::array all;
    for (const std::size_t g : groups) all.push_back(group_said(g));
    signing_in_.push_back({{"email", form.email}, {"role", role}, {"secret", identity::to_base32(secret)}, {"groups", std::move(all)}});
  }
  void make_staff() {
    hash_ = crypto::hash_password(base::Redacted<std::string>(std::string(kPassword)), {}, crypto::PasswordCost{}).value();
    for (std::size_t t = 0; t < kTeams; ++t) {
      std::vector<std::size_t> of_team;
      for (std::size_t g = t; g < kGroups; g += kTeams) of_team.push_back(g);
      add(t, "team_lead", t, of_team, t < 5);
      for (std::size_t i = 0; i < kFacilitatorsOfTeam; ++i) {
        const std::size_t n = 1'000 + t * kFacilitatorsOfTeam + i;
        std::vector<std::size_t> own;
        for (const std::size_t g : of_team)
          if (facilitator(g, 0) == n || facilitator(g, 1) == n) own.push_back(g);
        add(n, "facilitator", t, own, t % 4 == 0 && i < 2);
      }
    }
    add(2'000, "safety_officer", {}, {}, true);
    add(2'001, "team_lead", {}, {}, true);  // of the whole trust
    commit();
  }

  void make_groups() {
    for (std::size_t g = 0; g < kGroups; ++g) {
      tx_->run("INSERT INTO therapy_group (id, version, team, name, programme, zone, in_person, video, phone, one_way_reason, one_way_alternative, "
               "software, venue, capacity, confidentiality_plan, made_us) VALUES ($1, 1, $2, $3, 'Managing worry', 'Europe/London', 1, 1, 1, '', '', "
               "'quietroom', 'Room 4', 12, $4, 1)", uuid(group, g), uuid(team, g % kTeams), fmt::format("{} {}", invented(entropy_, 2'880), g),
               base::json::write(care::ConfidentialityPlan{}));
      for (std::size_t which = 0; which < 2; ++which)
        tx_->run("INSERT INTO group_facilitator (group_id, staff, role, alias, seat) VALUES ($1, $2, $3, $4, $5)", uuid(group, g), uuid(staff, facilitator(g, which)),
                 which == 0 ? "facilitator" : "co_facilitator", which == 0 ? "Fern" : "Wren", which + 1);
      make_sessions(g);
      count_rows();
    }
  }
  void make_sessions(std::size_t g) {
    const care::ClockTime time{.minutes = static_cast<int>(9 * 60 + g % 10 * 60)};
    const std::int64_t first = static_cast<std::int64_t>(g / kTeams % 7) - static_cast<std::int64_t>(kPast) * 7;
    const auto day = [&](std::size_t n) { return zone_.shown_at({now_.us + (first + 7 * static_cast<std::int64_t>(n)) * kDay}).date; };
    tx_->run("INSERT INTO series (id, version, group_id, first_date, start_time, minutes, every_days, count, exceptions) VALUES ($1, 1, $2, $3, $4, 90, 7, $5, '[]')",
             uuid(series, g), uuid(group, g), care::to_text(day(0)), care::to_text(time), kSessions);
    for (std::size_t n = 0; n < kSessions; ++n) {
      const auto starts = zone_.place(day(n), time).at;
      tx_->run("INSERT INTO session (id, version, group_id, series, number, local_date, local_time, minutes, starts_us, ends_us, venue, held_on, state, "
               "cancelled_reason, sequence, told_sequence) VALUES ($1, 1, $2, $3, $4, $5, $6, 90, $7, $8, 'Room 4', 'quietroom', $9, '', 0, 0)",
               uuid(session, g * kSessions + n), uuid(group, g), uuid(series, g), n + 1, care::to_text(day(n)), care::to_text(time), starts,
               starts.us + 90 * kMinute, starts.us + 90 * kMinute < now_.us ? "held" : "planned");
    }
  }

  void make_people() {
    constexpr std::string_view kAliases[] = {"Sorrel", "Teasel", "Bramble", "Campion", "Yarrow", "Mallow", "Thyme", "Lupin", "Bryony", "Comfrey"};
    for (std::size_t i = 0; i < kPeople; ++i) {
      care::Identity it;
      it.legal_name = Personal(invented(entropy_, 2'880) + " " + invented(entropy_, 2'880));
      it.nhs_number = Personal(nhs_number(i * 11));
      it.birth_date.value = Personal(fmt::format("{}-{:02}-{:02}", 1940 + i % 60, 1 + i % 12, 1 + i % 28));
      it.contacts.mobile = Personal(fmt::format("+447700{:06}", i));
      it.contacts.email = Personal(fmt::format("person{}@example.org", i));
      it.contacts.postcode = Personal("LS1 4AP");
      it.safe_contact.method.value = care::SafeMethod::email;
      if (i % 100 == 0) names_.push_back(it.legal_name.get());
      const care::PersonId id{uuid(person, i)};
      care::Needs needs;
      if (i % 9 == 0) needs.needs.push_back({.category = "009", .code = "", .note = Personal("A break after 40 minutes")});
      care::insert_person(*tx_, keys_, entropy_, id, care::TeamId{uuid(team, i % kTeams)}, it, needs, now_);
      const std::size_t place = i / kGroups;
      const std::string of = uuid(membership, i);
      tx_->run("INSERT INTO membership (id, version, group_id, person, state, reason, alias_sealed, disguise_sealed, seat, made_us, changed_us) VALUES ($1, 1, $2, $3, $4, '', "
               "$5, $6, $7, $8, $8)", of, uuid(group, i % kGroups), id, place == 9 ? "waiting" : place == 8 ? "prepared" : "joined",
               keys_.seal({"membership.alias"}, of, Personal(std::string(kAliases[place]))),
               keys_.seal({"membership.disguise"}, of, Personal(base::json::write(care::Disguise{}))), 10 + place, now_);
      for (const char* state : {"referred", "prepared"})
        tx_->run("INSERT INTO membership_step (id, membership, state, reason, at_us, staff) VALUES ($1, $2, $3, '', $4, $5)", base::new_uuid(entropy_, now_), of, state, now_,
                 uuid(staff, i % kTeams));
      count_rows();
    }
    commit();
  }

  void make_register() {
    for (std::size_t g = 0; g < kGroups; ++g)
      for (std::size_t n = 0; n < kSessions; ++n) {
        const bool held = n < kPast;
        for (std::size_t m = 0; m < 9; ++m)
          tx_->run("INSERT INTO attendance (id, version, session, membership, planned, mode, outcome, late, left_early, changed_mode, source) VALUES ($1, 1, $2, $3, "
                   "$4, $5, $6, 0, 0, 0, $7)", uuid(attendance, (g * kSessions + n) * 10 + m), uuid(session, g * kSessions + n), uuid(membership, m * kGroups + g),
                   m % 3 == 0 ? std::nullopt : std::optional(std::string("video")), held ? std::optional(std::string("video")) : std::nullopt,
                   held ? "attended" : "expected", held ? "call" : "plan");
        for (std::size_t m = 0; m < 10 && !held; ++m)
          tx_->run("INSERT INTO message_told (membership, supporter, session, sequence, local_date, local_time, cancelled, reminded) SELECT $1, '', id, sequence, "
                   "local_date, local_time, 0, CASE WHEN starts_us < $3 THEN 1 ELSE 0 END FROM session WHERE id = $2", uuid(membership, m * kGroups + g),
                   uuid(session, g * kSessions + n), now_.us + 2 * kDay);
        count_rows();
      }
    commit();
  }

  void make_messages() {
    for (std::size_t i = 0; i < kPeople; ++i) {
      const std::string id = uuid(message, i);
      interop::Payload p;
      p.to = Personal(fmt::format("person{}@example.org", i));
      p.name = Personal("Sam");
      p.subject = Personal("Your appointment");
      p.text = Personal(std::string(600, 'x') + " {link}");
      p.sms = Personal("Your appointment: {link}");
      p.zone = "Europe/London";
      tx_->run("INSERT INTO message (id, version, membership, kind, channel, language, message_id, payload_sealed, state, next_us, lease_until_us, tries, failure, made_us, "
               "sent_us) VALUES ($1, 1, $2, 'invitation', 'email', 'en', $3, $4, $5, $6, 0, 1, $7, $6, $6)", id, uuid(membership, i), id + "@example.org",
               keys_.seal({"message.payload"}, id, Personal(base::json::write(p))), i % 50 == 0 ? "failed" : "sent", now_, i % 50 == 0 ? "smtp-550" : "");
      count_rows();
    }
    commit();
  }

  static std::string secret_of(std::size_t i) {
    std::array<std::uint8_t, 32> bytes{};
    base::store_u64(bytes.data(), 0x51ee7 + i);
    return crypto::to_base64url(bytes);
  }
  void make_visits() {
    for (std::size_t i = 0; i < kVisits; ++i) {
      const std::string id = uuid(link, i), member = uuid(membership, i * 37 % (8 * kGroups));
      const auto hash = crypto::sha256(base::as_bytes(secret_of(i)));
      tx_->run("INSERT INTO personal_link (id, hash, membership, made_us, until_us, wrong_answers, shut_until_us) VALUES ($1, $2, $3, 1, $4, 0, 0)", id,
               crypto::sha256(base::as_bytes(id)), member, now_.us + 90 * kDay);
      tx_->run("INSERT INTO link_visit (hash, link, made_us, until_us) VALUES ($1, $2, $3, $4)", hash, id, now_, now_.us + 90 * kDay);
    }
    commit();
  }

  // What staff read before: the trail is as long as its indexes are deep.
  void make_audit() {
    std::vector<store::AuditEntry> batch;
    for (std::size_t i = 0; i < kOldReads; ++i) {
      batch.push_back({.at = {now_.us - static_cast<std::int64_t>(kOldReads - i) * 1'000'000}, .actor_kind = "staff", .actor = uuid(staff, 1'000 + entropy_.below(400)),
                       .action = "read", .data = "identity", .subject_kind = "person", .subject = uuid(person, entropy_.below(kPeople)), .person = {}, .reason = {}, .note = {}});
      batch.back().person = batch.back().subject;
      if (batch.size() < 10'000) continue;
      store::append_audit(*tx_, batch);
      batch.clear();
      commit();
    }
  }

  store::Pool& pool_;
  const store::KeyRing& keys_;
  base::WallTime now_;
  care::Zone zone_;
  Seeded entropy_;
  std::unique_ptr<store::Transaction> tx_;
  int rows_ = 0;
  std::string hash_;
  std::vector<boost::json::object> signing_in_;
  std::vector<std::string> names_;
};

std::unique_ptr<store::Pool> opened(const std::string& url, base::WallTime now) {
  auto pool = store::Pool::open(url, 2);
  if (!pool || !store::migrate(**pool, now)) throw std::runtime_error("the database does not open");
  return std::move(*pool);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    fmt::print(stderr, "service_fill FOLDER [POSTGRES_URL]\n");
    return 2;
  }
  namespace fs = std::filesystem;
  const fs::path folder = argv[1];
  const base::WallTime now{std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch()).count()};
  const auto begin = std::chrono::steady_clock::now();
  const auto say = [&](const char* what) { fmt::print(stderr, "{} after {:.0f} s\n", what, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count()); };
  fs::create_directories(folder);
  const std::string file = (folder / "quietroom.sqlite3").string();
  if (!fs::exists(folder / "world.json")) {
    for (const char* end : {"", "-wal", "-shm"}) fs::remove(file + end);
    Seeded entropy;
    const std::string line = store::make_key_line("bench", entropy);
    std::ofstream(folder / "keys") << line;
    fs::permissions(folder / "keys", fs::perms::owner_read | fs::perms::owner_write);
    const auto pool = opened(file, now);
    store::KeyRing keys(entropy);
    {
      auto tx = pool->write();
      if (!keys.load(*tx, *store::parse_key_file(line), now) || !tx->commit()) throw std::runtime_error("no keys");
    }
    Filling filling(*pool, keys, now);
    filling.fill();
    std::ofstream(folder / "world.json") << filling.world();
    say("SQLite is filled");
  }
  if (argc > 2) {
    (void)opened(argv[2], now);
    const auto from = opened(file, now);
    copy_to_postgres(*from, argv[2]);
    say("PostgreSQL is filled");
  }
  return 0;
} catch (const std::exception& e) {
  fmt::print(stderr, "service_fill: {}\n", e.what());
  return 1;
}
