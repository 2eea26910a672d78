// SPDX-License-Identifier: Apache-2.0
// Time as a value. An Instant is microseconds on a monotonic scale that only net/ reads from the machine (tests and the
// simulator make their own); a Duration is a difference of two. WallTime is microseconds since the Unix epoch, for NTP
// fields and logs. Not here: any clock. Rules and cores take `now` as a parameter and never ask for it.
#pragma once
#include <compare>
#include <cstdint>
#include <limits>

namespace base {

struct Duration {
  std::int64_t us = 0;
  static constexpr Duration micros(std::int64_t v) { return {v}; }
  static constexpr Duration millis(std::int64_t v) { return {v * 1'000}; }
  static constexpr Duration seconds(std::int64_t v) { return {v * 1'000'000}; }
  [[nodiscard]] constexpr std::int64_t millis() const { return us / 1'000; }
  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator+(Duration d) const { return {us + d.us}; }
  constexpr Duration operator-(Duration d) const { return {us - d.us}; }
  constexpr Duration operator*(std::int64_t n) const { return {us * n}; }
  constexpr Duration operator/(std::int64_t n) const { return {us / n}; }
};

struct Instant {
  std::int64_t us = 0;
  // "No such moment": later than every real instant, so min() over timers just works.
  static constexpr Instant never() { return {std::numeric_limits<std::int64_t>::max()}; }
  [[nodiscard]] constexpr bool is_never() const { return us == never().us; }
  constexpr auto operator<=>(const Instant&) const = default;
  constexpr Instant operator+(Duration d) const { return is_never() ? *this : Instant{us + d.us}; }
  constexpr Instant operator-(Duration d) const { return is_never() ? *this : Instant{us - d.us}; }
  constexpr Duration operator-(Instant o) const { return {us - o.us}; }
};

struct WallTime {
  std::int64_t us = 0;  // since 1970-01-01T00:00:00Z
  constexpr auto operator<=>(const WallTime&) const = default;
};

// One reading of both scales, so that a core can turn an Instant into NTP time without a clock.
struct Now {
  Instant instant;
  WallTime wall;
};

}  // namespace base
