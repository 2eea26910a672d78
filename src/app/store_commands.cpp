// SPDX-License-Identifier: Apache-2.0
// See store_commands.h.
#include "app/store_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "app/service_store.h"
#include "care/deprivation_table.h"
#include "net/machine.h"
#include "store/copy.h"
#include "store/schema.h"

namespace app {
namespace {

base::WallTime wall() { return net::read_clock().wall; }

std::string hex(const store::TableSum& sum) { return fmt::format("{:016x}", sum.sum[0] ^ sum.sum[1] ^ sum.sum[2] ^ sum.sum[3]); }

int copy_between(store::Pool& from_pool, store::Pool& to_pool) {
  const auto from = from_pool.read();
  const auto to = to_pool.write();
  const auto report = store::copy_all(*from, *to);
  if (!report) {
    switch (report.error()) {
      case store::CopyError::not_empty: throw std::runtime_error("the database to write to is not empty. Nothing was changed");
      case store::CopyError::no_sqlite: throw std::runtime_error("one of the two databases must be SQLite");
      case store::CopyError::from: throw std::runtime_error("the database to read from failed. Nothing was changed");
      case store::CopyError::to: throw std::runtime_error("the database to write to failed. Nothing was changed");
    }
  }
  fmt::print("{:<28}{:>12}{:>12}  checksum\n", "table", "rows", "written");
  std::int64_t rows = 0;
  for (std::size_t i = 0; i < report->from.size(); ++i) {
    const auto &a = report->from[i], &b = report->to[i];
    rows += a.rows;
    fmt::print("{:<28}{:>12}{:>12}  {} {}\n", a.table, a.rows, b.rows, hex(a), a == b ? "equal" : "DIFFERENT");
  }
  if (!report->equal()) throw std::runtime_error("what was written differs from what was read. Nothing was kept");
  if (!to->commit()) throw std::runtime_error("the database to write to did not keep it. Nothing was changed");
  fmt::print("{} tables, {} rows, all checksums equal\n", report->from.size(), rows);
  return 0;
}

}  // namespace

int migrate_database(const Configuration& c) {
  const auto pool = open_database(database_url(c), 1, false, wall());
  const auto done = store::migrate(*pool, wall());
  if (!done) throw std::runtime_error(done.error() == store::SchemaError::store ? "the database cannot be brought up to date"
                                                                                 : "the database was made by another version of this program");
  fmt::print("{} of {} migrations applied now; the database is up to date\n", *done, store::migrations().size());
  return 0;
}

int backup_database(const Configuration& c, const std::string& file) {
  if (std::filesystem::exists(file)) throw std::runtime_error("the file is there already: " + file);
  const auto from = open_database(database_url(c), 1, true, wall());
  const std::string fresh = file + ".new";
  std::filesystem::remove(fresh);
  {
    const auto to = open_database("sqlite:" + fresh, 1, true, wall());
    copy_between(*from, *to);
    const auto connection = store::open_connection("sqlite:" + fresh);
    if (!connection || !(*connection)->execute("PRAGMA wal_checkpoint(TRUNCATE)")) throw std::runtime_error("the backup cannot be closed");
  }
  std::filesystem::rename(fresh, file);
  fmt::print("Backup: {}\nKeep the key file too, somewhere else: without it the backup cannot be read.\n", file);
  return 0;
}

int restore_database(const Configuration& c, const std::string& file) {
  if (!std::filesystem::exists(file)) throw std::runtime_error("there is no such file: " + file);
  const auto from = open_database("sqlite:" + file, 1, true, wall());
  const auto to = open_database(database_url(c), 1, true, wall());
  return copy_between(*from, *to);
}

int copy_database(const Configuration& c, const std::string& to_url) {
  const auto from = open_database(database_url(c), 1, true, wall());
  const auto to = open_database(to_url, 1, true, wall());
  return copy_between(*from, *to);
}

int load_postcode_file(const Configuration& c, const std::string& file, std::optional<int> year) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("the file cannot be read: " + file);
  net::MachineEntropy entropy;
  ServiceStore store(c, entropy, wall());
  const auto loaded = care::load_postcodes(store.pool(), store.keys(), in, year, wall());
  if (!loaded) throw std::runtime_error(care::to_words(loaded.error()));
  fmt::print("{} postcodes loaded; {} people have another decile now\n", loaded->postcodes, loaded->people);
  return 0;
}

int print_new_key(const std::string& name) {
  net::MachineEntropy entropy;
  const std::string line = store::make_key_line(name, entropy);
  if (!store::parse_key_file(line)) throw std::runtime_error("a key's name is 1 to 32 letters, digits and hyphens");
  std::fputs(line.c_str(), stdout);
  return 0;
}

}  // namespace app
