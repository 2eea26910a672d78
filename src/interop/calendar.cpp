// SPDX-License-Identifier: Apache-2.0
// See calendar.h.
#include "interop/calendar.h"

#include <libical/ical.h>

#include <memory>

#include "care/zone.h"

namespace interop {
namespace {

struct Free {
  void operator()(icalcomponent* c) const { icalcomponent_free(c); }
};
using Component = std::unique_ptr<icalcomponent, Free>;

// The clock on the wall `minutes` later, which is an hour off where the clocks change in between.
std::string end_of(const CalendarEntry& e, care::LocalDate date, care::ClockTime time) {
  const auto zone = care::Zone::find(e.zone);
  if (!zone) return {};
  const auto end = zone->shown_at({zone->place(date, time).at.us + e.minutes * 60'000'000});
  return care::to_text(end.date) + "T" + care::to_text(end.time);
}
// "2026-11-23T14:00"
struct icaltimetype on_the_wall(std::string text) {
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return icaltime_from_string((text + "00").c_str());
}

struct icaltimetype utc(base::WallTime at) {
  return icaltime_from_timet_with_zone(static_cast<time_t>(at.us / 1'000'000), 0, icaltimezone_get_utc_timezone());
}

// A local time that names its zone by TZID (RFC 5545 section 3.3.5, form 3).
icalproperty* local(icalproperty* property, const std::string& zone) {
  icalproperty_add_parameter(property, icalparameter_new_tzid(zone.c_str()));
  return property;
}

}  // namespace

std::string calendar_text(const CalendarEntry& e) {
  const auto date = care::parse_local_date(e.date);
  const auto time = care::parse_clock_time(e.time);
  icaltimezone* zone = icaltimezone_get_builtin_timezone(e.zone.c_str());
  if (!date || !time || zone == nullptr || end_of(e, *date, *time).empty()) return {};
  Component calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  icalcomponent_add_property(calendar.get(), icalproperty_new_prodid("-//Quietroom//Quietroom//EN"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(calendar.get(), icalproperty_new_method(e.cancelled ? ICAL_METHOD_CANCEL : ICAL_METHOD_REQUEST));
  icalcomponent* rules = icalcomponent_new_clone(icaltimezone_get_component(zone));
  // libical names its own copy of a zone; the entry and calendars know it by the IANA name.
  if (icalproperty* tzid = icalcomponent_get_first_property(rules, ICAL_TZID_PROPERTY)) icalproperty_set_tzid(tzid, e.zone.c_str());
  icalcomponent_add_component(calendar.get(), rules);
  icalcomponent* event = icalcomponent_new(ICAL_VEVENT_COMPONENT);
  icalcomponent_add_component(calendar.get(), event);
  const struct icaltimetype start = on_the_wall(care::to_text(*date) + "T" + care::to_text(*time)), end = on_the_wall(end_of(e, *date, *time));
  icalcomponent_add_property(event, icalproperty_new_uid(e.uid.c_str()));
  icalcomponent_add_property(event, icalproperty_new_sequence(static_cast<int>(e.sequence)));
  icalcomponent_add_property(event, icalproperty_new_dtstamp(utc(e.stamped)));
  icalcomponent_add_property(event, local(icalproperty_new_dtstart(start), e.zone));
  icalcomponent_add_property(event, local(icalproperty_new_dtend(end), e.zone));
  icalcomponent_add_property(event, icalproperty_new_summary(e.summary.c_str()));
  if (!e.description.empty()) icalcomponent_add_property(event, icalproperty_new_description(e.description.c_str()));
  if (!e.location.empty()) icalcomponent_add_property(event, icalproperty_new_location(e.location.c_str()));
  // RFC 5546 section 3.2 asks for an organizer; attendees are left out, since they would name people.
  if (!e.organizer.empty()) icalcomponent_add_property(event, icalproperty_new_organizer(("mailto:" + e.organizer).c_str()));
  icalcomponent_add_property(event, icalproperty_new_status(e.cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
  icalcomponent_add_property(event, icalproperty_new_class(ICAL_CLASS_PRIVATE));
  char* text = icalcomponent_as_ical_string_r(calendar.get());
  std::string out = text == nullptr ? "" : text;
  icalmemory_free_buffer(text);
  return out;
}

}  // namespace interop
