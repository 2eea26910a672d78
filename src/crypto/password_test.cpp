// SPDX-License-Identifier: Apache-2.0
// Password hashes, held against libsodium's own.
#include <gtest/gtest.h>
#include <sodium.h>

#include "crypto/password.h"

namespace {

using base::Redacted;
using crypto::PasswordCost;
const Redacted<std::string> kRight(std::string("four wet green boots")), kWrong(std::string("four wet green boot"));

TEST(Password, a_hash_is_the_text_that_libsodium_reads_and_writes) {
  const auto hash = crypto::hash_password(kRight, {1, 2, 3}, PasswordCost{.kibibytes = 8'192, .passes = 2});
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=8192,t=2,p=1$AQIDAAAAAAAAAAAAAAAAAA$")) << *hash;
  EXPECT_EQ(crypto_pwhash_str_verify(hash->c_str(), kRight.get().data(), kRight.get().size()), 0);
  char theirs[crypto_pwhash_STRBYTES];
  ASSERT_EQ(crypto_pwhash_str(theirs, kRight.get().data(), kRight.get().size(), 1, 8'192 * 1024), 0);
  EXPECT_TRUE(crypto::password_matches(theirs, kRight));
}

TEST(Password, only_the_password_matches) {
  const auto hash = crypto::hash_password(kRight, {9}, PasswordCost{.kibibytes = 8'192, .passes = 1});
  ASSERT_TRUE(hash);
  EXPECT_TRUE(crypto::password_matches(*hash, kRight));
  EXPECT_FALSE(crypto::password_matches(*hash, kWrong));
  EXPECT_FALSE(crypto::password_matches("", kRight));
  EXPECT_FALSE(crypto::password_matches("$argon2id$v=19$m=8192,t=1,p=1$", kRight));
  EXPECT_FALSE(crypto::password_matches(std::string(500, '$'), kRight));
}

TEST(Password, costs_64_mebibytes_and_three_passes_unless_told_otherwise) {
  const auto hash = crypto::hash_password(kRight, {7}, {});
  ASSERT_TRUE(hash);
  EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
}

}  // namespace
