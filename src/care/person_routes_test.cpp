// SPDX-License-Identifier: Apache-2.0
// The routes of people, on both databases: what each role gets, two editors, faults in their place, what the audit trail says.
#include "care/deprivation_table.h"
#include "care/person_for_tests.h"
#include "care/zone.h"

#include <sstream>

namespace {

using namespace care;
using Names = std::vector<std::string>;
using Lines = std::vector<std::string>;

class PeopleRoutes : public PeopleWorld {
 protected:
  static boost::json::object identity_json(const Identity& it) { return base::json::Codec<Identity>::write(it).as_object(); }
  static std::string new_person(const TeamId& team, const Identity& it) {
    return base::json::print({{"team", team.text}, {"identity", identity_json(it)}, {"needs", base::json::Codec<Needs>::write(Needs{})}});
  }
  static std::vector<http::Header> version(std::int64_t n) { return {{"If-Match", fmt::format("\"{}\"", n)}}; }
  static std::vector<http::Header> because(std::string code, std::string note = "") {
    std::vector<http::Header> out{{"Quietroom-Reason", std::move(code)}};
    if (!note.empty()) out.push_back({"Quietroom-Reason-Note", std::move(note)});
    return out;
  }
  // The parts of a record, in one word.
  static std::string parts(const http::Response& r) {
    if (r.status != 200) return std::to_string(r.status);
    const auto read = json(r);
    std::string out;
    for (const char* part : {"identity", "needs", "memberships", "deprivation"})
      if (read.get_object().contains(part)) out += part[0];
    return out;
  }
};
QUIETROOM_ON_BOTH_DATABASES(PeopleRoutes);

TEST_P(PeopleRoutes, a_team_lead_makes_a_record_once_however_often_it_is_sent) {
  who = lead(north);
  Identity it = some_identity("  Robin Sample ");
  it.nhs_number = Personal("999 000 0018");
  const auto body = new_person(north, it);
  const auto first = ask(http::Method::post, "/api/people", body, {{"Idempotency-Key", "k1"}});
  ASSERT_EQ(first.status, 201) << first.text();
  EXPECT_EQ(first.header("ETag"), "\"1\"");
  const auto made = json(first);
  EXPECT_EQ(first.header("Location"), "/api/people/" + std::string(made.at("id").as_string()));
  EXPECT_EQ(made.at("identity").at("legalName"), "Robin Sample");
  EXPECT_EQ(made.at("identity").at("nhsNumber"), "9990000018");
  EXPECT_EQ(made.at("needs").at("preferences").at("way"), nullptr) << "no way is the default";
  EXPECT_EQ(made.at("memberships"), boost::json::array{});
  const auto again = ask(http::Method::post, "/api/people", body, {{"Idempotency-Key", "k1"}});
  EXPECT_EQ(again.text(), first.text());
  EXPECT_EQ(names(search("robin")), Names{"Robin Sample"});
  const std::string id(made.at("id").as_string());
  const auto rows = audit_rows();
  EXPECT_EQ(std::ranges::count(rows, "create identity " + id), 1);
}

TEST_P(PeopleRoutes, every_fault_of_a_new_record_is_said_in_its_place_and_nothing_is_saved) {
  who = lead(north);
  Identity it = some_identity("");
  it.nhs_number = Personal("9990000019");
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people", new_person(north, it))),
            (Lines{"/identity/legalName missing", "/identity/nhsNumber nhs-number-check"}));
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people", "{\"team\":\"x\"}")),
            (Lines{"/team unknown-value", "/identity missing", "/needs missing"}));
  EXPECT_EQ(ask(http::Method::post, "/api/people", "{").status, 422);
  Identity taken = some_identity("Robin Sample");
  taken.nhs_number = Personal("9990000018");
  (void)add_person(south, taken);
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people", new_person(north, taken))), Lines{"/identity/nhsNumber nhs-number-taken"});
  auto tx = pool().read();
  auto rows = tx->query("SELECT COUNT(*) FROM person");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 1);
}

