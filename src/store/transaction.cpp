// SPDX-License-Identifier: Apache-2.0
// See transaction.h.
#include "store/transaction.h"

namespace store {

std::string_view to_text(StoreError e) {
  switch (e) {
    case StoreError::unavailable: return "unavailable";
    case StoreError::full: return "full";
    case StoreError::busy: return "busy";
    case StoreError::conflict: return "conflict";
    case StoreError::wrong_use: return "wrong-use";
  }
  return "";
}

bool Rows::next() {
  if (!cursor_ || !of_->ok()) return false;
  const auto row = cursor_->step();
  if (!row) {
    of_->fail(row.error());
    return false;
  }
  return *row;
}

Transaction::Transaction(std::unique_ptr<Connection> connection, Kind kind, GiveBack give_back)
    : connection_(std::move(connection)), kind_(kind), dialect_(connection_->dialect()), give_back_(std::move(give_back)) {
  const bool sqlite = dialect_ == Dialect::sqlite;
  const auto begun = connection_->execute(kind == Kind::write ? (sqlite ? "BEGIN IMMEDIATE" : "BEGIN ISOLATION LEVEL READ COMMITTED")
                                          : sqlite           ? "BEGIN"
                                                             : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (begun) {
    open_ = true;
  } else {
    fail(begun.error());
  }
}

Transaction::~Transaction() {
  if (open_) (void)connection_->execute("ROLLBACK");
  if (connection_ && give_back_) give_back_(std::move(connection_));
}

std::unique_ptr<Cursor> Transaction::prepare(std::string_view sql) {
  if (error_ || !open_) return nullptr;
  auto cursor = connection_->prepare(sql);
  if (!cursor) {
    fail(cursor.error());
    return nullptr;
  }
  return std::move(*cursor);
}

void Transaction::execute(std::string_view sql) {
  if (error_ || !open_) return;
  if (const auto done = connection_->execute(sql); !done) fail(done.error());
}

base::Result<void, StoreError> Transaction::commit() {
  if (!open_ && !error_) return std::unexpected(StoreError::wrong_use);
  if (!error_) execute("COMMIT");
  if (error_) return std::unexpected(*error_);
  open_ = false;
  if (give_back_) give_back_(std::move(connection_));
  return {};
}

}  // namespace store
