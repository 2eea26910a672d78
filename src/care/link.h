// SPDX-License-Identifier: Apache-2.0
// A personal link: which two things it asks before it opens, whether the answers are right, and how long it stays shut after
// wrong ones. Not here: SQL (link_table), HTTP (link_routes), what a visit may see (access.h). Invariant: nothing that is on
// record leaves by way of a question or of a wrong answer. Pure; any thread.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "base/json.h"
#include "base/redacted.h"

namespace care {

// What may be asked. A name is not among them: whoever finds a letter has read it.
enum class Asked : std::uint8_t { birth_date, postcode, mobile_end, nhs_end };
constexpr auto json_names(Asked) {
  using enum Asked;
  return std::array<base::json::Names<Asked>, 4>{
      {{birth_date, "birth_date"}, {postcode, "postcode"}, {mobile_end, "mobile_end"}, {nhs_end, "nhs_end"}}};
}

// As kept; empty where it is not on record.
struct KnownThings {
  base::Redacted<std::string> birth_date;  // "1980-02-29"
  base::Redacted<std::string> postcode, mobile, nhs_number;
};

// The two that are asked, in a fixed order; fewer where fewer are on record, and then no link is made.
[[nodiscard]] std::vector<Asked> asked_of(const KnownThings& known);
inline constexpr std::size_t kAskedThings = 2;

struct GivenAnswer {
  Asked asked = Asked::birth_date;
  base::Redacted<std::string> text;
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("asked", &GivenAnswer::asked), field("text", &GivenAnswer::text, {.least = 0, .most = 64})};
  }
};
// Both, and nothing else. Spaces, hyphens and the case of letters do not count; a date may be typed as 29/2/1980.
[[nodiscard]] bool all_right(const KnownThings& known, const std::vector<GivenAnswer>& given);
// As it is compared: letters and digits alone, in capitals. A date with the day first becomes "19800229".
[[nodiscard]] std::string answer_key(Asked asked, std::string_view typed);

inline constexpr std::int64_t kFreeTries = 5;
// After this many wrong answers in a row: none for four, then 15 minutes, twice as long each time, a day at most.
[[nodiscard]] base::Duration shut_for(std::int64_t wrong_answers);

inline constexpr auto kVisitLasts = base::Duration::seconds(std::int64_t{12} * 3'600);
// The secret of a link or visit: 43 characters of base64url from 32 random bytes; stored as its SHA-256.
inline constexpr std::size_t kSecretBytes = 32;

}  // namespace care
