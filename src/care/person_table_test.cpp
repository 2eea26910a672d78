// SPDX-License-Identifier: Apache-2.0
// People in the database: what is kept, how it is found, and that nothing of it can be read in the files.
#include <filesystem>
#include <fstream>
#include <sstream>

#include "care/deprivation_table.h"
#include "care/person_for_tests.h"

namespace {

using namespace care;

class PeopleTable : public PeopleWorld {
 protected:
  // Names found by a search as typed, by somebody who leads every team.
  std::vector<std::string> find(std::string_view typed, const Searcher& by, std::int64_t limit = 50) {
    auto tx = pool().read();
    const auto ways = ways_of(typed);
    if (!ways) return {"fault"};
    std::vector<std::string> out;
    for (const auto& row : search_people(*tx, keys, *ways, by, "", limit).rows) out.push_back(row.legal_name.get());
    EXPECT_TRUE(tx->ok());
    return out;
  }
  std::vector<std::string> find(std::string_view typed) { return find(typed, searcher_of(lead({}))); }
  Identity whole() const {
    Identity it = some_identity("Robin Plantedname");
    it.preferred_name = Personal("Bobbin");
    it.nhs_number = Personal("9990000018");
    it.birth_date.value = Personal("1984-03-27");
    it.contacts = {.email = Personal("planted.mail@example.org"), .mobile = Personal("+447700900982"), .telephone = Personal("+441632960001"),
                   .address = {Personal("1 Plantedstreet"), Personal("Plantedtown")}, .postcode = Personal("LS1 4AP"),
                   .address_confirmed = {Personal("2026-01-02")}};
    it.safe_contact = {.method = {SafeMethod::letter}, .hours = {{.days = {1, 2}, .from = "09:00", .to = "17:00"}},
                       .note = Personal("plantednote never by telephone")};
    it.emergency_contact = {.name = Personal("Ash Plantedkin"), .relation = Personal("plantedrelation"), .telephone = Personal("+441632960002")};
    return it;
  }
  static Needs some_needs() {
    Needs n;
    n.preferences = {.way = {PreferredWay::phone}, .software = Personal("Plantedsoft"), .language = Personal("cy"), .interpreter = Personal("bfi"),
                     .format = {PreferredFormat::easy_read}};
    n.needs = {{.category = "009", .code = "", .note = Personal("plantedneed quiet room")}, {.category = "001", .code = "441092009", .note = {}}};
    return n;
  }
};
QUIETROOM_ON_BOTH_DATABASES(PeopleTable);

TEST_P(PeopleTable, gives_back_a_person_as_they_were_saved) {
  const PersonId id = add_person(north, whole(), {}, some_needs());
  auto tx = pool().read();
  const auto place = find_person(*tx, id);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->version, 1);
  EXPECT_EQ(place->team, north);
  EXPECT_EQ(base::json::write(load_identity(*tx, keys, id)), base::json::write(whole()));
  EXPECT_EQ(base::json::write(load_needs(*tx, keys, id)), base::json::write(some_needs())) << "in the order in which they were written down";
  EXPECT_TRUE(tx->ok());
  EXPECT_FALSE(find_person(*tx, PersonId{uuid(999)}));
}

