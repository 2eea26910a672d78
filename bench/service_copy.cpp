// SPDX-License-Identifier: Apache-2.0
// See service_copy.h.
#include "bench/service_copy.h"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>
#include <stdexcept>
#include <vector>

namespace bench {
namespace {

struct Closed {
  void operator()(PGconn* c) const { PQfinish(c); }
  void operator()(PGresult* r) const { PQclear(r); }
};
using Line = std::unique_ptr<PGconn, Closed>;

void run(PGconn* line, const std::string& sql, ExecStatusType wanted) {
  const std::unique_ptr<PGresult, Closed> result(PQexec(line, sql.c_str()));
  if (PQresultStatus(result.get()) != wanted) throw std::runtime_error(sql.substr(0, 80) + ": " + PQerrorMessage(line));
}

struct Column {
  std::string name, type;
};

// The text format of COPY (PostgreSQL 15 manual, COPY, "Text Format").
void add_value(std::string& out, const store::Rows& rows, int at, const std::string& type) {
  if (rows.null(at)) {
    out += "\\N";
  } else if (type == "INTEGER") {
    out += std::to_string(rows.integer(at));
  } else if (type == "REAL") {
    out += fmt::format("{}", rows.real(at));
  } else if (type == "BLOB") {
    out += "\\\\x";
    constexpr char kHex[] = "0123456789abcdef";
    for (const std::uint8_t b : rows.bytes(at)) {
      out += kHex[b >> 4];
      out += kHex[b & 15];
    }
  } else {
    for (const char c : rows.text(at)) {
      if (c == '\\' || c == '\t' || c == '\n' || c == '\r') out += '\\';
      out += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c;
    }
  }
}

void copy_table(store::Transaction& from, PGconn* to, const std::string& table) {
  std::vector<Column> columns;
  std::string list;
  {
    store::Rows rows = from.query("SELECT name, type FROM pragma_table_info($1) ORDER BY cid", table);
    while (rows.next()) {
      columns.push_back({rows.text(0), rows.text(1)});
      list += (list.empty() ? "" : ", ") + rows.text(0);
    }
  }
  run(to, "DELETE FROM " + table, PGRES_COMMAND_OK);  // what a migration put there
  run(to, "COPY " + table + " (" + list + ") FROM STDIN", PGRES_COPY_IN);
  std::string out;
  const auto flush = [&] {
    if (PQputCopyData(to, out.data(), static_cast<int>(out.size())) != 1) throw std::runtime_error(PQerrorMessage(to));
    out.clear();
  };
  store::Rows rows = from.query("SELECT " + list + " FROM " + table);
  while (rows.next()) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (c > 0) out += '\t';
      add_value(out, rows, static_cast<int>(c), columns[c].type);
    }
    out += '\n';
    if (out.size() > (std::size_t{1} << 20)) flush();
  }
  flush();
  PQputCopyEnd(to, nullptr);
  while (const auto result = std::unique_ptr<PGresult, Closed>(PQgetResult(to)))
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) throw std::runtime_error(table + ": " + PQerrorMessage(to));
}

}  // namespace

void copy_to_postgres(store::Pool& sqlite, const std::string& url) {
  const Line to(PQconnectdb(url.c_str()));
  if (PQstatus(to.get()) != CONNECTION_OK) throw std::runtime_error("PostgreSQL cannot be reached");
  // Rows refer to one another; they were checked by SQLite when they were made.
  run(to.get(), "SET session_replication_role = replica", PGRES_COMMAND_OK);
  const auto from = sqlite.read();
  std::vector<std::string> tables;
  {
    store::Rows rows = from->query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration'");
    while (rows.next()) tables.push_back(rows.text(0));
  }
  for (const auto& table : tables) copy_table(*from, to.get(), table);
  if (!from->ok()) throw std::runtime_error("the SQLite database cannot be read");
  run(to.get(), "VACUUM ANALYZE", PGRES_COMMAND_OK);  // as autovacuum does within minutes
  run(to.get(), "CHECKPOINT", PGRES_COMMAND_OK);      // what was loaded is on the disk before anything is measured
}

}  // namespace bench
