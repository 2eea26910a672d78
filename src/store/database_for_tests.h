// SPDX-License-Identifier: Apache-2.0
// A fresh, migrated database for a test, on SQLite or on the PostgreSQL whose URL stands in QUIETROOM_TEST_POSTGRES (./test starts
// one: tests/postgres). Tests that touch SQL are written once and instantiated for both:
//   class People : public store::OnBothDatabases {};
//   TEST_P(People, are_found_by_the_beginning_of_a_name) { auto t = pool().write(); … }
//   QUIETROOM_ON_BOTH_DATABASES(People);
// Not for the product. One thread.
#pragma once
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "store/key_ring.h"
#include "store/schema.h"

namespace store {

// The same bytes in every run.
class SeededEntropy final : public base::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed = 1) : next_(seed) {}
  void fill(base::MutableBytes out) override {
    for (auto& b : out) b = static_cast<std::uint8_t>((next_ = next_ * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
  }

 private:
  std::uint64_t next_;
};

class TestDatabase {
 public:
  // ready() is false where there is no PostgreSQL to test on.
  explicit TestDatabase(Dialect dialect) {
    const std::string name = "quietroom_test_" + std::to_string(::getpid()) + "_" + std::to_string(counter()++);
    if (dialect == Dialect::sqlite) {
      folder_ = std::filesystem::temp_directory_path() / name;
      std::filesystem::create_directories(folder_);
      url_ = (folder_ / "quietroom.sqlite3").string();
    } else {
      const char* given = std::getenv("QUIETROOM_TEST_POSTGRES");
      if (given == nullptr || *given == '\0') return;
      admin_ = given;
      const std::size_t slash = admin_.find('/', admin_.find("//") + 2), question = admin_.find('?');
      url_ = admin_.substr(0, slash + 1) + name + (question == std::string::npos ? "" : admin_.substr(question));
      name_ = name;
      administer("CREATE DATABASE " + name);
    }
    open();
  }
  ~TestDatabase() {
    pool_ = nullptr;
    if (!name_.empty()) administer("DROP DATABASE " + name_ + " WITH (FORCE)");
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  TestDatabase(const TestDatabase&) = delete;
  TestDatabase& operator=(const TestDatabase&) = delete;

  [[nodiscard]] bool ready() const { return pool_ != nullptr; }
  [[nodiscard]] Pool& pool() { return *pool_; }
  [[nodiscard]] const std::string& url() const { return url_; }
  // As after a restart of the program.
  void open() {
    pool_ = nullptr;
    auto pool = Pool::open(url_, 4);
    ASSERT_TRUE(pool) << "the test database cannot be opened";
    pool_ = std::move(*pool);
    ASSERT_TRUE(migrate(*pool_, {1'000'000})) << "the migrations do not apply";
  }

 private:
  static int& counter() {
    static int n = 0;
    return n;
  }
  void administer(const std::string& sql) {
    auto c = open_postgres(admin_);
    ASSERT_TRUE(c) << "QUIETROOM_TEST_POSTGRES cannot be reached";
    ASSERT_TRUE((*c)->execute(sql));
  }
  std::string url_, admin_, name_;
  std::filesystem::path folder_;
  std::unique_ptr<Pool> pool_;
};

class OnBothDatabases : public testing::TestWithParam<Dialect> {
 protected:
  void SetUp() override {
    database_ = std::make_unique<TestDatabase>(GetParam());
    if (!database_->ready()) GTEST_SKIP() << "no PostgreSQL here: set QUIETROOM_TEST_POSTGRES";
    auto t = pool().write();
    auto file = parse_key_file(make_key_line("test", entropy));
    ASSERT_TRUE(file && keys.load(*t, *file, {1'000'000}) && t->commit());
  }
  [[nodiscard]] Pool& pool() { return database_->pool(); }
  [[nodiscard]] TestDatabase& database() { return *database_; }
  SeededEntropy entropy;
  KeyRing keys{entropy};

 private:
  std::unique_ptr<TestDatabase> database_;
};

inline std::string dialect_name(const testing::TestParamInfo<Dialect>& info) {
  return info.param == Dialect::sqlite ? "sqlite" : "postgresql";
}

}  // namespace store

#define QUIETROOM_ON_BOTH_DATABASES(Fixture)                                                                             \
  INSTANTIATE_TEST_SUITE_P(Both, Fixture, testing::Values(store::Dialect::sqlite, store::Dialect::postgresql), store::dialect_name)