TEST_P(PeopleTable, no_name_number_or_word_of_a_person_can_be_read_in_the_database) {
  const PersonId id = add_person(north, whole(), {calm}, some_needs());
  {
    auto tx = pool().write();
    Characteristics said;
    said.religion.value = Personal("plantedfaith");
    ASSERT_TRUE(update_protected(*tx, keys, id, 0, said));
    Identity changed = whole();
    changed.legal_name = Personal("Robin Plantedsecond");
    ASSERT_TRUE(update_identity(*tx, keys, id, 1, changed, kTestNow));
    ASSERT_TRUE(tx->commit());
  }
  who = staff(other, {{Role::facilitator, south}});
  ASSERT_EQ(ask(http::Method::post, "/api/people/" + id.text + "/break-glass", {}, {{"Quietroom-Reason", "risk-to-life"}, {"Quietroom-Reason-Note", "plantedreason"}}).status, 201);
  std::string all;
  if (GetParam() == store::Dialect::sqlite) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(database().url()).parent_path())) {
      std::ifstream in(entry.path(), std::ios::binary);
      all.append(std::istreambuf_iterator<char>(in), {});
      ++files;
    }
    EXPECT_GE(files, 2) << "the database and its log";
    EXPECT_NE(all.find("Frances Lead"), std::string::npos) << "what is not sealed is seen by this test";
  } else {
    auto tx = pool().read();
    std::vector<std::string> tables;
    {
      auto rows = tx->query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
      while (rows.next()) tables.push_back(rows.text(0));
    }
    for (const auto& table : tables) {
      auto rows = tx->query("SELECT CAST(t AS TEXT) FROM " + table + " t");
      while (rows.next()) all += rows.text(0) + "\n";
    }
    EXPECT_NE(all.find("Frances Lead"), std::string::npos);
  }
  for (const std::string planted : {"planted", "Planted", "Bobbin", "bobbin", "9990000018", "7700900982", "1632960001", "1632960002", "LS1 4AP",
                                    "LS14AP", "1984-03-27", "robin", "Robin", "bfi"}) {
    EXPECT_EQ(all.find(planted), std::string::npos) << planted;
    std::string figures;
    for (const char c : planted) figures += fmt::format("{:02x}", static_cast<unsigned char>(c));
    EXPECT_EQ(all.find(figures), std::string::npos) << planted << " as figures";
  }
}

TEST_P(PeopleTable, a_person_is_found_by_each_thing_that_they_are_known_by) {
  (void)add_person(north, whole());
  (void)add_person(south, some_identity("Zoë O’Plain"));
  for (const char* typed : {"ro", "robin", "PLANTED", "plantedname robin", "bobb", "9990000018", "999 000 0018", "07700 900982", "01632960001",
                            "planted.mail@EXAMPLE.org", "ls1 4ap"})
    EXPECT_EQ(find(typed), std::vector<std::string>{"Robin Plantedname"}) << typed;
  EXPECT_EQ(find("zoe oplain"), std::vector<std::string>{"Zoë O’Plain"});
  for (const char* typed : {"obin", "robin zoe", "9990000026", "07700 900983", "mail@example.org", "LS1 4AQ", "bob bin"})
    EXPECT_EQ(find(typed), std::vector<std::string>{}) << typed;
}

TEST_P(PeopleTable, a_change_of_identity_changes_what_finds_them_and_nothing_else_does) {
  const PersonId id = add_person(north, whole());
  {
    auto tx = pool().write();
    EXPECT_FALSE(update_identity(*tx, keys, id, 7, some_identity("Sam Newname"), kTestNow)) << "another version";
    ASSERT_TRUE(update_identity(*tx, keys, id, 1, some_identity("Sam Newname"), kTestNow));
    ASSERT_TRUE(tx->commit());
  }
  EXPECT_EQ(find("newname"), std::vector<std::string>{"Sam Newname"});
  for (const char* typed : {"robin", "bobbin", "9990000018", "07700 900982", "planted.mail@example.org", "ls1 4ap"})
    EXPECT_EQ(find(typed), std::vector<std::string>{}) << typed;
  {
    auto tx = pool().write();
    ASSERT_TRUE(update_identity(*tx, keys, id, 2, some_identity("Gone Again"), kTestNow));
  }  // not committed
  EXPECT_EQ(find("newname"), std::vector<std::string>{"Sam Newname"});
  EXPECT_EQ(find("gone"), std::vector<std::string>{});
}

