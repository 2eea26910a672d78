// SPDX-License-Identifier: Apache-2.0
// See sign_in.h.
#include "identity/sign_in.h"

#include <fmt/chrono.h>

#include <ctime>
#include <utility>

namespace identity {
namespace {

constexpr std::int64_t kSeenStepUs = 60'000'000;

using Names = std::pair<std::string_view, std::string_view>;
// The first that matches counts: every browser claims to be several.
constexpr Names kBrowsers[] = {{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}};
constexpr Names kSystems[] = {{"iPhone", "iPhone"}, {"iPad", "iPad"},         {"Android", "Android"}, {"CrOS", "ChromeOS"},
                              {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"Linux", "Linux"}};

template <std::size_t N>
std::string_view first_of(const Names (&names)[N], std::string_view text) {
  for (const auto& [sign, name] : names)
    if (text.find(sign) != std::string_view::npos) return name;
  return {};
}

}  // namespace

SignInState state_of(const SignIn& s, base::WallTime now, const SignInTimes& times) {
  if (s.ended || now >= s.until || now < s.made) return SignInState::gone;
  if (!s.second_factor) return SignInState::half_way;
  // `seen` is up to a minute old.
  if (s.locked || now.us - s.seen.us >= times.idle.us + kSeenStepUs) return SignInState::locked;
  return SignInState::open;
}

bool note_seen(const SignIn& s, base::WallTime now) { return now.us - s.seen.us >= kSeenStepUs; }

std::string device_name(std::string_view agent) {
  const std::string_view browser = first_of(kBrowsers, agent), system = first_of(kSystems, agent);
  if (browser.empty() && system.empty()) return "Another program";
  if (browser.empty() || system.empty()) return std::string(browser.empty() ? system : browser);
  return fmt::format("{} on {}", browser, system);
}


}  // namespace identity
