// SPDX-License-Identifier: Apache-2.0
// The engine, on both databases.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <thread>

#include "store/audit_queue.h"
#include "store/copy.h"
#include "store/database_for_tests.h"

namespace {

using store::Dialect;
using store::StoreError;

class Store : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    t->execute(store::for_dialect(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, weight REAL, seal BLOB) STRICT;"
        "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent(id)) STRICT;", GetParam()));
    ASSERT_TRUE(t->commit());
  }
};
QUIETROOM_ON_BOTH_DATABASES(Store);

TEST_P(Store, gives_back_every_kind_of_value_as_it_was_bound) {
  const std::vector<std::uint8_t> bytes{0, 255, 1, 0};
  {
    auto t = pool().write();
    t->run("INSERT INTO parent (name, id, weight, seal) VALUES ($2, $1, $3, $4)", 7, "Robin", 0.25, bytes);
    t->run("INSERT INTO parent (id, name, weight, seal) VALUES ($1, $2, $3, $4)", INT64_MIN, "", std::nullopt, std::optional<std::string>{});
    ASSERT_TRUE(t->commit());
  }
  auto t = pool().read();
  auto rows = t->query("SELECT id, name, weight, seal FROM parent WHERE name = $1", "Robin");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 7);
  EXPECT_EQ(rows.text(1), "Robin");
  EXPECT_EQ(rows.real(2), 0.25);
  EXPECT_TRUE(std::ranges::equal(rows.bytes(3), bytes));
  EXPECT_FALSE(rows.next());
  auto other = t->query("SELECT id, name, weight, seal FROM parent WHERE name = $1", "");
  ASSERT_TRUE(other.next());
  EXPECT_EQ(other.integer(0), INT64_MIN);
  EXPECT_TRUE(other.null(2) && other.null(3) && !other.null(1));
  EXPECT_EQ(other.maybe_text(3), std::nullopt);
}

// What stands in the file itself, without the log beside it.
TEST_P(Store, tidying_moves_what_was_committed_into_the_file_and_may_be_done_while_somebody_reads) {
  const auto add = [&](int id) {
    auto t = pool().write();
    t->run("INSERT INTO parent (id, name) VALUES ($1, $2)", id, std::to_string(id));
    ASSERT_TRUE(t->commit());
  };
  add(1);
  {
    auto reading = pool().read();
    EXPECT_TRUE(reading->query("SELECT id FROM parent WHERE id = 1").next());
    add(2);
    pool().tidy();
    EXPECT_FALSE(reading->query("SELECT id FROM parent WHERE id = 2").next()) << "a reader keeps the moment that it began at";
  }
  pool().tidy();
  EXPECT_TRUE(pool().read()->query("SELECT id FROM parent WHERE id = 2").next());
  if (GetParam() != Dialect::sqlite) return;
  const std::string alone = database().url() + ".alone";
  std::filesystem::copy_file(database().url(), alone);
  auto copy = store::Pool::open(alone, 1);
  ASSERT_TRUE(copy);
  EXPECT_TRUE((*copy)->read()->query("SELECT id FROM parent WHERE id = 2").next());
}

TEST_P(Store, says_conflict_for_a_constraint_and_for_a_missing_parent_and_does_nothing_more) {
  for (const char* sql : {"INSERT INTO parent (id, name) VALUES (2, 'Ash')", "INSERT INTO child VALUES (1, 99)"}) {
    auto t = pool().write();
    t->run("INSERT INTO parent (id, name) VALUES (1, 'Ash')");
    t->run(sql);
    EXPECT_EQ(t->run("INSERT INTO parent (id, name) VALUES (3, 'Elm')"), 0);
    EXPECT_FALSE(t->query("SELECT 1").next());
    // SQLite looks at references at once, PostgreSQL too: the statement itself fails.
    EXPECT_EQ(t->error(), StoreError::conflict) << sql;
    EXPECT_EQ(t->commit().error(), StoreError::conflict);
  }
  EXPECT_FALSE(pool().read()->query("SELECT id FROM parent").next());
}

TEST_P(Store, a_transaction_that_was_not_committed_leaves_nothing) {
  EXPECT_EQ(pool().write()->run("INSERT INTO parent (id, name) VALUES (1, 'Ash')"), 1);
  EXPECT_FALSE(pool().read()->query("SELECT id FROM parent").next());
}