TEST_P(PeopleRoutes, only_the_lead_of_the_team_makes_a_record) {
  const auto body = new_person(north, some_identity("Robin Sample"));
  for (const auto& actor : {lead(south), facilitator({calm}), staff(other, {{Role::administrator, {}}}), staff(other, {{Role::safety_officer, {}}}),
                            member(PersonId{uuid(77)})}) {
    who = actor;
    EXPECT_EQ(ask(http::Method::post, "/api/people", body).status, 403);
  }
  EXPECT_FALSE(pool().read()->query("SELECT 1 FROM person").next());
  who = lead({});
  EXPECT_EQ(ask(http::Method::post, "/api/people", body).status, 201) << "a lead of the whole trust";
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people", new_person(TeamId{uuid(998)}, some_identity("Robin Sample")))), Lines{"/team team"});
}

TEST_P(PeopleRoutes, each_role_gets_the_parts_of_a_record_that_are_theirs) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  const PersonId alone = add_person(south, some_identity("Sam Alone"));
  const std::string at = "/api/people/" + person.text;
  const auto part_for = [&](Actor a) {
    who = std::move(a);
    return parts(get(at));
  };
  EXPECT_EQ(part_for(lead(north)), "inmd");
  EXPECT_EQ(part_for(lead({})), "inmd");
  EXPECT_EQ(part_for(lead(south)), "404") << "another team's";
  EXPECT_EQ(part_for(facilitator({calm})), "inmd");
  EXPECT_EQ(part_for(facilitator({hope, tide})), "404") << "another group's, of the same team, too";
  EXPECT_EQ(part_for(facilitator({})), "404");
  EXPECT_EQ(part_for(member(person)), "inmd");
  EXPECT_EQ(part_for(member(alone)), "404");
  for (const Role role : {Role::it_support, Role::trainer, Role::evaluator, Role::administrator})
    EXPECT_EQ(part_for(staff(other, {{role, {}}})), "403") << to_text(role);
  EXPECT_EQ(part_for(staff(other, {{Role::it_support, {}}}, {calm})), "403") << "a list of groups is no role";
  who = staff(other, {{Role::safety_officer, {}}});
  EXPECT_EQ(get(at).status, 403);
  EXPECT_NE(get(at).text().find("reason-wanted"), std::string_view::npos);
  EXPECT_EQ(parts(get(at, because("incident-review"))), "imd");
  Actor opened = staff(other, {{Role::facilitator, south}}, {tide});
  opened.opened = {person};
  EXPECT_EQ(part_for(opened), "id") << "broken glass opens identity, and not the group";
  who = lead(north);
  EXPECT_EQ(get("/api/people/" + uuid(999)).status, 404);
  EXPECT_EQ(get("/api/people/nobody").status, 404);
}

TEST_P(PeopleRoutes, a_facilitator_does_not_learn_of_the_persons_other_groups) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm, tide});
  who = facilitator({calm});
  auto seen = json(get("/api/people/" + person.text));
  ASSERT_EQ(seen.at("memberships").as_array().size(), 1U);
  EXPECT_EQ(seen.at("memberships").at(0).at("group").at("name"), "Calm");
  EXPECT_EQ(seen.at("memberships").at(0).at("alias"), "Heron");
  EXPECT_EQ(seen.at("memberships").at(0).at("person").at("name"), "Robin Sample");
  auto found = json(search("robin"));
  ASSERT_EQ(found.at("items").at(0).at("groups").as_array().size(), 1U);
  who = lead(north);
  EXPECT_EQ(json(get("/api/people/" + person.text)).at("memberships").as_array().size(), 2U) << "the lead of the person's own team does";
  who = lead(south);
  seen = json(get("/api/people/" + person.text));
  EXPECT_EQ(seen.at("identity").at("legalName"), "Robin Sample") << "a person of a group of their team";
  ASSERT_EQ(seen.at("memberships").as_array().size(), 1U);
  EXPECT_EQ(seen.at("memberships").at(0).at("group").at("name"), "Tide") << "and of that group alone";
}

