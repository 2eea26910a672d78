// SPDX-License-Identifier: Apache-2.0
// See care_wiring.h.
#include "app/care_wiring.h"

#include "app/api_document.h"
#include "care/agreement_routes.h"
#include "care/arrival_answers_routes.h"
#include "care/preparation_routes.h"
#include "care/today_place_routes.h"

namespace app {
namespace {

// Nobody is known yet: sign-in comes with identity/.
care::OrAnswer<care::Actor> nobody(const http::Request&, base::Now) {
  return std::unexpected(http::problem(401, "sign-in", "Sign in first"));
}

}  // namespace

CareWiring::CareWiring(ServiceStore& store, base::Entropy& entropy, http::Site& site)
    : desk_(store.pool(), store.keys(), entropy, nobody) {
  add_api_document_route(site);
  // Each slice: care::add_…_routes(site, desk_);
  care::add_preparation_routes(site, desk_);
  care::add_agreement_routes(site, desk_);
  care::add_today_place_routes(site, desk_);
  care::add_arrival_answers_routes(site, store.pool(), store.keys(), entropy);
}

}  // namespace app
