// SPDX-License-Identifier: Apache-2.0
// The service's slices brought together: one desk, who stands behind a request, and every slice's routes. A new slice is one line
// in care_wiring.cpp. Not here: what any of them does. Lives as long as the site.
#pragma once
#include "app/service_store.h"
#include "care/desk_routes.h"

namespace app {

class CareWiring {
 public:
  CareWiring(ServiceStore& store, base::Entropy& entropy, http::Site& site);
  [[nodiscard]] care::Desk& desk() { return desk_; }

 private:
  care::Desk desk_;
};

}  // namespace app
