// SPDX-License-Identifier: Apache-2.0
#include "call/resume_token.h"

#include <gtest/gtest.h>

#include "call/rehearsal.h"

namespace call {

TEST(ResumeToken, is_43_letters_and_comes_back_the_same) {
  rehearsal::SeededEntropy entropy(5);
  for (int i = 0; i < 100; ++i) {
    const ResumeToken token = draw_token(entropy);
    EXPECT_EQ(text_of(token).get().size(), 43U);
    EXPECT_EQ(token_of(text_of(token).get()), token);
  }
}

TEST(ResumeToken, is_written_as_base64url) {
  ResumeToken token;
  for (std::size_t i = 0; i < token.bytes.size(); ++i) token.bytes[i] = static_cast<std::uint8_t>(0xff - i);
  EXPECT_EQ(text_of(token).get(), "__79_Pv6-fj39vX08_Lx8O_u7ezr6uno5-bl5OPi4eA");
}

TEST(ResumeToken, one_bit_makes_another_token) {
  ResumeToken a;
  for (std::size_t bit = 0; bit < 256; ++bit) {
    ResumeToken b = a;
    b.bytes[bit / 8] = static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_FALSE(a == b);
  }
}

TEST(ResumeToken, other_text_is_no_token) {
  for (const std::string& text : {std::string(), std::string(42, 'A'), std::string(44, 'A'), std::string(42, 'A') + "=",
                                  std::string(42, 'A') + "+"})
    EXPECT_FALSE(token_of(text)) << text;
}

}  // namespace call
