// SPDX-License-Identifier: Apache-2.0
// What was acknowledged is there: the real service under writes over HTTP (marks in the register, preparation, booking cards, places of
// today, edits of a person, creations and the steps of a membership), killed with SIGKILL at random instants and started again. After
// each kill, on both databases: every write that was answered is there as it was sent, with its audit row, no audit row tells of a
// write that is not there, and `quietroom audit verify` holds. A creation whose answer was lost is sent again with its key, and is
// there once. TEST_KILLS says how often (6; `./dev kills` 200). Messages: message_sending_test.cpp.
#include <gmock/gmock.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <random>

#include "app/program_for_tests.h"
#include "care/attendance.h"
#include "care/link_for_tests.h"
#include "care/person_table.h"
#include "care/preparation_table.h"
#include "care/today_place_table.h"
#include "care/zone.h"
#include "net/machine.h"

namespace {

using namespace app::test;

constexpr std::int64_t kMinute = 60'000'000, kDay = 24 * 60 * kMinute;
const std::string kSecret(43, 's'), kVisitSecret(43, 'v');

struct Sent {
  int status = 0;  // 0: no whole answer came
  std::string body;
};
Sent ask(net::test::Client& client, const std::string& method, const std::string& path, const std::string& body, const std::string& headers) {
  client.send(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
  const std::string answer = client.read_answer();
  const std::size_t end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.1 ") || end == std::string::npos) return {};
  const std::size_t length = answer.find("Content-Length: ");
  if (length < end && answer.size() - end - 4 < std::stoul(answer.substr(length + 16))) return {};
  return {.status = std::stoi(answer.substr(9, 3)), .body = answer.substr(end + 4)};
}
std::string staff_header(const std::string& more = {}) { return "Cookie: quietroom=" + kSecret + "\r\n" + more; }

// What is written again and again, one number after another; each write holds its number.
struct Chain {
  std::string name;
  std::function<Sent(net::test::Client&, std::int64_t number)> write;
  std::function<std::int64_t(store::Transaction&)> stored;         // the number that stands in the database, by what was sent
  std::function<std::int64_t(store::Transaction&)> audited;        // how many audit rows tell of a write
  std::int64_t last = 0;  // acknowledged, or found after a kill
};

class WriteKillTest : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    // The line that OnBothDatabases loaded.
    store::SeededEntropy same;
    std::ofstream(folder / "keys") << store::make_key_line("test", same);
    fs::permissions(folder / "keys", fs::perms::owner_read | fs::perms::owner_write);
    const base::WallTime now = net::read_clock().wall, starts{now.us - 10 * kMinute};
    const auto shown = care::Zone::find("Europe/London")->shown_at(starts);
    trust.add_to(pool(), keys, starts, care::to_text(shown.date), care::to_text(shown.time));
    auto t = pool().write();
    for (const char* role : {"facilitator", "team_lead"})
      t->run("INSERT INTO staff_role (id, staff, role, team, from_us) VALUES ($1, $2, $3, $4, 1)", base::new_uuid(entropy, now), trust.staff, role, trust.team);
    t->run("INSERT INTO sign_in (id, hash, staff, second_factor, made_us, seen_us, until_us, locked, device) VALUES ($1, $2, $3, 1, $4, $4, $5, 0, '')",
           base::new_uuid(entropy, now), crypto::sha256(base::as_bytes(kSecret)), trust.staff, now, now.us + kDay);
    const std::string link = base::new_uuid(entropy, now);
    t->run("INSERT INTO personal_link (id, hash, membership, made_us, until_us, wrong_answers, shut_until_us) VALUES ($1, $2, $3, 1, $4, 0, 0)", link,
           crypto::sha256(base::as_bytes(link)), trust.membership, now.us + kDay);
    t->run("INSERT INTO link_visit (hash, link, made_us, until_us) VALUES ($1, $2, 1, $3)", crypto::sha256(base::as_bytes(kVisitSecret)), link, now.us + kDay);
    ASSERT_TRUE(t->commit());
    t = nullptr;
    mark = "a" + trust.other_membership.text.substr(1);
    add_chains();
  }

