// SPDX-License-Identifier: Apache-2.0
// Everything from one database into another, empty one, with counts and checksums of both sides compared: how a trust moves from
// SQLite to PostgreSQL, and what a backup (into a SQLite file) and a restore (out of one) are. One side is SQLite, whose
// catalogue says tables, columns and the order of references. Not here: files and messages (app/store_commands). Invariant:
// nothing is opened: sealed fields are copied sealed. One thread.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "store/transaction.h"

namespace store {

struct TableSum {
  std::string table;
  std::int64_t rows = 0;
  std::array<std::uint64_t, 4> sum{};  // of the rows' SHA-256, whatever their order
  bool operator==(const TableSum&) const = default;
};
struct CopyReport {
  std::vector<TableSum> from, to;  // the same tables in the same order
  [[nodiscard]] bool equal() const { return from == to; }
};
enum class CopyError : std::uint8_t { from, to, not_empty, no_sqlite };

// Both are migrated to the same state. Reads what was written back, in the same transaction; the caller commits `to` where the
// report is equal.
[[nodiscard]] base::Result<CopyReport, CopyError> copy_all(Transaction& from, Transaction& to);
// What stands in one of them, by the catalogue of `sqlite` (which may be the same).
[[nodiscard]] std::vector<TableSum> sums_of(Transaction& of, Transaction& sqlite);

}  // namespace store
