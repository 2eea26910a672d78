// SPDX-License-Identifier: Apache-2.0
// Deprivation by postcode in the database, and `quietroom load-postcodes FILE.csv`: loads the trust's table in steps while the
// service runs, then gives every person the decile of their postcode anew. A load that was broken off is run again. Not here:
// opening the file (main). Thread rule: each call its own transactions.
#pragma once
#include <iosfwd>

#include "care/deprivation.h"
#include "care/person_table.h"
#include "store/pool.h"

namespace care {

[[nodiscard]] std::optional<Deprivation> decile_of(store::Transaction& tx, const Personal& postcode);

struct LoadedPostcodes {
  std::int64_t postcodes = 0;  // rows of the file
  std::int64_t people = 0;     // whose decile is another one now
};
struct LoadFault {
  std::int64_t line = 0;  // 0: not about a line
  std::optional<DecileFault> file;
  std::optional<store::StoreError> store;
};
[[nodiscard]] std::string to_words(const LoadFault& fault);
// The whole file is read before anything is written, so that a fault in it changes nothing: `in` must be seekable.
[[nodiscard]] base::Result<LoadedPostcodes, LoadFault> load_postcodes(store::Pool& pool, const store::KeyRing& keys, std::istream& in,
                                                                      std::optional<int> year, base::WallTime now);

}  // namespace care
