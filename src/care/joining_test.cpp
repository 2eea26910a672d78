// SPDX-License-Identifier: Apache-2.0
// The address to join by of a session on other software: what is taken for one, who may read and set it, and when it goes.
#include "care/joining.h"

#include "care/group_for_tests.h"
#include "care/joining_table.h"
#include "care/session_joining_routes.h"

namespace {

using namespace care;
using Faults = std::vector<std::string>;

std::string kept(const char* typed) {
  WantedJoining w;
  w.address = base::Redacted<std::string>(std::string(typed));
  const auto out = decide_joining(w);
  return out ? "kept " + out->get() : out.error().front().pointer + " " + out.error().front().code;
}

TEST(Joining, is_an_https_address_with_a_host_and_no_user) {
  EXPECT_EQ(kept("  https://meet.example/quiet?pwd=a%20b#x \n"), "kept https://meet.example/quiet?pwd=a%20b#x");
  EXPECT_EQ(kept(""), "kept ") << "none";
  for (const char* wrong : {"http://meet.example/quiet", "meet.example/quiet", "https://", "https:///quiet", "https://:443/", "https://trust.example@other.example/", "javascript:alert(1)",
                            "https://meet.example/a b", "https://meet.example/\"onclick", "https://meet.example/\xc3\xa4"})
    EXPECT_EQ(kept(wrong), "/address address") << wrong;
  EXPECT_EQ(kept(("https://meet.example/" + std::string(2'000, 'x')).c_str()), "/address too-long");
}

class JoiningOfSessions : public TrustForTests {
 protected:
  void SetUp() override {
    TrustForTests::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    add_session_joining_routes(site(), desk());
    auto wanted = plan();
    wanted["software"] = "Other Meetings";
    const Answer made = post("/api/groups", wanted);
    ASSERT_EQ(made.status, 201) << boost::json::serialize(made.body);
    group = {made.text("id")};
    sessions = make_series(group, "2026-10-05", "14:00", 3);
    who = 1;
  }
  static std::string path(const SessionId& session) { return "/api/sessions/" + session.text + "/joining"; }
  std::string address(int i) { return get(path(sessions[static_cast<std::size_t>(i)])).text("address"); }
  Answer set(int i, const char* to, bool rest = false) {
    const auto at = path(sessions[static_cast<std::size_t>(i)]);
    return put(at, {{"address", to}, {"rest", rest}}, get(at).version());
  }
  Answer moved(int i, const char* held_on) {
    const std::string at = "/api/sessions/" + sessions[static_cast<std::size_t>(i)].text;
    const auto now_it_is = get(at);
    return put(at, {{"date", now_it_is.text("date")}, {"time", "15:00"}, {"minutes", 90}, {"venue", "Room 2"}, {"heldOn", held_on}}, now_it_is.version());
  }
  GroupId group;
  std::vector<SessionId> sessions;
};
QUIETROOM_ON_BOTH_DATABASES(JoiningOfSessions);

TEST_P(JoiningOfSessions, is_given_for_one_or_for_the_rest_of_its_series_and_is_sealed) {
  EXPECT_EQ(address(0), "");
  ASSERT_EQ(set(0, "https://meet.example/first").status, 200);
  EXPECT_EQ(address(0), "https://meet.example/first");
  EXPECT_EQ(address(1), "");
  ASSERT_EQ(set(1, "https://meet.example/all", true).status, 200);
  EXPECT_EQ(address(0) + " " + address(1) + " " + address(2), "https://meet.example/first https://meet.example/all https://meet.example/all");
  auto t = pool().read();
  auto rows = t->query("SELECT address_sealed FROM session_joining");
  while (rows.next()) EXPECT_EQ(std::string(base::as_text(rows.bytes(0))).find("meet.example"), std::string::npos);
}
TEST_P(JoiningOfSessions, two_who_give_it_do_not_overwrite_each_other_and_a_wrong_one_is_said_at_its_field) {
  ASSERT_EQ(put(path(sessions[0]), {{"address", "https://meet.example/one"}}, 0).status, 200);
  EXPECT_EQ(put(path(sessions[0]), {{"address", "https://meet.example/two"}}, 0).status, 412);
  EXPECT_EQ(put(path(sessions[0]), {{"address", "http://meet.example/two"}}, 1).faults(), Faults{"/address address"});
  EXPECT_EQ(address(0), "https://meet.example/one");
  ASSERT_EQ(set(0, "").status, 200);
  EXPECT_EQ(address(0), "") << "taken away";
}
TEST_P(JoiningOfSessions, goes_with_the_software_and_with_the_session) {
  ASSERT_EQ(set(0, "https://meet.example/all", true).status, 200);
  ASSERT_EQ(moved(0, "Other Meetings").status, 200);
  EXPECT_EQ(address(0), "https://meet.example/all") << "another time is the same meeting";
  ASSERT_EQ(moved(0, "quietroom").status, 200);
  EXPECT_EQ(address(0), "");
  EXPECT_EQ(set(0, "https://meet.example/all").status, 409) << "held here";
  ASSERT_EQ(post("/api/sessions/" + sessions[1].text + "/cancel", {{"reason", "holiday"}}).status, 200);
  EXPECT_EQ(address(1), "");
  EXPECT_EQ(set(1, "https://meet.example/all").status, 409);
  EXPECT_EQ(address(2), "https://meet.example/all");
}
TEST_P(JoiningOfSessions, is_forgotten_once_its_session_is_over) {
  ASSERT_EQ(set(0, "https://meet.example/all", true).status, 200);
  {
    auto t = pool().write();
    drop_joining(*t, parse_iso("2026-10-05T14:30:00Z").value());
    ASSERT_TRUE(t->commit());
  }
  EXPECT_EQ(address(0), "");
  EXPECT_EQ(address(1), "https://meet.example/all");
}
TEST_P(JoiningOfSessions, is_for_who_may_write_the_groups_plan) {
  ASSERT_EQ(set(0, "https://meet.example/all").status, 200);
  for (const int other : {3, 5, 6, 7, 8, 9, 10}) {
    who = other;
    const int status = get(path(sessions[0])).status;
    EXPECT_TRUE(status == 403 || status == 404) << other << ": " << status;
    EXPECT_NE(put(path(sessions[0]), {{"address", "https://meet.example/other"}}, 1).status, 200) << other;
  }
  who = 4;
  EXPECT_EQ(address(0), "https://meet.example/all") << "the lead of its team";
}

}  // namespace
