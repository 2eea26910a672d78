// SPDX-License-Identifier: Apache-2.0
#include "care/person.h"

#include <gtest/gtest.h>

#include "care/characteristics.h"
#include "care/need.h"

namespace {

using namespace care;

const Date kToday{std::chrono::year{2026}, std::chrono::month{11}, std::chrono::day{23}};

Identity robin() {
  Identity it;
  it.legal_name = Personal("Robin Sample");
  return it;
}
std::vector<std::string> faults(const Identity& it) {
  std::vector<std::string> out;
  if (auto settled = settle(it, kToday, ""); !settled)
    for (const auto& f : settled.error()) out.push_back(f.pointer + " " + f.code);
  return out;
}
using Faults = std::vector<std::string>;

TEST(Telephone, has_one_form_however_it_was_typed) {
  const std::pair<const char*, const char*> kCases[] = {
      {"020 7946 0000", "+442079460000"},   {"(020) 7946-0000", "+442079460000"},   {"+44 20 7946 0000", "+442079460000"},
      {"+44 (0)20 7946 0000", "+442079460000"}, {"0044 20 7946 0000", "+442079460000"}, {"+44 020 7946 0000", "+442079460000"},
      {"07700 900982", "+447700900982"},    {"01632 960001", "+441632960001"},      {"016977 2555", "+44169772555"},
      {"+353 1 234 5678", "+35312345678"},  {"00 48 22 123 45 67", "+48221234567"}, {"+1 212 555 0100", "+12125550100"}};
  for (const auto& [typed, kept] : kCases) {
    const auto number = parse_telephone(typed);
    ASSERT_TRUE(number) << typed;
    EXPECT_EQ(number->get(), kept) << typed;
    EXPECT_EQ(parse_telephone(kept)->get(), kept) << "the form that is kept is its own form";
  }
}
TEST(Telephone, that_cannot_be_called_is_none) {
  for (const char* typed : {"", "111", "7946 0000", "020 7946", "020 7946 00000", "+44 4123 456789", "+0 123 456 789", "07700 900982 ext 2",
                            "+1234567", "+1234567890123456", "++44 20 7946 0000", "020+79460000", "06123 456789"})
    EXPECT_FALSE(parse_telephone(typed)) << typed;
}
TEST(Telephone, texts_go_to_mobile_numbers) {
  EXPECT_TRUE(takes_texts("+447700900982"));
  EXPECT_TRUE(takes_texts("+353861234567"));
  for (const char* number : {"+442079460000", "+447012345678", "+447612345678", ""}) EXPECT_FALSE(takes_texts(number)) << number;
}

TEST(Postcode, has_one_form_however_it_was_typed) {
  const std::pair<const char*, const char*> kCases[] = {{"m1 1ae", "M1 1AE"},    {"B338TH", "B33 8TH"},   {"cr2 6xh", "CR2 6XH"},
                                                        {"DN55 1PT", "DN55 1PT"}, {"w1a 0ax", "W1A 0AX"}, {" ec1a1bb ", "EC1A 1BB"},
                                                        {"gir 0aa", "GIR 0AA"}};
  for (const auto& [typed, kept] : kCases) EXPECT_EQ(parse_postcode(typed).value_or(Personal("none")).get(), kept) << typed;
  for (const char* typed : {"", "M1", "M1 1A", "M1 1AC", "1M 1AE", "MMM1 1AE", "75001", "M1-1AE", "ABC1 1AA"})
    EXPECT_FALSE(parse_postcode(typed)) << typed;
}

TEST(Email, is_one_address_and_nothing_else) {
  EXPECT_EQ(parse_email(" Robin.Sample+group@Example.ORG ")->get(), "Robin.Sample+group@example.org");
  EXPECT_EQ(parse_email("o'neill@example.co.uk")->get(), "o'neill@example.co.uk");
  for (const char* typed : {"", "robin", "robin@", "@example.org", "robin@example", "a@b@example.org", "robin sample@example.org",
                            "robin@example..org", ".robin@example.org", "robin@example.org\r\nBcc: x@example.org",
                            "Robin <robin@example.org>", "robin@example.org, ash@example.org"})
    EXPECT_FALSE(parse_email(typed)) << typed;
}

TEST(Person, needs_a_name_and_nothing_more) {
  EXPECT_EQ(faults(robin()), Faults{});
  EXPECT_EQ(faults(Identity{}), Faults{"/legalName missing"});
}
TEST(Person, is_kept_in_one_form) {
  Identity it = robin();
  it.legal_name = Personal("  Robin Sample ");
  it.nhs_number = Personal("999 000 0018");
  it.contacts.mobile = Personal("07700 900982");
  it.contacts.email = Personal(" robin@EXAMPLE.org");
  it.contacts.postcode = Personal("ls14ap");
  it.contacts.address = {Personal("1 Plain Street"), Personal("Leeds"), Personal(" ")};
  it.safe_contact.method.value = SafeMethod::sms;
  it.safe_contact.hours = {{.days = {5, 1, 1}, .from = "09:00", .to = "24:00"}};
  const auto kept = settle(it, kToday, "");
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->legal_name.get(), "Robin Sample");
  EXPECT_EQ(kept->nhs_number.get(), "9990000018");
  EXPECT_EQ(kept->contacts.mobile.get(), "+447700900982");
  EXPECT_EQ(kept->contacts.email.get(), "robin@example.org");
  EXPECT_EQ(kept->contacts.postcode.get(), "LS1 4AP");
  EXPECT_EQ(kept->contacts.address.size(), 2U);
  EXPECT_EQ(kept->safe_contact.hours[0].days, (std::vector<int>{1, 5}));
}
TEST(Person, every_field_that_is_wrong_is_said_at_once_each_in_its_place) {
  Identity it = robin();
  it.preferred_name = Personal(std::string(201, 'x'));
  it.nhs_number = Personal("9990000019");
  it.birth_date.value = Personal("2026-11-24");
  it.contacts.email = Personal("robin");
  it.contacts.mobile = Personal("020 7946 0000");
  it.contacts.telephone = Personal("12");
  it.contacts.address = std::vector<Personal>(7, Personal("line"));
  it.contacts.address[2] = Personal("a\nb");
  it.contacts.address[3] = Personal(std::string(5'000, 'x'));
  it.contacts.postcode = Personal("nowhere");
  it.contacts.address_confirmed.value = Personal("2026-02-30");
  it.safe_contact.hours = {{.days = {0}, .from = "25:00", .to = "x"}, {.days = {1}, .from = "10:00", .to = "10:00"}};
  it.emergency_contact.name = Personal("Ash");
  EXPECT_EQ(faults(it),
            (Faults{"/preferredName too-long", "/nhsNumber nhs-number-check", "/birthDate date-late", "/contacts/email email",
                    "/contacts/telephone telephone", "/contacts/mobile mobile", "/contacts/address/2 characters", "/contacts/address/3 too-long",
                    "/contacts/address address-lines", "/contacts/postcode postcode", "/contacts/addressConfirmed date",
                    "/safeContact/hours/0/days days", "/safeContact/hours/0/from time", "/safeContact/hours/0/to time",
                    "/safeContact/hours/1/to time-order", "/emergencyContact/telephone missing"}));
}
TEST(Person, is_not_reached_safely_by_a_way_that_has_no_address) {
  for (const auto& [method, name] : json_names(SafeMethod{})) {
    Identity it = robin();
    it.safe_contact.method.value = method;
    EXPECT_EQ(faults(it), method == SafeMethod::none ? Faults{} : Faults{"/safeContact/method method-lacks-contact"}) << name;
    it.contacts = {.email = Personal("r@example.org"), .mobile = Personal("07700900982"), .telephone = {},
                   .address = {Personal("1 Plain Street")}, .postcode = {}, .address_confirmed = {}};
    EXPECT_EQ(faults(it), Faults{}) << name;
  }
}
TEST(Person, length_counts_letters_not_bytes) {
  Identity it = robin();
  it.legal_name = Personal("");
  for (int i = 0; i < 200; ++i) it.legal_name.get() += "é";
  EXPECT_EQ(faults(it), Faults{});
  it.legal_name.get() += "é";
  EXPECT_EQ(faults(it), Faults{"/legalName too-long"});
}
TEST(Person, faults_stand_below_the_part_of_a_larger_body) {
  const auto settled = settle(Identity{}, kToday, "/identity");
  ASSERT_FALSE(settled);
  EXPECT_EQ(settled.error().front().pointer, "/identity/legalName");
}
TEST(Person, no_fault_repeats_what_was_typed) {
  Identity it = robin();
  it.contacts.email = Personal("planted-secret");
  it.contacts.telephone = Personal("planted-secret");
  it.nhs_number = Personal("planted-secret");
  it.birth_date.value = Personal("planted-secret");
  for (const auto& f : settle(it, kToday, "").error()) EXPECT_EQ((f.pointer + f.code + f.detail).find("planted"), std::string::npos);
}
TEST(Person, days_are_those_of_the_calendar) {
  EXPECT_TRUE(parse_date("2024-02-29"));
  for (const char* text : {"2023-02-29", "2026-00-10", "2026-13-01", "2026-1-01", "20260101", "2026-01-32", "2026/01/01", "+026-01-01"})
    EXPECT_FALSE(parse_date(text)) << text;
  EXPECT_EQ(date_of({1'790'000'000'000'000}), parse_date("2026-09-21"));
}

TEST(Needs, no_way_is_the_default) {
  const auto settled = settle(Needs{}, "");
  ASSERT_TRUE(settled);
  EXPECT_FALSE(settled->preferences.way.value || settled->preferences.format.value);
}
TEST(Needs, have_the_eleven_categories_of_reasonable_adjustments) {
  int good = 0;
  for (int i = 0; i < 1000; ++i) {
    char text[8];
    std::snprintf(text, sizeof text, "%03d", i);
    good += category_title(text).empty() ? 0 : 1;
  }
  EXPECT_EQ(good, 11);
  EXPECT_EQ(category_title("001"), "communication support");
  EXPECT_EQ(category_title("011"), "bespoke");
  for (const char* none : {"", "1", "0001", "abc"}) EXPECT_TRUE(category_title(none).empty()) << none;
}
TEST(Needs, a_snomed_code_with_a_mistyped_digit_is_none) {
  for (const char* code : {"441092009", "285055002", "520471000000105", "1082671000000100"}) {
    EXPECT_TRUE(is_snomed_concept(code)) << code;
    for (std::size_t i = 0; i < std::string_view(code).size(); ++i) {
      std::string wrong = code;
      wrong[i] = wrong[i] == '9' ? '1' : static_cast<char>(wrong[i] + 1);
      EXPECT_FALSE(is_snomed_concept(wrong)) << wrong;
    }
  }
  for (const char* code : {"", "12345", "0441092009", "44109200X", "1234567890123456789"}) EXPECT_FALSE(is_snomed_concept(code)) << code;
}
TEST(Needs, a_language_is_a_tag) {
  for (const char* tag : {"en", "cy", "bfi", "zh-Hant", "pt-BR", "ar"}) EXPECT_TRUE(is_language(tag)) << tag;
  for (const char* tag : {"", "e", "english", "en-", "-en", "en_GB", "12"}) EXPECT_FALSE(is_language(tag)) << tag;
}
TEST(Needs, each_that_is_wrong_is_said_in_its_place) {
  Needs typed;
  typed.preferences.language = Personal("English");
  typed.needs = {{.category = "012", .code = "441092009", .note = {}}, {.category = "001", .code = "441092008", .note = {}},
                 {.category = "001", .code = "", .note = {}}};
  Faults said;
  for (const auto& f : settle(typed, "/needs").error()) said.push_back(f.pointer + " " + f.code);
  EXPECT_EQ(said, (Faults{"/needs/preferences/language language", "/needs/needs/0/category category", "/needs/needs/1/code snomed",
                          "/needs/needs/2/note missing"}));
}
TEST(Needs, an_interpreter_learns_the_language_and_a_carer_does_not) {
  Needs all;
  all.preferences.interpreter = Personal("bfi");
  all.preferences.software = Personal("Other");
  all.needs = {{.category = "002", .code = "", .note = Personal("BSL")}, {.category = "008", .code = "", .note = Personal("breaks")}};
  const Needs interpreter = for_supporter("interpreter", all), carer = for_supporter("carer", all);
  EXPECT_EQ(interpreter.preferences.interpreter.get(), "bfi");
  EXPECT_EQ(interpreter.preferences.software.get(), "");
  ASSERT_EQ(interpreter.needs.size(), 1U);
  EXPECT_EQ(interpreter.needs[0].category, "002");
  EXPECT_EQ(carer.preferences.interpreter.get(), "");
  ASSERT_EQ(carer.needs.size(), 1U);
  EXPECT_EQ(carer.needs[0].category, "008");
}

TEST(Characteristics, may_each_be_declined_or_left) {
  Characteristics typed;
  const auto decline = [&](const auto&... f) { ((typed.*f.member).value.emplace(Personal(std::string(kPreferNotToSay))), ...); };
  std::apply(decline, Characteristics::fields());
  const auto settled = settle(typed);
  ASSERT_TRUE(settled);
  EXPECT_EQ(settled->ethnicity_2001.value->get(), "Z") << "not stated";
  EXPECT_EQ(settled->religion.value->get(), kPreferNotToSay);
  ASSERT_TRUE(settle(Characteristics{}));
  EXPECT_FALSE(settle(Characteristics{})->ethnicity_2001.value) << "not asked stays not asked";
}
TEST(Characteristics, every_category_of_2021_has_one_of_2001) {
  EXPECT_EQ(ethnic_categories_2021().size(), 19U);
  std::string seen;
  for (const auto& [code, of_2001] : ethnic_categories_2021()) {
    EXPECT_TRUE(is_ethnic_code_2001(of_2001)) << code;
    if (seen.find(of_2001) == std::string::npos) seen += of_2001;
    Characteristics typed;
    typed.ethnicity_2021.value = Personal(std::string(code));
    EXPECT_EQ(settle(typed)->ethnicity_2001.value->get(), of_2001);
  }
  EXPECT_EQ(seen.size(), 16U) << "each of the sixteen categories of 2001 is reached";
  EXPECT_FALSE(is_ethnic_code_2001("I") || is_ethnic_code_2001("O") || is_ethnic_code_2001("Q") || is_ethnic_code_2001(""));
}
TEST(Characteristics, words_of_ones_own_are_kept_and_not_sorted_by_us) {
  Characteristics typed;
  typed.ethnicity_2021.value = Personal("Cornish");
  EXPECT_EQ(settle(typed)->ethnicity_2021.value->get(), "Cornish");
  EXPECT_FALSE(settle(typed)->ethnicity_2001.value);
  typed.ethnicity_2001.value = Personal("99");
  EXPECT_EQ(settle(typed)->ethnicity_2001.value->get(), "99") << "what was said is not written over";
  typed.ethnicity_2001.value = Personal("Q");
  typed.sex.value = Personal(std::string(201, 'x'));
  ASSERT_FALSE(settle(typed));
  EXPECT_EQ(settle(typed).error().size(), 2U);
}

}  // namespace
