// SPDX-License-Identifier: Apache-2.0
// How long what is kept: the periods' arithmetic, a rule for every table, and the daily run on both databases.
#include "care/retention.h"

#include <set>

#include "care/group_for_tests.h"
#include "care/legal_hold_table.h"
#include "care/record_removal_table.h"
#include "care/retention_table.h"
#include "care/today_place_table.h"
#include "care/whole_record_for_tests.h"

namespace {

using namespace care;

base::WallTime day(const char* text) {
  const auto d = parse_date(text);
  return {std::chrono::sys_days(*d).time_since_epoch().count() * kDayOfTest};
}

TEST(Retention, periods_are_counted_in_calendar_days_months_and_years) {
  EXPECT_EQ(day_text(after(day("2026-01-31"), {1, KeptUnit::months})), "2026-02-28");
  EXPECT_EQ(day_text(after(day("2024-02-29"), {1, KeptUnit::years})), "2025-02-28");
  EXPECT_EQ(day_text(before(day("2026-03-31"), {1, KeptUnit::months})), "2026-02-28");
  EXPECT_EQ(day_text(before({day("2026-03-01").us + kHour}, {30, KeptUnit::days})), "2026-01-30");
  EXPECT_EQ(after(day("2026-01-31"), {}), day("2026-01-31"));
}

TEST(Retention, a_record_stays_after_the_last_contact_or_the_death_and_until_a_child_is_grown) {
  struct Case {
    const char *contact, *born, *died, *ends;
  };
  const Periods standard = standard_periods();
  for (const Case& c : {Case{"2026-06-01", nullptr, nullptr, "2046-06-01"}, Case{"2026-06-01", "1980-05-05", nullptr, "2046-06-01"},
                        Case{"2026-06-01", "1980-05-05", "2027-01-02", "2037-01-02"}, Case{"2026-06-01", "1980-05-05", "2045-01-02", "2046-06-01"},
                        Case{"2026-06-01", "2024-05-05", nullptr, "2049-05-05"}, Case{"2026-06-01", "2024-05-05", "2027-01-02", "2037-01-02"}}) {
    const auto date = [](const char* text) { return text == nullptr ? std::nullopt : parse_date(text); };
    EXPECT_EQ(day_text(record_ends({.contact = day(c.contact), .born = date(c.born), .died = date(c.died)}, standard)), c.ends) << c.contact << c.ends;
  }
}

TEST(Retention, nothing_goes_before_it_was_shown_for_the_whole_notice) {
  const Periods standard = standard_periods();
  EXPECT_EQ(day_text(goes_on(day("2026-01-01"), day("2026-06-01"), standard)), "2026-07-01");
  EXPECT_EQ(day_text(goes_on(day("2026-06-20"), day("2026-06-01"), standard)), "2026-07-01");
  EXPECT_EQ(day_text(goes_on(day("2026-08-20"), day("2026-06-01"), standard)), "2026-08-20");
}

TEST(Retention, a_period_that_would_harm_is_refused) {
  const auto code = [](Kept kind, std::int64_t amount, KeptUnit unit) {
    const auto fault = fault_in(kind_of(kind), {amount, unit});
    return fault ? fault->pointer + " " + fault->code : std::string("fine");
  };
  EXPECT_EQ(code(Kept::people, 20, KeptUnit::years), "fine");
  EXPECT_EQ(code(Kept::people, 0, KeptUnit::years), "/amount too-short");
  EXPECT_EQ(code(Kept::people, 3, KeptUnit::days), "/amount too-short");
  EXPECT_EQ(code(Kept::people, 101, KeptUnit::years), "/amount too-long");
  EXPECT_EQ(code(Kept::people, 0, KeptUnit::with_record), "/unit unit");
  EXPECT_EQ(code(Kept::messages, 0, KeptUnit::with_record), "fine");
  EXPECT_EQ(code(Kept::messages, 28, KeptUnit::days), "fine");
  EXPECT_EQ(code(Kept::messages, 27, KeptUnit::days), "/amount too-short");
  EXPECT_EQ(code(Kept::notice, 6, KeptUnit::days), "/amount too-short");
  EXPECT_EQ(code(Kept::notice, 7, KeptUnit::days), "fine");
  EXPECT_EQ(code(Kept::notice, 1, KeptUnit::years), "/unit unit");
  EXPECT_EQ(code(Kept::young_people, 300, KeptUnit::months), "/unit unit");
  for (const auto& k : kept_kinds())
    if (k.how != How::standing) EXPECT_FALSE(fault_in(k, k.standard)) << k.name;
}

class RetentionRun : public TrustForTests {
 protected:
  void SetUp() override {
    TrustForTests::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    at = plant_group(*t, keys, entropy, team(1), staff(1), planted_at);
    t->run("DELETE FROM person");  // the trust's own: this test counts
    records.push_back(Planter(*t, keys, entropy, "Amber", seat(2), planted_at).plant());
    records.push_back(Planter(*t, keys, entropy, "Birch", seat(3), planted_at).plant());
    ASSERT_TRUE(t->commit());
  }
  WhereToPlant seat(int n) const {
    WhereToPlant out = at;
    out.seat = n;
    return out;
  }