  std::int64_t number(store::Transaction& t, const std::string& sql, const std::string& first, const std::string& second = {}) {
    auto rows = second.empty() ? t.query(sql, first) : t.query(sql, first, second);
    return rows.next() ? rows.integer(0) : -1;
  }
  std::int64_t changes(store::Transaction& t, const std::string& data, const std::string& subject) {
    return number(t, "SELECT COUNT(*) FROM audit WHERE action = 'change' AND data = $1 AND subject = $2", data, subject);
  }
  // "12 Invented Row" -> 12.
  static std::int64_t leading(const std::string& text) { return text.empty() ? 0 : std::atoll(text.c_str()); }

  void add_chains() {
    // A record's version is one more than the writes it has seen; the register's row and the person begin at 1.
    chains.push_back({.name = "marks in the register",
                      .write = [this](auto& c, std::int64_t n) {
                        const bool came = n % 2 == 1;
                        return ask(c, "PUT", "/api/attendance/" + mark,
                                   std::string(R"({"mode":)") + (came ? R"("video")" : "null") + R"(,"outcome":")" + (came ? "attended" : "did_not_attend") +
                                       R"(","late":false,"leftEarly":false,"reason":"mistake","note":"number )" + std::to_string(n) + R"("})",
                                   staff_header("If-Match: \"" + std::to_string(n) + "\"\r\n"));
                      },
                      .stored = [this](auto& t) {
                        auto rows = t.query("SELECT version - 1, outcome FROM attendance WHERE id = $1", mark);
                        if (!rows.next()) return std::int64_t{-1};
                        const std::int64_t n = rows.integer(0);
                        EXPECT_EQ(rows.text(1), n == 0 ? "expected" : n % 2 == 1 ? "attended" : "did_not_attend") << n;
                        EXPECT_EQ(number(t, "SELECT COUNT(*) FROM attendance_correction WHERE attendance = $1", mark), n) << "each change keeps what was before";
                        return n;
                      },
                      .audited = [this](auto& t) { return changes(t, "attendance", mark); }});
    chains.push_back({.name = "answers of a preparation",
                      .write = [this](auto& c, std::int64_t n) {
                        return ask(c, "PUT", "/api/memberships/" + trust.other_membership.text + "/preparation",
                                   R"({"record":{"parts":[],"overheard":"","questions":[],"place":")" + std::to_string(n) +
                                       R"( chairs","headphones":null,"technology":null,"technologyNote":"","communication":"","way":null,"wayNote":"",)"
                                       R"("safety":{"signs":"","helps":"","people":"","ifLineDrops":""},"emergency":{"name":"","relation":"","telephone":""}},)"
                                       R"("conflict":{"knows":null,"note":""},"alias":"Heron","disguise":{"picture":"none","voice":"none"},"sessions":[]})",
                                   staff_header("If-Match: \"" + std::to_string(n - 1) + "\"\r\n"));
                      },
                      .stored = [this](auto& t) {
                        const auto p = care::load_preparation(t, keys, trust.other_membership);
                        EXPECT_EQ(leading(p.record.place), p.version);
                        return p.version;
                      },
                      .audited = [this](auto& t) { return changes(t, "preparation", trust.other_membership.text); }});
    chains.push_back({.name = "booking cards",
                      .write = [this](auto& c, std::int64_t n) {
                        return ask(c, "PUT", "/api/memberships/" + trust.membership.text + "/card",
                                   R"({"alias":")" + std::to_string(n) + R"( Linnets","disguise":{"picture":"blur","voice":"none"}})",
                                   staff_header("If-Match: \"" + std::to_string(n) + "\"\r\n"));
                      },
                      .stored = [this](auto& t) {
                        auto rows = t.query("SELECT version - 1, alias_sealed FROM membership WHERE id = $1", trust.membership);
                        if (!rows.next()) return std::int64_t{-1};
                        const std::int64_t n = rows.integer(0);
                        EXPECT_EQ(leading(keys.open(t, {"membership.alias"}, trust.membership.text, rows.bytes(1)).get()), n);
                        return n;
                      },
                      .audited = [this](auto& t) { return changes(t, "booking-card", trust.membership.text); }});
    chains.push_back({.name = "places of today",
                      .write = [this](auto& c, std::int64_t n) {
                        return ask(c, "POST", "/api/mine/place",
                                   R"({"session":")" + trust.session.text + R"(","place":{"kind":"address","text":")" + std::to_string(n) + R"( Mill Lane, Wexcombe","ward":""}})",
                                   "Authorization: Visit " + kVisitSecret + "\r\n");
                      },
                      .stored = [this](auto& t) {
                        const auto kept = care::load_place(t, keys, trust.session, 0, 10);
                        return kept ? leading(kept->place.text) : 0;
                      },
                      .audited = [this](auto& t) { return changes(t, "place", trust.session.text); }});
    chains.push_back({.name = "edits of a person",
                      .write = [this](auto& c, std::int64_t n) {
                        return ask(c, "PUT", "/api/people/" + trust.person.text + "/identity", identity("Robin Sample", n), staff_header("If-Match: \"" + std::to_string(n) + "\"\r\n"));
                      },
                      .stored = [this](auto& t) {
                        const auto place = care::find_person(t, trust.person);
                        const auto lines = care::load_identity(t, keys, trust.person).contacts.address;
                        const std::int64_t n = place ? place->version - 1 : -1;
                        EXPECT_EQ(lines.empty() ? 0 : leading(lines.front().get()), n);
                        return n;
                      },
                      .audited = [this](auto& t) { return changes(t, "identity", trust.person.text); }});
  }
  static std::string identity(const std::string& name, std::int64_t n) {
    return R"({"legalName":")" + name + R"(","preferredName":"","nhsNumber":"","birthDate":"1980-02-29","contacts":{"email":"","mobile":"","telephone":"","address":[")" +
           std::to_string(n) + R"( Invented Row"],"postcode":"M1 1AE","addressConfirmed":null},"safeContact":{"method":"letter","hours":[],"note":""},)"
           R"("emergencyContact":{"name":"","relation":"","telephone":""}})";
  }

  // A person is made, referred, put on the waiting list and stops; the next one. What was sent and not answered is sent again.
  struct Creations {
    std::int64_t people = 0, memberships = 0, steps = 0;  // answered
    std::int64_t repeated = 0;                            // sent again after a kill
    int stage = 0;
    bool open = false;  // sent, and not answered
    std::string person, membership;
  };
  Sent create(net::test::Client& c) {
    const auto key = [](const char* what, std::int64_t n) { return staff_header(std::string("Idempotency-Key: ") + what + "-" + std::to_string(n) + "\r\n"); };
    switch (made.stage) {
      case 0:
        return ask(c, "POST", "/api/people", R"({"team":")" + trust.team.text + R"(","identity":)" + identity("Casey Invented", made.people) +
                                                 R"(,"needs":{"preferences":{"way":null,"software":"","language":"en","interpreter":"","format":null},"needs":[]}})", key("person", made.people));
      case 1: return ask(c, "POST", "/api/groups/" + trust.group.text + "/members", R"({"person":")" + made.person + R"("})", key("member", made.memberships));
      default:
        return ask(c, "POST", "/api/memberships/" + made.membership + "/state",
                   made.stage == 2 ? R"({"state":"waiting","reason":"","note":""})" : R"({"state":"stopped","reason":"moved-away","note":""})", staff_header());
    }
  }
  // False: no answer; the service is gone.
  bool creates(net::test::Client& c) {
    const bool again = std::exchange(made.open, true);
    const Sent sent = create(c);
    if (sent.status == 0) return false;
    made.open = false;
    made.repeated += again ? 1 : 0;
    // A step that was taken before the answer was lost is no next step any more.
    const bool taken_before = again && made.stage >= 2 && sent.status == 422 && sent.body.find("not-next") != std::string::npos;
    EXPECT_TRUE(sent.status == 201 || sent.status == 200 || taken_before) << made.stage << ": " << sent.status << " " << sent.body;
    if (made.stage == 0) {
      made.person = text_at(sent.body, "id");
      ++made.people;
    } else if (made.stage == 1) {
      made.membership = text_at(sent.body, "id");
      ++made.memberships;
    } else {
      ++made.steps;
    }
    made.stage = (made.stage + 1) % 4;
    return true;
  }

  // Writes until the service is gone.
  void write(std::uint16_t port, Chain& chain) {
    net::test::Client client(port);
    for (;;) {
      const Sent sent = chain.write(client, chain.last + 1);
      if (sent.status == 0) return;
      // Its own record, one writer: nothing but the service's end may stand in the way.
      EXPECT_TRUE(sent.status == 200 || sent.status == 204) << chain.name << ": " << sent.status << " " << sent.body;
      if (sent.status >= 300) return;
      ++chain.last;
      acknowledged();
    }
  }
  void acknowledged() {
    const std::lock_guard lock(mutex);
    ++answered;
    changed.notify_all();
  }
  void writer_ended() {
    const std::lock_guard lock(mutex);
    --writing;
    changed.notify_all();
  }
  // What the service's database URL ends with, so that its connections can be told from this program's.
  [[nodiscard]] std::string service_url() { return GetParam() == store::Dialect::sqlite ? database().url() : database().url() + "&application_name=killed"; }
  // PostgreSQL ends what it was told before its client died: until that is over, nothing is certain.
  void wait_for_the_server_to_notice() {
    if (GetParam() == store::Dialect::sqlite) return;
    for (bool there = true; there; std::this_thread::yield()) {
      auto t = pool().read();
      auto rows = t->query("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'killed' AND datname = current_database()");
      there = rows.next() && rows.integer(0) > 0;
    }
  }

  // Between a kill and the next start: what stands there, and nobody writes.
  void check() {
    auto t = pool().read();
    for (Chain& chain : chains) {
      const std::int64_t there = chain.stored(*t);
      EXPECT_GE(there, chain.last) << chain.name << ": an acknowledged write is lost";
      EXPECT_LE(there, chain.last + 1) << chain.name;
      EXPECT_EQ(chain.audited(*t), there) << chain.name << ": as many audit rows as writes";
      unanswered += there - chain.last;
      lost += std::max<std::int64_t>(0, chain.last - there);
      chain.last = there;
    }
    check_creations(*t);
    EXPECT_TRUE(t->ok());
  }
  void check_creations(store::Transaction& t) {
    const auto expect = [&](const char* what, std::int64_t there, std::int64_t told, std::int64_t answered_of_it, int stage) {
      const bool maybe = made.open && (stage == made.stage || (stage == 2 && made.stage == 3));
      EXPECT_GE(there, answered_of_it) << what;
      EXPECT_LE(there, answered_of_it + (maybe ? 1 : 0)) << what;
      EXPECT_EQ(told, there) << what << ": as many audit rows";
      lost += std::max<std::int64_t>(0, answered_of_it - there);
    };
    const auto count = [&](const char* sql) { return number(t, sql, trust.group.text); };
    const auto people = count("SELECT COUNT(*) - 2 FROM person WHERE id <> $1");
    expect("people", people, count("SELECT COUNT(*) FROM audit WHERE action = 'create' AND data = 'identity' AND subject <> $1"), made.people, 0);
    const auto members = count("SELECT COUNT(*) - 2 FROM membership WHERE group_id = $1");
    expect("memberships", members, count("SELECT COUNT(*) FROM audit WHERE action = 'create' AND data = 'membership' AND subject <> $1"), made.memberships, 1);
    expect("steps", count("SELECT COUNT(*) FROM membership_step s JOIN membership m ON m.id = s.membership WHERE m.group_id = $1 AND s.state IN ('waiting', 'stopped')"),
           count("SELECT COUNT(*) FROM audit WHERE action = 'change' AND data = 'group-plan' AND subject_kind = 'membership' AND subject <> $1"), made.steps, 2);
  }
  std::string verify() {
    FILE* pipe = ::popen((std::string(QUIETROOM_PROGRAM) + " audit verify --data " + (folder / "data").string() + " --database-url '" + database().url() + "' --database-keys " +
                          (folder / "keys").string() + " 2>&1").c_str(), "r");
    std::string said;
    char room[1'024];
    for (std::size_t n = 0; (n = ::fread(room, 1, sizeof(room), pipe)) > 0;) said.append(room, n);
    EXPECT_EQ(::pclose(pipe), 0) << said;
    return said;
  }

  Folder folder;
  care::SmallTrust trust;
  std::string mark;
  std::vector<Chain> chains;
  Creations made;
  std::mutex mutex;
  std::condition_variable changed;
  std::int64_t answered = 0, unanswered = 0, lost = 0;
  std::size_t writing = 0;
};
QUIETROOM_ON_BOTH_DATABASES(WriteKillTest);

