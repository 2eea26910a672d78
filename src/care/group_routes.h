// SPDX-License-Identifier: Apache-2.0
// /api/groups: the list, a new group, a group's plan and its change; and how every route below a group opens it. Not here: its
// sessions (session_routes.h), its members (membership_routes.h). Invariant: whoever may not read a group's plan is told that
// there is nothing. Any thread.
#pragma once
#include "care/desk_routes.h"
#include "care/group.h"

namespace care {

void add_group_routes(http::Site& site, Desk& desk);

// Call::open, but 404 where the actor may not know of the group at all, and 403 only where they may.
[[nodiscard]] OrAnswer<Verdict> open_in_group(Call& call, Data data, Access access, const Where& where, const Subject& subject);
[[nodiscard]] OrAnswer<Group> open_group(Call& call, const GroupId& id, Data data, Access access);
// 409 where the group is closed.
[[nodiscard]] OrAnswer<void> still_open(const Group& group);
// Version against If-Match where the request has one (a PUT must: Call::match).
[[nodiscard]] OrAnswer<void> match_if_given(const Call& call, std::int64_t version);
[[nodiscard]] http::Response changed_since();
// The part of a cursor before and after its line break; 400 where it is none of ours.
struct Stand {
  std::string first, second;
};
[[nodiscard]] Stand stand_of(const Page& page);
[[nodiscard]] std::string cursor_at(const Call& call, std::string_view first, std::string_view second);

// {items, next}: `next` where there may be more.
template <class T>
struct Listing {
  std::vector<T> items;
  base::json::Nullable<std::string> next;
  static constexpr auto fields() {
    return std::tuple{base::json::field("items", &Listing::items), base::json::field("next", &Listing::next)};
  }
};

}  // namespace care