TEST_P(PeopleRoutes, a_supporter_gets_what_their_part_needs_and_no_name) {
  Needs needs;
  needs.preferences.interpreter = Personal("bfi");
  needs.preferences.software = Personal("Something");
  needs.needs = {{.category = "002", .code = "", .note = Personal("BSL")}, {.category = "009", .code = "", .note = Personal("dim light")}};
  const PersonId person = add_person(north, some_identity("Robin Sample"), {}, needs);
  SupporterId ida{uuid(60)};
  MembershipId membership;
  {
    auto tx = pool().write();
    membership = add_member(*tx, calm, person);
    tx->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, seat) VALUES ($1, 1, $2, 'interpreter', $3, 50)", ida, membership,
            keys.seal({"supporter.name"}, ida.text, Personal("Ida")));
    ASSERT_TRUE(tx->commit());
  }
  who = {};
  who.kind = Actor::Kind::supporter;
  who.supporter = ida;
  who.person = person;
  who.membership = membership;
  const auto answer = get("/api/people/" + person.text);
  EXPECT_EQ(parts(answer), "nm");
  const auto seen = json(answer);
  EXPECT_EQ(seen.at("needs").at("preferences").at("interpreter"), "bfi");
  EXPECT_EQ(seen.at("needs").at("preferences").at("software"), "");
  EXPECT_EQ(seen.at("needs").at("needs").as_array().size(), 1U);
  EXPECT_EQ(seen.at("memberships").at(0).at("person"), nullptr);
  EXPECT_EQ(answer.text().find("Robin"), std::string_view::npos);
  EXPECT_EQ(ask(http::Method::put, "/api/people/" + person.text + "/needs", base::json::write(needs), version(1)).status, 403);
}

TEST_P(PeopleRoutes, of_two_editors_the_second_is_told_and_overwrites_nothing) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  const std::string at = "/api/people/" + person.text;
  who = lead(north);
  EXPECT_EQ(ask(http::Method::put, at + "/identity", base::json::write(some_identity("Robin First")), version(1)).status, 200);
  const auto second = ask(http::Method::put, at + "/identity", base::json::write(some_identity("Robin Second")), version(1));
  EXPECT_EQ(second.status, 412);
  EXPECT_EQ(ask(http::Method::put, at + "/identity", base::json::write(some_identity("Robin Third"))).status, 428);
  EXPECT_EQ(json(get(at)).at("identity").at("legalName"), "Robin First");
  EXPECT_EQ(get(at).header("ETag"), "\"2\"");
  EXPECT_EQ(names(search("robin first")), Names{"Robin First"});
  EXPECT_EQ(names(search("sample")), Names{}) << "the old name finds nobody";
  Needs needs;
  needs.preferences.way.value = PreferredWay::phone;
  EXPECT_EQ(ask(http::Method::put, at + "/needs", base::json::write(needs), version(1)).status, 412);
  const auto changed = ask(http::Method::put, at + "/needs", base::json::write(needs), version(2));
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.header("ETag"), "\"3\"");
  EXPECT_EQ(json(changed).at("needs").at("preferences").at("way"), "phone");
}

TEST_P(PeopleRoutes, the_day_that_it_is_is_the_trusts) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  who = lead(north);
  now = base::WallTime{1'782'862'200'000'000};  // 2026-06-30T23:30Z, and half past midnight in London
  Identity it = some_identity("Robin Sample");
  const auto saved = [&](const char* confirmed, std::int64_t edition) {
    it.contacts.address_confirmed.value = Personal(confirmed);
    return ask(http::Method::put, "/api/people/" + person.text + "/identity", base::json::write(it), version(edition)).status;
  };
  EXPECT_EQ(saved("2026-07-02", 1), 422);
  EXPECT_EQ(saved("2026-07-01", 1), 200) << "today";
}