  RetentionReport run(base::WallTime when, bool again = false) {
    const auto report = run_retention(pool(), keys, entropy, when, again);
    EXPECT_TRUE(report) << (report ? "" : store::to_text(report.error()));
    return report ? *report : RetentionReport{};
  }
  std::int64_t count(const std::string& table, const std::string& where = "1 = 1") {
    auto t = pool().read();
    auto rows = t->query("SELECT COUNT(*) FROM " + table + " WHERE " + where);
    EXPECT_TRUE(rows.next()) << table;
    return rows.integer(0);
  }
  std::int64_t count_of(const std::string& table, const char* column, const std::string& id) {
    auto t = pool().read();
    auto rows = t->query("SELECT COUNT(*) FROM " + table + " WHERE " + column + " = $1", id);
    return rows.next() ? rows.integer(0) : -1;
  }
  static std::int64_t items(const std::vector<WentRow>& went, Kept kind) {
    for (const auto& w : went)
      if (w.kind == kind) return w.items;
    return 0;
  }
  std::int64_t shown(Kept kind) {
    auto t = pool().read();
    std::int64_t out = 0;
    for (const auto& n : notices_by_day(*t)) out += n.kind == kind ? n.items : 0;
    return out;
  }
  void expect_whole_trail() {
    auto t = pool().read();
    const auto verdict = store::verify_audit(*t);
    EXPECT_FALSE(verdict.first_wrong) << *verdict.first_wrong;
    EXPECT_GT(verdict.rows, 0);
  }
  void hold(const Held& what, bool lift = false) {
    auto t = pool().write();
    EXPECT_TRUE(lift ? lift_hold(*t, keys, what, Personal("over"), staff(4), later) : set_hold(*t, keys, entropy, what, "claim", Personal("a claim"), staff(4), later));
    EXPECT_TRUE(t->commit());
  }
  void set_period(Kept kind, Period p) {
    auto t = pool().write();
    std::int64_t version = 0;
    for (const auto& r : retention_rules(*t))
      if (r.kind == kind) version = r.version;
    EXPECT_TRUE(save_rule(*t, kind, version, p, staff(10), later));
    EXPECT_TRUE(t->commit());
  }