TEST_P(WriteKillTest, kill_9_at_any_instant_loses_no_acknowledged_write_and_no_audit_row) {
  const char* wanted = std::getenv("TEST_KILLS");
  const int kills = wanted == nullptr ? 6 : std::atoi(wanted);
  std::mt19937 random(11);
  std::string trail;
  for (int i = 0; i < kills && !HasFailure(); ++i) {
    Program program(folder, "log", {"--database-url", service_url(), "--database-keys", (folder / "keys").string(), "--http-connections-per-address", "100"});
    if (HasFailure()) break;
    if (i + 1 < kills) program.leave_call_process();  // the next service finds it
    std::vector<std::thread> writers;
    writing = chains.size() + 1;
    for (Chain& chain : chains)
      writers.emplace_back([&] {
        write(program.port(), chain);
        writer_ended();
      });
    writers.emplace_back([&] {
      net::test::Client client(program.port());
      while (creates(client) && !HasFailure()) acknowledged();
      writer_ended();
    });
    {
      // Under load for as many answers as chance says, then an instant within the next two milliseconds.
      std::unique_lock lock(mutex);
      const std::int64_t until = answered + 1 + static_cast<std::int64_t>(random() % 60);
      changed.wait(lock, [&] { return answered >= until || writing == 0; });
      EXPECT_GE(answered, until) << "nothing is answered any more";
    }
    const auto instant = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 2'000);
    while (std::chrono::steady_clock::now() < instant) std::this_thread::yield();
    EXPECT_EQ(program.kill_and_wait(SIGKILL), -SIGKILL);
    for (auto& w : writers) w.join();
    wait_for_the_server_to_notice();
    check();
    trail = verify();
  }
  std::string chain_counts;
  for (const Chain& chain : chains) {
    EXPECT_GT(chain.last, 0) << chain.name;
    chain_counts += std::to_string(chain.last) + " " + chain.name + ", ";
  }
  EXPECT_GT(made.steps, 0);
  std::printf("kills %d; answered %lld, lost %lld, done and not answered %lld; %s%lld people, %lld memberships and %lld steps (%lld sent again with their key); %s\n", kills,
              static_cast<long long>(answered), static_cast<long long>(lost), static_cast<long long>(unanswered), chain_counts.c_str(), static_cast<long long>(made.people),
              static_cast<long long>(made.memberships), static_cast<long long>(made.steps), static_cast<long long>(made.repeated), trail.c_str());
}

}  // namespace
