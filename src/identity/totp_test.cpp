// SPDX-License-Identifier: Apache-2.0
// One-time passwords against the vectors of RFC 6238 (appendix B, SHA-1) and RFC 4648 (section 10).
#include <gtest/gtest.h>

#include "identity/totp.h"

namespace {

using base::WallTime;
const base::Bytes kSecret = base::as_bytes("12345678901234567890");
constexpr WallTime at(std::int64_t seconds) { return {seconds * 1'000'000}; }

TEST(Totp, gives_the_codes_of_rfc_6238) {
  const std::pair<std::int64_t, const char*> cases[] = {{59, "94287082"},         {1'111'111'109, "07081804"}, {1'111'111'111, "14050471"},
                                                        {1'234'567'890, "89005924"}, {2'000'000'000, "69279037"}, {20'000'000'000, "65353130"}};
  for (const auto& [seconds, code] : cases) EXPECT_EQ(identity::totp_code(kSecret, identity::totp_step(at(seconds)), 8), code) << seconds;
}

TEST(Totp, a_code_works_one_step_early_and_late_and_no_more) {
  const std::string code = identity::totp_code(kSecret, 100, 6);
  EXPECT_EQ(identity::accepted_step(kSecret, code, at(100 * 30), 0), 100);
  EXPECT_EQ(identity::accepted_step(kSecret, code, at(99 * 30), 0), 100);
  EXPECT_EQ(identity::accepted_step(kSecret, code, at(101 * 30 + 29), 0), 100);
  EXPECT_EQ(identity::accepted_step(kSecret, code, at(102 * 30), 0), std::nullopt);
  EXPECT_EQ(identity::accepted_step(kSecret, code, at(98 * 30 + 29), 0), std::nullopt);
}

TEST(Totp, a_code_works_once_and_none_before_it_works_again) {
  const std::string code = identity::totp_code(kSecret, 100, 6), before = identity::totp_code(kSecret, 99, 6);
  EXPECT_EQ(identity::accepted_step(kSecret, code, at(3'000), 100), std::nullopt);
  EXPECT_EQ(identity::accepted_step(kSecret, before, at(3'000), 100), std::nullopt);
}

TEST(Totp, what_is_no_code_is_not_taken) {
  for (const char* code : {"", "1", "12345", "1234567", "abcdef"}) EXPECT_EQ(identity::accepted_step(kSecret, code, at(3'000), 0), std::nullopt);
}

TEST(Totp, base32_is_that_of_rfc_4648) {
  const std::pair<const char*, const char*> cases[] = {{"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}};
  for (const auto& [text, encoded] : cases) EXPECT_EQ(identity::to_base32(base::as_bytes(text)), encoded);
}

TEST(Totp, the_address_for_an_app_is_encoded) {
  EXPECT_EQ(identity::otpauth_uri(base::as_bytes("foobar"), "Quiet Room", "a+b@example.org"),
            "otpauth://totp/Quiet%20Room:a%2Bb%40example.org?secret=MZXW6YTBOI&issuer=Quiet%20Room&algorithm=SHA1&digits=6&period=30");
}

}  // namespace
