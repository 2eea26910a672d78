// SPDX-License-Identifier: Apache-2.0
// How long what is kept: a period per kind of data, which a trust may change, and which table each kind is the rule for. The figures
// are those of the NHS Records Management Code where it has one (docs/operations.md, marked "(confirm)"). Not here: SQL, holds, the
// daily run. Invariants: every table has a kind or a reason to be exempt (retention_test); nothing that is somebody's record has a
// period shorter than it must be shown beforehand. Days are UTC days. Pure; any thread.
#pragma once
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/result.h"
#include "care/person.h"

namespace care {

enum class Kept : std::uint8_t {
  people,           // the whole record, after the last contact
  people_who_died,  // the whole record, after the death
  young_people,     // the whole record, until this age at least
  groups,           // after the last session, once no member's record is left
  preparation, attendance, supporters, messages, told, links, break_glass, reasons, audit, sign_ins, set_up, closed_accounts, runs,
  notice,           // how long beforehand everything is shown
  places, technical, with_what_it_shows,  // go by themselves within hours or days
};
inline constexpr std::size_t kKept = 21;

enum class KeptUnit : std::uint8_t { days, months, years, with_record };
constexpr auto json_names(KeptUnit) {
  using enum KeptUnit;
  return std::array<base::json::Names<KeptUnit>, 4>{{{days, "days"}, {months, "months"}, {years, "years"}, {with_record, "with_record"}}};
}
struct Period {
  std::int64_t amount = 0;
  KeptUnit unit = KeptUnit::with_record;  // with_record: as long as the person's record
  bool operator==(const Period&) const = default;
};

// subject: shown and deleted record by record. older: all that is older than a moment. setting: a figure that the others go by.
// standing: of hours or days, deleted as it gets old; no trust sets it here.
enum class How : std::uint8_t { subject, older, setting, standing };
struct KeptKind {
  Kept kind;
  std::string_view name;
  How how;
  Period standard;
  Period least;           // a shorter one is refused
  bool may_follow_record; // with_record is an answer
};
[[nodiscard]] std::span<const KeptKind> kept_kinds();
[[nodiscard]] const KeptKind& kind_of(Kept);
[[nodiscard]] std::optional<Kept> parse_kept(std::string_view name);
[[nodiscard]] std::string_view to_text(Kept);

// Every table, with the kind whose rule its rows go by, or why they stay.
struct TableKept {
  std::string_view table;
  std::optional<Kept> kind;
  std::string_view exempt;
};
[[nodiscard]] std::span<const TableKept> tables_kept();

// What the trust has chosen, or the program's.
struct Periods {
  std::array<Period, kKept> of{};
  [[nodiscard]] const Period& operator[](Kept k) const { return of[static_cast<std::size_t>(k)]; }
  [[nodiscard]] Period& operator[](Kept k) { return of[static_cast<std::size_t>(k)]; }
};
[[nodiscard]] Periods standard_periods();
// The fault of a period that somebody wants for a kind; nothing: it may be.
[[nodiscard]] std::optional<FieldFault> fault_in(const KeptKind& kind, const Period& wanted);

// Calendar arithmetic: the day of a moment, a day before or after by a period (29 February and 31sts fall back to the month's last day).
[[nodiscard]] base::WallTime day_of(base::WallTime at);
[[nodiscard]] base::WallTime after(base::WallTime from, const Period& period);
[[nodiscard]] base::WallTime before(base::WallTime from, const Period& period);
[[nodiscard]] std::string day_text(base::WallTime at);  // "2026-11-23"

// When a person's record has had its time.
struct LastKnown {
  base::WallTime contact;
  std::optional<Date> born, died;
};
[[nodiscard]] base::WallTime record_ends(const LastKnown& known, const Periods& periods);
// When what has had its time on `ends` goes: on that day, and never before it was shown for as long as the rule says.
[[nodiscard]] base::WallTime goes_on(base::WallTime ends, base::WallTime now, const Periods& periods);

}  // namespace care
