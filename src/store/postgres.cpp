// SPDX-License-Identifier: Apache-2.0
// PostgreSQL (15 or later) behind Connection, by libpq: statements prepared once by their text, values as text (numbers) and
// bytes (blobs) inward, binary outward. Not here: reconnecting (the pool drops a connection that is not usable()).
// Invariant: no message of the server is kept or shown, since it may quote values; its SQLSTATE alone decides.
#include <libpq-fe.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <map>
#include <vector>

#include "store/connection.h"

namespace store {
namespace {

struct ResultFree {
  void operator()(PGresult* r) const { PQclear(r); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultFree>;

auto fail(StoreError e) { return std::unexpected<StoreError>(e); }

// SQLSTATE classes (PostgreSQL 15 manual, appendix A).
StoreError to_error(const PGresult* r) {
  const char* state = r == nullptr ? nullptr : PQresultErrorField(r, PG_DIAG_SQLSTATE);
  if (state == nullptr) return StoreError::unavailable;
  const std::string_view s(state);
  if (s.starts_with("23")) return StoreError::conflict;       // integrity constraint violation
  if (s.starts_with("40") || s == "55P03") return StoreError::busy;  // transaction rollback; lock not available
  if (s == "53100") return StoreError::full;                  // disk full
  if (s.starts_with("08") || s.starts_with("53") || s.starts_with("57") || s.starts_with("58")) return StoreError::unavailable;
  return StoreError::wrong_use;
}

// Types whose binary form is understood here (pg_type.dat).
constexpr Oid kInt8 = 20, kInt2 = 21, kInt4 = 23, kFloat4 = 700, kFloat8 = 701, kBool = 16;

class PostgresCursor final : public Cursor {
 public:
  PostgresCursor(PGconn* connection, std::string name) : connection_(connection), name_(std::move(name)) {}

  void bind(int n, std::int64_t v) override { slot(n) = {std::to_string(v), false, false}; }
  void bind(int n, double v) override {
    char text[32];
    slot(n) = {std::string(text, std::to_chars(text, text + sizeof text, v).ptr), false, false};
  }
  void bind(int n, std::string_view v) override { slot(n) = {std::string(v), false, false}; }
  void bind(int n, base::Bytes v) override { slot(n) = {std::string(base::as_text(v)), true, false}; }
  void bind_null(int n) override { slot(n) = {{}, false, true}; }

  base::Result<bool, StoreError> step() override {
    if (!result_) {
      if (failed_) return fail(StoreError::wrong_use);
      if (auto done = run(); !done) return fail(done.error());
    }
    return ++row_ < PQntuples(result_.get());
  }
  bool null(int c) const override { return PQgetisnull(result_.get(), row_, c) != 0; }
  std::int64_t integer(int c) const override {
    const base::Bytes b = bytes(c);
    switch (PQftype(result_.get(), c)) {
      case kInt8: return b.size() == 8 ? static_cast<std::int64_t>(base::load_u64(b.data())) : 0;
      case kInt4: return b.size() == 4 ? static_cast<std::int32_t>(base::load_u32(b.data())) : 0;
      case kInt2: return b.size() == 2 ? static_cast<std::int16_t>(base::load_u16(b.data())) : 0;
      case kBool: return !b.empty() && b[0] != 0 ? 1 : 0;
      default: return static_cast<std::int64_t>(real(c));
    }
  }
  double real(int c) const override {
    const base::Bytes b = bytes(c);
    switch (PQftype(result_.get(), c)) {
      case kFloat8: return b.size() == 8 ? std::bit_cast<double>(base::load_u64(b.data())) : 0;
      case kFloat4: return b.size() == 4 ? double{std::bit_cast<float>(base::load_u32(b.data()))} : 0;
      case kInt8:
      case kInt4:
      case kInt2: return static_cast<double>(integer(c));
      default: return 0;
    }
  }
  base::Bytes bytes(int c) const override {
    if (null(c)) return {};
    return {reinterpret_cast<const std::uint8_t*>(PQgetvalue(result_.get(), row_, c)),
            static_cast<std::size_t>(PQgetlength(result_.get(), row_, c))};
  }
  std::int64_t changed() const override {
    std::int64_t n = 0;
    const std::string_view text(PQcmdTuples(result_.get()));
    std::from_chars(text.data(), text.data() + text.size(), n);
    return n;
  }

 private:
  struct Value {
    std::string bytes;
    bool binary = false, null = true;
  };
  Value& slot(int n) {
    failed_ |= n < 1;
    const auto i = static_cast<std::size_t>(n < 1 ? 0 : n - 1);
    if (values_.size() <= i) values_.resize(i + 1);
    return values_[i];
  }
  base::Result<void, StoreError> run() {
    std::vector<const char*> pointers;
    std::vector<int> lengths, formats;
    for (const auto& v : values_) {
      pointers.push_back(v.null ? nullptr : v.bytes.c_str());
      lengths.push_back(static_cast<int>(v.bytes.size()));
      formats.push_back(v.binary ? 1 : 0);
    }
    result_.reset(PQexecPrepared(connection_, name_.c_str(), static_cast<int>(values_.size()), pointers.data(), lengths.data(),
                                 formats.data(), 1));
    const auto status = PQresultStatus(result_.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return fail(to_error(result_.get()));
    return {};
  }
  PGconn* connection_;
  std::string name_;
  std::vector<Value> values_;
  ResultPtr result_;
  int row_ = -1;
  bool failed_ = false;
};

class PostgresConnection final : public Connection {
 public:
  explicit PostgresConnection(PGconn* c) : connection_(c) {}
  ~PostgresConnection() override { PQfinish(connection_); }
  Dialect dialect() const override { return Dialect::postgresql; }
  bool usable() const override { return PQstatus(connection_) == CONNECTION_OK; }

  base::Result<std::unique_ptr<Cursor>, StoreError> prepare(std::string_view sql) override {
    auto known = names_.find(sql);
    if (known == names_.end()) {
      const std::string name = "s" + std::to_string(names_.size()), text(sql);
      const ResultPtr r(PQprepare(connection_, name.c_str(), text.c_str(), 0, nullptr));
      if (PQresultStatus(r.get()) != PGRES_COMMAND_OK) return fail(to_error(r.get()));
      known = names_.emplace(text, name).first;
    }
    return std::make_unique<PostgresCursor>(connection_, known->second);
  }
  base::Result<void, StoreError> execute(std::string_view sql) override {
    const ResultPtr r(PQexec(connection_, std::string(sql).c_str()));
    const auto status = PQresultStatus(r.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) return fail(to_error(r.get()));
    return {};
  }

 private:
  PGconn* connection_;
  std::map<std::string, std::string, std::less<>> names_;
};

}  // namespace

base::Result<std::unique_ptr<Connection>, StoreError> open_postgres(const std::string& url) {
  auto out = std::make_unique<PostgresConnection>(PQconnectdb(url.c_str()));
  if (!out->usable()) return fail(StoreError::unavailable);
  // Nothing of the server's is written to standard error: notices may quote values.
  constexpr std::string_view kSession =
      "SET client_min_messages = error; SET standard_conforming_strings = on; SET timezone = 'UTC'; SET lock_timeout = '5s'; "
      "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s'; SET synchronous_commit = on; "
      "SET jit = off";  // compiling a plan takes longer than any of ours runs
  if (auto done = out->execute(kSession); !done) return fail(done.error());
  return out;
}

}  // namespace store