TEST_P(PeopleTable, an_nhs_number_belongs_to_one_person) {
  const PersonId robin = add_person(north, whole());
  auto tx = pool().write();
  EXPECT_TRUE(nhs_number_taken(*tx, keys, Personal("9990000018"), {}));
  EXPECT_FALSE(nhs_number_taken(*tx, keys, Personal("9990000018"), robin)) << "their own is not in their way";
  EXPECT_FALSE(nhs_number_taken(*tx, keys, Personal("9990000026"), {}));
  EXPECT_FALSE(nhs_number_taken(*tx, keys, Personal(""), {}));
  insert_person(*tx, keys, entropy, PersonId{uuid(500)}, north, whole(), {}, kTestNow);
  EXPECT_EQ(tx->error(), store::StoreError::conflict) << "nor can two at the same time have it";
}

TEST_P(PeopleTable, search_stays_within_reach_in_the_database_itself_however_common_a_name_is) {
  (void)add_person(north, some_identity("Sam Northern"), {calm, hope});
  (void)add_person(north, some_identity("Sam Waiting"));
  (void)add_person(south, some_identity("Sam Southern"), {tide});
  (void)add_person(south, some_identity("Sam Visitor"), {hope});
  using Names = std::vector<std::string>;
  const auto sams = [&](const Actor& actor) {
    Searcher rare = searcher_of(actor), common = rare;
    common.common_from = 1;
    EXPECT_EQ(find("sam", rare), find("sam", common)) << "two ways through the tables, one answer";
    EXPECT_EQ(find("nobody", common), Names{});
    return find("sam", rare);
  };
  EXPECT_EQ(sams(lead({})), (Names{"Sam Northern", "Sam Waiting", "Sam Southern", "Sam Visitor"}));
  EXPECT_EQ(sams(lead(north)), (Names{"Sam Northern", "Sam Waiting", "Sam Visitor"})) << "hope is a group of the north";
  EXPECT_EQ(sams(lead(south)), (Names{"Sam Southern", "Sam Visitor"}));
  EXPECT_EQ(sams(facilitator({calm})), Names{"Sam Northern"});
  EXPECT_EQ(sams(facilitator({calm, tide})), (Names{"Sam Northern", "Sam Southern"}));
  EXPECT_EQ(sams(facilitator({})), Names{});
  EXPECT_EQ(sams(staff(other, {{Role::administrator, {}}, {Role::it_support, {}}, {Role::trainer, {}}, {Role::safety_officer, {}},
                               {Role::evaluator, {}}}, {calm})), Names{});
  EXPECT_EQ(sams(staff(frances, {{Role::team_lead, south}, {Role::facilitator, north}}, {calm})),
            (Names{"Sam Northern", "Sam Southern", "Sam Visitor"}));
}

TEST_P(PeopleTable, pages_follow_each_other_without_a_gap_or_a_double) {
  std::vector<std::string> expected;
  for (int i = 0; i < 11; ++i) {
    expected.push_back(fmt::format("Sam Number{}", static_cast<char>('A' + i)));
    // Of the team, of a group of the team, or both.
    (void)add_person(i % 3 == 0 ? south : north, some_identity(expected.back()), i % 3 == 1 ? std::vector<GroupId>{} : std::vector{calm, hope});
  }
  for (const std::int64_t limit : {1, 3, 11, 50})
    for (const std::int64_t common_from : {1, 300}) {
      Searcher by = searcher_of(lead(north));
      by.common_from = common_from;
      std::vector<std::string> seen;
      std::string after;
      do {
        auto tx = pool().read();
        const auto page = search_people(*tx, keys, *ways_of("sam num"), by, after, limit);
        EXPECT_LE(page.rows.size(), static_cast<std::size_t>(limit));
        for (const auto& row : page.rows) seen.push_back(row.legal_name.get());
        after = page.next;
      } while (!after.empty() && seen.size() < 20);
      EXPECT_EQ(seen, expected) << limit << " " << common_from;
    }
}

TEST_P(PeopleTable, protected_answers_have_a_version_of_their_own) {
  const PersonId id = add_person(north, whole());
  auto tx = pool().write();
  Characteristics said;
  said.sex.value = Personal(std::string(kPreferNotToSay));
  EXPECT_TRUE(update_protected(*tx, keys, id, 0, said));
  EXPECT_FALSE(update_protected(*tx, keys, id, 0, said));
  const auto read = load_protected(*tx, keys, id);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->version, 1);
  EXPECT_EQ(read->said.sex.value->get(), kPreferNotToSay);
  EXPECT_EQ(find_person(*tx, id)->version, 1) << "nobody else notices";
}

