// SPDX-License-Identifier: Apache-2.0
// Every row of an SQLite database into an empty PostgreSQL one by COPY, for benchmarks: `quietroom copy` compares checksums and
// takes its time. Not for the product.
#pragma once
#include <string>

#include "store/pool.h"

namespace bench {

// Throws std::runtime_error where the server says no. `url`: migrated, empty, of a superuser.
void copy_to_postgres(store::Pool& sqlite, const std::string& url);

}  // namespace bench
