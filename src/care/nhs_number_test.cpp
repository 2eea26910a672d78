// SPDX-License-Identifier: Apache-2.0
#include "care/nhs_number.h"

#include <gtest/gtest.h>

namespace {

using care::NhsNumberFault;
using care::parse_nhs_number;

TEST(NhsNumber, is_taken_as_people_write_it) {
  for (const char* typed : {"9434765919", "943 476 5919", "943-476-5919", " 943 4765919 "})
    EXPECT_EQ(parse_nhs_number(typed).value().get(), "9434765919") << typed;
  for (const char* test : {"9990000018", "9990000026", "9990000034"}) EXPECT_EQ(parse_nhs_number(test).value().get(), test);
}

TEST(NhsNumber, shows_every_single_mistyped_digit) {
  const std::string right = "9434765919";
  for (std::size_t i = 0; i < right.size(); ++i)
    for (char c = '0'; c <= '9'; ++c) {
      if (c == right[i]) continue;
      std::string wrong = right;
      wrong[i] = c;
      EXPECT_FALSE(parse_nhs_number(wrong)) << wrong;
    }
}

TEST(NhsNumber, shows_two_neighbours_exchanged) {
  const std::string right = "9434765919";
  for (std::size_t i = 0; i + 1 < right.size(); ++i) {
    std::string wrong = right;
    std::swap(wrong[i], wrong[i + 1]);
    EXPECT_EQ(parse_nhs_number(wrong).has_value(), wrong == right) << wrong;
  }
}

TEST(NhsNumber, whose_check_digit_would_be_ten_is_nobodys) {
  int without = 0;
  for (int n = 0; n < 1000; ++n) {
    char head[16];
    std::snprintf(head, sizeof head, "999000%03d", n);
    int good = 0;
    for (char c = '0'; c <= '9'; ++c) good += parse_nhs_number(std::string(head) + c).has_value() ? 1 : 0;
    EXPECT_LE(good, 1) << head;
    without += good == 0 ? 1 : 0;
  }
  for (char c = '0'; c <= '9'; ++c) EXPECT_FALSE(parse_nhs_number(std::string("999000000") + c)) << "its check digit would be 10";
  EXPECT_NEAR(without, 1000 / 11, 2) << "one in eleven has no check digit";
}

TEST(NhsNumber, is_ten_digits_and_nothing_else) {
  for (const char* typed : {"", "943476591", "94347659190", "943476591x", "943.476.5919", "٩٤٣٤٧٦٥٩١٩"})
    EXPECT_EQ(parse_nhs_number(typed).error(), NhsNumberFault::not_ten_digits) << typed;
  for (const char* typed : {"0000000000", "1111111111", "9999999999"})
    EXPECT_EQ(parse_nhs_number(typed).error(), NhsNumberFault::wrong_check) << typed;
}

}  // namespace
