// SPDX-License-Identifier: Apache-2.0
// The lite agent with checks made by hand: what it answers, whom it believes, which path it follows.
#include "transport/ice_lite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/hmac.h"

namespace transport {
namespace {

using Datagram = std::vector<std::uint8_t>;

class KeepingSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t max, base::Precedence) override {
    room_.resize(max);
    return room_.data();
  }
  void commit(std::size_t size) override {
    if (size > 0) sent.emplace_back(room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(size));
  }
  std::vector<Datagram> sent;

 private:
  Datagram room_;
};

const IceCredentials kOurs{"ourfrag1", base::Redacted<std::string>("ourpasswordourpassword11")};
const IceCredentials kNew{"ourfrag2", base::Redacted<std::string>("ourpasswordourpassword22")};

base::Path from(std::uint16_t port) { return {base::Carrier::udp, 0, base::Address::v4(198, 51, 100, 7, port)}; }

Datagram write(const wire::StunMessage& message, std::string_view password) {
  Datagram out(wire::kMaxStunSize);
  out.resize(wire::write_stun(message, base::as_bytes(password), crypto::hmac_sha1, out));
  return out;
}

struct Check {
  std::string username = "ourfrag1:theirs";
  std::string password = kOurs.pwd.get();
  bool nominate = false;
  std::uint32_t priority = 1;
  bool controlled = false;
  std::uint8_t number = 3;  // of its transaction id
  [[nodiscard]] Datagram bytes() const {
    wire::StunMessage m;
    m.transaction = {1, 2, number, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    if (!username.empty()) m.username = username;
    m.priority = priority;
    m.use_candidate = nominate;
    (controlled ? m.ice_controlled : m.ice_controlling) = 77;
    return write(m, password);
  }
};

class Lite : public testing::Test {
 protected:
  // Each a check of its own.
  StunOutcome hear(Check check, std::uint16_t port) {
    check.number = number_++;
    return hear(check.bytes(), port);
  }
  StunOutcome hear(const Datagram& datagram, std::uint16_t port) {
    return ice_.handle(now_, datagram, Outlet{sink_, 0, from(port)});
  }
  void wait(base::Duration d) { now_.instant = now_.instant + d; }
  // The error code of the last answer, 0 for a success.
  [[nodiscard]] int last_code() const {
    const auto m = wire::parse_stun(sink_.sent.back());
    if (!m) return -1;
    return m->error ? m->error->code : 0;
  }
  base::Now now_{base::Instant{5'000'000}, {}};
  KeepingSink sink_;
  std::uint8_t number_ = 3;
  IceLite ice_{kOurs};
};

TEST_F(Lite, answers_a_check_with_the_address_it_came_from_and_proof_of_our_password) {
  EXPECT_EQ(hear(Check{}, 1000), StunOutcome::authenticated);
  ASSERT_EQ(sink_.sent.size(), 1U);
  const auto answer = wire::parse_stun(sink_.sent[0]);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->kind, wire::StunClass::success);
  EXPECT_EQ(answer->transaction, (wire::StunTransaction{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}));
  EXPECT_EQ(answer->xor_mapped_address, from(1000).remote);
  EXPECT_TRUE(answer->has_fingerprint);
  EXPECT_TRUE(wire::stun_integrity_holds(*answer, base::as_bytes(kOurs.pwd.get()), crypto::hmac_sha1));
  EXPECT_TRUE(ice_.knows(from(1000)));
  EXPECT_FALSE(ice_.knows(from(1001)));
  EXPECT_EQ(ice_.path(), from(1000));
}

