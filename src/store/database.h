// SPDX-License-Identifier: Apache-2.0
// A small layer over one SQLite connection: prepared statements with numbered parameters, transactions, migrations.
// Tables are STRICT, foreign keys are on, the journal is WAL. Not here: any table. Invariant: no error text holds a bound
// value (SQLite's own messages name constraints only, and are kept out of StoreError all the same).
// Thread rule: one thread at a time; the owner guards it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace store {

enum class StoreError : std::uint8_t {
  unavailable,  // cannot be opened, disk full, damaged
  busy,         // another writer holds it
  conflict,     // a constraint says no
  wrong_use,    // an SQL text or a parameter of ours is wrong: a bug
};
[[nodiscard]] std::string_view to_text(StoreError);

// A statement being filled and stepped. Reset and ready again when it goes out of scope.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* s) : statement_(s) {}
  ~Statement();
  Statement(Statement&& o) noexcept : statement_(o.statement_), failed_(o.failed_) { o.statement_ = nullptr; }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  // Parameters stand as $1, $2, … and are bound by name (DESIGN.md "SQLite pitfalls").
  Statement& bind(int number, std::int64_t value);
  Statement& bind(int number, std::string_view text);
  Statement& bind(int number, base::Bytes blob);
  Statement& bind_null(int number);

  // True: a row stands ready. False: done.
  [[nodiscard]] base::Result<bool, StoreError> step();
  [[nodiscard]] base::Result<void, StoreError> run();  // for statements without rows
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string text(int column) const;

 private:
  [[nodiscard]] int index_of(int number);
  sqlite3_stmt* statement_;
  bool failed_ = false;
};

class Database {
 public:
  // ":memory:" for tests. The file is made with 0600.
  [[nodiscard]] static base::Result<std::unique_ptr<Database>, StoreError> open(const std::string& path);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  // Kept prepared by its text.
  [[nodiscard]] base::Result<Statement, StoreError> prepare(std::string_view sql);
  [[nodiscard]] base::Result<void, StoreError> execute(std::string_view sql);
  // Applies those not yet applied, in order, each in a transaction; the number applied stands in user_version.
  [[nodiscard]] base::Result<void, StoreError> migrate(std::span<const std::string_view> migrations);

 private:
  explicit Database(sqlite3* handle) : handle_(handle) {}
  sqlite3* handle_;
  struct Prepared {
    std::string sql;
    sqlite3_stmt* statement;
  };
  std::vector<Prepared> prepared_;
};

// BEGIN IMMEDIATE … COMMIT; rolled back where commit() was not called.
class Transaction {
 public:
  [[nodiscard]] static base::Result<Transaction, StoreError> begin(Database& database);
  ~Transaction();
  Transaction(Transaction&& o) noexcept : database_(o.database_) { o.database_ = nullptr; }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  [[nodiscard]] base::Result<void, StoreError> commit();

 private:
  explicit Transaction(Database* database) : database_(database) {}
  Database* database_;
};

}  // namespace store
