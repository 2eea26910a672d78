// SPDX-License-Identifier: Apache-2.0
// What a room holds for MLS, as values: its groups with the server's own book of their members, and what is kept for who was
// without a connection. Bytes of MLS are shared, never changed: a room is copied at each step, they are not. Not here: the
// rules (mls_delivery.h); keys, which no server has. Invariant: all of it goes with the room. Runs on the room's media thread.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "call/message_from_server.h"

namespace call {

inline constexpr std::size_t kMostGroups = 64;                                // of a room
inline constexpr std::size_t kMostKeptCommits = 32;                           // of a group, the newest
inline constexpr std::size_t kMostKeptCommitText = std::size_t{512} * 1024;   // of a room, the newest
inline constexpr std::size_t kMostKeptWelcomeText = std::size_t{512} * 1024;  // of a room, the newest
inline constexpr std::size_t kMostKeyPackagesText = std::size_t{384} * 1024;  // of a room

struct MlsGroup {
  GroupName name;
  std::uint64_t instance = 0;  // counts the openings of a room: one that was replaced is another
  std::uint64_t epoch = 0;
  std::vector<base::ArrivalId> book;  // who its members are by the adds and removes that facilitators' devices stated
  bool operator==(const MlsGroup&) const = default;
};
struct KeptWelcome {
  base::ArrivalId to;
  std::shared_ptr<const GroupWelcome> said;
  bool operator==(const KeptWelcome&) const = default;
};
struct MlsGroups {
  std::vector<MlsGroup> groups;
  std::vector<std::shared_ptr<const Committed>> commits;  // in order of saying, of all groups
  std::vector<KeptWelcome> welcomes;                      // not told yet, in order of saying
  std::uint64_t openings = 0;
  bool operator==(const MlsGroups&) const = default;
};

[[nodiscard]] inline const MlsGroup* find(const MlsGroups& mls, const GroupName& name) {
  const auto at = std::ranges::find(mls.groups, name, &MlsGroup::name);
  return at == mls.groups.end() ? nullptr : &*at;
}
[[nodiscard]] inline bool is_member(const MlsGroup& group, base::ArrivalId id) {
  return std::ranges::find(group.book, id) != group.book.end();
}

}  // namespace call