TEST_P(Store, counts_the_rows_that_an_update_changed) {
  auto t = pool().write();
  t->run("INSERT INTO parent (id, name) VALUES (1, 'Ash'), (2, 'Elm')");
  EXPECT_EQ(t->run("UPDATE parent SET weight = 1 WHERE id < $1", 9), 2);
  EXPECT_EQ(t->run("UPDATE parent SET weight = 1 WHERE id = $1 AND name = $2", 1, "Elm"), 0);
}

TEST_P(Store, the_same_statement_can_be_read_inside_itself) {
  auto t = pool().write();
  t->run("INSERT INTO parent (id, name) VALUES (1, 'Ash'), (2, 'Elm')");
  constexpr auto kSql = "SELECT id FROM parent WHERE id <= $1 ORDER BY id";
  int seen = 0;
  auto outer = t->query(kSql, 2);
  while (outer.next()) {
    auto inner = t->query(kSql, outer.integer(0));
    while (inner.next()) ++seen;
  }
  EXPECT_EQ(seen, 3);
}

TEST_P(Store, a_reader_sees_one_moment_while_others_write) {
  auto reader = pool().read();
  EXPECT_FALSE(reader->query("SELECT id FROM parent").next());
  auto writer = pool().write();
  writer->run("INSERT INTO parent (id, name) VALUES (1, 'Ash')");
  ASSERT_TRUE(writer->commit());
  EXPECT_FALSE(reader->query("SELECT id FROM parent").next());
  EXPECT_TRUE(pool().read()->query("SELECT id FROM parent").next());
}

TEST_P(Store, a_wrong_statement_is_a_bug_of_ours_and_says_so) {
  EXPECT_EQ([&] { auto t = pool().write(); t->run("INSERT INTO nowhere VALUES (1)"); return t->error(); }(), StoreError::wrong_use);
  auto text_for_number = pool().write();
  text_for_number->run("INSERT INTO child (id, parent) VALUES (1, 'y')");
  EXPECT_FALSE(text_for_number->ok());
}

TEST_P(Store, migrations_apply_once_and_refuse_a_later_or_another_programs_tables) {
  EXPECT_EQ(store::migrate(pool(), {1}).value(), 0);
  const auto all = store::migrations();
  EXPECT_EQ(store::migrate(pool(), {1}, all.first(all.size() - 1)).error(), store::SchemaError::later);
  std::vector<store::Migration> other(all.begin(), all.end());
  other[0].sql = "SELECT 1";
  EXPECT_EQ(store::migrate(pool(), {1}, other).error(), store::SchemaError::changed);
}

TEST_P(Store, sealed_fields_open_in_their_own_row_and_column_alone) {
  const base::Redacted<std::string> name("Robin Example");
  const auto sealed = keys.seal({"person.legal_name"}, "a", name);
  auto t = pool().read();
  EXPECT_EQ(keys.open(*t, {"person.legal_name"}, "a", sealed), name);
  EXPECT_TRUE(t->ok());
  EXPECT_EQ(base::as_text(sealed).find("Robin"), std::string_view::npos);
  EXPECT_NE(keys.seal({"person.legal_name"}, "a", name), sealed) << "the same name twice does not look the same";
  for (const auto& [column, row] : {std::pair{"person.legal_name", "b"}, {"person.contacts", "a"}}) {
    auto other = pool().read();
    EXPECT_EQ(keys.open(*other, {column}, row, sealed).get(), "");
    EXPECT_EQ(other->error(), StoreError::unavailable);
  }
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto bent = sealed;
    bent[i] ^= 1;
    EXPECT_EQ(keys.open_text({"person.legal_name"}, "a", bent), std::nullopt) << i;
  }
}

TEST_P(Store, blind_indexes_find_the_same_value_in_the_same_field_alone) {
  EXPECT_EQ(keys.blind("nhs", "9434765919"), keys.blind("nhs", "9434765919"));
  EXPECT_NE(keys.blind("nhs", "9434765919"), keys.blind("phone", "9434765919"));
  EXPECT_NE(keys.blind("nhs", "9434765919"), keys.blind("nhs", "9434765918"));
}