TEST_P(PeopleTable, a_sealed_value_moved_to_another_person_does_not_open) {
  const PersonId robin = add_person(north, whole()), sam = add_person(north, some_identity("Sam Plain"));
  auto tx = pool().write();
  tx->run("UPDATE person SET legal_name_sealed = (SELECT legal_name_sealed FROM person WHERE id = $1) WHERE id = $2", robin, sam);
  (void)load_identity(*tx, keys, sam);
  EXPECT_EQ(tx->error(), store::StoreError::unavailable);
}

TEST_P(PeopleTable, the_trusts_postcodes_give_each_person_their_decile) {
  const PersonId robin = add_person(north, whole()), sam = add_person(north, some_identity("Sam Plain"));
  EXPECT_FALSE(load_deprivation(*pool().read(), robin));
  std::stringstream file("Postcode,Index of Multiple Deprivation Decile\r\nls1 4ap,3\r\n\"M1 1AE\",10\r\n");
  auto loaded = load_postcodes(pool(), keys, file, 2019, kTestNow);
  ASSERT_TRUE(loaded) << to_words(loaded.error());
  EXPECT_EQ(loaded->postcodes, 2);
  EXPECT_EQ(loaded->people, 1);
  auto decile = load_deprivation(*pool().read(), robin);
  ASSERT_TRUE(decile);
  EXPECT_EQ(decile->decile, 3);
  EXPECT_EQ(decile->year, 2019);
  EXPECT_FALSE(load_deprivation(*pool().read(), sam)) << "no postcode, no decile";
  EXPECT_EQ(find_person(*pool().read(), robin)->version, 1) << "whoever edits the record is not disturbed";

  std::stringstream newer("postcode,decile,year\nLS1 4AP,4,2025\n");
  ASSERT_TRUE(load_postcodes(pool(), keys, newer, std::nullopt, kTestNow));
  EXPECT_EQ(load_deprivation(*pool().read(), robin)->decile, 4);

  auto tx = pool().write();
  Identity moved = whole();
  moved.contacts.postcode = Personal("M1 1AE");
  ASSERT_TRUE(update_identity(*tx, keys, robin, 1, moved, kTestNow));
  EXPECT_EQ(load_deprivation(*tx, robin)->decile, 10) << "a new address has its own";
  moved.contacts.postcode = Personal("W1A 0AX");
  ASSERT_TRUE(update_identity(*tx, keys, robin, 2, moved, kTestNow));
  EXPECT_FALSE(load_deprivation(*tx, robin));
}

TEST_P(PeopleTable, a_postcode_file_with_a_fault_changes_nothing) {
  std::string text = "postcode,decile,year\n";
  for (int i = 0; i < 350; ++i) text += fmt::format("LS{} {}AP,{},2025\n", 10 + i % 80, i / 80, 1 + i % 10);
  std::stringstream bad(text + "LS1 4AP,11,2025\n");
  const auto fault = load_postcodes(pool(), keys, bad, std::nullopt, kTestNow);
  ASSERT_FALSE(fault);
  EXPECT_EQ(fault.error().line, 352);
  EXPECT_EQ(to_words(fault.error()), "line 352: a decile is a whole number from 1 (most deprived) to 10");
  EXPECT_FALSE(pool().read()->query("SELECT 1 FROM postcode_decile").next());
  std::stringstream good(text + text.substr(text.find('\n') + 1));  // every postcode twice
  const auto loaded = load_postcodes(pool(), keys, good, std::nullopt, kTestNow);
  ASSERT_TRUE(loaded) << to_words(loaded.error());
  auto tx = pool().read();
  auto rows = tx->query("SELECT COUNT(*) FROM postcode_decile");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 350);
}

}  // namespace
