// SPDX-License-Identifier: Apache-2.0
// The service's database and keys as the configuration says: opened, brought up to date, with the key ring loaded. The key file is
// database.keys, else the systemd credential "quietroom-keys", else (for an embedded database alone) a file that is made beside it
// at the first start. Not here: SQL. Throws std::runtime_error where it cannot (start-up failure). Any thread.
#pragma once
#include <memory>
#include <string>

#include "app/configuration.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace app {

// Where the database is: database.url, else the file in the data folder.
[[nodiscard]] std::string database_url(const Configuration& configuration);

class ServiceStore {
 public:
  ServiceStore(const Configuration& configuration, base::Entropy& entropy, base::WallTime now);
  [[nodiscard]] store::Pool& pool() { return *pool_; }
  [[nodiscard]] store::KeyRing& keys() { return keys_; }
  // Reads the key file again, as after a rotation (SIGHUP). False where it does not open what is stored: the old keys stay.
  [[nodiscard]] bool load_keys(base::WallTime now);

 private:
  const Configuration& configuration_;
  base::Entropy& entropy_;
  std::unique_ptr<store::Pool> pool_;
  store::KeyRing keys_;
};

// Opens, with as many connections; migrates where told to. For ServiceStore and the commands.
[[nodiscard]] std::unique_ptr<store::Pool> open_database(const std::string& url, unsigned connections, bool bring_up_to_date,
                                                         base::WallTime now);

}  // namespace app
