// SPDX-License-Identifier: Apache-2.0
// The tables: numbered SQL files of src/store/migrations/, one text for both engines, built into the program. A migration that
// has landed is never edited; a change is a further file. For PostgreSQL the words INTEGER, BLOB and REAL become BIGINT, BYTEA
// and DOUBLE PRECISION, and STRICT goes. Not here: copying between engines (app/copy).
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "store/pool.h"

namespace store {

struct Migration {
  int number;             // of the file; they are applied in its order
  std::string_view name;  // what the file is called
  std::string_view sql;
};
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] std::string for_dialect(std::string_view sql, Dialect dialect);

enum class SchemaError : std::uint8_t {
  store,    // a database failure
  later,    // made by a later program: this one must not touch it
  changed,  // a migration was applied with another text than the one in this program
};
// Applies those not yet applied, in order, each in a transaction. Returns how many.
[[nodiscard]] base::Result<int, SchemaError> migrate(Pool& pool, base::WallTime now);
[[nodiscard]] base::Result<int, SchemaError> migrate(Pool& pool, base::WallTime now, std::span<const Migration> all);

}  // namespace store
