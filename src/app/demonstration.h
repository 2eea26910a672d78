// SPDX-License-Identifier: Apache-2.0
// An invented group of ten that meets now, so that a newcomer can try a session; and further rooms for load and tests.
// Not here: real bookings. Unlike those, demonstration links are kept in the plain (demonstration-links.json in the data
// folder, 0600), so that they stay the same over a restart and can be shown on the start page.
#pragma once
#include <string>
#include <vector>

#include "app/admission_table.h"
#include "app/demonstration_own.h"
#include "base/entropy.h"
#include "base/json.h"
#include "http/site.h"

namespace app {

struct DemonstrationSettings {
  std::uint32_t rooms = 1;
  std::uint32_t people = 10;  // a room; the first two facilitate
  bool encrypted = true;      // end to end; false: a control
};
struct DemonstrationSeat {
  std::uint32_t seat = 0;
  std::string role, alias, link;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("seat", &DemonstrationSeat::seat), field("role", &DemonstrationSeat::role),
                      field("alias", &DemonstrationSeat::alias), field("link", &DemonstrationSeat::link)};
  }
};
struct DemonstrationRoom {
  std::uint64_t room = 0;
  std::vector<DemonstrationSeat> links;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("room", &DemonstrationRoom::room), field("links", &DemonstrationRoom::links)};
  }
};

// What the invented person agreed whose card says so in these words; nothing where nobody's does.
[[nodiscard]] care::Disguise agreed_in_demonstration(std::string_view words);

// Finds those of the last time in `file` (where the table knows them and their number is the same), or makes new ones.
// Throws std::runtime_error where the table or the file refuses.
[[nodiscard]] std::vector<DemonstrationRoom> prepare_demonstration(AdmissionTable& table, const DemonstrationSettings& settings,
                                                                   const std::string& file, base::Entropy& entropy,
                                                                   base::WallTime now);
// Writes with 0600, whole or not at all.
void write_links(const std::string& file, const std::vector<DemonstrationRoom>& rooms);
void write_private(const std::string& file, const std::string& text);
// GET /api/demo: the first room's links, and those of members' own pages, to browsers on this machine.
void add_demonstration_route(http::Site& site, const std::vector<DemonstrationRoom>& rooms, const std::vector<DemonstrationOwn>& own);

}  // namespace app
