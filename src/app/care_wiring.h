// SPDX-License-Identifier: Apache-2.0
// The service's slices brought together: one desk, who stands behind a request, and every slice's routes. A new slice is one line
// in care_wiring.cpp. Not here: what any of them does. Lives as long as the site.
#pragma once
#include "app/service_store.h"
#include "care/desk_routes.h"
#include "identity/provider_routes.h"
#include "net/http_client.h"

namespace app {

// What sign-in goes by, of the configuration.
[[nodiscard]] identity::OfficeSettings office_settings(const Configuration& configuration);

class CareWiring {
 public:
  CareWiring(const Configuration& configuration, ServiceStore& store, base::Entropy& entropy, http::Site& site);
  [[nodiscard]] care::Desk& desk() { return desk_; }

 private:
  identity::Office office_;
  net::HttpClient outbound_;
  std::unique_ptr<identity::Provider> provider_;  // null: none
  care::Desk desk_;
};

}  // namespace app
