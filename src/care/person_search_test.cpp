// SPDX-License-Identifier: Apache-2.0
#include "care/person_search.h"

#include <gtest/gtest.h>

namespace {

using namespace care;
using Words = std::vector<std::string>;

// Whether a search as typed asks for terms that the person has.
bool finds(std::string_view typed, const Identity& person) {
  const auto ways = ways_of(typed);
  if (!ways) return false;
  const auto terms = terms_of(person);
  return std::ranges::any_of(ways->ways, [&](const auto& way) {
    return std::ranges::all_of(way, [&](const SearchTerm& t) { return std::ranges::binary_search(terms, t); });
  });
}
Identity named(std::string_view legal, std::string_view preferred = "") {
  Identity it;
  it.legal_name = Personal(std::string(legal));
  it.preferred_name = Personal(std::string(preferred));
  return it;
}

TEST(Search, accents_and_case_do_not_matter) {
  EXPECT_EQ(fold("ŁUKASZ Żółć"), "lukasz zolc");
  EXPECT_EQ(fold("Straße"), "strasse");
  EXPECT_EQ(fold("Søren Æbelø"), "soren aebelo");
  EXPECT_EQ(fold("Nguyễn Thị Ánh"), "nguyen thi anh");
  EXPECT_EQ(fold("ＡＢＣ"), "abc") << "full-width letters";
  EXPECT_EQ(fold("Ἀλέξανδρος"), "αλεξανδροσ") << "a last sigma is a sigma";
  EXPECT_EQ(fold("İstanbul"), "istanbul");
  EXPECT_TRUE(finds("bronte", named("Emily Brontë")));
  EXPECT_TRUE(finds("Zoë", named("ZOE SAMPLE")));
  EXPECT_TRUE(finds("محمد", named("مُحَمَّد")));
}
TEST(Search, goes_by_the_beginnings_of_words_in_any_order) {
  const Identity person = named("Margaret Ann Thompson-Lee", "Maggie");
  for (const char* typed : {"ma", "Marg", "margaret", "thom ann", "lee", "Lee, Mar", "maggie thompson", "MAGGIE"})
    EXPECT_TRUE(finds(typed, person)) << typed;
  for (const char* typed : {"argaret", "mx", "margaretx", "thompsonlee", "ann bob"}) EXPECT_FALSE(finds(typed, person)) << typed;
}
TEST(Search, an_apostrophe_may_be_typed_or_left_out) {
  const Identity person = named("Shaun O’Neill");
  for (const char* typed : {"o'neill", "oneill", "O’Neill", "neill", "shaun o neill", "o'ne"}) EXPECT_TRUE(finds(typed, person)) << typed;
  EXPECT_EQ(words_of("D'Arcy-O'Neill", Apostrophes::joined), (Words{"darcy", "oneill"}));
}
TEST(Search, names_of_other_scripts_are_found) {
  EXPECT_TRUE(finds("王小", named("王小明")));
  EXPECT_TRUE(finds("Бори", named("БОРИС")));
  EXPECT_TRUE(finds("प्र", named("प्रिया")));
}
TEST(Search, numbers_addresses_and_postcodes_are_found_as_a_whole_however_typed) {
  Identity it = named("Robin Sample");
  it.nhs_number = Personal("9990000018");
  it.contacts.mobile = Personal("+447700900982");
  it.contacts.telephone = Personal("+441632960001");
  it.contacts.email = Personal("Robin@example.org");
  it.contacts.postcode = Personal("LS1 4AP");
  for (const char* typed : {"999 000 0018", "9990000018", "07700 900 982", "+44 7700 900982", "(01632) 960001", "robin@EXAMPLE.org", "ls14ap"})
    EXPECT_TRUE(finds(typed, it)) << typed;
  for (const char* typed : {"999000001", "9990000026", "07700900983", "robin@example.com", "ls1 4aq", "LS1"})
    EXPECT_FALSE(finds(typed, it)) << typed;
}
TEST(Search, says_what_is_missing) {
  EXPECT_EQ(ways_of("").error(), SearchFault::too_short);
  EXPECT_EQ(ways_of(" x ").error(), SearchFault::too_short);
  EXPECT_EQ(ways_of("é-à").error(), SearchFault::too_short);
  EXPECT_EQ(ways_of("!!!").error(), SearchFault::too_short);
  EXPECT_EQ(ways_of("12345").error(), SearchFault::no_number);
  EXPECT_EQ(ways_of("robin@").error(), SearchFault::no_email);
  EXPECT_EQ(ways_of(std::string(201, 'x')).error(), SearchFault::too_long);
}
TEST(Search, asks_for_four_words_at_most_the_longest_first) {
  const auto ways = ways_of("al bert von der hohenstein");
  ASSERT_TRUE(ways);
  ASSERT_EQ(ways->ways.size(), 1U);
  ASSERT_EQ(ways->ways[0].size(), kMostTerms);
  EXPECT_EQ(ways->ways[0][0].text.get(), "hohenstein");
}
TEST(Search, a_very_long_word_is_found_by_its_first_twenty_letters) {
  const Identity person = named("Llanfairpwllgwyngyllgogerych Sample");
  EXPECT_TRUE(finds("Llanfairpwllgwyngyllgogerych", person));
  EXPECT_TRUE(finds("Llanfairpw", person));
}
TEST(Search, a_whole_name_is_its_words_in_any_order_and_the_date) {
  EXPECT_EQ(exact_name("Robin Sample", "1984-03-27"), exact_name("SAMPLE, robin", "1984-03-27"));
  EXPECT_NE(exact_name("Robin Sample", "1984-03-27"), exact_name("Robin Sample", "1984-03-28"));
  EXPECT_NE(exact_name("Robin Sample", "1984-03-27"), exact_name("Robin", "1984-03-27"));
}
TEST(Search, hostile_text_is_only_text) {
  EXPECT_NO_FATAL_FAILURE((void)ways_of("\xff\xfe\x80 \xc3"));
  EXPECT_FALSE(ways_of(std::string_view("\0\0\0", 3)));
  const std::string marks = "a" + std::string(150, '\xcc') + "\x81";
  EXPECT_NO_FATAL_FAILURE((void)ways_of(marks));
}

}  // namespace
