// SPDX-License-Identifier: Apache-2.0
// How a person is reached, each in one form however it was typed: telephone numbers as E.164 (ITU-T), UK postcodes as Royal Mail
// writes them, e-mail addresses as SMTP takes them (RFC 5321 section 4.1.2, without quoted local parts). Not here: whether
// somebody answers there. Nothing where it is none. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/redacted.h"

namespace care {

using Personal = base::Redacted<std::string>;

// "020 7946 0000", "+44 (0)20 7946 0000", "0044…", "+353 …" to "+442079460000". Without a country it is a UK number.
[[nodiscard]] std::optional<Personal> parse_telephone(std::string_view typed);
// Whether a normalised number can get a text message: any number abroad, and 07 numbers (but 070 and 076) at home.
[[nodiscard]] bool takes_texts(std::string_view number);
// "m1 1ae" to "M1 1AE".
[[nodiscard]] std::optional<Personal> parse_postcode(std::string_view typed);
// Trimmed; the part after the @ in small letters.
[[nodiscard]] std::optional<Personal> parse_email(std::string_view typed);

// Without white space at both ends.
[[nodiscard]] std::string_view stripped(std::string_view text);

}  // namespace care
