// SPDX-License-Identifier: Apache-2.0
// A calendar entry of one session for one person (RFC 5545, RFC 5546): REQUEST, and again with a higher SEQUENCE where it moved,
// or CANCEL. Neutral: no group, no other person, no link (calendars are shared and synchronised); a place only for who comes in
// person. Not here: when to send it. Pure but for the zone rules, which are the system's; any thread.
#pragma once
#include <string>

#include "base/instant.h"
#include "base/result.h"

namespace interop {

struct CalendarEntry {
  std::string uid;         // the same for one person and session, for ever
  std::int64_t sequence = 0;
  bool cancelled = false;
  std::string zone;        // IANA
  std::string date, time;  // "2026-11-23", "14:00", in the zone
  std::int64_t minutes = 0;
  std::string summary, description;
  std::string location{};  // empty: none
  std::string organizer;   // the service's own address; empty: none
  base::WallTime stamped;
};
// Text of a VCALENDAR with its VTIMEZONE, lines folded and ended by CRLF; empty where date, time or zone are none.
[[nodiscard]] std::string calendar_text(const CalendarEntry& entry);

}  // namespace interop
