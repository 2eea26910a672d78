// SPDX-License-Identifier: Apache-2.0
// Signing in, out, idle and by one-time link, on both databases.
#include "identity/office_for_tests.h"

namespace {

using identity::RoleAt;
using identity::SignIn;
using identity::SignInState;
using identity::Tries;
using identity::TriesOf;

class SigningIn : public identity::test::OfficeOnBothDatabases {
 protected:
  const std::vector<RoleAt> facilitator{{"facilitator", {north}}};
};
QUIETROOM_ON_BOTH_DATABASES(SigningIn);

TEST_P(SigningIn, takes_a_password_and_then_a_code_and_changes_the_secret_between) {
  const auto staff = add("robin@example.org", facilitator);
  Browser b;
  EXPECT_EQ(get(b, "/api/me").status, 401);
  const auto first = password(b, "  Robin@Example.org ", identity::test::kPassword);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.at("/next"), "second-factor");
  const std::string half_way = b.cookie;
  EXPECT_EQ(get(b, "/api/me").status, 401) << "half way opens nothing";
  EXPECT_EQ(get(b, "/api/staff/" + staff.text).at("/type"), "/problems/sign-in");
  EXPECT_EQ(code(b, current_code()).at("/next"), "done");
  EXPECT_NE(b.cookie, half_way);
  const auto me = get(b, "/api/me");
  EXPECT_EQ(me.at("/email"), "robin@example.org");
  EXPECT_EQ(me.at("/standings/0/role"), "facilitator");
  EXPECT_EQ(me.at("/standings/0/teamName"), "North");
  EXPECT_EQ(me.at("/locked"), "false");
  EXPECT_EQ(me.at("/trust"), "Fenwater Trust");
  Browser old{.cookie = half_way};
  EXPECT_EQ(get(old, "/api/me").status, 401);
  EXPECT_EQ(audited("sign-in-begun"), 1);
  EXPECT_EQ(audited("sign-in"), 1);
}

TEST_P(SigningIn, the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_stands_hashed) {
  add("robin@example.org", facilitator);
  Browser b;
  const auto answer = password(b, "robin@example.org", identity::test::kPassword);
  EXPECT_EQ(answer.header("Set-Cookie"), "quietroom=" + b.cookie + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=600");
  EXPECT_EQ(b.cookie.size(), 43U);
  http::Request secure;
  secure.secure = true;
  http::Response r;
  identity::set_cookie(r, secure, identity::CookieOf::sign_in, "x", base::Duration::seconds(9));
  EXPECT_EQ(r.header("Set-Cookie"), "__Host-quietroom=x; Path=/; HttpOnly; SameSite=Strict; Max-Age=9; Secure");
  auto t = pool().read();
  auto rows = t->query("SELECT hash FROM sign_in");
  ASSERT_TRUE(rows.next());
  EXPECT_TRUE(std::ranges::equal(rows.bytes(0), crypto::sha256(base::as_bytes(b.cookie))));
}

TEST_P(SigningIn, an_unknown_address_a_wrong_password_and_no_password_get_the_same_answer) {
  add("robin@example.org", facilitator);
  const auto provider_only = add("hazel@example.org", facilitator);
  const auto left = add("rowan@example.org", facilitator);
  {
    auto t = pool().write();
    t->run("UPDATE account SET password_hash = NULL WHERE staff = $1", provider_only);
    t->run("UPDATE staff SET active = 0 WHERE id = $1", left);
    ASSERT_TRUE(t->commit());
  }
  Browser b;
  const auto wrong = password(b, "robin@example.org", "four wet green boot");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.at("/type"), "/problems/sign-in-failed");
  for (const char* email : {"nobody@example.org", "hazel@example.org", "rowan@example.org"}) {
    const auto answer = password(b, email, identity::test::kPassword);
    EXPECT_EQ(answer.status, 401) << email;
    EXPECT_EQ(answer.text, wrong.text) << email;
  }
  EXPECT_TRUE(b.cookie.empty());
  EXPECT_EQ(audited("sign-in-failed"), 4);
}

