// SPDX-License-Identifier: Apache-2.0
#include "store/database.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

namespace {

using namespace std::string_view_literals;
using store::Database;
using store::StoreError;

constexpr std::array kTables{
    "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"sv,
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES parent(id)) STRICT;"sv,
};

std::unique_ptr<Database> fresh() {
  auto db = Database::open(":memory:");
  EXPECT_TRUE(db);
  EXPECT_TRUE((*db)->migrate(kTables));
  return std::move(*db);
}

TEST(Database, returns_what_was_bound_whatever_the_order_of_its_parameters) {
  auto db = fresh();
  ASSERT_TRUE(db->prepare("INSERT INTO parent (name, id) VALUES ($2, $1)")->bind(1, std::int64_t{7}).bind(2, "Robin"sv).run());
  auto found = db->prepare("SELECT id, name FROM parent WHERE name = $1");
  ASSERT_TRUE(found);
  found->bind(1, "Robin"sv);
  ASSERT_TRUE(found->step().value());
  EXPECT_EQ(found->integer(0), 7);
  EXPECT_EQ(found->text(1), "Robin");
  EXPECT_FALSE(found->step().value());
}

TEST(Database, says_conflict_for_a_constraint_and_for_a_missing_parent) {
  auto db = fresh();
  ASSERT_TRUE(db->prepare("INSERT INTO parent VALUES (1, 'Ash')")->run());
  EXPECT_EQ(db->prepare("INSERT INTO parent VALUES (2, 'Ash')")->run().error(), StoreError::conflict);
  EXPECT_EQ(db->prepare("INSERT INTO child VALUES (1, 99)")->run().error(), StoreError::conflict);
}

TEST(Database, a_strict_table_takes_no_text_for_a_number) {
  auto db = fresh();
  EXPECT_EQ(db->prepare("INSERT INTO child VALUES ('x', 'y')")->run().error(), StoreError::wrong_use);
}

TEST(Database, a_transaction_that_was_not_committed_leaves_nothing) {
  auto db = fresh();
  {
    auto t = store::Transaction::begin(*db);
    ASSERT_TRUE(t);
    ASSERT_TRUE(db->prepare("INSERT INTO parent VALUES (1, 'Ash')")->run());
  }
  EXPECT_FALSE(db->prepare("SELECT id FROM parent")->step().value());
}

TEST(Database, refuses_two_statements_in_one_and_unknown_parameters) {
  auto db = fresh();
  EXPECT_EQ(db->prepare("SELECT 1; SELECT 2").error(), StoreError::wrong_use);
  EXPECT_EQ(db->prepare("SELECT $1")->bind(2, std::int64_t{1}).step().error(), StoreError::wrong_use);
}

TEST(Database, survives_on_disk_for_the_owner_alone_and_refuses_a_later_programs_tables) {
  const auto folder = std::filesystem::temp_directory_path() / ("quietroom-store-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string path = (folder / "x.db").string();
  {
    auto db = Database::open(path);
    ASSERT_TRUE(db);
    ASSERT_TRUE((*db)->migrate(kTables));
    ASSERT_TRUE((*db)->prepare("INSERT INTO parent VALUES (1, 'Ash')")->run());
  }
  struct stat s {};
  ASSERT_EQ(::stat(path.c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600U);
  auto again = Database::open(path);
  ASSERT_TRUE(again);
  EXPECT_TRUE((*again)->migrate(kTables));
  EXPECT_TRUE((*again)->prepare("SELECT id FROM parent")->step().value());
  EXPECT_EQ((*again)->migrate(std::span(kTables).first(1)).error(), StoreError::unavailable);
  std::filesystem::remove_all(folder);
}

}  // namespace