TEST_F(Lite, refuses_what_it_cannot_believe_and_learns_nothing_from_it) {
  struct Case {
    const char* what;
    Check check;
    StunOutcome outcome;
    int code;
  };
  const Case cases[] = {
      {"another ufrag", {.username = "otherfrag:theirs"}, StunOutcome::unauthenticated, 401},
      {"another password", {.password = "wrongpasswordwrongpass"}, StunOutcome::unauthenticated, 401},
      {"no username", {.username = ""}, StunOutcome::unauthenticated, 400},
      {"no integrity", {.password = ""}, StunOutcome::unauthenticated, 400},
      {"claims to be controlled", {.controlled = true}, StunOutcome::authenticated, 487},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(hear(c.check, 1000), c.outcome) << c.what;
    EXPECT_EQ(last_code(), c.code) << c.what;
    EXPECT_FALSE(ice_.knows(from(1000))) << c.what;
  }
}

TEST_F(Lite, names_the_attributes_it_does_not_understand) {
  auto datagram = Check{.password = ""}.bytes();
  // An unknown comprehension-required attribute 0x7f01 before the integrity, by hand: header, attribute, then sealed
  // again.
  const auto parsed = wire::parse_stun(datagram);
  ASSERT_TRUE(parsed.has_value());
  Datagram message(datagram.begin(), datagram.end() - 8);  // without FINGERPRINT
  message.insert(message.end(), {0x7f, 0x01, 0x00, 0x00});
  base::store_u16(message.data() + 2, static_cast<std::uint16_t>(message.size() - 20 + 24));
  const auto tag = crypto::hmac_sha1(base::as_bytes(kOurs.pwd.get()), message);
  message.insert(message.end(), {0x00, 0x08, 0x00, 0x14});
  message.insert(message.end(), tag.begin(), tag.end());
  base::store_u16(message.data() + 2, static_cast<std::uint16_t>(message.size() - 20 + 8));
  const std::uint32_t check = wire::crc32(message) ^ 0x5354'554e;
  message.insert(message.end(), {0x80, 0x28, 0x00, 0x04, 0, 0, 0, 0});
  base::store_u32(message.data() + message.size() - 4, check);
  EXPECT_EQ(hear(message, 1000), StunOutcome::authenticated);
  EXPECT_EQ(last_code(), 420);
  EXPECT_EQ(wire::parse_stun(sink_.sent.back())->unknown_attributes, (wire::FixedList<std::uint16_t, 16>{0x7f01}));
  EXPECT_FALSE(ice_.knows(from(1000)));
}

TEST_F(Lite, no_changed_bit_of_a_check_is_believed) {
  const auto good = Check{.nominate = true}.bytes();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    auto bad = good;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    (void)hear(bad, 1000);
    ASSERT_FALSE(ice_.knows(from(1000))) << bit;
  }
  EXPECT_EQ(hear(good, 1000), StunOutcome::authenticated);
  EXPECT_TRUE(ice_.knows(from(1000)));
}

TEST_F(Lite, a_check_that_was_overheard_leads_nothing_elsewhere) {
  const auto overheard = Check{.nominate = true}.bytes();
  EXPECT_EQ(hear(overheard, 1000), StunOutcome::authenticated);
  wait(base::Duration::seconds(4));
  const auto answers = sink_.sent.size();
  EXPECT_EQ(hear(overheard, 6666), StunOutcome::ignored);
  EXPECT_EQ(sink_.sent.size(), answers);
  EXPECT_FALSE(ice_.knows(from(6666)));
  EXPECT_EQ(ice_.path(), from(1000));
  EXPECT_EQ(ice_.last_check(), now_.instant - base::Duration::seconds(4)) << "it is no consent either";
  EXPECT_EQ(hear(overheard, 1000), StunOutcome::ignored);
  EXPECT_EQ(sink_.sent.size(), answers + 1) << "sent again because the answer was lost: it gets one";
  EXPECT_EQ(ice_.last_check(), now_.instant - base::Duration::seconds(4)) << "and has had its effect";
  EXPECT_EQ(hear(Check{.nominate = true, .number = 4}.bytes(), 2000), StunOutcome::authenticated) << "a new one from a new address";
  EXPECT_EQ(ice_.path(), from(2000));
  (void)hear(overheard, 1000);
  EXPECT_EQ(ice_.path(), from(2000)) << "what was said of a path that is left leads nothing back to it";
}