TEST_P(SigningIn, guessing_waits_longer_each_time_alike_for_known_and_unknown_and_never_for_ever) {
  add("robin@example.org", facilitator);
  for (const char* email : {"robin@example.org", "nobody@example.org"}) {
    Browser b;
    for (int i = 0; i < 5; ++i) EXPECT_EQ(password(b, email, "not the password").status, 401) << email << i;
    const auto slowed = password(b, email, identity::test::kPassword);
    EXPECT_EQ(slowed.status, 429) << email;
    EXPECT_EQ(slowed.header("Retry-After"), "1");
    pass(1);
    EXPECT_EQ(password(b, email, "not the password").status, 401) << email;
    pass(1);
    EXPECT_EQ(password(b, email, "not the password").header("Retry-After"), "1") << "two seconds now";
    pass(24 * 3'600);
  }
  Browser b;
  EXPECT_EQ(password(b, "robin@example.org", identity::test::kPassword).status, 200);
}

TEST_P(SigningIn, one_address_that_tries_many_accounts_is_slowed_down_too) {
  Browser b;
  for (int i = 0; i < 30; ++i) EXPECT_EQ(password(b, "a" + std::to_string(i) + "@example.org", "not the password").status, 401);
  EXPECT_EQ(password(b, "a31@example.org", "not the password").status, 429);
  Browser elsewhere{.cookie = {}, .peer = "192.0.2.8"};
  EXPECT_EQ(password(elsewhere, "a31@example.org", "not the password").status, 401);
}

TEST_P(SigningIn, a_right_password_takes_its_try_back) {
  add("robin@example.org", facilitator);
  Browser b;
  for (int i = 0; i < 40; ++i) EXPECT_EQ(password(b, "robin@example.org", identity::test::kPassword).status, 200) << i;
}

TEST_P(SigningIn, a_code_works_once_and_guessing_codes_is_slowed_down) {
  add("robin@example.org", facilitator);
  const std::string used = current_code();
  (void)signed_in("robin@example.org");
  Browser b;
  EXPECT_EQ(password(b, "robin@example.org", identity::test::kPassword).status, 200);
  EXPECT_EQ(code(b, used).at("/errors/0/code"), "wrong-code");
  for (int i = 0; i < 4; ++i) EXPECT_EQ(code(b, "000000").status, 422);
  EXPECT_EQ(code(b, "000000").status, 429);
  pass(30);
  EXPECT_EQ(code(b, current_code()).at("/next"), "done");
  EXPECT_EQ(audited("second-factor-failed"), 5);
}

TEST_P(SigningIn, staff_without_a_second_factor_set_one_up_before_anything_opens) {
  add("robin@example.org", facilitator, std::nullopt);
  Browser b;
  EXPECT_EQ(password(b, "robin@example.org", identity::test::kPassword).at("/next"), "set-up-second-factor");
  const auto shown = post(b, "/api/sign-in/second-factor", "{}");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.at("/secret").size(), 32U);
  EXPECT_TRUE(shown.at("/uri").starts_with("otpauth://totp/Quietroom:robin%40example.org?secret=" + shown.at("/secret")));
  const auto codes = shown.json().at("recoveryCodes").as_array();
  EXPECT_EQ(codes.size(), 10U);
  EXPECT_EQ(code(b, std::string(codes[0].as_string())).status, 422) << "no recovery before the app has shown a code";
  identity::TotpSecret secret{};
  {
    auto t = pool().read();
    const auto sign_in = identity::find_sign_in(*t, crypto::sha256(base::as_bytes(b.cookie)));
    secret = *identity::second_factor(*t, keys, sign_in->staff).unconfirmed;
  }
  EXPECT_EQ(identity::to_base32(secret), shown.at("/secret"));
  EXPECT_EQ(code(b, current_code(secret)).at("/next"), "done");
  EXPECT_EQ(get(b, "/api/me").status, 200);
  // A recovery code stands in for the app, once.
  for (const int status : {200, 422}) {
    Browser again;
    EXPECT_EQ(password(again, "robin@example.org", identity::test::kPassword).at("/next"), "second-factor");
    EXPECT_EQ(post(again, "/api/sign-in/second-factor", "{}").status, 403) << "a password alone replaces nothing";
    EXPECT_EQ(code(again, std::string(codes[0].as_string())).status, status);
  }
}

