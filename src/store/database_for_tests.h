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

// Where a test's databases live: a folder of temporary files, or the server of QUIETROOM_TEST_POSTGRES.
class TestPlace {
 public:
  explicit TestPlace(Dialect dialect) : dialect_(dialect) {
    const char* given = std::getenv("QUIETROOM_TEST_POSTGRES");
    if (dialect == Dialect::postgresql && given != nullptr) admin_ = given;
  }
  [[nodiscard]] bool ready() const { return dialect_ == Dialect::sqlite || !admin_.empty(); }
  [[nodiscard]] static std::filesystem::path folder(const std::string& name) { return std::filesystem::temp_directory_path() / name; }
  [[nodiscard]] std::string url(const std::string& name) const {
    if (dialect_ == Dialect::sqlite) return (folder(name) / "quietroom.sqlite3").string();
    const std::size_t slash = admin_.find('/', admin_.find("//") + 2), question = admin_.find('?');
    return admin_.substr(0, slash + 1) + name + (question == std::string::npos ? "" : admin_.substr(question));
  }
  // `like`: the database of that name, which nobody uses, is copied.
  void make(const std::string& name, const std::string& like) const {
    if (dialect_ == Dialect::postgresql) return administer("CREATE DATABASE " + name + (like.empty() ? "" : " TEMPLATE " + like));
    std::filesystem::create_directories(folder(name));
    if (!like.empty()) std::filesystem::copy_file(url(like), url(name));
  }
  void remove(const std::string& name) const {
    if (dialect_ == Dialect::postgresql) return administer("DROP DATABASE " + name + " WITH (FORCE)");
    std::error_code ignored;
    std::filesystem::remove_all(folder(name), ignored);
  }

 private:
  void administer(const std::string& sql) const {
    auto c = open_postgres(admin_);
    ASSERT_TRUE(c) << "QUIETROOM_TEST_POSTGRES cannot be reached";
    ASSERT_TRUE((*c)->execute(sql));
  }
  Dialect dialect_;
  std::string admin_;
};

class TestDatabase {
 public:
  // ready() is false where there is no PostgreSQL to test on.
  explicit TestDatabase(Dialect dialect) : TestDatabase(TestPlace(dialect), &migrated(dialect)) {}
  ~TestDatabase() {
    pool_ = nullptr;
    if (!name_.empty()) place_.remove(name_);
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
  TestDatabase(TestPlace place, const TestDatabase* like) : place_(std::move(place)) {
    if (!place_.ready()) return;
    static int made = 0;
    name_ = "quietroom_test_" + std::to_string(::getpid()) + "_" + std::to_string(made++);
    place_.make(name_, like == nullptr ? "" : like->name_);
    url_ = place_.url(name_);
    open();
  }
  // The migrations take longer than most tests: they run once a program, and each test gets a copy.
  static const TestDatabase& migrated(Dialect dialect) {
    static TestDatabase sqlite{TestPlace(Dialect::sqlite), nullptr}, postgresql{TestPlace(Dialect::postgresql), nullptr};
    TestDatabase& one = dialect == Dialect::sqlite ? sqlite : postgresql;
    one.pool_ = nullptr;  // what is open is not copied
    return one;
  }
  TestPlace place_;
  std::string url_, name_;
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
