// SPDX-License-Identifier: Apache-2.0
// For tests alone: a site with every route of identity/ on a fresh database, a trust with two teams, and a browser that keeps its
// cookie. Time moves when a test says so. Passwords are hashed cheaply.
#pragma once
#include "identity/doorkeeper_routes.h"
#include "identity/own_account_routes.h"
#include "identity/sign_in_routes.h"
#include "identity/staff_routes.h"
#include "store/audit_trail.h"
#include "store/database_for_tests.h"

namespace identity::test {

inline constexpr const char* kPassword = "four wet green boots";

struct Answer {
  int status = 0;
  std::string text;
  std::vector<http::Header> headers;
  [[nodiscard]] boost::json::value json() const { return base::json::parse(text, {.bytes = 1 << 20}).value_or(boost::json::value{}); }
  [[nodiscard]] std::string at(std::string_view pointer) const {
    boost::system::error_code error;
    const auto body = json();
    const auto* v = body.find_pointer(pointer, error);
    return v == nullptr ? "" : v->is_string() ? std::string(v->get_string()) : base::json::print(*v);
  }
  [[nodiscard]] std::string_view header(std::string_view name) const { return http::find_header(headers, name); }
};

class OfficeOnBothDatabases : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    office = std::make_unique<Office>(pool(), keys, entropy, OfficeSettings{.times = {}, .local = true, .cost = {.kibibytes = 8'192, .passes = 1}, .issuer = "Quietroom", .demonstration = {}, .address = "https://groups.example.org"});
    desk = std::make_unique<care::Desk>(pool(), keys, entropy, make_doorkeeper(*office));
    add_sign_in_routes(site, *office, std::nullopt);
    add_own_account_routes(site, *office);
    add_staff_routes(site, *desk, *office);
    auto t = pool().write();
    t->run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Fenwater Trust', 'Europe/London', '', '{}')", trust);
    t->run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, 'Talking Therapies')", service, trust);
    for (const auto& [team, name] : {std::pair{north, "North"}, std::pair{south, "South"}})
      t->run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, '')", team, service, name);
    ASSERT_TRUE(t->commit());
  }
  // Active staff with the password kPassword and, where `secret` is given, a second factor.
  care::StaffId add(const std::string& email, std::vector<RoleAt> roles, std::optional<TotpSecret> secret = TotpSecret{1}) {
    const auto id = base::new_id<care::StaffId>(entropy, now.wall);
    auto t = pool().write();
    add_staff(*t, id, {.name = "Robin Ash", .email = email, .active = true, .standings = std::move(roles)}, entropy, {1});
    set_password(*t, id, *crypto::hash_password(base::Redacted<std::string>(kPassword), {}, office->settings.cost), {1});
    if (secret) {
      offer_second_factor(*t, keys, id, *secret, {1});
      confirm_second_factor(*t, id, 0, {1});
    }
    EXPECT_TRUE(t->commit());
    return id;
  }

  // One browser.
  struct Browser {
    std::string cookie, peer = "192.0.2.7", agent = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0";
  };
  Answer ask(Browser& b, http::Method method, const std::string& path, const std::string& body = {}, std::vector<http::Header> more = {}) {
    http::Request r;
    r.method = method;
    r.target = *http::parse_target(path);
    r.headers = std::move(more);
    if (!b.cookie.empty()) r.headers.push_back({"Cookie", "other=1; quietroom=" + b.cookie});
    if (!body.empty()) r.headers.push_back({"Content-Type", "application/json"});
    r.headers.push_back({"User-Agent", b.agent});
    r.body = base::Redacted<std::string>(body);
    r.peer = base::Redacted<std::string>(b.peer);
    const auto answer = site.handle(std::move(r), now);
    for (const auto& h : answer.headers) {
      const std::string_view v = h.value;
      if (h.name == "Set-Cookie" && v.starts_with("quietroom=")) b.cookie = std::string(v.substr(10, v.find(';') - 10));
    }
    return {.status = answer.status, .text = std::string(answer.text()), .headers = answer.headers};
  }
  Answer get(Browser& b, const std::string& path) { return ask(b, http::Method::get, path); }
  Answer post(Browser& b, const std::string& path, const std::string& body, std::vector<http::Header> more = {}) {
    return ask(b, http::Method::post, path, body, std::move(more));
  }
  Answer password(Browser& b, const std::string& email, const std::string& password) {
    return post(b, "/api/sign-in", R"({"email":")" + email + R"(","password":")" + password + R"("})");
  }
  Answer code(Browser& b, const std::string& text) { return post(b, "/api/sign-in/second", R"({"code":")" + text + R"("})"); }
  std::string current_code(const TotpSecret& secret = TotpSecret{1}) { return totp_code(secret, totp_step(now.wall), 6); }
  Browser signed_in(const std::string& email) {
    Browser b;
    EXPECT_EQ(password(b, email, kPassword).at("/next"), "second-factor") << email;
    EXPECT_EQ(code(b, current_code()).at("/next"), "done") << email;
    return b;
  }
  void pass(std::int64_t seconds) {
    now.wall.us += seconds * 1'000'000;
    now.instant.us += seconds * 1'000'000;
  }
  std::int64_t count(std::string_view sql) {
    auto t = pool().read();
    auto rows = t->query(sql);
    return rows.next() ? rows.integer(0) : -1;
  }
  [[nodiscard]] std::int64_t audited(const std::string& action) { return count("SELECT COUNT(*) FROM audit WHERE action = '" + action + "'"); }

  const std::string trust = "00000000-0000-7000-8000-000000000001", service = "00000000-0000-7000-8000-000000000002";
  const care::TeamId north{"00000000-0000-7000-8000-000000000003"}, south{"00000000-0000-7000-8000-000000000004"};
  base::Now now{.instant = {1'000'000'000}, .wall = {1'763'863'200'000'000}};
  std::unique_ptr<Office> office;
  http::Site site{{}, nullptr};
  std::unique_ptr<care::Desk> desk;
};

}  // namespace identity::test
