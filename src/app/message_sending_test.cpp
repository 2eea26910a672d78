// SPDX-License-Identifier: Apache-2.0
// Sending, against a real SMTP conversation: what the server's answers mean, the folder where there is no server, and kill -9 at
// random instants of it, the one between acceptance and our record among them: nothing is lost, every repeat bears the same
// Message-ID. TEST_KILLS says how often (20; `./dev kills` 200). The sender that is killed is this program again.
#include "app/message_sending.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "app/smtp_for_tests.h"
#include "care/link_for_tests.h"

namespace app {
namespace {

constexpr std::int64_t kBegins = 1'763'300'000'000'000;

class NoOutbound final : public http::Outbound {
  base::Result<http::OutboundAnswer, http::OutboundError> send(const http::OutboundRequest&) override { return std::unexpected(http::OutboundError::unreachable); }
};

SendingSettings settings(const std::string& smtp, const std::string& folder) {
  SendingSettings s;
  s.out = {.address = "https://groups.example.org", .from = "care@example.org", .from_name = "Appointments", .remind_before = {}};
  s.smtp.url = smtp;
  s.smtp.plain = true;
  s.folder = folder;
  return s;
}

class MessageSendingTest : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    trust.add_to(pool(), keys, {kBegins + 3'600'000'000}, "2025-11-16", "14:00");
    folder = std::filesystem::temp_directory_path() / ("quietroom_messages_" + std::to_string(::getpid()));
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  void write(int count) {
    auto t = pool().write();
    const auto to = interop::load_recipient(*t, keys, trust.membership, {}, {kBegins});
    ASSERT_TRUE(to);
    const auto session = interop::next_session(*t, to->group, {kBegins});
    for (int i = 0; i < count; ++i)
      ASSERT_TRUE(interop::write_message(*t, keys, entropy, settings("", "").out, *to,
                                         {.kind = interop::Kind::invitation, .session = session, .before = {}, .link = base::Redacted<std::string>("secret-of-the-link"),
                                          .code = {}, .staff = {}}, {kBegins + i}));
    ASSERT_TRUE(t->commit());
  }
  std::map<std::string, std::int64_t> states() {
    std::map<std::string, std::int64_t> out;
    auto t = pool().read();
    auto rows = t->query("SELECT state, COUNT(*) FROM message GROUP BY state");
    while (rows.next()) out[rows.text(0)] = rows.integer(1);
    return out;
  }
  std::int64_t run(const std::string& smtp, std::int64_t at = kBegins + 1'000'000) {
    NoOutbound none;
    MessageSending sending(pool(), keys, entropy, none, settings(smtp, folder));
    return sending.run([at] { return base::WallTime{at}; });
  }
  care::SmallTrust trust;
  std::string folder;
};

TEST_P(MessageSendingTest, hands_each_message_to_the_server_once) {
  SmtpForTests server([](const std::string&) {});
  write(3);
  EXPECT_EQ(run(server.url()), 3);
  EXPECT_EQ(run(server.url()), 0);
  EXPECT_EQ(server.accepted().size(), 3U);
  EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"sent", 3}}));
}

TEST_P(MessageSendingTest, a_5xx_has_failed_and_a_4xx_waits) {
  SmtpForTests server([](const std::string&) {});
  write(1);
  server.refuse("451 later");
  EXPECT_EQ(run(server.url()), 0);
  EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"queued", 1}}));
  server.refuse("550 nobody here");
  EXPECT_EQ(run(server.url(), kBegins + 120'000'000), 0);
  EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"failed", 1}}));
  auto t = pool().read();
  auto rows = t->query("SELECT failure FROM message");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), "smtp-550");
}

TEST_P(MessageSendingTest, a_server_that_is_not_there_is_tried_again) {
  write(1);
  EXPECT_EQ(run("smtp://127.0.0.1:1"), 0);
  EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"queued", 1}}));
  SmtpForTests server([](const std::string&) {});
  EXPECT_EQ(run(server.url(), kBegins + 120'000'000), 1);
}

