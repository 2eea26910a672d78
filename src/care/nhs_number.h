// SPDX-License-Identifier: Apache-2.0
// The NHS number: ten digits, the last of them a check digit by modulus 11 (NHS Data Dictionary, "NHS NUMBER"). Not here: whether
// it was issued or traced. Pure; any thread.
#pragma once
#include <string>
#include <string_view>

#include "base/redacted.h"
#include "base/result.h"

namespace care {

enum class NhsNumberFault : std::uint8_t {
  not_ten_digits,  // something else than ten digits, spaces and hyphens
  wrong_check,     // the check digit says that a digit is mistyped
};
// As people type it ("943 476 5919"), to ten digits.
[[nodiscard]] base::Result<base::Redacted<std::string>, NhsNumberFault> parse_nhs_number(std::string_view typed);

}  // namespace care
