// SPDX-License-Identifier: Apache-2.0
// What a message may say, when it may go out, and its bytes: templates, names, safe hours, MIME and the calendar entry.
#include "interop/message.h"

#include <gmock/gmock.h>

#include "interop/calendar.h"
#include "interop/mail.h"

namespace interop {
namespace {

using testing::HasSubstr;
using testing::Not;

base::WallTime at(const char* iso) { return *care::parse_iso(iso); }

TEST(Message, is_filled_in_and_leaves_other_braces_alone) {
  EXPECT_EQ(filled("Hello {name}, {day}. {unknown} {", {{"name", "Robin"}, {"day", "Monday"}}), "Hello Robin, Monday. {unknown} {");
  EXPECT_EQ(filled("{name}", {{"name", "{link}"}, {"link", "x"}}), "{link}") << "what is filled in is not filled in again";
}

TEST(Message, names_are_found_as_whole_words_in_any_case) {
  const std::vector<std::string> names{"Coping with panic", "Ashley Specimen", ""};
  EXPECT_TRUE(names_somebody("Your COPING WITH PANIC group", names));
  EXPECT_TRUE(names_somebody("with ashley specimen.", names));
  EXPECT_FALSE(names_somebody("Ashley Specimens", names));
  EXPECT_FALSE(names_somebody("Your appointment", names));
}

TEST(Message, the_programs_own_words_pass_their_own_check_in_both_languages) {
  for (const auto& [kind, name] : json_names(Kind{}))
    for (const char* language : {"en", "cy"}) {
      const Words& w = default_words(kind, language);
      EXPECT_EQ(check_words(kind, w, {"Talking service", "Panic"}), care::FieldFaults{}) << name << language;
      EXPECT_FALSE(names_somebody(w.subject + w.body + w.sms, {"group", "therapy", "grŵp", "therapi"})) << name << language;
    }
}

TEST(Message, words_that_name_the_group_or_lose_the_link_are_refused_at_their_field) {
  Words w = default_words(Kind::invitation, "en");
  w.subject = "Coping with panic on {day}";
  w.body = "Come. {whatever}";
  const auto faults = check_words(Kind::invitation, w, {"Coping with panic"});
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].pointer + " " + faults[0].code, "/subject names-group");
  EXPECT_EQ(faults[1].pointer + " " + faults[1].code, "/body unknown-placeholder");
  EXPECT_EQ(faults[2].pointer + " " + faults[2].code, "/body link-missing");
}

TEST(SafeHours, wait_for_the_next_hour_that_is_safe_across_a_clock_change) {
  const auto london = *care::Zone::find("Europe/London");
  const std::vector<Hours> weekdays{{.days = {1, 2, 3, 4, 5}, .from = "09:00", .to = "17:00"}};
  EXPECT_EQ(next_safe({}, london, at("2026-11-23T03:00:00Z")), at("2026-11-23T03:00:00Z")) << "any time";
  EXPECT_EQ(next_safe(weekdays, london, at("2026-11-23T10:00:00Z")), at("2026-11-23T10:00:00Z"));
  EXPECT_EQ(next_safe(weekdays, london, at("2026-11-23T03:00:00Z")), at("2026-11-23T09:00:00Z"));
  EXPECT_EQ(next_safe(weekdays, london, at("2026-11-27T17:00:00Z")), at("2026-11-30T09:00:00Z")) << "over the weekend";
  EXPECT_EQ(next_safe(weekdays, london, at("2026-03-27T18:00:00Z")), at("2026-03-30T08:00:00Z")) << "nine o'clock is summer time by then";
  EXPECT_EQ(next_safe({{.days = {1}, .from = "17:00", .to = "09:00"}}, london, at("2026-11-23T10:00:00Z")), std::nullopt);
  const std::vector<Hours> to_midnight{{.days = {1}, .from = "18:00", .to = "24:00"}};
  EXPECT_EQ(next_safe(to_midnight, london, at("2026-11-23T10:00:00Z")), at("2026-11-23T18:00:00Z"));
  EXPECT_EQ(next_safe(to_midnight, london, at("2026-11-23T23:59:00Z")), at("2026-11-23T23:59:00Z"));
  EXPECT_EQ(next_safe({{.days = {9}, .from = "09:00", .to = "10:00"}}, london, at("2026-11-23T10:00:00Z")), std::nullopt);
}

