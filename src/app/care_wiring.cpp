// SPDX-License-Identifier: Apache-2.0
// See care_wiring.h.
#include "app/care_wiring.h"

#include "app/api_document.h"
#include "care/group_routes.h"
#include "care/membership_routes.h"
#include "care/person_break_glass_routes.h"
#include "care/person_routes.h"
#include "care/register_routes.h"
#include "care/session_routes.h"
#include "care/session_seat_routes.h"
#include "care/team_routes.h"
#include "identity/doorkeeper_routes.h"
#include "identity/own_account_routes.h"
#include "identity/sign_in_routes.h"
#include "identity/staff_routes.h"

namespace app {

CareWiring::CareWiring(ServiceStore& store, base::Entropy& entropy, http::Site& site)
    : office_{store.pool(), store.keys(), entropy, {}, {}}, desk_(store.pool(), store.keys(), entropy, identity::make_doorkeeper(office_)) {
  add_api_document_route(site);
  identity::add_sign_in_routes(site, office_, std::nullopt);
  identity::add_own_account_routes(site, office_);
  identity::add_staff_routes(site, desk_, office_);
  care::add_person_routes(site, desk_);
  care::add_person_search_routes(site, desk_);
  care::add_person_protected_routes(site, desk_);
  care::add_person_break_glass_routes(site, desk_);
  care::add_team_routes(site, desk_);
  care::add_group_routes(site, desk_);
  care::add_membership_routes(site, desk_);
  care::add_session_routes(site, desk_);
  care::add_session_seat_routes(site, desk_);
  care::add_register_routes(site, desk_);
}

}  // namespace app
