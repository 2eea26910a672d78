// SPDX-License-Identifier: Apache-2.0
#include "app/demonstration_trust.h"

#include <unistd.h>

#include <filesystem>

#include "app/demonstration_own.h"
#include "care/link_routes.h"

#include "store/database_for_tests.h"

namespace {

class DemonstrationTrust : public store::OnBothDatabases {
 protected:
  std::int64_t count(const std::string& sql) {
    auto t = pool().read();
    auto rows = t->query(sql);
    return rows.next() ? rows.integer(0) : -1;
  }
};
QUIETROOM_ON_BOTH_DATABASES(DemonstrationTrust);

constexpr base::WallTime kNow{1'795'440'000'000'000};  // 2026-11-23
constexpr crypto::PasswordCost kCheap{.kibibytes = 8, .passes = 1};

TEST_P(DemonstrationTrust, is_whole_and_made_once) {
  for (int i = 0; i < 2; ++i) {
    app::prepare_demonstration_trust(pool(), keys, entropy, {kNow.us + i * 7'200'000'000}, kCheap);
    EXPECT_EQ(count("SELECT COUNT(*) FROM service"), 2);
    EXPECT_EQ(count("SELECT COUNT(*) FROM team"), 6);
    EXPECT_EQ(count("SELECT COUNT(*) FROM staff"), 40);
    EXPECT_EQ(count("SELECT COUNT(*) FROM person"), 300);
    EXPECT_EQ(count("SELECT COUNT(*) FROM therapy_group"), 30);
    EXPECT_EQ(count("SELECT COUNT(*) FROM session"), 300);
    const auto now = std::to_string(kNow.us + i * 7'200'000'000);
    EXPECT_EQ(count("SELECT COUNT(*) FROM session WHERE starts_us <= " + now + " AND ends_us > " + now + " AND number = 5"), 1) << "one meets now";
  }
  EXPECT_EQ(count("SELECT COUNT(*) FROM preparation WHERE open_parts = 0"), 30 * 7);
  EXPECT_EQ(count("SELECT COUNT(*) FROM preparation WHERE open_parts = 2"), 30) << "one of each group is not prepared yet";
  EXPECT_EQ(count("SELECT COUNT(*) FROM agreement_acceptance"), 30 * 7);
  const auto file = (std::filesystem::temp_directory_path() / ("quietroom_own_" + std::to_string(::getpid()))).string();
  const auto own = app::prepare_demonstration_own(pool(), keys, entropy, file, {kNow.us + 7'200'000'000});
  ASSERT_EQ(own.size(), 2U) << "two own pages to look at";
  for (const auto& one : own) {
    const auto link = care::find_link(*pool().read(), keys, care::hash_secret(one.link), {kNow.us + 7'200'000'000});
    ASSERT_TRUE(link);
    EXPECT_TRUE(care::all_right(link->holder.known, {{care::Asked::birth_date, base::Redacted<std::string>(one.birth_date)},
                                                     {care::Asked::postcode, base::Redacted<std::string>(one.postcode)}}));
  }
  const auto again = app::prepare_demonstration_own(pool(), keys, entropy, file, {kNow.us + 7'300'000'000});
  EXPECT_EQ(again.front().link, own.front().link) << "the same over a restart";
  std::filesystem::remove(file);
  EXPECT_GT(count("SELECT COUNT(*) FROM attendance WHERE outcome = 'attended'"), 300);
  EXPECT_GT(count("SELECT COUNT(*) FROM attendance WHERE outcome = 'did_not_attend'"), 10);
  for (const auto& who : app::demonstration_staff())
    EXPECT_EQ(count("SELECT COUNT(*) FROM staff s JOIN account a ON a.staff = s.id WHERE a.password_hash IS NOT NULL AND s.email = '" + who.email + "'"), 1)
        << who.email;
}

}  // namespace