TEST(Retry, pauses_grow_to_an_hour) {
  EXPECT_EQ(pause_after(1), base::Duration::seconds(60));
  EXPECT_EQ(pause_after(4), base::Duration::seconds(480));
  EXPECT_EQ(pause_after(7), base::Duration::seconds(3'600));
  EXPECT_EQ(pause_after(1'000), base::Duration::seconds(3'600));
}

TEST(Words, say_day_and_time_as_people_do) {
  EXPECT_EQ(day_words(*care::parse_local_date("2026-11-23"), "en"), "Monday 23 November 2026");
  EXPECT_EQ(day_words(*care::parse_local_date("2026-11-23"), "cy"), "Dydd Llun 23 Tachwedd 2026");
  EXPECT_EQ(time_words(*care::parse_clock_time("14:00"), "en"), "2pm");
  EXPECT_EQ(time_words(*care::parse_clock_time("10:30"), "en"), "10:30am");
  EXPECT_EQ(time_words(*care::parse_clock_time("12:00"), "en"), "midday");
  EXPECT_EQ(time_words(*care::parse_clock_time("00:05"), "en"), "12:05am");
}

CalendarEntry entry() {
  return {.uid = "abc@example.org", .sequence = 2, .cancelled = false, .zone = "Europe/London", .date = "2026-11-23", .time = "14:00", .minutes = 90,
          .summary = "Appointment", .description = "Use the link in the message we sent you.", .organizer = "care@example.org", .stamped = at("2026-11-20T08:00:00Z")};
}

TEST(Calendar, entry_says_when_in_its_zone_and_nothing_of_what) {
  const std::string text = calendar_text(entry());
  for (const char* line : {"BEGIN:VCALENDAR\r\n", "METHOD:REQUEST\r\n", "TZID:Europe/London\r\n", "UID:abc@example.org\r\n", "SEQUENCE:2\r\n",
                           "DTSTART;TZID=Europe/London:20261123T140000\r\n", "DTEND;TZID=Europe/London:20261123T153000\r\n", "SUMMARY:Appointment\r\n",
                           "DTSTAMP:20261120T080000Z\r\n", "BEGIN:VTIMEZONE\r\n", "STATUS:CONFIRMED\r\n", "CLASS:PRIVATE\r\n"})
    EXPECT_THAT(text, HasSubstr(line));
  EXPECT_THAT(text, Not(HasSubstr("ATTENDEE")));
  EXPECT_THAT(text, Not(HasSubstr("\nLOCATION")));
}

TEST(Calendar, ends_after_its_length_where_the_clocks_change_meanwhile) {
  auto e = entry();
  e.date = "2026-10-25";
  e.time = "00:30";
  e.minutes = 120;  // two o'clock becomes one o'clock
  EXPECT_THAT(calendar_text(e), HasSubstr("DTEND;TZID=Europe/London:20261025T013000\r\n"));
  e.date = "2027-03-28";
  EXPECT_THAT(calendar_text(e), HasSubstr("DTEND;TZID=Europe/London:20270328T033000\r\n"));
}

TEST(Calendar, cancelling_keeps_the_uid) {
  auto e = entry();
  e.cancelled = true;
  const std::string text = calendar_text(e);
  for (const char* line : {"METHOD:CANCEL\r\n", "UID:abc@example.org\r\n", "STATUS:CANCELLED\r\n"}) EXPECT_THAT(text, HasSubstr(line));
}

TEST(Calendar, a_time_that_is_none_makes_no_entry) {
  auto e = entry();
  e.zone = "Nowhere/At_all";
  EXPECT_EQ(calendar_text(e), "");
  e = entry();
  e.date = "2026-02-30";
  EXPECT_EQ(calendar_text(e), "");
}

Mail mail() {
  return {.from = "care@example.org", .from_name = "Appointments", .to = "robin@example.org", .message_id = "1@example.org", .written = at("2026-11-20T08:00:00Z"),
          .subject = "Your appointment", .text = "Hello Robin,\n\nhttps://x.example/join#abc\n\nBye & <b>", .language = "en", .calendar = calendar_text(entry()), .cancels = false};
}

TEST(Mail, carries_words_page_and_calendar_and_is_the_same_each_time) {
  const std::string text = mail_text(mail());
  EXPECT_EQ(text, mail_text(mail()));
  for (const char* line : {"From: Appointments <care@example.org>\r\n", "To: <robin@example.org>\r\n", "Subject: Your appointment\r\n", "Message-ID: <1@example.org>\r\n",
                           "Date: Fri, 20 Nov 2026 08:00:00 +0000\r\n", "text/plain; charset=utf-8", "text/html; charset=utf-8", "method=REQUEST", "appointment.ics"})
    EXPECT_THAT(text, HasSubstr(line));
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find("\r\n", from);
    ASSERT_NE(end, std::string::npos) << "every line ends with CRLF";
    EXPECT_LE(end - from, 998U);
    from = end + 2;
  }
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
}

TEST(Mail, nothing_that_is_filled_in_can_add_a_header) {
  auto m = mail();
  m.subject = "Hello\r\nBcc: somebody@example.org";
  m.to = "robin@example.org>\r\nBcc: <somebody@example.org";
  const std::string text = mail_text(m);
  EXPECT_THAT(text, Not(HasSubstr("\r\nBcc")));
}

TEST(Mail, the_page_escapes_and_links) {
  const std::string html = html_of("Bye & <b>\n\nhttps://x.example/join#abc", "en", "T", Format::standard);
  EXPECT_THAT(html, HasSubstr("<p>Bye &amp; &lt;b&gt;</p>"));
  EXPECT_THAT(html, HasSubstr("<a href=\"https://x.example/join#abc\""));
}

TEST(Mail, other_letters_stand_in_encoded_words_of_at_most_75) {
  const std::string subject = header_text("Eich apwyntiad ar ddydd Llun – mae’n para dwy awr, a byddwn yno i’ch croesawu’n gynnes iawn");
  EXPECT_TRUE(subject.starts_with("=?UTF-8?B?"));
  for (std::size_t from = 0; from < subject.size();) {
    const std::size_t end = std::min(subject.find("\r\n", from), subject.size());
    EXPECT_LE(end - from, 76U);
    from = end + 2;
  }
}

TEST(Mail, large_print_and_easy_read_are_large) {
  EXPECT_THAT(html_of("A", "en", "T", Format::large_print), HasSubstr("font-size: 18pt"));
  EXPECT_THAT(html_of("A", "en", "T", Format::easy_read), HasSubstr("font-size: 16pt"));
  EXPECT_THAT(html_of("A", "en", "T", Format::braille), HasSubstr("font-size: 19px"));
}

TEST(Words, of_every_kind_language_and_form_meet_their_own_rule) {
  for (const auto& [kind, name] : json_names(Kind{}))
    for (const char* language : {"en", "cy"})
      for (const auto& [form, words] : json_names(Form{}))
        EXPECT_EQ(check_words(kind, default_words(kind, language, form), {"Panic", "Talking service"}), care::FieldFaults{}) << name << language << words;
}

TEST(Words, for_easy_read_have_one_short_sentence_in_each_line) {
  for (const auto& [kind, name] : json_names(Kind{})) {
    const std::string body = default_words(kind, "en", Form::easy_read).body;
    EXPECT_EQ(one_sentence_a_line(body), body) << name;
    for (std::size_t from = 0; from < body.size();) {
      const std::size_t end = std::min(body.find("\n\n", from), body.size());
      EXPECT_LE(std::ranges::count(body.substr(from, end - from), ' '), 11) << body.substr(from, end - from);
      from = end + 2;
    }
  }
  EXPECT_EQ(one_sentence_a_line("One. Two! Three? Four 2.5 at 3 p.m. today. https://a.example/x.y"),
            "One.\n\nTwo!\n\nThree?\n\nFour 2.5 at 3 p.m. today. https://a.example/x.y");
}

TEST(Words, a_code_belongs_into_a_check_and_never_into_a_subject) {
  EXPECT_EQ(check_words(Kind::contact_check, {"s", "b", "{code}"}, {}), (care::FieldFaults{{"/body", "code-missing", "Say where the code goes: {code}"}}));
  EXPECT_EQ(check_words(Kind::contact_check, {"{code}", "{code}", "{code}"}, {}),
            (care::FieldFaults{{"/subject", "no-code", "The code does not belong into the subject"}}));
}

TEST(Taking, is_said_as_the_person_chose_and_the_place_to_who_comes_alone) {
  using enum care::Way;
  Taking t{.way = {}, .ways = {in_person, video, phone}, .held_on = "quietroom", .venue = "Rowan House, 4 Mill Lane", .directions = "Ring the lower bell.",
           .by_phone = {}, .phone = "01632 960 001", .supporter = false};
  EXPECT_EQ(how_words(t, "en"), "You can take part in person, by video or by phone. Use your link to tell us which way.");
  t.way = in_person;
  EXPECT_EQ(how_words(t, "en"), "You come in person. Come to: Rowan House, 4 Mill Lane.\n\nHow to find it: Ring the lower bell.");
  EXPECT_THAT(how_words(t, "cy"), HasSubstr("Dewch i: Rowan House, 4 Mill Lane."));
  t.way = video;
  EXPECT_EQ(how_words(t, "en"), "You take part by video. Use your link to join.");
  t.held_on = "Other Meetings";
  EXPECT_EQ(how_words(t, "en"), "You take part by video, with Other Meetings. Your team tells you how to join.");
  t.join_address = true;
  EXPECT_EQ(how_words(t, "en"), "You take part by video, with Other Meetings. Use your link to see how to join.") << "the address is behind the link";
  EXPECT_THAT(how_words(t, "cy"), HasSubstr("gyda Other Meetings. Defnyddiwch eich dolen"));
  t.way = phone;
  EXPECT_THAT(how_words(t, "en"), HasSubstr("You take part by phone. Call us on 01632 960 001"));
  t.by_phone = "Ring 01632 960 100, then type 1234.";
  EXPECT_EQ(how_words(t, "en"), "You take part by phone. How to join: Ring 01632 960 100, then type 1234.");
  EXPECT_THAT(how_words(t, "cy"), HasSubstr("Sut i ymuno: Ring 01632"));
  t.way = video;
  EXPECT_THAT(how_words(t, "en"), Not(HasSubstr("960 100"))) << "to nobody who does not ring";
  t.way = {};
  t.ways = {video};
  t.held_on = "quietroom";
  EXPECT_EQ(how_words(t, "en"), "You take part by video. Use your link to join.") << "the only way is the way";
  t.supporter = true;
  EXPECT_EQ(how_words(t, "en"), "Use your link to join by video.");
  t.ways = {in_person};
  EXPECT_THAT(how_words(t, "en"), Not(HasSubstr("Rowan"))) << "a supporter sees the dates";
}

TEST(Calendar, says_a_place_only_where_it_is_given_one) {
  auto e = entry();
  EXPECT_THAT(calendar_text(e), Not(HasSubstr("\nLOCATION")));
  e.location = "Rowan House, 4 Mill Lane";
  EXPECT_THAT(calendar_text(e), HasSubstr("LOCATION:Rowan House\\, 4 Mill Lane"));
}

}  // namespace
}  // namespace interop
