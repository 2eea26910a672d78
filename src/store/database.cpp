// SPDX-License-Identifier: Apache-2.0
// See database.h.
#include "store/database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <array>
#include <charconv>

namespace store {
namespace {

StoreError to_error(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return StoreError::busy;
    case SQLITE_CONSTRAINT: return StoreError::conflict;
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
    "PRAGMA secure_delete = ON;";

}  // namespace

std::string_view to_text(StoreError e) {
  switch (e) {
    case StoreError::unavailable: return "unavailable";
    case StoreError::busy: return "busy";
    case StoreError::conflict: return "conflict";
    case StoreError::wrong_use: return "wrong-use";
  }
  return "";
}

Statement::~Statement() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

int Statement::index_of(int number) {
  std::array<char, 16> name{'$'};
  *std::to_chars(name.data() + 1, name.data() + name.size() - 1, number).ptr = '\0';
  return sqlite3_bind_parameter_index(statement_, name.data());
}
Statement& Statement::bind(int number, std::int64_t value) {
  failed_ |= sqlite3_bind_int64(statement_, index_of(number), value) != SQLITE_OK;
  return *this;
}
Statement& Statement::bind(int number, std::string_view text) {
  failed_ |= sqlite3_bind_text64(statement_, index_of(number), text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
             SQLITE_OK;
  return *this;
}
Statement& Statement::bind(int number, base::Bytes blob) {
  failed_ |= sqlite3_bind_blob64(statement_, index_of(number), blob.data(), blob.size(), SQLITE_TRANSIENT) != SQLITE_OK;
  return *this;
}
Statement& Statement::bind_null(int number) {
  failed_ |= sqlite3_bind_null(statement_, index_of(number)) != SQLITE_OK;
  return *this;
}

base::Result<bool, StoreError> Statement::step() {
  if (failed_) return fail(StoreError::wrong_use);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fail(to_error(code));
}
base::Result<void, StoreError> Statement::run() {
  const auto row = step();
  if (!row) return fail(row.error());
  if (*row) return fail(StoreError::wrong_use);
  return {};
}
std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }
std::string Statement::text(int column) const {
  const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return p == nullptr ? std::string{} : std::string(p, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

base::Result<std::unique_ptr<Database>, StoreError> Database::open(const std::string& path) {
  sqlite3* handle = nullptr;
  const mode_t before = ::umask(0077);
  const int code = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                   nullptr);
  std::unique_ptr<Database> out(new Database(handle));
  base::Result<void, StoreError> set = code == SQLITE_OK ? out->execute(kSettings) : fail(to_error(code));
  ::umask(before);
  if (!set) return fail(set.error());
  sqlite3_busy_timeout(handle, 5'000);
  return out;
}

Database::~Database() {
  for (const auto& p : prepared_) sqlite3_finalize(p.statement);
  sqlite3_close_v2(handle_);
}

base::Result<Statement, StoreError> Database::prepare(std::string_view sql) {
  for (const auto& p : prepared_)
    if (p.sql == sql) return Statement(p.statement);
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, &rest);
  if (code != SQLITE_OK) return fail(to_error(code));
  if (statement == nullptr || rest != sql.data() + sql.size()) {
    sqlite3_finalize(statement);
    return fail(StoreError::wrong_use);
  }
  prepared_.push_back({std::string(sql), statement});
  return Statement(statement);
}

base::Result<void, StoreError> Database::execute(std::string_view sql) {
  const std::string copy(sql);
  const int code = sqlite3_exec(handle_, copy.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(to_error(code));
  return {};
}

base::Result<void, StoreError> Database::migrate(std::span<const std::string_view> migrations) {
  std::int64_t applied = 0;
  {
    auto version = prepare("PRAGMA user_version");
    if (!version) return fail(version.error());
    if (const auto row = version->step(); !row) return fail(row.error());
    applied = version->integer(0);
  }
  // Made by a later program: this one must not touch it.
  if (applied > static_cast<std::int64_t>(migrations.size())) return fail(StoreError::unavailable);
  for (auto i = static_cast<std::size_t>(applied); i < migrations.size(); ++i) {
    auto transaction = Transaction::begin(*this);
    if (!transaction) return fail(transaction.error());
    if (auto done = execute(migrations[i]); !done) return done;
    if (auto done = execute("PRAGMA user_version = " + std::to_string(i + 1)); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
  }
  return {};
}

base::Result<Transaction, StoreError> Transaction::begin(Database& database) {
  if (auto done = database.execute("BEGIN IMMEDIATE"); !done) return fail(done.error());
  return Transaction(&database);
}
Transaction::~Transaction() {
  if (database_ != nullptr) (void)database_->execute("ROLLBACK");
}
base::Result<void, StoreError> Transaction::commit() {
  auto done = database_->execute("COMMIT");
  if (done) database_ = nullptr;
  return done;
}

}  // namespace store
