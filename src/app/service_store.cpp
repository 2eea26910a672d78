// SPDX-License-Identifier: Apache-2.0
// See service_store.h.
#include "app/service_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "app/secret_file.h"
#include "store/schema.h"

namespace app {
namespace {

namespace fs = std::filesystem;

// 0600 from its first moment, and never written over.
void make_key_file(const std::string& path, base::Entropy& entropy) {
  const std::string line = store::make_key_line("first", entropy);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool good = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!good) throw std::runtime_error("the key file cannot be written: " + path);
}

// `sealed`: something in the database was sealed already, so a key must be there.
std::vector<store::FileKey> read_key_file(const Configuration& c, base::Entropy& entropy, bool sealed) {
  std::string path = secret_file_of(c.database.keys, "quietroom-keys");
  if (path.empty()) {
    if (!c.database.url.empty()) throw std::runtime_error("database.keys is needed where database.url is set: docs/operations.md, Keys");
    path = c.data + "/keys";
    if (!fs::exists(path)) {
      // A database without its keys is no database: never make new ones beside old data.
      if (sealed)
        throw std::runtime_error("the key file is missing: " + path + " (the database beside it cannot be read without it)");
      make_key_file(path, entropy);
    }
  }
  only_its_owners(path, "the key file");
  std::ifstream in(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto keys = store::parse_key_file(text);
  if (!in || !keys) throw std::runtime_error("the key file cannot be read: " + path);
  return std::move(*keys);
}

}  // namespace

std::string database_url(const Configuration& c) {
  return c.database.url.empty() ? c.data + "/quietroom.sqlite3" : c.database.url;
}

std::unique_ptr<store::Pool> open_database(const std::string& url, unsigned connections, bool bring_up_to_date, base::WallTime now) {
  auto pool = store::Pool::open(url, connections);
  if (!pool) throw std::runtime_error("the database cannot be opened");
  if (!bring_up_to_date) return std::move(*pool);
  const auto done = store::migrate(**pool, now);
  if (done) return std::move(*pool);
  switch (done.error()) {
    case store::SchemaError::later: throw std::runtime_error("the database was made by a later version of this program");
    case store::SchemaError::changed: throw std::runtime_error("the database was made by another version of this program");
    case store::SchemaError::store: break;
  }
  throw std::runtime_error("the database cannot be brought up to date");
}

namespace {

bool holds_keys(store::Pool& pool) {
  const auto transaction = pool.read();
  return transaction->query("SELECT 1 FROM data_key").next();
}

}  // namespace

ServiceStore::ServiceStore(const Configuration& configuration, base::Entropy& entropy, base::WallTime now)
    : configuration_(configuration), entropy_(entropy), keys_(entropy) {
  pool_ = open_database(database_url(configuration), configuration.database.connections, true, now);
  const auto file = read_key_file(configuration, entropy, holds_keys(*pool_));
  const auto transaction = pool_->write();
  const auto loaded = keys_.load(*transaction, file, now);
  if (!loaded && loaded.error() == store::KeyError::unknown_file_key)
    throw std::runtime_error("the key file does not open this database: a key that it was sealed with is missing");
  if (!loaded || !transaction->commit()) throw std::runtime_error("the keys cannot be stored in the database");
}

bool ServiceStore::load_keys(base::WallTime now) {
  try {
    const auto file = read_key_file(configuration_, entropy_, true);
    const auto transaction = pool_->write();
    return keys_.load(*transaction, file, now) && transaction->commit();
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace app
