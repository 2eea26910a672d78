// SPDX-License-Identifier: Apache-2.0
// One session with a database engine, as the two backends (sqlite.cpp, postgres.cpp) offer it. The SQL is the common part of
// both: parameters $1, $2, …; INTEGER (64 bits), TEXT, REAL and BLOB columns; RETURNING and ON CONFLICT. Not here:
// transactions (transaction.h), which connection to use (pool.h). Invariant: no error text holds a bound value, because
// there is no error text: StoreError only. Thread rule: one thread at a time; the pool guards it.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace store {

enum class StoreError : std::uint8_t {
  unavailable,  // cannot be opened or reached, damaged
  full,         // the disk is full
  busy,         // another writer holds it, or both would have changed the same rows: try again
  conflict,     // a constraint says no
  wrong_use,    // an SQL text or a parameter of ours is wrong: a bug
};
[[nodiscard]] std::string_view to_text(StoreError);

enum class Dialect : std::uint8_t { sqlite, postgresql };

// A statement being filled and stepped; given back when it goes. Parameters count from 1, columns from 0.
class Cursor {
 public:
  Cursor() = default;
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;
  virtual ~Cursor() = default;
  virtual void bind(int number, std::int64_t value) = 0;
  virtual void bind(int number, double value) = 0;
  virtual void bind(int number, std::string_view text) = 0;
  virtual void bind(int number, base::Bytes blob) = 0;
  virtual void bind_null(int number) = 0;
  // True: a row stands ready. False: done, and changed() says how many rows were written.
  [[nodiscard]] virtual base::Result<bool, StoreError> step() = 0;
  [[nodiscard]] virtual bool null(int column) const = 0;
  [[nodiscard]] virtual std::int64_t integer(int column) const = 0;
  [[nodiscard]] virtual double real(int column) const = 0;
  // Valid until the next step.
  [[nodiscard]] virtual base::Bytes bytes(int column) const = 0;
  [[nodiscard]] virtual std::int64_t changed() const = 0;
};

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;
  [[nodiscard]] virtual Dialect dialect() const = 0;
  // Kept prepared by its text. A cursor must not outlive its connection.
  [[nodiscard]] virtual base::Result<std::unique_ptr<Cursor>, StoreError> prepare(std::string_view sql) = 0;
  // One or several statements without parameters and rows.
  [[nodiscard]] virtual base::Result<void, StoreError> execute(std::string_view sql) = 0;
  // False: the line to the engine is gone; open another.
  [[nodiscard]] virtual bool usable() const = 0;
};

// ":memory:" for tests. The file is made with 0600, in WAL mode with synchronous = FULL.
[[nodiscard]] base::Result<std::unique_ptr<Connection>, StoreError> open_sqlite(const std::string& path);
// A libpq connection URL (postgresql://…); the server's notices go nowhere.
[[nodiscard]] base::Result<std::unique_ptr<Connection>, StoreError> open_postgres(const std::string& url);
// By what the URL says: "postgresql://…" or "postgres://…", "sqlite:PATH" or a path.
[[nodiscard]] base::Result<std::unique_ptr<Connection>, StoreError> open_connection(const std::string& url);
[[nodiscard]] Dialect dialect_of(std::string_view url);

}  // namespace store
