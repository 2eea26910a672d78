// SPDX-License-Identifier: Apache-2.0
// In a demonstration: links to the own pages of two invented members of the group that meets now, with the two answers that open
// them, so that a newcomer can look at a page that is otherwise reached by a message alone. Kept in the plain, as the
// demonstration's other links are (demonstration.h), so that they stay the same over a restart. Not for real people.
#pragma once
#include <string>
#include <vector>

#include "base/entropy.h"
#include "base/json.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace app {

struct DemonstrationOwn {
  std::string name, birth_date, postcode, link;
  static constexpr auto fields() {
    using base::json::field;
    using D = DemonstrationOwn;
    return std::tuple{field("name", &D::name), field("birthDate", &D::birth_date), field("postcode", &D::postcode), field("link", &D::link)};
  }
};

// Those of the last time where all of them still open something, else new ones. Throws std::runtime_error.
[[nodiscard]] std::vector<DemonstrationOwn> prepare_demonstration_own(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy,
                                                                      const std::string& file, base::WallTime now);

}  // namespace app