TEST_P(Store, a_turned_key_file_opens_what_was_sealed_before_and_seals_with_a_new_key) {
  const base::Redacted<std::string> name("Robin Example");
  const auto before = keys.seal({"x.y"}, "a", name);
  const auto index = keys.blind("n", "robin");
  store::SeededEntropy again(1), other(2);
  const std::string old_line = store::make_key_line("test", again), new_line = store::make_key_line("turned", other);
  store::KeyRing ring(entropy);
  auto t = pool().write();
  ASSERT_TRUE(ring.load(*t, store::parse_key_file(new_line + old_line).value(), {2'000'000}));
  ASSERT_TRUE(t->commit());
  auto r = pool().read();
  EXPECT_EQ(ring.open(*r, {"x.y"}, "a", before), name);
  EXPECT_EQ(ring.blind("n", "robin"), index);
  EXPECT_GT(store::KeyRing::data_key_of(ring.seal({"x.y"}, "a", name)), store::KeyRing::data_key_of(before));
  r = nullptr;
  // From now on the old line is not needed, and alone it opens nothing.
  store::KeyRing next(entropy), lost(entropy);
  auto t2 = pool().write();
  EXPECT_TRUE(next.load(*t2, store::parse_key_file(new_line).value(), {3'000'000}));
  EXPECT_EQ(lost.load(*t2, store::parse_key_file(old_line).value(), {3'000'000}).error(), store::KeyError::unknown_file_key);
}

TEST_P(Store, the_audit_trail_shows_a_row_changed_taken_out_or_cut_off) {
  const auto entry = [](std::int64_t i) {
    return store::AuditEntry{.at = {i}, .actor_kind = "staff", .actor = "s", .action = "read", .data = "identity",
                             .subject_kind = "person", .subject = "p", .person = "p", .reason = {}, .note = {}};
  };
  for (int i = 0; i < 5; ++i) {
    auto t = pool().write();
    store::append_audit(*t, {entry(i), entry(i + 100)});
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(store::verify_audit(*pool().read()).rows, 10);
  EXPECT_EQ(store::verify_audit(*pool().read()).first_wrong, std::nullopt);
  const auto after = [&](const char* sql) {
    auto t = pool().write();
    t->run(sql);
    return store::verify_audit(*t).first_wrong;
  };
  EXPECT_EQ(after("UPDATE audit SET reason = 'x' WHERE number = 4"), 4);
  EXPECT_EQ(after("UPDATE audit SET data = 'identit', subject_kind = 'yperson' WHERE number = 4"), 4);
  EXPECT_EQ(after("DELETE FROM audit WHERE number = 7"), 7);
  EXPECT_EQ(after("DELETE FROM audit WHERE number = 10"), 10);
  EXPECT_EQ(after("UPDATE audit_head SET number = 11"), 11);
}

TEST_P(Store, audit_rows_of_many_readers_are_each_written_once) {
  store::AuditQueue queue(pool());
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> readers;
    for (int i = 0; i < 8; ++i)
      readers.emplace_back([&, i] {
        for (int k = 0; k < 20; ++k)
          good += queue.write({{.at = {i}, .actor_kind = "staff", .actor = std::to_string(i), .action = "read", .data = {}, .subject_kind = {},
                                .subject = std::to_string(k), .person = {}, .reason = {}, .note = {}}}).has_value() ? 1 : 0;
      });
  }
  EXPECT_EQ(good, 160);
  auto t = pool().read();
  auto rows = t->query("SELECT COUNT(*), COUNT(DISTINCT actor || '/' || subject) FROM audit");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 160);
  EXPECT_EQ(rows.integer(1), 160);
  EXPECT_FALSE(rows.next());
  EXPECT_EQ(store::verify_audit(*t).first_wrong, std::nullopt);
}

TEST_P(Store, a_database_that_cannot_be_reached_fails_from_the_start) {
  const std::string wrong = GetParam() == Dialect::sqlite ? "/nowhere/at/all.sqlite3" : "postgresql://nobody@/none?host=%2Fnowhere";
  EXPECT_EQ(store::Pool::open(wrong, 1).error(), StoreError::unavailable);
}