TEST_P(MessageSendingTest, without_a_server_messages_are_kept_in_a_folder) {
  write(2);
  EXPECT_EQ(run(""), 2);
  EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"kept", 2}}));
  int files = 0;
  for (const auto& each : std::filesystem::directory_iterator(folder)) {
    ++files;
    std::ifstream in(each.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    EXPECT_THAT(text, testing::StartsWith("From: Appointments <care@example.org>\r\n"));
    EXPECT_EQ(std::filesystem::status(each.path()).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  EXPECT_EQ(files, 2);
}

// The sender of the test below, when this program runs itself.
TEST(MessageSender, DISABLED_runs) {
  const char* database = std::getenv("QUIETROOM_SENDER_DATABASE");
  if (database == nullptr) GTEST_SKIP();
  auto pool = store::Pool::open(database, 2);
  ASSERT_TRUE(pool);
  store::SeededEntropy entropy;
  store::KeyRing keys(entropy);
  const auto file = store::parse_key_file(store::make_key_line("test", entropy));
  auto t = (*pool)->write();
  ASSERT_TRUE(file && keys.load(*t, *file, {1'000'000}) && t->commit());
  t = nullptr;
  const std::int64_t at = std::atoll(std::getenv("QUIETROOM_SENDER_NOW"));
  NoOutbound none;
  MessageSending sending(**pool, keys, entropy, none, settings(std::getenv("QUIETROOM_SENDER_SMTP"), ""));
  (void)sending.run([at] { return base::WallTime{at}; });
}

pid_t start_sender(const std::string& database, const std::string& smtp, std::int64_t now) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::setenv("QUIETROOM_SENDER_DATABASE", database.c_str(), 1);
  ::setenv("QUIETROOM_SENDER_SMTP", smtp.c_str(), 1);
  ::setenv("QUIETROOM_SENDER_NOW", std::to_string(now).c_str(), 1);
  if (std::freopen("/dev/null", "w", stdout) == nullptr) std::_Exit(1);
  ::execl("/proc/self/exe", "app_test", "--gtest_also_run_disabled_tests", "--gtest_filter=MessageSender.DISABLED_runs", nullptr);
  std::_Exit(1);
}

TEST_P(MessageSendingTest, kill_9_at_any_instant_loses_nothing_and_repeats_bear_the_same_message_id) {
  const char* wanted = std::getenv("TEST_KILLS");
  const int kills = wanted == nullptr ? 20 : std::atoi(wanted);
  std::atomic<pid_t> child{0};
  std::atomic<int> left{0}, killed{0}, doubtful{0};
  std::atomic<bool> at_acceptance{false};  // every other kill falls between an acceptance and our record of it
  SmtpForTests server([&](const std::string& command) {
    if (at_acceptance && command != "DATA-END") return;
    if (left.load() <= 0 || left.fetch_sub(1) != 1) return;
    ::kill(child.load(), SIGKILL);
    ++killed;
    if (command == "DATA-END") ++doubtful;
  });
  const int messages = kills * 3 + 10;
  write(messages);
  std::mt19937 random(7);
  std::int64_t now = kBegins + 1'000'000;
  for (int i = 0; i < kills; ++i, now += interop::kLease.us + 1'000'000) {
    // A mail is six replies: a kill falls on any of them, in the first or a later mail of this run.
    at_acceptance = i % 2 == 1;
    left = 1 + static_cast<int>(random() % (at_acceptance ? 3 : 14));
    child = start_sender(database().url(), server.url(), now);
    ASSERT_GT(child.load(), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child.load(), &status, 0), child.load());
    ASSERT_TRUE(WIFSIGNALED(status) || WIFEXITED(status));
    left = 0;
  }
  (void)run(server.url(), now + interop::kLease.us);
  (void)run(server.url(), now + 100 * interop::kLease.us);
  const auto accepted = server.accepted();
  int repeats = 0;
  for (const auto& [id, times] : accepted) repeats += times - 1;
  EXPECT_EQ(accepted.size(), static_cast<std::size_t>(messages)) << "each message arrived, and none under a second Message-ID";
  EXPECT_EQ(states(), (std::map<std::string, std::int64_t>{{"sent", messages}}));
  EXPECT_GT(killed.load(), kills / 2);
  EXPECT_GT(doubtful.load(), kills / 4);
  EXPECT_LE(repeats, killed.load());
  std::printf("kills %d, of them after acceptance and before our record %d; messages %d, arrived %zu, repeats %d, all with the same Message-ID\n",
              killed.load(), doubtful.load(), messages, accepted.size(), repeats);
}

QUIETROOM_ON_BOTH_DATABASES(MessageSendingTest);

}  // namespace
}  // namespace app