TEST_P(PeopleRoutes, another_address_is_not_a_confirmed_one) {
  const auto lives = [](std::string line, std::string confirmed) {
    Identity it = some_identity("Robin Sample");
    it.contacts.address = {Personal(std::move(line))};
    if (!confirmed.empty()) it.contacts.address_confirmed.value = Personal(std::move(confirmed));
    return it;
  };
  const PersonId person = add_person(north, lives("1 Plain Street", "2026-11-02"), {calm});
  const std::string at = "/api/people/" + person.text;
  who = lead(north);
  std::int64_t editions = 0;
  const auto confirmed_after = [&](const Identity& it) {
    const auto answer = ask(http::Method::put, at + "/identity", base::json::write(it), version(++editions));
    EXPECT_EQ(answer.status, 200) << answer.text();
    return json(get(at)).at("identity").at("contacts").at("addressConfirmed");
  };
  EXPECT_EQ(confirmed_after(lives("1 Plain Street", "2026-11-02")), "2026-11-02") << "the same";
  EXPECT_EQ(confirmed_after(lives("2 Other Street", "2026-11-02")), nullptr) << "the day is that of the address before";
  EXPECT_EQ(confirmed_after(lives("3 Third Street", "2026-11-10")), "2026-11-10") << "confirmed anew";
}

TEST_P(PeopleRoutes, who_may_read_but_not_write_is_refused_and_who_may_not_know_finds_nothing) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  const std::string identity = "/api/people/" + person.text + "/identity", needs = "/api/people/" + person.text + "/needs";
  const auto put = [&](Actor a, const std::string& path) {
    who = std::move(a);
    const auto now_at = find_person(*pool().read(), person)->version;
    return ask(http::Method::put, path, path == needs ? base::json::write(Needs{}) : base::json::write(some_identity("Robin Other")), version(now_at)).status;
  };
  EXPECT_EQ(put(facilitator({calm}), identity), 403);
  EXPECT_EQ(put(member(person), identity), 403) << "a change of contact is confirmed first";
  EXPECT_EQ(put(lead(south), identity), 404);
  EXPECT_EQ(put(facilitator({tide}), needs), 404);
  EXPECT_EQ(put(member(PersonId{uuid(77)}), needs), 404);
  for (const Role role : {Role::administrator, Role::it_support, Role::safety_officer, Role::evaluator, Role::trainer}) {
    EXPECT_EQ(put(staff(other, {{role, {}}}), identity), 403) << to_text(role);
    EXPECT_EQ(put(staff(other, {{role, {}}}), needs), 403) << to_text(role);
  }
  Actor opened = staff(other, {{Role::team_lead, south}});
  opened.opened = {person};
  EXPECT_EQ(put(opened, identity), 403) << "broken glass lets nobody write";
  EXPECT_EQ(put(facilitator({calm}), needs), 200);
  EXPECT_EQ(put(member(person), needs), 200);
  EXPECT_EQ(put(lead(north), identity), 200);
}

TEST_P(PeopleRoutes, protected_characteristics_are_the_persons_own_alone) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  const std::string at = "/api/people/" + person.text + "/protected";
  for (const auto& actor : {lead(north), lead({}), facilitator({calm}), staff(other, {{Role::administrator, {}}}), staff(other, {{Role::evaluator, {}}}),
                            staff(other, {{Role::safety_officer, {}}})}) {
    who = actor;
    EXPECT_EQ(get(at).status, 403);
    EXPECT_EQ(get(at, because("incident-review")).status, 403);
    EXPECT_EQ(ask(http::Method::put, at, base::json::write(Characteristics{}), version(0)).status, 403);
  }
  who = member(PersonId{uuid(77)});
  EXPECT_EQ(get(at).status, 404);
  EXPECT_EQ(ask(http::Method::put, at, base::json::write(Characteristics{}), version(0)).status, 404);
  who = member(person);
  EXPECT_EQ(get(at).text(), base::json::write(Characteristics{})) << "not asked yet";
  EXPECT_EQ(get(at).header("ETag"), "\"0\"");
  Characteristics said;
  said.ethnicity_2021.value = Personal("white-roma");
  said.religion.value = Personal(std::string(kPreferNotToSay));
  const auto saved = ask(http::Method::put, at, base::json::write(said), version(0));
  EXPECT_EQ(saved.status, 200);
  EXPECT_EQ(json(saved).at("ethnicity2001"), "C");
  EXPECT_EQ(saved.header("ETag"), "\"1\"");
  EXPECT_EQ(get(at).text(), saved.text());
  EXPECT_EQ(ask(http::Method::put, at, base::json::write(said), version(0)).status, 412);
  said.ethnicity_2001.value = Personal("Q");
  EXPECT_EQ(faults(ask(http::Method::put, at, base::json::write(said), version(1))), Lines{"/ethnicity2001 ethnicity"});
}

