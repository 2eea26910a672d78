// SPDX-License-Identifier: Apache-2.0
// The secret that brings a dropped tab back to its seat: 32 random bytes, told as base64url without padding. Not here: when
// it works (entrance.h). Invariant: compared in constant time, and printed by nothing. Values only: any thread.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/entropy.h"
#include "base/redacted.h"

namespace call {

struct ResumeToken {
  std::array<std::uint8_t, 32> bytes{};
  bool operator==(const ResumeToken& other) const;  // constant time
};

[[nodiscard]] ResumeToken draw_token(base::Entropy& entropy);
[[nodiscard]] base::Redacted<std::string> text_of(const ResumeToken& token);
// Empty where the text is no token of ours.
[[nodiscard]] std::optional<ResumeToken> token_of(std::string_view text);

}  // namespace call
