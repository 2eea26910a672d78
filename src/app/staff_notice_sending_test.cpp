// SPDX-License-Identifier: Apache-2.0
// A lead is told of broken glass by e-mail, over a real SMTP conversation and without a server: once each, with nothing of the
// person in it, again with the same Message-ID where the record of it was lost, and somebody is told where a team has no lead.
#include "app/staff_notice_sending.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "app/smtp_for_tests.h"
#include "care/link_for_tests.h"
#include "crypto/base64url.h"
#include "interop/staff_notice_table.h"
#include "safety/alert_table.h"

namespace app {
namespace {

constexpr std::int64_t kNow = 1'763'300'000'000'000, kMinute = 60'000'000;
constexpr const char* kGlass = "0198c0de-0000-7000-8000-0000000000f1";

class NoOutbound final : public http::Outbound {
  base::Result<http::OutboundAnswer, http::OutboundError> send(const http::OutboundRequest&) override { return std::unexpected(http::OutboundError::unreachable); }
};

// Takes every text message.
class Notify final : public http::Outbound {
 public:
  base::Result<http::OutboundAnswer, http::OutboundError> send(const http::OutboundRequest& asked) override {
    bodies.push_back(asked.body.get());
    return http::OutboundAnswer{.status = 201, .body = base::Redacted<std::string>("{}")};
  }
  std::vector<std::string> bodies;
};

class StaffNoticeSendingTest : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    trust.add_to(pool(), keys, {kNow + 3'600'000'000}, "2025-11-16", "14:00");
    folder = std::filesystem::temp_directory_path() / ("quietroom_notices_" + std::to_string(::getpid()));
    out = {.address = "https://groups.example.org", .from = "care@example.org", .from_name = "Appointments", .remind_before = {}};
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void staff(int number, const std::string& role, const std::optional<care::TeamId>& team, bool active = true, std::optional<std::int64_t> until = {}) {
    const std::string id = "0198c0de-0000-7000-8000-0000000000a" + std::to_string(number);
    auto t = pool().write();
    t->run("INSERT INTO staff (id, version, name, email, active, made_us) VALUES ($1, 1, $2, $3, $4, 0)", id, "Lead " + std::to_string(number),
           "lead" + std::to_string(number) + "@example.org", active);
    t->run("INSERT INTO staff_role (id, staff, role, team, from_us, until_us) VALUES ($1, $1, $2, $3, 0, $4)", id, role, team, until);
    ASSERT_TRUE(t->commit());
  }
  void break_glass() {
    auto t = pool().write();
    t->run("INSERT INTO break_glass (id, staff, person, reason, note, from_us, until_us) VALUES ($1, $2, $3, 'safeguarding', '', $4, $5)", kGlass,
           trust.staff, trust.person, kNow, kNow + 60 * kMinute);
    ASSERT_TRUE(t->commit());
  }
  std::string raise(safety::AlertKind kind, safety::Origin origin = safety::Origin::person) {
    auto t = pool().write();
    const auto raised = safety::raise(*t, entropy, {.session = trust.session, .seat = 10, .kind = kind, .origin = origin, .staff = {}}, {kNow});
    EXPECT_TRUE(raised && t->commit());
    return raised ? raised->id.text : std::string();
  }
  std::int64_t run(const std::string& smtp, std::int64_t at = kNow, Notify* notify = nullptr) {
    SendingSettings s;
    s.out = out;
    s.smtp.url = smtp;
    s.smtp.plain = true;
    s.folder = folder;
    NoOutbound none;
    if (notify != nullptr) {
      s.notify = *parse_notify_key("key-0198c0de-0000-7000-8000-0000000000d1-0198c0de-0000-7000-8000-0000000000d2");
      s.notify.template_id = "0198c0de-0000-7000-8000-0000000000d3";
    }
    const MessageSending messages(pool(), keys, entropy, notify != nullptr ? static_cast<http::Outbound&>(*notify) : none, s);
    StaffNoticeSending notices(pool(), entropy, messages);
    return notices.run([at] { return base::WallTime{at}; });
  }
  std::vector<std::string> receivers() {
    auto t = pool().read();
    auto rows = t->query("SELECT s.email, n.kind, n.state FROM staff_notice n JOIN staff s ON s.id = n.staff ORDER BY s.email");
    std::vector<std::string> all;
    while (rows.next()) all.push_back(rows.text(0) + " " + rows.text(1) + " " + rows.text(2));
    return all;
  }
  void duty(const std::string& of_team, const std::string& of_trust) {
    auto t = pool().write();
    t->run("UPDATE team SET duty_number = $2 WHERE id = $1", trust.team, of_team);
    t->run("UPDATE trust SET duty_number = $1", of_trust);
    ASSERT_TRUE(t->commit());
  }
  // To the duty contact.
  std::vector<std::string> texts() {
    auto t = pool().read();
    auto rows = t->query("SELECT kind, state FROM staff_notice WHERE team = $1 ORDER BY id", trust.team);
    std::vector<std::string> all;
    while (rows.next()) all.push_back(rows.text(0) + " " + rows.text(1));
    return all;
  }
  std::int64_t told_at() {
    auto t = pool().read();
    auto rows = t->query("SELECT lead_told_us FROM break_glass");
    return rows.next() && !rows.null(0) ? rows.integer(0) : 0;
  }
  std::vector<std::string> kept() {
    std::vector<std::string> all;
    for (const auto& each : std::filesystem::directory_iterator(folder)) {
      std::ifstream in(each.path());
      all.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return all;
  }

  care::SmallTrust trust;
  std::string folder;
  interop::Outgoing out;
};

TEST_P(StaffNoticeSendingTest, every_lead_of_the_persons_team_is_told_once) {
  staff(1, "team_lead", trust.team);
  staff(2, "team_lead", std::nullopt);
  staff(3, "team_lead", trust.other_team);
  staff(4, "team_lead", trust.team, false);
  staff(5, "team_lead", trust.team, true, kNow);
  staff(6, "administrator", std::nullopt);
  break_glass();
  SmtpForTests server([](const std::string&) {});
  EXPECT_EQ(run(server.url()), 2);
  EXPECT_EQ(run(server.url(), kNow + kMinute), 0);
  EXPECT_EQ(receivers(), (std::vector<std::string>{"lead1@example.org emergency_access sent", "lead2@example.org emergency_access sent"}));
  EXPECT_EQ(server.accepted().size(), 2U);
  EXPECT_EQ(told_at(), kNow);
}

// What stands in the parts of a message, decoded (RFC 2045 section 6.8).
std::string bodies_of(const std::string& mail) {
  constexpr std::string_view kBegins = "Content-Transfer-Encoding: base64\r\n\r\n";
  std::string out;
  for (std::size_t at = 0; (at = mail.find(kBegins, at)) != std::string::npos;) {
    at += kBegins.size();
    std::string part = mail.substr(at, mail.find("--", at) - at);
    std::erase_if(part, [](char c) { return c == '\r' || c == '\n' || c == '='; });
    std::ranges::replace(part, '+', '-');
    std::ranges::replace(part, '/', '_');
    const auto bytes = crypto::from_base64url(part);
    EXPECT_TRUE(bytes) << "not base64";
    if (bytes) out.append(bytes->begin(), bytes->end());
  }
  EXPECT_FALSE(out.empty());
  return out;
}

TEST_P(StaffNoticeSendingTest, the_message_holds_nothing_of_the_person_or_of_who_opened_it) {
  staff(1, "team_lead", trust.team);
  break_glass();
  EXPECT_EQ(run(""), 1);
  const auto mails = kept();
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_THAT(mails[0], testing::HasSubstr("To: <lead1@example.org>"));
  const std::string said = mails[0] + bodies_of(mails[0]);
  EXPECT_THAT(said, testing::HasSubstr("https://groups.example.org/staff"));
  for (const char* word : {"Robin", "Sample", "Fern", "North", "panic", "safeguarding"}) EXPECT_THAT(said, testing::Not(testing::HasSubstr(word))) << word;
}

TEST_P(StaffNoticeSendingTest, where_a_team_has_no_lead_the_administrators_are_asked_for_one) {
  staff(6, "administrator", std::nullopt);
  break_glass();
  EXPECT_EQ(run(""), 1);
  EXPECT_EQ(receivers(), std::vector<std::string>{"lead6@example.org emergency_access_no_lead kept"});
  EXPECT_EQ(told_at(), 0) << "no lead was told";
}

TEST_P(StaffNoticeSendingTest, help_that_nobody_has_taken_is_told_to_the_leads_once) {
  staff(1, "team_lead", trust.team);
  staff(3, "team_lead", trust.other_team);
  raise(safety::AlertKind::help);
  EXPECT_EQ(run(""), 1);
  raise(safety::AlertKind::help);
  EXPECT_EQ(run("", kNow + kMinute), 0);
  EXPECT_EQ(receivers(), std::vector<std::string>{"lead1@example.org help kept"});
  const auto mails = kept();
  ASSERT_EQ(mails.size(), 1U);
  const std::string said = mails[0] + bodies_of(mails[0]);
  EXPECT_THAT(said, testing::HasSubstr("https://groups.example.org/staff"));
  for (const char* word : {"Robin", "Sample", "Fern", "North", "panic"}) EXPECT_THAT(said, testing::Not(testing::HasSubstr(word))) << word;
}

TEST_P(StaffNoticeSendingTest, a_drop_off_is_told_to_the_leads_when_nobody_has_taken_it_for_five_minutes) {
  SmtpForTests server([](const std::string&) {});
  staff(1, "team_lead", trust.team);
  raise(safety::AlertKind::drop_off, safety::Origin::call);
  EXPECT_EQ(run(server.url(), kNow + 5 * kMinute - 1), 0) << "the facilitators have it to themselves";
  EXPECT_EQ(run(server.url(), kNow + 5 * kMinute), 1);
  EXPECT_EQ(run(server.url(), kNow + 60 * kMinute), 0) << "once";
  EXPECT_EQ(receivers(), (std::vector<std::string>{"lead1@example.org drop_off sent"}));
}

TEST_P(StaffNoticeSendingTest, the_duty_contact_gets_a_text_message_once) {
  Notify notify;
  duty("", "07700 900 982");
  staff(1, "team_lead", trust.team);
  raise(safety::AlertKind::help);
  EXPECT_EQ(run("", kNow, &notify), 2);
  EXPECT_EQ(run("", kNow + kMinute, &notify), 0);
  EXPECT_EQ(texts(), std::vector<std::string>{"help sent"});
  EXPECT_EQ(receivers(), std::vector<std::string>{"lead1@example.org help kept"});
  ASSERT_EQ(notify.bodies.size(), 1U);
  EXPECT_THAT(notify.bodies[0], testing::HasSubstr("+447700900982"));
  EXPECT_THAT(notify.bodies[0], testing::HasSubstr("groups.example.org"));
  for (const char* word : {"Robin", "Sample", "Fern", "North", "panic"}) EXPECT_THAT(notify.bodies[0], testing::Not(testing::HasSubstr(word))) << word;
}

TEST_P(StaffNoticeSendingTest, the_duty_contact_hears_of_a_drop_off_when_the_leads_do) {
  Notify notify;
  duty("07700 900 983", "01632 960 000");
  staff(1, "team_lead", trust.team);
  raise(safety::AlertKind::drop_off, safety::Origin::call);
  EXPECT_EQ(run("", kNow + 4 * kMinute, &notify), 0);
  EXPECT_EQ(run("", kNow + 6 * kMinute, &notify), 2);
  ASSERT_EQ(notify.bodies.size(), 1U);
  EXPECT_THAT(notify.bodies[0], testing::HasSubstr("+447700900983"));
}

TEST_P(StaffNoticeSendingTest, a_telephone_on_a_desk_is_sent_no_text_message_nor_is_broken_glass_told_to_the_duty_contact) {
  Notify notify;
  duty("01632 960 001", "07700 900 982");
  staff(1, "team_lead", trust.team);
  raise(safety::AlertKind::help);
  EXPECT_EQ(run("", kNow, &notify), 1);
  duty("", "07700 900 982");
  break_glass();
  EXPECT_EQ(run("", kNow + kMinute, &notify), 1);
  EXPECT_EQ(texts(), std::vector<std::string>{});
  EXPECT_TRUE(notify.bodies.empty());
}

TEST_P(StaffNoticeSendingTest, an_alert_that_is_no_call_for_help_or_that_somebody_has_taken_is_told_to_nobody) {
  staff(1, "team_lead", trust.team);
  raise(safety::AlertKind::worried);
  EXPECT_EQ(run(""), 0);
  const auto alert = raise(safety::AlertKind::help);
  {
    auto t = pool().write();
    t->run("UPDATE safety_alert SET holder = $2 WHERE id = $1", alert, trust.staff);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(run("", kNow + kMinute), 0);
  EXPECT_EQ(receivers(), std::vector<std::string>{});
}

TEST_P(StaffNoticeSendingTest, what_cannot_be_sent_now_is_sent_later) {
  staff(1, "team_lead", trust.team);
  break_glass();
  EXPECT_EQ(run("smtp://127.0.0.1:1"), 0);
  EXPECT_EQ(receivers(), std::vector<std::string>{"lead1@example.org emergency_access queued"});
  SmtpForTests server([](const std::string&) {});
  EXPECT_EQ(run(server.url(), kNow + 30'000'000), 0) << "not before its time";
  EXPECT_EQ(run(server.url(), kNow + 2 * kMinute), 1);
  EXPECT_EQ(told_at(), kNow + 2 * kMinute);
}

TEST_P(StaffNoticeSendingTest, a_sender_that_died_before_it_said_how_it_went_is_repeated_with_the_same_message_id) {
  staff(1, "team_lead", trust.team);
  break_glass();
  std::string first;
  {
    auto t = pool().write();
    ASSERT_EQ(interop::tell_leads(*t, entropy, out, {kNow}), 1);
    const auto taken = interop::lease_notices(*t, out, {kNow}, 10);
    ASSERT_EQ(taken.size(), 1U);
    first = taken[0].mail.message_id;
    ASSERT_TRUE(t->commit());
  }
  SmtpForTests server([](const std::string&) {});
  EXPECT_EQ(run(server.url(), kNow + kMinute), 0) << "somebody has it";
  EXPECT_EQ(run(server.url(), kNow + interop::kLease.us), 1);
  EXPECT_EQ(server.accepted(), (std::map<std::string, int>{{"<" + first + ">", 1}}));
}

QUIETROOM_ON_BOTH_DATABASES(StaffNoticeSendingTest);

}  // namespace
}  // namespace app
