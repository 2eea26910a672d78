// SPDX-License-Identifier: Apache-2.0
// See retention.h.
#include "care/retention.h"

#include <fmt/format.h>

#include <algorithm>

namespace care {
namespace {

using enum Kept;
constexpr Period years(std::int64_t n) { return {n, KeptUnit::years}; }
constexpr Period months(std::int64_t n) { return {n, KeptUnit::months}; }
constexpr Period days(std::int64_t n) { return {n, KeptUnit::days}; }
constexpr Period with_record{};

constexpr std::array<KeptKind, kKept> kKinds{{
    {people, "people", How::subject, years(20), years(1), false},
    {people_who_died, "people_who_died", How::setting, years(10), years(1), false},
    {young_people, "young_people", How::setting, years(25), years(18), false},
    {groups, "groups", How::subject, years(20), years(1), false},
    {preparation, "preparation", How::older, with_record, months(6), true},
    {attendance, "attendance", How::older, with_record, years(1), true},
    {supporters, "supporters", How::older, years(2), months(1), true},
    {messages, "messages", How::older, years(2), months(1), true},
    {told, "told", How::older, months(6), months(1), true},
    {links, "links", How::older, months(6), months(1), true},
    {break_glass, "break_glass", How::older, years(8), years(1), true},
    {reasons, "reasons", How::older, years(8), years(1), true},
    {audit, "audit", How::older, years(20), years(1), false},
    {sign_ins, "sign_ins", How::older, years(1), months(1), false},
    {set_up, "set_up", How::older, months(6), months(1), false},
    {closed_accounts, "closed_accounts", How::older, months(6), months(1), false},
    {runs, "runs", How::older, years(20), years(1), false},
    {notice, "notice", How::setting, days(30), days(7), false},
    {places, "places", How::standing, with_record, with_record, false},
    {technical, "technical", How::standing, days(1), days(1), false},
    {with_what_it_shows, "with_what_it_shows", How::standing, with_record, with_record, false},
}};
constexpr bool in_order() {
  for (std::size_t i = 0; i < kKinds.size(); ++i)
    if (kKinds[i].kind != static_cast<Kept>(i)) return false;
  return true;
}
static_assert(in_order());

constexpr std::int64_t kDay = std::int64_t{24} * 3'600 * 1'000'000;
constexpr std::int64_t kMostYears = 100;

constexpr std::array kTables = std::to_array<TableKept>({
    {"migration", std::nullopt, "which form the database has; nobody's"},
    {"data_key", std::nullopt, "wrapped keys: without them nothing sealed opens"},
    {"audit_head", std::nullopt, "where the chain of the audit trail ends"},
    {"audit_start", std::nullopt, "where the chain of the audit trail begins"},
    {"audit", audit, ""},
    {"reason_note", reasons, ""},
    {"idempotency", technical, ""},
    {"trust", std::nullopt, "the trust's own set-up; no person in it"},
    {"service", std::nullopt, "the trust's own set-up; no person in it"},
    {"team", std::nullopt, "the trust's own set-up; no person in it"},
    {"staff", std::nullopt, "who wrote what in records and the audit trail is told by this name, for as long as any of them is kept"},
    {"staff_role", std::nullopt, "as what somebody acted, for as long as the name is kept"},
    {"person", people, ""},
    {"person_need", people, ""},
    {"person_search", people, ""},
    {"postcode_decile", std::nullopt, "a table of places that the trust loads; no person in it"},
    {"therapy_group", groups, ""},
    {"group_facilitator", groups, ""},
    {"series", groups, ""},
    {"session", groups, ""},
    {"session_joining", groups, ""},
    {"group_agreement", groups, ""},
    {"call_visit", groups, ""},
    {"call_refusal", std::nullopt, "counts of a day; no person in them"},
    {"membership", people, ""},
    {"membership_step", people, ""},
    {"agreement_acceptance", people, ""},
    {"supporter_agreement", supporters, ""},
    {"supporter_attendance", supporters, ""},
    {"safety_alert", people, ""},
    {"safety_alert_step", people, ""},
    {"supporter", supporters, ""},
    {"attendance", attendance, ""},
    {"attendance_correction", attendance, ""},
    {"preparation", preparation, ""},
    {"seat_pass", technical, ""},
    {"account", closed_accounts, ""},
    {"recovery_code", set_up, ""},
    {"set_up_link", set_up, ""},
    {"sign_in", sign_ins, ""},
    {"sign_in_tries", technical, ""},
    {"provider_start", technical, ""},
    {"break_glass", break_glass, ""},
    {"staff_notice", break_glass, ""},
    {"personal_link", links, ""},
    {"link_visit", technical, ""},
    {"room_session", std::nullopt, "rooms of the demonstration, invented, made anew with it"},
    {"booking", std::nullopt, "seats of the demonstration, invented, made anew with it"},
    {"message", messages, ""},
    {"message_told", told, ""},
    {"message_words", std::nullopt, "a team's own words, in use; no person in them"},
    {"message_words_version", std::nullopt, "what a team's own words were before; no person in them"},
    {"contact_change", people, ""},
    {"today_place", places, ""},
    {"place_hold", places, ""},
    {"retention_rule", std::nullopt, "the trust's periods, in use"},
    {"retention_state", std::nullopt, "the day of the last run"},
    {"retention_notice", with_what_it_shows, ""},
    {"retention_run", runs, ""},
    {"legal_hold", people, ""},
});

std::chrono::sys_days to_days(base::WallTime at) {
  return std::chrono::floor<std::chrono::days>(std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(at.us)));
}
base::WallTime to_wall(Date date) {
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return {std::chrono::sys_days(date).time_since_epoch().count() * kDay};
}
base::WallTime shifted(base::WallTime from, const Period& p, int sign) {
  const auto amount = static_cast<int>(p.amount) * sign;
  switch (p.unit) {
    case KeptUnit::days: return {day_of(from).us + amount * kDay};
    case KeptUnit::months: return to_wall(Date(to_days(from)) + std::chrono::months(amount));
    case KeptUnit::years: return to_wall(Date(to_days(from)) + std::chrono::years(amount));
    case KeptUnit::with_record: break;
  }
  return from;
}
// For comparing alone: a month is at least 28 days, a year at least 365.
std::int64_t least_days(const Period& p) {
  switch (p.unit) {
    case KeptUnit::days: return p.amount;
    case KeptUnit::months: return p.amount * 28;
    case KeptUnit::years: return p.amount * 365;
    case KeptUnit::with_record: break;
  }
  return 0;
}

}  // namespace

