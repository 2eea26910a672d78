// SPDX-License-Identifier: Apache-2.0
// See copy.h.
#include "store/copy.h"

#include <algorithm>

#include "crypto/sealing.h"

namespace store {
namespace {

enum class Kind : std::uint8_t { integer, text, blob, real };
struct ColumnPlan {
  std::string name;
  Kind kind;
};
struct TablePlan {
  std::string name;
  std::vector<ColumnPlan> columns;
  std::vector<std::string> needs;  // tables it refers to
};

Kind kind_of(std::string_view declared) {
  return declared == "INTEGER" ? Kind::integer : declared == "BLOB" ? Kind::blob : declared == "REAL" ? Kind::real : Kind::text;
}

// Names come from our own migrations: they may stand in an SQL text.
std::vector<TablePlan> read_catalogue(Transaction& sqlite) {
  std::vector<TablePlan> tables;
  {
    Rows names = sqlite.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migration' ORDER BY name");
    while (names.next()) tables.push_back({.name = names.text(0), .columns = {}, .needs = {}});
  }
  for (auto& t : tables) {
    Rows columns = sqlite.query("SELECT name, type FROM pragma_table_info($1) ORDER BY cid", t.name);
    while (columns.next()) t.columns.push_back({columns.text(0), kind_of(columns.text(1))});
    Rows needs = sqlite.query("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list($1)", t.name);
    while (needs.next())
      if (needs.text(0) != t.name) t.needs.push_back(needs.text(0));
  }
  return tables;
}

// What is referred to comes first.
std::vector<TablePlan> in_order(std::vector<TablePlan> tables) {
  std::vector<TablePlan> out;
  const auto placed = [&](const std::string& name) { return std::ranges::any_of(out, [&](const TablePlan& t) { return t.name == name; }); };
  while (!tables.empty()) {
    const auto next = std::ranges::find_if(tables, [&](const TablePlan& t) { return std::ranges::all_of(t.needs, placed); });
    const auto take = next == tables.end() ? tables.begin() : next;  // a ring of references: the engine will say
    out.push_back(std::move(*take));
    tables.erase(take);
  }
  return out;
}

std::string column_list(const TablePlan& t) {
  std::string out;
  for (const auto& c : t.columns) out += (out.empty() ? "" : ", ") + c.name;
  return out;
}

void add_to(std::string& row, std::string_view bytes) {
  row += std::to_string(bytes.size());
  row += ':';
  row += bytes;
}

void add_row(TableSum& sum, const TablePlan& plan, const Rows& rows) {
  std::string row;
  for (int c = 0; c < static_cast<int>(plan.columns.size()); ++c) {
    if (rows.null(c)) {
      row += "-";
    } else if (const Kind kind = plan.columns[static_cast<std::size_t>(c)].kind; kind == Kind::integer) {
      add_to(row, std::to_string(rows.integer(c)));
    } else if (kind == Kind::real) {
      add_to(row, std::to_string(rows.real(c)));
    } else {
      add_to(row, base::as_text(rows.bytes(c)));
    }
  }
  const auto hash = crypto::sha256(base::as_bytes(row));
  for (std::size_t i = 0; i < sum.sum.size(); ++i) sum.sum[i] += base::load_u64(hash.data() + 8 * i);
  ++sum.rows;
}

TableSum sum_of(Transaction& t, const TablePlan& plan) {
  TableSum sum{.table = plan.name};
  Rows rows = t.query("SELECT " + column_list(plan) + " FROM " + plan.name);
  while (rows.next()) add_row(sum, plan, rows);
  return sum;
}

bool is_empty(Transaction& t, const TablePlan& plan) {
  Rows rows = t.query("SELECT 1 FROM " + plan.name + " LIMIT 1");
  return !rows.next();
}

class Copier {
 public:
  Copier(Transaction& from, Transaction& to) : from_(from), to_(to) {}
  TableSum copy(const TablePlan& plan) {
    TableSum sum{.table = plan.name};
    std::string marks;
    for (std::size_t i = 1; i <= plan.columns.size(); ++i) marks += (i == 1 ? "$" : ", $") + std::to_string(i);
    const std::string insert = "INSERT INTO " + plan.name + " (" + column_list(plan) + ") VALUES (" + marks + ")";
    Rows rows = from_.query("SELECT " + column_list(plan) + " FROM " + plan.name);
    while (to_.ok() && rows.next()) {
      add_row(sum, plan, rows);
      to_.run_row(insert, [&](Cursor& into) { bind_row(into, plan, rows); });
    }
    return sum;
  }

 private:
  static void bind_row(Cursor& into, const TablePlan& plan, const Rows& rows) {
    for (int c = 0; c < static_cast<int>(plan.columns.size()); ++c) {
      const int number = c + 1;
      if (rows.null(c)) {
        into.bind_null(number);
        continue;
      }
      switch (plan.columns[static_cast<std::size_t>(c)].kind) {
        case Kind::integer: into.bind(number, rows.integer(c)); break;
        case Kind::real: into.bind(number, rows.real(c)); break;
        case Kind::blob: into.bind(number, rows.bytes(c)); break;
        case Kind::text: into.bind(number, base::as_text(rows.bytes(c))); break;
      }
    }
  }
  Transaction& from_;
  Transaction& to_;
};

}  // namespace

std::vector<TableSum> sums_of(Transaction& of, Transaction& sqlite) {
  std::vector<TableSum> out;
  for (const auto& plan : in_order(read_catalogue(sqlite))) out.push_back(sum_of(of, plan));
  return out;
}

base::Result<CopyReport, CopyError> copy_all(Transaction& from, Transaction& to) {
  Transaction* sqlite = from.dialect() == Dialect::sqlite ? &from : to.dialect() == Dialect::sqlite ? &to : nullptr;
  if (sqlite == nullptr) return std::unexpected(CopyError::no_sqlite);
  const auto plans = in_order(read_catalogue(*sqlite));
  to.run("DELETE FROM audit_head WHERE number = 0");  // the migration's first row
  for (const auto& plan : plans)
    if (!is_empty(to, plan)) return std::unexpected(CopyError::not_empty);
  CopyReport report;
  Copier copier(from, to);
  for (const auto& plan : plans) report.from.push_back(copier.copy(plan));
  if (!from.ok()) return std::unexpected(CopyError::from);
  for (const auto& plan : plans) report.to.push_back(sum_of(to, plan));
  if (!to.ok()) return std::unexpected(CopyError::to);
  return report;
}

}  // namespace store
