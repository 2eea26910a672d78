// SPDX-License-Identifier: Apache-2.0
// See tries.h.
#include "identity/tries.h"

#include <algorithm>

namespace identity {
namespace {

constexpr auto kForgotten = base::Duration::seconds(24 * 3'600);

struct Pace {
  std::int64_t free;    // failures without a wait
  base::Duration most;  // the longest wait
};
// A hospital may sit behind one address, so an address may fail more often.
Pace pace_of(TriesOf of) {
  switch (of) {
    case TriesOf::email:
    case TriesOf::second_factor: return {.free = 5, .most = base::Duration::seconds(15 * 60)};
    case TriesOf::address: return {.free = 30, .most = base::Duration::seconds(5 * 60)};
  }
  return {.free = 0, .most = base::Duration::seconds(15 * 60)};
}

}  // namespace

std::string_view domain_of(TriesOf of) {
  switch (of) {
    case TriesOf::email: return "tries.email";
    case TriesOf::address: return "tries.address";
    case TriesOf::second_factor: return "tries.second-factor";
  }
  return "tries";
}

Tries remembered(const Tries& t, base::WallTime now) { return now.us - t.last.us >= kForgotten.us ? Tries{} : t; }

std::optional<base::Duration> must_wait(TriesOf of, const Tries& tries, base::WallTime now) {
  const Tries t = remembered(tries, now);
  const Pace pace = pace_of(of);
  if (t.failures < pace.free) return std::nullopt;
  const std::int64_t doublings = std::min<std::int64_t>(t.failures - pace.free, 20);
  const base::Duration wait = std::min(base::Duration::seconds(std::int64_t{1} << doublings), pace.most);
  const base::Duration left{t.last.us + wait.us - now.us};
  return left.us > 0 ? std::optional(left) : std::nullopt;
}

}  // namespace identity
