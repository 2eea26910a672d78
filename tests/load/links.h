// SPDX-License-Identifier: Apache-2.0
// The file of personal links that the server writes (--links-file): an array of rooms, each with its links {seat, role,
// link, index?}. `link` may be the whole address, with the secret in its fragment, or the secret alone. Pure; any thread.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace load {

struct Link {
  std::uint32_t seat = 0;
  std::string role, secret;
  std::optional<unsigned> index;  // which tone and code; else the place in the list
};
struct RoomLinks {
  std::vector<Link> links;
};

// Throws std::invalid_argument with a reason that a person can act on.
[[nodiscard]] std::vector<RoomLinks> read_links(std::string_view json);

}  // namespace load