  const base::WallTime planted_at = day("2026-09-21"), later = day("2046-09-01");
  WhereToPlant at;
  std::vector<WholeRecord> records;
};
QUIETROOM_ON_BOTH_DATABASES(RetentionRun);

TEST_P(RetentionRun, every_table_has_a_rule_or_a_reason_to_be_exempt) {
  auto t = pool().read();
  auto rows = t->query(GetParam() == store::Dialect::sqlite
                           ? "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
                           : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name");
  std::set<std::string, std::less<>> there;
  while (rows.next()) there.insert(rows.text(0));
  std::set<std::string, std::less<>> covered;
  for (const auto& table : tables_kept()) {
    EXPECT_TRUE(covered.insert(std::string(table.table)).second) << table.table << " stands twice";
    EXPECT_NE(table.kind.has_value(), !table.exempt.empty()) << table.table << ": a rule, or a reason, and not both";
  }
  EXPECT_EQ(there, covered) << "give each new table a kind or a reason (care/retention.cpp)";
}

TEST_P(RetentionRun, everything_that_has_a_rule_goes_in_its_time_and_not_before_it_was_shown) {
  {
    auto t = pool().write();
    const std::string id = uuid_for_tests(50, 1);
    t->run("INSERT INTO account (staff, password_hash, totp_last, failures, locked_until_us, subject, changed_us) VALUES ($1, 'x', 0, 0, 0, 'y', $2)", staff(11), planted_at);
    t->run("INSERT INTO recovery_code (staff, hash, used_us) VALUES ($1, $2, $3)", staff(11), crypto::sha256(base::as_bytes(id)), planted_at);
    t->run("INSERT INTO set_up_link (hash, staff, second_factor, made_us, until_us) VALUES ($1, $2, 0, $3, $3)", crypto::sha256(base::as_bytes(id)), staff(11), planted_at);
    t->run("INSERT INTO sign_in (id, hash, staff, second_factor, made_us, seen_us, until_us, locked, device) VALUES ($1, $2, $3, 1, $4, $4, $4, 0, '')", id,
           crypto::sha256(base::as_bytes(id)), staff(11), planted_at);
    t->run("INSERT INTO sign_in_tries (key, failures, last_us) VALUES ($1, 1, $2)", crypto::sha256(base::as_bytes(id)), planted_at);
    t->run("INSERT INTO provider_start (state, browser, made_us, until_us) VALUES ($1, $1, $2, $2)", crypto::sha256(base::as_bytes(id)), planted_at);
    t->run("INSERT INTO idempotency (actor, key, request_hash, status, body_sealed, headers, made_us) VALUES ($1, 'k', $2, 201, $2, '{}', $3)", id,
           crypto::sha256(base::as_bytes(id)), planted_at);
    ASSERT_TRUE(t->commit());
  }
  const std::set<std::string, std::less<>> of_the_run{"audit", "retention_run", "retention_notice"};
  for (const auto& table : tables_kept())
    if (table.kind && !of_the_run.contains(table.table)) EXPECT_GT(count(std::string(table.table)), 0) << table.table << ": plant a row";
  // Young enough: nothing is even shown.
  const auto first = run(planted_at);
  EXPECT_TRUE(first.went.empty());
  EXPECT_TRUE(first.shown.empty());
  ASSERT_TRUE(forget_technical(pool(), {planted_at.us + 2 * kDayOfTest}));
  {
    auto t = pool().write();
    EXPECT_EQ(forget_places(*t, planted_at), 2) << "an alert holds the two of the seats beside";
    ASSERT_TRUE(t->commit());
  }
  // Long after: all that is old is shown, and nothing goes for the length of the notice.
  const base::WallTime old = day("2060-01-01");
  EXPECT_TRUE(run(old).went.empty());
  EXPECT_EQ(shown(Kept::people), 2);
  EXPECT_EQ(shown(Kept::messages), 4);
  EXPECT_EQ(shown(Kept::groups), 0) << "its members' records are still there";
  EXPECT_TRUE(run(day("2060-01-30")).went.empty());
  EXPECT_EQ(count("person"), 2);
  const auto gone = run(day("2060-01-31"));
  EXPECT_EQ(items(gone.went, Kept::people), 2);
  EXPECT_EQ(items(gone.went, Kept::supporters), 2);
  EXPECT_EQ(items(gone.went, Kept::messages), 2) << "those to supporters went with them";
  EXPECT_EQ(items(gone.went, Kept::closed_accounts), 1);
  EXPECT_EQ(shown(Kept::groups), 1);
  EXPECT_EQ(items(run(day("2060-03-01")).went, Kept::groups), 1);
  for (const auto& table : tables_kept())
    if (table.kind && !of_the_run.contains(table.table) && table.table != "account") EXPECT_EQ(count(std::string(table.table)), 0) << table.table;
  EXPECT_EQ(count("account", "password_hash IS NOT NULL OR subject IS NOT NULL"), 0);
  expect_whole_trail();
  // What the runs themselves left, in its time too.
  run(day("2085-01-01"));
  run(day("2085-02-01"));
  EXPECT_EQ(count("retention_run", "at_us < " + std::to_string(day("2061-01-01").us)), 0);
  EXPECT_EQ(count("audit", "at_us < " + std::to_string(day("2061-01-01").us)), 0);
  expect_whole_trail();
}

TEST_P(RetentionRun, a_deletion_leaves_nothing_of_the_person_and_all_of_others) {
  const auto others = [&] {
    std::int64_t n = 0;
    for (const char* table : {"preparation", "attendance", "message", "message_told", "personal_link", "membership_step", "supporter", "agreement_acceptance", "safety_alert"})
      n += count_of(table, "membership", records[1].membership.text);
    return n;
  };
  const std::int64_t before = others();
  EXPECT_GT(before, 8);
  {
    auto t = pool().write();
    remove_person(*t, records[0].id);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(others(), before);
  // No text column of any table says one of their ids, but the audit trail's.
  auto t = pool().read();
  for (const auto& table : tables_kept()) {
    if (table.table == "audit") continue;
    std::vector<std::string> columns;
    auto rows = GetParam() == store::Dialect::sqlite
                    ? t->query("SELECT name FROM pragma_table_info($1) WHERE type = 'TEXT'", table.table)
                    : t->query("SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND data_type = 'text'", table.table);
    while (rows.next()) columns.push_back(rows.text(0));
    for (const auto& column : columns)
      for (const std::string& id : {records[0].id.text, records[0].membership.text, records[0].supporter.text})
        EXPECT_EQ(count_of(std::string(table.table), column.c_str(), id), 0) << table.table << "." << column;
  }
  EXPECT_EQ(count("today_place"), 2) << "the other's and their supporter's";
}

TEST_P(RetentionRun, a_hold_keeps_a_record_and_everything_that_is_theirs_until_it_is_lifted_and_shown_anew) {
  const Held robin_held{.person = records[0].id, .group = {}};
  hold(robin_held);
  run(day("2060-01-01"));
  EXPECT_EQ(shown(Kept::people), 1);
  EXPECT_EQ(shown(Kept::messages), 2);
  EXPECT_EQ(items(run(day("2060-02-01")).went, Kept::people), 1);
  for (const char* table : {"preparation", "attendance", "message", "personal_link", "membership_step", "supporter"})
    EXPECT_GT(count_of(table, "membership", records[0].membership.text), 0) << table;
  for (const char* table : {"reason_note", "break_glass", "audit", "today_place"}) EXPECT_GT(count_of(table, "person", records[0].id.text), 0) << table;
  {
    auto t = pool().write();
    EXPECT_EQ(forget_places(*t, day("2060-01-01")), 0);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_GT(count_of("today_place", "person", records[0].id.text), 0);
  EXPECT_EQ(count_of("person", "id", records[1].id.text), 0);
  hold(robin_held, true);
  EXPECT_TRUE(run(day("2060-02-02")).went.empty()) << "not on the day of lifting";
  EXPECT_EQ(shown(Kept::people), 1);
  EXPECT_EQ(items(run(day("2060-03-02")).went, Kept::people), 0);
  EXPECT_EQ(items(run(day("2060-03-03")).went, Kept::people), 1);
  expect_whole_trail();
}

TEST_P(RetentionRun, a_hold_that_comes_after_the_showing_holds) {
  run(day("2060-01-01"));
  EXPECT_EQ(shown(Kept::people), 2);
  hold({.person = {}, .group = at.group});
  EXPECT_EQ(shown(Kept::people), 0) << "what was shown of the group's people is taken back";
  EXPECT_EQ(items(run(day("2060-02-01")).went, Kept::people), 0);
  run(day("2060-04-01"));
  EXPECT_EQ(count("person"), 2);
  EXPECT_EQ(count("message"), 4);
  EXPECT_EQ(count_of("therapy_group", "id", at.group.text), 1);
}

TEST_P(RetentionRun, who_comes_again_stays) {
  run(day("2060-01-01"));
  {
    auto t = pool().write();
    t->run("UPDATE membership SET state = 'joined' WHERE id = $1", records[0].membership);
    t->run("UPDATE person SET changed_us = $2 WHERE id = $1", records[1].id, day("2060-01-15"));
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(items(run(day("2060-02-01")).went, Kept::people), 0);
  EXPECT_EQ(shown(Kept::people), 0);
  EXPECT_EQ(count("person"), 2);
}

TEST_P(RetentionRun, a_longer_period_counts_at_once_and_a_shorter_one_only_as_it_is_shown) {
  set_period(Kept::messages, {10, KeptUnit::years});
  run(day("2030-01-01"));
  EXPECT_EQ(shown(Kept::messages), 0);
  set_period(Kept::messages, {1, KeptUnit::years});
  EXPECT_TRUE(run(day("2030-01-02")).went.empty());
  EXPECT_EQ(shown(Kept::messages), 4);
  set_period(Kept::messages, {20, KeptUnit::years});
  EXPECT_EQ(items(run(day("2030-03-01")).went, Kept::messages), 0);
  EXPECT_EQ(count("message"), 2) << "those to supporters went with the supporters, whose period is shorter";
  set_period(Kept::messages, {0, KeptUnit::with_record});
  run(day("2040-01-01"));
  EXPECT_EQ(shown(Kept::messages), 0);
}

TEST_P(RetentionRun, runs_once_a_day_and_says_in_the_trail_how_many_of_which_kind_went) {
  EXPECT_TRUE(run(day("2060-01-01")).ran);
  EXPECT_FALSE(run({day("2060-01-01").us + kHour}).ran);
  EXPECT_TRUE(run({day("2060-01-01").us + kHour}, true).ran);
  run(day("2060-02-01"));
  auto t = pool().read();
  auto rows = t->query("SELECT reason, actor_kind, person FROM audit WHERE subject_kind = 'people' AND action = 'remove'");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), "retention-2");
  EXPECT_EQ(rows.text(1), "system");
  EXPECT_EQ(rows.text(2), "");
  EXPECT_EQ(count_of("audit", "action", "remove") > 2, true);
  EXPECT_EQ(went_lately(*t, 50).size(), static_cast<std::size_t>(count("retention_run")));
}

TEST_P(RetentionRun, the_trail_verifies_after_a_cut_and_shows_one_that_was_made_behind_its_back) {
  run(day("2060-01-01"));
  run(day("2060-02-01"));
  EXPECT_EQ(count("audit", "number = 1"), 0);
  expect_whole_trail();
  const auto after = [&](const char* sql) {
    auto t = pool().write();
    t->run(sql);
    const auto verdict = store::verify_audit(*t);
    return verdict.first_wrong.has_value();
  };
  EXPECT_FALSE(after("UPDATE audit_start SET id = 1"));
  EXPECT_TRUE(after("DELETE FROM audit WHERE number = (SELECT MIN(number) FROM audit)"));
  EXPECT_TRUE(after("DELETE FROM audit_start"));
  EXPECT_TRUE(after("UPDATE audit_start SET number = number + 1, hash = (SELECT a.hash FROM audit a WHERE a.number = audit_start.number + 1)"));
}

TEST_P(RetentionRun, a_cut_taken_off_with_its_rows_and_hash_shows_because_no_row_says_it) {
  auto t = pool().write();
  store::append_audit(*t, {{.at = planted_at, .actor_kind = "system", .actor = {}, .action = "read", .data = "audit", .subject_kind = "audit", .subject = {},
                            .person = {}, .reason = {}, .note = {}}});
  t->run("INSERT INTO audit_start (id, number, hash) SELECT 1, number, hash FROM audit WHERE number = 1");
  t->run("DELETE FROM audit WHERE number = 1");
  EXPECT_EQ(store::verify_audit(*t).first_wrong, 1);
}

}  // namespace
