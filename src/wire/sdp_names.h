// SPDX-License-Identifier: Apache-2.0
// The words of SDP's enumerations, shared by the parser and the writer so that they cannot differ.
#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "wire/sdp.h"

namespace wire::sdp {

inline constexpr std::array<std::string_view, 4> kDirections = {"sendrecv", "sendonly", "recvonly", "inactive"};
inline constexpr std::array<std::string_view, 4> kSetups = {"active", "passive", "actpass", "holdconn"};
inline constexpr std::array<std::string_view, 3> kKinds = {"audio", "video", "application"};
inline constexpr std::array<std::string_view, 2> kRidDirections = {"send", "recv"};

template <class E, std::size_t N>
[[nodiscard]] constexpr std::string_view name_of(const std::array<std::string_view, N>& names, E value) {
  return names[static_cast<std::size_t>(value)];
}
template <class E, std::size_t N>
[[nodiscard]] constexpr std::optional<E> by_name(const std::array<std::string_view, N>& names, std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<E>(i);
  return {};
}

}  // namespace wire::sdp