TEST_P(PeopleRoutes, a_search_finds_whom_the_actor_may_open_and_nobody_else) {
  std::vector<PersonId> all{add_person(north, some_identity("Sam Northern"), {calm}), add_person(north, some_identity("Sam Waiting")),
                            add_person(south, some_identity("Sam Southern"), {tide}), add_person(south, some_identity("Sam Visitor"), {hope})};
  for (const auto& actor : {lead(north), lead(south), lead({}), facilitator({calm}), facilitator({hope, tide}), facilitator({})}) {
    who = actor;
    Names expected;
    for (const auto& id : all)
      if (const auto one = get("/api/people/" + id.text); one.status == 200) expected.emplace_back(json(one).at("identity").at("legalName").as_string());
    EXPECT_EQ(names(search("sam")), expected);
  }
  for (const Role role : {Role::administrator, Role::it_support, Role::safety_officer, Role::evaluator, Role::trainer}) {
    who = staff(other, {{role, {}}});
    EXPECT_EQ(search("sam").status, 403) << to_text(role);
  }
  who = member(all[0]);
  EXPECT_EQ(search("sam").status, 403);
}

TEST_P(PeopleRoutes, each_person_whom_a_search_shows_is_on_record) {
  const PersonId first = add_person(north, some_identity("Sam One")), second = add_person(north, some_identity("Sam Two"));
  (void)add_person(south, some_identity("Sam Three"));
  who = lead(north);
  const auto from = audit_end();
  EXPECT_EQ(names(search("sam")).size(), 2U);
  EXPECT_EQ(audit_rows(from), (Lines{"read identity " + first.text, "read identity " + second.text}));
}

TEST_P(PeopleRoutes, a_read_and_a_refusal_are_on_record) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  who = facilitator({calm});
  const auto from = audit_end();
  EXPECT_EQ(get("/api/people/" + person.text).status, 200);
  who = facilitator({tide});
  EXPECT_EQ(get("/api/people/" + person.text).status, 404);
  EXPECT_EQ(audit_rows(from), (Lines{"read identity " + person.text, "read needs " + person.text, "read membership " + person.text,
                                     "refused identity " + person.text}));
}

TEST_P(PeopleRoutes, the_pages_of_a_search_belong_to_whom_they_were_given_to) {
  for (int i = 0; i < 5; ++i) (void)add_person(north, some_identity("Sam Page"));
  who = lead(north);
  const auto page = [&](std::string_view after) {
    return ask(http::Method::post, "/api/people/search", base::json::print({{"search", "sam"}, {"limit", 2}, {"after", after}}));
  };
  auto one = page("");
  EXPECT_EQ(names(one).size(), 2U);
  const std::string next(json(one).at("next").as_string());
  auto two = page(next);
  EXPECT_EQ(names(two).size(), 2U);
  EXPECT_NE(json(two).at("items").at(0).at("id"), json(one).at("items").at(1).at("id"));
  auto three = page(std::string(json(two).at("next").as_string()));
  EXPECT_EQ(names(three).size(), 1U);
  EXPECT_EQ(json(three).at("next"), nullptr);
  EXPECT_EQ(page("nonsense").status, 400);
  who = facilitator({calm});
  EXPECT_EQ(page(next).status, 400) << "a cursor is its owner's";
}

TEST_P(PeopleRoutes, a_search_that_says_too_little_is_told_what_is_missing) {
  who = lead(north);
  EXPECT_EQ(faults(search("s")), Lines{"/search search-short"});
  EXPECT_EQ(faults(search("12345")), Lines{"/search search-number"});
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people/search", "{\"search\":\"sam\",\"limit\":51}")), Lines{"/limit out-of-bounds"});
  EXPECT_EQ(faults(ask(http::Method::post, "/api/people/search", "{\"search\":\"sam\",\"team\":1}")), Lines{"/team unknown-field"});
  EXPECT_EQ(ask(http::Method::post, "/api/people/search", base::json::print({{"search", "sam"}, {"after", nullptr}})).status, 200);
}

