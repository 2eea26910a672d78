// SPDX-License-Identifier: Apache-2.0
// A transaction and the rows read in it. A failure is kept inside, as in base::Reader: after the first one nothing more is
// done, rows end and counts are 0, and commit() or error() says which it was. So a table's function reads straight on, and
// its caller looks once, before anything leaves the house. Not here: retrying, and which rows a caller may see (care/).
// Thread rule: one thread at a time.
#pragma once
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/record_id.h"
#include "base/redacted.h"
#include "store/connection.h"

namespace store {

class Transaction;

class Rows {
 public:
  Rows(Transaction* of, std::unique_ptr<Cursor> cursor) : of_(of), cursor_(std::move(cursor)) {}
  // Before the first row and after each; false where there is none, or where something failed.
  [[nodiscard]] bool next();
  [[nodiscard]] bool null(int column) const { return cursor_->null(column); }
  [[nodiscard]] std::int64_t integer(int column) const { return cursor_->integer(column); }
  [[nodiscard]] bool flag(int column) const { return cursor_->integer(column) != 0; }
  [[nodiscard]] double real(int column) const { return cursor_->real(column); }
  [[nodiscard]] std::string text(int column) const { return std::string(base::as_text(cursor_->bytes(column))); }
  [[nodiscard]] base::Bytes bytes(int column) const { return cursor_->bytes(column); }  // until the next row
  [[nodiscard]] base::WallTime time(int column) const { return {cursor_->integer(column)}; }
  template <class Id>
  [[nodiscard]] Id id(int column) const {
    return Id{text(column)};
  }
  // NULL as nothing.
  [[nodiscard]] std::optional<std::string> maybe_text(int c) const { return null(c) ? std::nullopt : std::optional(text(c)); }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer(int c) const {
    return null(c) ? std::nullopt : std::optional(integer(c));
  }
  [[nodiscard]] std::optional<base::WallTime> maybe_time(int c) const { return null(c) ? std::nullopt : std::optional(time(c)); }
  [[nodiscard]] std::int64_t changed() const { return cursor_ ? cursor_->changed() : 0; }

 private:
  Transaction* of_;
  std::unique_ptr<Cursor> cursor_;
};

class Transaction {
 public:
  // `give_back` is called once, at the end, with the connection.
  using GiveBack = std::function<void(std::unique_ptr<Connection>)>;
  enum class Kind : std::uint8_t { read, write };
  // read: one snapshot. write: SQLite's only writer (BEGIN IMMEDIATE), PostgreSQL's READ COMMITTED, where the version in
  // each UPDATE's WHERE keeps two people from overwriting each other.
  Transaction(std::unique_ptr<Connection> connection, Kind kind, GiveBack give_back);
  ~Transaction();  // rolls back what was not committed
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Values are bound to $1, $2, … in order. std::nullopt and empty optionals are NULL.
  template <class... Values>
  [[nodiscard]] Rows query(std::string_view sql, const Values&... values) {
    auto cursor = prepare(sql);
    if (cursor) {
      int number = 0;
      (bind(*cursor, ++number, values), ...);
    }
    return {this, std::move(cursor)};
  }
  // How many rows were written; 0 where something failed.
  template <class... Values>
  std::int64_t run(std::string_view sql, const Values&... values) {
    Rows rows = query(sql, values...);
    while (rows.next()) {
    }
    return ok() ? rows.changed() : 0;
  }
  // As run(), for a statement whose values are bound one by one (`fill(Cursor&)`).
  template <class Fill>
  void run_row(std::string_view sql, Fill&& fill) {
    auto cursor = prepare(sql);
    if (!cursor) return;
    std::forward<Fill>(fill)(*cursor);
    Rows rows(this, std::move(cursor));
    while (rows.next()) {
    }
  }
  void execute(std::string_view sql);

  [[nodiscard]] bool ok() const { return !error_; }
  [[nodiscard]] std::optional<StoreError> error() const { return error_; }
  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] Dialect dialect() const { return dialect_; }
  void fail(StoreError e) {
    if (!error_) error_ = e;
  }
  // After it the transaction does nothing more, and its connection is free for others. No Rows may be in use.
  [[nodiscard]] base::Result<void, StoreError> commit();

 private:
  [[nodiscard]] std::unique_ptr<Cursor> prepare(std::string_view sql);
  static void bind(Cursor& c, int n, std::string_view v) { c.bind(n, v); }
  static void bind(Cursor& c, int n, const std::string& v) { c.bind(n, std::string_view(v)); }
  static void bind(Cursor& c, int n, const char* v) { c.bind(n, std::string_view(v)); }
  static void bind(Cursor& c, int n, base::Bytes v) { c.bind(n, v); }
  static void bind(Cursor& c, int n, const std::vector<std::uint8_t>& v) { c.bind(n, base::Bytes(v)); }
  template <std::size_t N>
  static void bind(Cursor& c, int n, const std::array<std::uint8_t, N>& v) {
    c.bind(n, base::Bytes(v));
  }
  template <std::integral T>
  static void bind(Cursor& c, int n, T v) {
    c.bind(n, static_cast<std::int64_t>(v));
  }
  static void bind(Cursor& c, int n, double v) { c.bind(n, v); }
  static void bind(Cursor& c, int n, base::WallTime v) { c.bind(n, v.us); }
  static void bind(Cursor& c, int n, std::nullopt_t) { c.bind_null(n); }
  template <class Tag>
  static void bind(Cursor& c, int n, const base::RecordId<Tag>& v) {
    c.bind(n, std::string_view(v.text));
  }
  template <class T>
  static void bind(Cursor& c, int n, const std::optional<T>& v) {
    if (v) {
      bind(c, n, *v);
    } else {
      c.bind_null(n);
    }
  }

  friend class Rows;
  std::unique_ptr<Connection> connection_;
  Kind kind_;
  Dialect dialect_;
  GiveBack give_back_;
  std::optional<StoreError> error_;
  bool open_ = false;
};

}  // namespace store