// A backup is a copy into a SQLite file, a restore a copy out of one.
TEST_P(Store, a_copy_to_sqlite_and_back_holds_the_same_rows_and_refuses_what_is_not_empty) {
  {
    auto t = pool().write();
    t->run("INSERT INTO trust VALUES ('t', 1, 'Example Trust', 'Europe/London', '', '{}')");
    t->run("INSERT INTO service VALUES ('s', 1, 't', 'Service')");
    t->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ('m', 1, 's', 'Team', '')");
    for (int i = 0; i < 20; ++i) {
      const std::string id = "p" + std::to_string(i);
      t->run("INSERT INTO person (id, version, team, legal_name_sealed, nhs_number_index, made_us, changed_us) VALUES ($1, 1, 'm', $2, $3, 5, 6)",
             id, keys.seal({"person.legal_name"}, id, base::Redacted<std::string>("Robin")), keys.blind("nhs", id));
    }
    store::append_audit(*t, {{.at = {1}, .actor_kind = "system", .actor = {}, .action = "create", .data = {}, .subject_kind = {}, .subject = {}, .person = {}, .reason = {}, .note = {}}});
    t->execute("DROP TABLE child; DROP TABLE parent");
    ASSERT_TRUE(t->commit());
  }
  store::TestDatabase backup(Dialect::sqlite), restored(GetParam());
  {
    auto from = pool().read();
    auto to = backup.pool().write();
    const auto report = store::copy_all(*from, *to);
    ASSERT_TRUE(report && report->equal());
    const auto people = std::ranges::find(report->from, "person", &store::TableSum::table);
    EXPECT_EQ(people->rows, 20);
    ASSERT_TRUE(to->commit());
  }
  auto from = backup.pool().read();
  {
    auto to = restored.pool().write();
    const auto report = store::copy_all(*from, *to);
    ASSERT_TRUE(report && report->equal());
    ASSERT_TRUE(to->commit());
  }
  auto t = restored.pool().write();
  auto rows = t->query("SELECT id, legal_name_sealed FROM person WHERE id = 'p7'");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(keys.open(*t, {"person.legal_name"}, "p7", rows.bytes(1)).get(), "Robin");
  EXPECT_EQ(store::verify_audit(*t).rows, 1);
  EXPECT_EQ(store::verify_audit(*t).first_wrong, std::nullopt);
  EXPECT_EQ(store::copy_all(*from, *t).error(), store::CopyError::not_empty);
  t->run("UPDATE person SET decile = 3 WHERE id = 'p7'");
  EXPECT_NE(store::sums_of(*t, *from), store::sums_of(*from, *from)) << "one changed field shows";
}

TEST(Sqlite, is_on_disk_for_the_owner_alone) {
  store::TestDatabase d(Dialect::sqlite);
  struct stat s {};
  ASSERT_EQ(::stat(d.url().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600U);
}

TEST(Sqlite, that_can_grow_no_more_says_full_keeps_what_was_saved_and_goes_on_when_there_is_room) {
  store::TestDatabase d(Dialect::sqlite);
  const auto save = [&](const std::string& name) {
    auto t = d.pool().write();
    t->run("INSERT INTO note (name) VALUES ($1)", name);
    return t->commit();
  };
  {
    auto t = d.pool().write();
    t->execute("CREATE TABLE note (name TEXT NOT NULL) STRICT");
    t->run("INSERT INTO note (name) VALUES ('before')");
    ASSERT_TRUE(t->commit());
    t = d.pool().write();  // SQLite has one connection that writes
    t->execute("PRAGMA max_page_count = 1");  // no more than there are
    ASSERT_TRUE(t->commit());
  }
  const auto full = save(std::string(1 << 20, 'x'));
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error(), StoreError::full);
  {
    auto t = d.pool().read();
    auto rows = t->query("SELECT name FROM note");
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.text(0), "before");
    EXPECT_FALSE(rows.next());
  }
  auto t = d.pool().write();
  t->execute("PRAGMA max_page_count = 1000000");
  ASSERT_TRUE(t->commit());
  t = nullptr;
  EXPECT_TRUE(save(std::string(1 << 20, 'x')));
}

TEST(Postgres, that_went_away_is_unavailable_and_then_comes_back_by_itself) {
  store::TestDatabase d(Dialect::postgresql);
  if (!d.ready()) GTEST_SKIP();
  ASSERT_TRUE(d.pool().read()->query("SELECT 1").next());
  {
    auto t = d.pool().write();
    t->run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    ASSERT_TRUE(t->ok());
    t->run("SELECT pg_terminate_backend(pg_backend_pid())");
    EXPECT_EQ(t->error(), StoreError::unavailable);
  }
  auto lost = d.pool().read();
  EXPECT_FALSE(lost->query("SELECT 1").next());
  EXPECT_EQ(lost->error(), StoreError::unavailable);
  lost = nullptr;
  EXPECT_TRUE(d.pool().read()->query("SELECT 1").next());
  EXPECT_TRUE(d.pool().write()->query("SELECT 1").next());
}

TEST(KeyFile, names_each_key_once_and_takes_nothing_else) {
  store::SeededEntropy entropy;
  const std::string line = store::make_key_line("one", entropy);
  EXPECT_EQ(store::parse_key_file("# keys\n\n" + line)->size(), 1U);
  for (const std::string& wrong : {std::string(), std::string("one"), std::string("one AAAA"), line + line, "ö" + line})
    EXPECT_FALSE(store::parse_key_file(wrong)) << wrong.size();
}

}  // namespace