TEST(SeenChecks, are_known_for_two_thousand_more_and_new_ones_are_seldom_taken_for_them) {
  std::uint64_t drawn = 1;
  const auto draw = [&drawn] {
    wire::StunTransaction out;
    for (auto& b : out) b = static_cast<std::uint8_t>((drawn = drawn * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U) >> 56);
    return out;
  };
  SeenChecks seen;
  std::vector<wire::StunTransaction> kept;
  for (int i = 0; i < 20'000; ++i) {
    seen.add(kept.emplace_back(draw()));
    for (const std::size_t back : {1U, 100U, 2'000U})
      if (kept.size() >= back) ASSERT_TRUE(seen.contains(kept[kept.size() - back])) << i;
  }
  int wrong = 0;
  for (int i = 0; i < 10'000; ++i) wrong += seen.contains(draw()) ? 1 : 0;
  EXPECT_LT(wrong, 10'000 / 100);
  EXPECT_FALSE(SeenChecks{}.contains(kept[0]));
}

TEST_F(Lite, answers_at_most_ten_unproved_checks_a_second) {
  for (int i = 0; i < 100; ++i)
    EXPECT_EQ(hear(Check{.password = "wrongpasswordwrongpass"}, 1000), StunOutcome::unauthenticated);
  EXPECT_EQ(sink_.sent.size(), 10U);
  EXPECT_EQ(hear(Check{}, 1000), StunOutcome::authenticated);
  EXPECT_EQ(sink_.sent.size(), 11U) << "a proved one is always answered";
  wait(base::Duration::seconds(1));
  for (int i = 0; i < 100; ++i) (void)hear(Check{.username = ""}, 1000);
  EXPECT_EQ(sink_.sent.size(), 21U);
}

TEST_F(Lite, an_aggressive_burst_ends_on_the_highest_priority) {
  (void)hear(Check{.nominate = true, .priority = 50}, 1000);
  (void)hear(Check{.nominate = true, .priority = 90}, 1001);
  (void)hear(Check{.nominate = true, .priority = 20}, 1002);
  EXPECT_EQ(ice_.path(), from(1001));
}

TEST_F(Lite, later_the_newest_nomination_wins_and_repeating_an_old_one_changes_nothing) {
  (void)hear(Check{.nominate = true, .priority = 90}, 1000);
  wait(base::Duration::seconds(10));
  (void)hear(Check{.nominate = false, .priority = 20}, 1001);
  EXPECT_EQ(ice_.path(), from(1000));
  (void)hear(Check{.nominate = true, .priority = 20}, 1001);
  EXPECT_EQ(ice_.path(), from(1001));
  (void)hear(Check{.nominate = true, .priority = 90}, 1000);
  EXPECT_EQ(ice_.path(), from(1001)) << "1000 was nominated all along";
  (void)hear(Check{.nominate = true, .priority = 20}, 1001);
  (void)hear(Check{.nominate = false, .priority = 90}, 1000);
  (void)hear(Check{.nominate = true, .priority = 90}, 1000);
  EXPECT_EQ(ice_.path(), from(1000)) << "given up and taken again";
}

TEST_F(Lite, a_path_that_fell_silent_or_was_given_up_yields_to_any_nominated_one) {
  (void)hear(Check{.nominate = true, .priority = 90}, 1000);
  (void)hear(Check{.nominate = true, .priority = 20}, 1001);
  EXPECT_EQ(ice_.path(), from(1000)) << "the burst";
  wait(base::Duration::millis(3'000));
  (void)hear(Check{.nominate = true, .priority = 20}, 1001);
  EXPECT_EQ(ice_.path(), from(1000));
  wait(base::Duration::millis(1));
  (void)hear(Check{.nominate = true, .priority = 20}, 1001);
  EXPECT_EQ(ice_.path(), from(1001)) << "1000 has been silent for over three seconds";
  (void)hear(Check{.nominate = true, .priority = 90}, 1000);
  EXPECT_EQ(ice_.path(), from(1001));
  (void)hear(Check{.nominate = false, .priority = 20}, 1001);
  (void)hear(Check{.nominate = true, .priority = 90}, 1000);
  EXPECT_EQ(ice_.path(), from(1000)) << "1001 was given up";
}

TEST_F(Lite, before_a_nomination_the_latest_check_says_where_to_send) {
  (void)hear(Check{}, 1000);
  (void)hear(Check{}, 1001);
  EXPECT_EQ(ice_.path(), from(1001));
  (void)hear(Check{.nominate = true}, 1000);
  (void)hear(Check{}, 1001);
  EXPECT_EQ(ice_.path(), from(1000));
}

TEST_F(Lite, remembers_eight_paths_and_never_forgets_the_one_in_use) {
  (void)hear(Check{.nominate = true}, 1000);
  for (std::uint16_t port = 1001; port < 1100; ++port) {
    wait(base::Duration::millis(10));
    (void)hear(Check{}, port);
  }
  EXPECT_TRUE(ice_.knows(from(1000)));
  EXPECT_EQ(ice_.path(), from(1000));
  std::size_t known = 0;
  for (std::uint16_t port = 1000; port < 1100; ++port) known += ice_.knows(from(port)) ? 1 : 0;
  EXPECT_EQ(known, kMaxPaths);
  EXPECT_TRUE(ice_.knows(from(1099)));
}

TEST_F(Lite, goes_over_to_another_known_path_when_a_connection_closes) {
  (void)hear(Check{.nominate = true}, 1000);
  (void)hear(Check{}, 1001);
  ice_.forget(from(1000));
  EXPECT_EQ(ice_.path(), from(1001));
  ice_.forget(from(1001));
  EXPECT_EQ(ice_.path(), std::nullopt);
}

TEST_F(Lite, takes_old_credentials_after_a_restart_until_the_new_ones_nominate_or_30_seconds_pass) {
  const Check with_new{.username = "ourfrag2:theirs", .password = kNew.pwd.get(), .nominate = true};
  ice_.restart(kNew, now_);
  EXPECT_EQ(hear(Check{}, 1000), StunOutcome::authenticated);
  wait(base::Duration::seconds(29));
  EXPECT_EQ(hear(Check{}, 1000), StunOutcome::authenticated);
  wait(base::Duration::seconds(1));
  EXPECT_EQ(hear(Check{}, 1000), StunOutcome::unauthenticated);
  EXPECT_EQ(hear(with_new, 1000), StunOutcome::authenticated);

  IceLite other(kOurs);
  const Outlet out{sink_, 0, from(1000)};
  other.restart(kNew, now_);
  EXPECT_EQ(other.handle(now_, with_new.bytes(), out), StunOutcome::authenticated);
  EXPECT_EQ(other.handle(now_, Check{}.bytes(), out), StunOutcome::unauthenticated);
}

TEST(IceCredentials, are_long_enough_of_ice_chars_and_never_twice_the_same) {
  class Counting final : public base::Entropy {
   public:
    void fill(base::MutableBytes out) override {
      for (auto& b : out) b = next_++;
    }

   private:
    std::uint8_t next_ = 0;
  } entropy;
  const auto a = make_ice_credentials(entropy);
  const auto b = make_ice_credentials(entropy);
  EXPECT_NE(a, b);
  EXPECT_EQ(a.ufrag.size(), 8U);
  EXPECT_EQ(a.pwd.get().size(), 24U);
  EXPECT_THAT(a.ufrag + a.pwd.get() + b.ufrag + b.pwd.get(), testing::MatchesRegex("[A-Za-z0-9+/]+"));
  EXPECT_EQ(fmt::format("{}", a.pwd), "[redacted]");
}

}  // namespace
}  // namespace transport