TEST_P(SigningIn, a_second_factor_is_replaced_with_the_password_alone_by_who_is_signed_in) {
  add("robin@example.org", facilitator);
  Browser b = signed_in("robin@example.org");
  EXPECT_EQ(post(b, "/api/sign-in/second-factor", "{}").status, 403);
  EXPECT_EQ(post(b, "/api/sign-in/second-factor", R"({"password":"not the password"})").at("/errors/0/pointer"), "/password");
  EXPECT_EQ(post(b, "/api/sign-in/second-factor", std::string(R"({"password":")") + identity::test::kPassword + R"("})").status, 200);
  pass(30);
  EXPECT_EQ(code(b, current_code()).status, 422) << "the new app's code confirms it";
}

TEST_P(SigningIn, recovery_codes_hold_until_the_new_second_factor_is_confirmed) {
  const auto staff = add("robin@example.org", facilitator, std::nullopt);
  Browser b;
  EXPECT_EQ(password(b, "robin@example.org", identity::test::kPassword).status, 200);
  const auto unconfirmed = [&] {
    auto t = pool().read();
    return *identity::second_factor(*t, keys, staff).unconfirmed;
  };
  const auto offered = [&](const std::string& body) {
    const auto shown = post(b, "/api/sign-in/second-factor", body);
    EXPECT_EQ(shown.status, 200);
    return shown.json().at("recoveryCodes").as_array();
  };
  const auto recovers = [&](const boost::json::value& with) {
    Browser again{.cookie = {}, .peer = "192.0.2.9"};
    EXPECT_EQ(password(again, "robin@example.org", identity::test::kPassword).status, 200);
    return code(again, std::string(with.as_string())).status;
  };
  const std::string with_password = std::string(R"({"password":")") + identity::test::kPassword + R"("})";
  const auto first = offered("{}");
  EXPECT_EQ(code(b, current_code(unconfirmed())).status, 200);
  const auto given_up = offered(with_password), second = offered(with_password);
  EXPECT_EQ(recovers(first[0]), 200) << "the new app was never shown to work";
  EXPECT_EQ(recovers(second[0]), 422);
  pass(30);
  EXPECT_EQ(code(b, current_code(unconfirmed())).status, 200);
  EXPECT_EQ(recovers(first[1]), 422);
  EXPECT_EQ(recovers(given_up[0]), 422);
  EXPECT_EQ(recovers(second[0]), 200);
}

TEST_P(SigningIn, ends_after_twelve_hours_whatever_happens) {
  add("robin@example.org", facilitator);
  Browser b = signed_in("robin@example.org");
  const auto id = add("hazel@example.org", facilitator);
  for (int minutes = 0; minutes < 12 * 60 - 10; minutes += 10) {
    pass(600);
    (void)get(b, "/api/staff/" + id.text);  // keeps it awake
  }
  EXPECT_EQ(get(b, "/api/me").at("/locked"), "false");
  pass(601);
  EXPECT_EQ(get(b, "/api/me").status, 401);
}

TEST_P(SigningIn, locks_when_nobody_was_there_and_opens_with_the_password) {
  const auto staff = add("robin@example.org", {{"administrator", {}}});
  Browser b = signed_in("robin@example.org");
  const std::string path = "/api/staff/" + staff.text;
  pass(14 * 60);
  EXPECT_EQ(get(b, path).status, 200);
  pass(14 * 60);
  EXPECT_EQ(get(b, path).status, 200) << "being used keeps it open";
  pass(14 * 60);
  EXPECT_EQ(ask(b, http::Method::get, path, "", {{"Quietroom-Background", "1"}}).status, 200);
  pass(3 * 60);
  EXPECT_EQ(get(b, path).at("/type"), "/problems/locked") << "a page that looks by itself does not";
  EXPECT_EQ(get(b, "/api/me").at("/locked"), "true");
  EXPECT_EQ(get(b, "/api/me").at("/standings"), "[]");
  EXPECT_EQ(get(b, "/api/sign-ins").at("/type"), "/problems/locked");
  EXPECT_EQ(post(b, "/api/sign-in/unlock", R"({"password":"not the password"})").status, 422);
  EXPECT_EQ(get(b, path).status, 401);
  EXPECT_EQ(post(b, "/api/sign-in/unlock", std::string(R"({"password":")") + identity::test::kPassword + R"("})").status, 200);
  EXPECT_EQ(get(b, path).status, 200);
  EXPECT_EQ(post(b, "/api/sign-in/lock", "{}").status, 204);
  EXPECT_EQ(get(b, path).at("/type"), "/problems/locked") << "by hand, when leaving the desk";
}

TEST_P(SigningIn, sign_out_ends_it_here_and_a_list_ends_it_elsewhere) {
  add("robin@example.org", facilitator);
  Browser office_desk = signed_in("robin@example.org");
  pass(30);
  Browser phone{.cookie = {}, .peer = "192.0.2.9", .agent = "Mozilla/5.0 (iPhone; CPU) Safari/605"};
  EXPECT_EQ(password(phone, "robin@example.org", identity::test::kPassword).status, 200);
  EXPECT_EQ(code(phone, current_code()).status, 200);
  const auto list = get(phone, "/api/sign-ins");
  ASSERT_EQ(list.json().at("items").as_array().size(), 2U);
  EXPECT_EQ(list.at("/items/0/device"), "Safari on iPhone");
  EXPECT_EQ(list.at("/items/0/current"), "true");
  EXPECT_EQ(list.at("/items/1/device"), "Firefox on Windows");
  const std::string other = list.at("/items/1/id");
  EXPECT_EQ(ask(phone, http::Method::del, "/api/sign-ins/" + other).status, 204);
  EXPECT_EQ(get(office_desk, "/api/me").status, 401);
  EXPECT_EQ(ask(phone, http::Method::del, "/api/sign-ins/" + other).status, 404);
  const std::string kept = phone.cookie;
  EXPECT_EQ(post(phone, "/api/sign-out", "{}").status, 204);
  EXPECT_TRUE(phone.cookie.empty());
  phone.cookie = kept;
  EXPECT_EQ(get(phone, "/api/me").status, 401);
  EXPECT_EQ(audited("sign-out"), 1);
}

TEST_P(SigningIn, nobody_ends_the_sign_in_of_another) {
  add("robin@example.org", facilitator);
  add("hazel@example.org", facilitator);
  Browser robin = signed_in("robin@example.org"), hazel = signed_in("hazel@example.org");
  const std::string id = get(robin, "/api/sign-ins").at("/items/0/id");
  EXPECT_EQ(ask(hazel, http::Method::del, "/api/sign-ins/" + id).status, 404);
  EXPECT_EQ(get(robin, "/api/me").status, 200);
}

TEST_P(SigningIn, a_changed_password_changes_the_secret_and_signs_out_everywhere_else) {
  add("robin@example.org", facilitator);
  Browser elsewhere = signed_in("robin@example.org");
  pass(30);
  Browser b = signed_in("robin@example.org");
  const std::string before = b.cookie;
  const auto change = [&](const std::string& old, const std::string& fresh) {
    return post(b, "/api/me/password", R"({"password":")" + old + R"(","newPassword":")" + fresh + R"("})");
  };
  EXPECT_EQ(change("not the password", "three dry red hats").at("/errors/0/pointer"), "/password");
  EXPECT_EQ(change(identity::test::kPassword, "short").at("/errors/0/pointer"), "/newPassword");
  EXPECT_EQ(change(identity::test::kPassword, "three dry red hats").status, 204);
  EXPECT_NE(b.cookie, before);
  EXPECT_EQ(get(b, "/api/me").status, 200);
  EXPECT_EQ(get(elsewhere, "/api/me").status, 401);
  Browser again;
  EXPECT_EQ(password(again, "robin@example.org", identity::test::kPassword).status, 401);
  EXPECT_EQ(password(again, "robin@example.org", "three dry red hats").status, 200);
}

TEST_P(SigningIn, a_role_that_was_taken_and_an_account_that_was_closed_open_nothing_at_once) {
  const auto admin = add("robin@example.org", {{"administrator", {}}});
  Browser b = signed_in("robin@example.org");
  EXPECT_EQ(get(b, "/api/staff/" + admin.text).status, 200);
  {
    auto t = pool().write();
    t->run("UPDATE staff_role SET until_us = $1", now.wall);
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(get(b, "/api/staff/" + admin.text).status, 403);
  {
    auto t = pool().write();
    t->run("UPDATE staff SET active = 0");
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(get(b, "/api/staff/" + admin.text).status, 401);
}

TEST_P(SigningIn, demonstration_accounts_need_no_second_factor_and_are_told_only_there) {
  add("robin@example.org", facilitator, std::nullopt);
  Browser b;
  EXPECT_EQ(get(b, "/api/sign-in/ways").text, R"({"local":true,"provider":null,"demonstration":[]})");
  office->settings.demonstration = {{"Robin Ash", "facilitator", "robin@example.org", identity::test::kPassword}};
  EXPECT_EQ(get(b, "/api/sign-in/ways").at("/demonstration/0/email"), "robin@example.org");
  EXPECT_EQ(password(b, "robin@example.org", identity::test::kPassword).at("/next"), "done");
  EXPECT_EQ(get(b, "/api/me").status, 200);
}

TEST_P(SigningIn, wrong_input_is_answered_in_words_and_other_sites_are_refused) {
  Browser b;
  EXPECT_EQ(post(b, "/api/sign-in", R"({"email":5})").status, 422);
  EXPECT_EQ(post(b, "/api/sign-in", "{").status, 422);
  EXPECT_EQ(post(b, "/api/sign-in", R"({"email":"a","password":"b","more":1})").status, 422);
  EXPECT_EQ(post(b, "/api/sign-in", R"({"email":"a@b.c","password":"b"})", {{"Origin", "https://elsewhere.example"}}).status, 403);
  b.cookie = std::string(43, 'x');
  EXPECT_EQ(get(b, "/api/me").status, 401);
  EXPECT_EQ(code(b, "123456").status, 401);
  EXPECT_EQ(post(b, "/api/sign-in/unlock", R"({"password":"x"})").status, 401);
  EXPECT_EQ(post(b, "/api/sign-out", "{}").status, 204);
}

// -- rules ----------------------------------------------------------------------------------------------------------------------
TEST(TriesRule, waits_double_up_to_a_bound_and_are_forgotten_after_a_day) {
  const auto wait = [](TriesOf of, std::int64_t failures, std::int64_t after_us) {
    const auto w = identity::must_wait(of, {.failures = failures, .last = {0}}, {after_us});
    return w ? w->us / 1'000'000 : 0;
  };
  EXPECT_EQ(wait(TriesOf::email, 4, 0), 0);
  const std::int64_t expected[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900};
  for (std::int64_t i = 0; i < 12; ++i) EXPECT_EQ(wait(TriesOf::email, 5 + i, 0), expected[i]);
  EXPECT_EQ(wait(TriesOf::email, 1'000'000, 0), 900);
  EXPECT_EQ(wait(TriesOf::email, 1'000'000, 900'000'000), 0);
  EXPECT_EQ(wait(TriesOf::address, 29, 0), 0);
  EXPECT_EQ(wait(TriesOf::address, 1'000, 0), 300);
  EXPECT_EQ(identity::remembered({.failures = 9, .last = {0}}, {86'400'000'000}).failures, 0);
}

TEST(SignInRule, says_what_opens_when) {
  const identity::SignInTimes times;
  const SignIn s{.id = {}, .staff = {}, .second_factor = true, .made = {0}, .seen = {0}, .until = {43'200'000'000}, .locked = false, .ended = false, .device = {}};
  const auto with = [&](auto change) {
    SignIn other = s;
    change(other);
    return identity::state_of(other, {1'000'000}, times);
  };
  EXPECT_EQ(with([](SignIn&) {}), SignInState::open);
  EXPECT_EQ(with([](SignIn& x) { x.second_factor = false; }), SignInState::half_way);
  EXPECT_EQ(with([](SignIn& x) { x.locked = true; }), SignInState::locked);
  EXPECT_EQ(with([](SignIn& x) { x.ended = true; }), SignInState::gone);
  EXPECT_EQ(with([](SignIn& x) { x.until = {1'000'000}; }), SignInState::gone);
  EXPECT_EQ(identity::state_of(s, {16 * 60'000'000LL}, times), SignInState::locked);
  EXPECT_EQ(identity::state_of(s, {16 * 60'000'000LL - 1}, times), SignInState::open);
}

TEST(SignInRule, names_a_device_so_that_its_owner_knows_it) {
  const std::pair<const char*, const char*> cases[] = {
      {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"},
      {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari on Mac"},
      {"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"},
      {"curl/7.88", "Another program"},
      {"", "Another program"}};
  for (const auto& [agent, name] : cases) EXPECT_EQ(identity::device_name(agent), name);
}

TEST(PasswordRule, asks_for_length_and_nothing_odd) {
  const auto code = [](const char* p) {
    const auto f = identity::password_faults(base::Redacted<std::string>(p), "Robin Ash", "robin.ash@example.org", "/password");
    return f.empty() ? "" : f.front().code;
  };
  EXPECT_EQ(code("four wet green boots"), "");
  EXPECT_EQ(code("čtyři mokré boty"), "");
  EXPECT_EQ(code(""), "missing");
  EXPECT_EQ(code("elevensigns"), "too-short");
  EXPECT_EQ(code("ěěěěěěěěěěě"), "too-short") << "letters count, not bytes";
  EXPECT_EQ(code("Password1234"), "common");
  EXPECT_EQ(code("aaaaaaaaaaaaaa"), "common");
  EXPECT_EQ(code("robin.ash and more"), "own-name");
  EXPECT_EQ(code("my quietroom password"), "own-name");
  EXPECT_EQ(code(std::string(201, 'a').c_str()), "too-long");
}

}  // namespace
