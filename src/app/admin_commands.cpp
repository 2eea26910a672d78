// SPDX-License-Identifier: Apache-2.0
// See admin_commands.h.
#include "app/admin_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "app/care_wiring.h"
#include "identity/staff_routes.h"
#include "net/machine.h"
#include "store/audit_trail.h"

namespace app {
namespace {

const identity::RoleAt kAdministrator{.role = std::string(care::to_text(care::Role::administrator)), .team = {}};

// The account of this address with the role given, made where there is none.
care::StaffId administrator_of(store::Transaction& t, const identity::AccountForm& form, base::Entropy& entropy, base::WallTime now) {
  const auto account = identity::find_account(t, form.email);
  if (!account) {
    const auto id = base::new_id<care::StaffId>(entropy, now);
    identity::add_staff(t, id, form, entropy, now);
    return id;
  }
  const auto record = identity::find_staff(t, account->staff, now);
  if (!record) throw std::runtime_error("the account cannot be read");
  identity::AccountForm next = record->form;
  next.active = true;
  if (std::ranges::find(next.standings, kAdministrator) == next.standings.end()) next.standings.push_back(kAdministrator);
  const auto changes = identity::decide({.now = record->form, .own = false, .last_administrator = false}, next);
  if (!changes || !identity::change_staff(t, *record, *changes, entropy, now)) throw std::runtime_error("the account cannot be changed");
  return record->id;
}

}  // namespace

int create_administrator(const Configuration& c, const std::string& email, const std::string& name) {
  const auto form = identity::checked({.name = name, .email = email, .active = true, .standings = {kAdministrator}});
  if (!form) throw std::runtime_error(form.error().front().detail);
  net::MachineEntropy entropy;
  const base::WallTime now = net::read_clock().wall;
  ServiceStore opened(c, entropy, now);
  const identity::OfficeSettings settings = office_settings(c);
  const identity::Secret secret = identity::new_secret(entropy);
  const auto t = opened.pool().write();
  const auto staff = administrator_of(*t, *form, entropy, now);
  identity::add_set_up_link(*t, {.staff = staff, .second_factor = true}, secret.hash, now, {now.us + settings.times.set_up.us});
  store::append_audit(*t, {{.at = now, .actor_kind = "system", .actor = {}, .action = "administrator-made", .data = "accounts",
                            .subject_kind = "account", .subject = staff.text, .person = {}, .reason = {}, .note = {}}});
  if (!t->commit()) throw std::runtime_error("the account cannot be stored");
  fmt::print("Open this address once, within 7 days, to choose a password and set up the second factor:\n  {}\n",
             identity::set_up_address(settings, secret.text));
  if (settings.address.empty()) fmt::print("(below the address of your service; set http.address to see it whole)\n");
  return 0;
}

int verify_audit_trail(const Configuration& c) {
  const auto pool = open_database(database_url(c), 1, false, net::read_clock().wall);
  const auto t = pool->read();
  const auto verdict = store::verify_audit(*t);
  if (!t->ok()) throw std::runtime_error("the audit trail cannot be read");
  if (verdict.first_wrong) {
    fmt::print("The audit trail is NOT as it was written: row {} is the first that is wrong or missing; {} were read\n", *verdict.first_wrong, verdict.rows);
    return 1;
  }
  fmt::print("{} audit rows, each as it was written\n", verdict.rows);
  if (verdict.start > 0) fmt::print("(rows up to number {} have had their time and were deleted, which a row of the trail says)\n", verdict.start);
  return 0;
}

}  // namespace app