std::span<const KeptKind> kept_kinds() { return kKinds; }
const KeptKind& kind_of(Kept kind) { return kKinds[static_cast<std::size_t>(kind)]; }
std::string_view to_text(Kept kind) { return kind_of(kind).name; }
std::optional<Kept> parse_kept(std::string_view name) {
  const auto at = std::ranges::find(kKinds, name, &KeptKind::name);
  return at == kKinds.end() ? std::nullopt : std::optional(at->kind);
}
std::span<const TableKept> tables_kept() { return kTables; }

Periods standard_periods() {
  Periods out;
  for (const auto& k : kKinds) out[k.kind] = k.standard;
  return out;
}

std::optional<FieldFault> fault_in(const KeptKind& kind, const Period& wanted) {
  if (wanted.unit == KeptUnit::with_record) {
    if (kind.may_follow_record) return std::nullopt;
    return FieldFault{"/unit", "unit", "Choose days, months or years"};
  }
  if (kind.kind == notice && wanted.unit != KeptUnit::days) return FieldFault{"/unit", "unit", "Choose days"};
  if ((kind.kind == young_people || kind.kind == people_who_died) && wanted.unit != KeptUnit::years)
    return FieldFault{"/unit", "unit", "Choose years"};
  if (least_days(wanted) < least_days(kind.least)) return FieldFault{"/amount", "too-short", "This is shorter than may be chosen here"};
  // Longer than it is shown beforehand, so that everything is.
  if (kind.kind == notice ? wanted.amount > 366 : least_days(wanted) > kMostYears * 366)
    return FieldFault{"/amount", "too-long", "This is longer than may be chosen here"};
  return std::nullopt;
}

base::WallTime day_of(base::WallTime at) { return {to_days(at).time_since_epoch().count() * kDay}; }
base::WallTime after(base::WallTime from, const Period& p) { return shifted(from, p, 1); }
base::WallTime before(base::WallTime from, const Period& p) { return shifted(from, p, -1); }
std::string day_text(base::WallTime at) {
  const Date d(to_days(at));
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(d.year()), static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
}

base::WallTime record_ends(const LastKnown& known, const Periods& periods) {
  base::WallTime ends = after(known.contact, periods[people]);
  if (known.died) ends = std::min(ends, after(to_wall(*known.died), periods[people_who_died]));
  // A child's record stays until they are grown, whatever else is said; who died needs no such time.
  if (known.born && !known.died) ends = std::max(ends, after(to_wall(*known.born), periods[young_people]));
  return ends;
}

base::WallTime goes_on(base::WallTime ends, base::WallTime now, const Periods& periods) {
  const base::WallTime shown = after(now, periods[notice]);
  return day_of(ends) < shown ? shown : day_of(ends);
}

}  // namespace care
