// SPDX-License-Identifier: Apache-2.0
#include "care/zone.h"

#include <gtest/gtest.h>

#include "care/series.h"

namespace {

using namespace care;

struct ClockCase {
  const char *zone, *date, *time, *shown_date, *shown_time, *utc;
  bool moved;
};
// The changes of 2026 and 2027 as the authorities announced them: 29 March and 25 October 2026, 28 March and 31 October 2027 in
// Europe at 01:00 UTC; 8 March and 1 November 2026, 14 March and 7 November 2027 in the United States at 02:00 local time.
constexpr ClockCase kCases[] = {
    {"Europe/London", "2026-03-28", "14:00", "2026-03-28", "14:00", "2026-03-28T14:00:00Z", false},
    {"Europe/London", "2026-03-29", "00:59", "2026-03-29", "00:59", "2026-03-29T00:59:00Z", false},
    {"Europe/London", "2026-03-29", "01:00", "2026-03-29", "02:00", "2026-03-29T01:00:00Z", true},
    {"Europe/London", "2026-03-29", "01:30", "2026-03-29", "02:00", "2026-03-29T01:00:00Z", true},
    {"Europe/London", "2026-03-29", "02:00", "2026-03-29", "02:00", "2026-03-29T01:00:00Z", false},
    {"Europe/London", "2026-03-29", "14:00", "2026-03-29", "14:00", "2026-03-29T13:00:00Z", false},
    {"Europe/London", "2026-10-25", "00:30", "2026-10-25", "00:30", "2026-10-24T23:30:00Z", false},
    {"Europe/London", "2026-10-25", "01:30", "2026-10-25", "01:30", "2026-10-25T00:30:00Z", false},
    {"Europe/London", "2026-10-25", "02:00", "2026-10-25", "02:00", "2026-10-25T02:00:00Z", false},
    {"Europe/London", "2027-03-28", "01:59", "2027-03-28", "02:00", "2027-03-28T01:00:00Z", true},
    {"Europe/London", "2027-10-31", "01:00", "2027-10-31", "01:00", "2027-10-31T00:00:00Z", false},
    {"America/New_York", "2026-03-08", "02:30", "2026-03-08", "03:00", "2026-03-08T07:00:00Z", true},
    {"America/New_York", "2026-11-01", "01:30", "2026-11-01", "01:30", "2026-11-01T05:30:00Z", false},
    {"America/New_York", "2027-03-14", "02:00", "2027-03-14", "03:00", "2027-03-14T07:00:00Z", true},
    {"America/New_York", "2027-11-07", "01:59", "2027-11-07", "01:59", "2027-11-07T05:59:00Z", false},
    {"America/New_York", "2027-11-07", "02:00", "2027-11-07", "02:00", "2027-11-07T07:00:00Z", false},
    {"Europe/Lisbon", "2026-03-29", "01:15", "2026-03-29", "02:00", "2026-03-29T01:00:00Z", true},
    {"Europe/Lisbon", "2026-10-25", "01:15", "2026-10-25", "01:15", "2026-10-25T00:15:00Z", false},
    {"Europe/Lisbon", "2027-03-28", "18:00", "2027-03-28", "18:00", "2027-03-28T17:00:00Z", false},
    {"Europe/Lisbon", "2027-10-31", "18:00", "2027-10-31", "18:00", "2027-10-31T18:00:00Z", false},
    {"Etc/UTC", "2026-03-29", "01:30", "2026-03-29", "01:30", "2026-03-29T01:30:00Z", false},
    {"Etc/UTC", "2027-10-31", "01:30", "2027-10-31", "01:30", "2027-10-31T01:30:00Z", false},
};

TEST(Zone, places_clock_times_rightly_across_the_changes_of_2026_and_2027) {
  for (const auto& c : kCases) {
    const auto zone = Zone::find(c.zone);
    ASSERT_TRUE(zone) << c.zone;
    const Placed p = zone->place(parse_local_date(c.date).value(), parse_clock_time(c.time).value());
    const std::string which = std::string(c.zone) + " " + c.date + " " + c.time;
    EXPECT_EQ(to_text(p.date), c.shown_date) << which;
    EXPECT_EQ(to_text(p.time), c.shown_time) << which;
    EXPECT_EQ(iso_text(p.at), c.utc) << which;
    EXPECT_EQ(p.moved, c.moved) << which;
    const Placed back = zone->shown_at(p.at);
    EXPECT_EQ(to_text(back.date) + to_text(back.time), std::string(c.shown_date) + c.shown_time) << which;
  }
}

TEST(Zone, knows_the_zones_of_the_system_and_no_file_names) {
  for (const char* good : {"Europe/London", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC"}) EXPECT_TRUE(Zone::find(good)) << good;
  for (const char* bad : {"", "London", "Europe/Atlantis", "../../etc/passwd", "/etc/localtime", "Europe/London ", "Europe"})
    EXPECT_FALSE(Zone::find(bad)) << bad;
}

TEST(Zone, reads_dates_and_times_that_exist_alone) {
  for (const char* good : {"2026-02-28", "2028-02-29", "1970-01-01", "2199-12-31"}) EXPECT_EQ(to_text(parse_local_date(good).value()), good);
  for (const char* bad : {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-01-01", "2026-01-32", "2026/01/01", "1969-12-31", "", "2026-01-0x"})
    EXPECT_FALSE(parse_local_date(bad)) << bad;
  for (const char* good : {"00:00", "23:59", "09:05"}) EXPECT_EQ(to_text(parse_clock_time(good).value()), good);
  for (const char* bad : {"24:00", "12:60", "9:00", "", "12.00", "-1:00"}) EXPECT_FALSE(parse_clock_time(bad)) << bad;
  EXPECT_EQ(iso_text(parse_iso("2026-11-23T14:00:07Z").value()), "2026-11-23T14:00:07Z");
  for (const char* bad : {"2026-11-23T14:00:00", "2026-11-23 14:00:00Z", "2026-11-23T14:00:60Z", "2026-11-31T14:00:00Z", ""}) EXPECT_FALSE(parse_iso(bad)) << bad;
}

const base::WallTime kNow = parse_iso("2026-09-21T12:00:00Z").value();
NewSeries series() { return {.first_date = "2026-10-11", .start_time = "14:00", .minutes = 90, .every_days = 7, .count = 4, .exceptions = {}}; }
const Zone kLondon = Zone::find("Europe/London").value();

TEST(Series, a_weekly_session_keeps_its_clock_time_when_the_clocks_go_back) {
  const auto made = sessions_of(series(), kLondon, kNow);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->size(), 4U);
  const char* starts[] = {"2026-10-11T13:00:00Z", "2026-10-18T13:00:00Z", "2026-10-25T14:00:00Z", "2026-11-01T14:00:00Z"};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(iso_text((*made)[i].starts), starts[i]);
    EXPECT_EQ(to_text((*made)[i].time), "14:00");
    EXPECT_EQ((*made)[i].ends.us - (*made)[i].starts.us, std::int64_t{90} * 60 * 1'000'000);
    EXPECT_FALSE((*made)[i].clock_change);
  }
}

TEST(Series, a_session_in_the_hour_that_is_skipped_says_so) {
  auto wanted = series();
  wanted.first_date = "2027-03-21";
  wanted.start_time = "01:30";
  wanted.count = 2;
  const auto made = sessions_of(wanted, kLondon, kNow);
  ASSERT_TRUE(made);
  EXPECT_FALSE((*made)[0].clock_change);
  EXPECT_TRUE((*made)[1].clock_change);
  EXPECT_EQ(to_text((*made)[1].time), "02:00");
}

TEST(Series, leaves_out_its_exceptions) {
  auto wanted = series();
  wanted.exceptions = {"2026-10-18"};
  const auto made = sessions_of(wanted, kLondon, kNow);
  ASSERT_TRUE(made);
  ASSERT_EQ(made->size(), 3U);
  EXPECT_EQ(to_text((*made)[1].date), "2026-10-25");
}

struct BadSeries {
  const char* pointer;
  const char* code;
  void (*spoil)(NewSeries&);
};
TEST(Series, says_at_the_field_what_is_wrong) {
  const BadSeries cases[] = {
      {"/firstDate", "date", [](NewSeries& s) { s.first_date = "2026-02-30"; }},
      {"/firstDate", "far", [](NewSeries& s) { s.first_date = "2020-01-01"; }},
      {"/firstDate", "far", [](NewSeries& s) { s.first_date = "2099-01-01"; }},
      {"/startTime", "time", [](NewSeries& s) { s.start_time = "25:00"; }},
      {"/minutes", "out-of-bounds", [](NewSeries& s) { s.minutes = 9; }},
      {"/minutes", "out-of-bounds", [](NewSeries& s) { s.minutes = 481; }},
      {"/everyDays", "out-of-bounds", [](NewSeries& s) { s.every_days = 0; }},
      {"/count", "out-of-bounds", [](NewSeries& s) { s.count = 105; }},
      {"/count", "far", [](NewSeries& s) { s.every_days = 366; s.count = 104; }},
      {"/exceptions/0", "not-in-series", [](NewSeries& s) { s.exceptions = {"2026-10-12"}; }},
      {"/exceptions/1", "not-in-series", [](NewSeries& s) { s.exceptions = {"2026-10-18", "2026-10-18"}; }},
      {"/exceptions", "none-left", [](NewSeries& s) { s.count = 1; s.exceptions = {"2026-10-11"}; }},
  };
  for (const auto& c : cases) {
    auto wanted = series();
    c.spoil(wanted);
    const auto made = sessions_of(wanted, kLondon, kNow);
    ASSERT_FALSE(made) << c.pointer << " " << c.code;
    EXPECT_EQ(made.error()[0].pointer + " " + made.error()[0].code, std::string(c.pointer) + " " + c.code);
  }
}

}  // namespace
