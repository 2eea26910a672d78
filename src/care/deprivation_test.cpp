// SPDX-License-Identifier: Apache-2.0
#include "care/deprivation.h"

#include <gtest/gtest.h>

namespace {

using namespace care;

TEST(PostcodeFile, is_read_as_the_look_up_tools_write_it) {
  DecileReader reader(2019);
  EXPECT_FALSE(reader.take("\xef\xbb\xbf\"Postcode\",Postcode Status,LSOA code,\"Index of Multiple Deprivation Rank\",Index of Multiple Deprivation Decile").value());
  EXPECT_TRUE(reader.has_header());
  EXPECT_EQ(reader.take("LS1 4AP,Live,E01,\"12,345\",4\r").value(), (PostcodeDecile{"LS1 4AP", 4, 2019}));
  EXPECT_EQ(reader.take("m11ae,Live,E01,1,1").value(), (PostcodeDecile{"M1 1AE", 1, 2019}));
  EXPECT_FALSE(reader.take("").value());
  EXPECT_FALSE(reader.take("LS1 4AQ,Terminated,,,").value()) << "a postcode without a place has no decile";
}
TEST(PostcodeFile, says_what_is_wrong_with_a_line) {
  const auto after_header = [](std::string_view line) {
    DecileReader reader(std::nullopt);
    EXPECT_TRUE(reader.take("postcode,decile,year"));
    return reader.take(line).error();
  };
  EXPECT_EQ(after_header("nowhere,1,2025"), DecileFault::postcode);
  EXPECT_EQ(after_header("LS1 4AP,0,2025"), DecileFault::decile);
  EXPECT_EQ(after_header("LS1 4AP,1.5,2025"), DecileFault::decile);
  EXPECT_EQ(after_header("LS1 4AP,1,soon"), DecileFault::year);
  EXPECT_EQ(after_header("LS1 4AP,1"), DecileFault::not_csv);
  EXPECT_EQ(after_header("\"LS1 4AP,1,2025"), DecileFault::not_csv);
  EXPECT_EQ(after_header("\"LS1\" 4AP,1,2025"), DecileFault::not_csv);
  EXPECT_EQ(DecileReader(2025).take("name,age").error(), DecileFault::no_header);
  EXPECT_EQ(DecileReader(std::nullopt).take("postcode,decile").error(), DecileFault::year);
}

}  // namespace
