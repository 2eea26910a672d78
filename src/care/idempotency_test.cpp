// SPDX-License-Identifier: Apache-2.0
// A creation that is sent twice with one key creates once and is answered alike: one after the other, both at once, after the time
// that an answer is kept, by another person, with another body.
#include "care/idempotency_table.h"

#include <gmock/gmock.h>

#include <array>
#include <barrier>
#include <mutex>
#include <thread>

#include "care/link_routes.h"
#include "care/person_for_tests.h"

namespace care {
namespace {

// Two requests at once draw from it.
class Shared final : public base::Entropy {
 public:
  void fill(base::MutableBytes out) override {
    const std::lock_guard lock(mutex_);
    from_.fill(out);
  }

 private:
  store::SeededEntropy from_{99};
  std::mutex mutex_;
};

class IdempotencyTest : public PeopleWorld {
 protected:
  void SetUp() override {
    PeopleWorld::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    who = lead(north);
    several = std::make_unique<Desk>(pool(), keys, shared, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return who; });
    add_person_routes(busy, *several);
  }
  static std::string person(const std::string& name) {
    return R"({"team":"00000000-0000-7000-8000-000000000001","identity":{"legalName":")" + name +
           R"(","preferredName":"","nhsNumber":"","birthDate":null,"contacts":{"email":"","mobile":"","telephone":"","address":[],"postcode":"","addressConfirmed":null},)"
           R"("safeContact":{"method":null,"hours":[],"note":""},"emergencyContact":{"name":"","relation":"","telephone":""}},)"
           R"("needs":{"preferences":{"way":null,"software":"","language":"","interpreter":"","format":null},"needs":[]}})";
  }
  http::Response make(const std::string& name, const std::string& key) { return ask(http::Method::post, "/api/people", person(name), {{"Idempotency-Key", key}}); }
  std::int64_t people() {
    auto t = pool().read();
    auto rows = t->query("SELECT COUNT(*) FROM person");
    return rows.next() ? rows.integer(0) : -1;
  }
  http::Site busy{{}, nullptr};
  Shared shared;
  std::unique_ptr<Desk> several;
};
QUIETROOM_ON_BOTH_DATABASES(IdempotencyTest);

TEST_P(IdempotencyTest, the_same_key_and_body_is_answered_as_the_first_was_and_says_so_in_the_trail) {
  const auto first = make("Robin Example", "one");
  ASSERT_EQ(first.status, 201) << first.text();
  const auto from = audit_end();
  const auto again = make("Robin Example", "one");
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.text(), first.text());
  EXPECT_EQ(again.header("Location"), first.header("Location"));
  EXPECT_EQ(again.header("ETag"), first.header("ETag"));
  EXPECT_EQ(people(), 1);
  const std::string id = std::string(first.header("Location")).substr(std::string("/api/people/").size());
  EXPECT_THAT(audit_rows(from), testing::ElementsAre("repeat identity " + id)) << "the record was shown again";
}

TEST_P(IdempotencyTest, another_body_is_refused_and_changes_nothing) {
  ASSERT_EQ(make("Robin Example", "one").status, 201);
  const auto second = make("Ashley Example", "one");
  EXPECT_EQ(second.status, 422);
  EXPECT_NE(second.text().find("key-used"), std::string_view::npos);
  EXPECT_EQ(people(), 1);
}

TEST_P(IdempotencyTest, a_key_belongs_to_who_sent_it) {
  ASSERT_EQ(make("Robin Example", "one").status, 201);
  who = staff(other, {{Role::team_lead, north}});
  EXPECT_EQ(make("Ashley Example", "one").status, 201);
  EXPECT_EQ(people(), 2);
}

TEST_P(IdempotencyTest, what_was_refused_took_no_key) {
  EXPECT_EQ(make("", "one").status, 422);
  EXPECT_EQ(make("Robin Example", "one").status, 201);
}

TEST_P(IdempotencyTest, an_answer_is_kept_for_a_day_and_then_forgotten) {
  ASSERT_EQ(make("Robin Example", "one").status, 201);
  now.us += kAnswerKept.us - 1;
  EXPECT_EQ(make("Robin Example", "one").status, 201);
  EXPECT_EQ(people(), 1);
  now.us += 1;
  EXPECT_EQ(make("Robin Example", "one").status, 201);
  EXPECT_EQ(people(), 2);
  auto t = pool().write();
  EXPECT_EQ(forget_answers(*t, {now.us + kAnswerKept.us - 1}), 0);
  EXPECT_EQ(forget_answers(*t, {now.us + kAnswerKept.us}), 1);
}

TEST_P(IdempotencyTest, an_answer_that_holds_a_secret_is_kept_for_minutes) {
  const LinkDoor door{pool(), keys, entropy};
  add_link_routes(site, *desk, door);
  Identity typed = some_identity("Robin Example");
  typed.birth_date.value = Personal("1980-02-29");
  typed.contacts.postcode = Personal("M1 1AE");
  const auto one = add_person(north, typed, {calm});
  std::string membership;
  {
    auto t = pool().read();
    auto rows = t->query("SELECT id FROM membership WHERE person = $1", one);
    ASSERT_TRUE(rows.next());
    membership = rows.text(0);
  }
  const auto link = [&] { return ask(http::Method::post, "/api/memberships/" + membership + "/link", "{}", {{"Idempotency-Key", "link"}}); };
  const auto first = link();
  ASSERT_EQ(first.status, 201) << first.text();
  EXPECT_EQ(link().text(), first.text());
  now.us += kSecretAnswerKept.us;
  EXPECT_NE(link().text(), first.text()) << "the secret of the first is not kept any longer";
}

// Both arrive before either is answered: one creates, the other waits for it and is answered alike.
TEST_P(IdempotencyTest, two_at_once_with_one_key_create_once) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    std::barrier together(2);
    std::array<http::Response, 2> answers;
    {
      std::vector<std::jthread> both;
      for (auto& answer : answers)
        both.emplace_back([&] {
          http::Request r;
          r.method = http::Method::post;
          r.target.path = "/api/people";
          r.headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", "race-" + std::to_string(round)}};
          r.body = base::Redacted<std::string>(person("Robin Example"));
          together.arrive_and_wait();
          answer = busy.handle(std::move(r), {.instant = {1}, .wall = now});
        });
    }
    EXPECT_EQ(answers[0].status, 201) << answers[0].text();
    EXPECT_EQ(answers[1].status, 201) << answers[1].text();
    EXPECT_EQ(answers[0].text(), answers[1].text());
    EXPECT_EQ(people(), round + 1);
  }
}

}  // namespace
}  // namespace care