TEST_P(PeopleRoutes, glass_is_broken_with_a_reason_for_an_hour_and_the_lead_sees_it) {
  Identity it = some_identity("Robin Sample");
  it.nhs_number = Personal("9990000018");
  it.birth_date.value = Personal("1984-03-27");
  const PersonId person = add_person(north, it, {calm});
  who = staff(other, {{Role::facilitator, south}}, {tide});
  const auto from = audit_end();
  for (const char* body : {R"({"nhsNumber":"999 000 0018"})", R"({"legalName":"sample ROBIN","birthDate":"1984-03-27"})"}) {
    const auto found = ask(http::Method::post, "/api/break-glass/find", body);
    ASSERT_EQ(names(found), Names{"Robin Sample"}) << body;
    EXPECT_EQ(json(found).at("items").at(0), (boost::json::value{{"id", person.text}, {"name", "Robin Sample"}, {"teamName", "North"},
                                                                 {"dutyNumber", "01632 960999"}, {"withinReach", false}}));
  }
  EXPECT_EQ(audit_rows(from), (Lines{"find identity " + person.text, "find identity " + person.text}));
  const std::string at = "/api/people/" + person.text + "/break-glass";
  EXPECT_NE(ask(http::Method::post, at).text().find("reason-wanted"), std::string_view::npos);
  EXPECT_EQ(faults(ask(http::Method::post, at, {}, because("curiosity"))), (Lines{"/reason reason", "/note missing"}));
  EXPECT_EQ(faults(ask(http::Method::post, at, {}, because("risk-to-life", "%20%20"))), Lines{"/note missing"});
  EXPECT_FALSE(pool().read()->query("SELECT 1 FROM break_glass").next());
  const auto opened = ask(http::Method::post, at, {}, because("risk-to-life", "They%20rang%20me%20in%20distress"));
  ASSERT_EQ(opened.status, 201) << opened.text();
  EXPECT_EQ(json(opened).at("until").as_string(), iso_text({kTestNow.us + 3'600'000'000}));
  const auto rows = audit_rows();
  EXPECT_EQ(rows.back(), "break-glass identity " + person.text + " risk-to-life");
  {
    auto tx = pool().read();
    auto grant = tx->query("SELECT staff, person, reason, from_us, until_us, note FROM break_glass WHERE lead_told_us IS NULL AND lead_seen_us IS NULL");
    ASSERT_TRUE(grant.next());
    EXPECT_EQ(grant.text(0), other.text);
    EXPECT_EQ(grant.text(1), person.text);
    EXPECT_EQ(grant.integer(4) - grant.integer(3), kGlassStaysOpen.us);
    auto named = tx->query("SELECT note FROM audit WHERE action = 'break-glass'");
    ASSERT_TRUE(named.next());
    EXPECT_EQ(named.text(0), grant.text(5)) << "the audit row names the words";
  }

  who = lead(north);
  const auto unseen = json(get("/api/break-glass?unseen=true"));
  ASSERT_EQ(unseen.at("items").as_array().size(), 1U);
  const auto& row = unseen.at("items").at(0);
  EXPECT_EQ(row.at("staff").at("name"), "Other Clinician");
  EXPECT_EQ(row.at("person").at("name"), "Robin Sample");
  EXPECT_EQ(row.at("note"), "They rang me in distress");
  EXPECT_EQ(row.at("seenAt"), nullptr);
  const std::string seen = "/api/break-glass/" + std::string(row.at("id").as_string()) + "/seen";
  who = lead(south);
  EXPECT_EQ(json(get("/api/break-glass")).at("items").as_array().size(), 0U) << "another team's";
  EXPECT_EQ(ask(http::Method::post, seen).status, 404);
  who = lead(north);
  EXPECT_EQ(ask(http::Method::post, seen).status, 204);
  EXPECT_EQ(json(get("/api/break-glass?unseen=true")).at("items").as_array().size(), 0U);
  EXPECT_EQ(json(get("/api/break-glass")).at("items").at(0).at("seenAt").as_string(), iso_text(kTestNow));
  now.us += 5'000'000;
  EXPECT_EQ(ask(http::Method::post, seen).status, 204);
  EXPECT_EQ(json(get("/api/break-glass")).at("items").at(0).at("seenAt").as_string(), iso_text(kTestNow)) << "the first look counts";
}

TEST_P(PeopleRoutes, glass_is_for_clinicians_outside_the_group_and_for_who_knows_the_person_exactly) {
  Identity it = some_identity("Robin Sample");
  it.birth_date.value = Personal("1984-03-27");
  const PersonId person = add_person(north, it, {calm});
  const std::string at = "/api/people/" + person.text + "/break-glass";
  for (const Role role : {Role::administrator, Role::it_support, Role::safety_officer, Role::evaluator, Role::trainer}) {
    who = staff(other, {{role, {}}});
    EXPECT_EQ(ask(http::Method::post, "/api/break-glass/find", R"({"nhsNumber":"9990000018"})").status, 403) << to_text(role);
    EXPECT_EQ(ask(http::Method::post, at, {}, because("risk-to-life", "why")).status, 403) << to_text(role);
    EXPECT_EQ(get("/api/break-glass").status, 403) << to_text(role);
  }
  who = member(person);
  EXPECT_EQ(ask(http::Method::post, at, {}, because("risk-to-life", "why")).status, 403);
  who = facilitator({calm});
  EXPECT_EQ(ask(http::Method::post, at, {}, because("risk-to-life", "why")).status, 409) << "they can open it as it is";
  EXPECT_EQ(get("/api/break-glass").status, 403);
  EXPECT_EQ(json(ask(http::Method::post, "/api/break-glass/find", R"({"legalName":"Robin Sample","birthDate":"1984-03-27"})")).at("items").at(0).at("withinReach"), true);
  who = facilitator({tide});
  EXPECT_EQ(ask(http::Method::post, "/api/people/" + uuid(999) + "/break-glass", {}, because("risk-to-life", "why")).status, 404);
  const auto from = audit_end();
  EXPECT_EQ(names(ask(http::Method::post, "/api/break-glass/find", R"({"legalName":"Robin Sample","birthDate":"1984-03-28"})")), Names{});
  EXPECT_EQ(audit_rows(from), Lines{"find identity "}) << "a look that finds nobody is on record, too";
  EXPECT_EQ(faults(ask(http::Method::post, "/api/break-glass/find", R"({"legalName":"Robin"})")), (Lines{"/legalName name-whole", "/birthDate date"}));
  EXPECT_EQ(faults(ask(http::Method::post, "/api/break-glass/find", R"({"nhsNumber":"12"})")), Lines{"/nhsNumber nhs-number"});
  EXPECT_EQ(faults(ask(http::Method::post, "/api/break-glass/find", "{}")), (Lines{"/legalName name-whole", "/birthDate date"}));
}

TEST_P(PeopleRoutes, deprivation_stands_beside_the_postcode_it_comes_from) {
  std::stringstream file("postcode,decile,year\nLS1 4AP,2,2025\n");
  ASSERT_TRUE(load_postcodes(pool(), keys, file, std::nullopt, kTestNow));
  Identity it = some_identity("Robin Sample");
  it.contacts.postcode = Personal("ls1 4ap");
  const PersonId person = add_person(north, it, {calm});
  who = lead(north);
  EXPECT_EQ(json(get("/api/people/" + person.text)).at("deprivation"), (boost::json::value{{"decile", 2}, {"year", 2025}}));
  const PersonId without = add_person(north, some_identity("Sam Plain"));
  EXPECT_EQ(json(get("/api/people/" + without.text)).at("deprivation"), nullptr);
}

TEST_P(PeopleRoutes, the_trail_of_all_this_holds_together) {
  const PersonId person = add_person(north, some_identity("Robin Sample"), {calm});
  who = lead(north);
  (void)get("/api/people/" + person.text);
  (void)search("robin");
  (void)ask(http::Method::put, "/api/people/" + person.text + "/identity", base::json::write(some_identity("Robin Other")), version(1));
  auto tx = pool().read();
  const auto verdict = store::verify_audit(*tx);
  EXPECT_GE(verdict.rows, 6);
  EXPECT_FALSE(verdict.first_wrong);
}

}  // namespace
