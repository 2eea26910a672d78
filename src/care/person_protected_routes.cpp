// SPDX-License-Identifier: Apache-2.0
// GET and PUT /api/people/{person}/protected: a person's own answers, behind their own link alone. See person_routes.h.
#include "care/person_routes.h"

namespace care {
namespace {

http::Response show(Call& call) {
  const auto place = person_of_path(call);
  if (!place) return place.error();
  if (auto open = open_person(call, Data::protected_characteristics, Access::read, *place); !open) return open.error();
  const auto answers = load_protected(call.tx, call.keys, place->where.person);
  if (!answers) return not_found();
  return versioned(base::json::write(answers->said), answers->version);
}

http::Response change(Call& call) {
  const auto place = person_of_path(call);
  if (!place) return place.error();
  const PersonId& id = place->where.person;
  if (auto open = open_person(call, Data::protected_characteristics, Access::write, *place); !open) return open.error();
  const auto before = load_protected(call.tx, call.keys, id);
  if (!before) return not_found();
  auto typed = call.body<Characteristics>();
  if (!typed) return typed.error();
  if (auto same = call.match(before->version); !same) return same.error();
  const auto said = settle(std::move(*typed));
  if (!said) return unprocessable(said.error());
  if (!update_protected(call.tx, call.keys, id, before->version, *said)) return changed_meanwhile();
  return versioned(base::json::write(*said), before->version + 1);
}

}  // namespace

void add_person_protected_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/people/{person}/protected",
                                    .permission = http::Permission::visitor, .data = Data::protected_characteristics,
                                    .access = Access::read, .audit = http::Audit::read_own, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/people/{person}/protected",
                                    .permission = http::Permission::visitor, .data = Data::protected_characteristics,
                                    .access = Access::write, .audit = http::Audit::change, .max_body = 16 * 1024, .handler = change});
}

}  // namespace care
