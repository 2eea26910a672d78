// SPDX-License-Identifier: Apache-2.0
// See deprivation_table.h.
#include "care/deprivation_table.h"

#include <fmt/format.h>

#include <istream>

#include "store/audit_trail.h"

namespace care {
namespace {

constexpr std::size_t kRowsAStatement = 100, kStatementsAStep = 50;
constexpr std::int64_t kPeopleAStep = 500;

std::string many_rows(std::size_t rows) {
  std::string sql = "INSERT INTO postcode_decile (postcode, decile, year) VALUES ";
  for (std::size_t i = 0; i < rows; ++i) sql += fmt::format("{}(${}, ${}, ${})", i == 0 ? "" : ", ", 3 * i + 1, 3 * i + 2, 3 * i + 3);
  return sql + " ON CONFLICT (postcode) DO UPDATE SET decile = excluded.decile, year = excluded.year";
}

void write_rows(store::Transaction& tx, std::vector<PostcodeDecile>& rows) {
  // The same postcode twice in one statement would meet itself; the last one counts.
  std::vector<const PostcodeDecile*> all;
  for (const auto& row : rows) all.push_back(&row);
  std::ranges::sort(all, [](const auto* a, const auto* b) { return a->postcode != b->postcode ? a->postcode < b->postcode : a > b; });
  const auto twice = std::ranges::unique(all, [](const auto* a, const auto* b) { return a->postcode == b->postcode; });
  all.erase(twice.begin(), twice.end());
  tx.run_row(many_rows(all.size()), [&](store::Cursor& cursor) {
    int number = 0;
    for (const auto* row : all) {
      cursor.bind(++number, std::string_view(row->postcode));
      cursor.bind(++number, static_cast<std::int64_t>(row->decile));
      cursor.bind(++number, static_cast<std::int64_t>(row->year));
    }
  });
  rows.clear();
}

base::Result<void, LoadFault> finish(store::Transaction& tx) {
  if (const auto done = tx.commit(); !done) return std::unexpected(LoadFault{.line = 0, .file = {}, .store = done.error()});
  return {};
}

// Calls `each` with every row of the file.
template <class Each>
base::Result<std::int64_t, LoadFault> read_file(std::istream& in, std::optional<int> year, Each&& each) {
  in.clear();
  in.seekg(0);
  DecileReader reader(year);
  std::string line;
  std::int64_t number = 0, rows = 0;
  while (std::getline(in, line)) {
    ++number;
    auto row = reader.take(line);
    if (!row) return std::unexpected(LoadFault{.line = number, .file = row.error(), .store = {}});
    if (!*row) continue;
    ++rows;
    if (auto done = each(**row); !done) return std::unexpected(done.error());
  }
  if (!reader.has_header()) return std::unexpected(LoadFault{.line = 1, .file = DecileFault::no_header, .store = {}});
  return rows;
}

base::Result<void, LoadFault> write_file(store::Pool& pool, std::istream& in, std::optional<int> year) {
  std::unique_ptr<store::Transaction> tx;
  std::vector<PostcodeDecile> rows;
  std::size_t statements = 0;
  const auto read = read_file(in, year, [&](const PostcodeDecile& row) -> base::Result<void, LoadFault> {
    rows.push_back(row);
    if (rows.size() < kRowsAStatement) return {};
    if (tx == nullptr) tx = pool.write();
    write_rows(*tx, rows);
    if (++statements % kStatementsAStep != 0) return {};
    const auto done = finish(*tx);
    tx = nullptr;
    return done;
  });
  if (!read) return std::unexpected(read.error());
  if (tx == nullptr) tx = pool.write();
  if (!rows.empty()) write_rows(*tx, rows);
  return finish(*tx);
}

// One step; `after` moves on to the last person of it. Returns how many there were, and counts those that changed.
std::int64_t give_deciles(store::Transaction& tx, const store::KeyRing& keys, PersonId& after, std::int64_t& changed) {
  struct Step {
    PersonId id;
    std::optional<std::int64_t> decile, year;
  };
  std::vector<Step> people;
  {
    store::Rows rows = tx.query("SELECT id, decile, decile_year FROM person WHERE id > $1 ORDER BY id LIMIT $2", after, kPeopleAStep);
    while (rows.next()) people.push_back({rows.id<PersonId>(0), rows.maybe_integer(1), rows.maybe_integer(2)});
  }
  for (const auto& p : people) {
    after = p.id;
    const auto found = decile_of(tx, load_identity(tx, keys, p.id).contacts.postcode);
    const auto decile = found ? std::optional(found->decile) : std::nullopt, year = found ? std::optional(found->year) : std::nullopt;
    if (decile == p.decile && year == p.year) continue;
    changed += tx.run("UPDATE person SET decile = $2, decile_year = $3 WHERE id = $1", p.id, decile, year);
  }
  return static_cast<std::int64_t>(people.size());
}

}  // namespace

std::optional<Deprivation> decile_of(store::Transaction& tx, const Personal& postcode) {
  if (postcode.get().empty()) return std::nullopt;
  store::Rows rows = tx.query("SELECT decile, year FROM postcode_decile WHERE postcode = $1", postcode.get());
  if (!rows.next()) return std::nullopt;
  return Deprivation{.decile = rows.integer(0), .year = rows.integer(1)};
}

std::string to_words(const LoadFault& fault) {
  if (fault.file) return fmt::format("line {}: {}", fault.line, to_words(*fault.file));
  return fmt::format("the database: {}", to_text(fault.store.value_or(store::StoreError::unavailable)));
}

base::Result<LoadedPostcodes, LoadFault> load_postcodes(store::Pool& pool, const store::KeyRing& keys, std::istream& in,
                                                        std::optional<int> year, base::WallTime now) {
  const auto good = read_file(in, year, [](const PostcodeDecile&) -> base::Result<void, LoadFault> { return {}; });
  if (!good) return std::unexpected(good.error());
  if (auto done = write_file(pool, in, year); !done) return std::unexpected(done.error());
  LoadedPostcodes out{.postcodes = *good, .people = 0};
  PersonId after;
  for (bool more = true; more;) {
    auto tx = pool.write();
    more = give_deciles(*tx, keys, after, out.people) == kPeopleAStep;
    if (!more)
      store::append_audit(*tx, {{.at = now, .actor_kind = "system", .actor = "", .action = "change", .data = std::string(to_text(Data::settings)),
                                 .subject_kind = "postcode-table", .subject = "", .person = "", .reason = "", .note = ""}});
    if (auto done = finish(*tx); !done) return std::unexpected(done.error());
  }
  return out;
}

}  // namespace care
