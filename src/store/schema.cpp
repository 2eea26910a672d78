// SPDX-License-Identifier: Apache-2.0
// See schema.h. migrations() itself is written by the build (cmake/migrations.cmake).
#include "store/schema.h"

#include <cctype>

#include "crypto/base64url.h"
#include "crypto/sealing.h"

namespace store {
namespace {

bool word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string digest(std::string_view sql) { return crypto::to_base64url(crypto::sha256(base::as_bytes(sql))); }

constexpr std::string_view kOwnTable =
    "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, "
    "applied_us INTEGER NOT NULL) STRICT";
constexpr std::string_view kLock = "LOCK TABLE migration IN EXCLUSIVE MODE";

}  // namespace

std::string for_dialect(std::string_view sql, Dialect dialect) {
  if (dialect == Dialect::sqlite) return std::string(sql);
  std::string out;
  for (std::size_t i = 0; i < sql.size();) {
    if (!word_char(sql[i])) {
      out += sql[i++];
      continue;
    }
    std::size_t end = i;
    while (end < sql.size() && word_char(sql[end])) ++end;
    const std::string_view word = sql.substr(i, end - i);
    out += word == "INTEGER" ? "BIGINT" : word == "BLOB" ? "BYTEA" : word == "REAL" ? "DOUBLE PRECISION" : word == "STRICT" ? "" : word;
    i = end;
  }
  return out;
}

base::Result<int, SchemaError> migrate(Pool& pool, base::WallTime now) { return migrate(pool, now, migrations()); }

base::Result<int, SchemaError> migrate(Pool& pool, base::WallTime now, std::span<const Migration> all) {
  {
    auto t = pool.write();
    t->execute(for_dialect(kOwnTable, t->dialect()));
    if (!t->commit()) return std::unexpected(SchemaError::store);
  }
  int applied = 0;
  for (;;) {
    auto t = pool.write();
    if (t->dialect() == Dialect::postgresql) t->execute(kLock);  // two nodes starting at once take turns
    std::size_t done = 0;
    {
      Rows rows = t->query("SELECT number, digest FROM migration ORDER BY number");
      while (rows.next()) {
        if (done >= all.size()) return std::unexpected(SchemaError::later);
        if (rows.integer(0) != all[done].number || rows.text(1) != digest(all[done].sql)) return std::unexpected(SchemaError::changed);
        ++done;
      }
    }
    if (done == all.size()) return t->ok() ? base::Result<int, SchemaError>(applied) : std::unexpected(SchemaError::store);
    const Migration& next = all[done];
    t->execute(for_dialect(next.sql, t->dialect()));
    t->run("INSERT INTO migration (number, name, digest, applied_us) VALUES ($1, $2, $3, $4)", next.number, next.name, digest(next.sql), now);
    if (!t->commit()) return std::unexpected(SchemaError::store);
    ++applied;
  }
}

}  // namespace store
