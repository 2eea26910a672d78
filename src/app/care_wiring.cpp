// SPDX-License-Identifier: Apache-2.0
// See care_wiring.h.
#include "app/care_wiring.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "app/api_document.h"
#include "app/demonstration_trust.h"
#include "care/agreement_routes.h"
#include "care/agreement_template_routes.h"
#include "care/arrival_answers_routes.h"
#include "care/audit_routes.h"
#include "care/beside_routes.h"
#include "care/duties_routes.h"
#include "care/group_routes.h"
#include "care/membership_routes.h"
#include "care/person_break_glass_routes.h"
#include "care/person_routes.h"
#include "care/person_safety_routes.h"
#include "care/preparation_routes.h"
#include "care/register_routes.h"
#include "care/retention_routes.h"
#include "care/session_routes.h"
#include "care/session_joining_routes.h"
#include "care/session_needs_routes.h"
#include "care/session_seat_routes.h"
#include "care/supporter_routes.h"
#include "care/team_routes.h"
#include "care/team_settings_routes.h"
#include "care/today_place_routes.h"
#include "identity/doorkeeper_routes.h"
#include "identity/own_account_routes.h"
#include "identity/sign_in_routes.h"
#include "identity/staff_routes.h"
#include "interop/person_export_routes.h"
#include "safety/alert_routes.h"
#include "safety/alert_seat_routes.h"
#include "safety/alert_table.h"

namespace app {
namespace {

// Without what an editor leaves at its end.
base::Redacted<std::string> read_secret(const std::string& path, const char* setting) {
  if (path.empty()) return {};
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (!in || text.empty()) throw std::runtime_error(std::string(setting) + " cannot be read: " + path);
  return base::Redacted<std::string>(std::move(text));
}

std::unique_ptr<identity::Provider> provider_of(const Configuration& c, http::Outbound& outbound) {
  const auto& o = c.sign_in.oidc;
  if (o.issuer.empty()) return nullptr;
  return std::make_unique<identity::Provider>(
      identity::ProviderSettings{.issuer = o.issuer,
                                 .client_id = o.client_id,
                                 .redirect = c.http.address + std::string(identity::kProviderBack),
                                 .secret = read_secret(o.client_secret_file, "sign_in.oidc.client_secret_file"),
                                 .key = read_secret(o.key_file, "sign_in.oidc.key_file"),
                                 .secret_in_body = o.secret_in_body,
                                 .acr = o.acr,
                                 .amr = o.amr,
                                 .has_second_factor = o.has_second_factor,
                                 .button = o.button},
      outbound);
}

}  // namespace

identity::OfficeSettings office_settings(const Configuration& c) {
  identity::OfficeSettings s;
  s.times.lasts = base::Duration::seconds(std::int64_t{c.sign_in.hours} * 3'600);
  s.times.idle = base::Duration::seconds(std::int64_t{c.sign_in.idle_minutes} * 60);
  s.local = c.sign_in.local;
  s.issuer = c.sign_in.name;
  s.address = c.http.address;
  return s;
}

namespace {
identity::OfficeSettings with_demonstration(identity::OfficeSettings s, bool demonstration) {
  if (demonstration)
    for (const auto& who : demonstration_staff()) s.demonstration.push_back({who.name, who.role, who.email, who.password});
  return s;
}
}  // namespace

CareWiring::CareWiring(const Configuration& configuration, ServiceStore& store, base::Entropy& entropy, http::Site& site, bool demonstration)
    : office_{store.pool(), store.keys(), entropy, with_demonstration(office_settings(configuration), demonstration), {}},
      provider_(provider_of(configuration, outbound_)),
      desk_(store.pool(), store.keys(), entropy, identity::make_doorkeeper(office_)) {
  add_api_document_route(site);
  identity::add_sign_in_routes(site, office_, provider_ ? std::optional(identity::ProviderWay{provider_->settings().button, std::string(identity::kProviderStart)})
                                                        : std::nullopt);
  if (provider_) identity::add_provider_routes(site, office_, *provider_);
  identity::add_own_account_routes(site, office_);
  identity::add_staff_routes(site, desk_, office_);
  // One line a slice.
  care::add_audit_routes(site, desk_);
  care::add_team_routes(site, desk_);
  care::add_team_settings_routes(site, desk_);
  care::add_preparation_routes(site, desk_);
  care::add_agreement_routes(site, desk_);
  care::add_agreement_template_routes(site, desk_);
  care::add_today_place_routes(site, desk_, safety::holds_alert);
  const care::DayDesk day{store.pool(), store.keys(), entropy};
  care::add_arrival_answers_routes(site, day);
  care::add_beside_routes(site, day);
  safety::add_alert_routes(site, desk_);
  safety::add_alert_seat_routes(site, day);
  care::add_person_routes(site, desk_);
  care::add_person_search_routes(site, desk_);
  care::add_person_protected_routes(site, desk_);
  care::add_person_break_glass_routes(site, desk_);
  care::add_person_safety_routes(site, desk_);
  care::add_group_routes(site, desk_);
  care::add_membership_routes(site, desk_);
  care::add_session_routes(site, desk_);
  care::add_session_seat_routes(site, desk_);
  care::add_session_joining_routes(site, desk_);
  care::add_session_needs_routes(site, desk_);
  care::add_register_routes(site, desk_);
  care::add_supporter_routes(site, desk_);
  care::add_retention_routes(site, desk_);
  care::add_duties_routes(site, desk_);
  interop::add_person_export_routes(site, desk_);
}

}  // namespace app
