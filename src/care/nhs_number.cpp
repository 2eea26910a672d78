// SPDX-License-Identifier: Apache-2.0
// See nhs_number.h.
#include "care/nhs_number.h"

namespace care {

base::Result<base::Redacted<std::string>, NhsNumberFault> parse_nhs_number(std::string_view typed) {
  std::string digits;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9' || digits.size() == 10) return std::unexpected(NhsNumberFault::not_ten_digits);
    digits += c;
  }
  if (digits.size() != 10) return std::unexpected(NhsNumberFault::not_ten_digits);
  // Weights 10 to 2; what is missing to the next multiple of 11 is the check digit: 11 is written 0, and 10 is never issued.
  int sum = 0;
  for (int i = 0; i < 9; ++i) sum += (10 - i) * (digits[static_cast<std::size_t>(i)] - '0');
  const int check = (11 - sum % 11) % 11;
  // Ten equal digits pass the sum, and are never anybody's.
  const bool one_figure = digits.find_first_not_of(digits[0]) == std::string::npos;
  if (check != digits[9] - '0' || one_figure) return std::unexpected(NhsNumberFault::wrong_check);
  return base::Redacted<std::string>(std::move(digits));
}

}  // namespace care
