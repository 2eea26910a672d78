// SPDX-License-Identifier: Apache-2.0
// See person_export_routes.h.
#include "interop/person_export_routes.h"

#include <algorithm>
#include <array>

#include "care/person_routes.h"
#include "interop/person_export_table.h"

namespace interop {
namespace {

constexpr std::array<std::string_view, 4> kReasons{"they-asked", "representative-asked", "court", "other"};
constexpr std::size_t kMostWords = 2'000;

// docs/access.md: the team's lead, who alone writes a person's identity; nobody else, and never without a reason.
http::Response make(care::Call& call) {
  const auto place = care::person_of_path(call);
  if (!place) return place.error();
  if (const auto open = care::open_person(call, care::Data::identity, care::Access::write, *place); !open) return open.error();
  const auto reason = call.reason();
  if (!reason) return care::reason_wanted();
  care::Personal note = reason->note;
  care::FieldFaults faults;
  if (std::ranges::find(kReasons, reason->code) == kReasons.end()) faults.push_back({"/code", "reason", "Choose a reason from the list"});
  care::settle_text(note.get(), kMostWords, true, "/note", faults);
  if (note.get().empty()) faults.push_back({"/note", "missing", "Say in your own words why you make this copy"});
  if (!faults.empty()) return care::unprocessable(faults);
  const auto zip = export_person(call.tx, call.keys, place->where.person, call.now.wall);
  if (!zip) return http::problem(500, "fault", "The copy could not be made. Nothing was changed");
  call.audit.back().action = "export";
  call.give_reason({.code = reason->code, .note = note});
  http::Response r;
  r.set("Content-Type", "application/zip");
  r.set("Content-Disposition", "attachment; filename=\"record.zip\"");
  r.set("Cache-Control", "no-store");
  r.body = std::make_shared<const std::string>(zip->get());
  return r;
}

}  // namespace

void add_person_export_routes(http::Site& site, care::Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::post, .pattern = "/api/people/{person}/export", .permission = http::Permission::staff,
                                    .data = care::Data::identity, .access = care::Access::write, .audit = http::Audit::change, .max_body = 1024,
                                    .handler = make});
}

}  // namespace interop
