// SPDX-License-Identifier: Apache-2.0
// SQLite behind Connection: STRICT tables, WAL, foreign keys, a commit is on the disk (synchronous = FULL). Parameters are
// bound by name, since SQLite numbers $2 by its place, not by its figure. Not here: when to retry.
#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <charconv>
#include <deque>

#include "store/connection.h"

namespace store {
namespace {

StoreError to_error(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StoreError::busy;
    case SQLITE_CONSTRAINT: return StoreError::conflict;
    case SQLITE_FULL: return StoreError::full;
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH: return StoreError::wrong_use;
    default: return StoreError::unavailable;
  }
}
auto fail(StoreError e) { return std::unexpected<StoreError>(e); }

constexpr std::string_view kSettings =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
    "PRAGMA secure_delete = ON; PRAGMA cache_size = -16384;"
    // A connection drops its pages whenever another has written: they are mapped, not copied again.
    "PRAGMA mmap_size = 1073741824;"
    // A commit that also empties the log keeps everybody waiting for two more fsyncs: Pool::tidy does it beside them, this is the limit.
    "PRAGMA wal_autocheckpoint = 8000;";

struct Prepared {
  std::string sql;
  sqlite3_stmt* statement = nullptr;
  bool in_use = false;
};

class SqliteCursor final : public Cursor {
 public:
  // `kept` stays with its connection; without it the statement is this cursor's own.
  SqliteCursor(sqlite3* handle, sqlite3_stmt* statement, Prepared* kept) : handle_(handle), s_(statement), kept_(kept) {
    if (kept_ != nullptr) kept_->in_use = true;
  }
  ~SqliteCursor() override {
    if (kept_ == nullptr) {
      sqlite3_finalize(s_);
      return;
    }
    sqlite3_reset(s_);
    sqlite3_clear_bindings(s_);
    kept_->in_use = false;
  }
  void bind(int n, std::int64_t v) override { note(sqlite3_bind_int64(s_, index_of(n), v)); }
  void bind(int n, double v) override { note(sqlite3_bind_double(s_, index_of(n), v)); }
  void bind(int n, std::string_view v) override {
    const char* p = v.data() == nullptr ? "" : v.data();  // a null pointer would bind NULL
    note(sqlite3_bind_text64(s_, index_of(n), p, v.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }
  void bind(int n, base::Bytes v) override {
    note(v.empty() ? sqlite3_bind_zeroblob(s_, index_of(n), 0)
                   : sqlite3_bind_blob64(s_, index_of(n), v.data(), v.size(), SQLITE_TRANSIENT));
  }
  void bind_null(int n) override { note(sqlite3_bind_null(s_, index_of(n))); }

  base::Result<bool, StoreError> step() override {
    if (failed_) return fail(StoreError::wrong_use);
    const int code = sqlite3_step(s_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) return fail(to_error(code));
    changed_ = sqlite3_changes64(handle_);
    return false;
  }
  bool null(int c) const override { return sqlite3_column_type(s_, c) == SQLITE_NULL; }
  std::int64_t integer(int c) const override { return sqlite3_column_int64(s_, c); }
  double real(int c) const override { return sqlite3_column_double(s_, c); }
  base::Bytes bytes(int c) const override {
    const auto* p = static_cast<const std::uint8_t*>(sqlite3_column_blob(s_, c));
    return {p, p == nullptr ? 0 : static_cast<std::size_t>(sqlite3_column_bytes(s_, c))};
  }
  std::int64_t changed() const override { return changed_; }

 private:
  int index_of(int number) {
    std::array<char, 16> name{'$'};
    *std::to_chars(name.data() + 1, name.data() + name.size() - 1, number).ptr = '\0';
    return sqlite3_bind_parameter_index(s_, name.data());
  }
  void note(int code) { failed_ |= code != SQLITE_OK; }
  sqlite3* handle_;
  sqlite3_stmt* s_;
  Prepared* kept_;
  std::int64_t changed_ = 0;
  bool failed_ = false;
};

class SqliteConnection final : public Connection {
 public:
  explicit SqliteConnection(sqlite3* handle) : handle_(handle) {}
  ~SqliteConnection() override {
    for (const auto& p : prepared_) sqlite3_finalize(p.statement);
    sqlite3_close_v2(handle_);
  }
  Dialect dialect() const override { return Dialect::sqlite; }
  bool usable() const override { return true; }

  base::Result<std::unique_ptr<Cursor>, StoreError> prepare(std::string_view sql) override {
    Prepared* known = nullptr;
    for (auto& p : prepared_)
      if (p.sql == sql) known = &p;
    if (known != nullptr && !known->in_use) return std::make_unique<SqliteCursor>(handle_, known->statement, known);
    sqlite3_stmt* statement = nullptr;
    const char* rest = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                        known == nullptr ? SQLITE_PREPARE_PERSISTENT : 0, &statement, &rest);
    if (code != SQLITE_OK) return fail(to_error(code));
    if (statement == nullptr || rest != sql.data() + sql.size()) {
      sqlite3_finalize(statement);
      return fail(StoreError::wrong_use);
    }
    if (known != nullptr) return std::make_unique<SqliteCursor>(handle_, statement, nullptr);
    prepared_.push_back({std::string(sql), statement, false});
    return std::make_unique<SqliteCursor>(handle_, statement, &prepared_.back());
  }

  base::Result<void, StoreError> execute(std::string_view sql) override {
    const std::string copy(sql);
    const int code = sqlite3_exec(handle_, copy.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return fail(to_error(code));
    return {};
  }

 private:
  sqlite3* handle_;
  std::deque<Prepared> prepared_;  // a deque: cursors point into it
};

}  // namespace

base::Result<std::unique_ptr<Connection>, StoreError> open_sqlite(const std::string& path) {
  sqlite3* handle = nullptr;
  const mode_t before = ::umask(0077);
  const int code = sqlite3_open_v2(path.c_str(), &handle,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nullptr);
  auto out = std::make_unique<SqliteConnection>(handle);
  if (code == SQLITE_OK) sqlite3_busy_timeout(handle, 5'000);
  base::Result<void, StoreError> set = code == SQLITE_OK ? out->execute(kSettings) : fail(to_error(code));
  ::umask(before);
  if (!set) return fail(set.error());
  return out;
}

}  // namespace store
