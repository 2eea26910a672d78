// SPDX-License-Identifier: Apache-2.0
// Strong ids: a number that cannot be taken for another kind of number. Add a tag and an alias; nothing else is needed.
// Not here: what the ids stand for, or how they are drawn.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace base {

template <class Tag, class Rep>
struct Id {
  using rep = Rep;
  Rep value{};
  constexpr auto operator<=>(const Id&) const = default;
};

using RoomId = Id<struct RoomTag, std::uint64_t>;              // a room on this call plane
using SeatId = Id<struct SeatTag, std::uint32_t>;              // a booked place in a room; one link, one seat
using ArrivalId = Id<struct ArrivalTag, std::uint32_t>;        // one browser's coming to a room; unique within the room
using ConnectionId = Id<struct ConnectionTag, std::uint64_t>;  // one signalling connection between service and call
using Ssrc = Id<struct SsrcTag, std::uint32_t>;                // RFC 3550 section 3
using PayloadType = Id<struct PayloadTypeTag, std::uint8_t>;   // RTP payload type, 0..127

}  // namespace base

template <class Tag, class Rep>
struct std::hash<base::Id<Tag, Rep>> {
  std::size_t operator()(const base::Id<Tag, Rep>& id) const noexcept { return std::hash<Rep>{}(id.value); }
};
