// SPDX-License-Identifier: Apache-2.0
// A person's wish to be reached in another way, or at other hours: what it must hold, what the record is once it is confirmed, and how a code is made,
// compared and used up. Not here: SQL (contact_change_table), sending the code, who may confirm. Invariant: what is confirmed
// changes the way and the one address or number that it needs, or the safe hours, and nothing else of the record. Pure; any thread.
#pragma once
#include "care/person.h"
#include "interop/message.h"

namespace interop {

struct WantedContact {
  base::json::Nullable<Channel> method{};             // null: the way stays as it is
  base::Redacted<std::string> to;                     // an address or number; of a letter nothing
  std::vector<base::Redacted<std::string>> address;   // of a letter: lines
  base::Redacted<std::string> postcode;
  std::optional<std::vector<care::SafeHours>> hours{};  // missing: they stay as they are; empty: at any time
  static constexpr auto fields() {
    using base::json::field;
    using W = WantedContact;
    return std::tuple{field("method", &W::method), field("to", &W::to, {.least = 0, .most = 400}), field("address", &W::address, {.least = 0, .most = 20}),
                      field("postcode", &W::postcode, {.least = 0, .most = 20}), field("hours", &W::hours, {.least = 0, .most = 14})};
  }
};
// In the form in which it is kept; or every fault, each at the field that was typed in.
[[nodiscard]] base::Result<WantedContact, care::FieldFaults> settle(WantedContact typed);
// The record with it. Who gives an address themselves has confirmed that they live there.
[[nodiscard]] care::Identity applied(care::Identity before, const WantedContact& wanted, care::Date today);
// What the record says against the hours, at the fields of the wish.
[[nodiscard]] care::FieldFaults faults_of_hours(const care::FieldFaults& of_record);
// Whether the record says so already.
[[nodiscard]] bool says_already(const care::Identity& record, const WantedContact& wanted);

inline constexpr std::size_t kCodeDigits = 6;
// From that much entropy; every code is as likely as the others, near enough (2^64 is no multiple of 10^6).
[[nodiscard]] std::string code_from(std::uint64_t random);
// As it is typed: spaces and hyphens do not count.
[[nodiscard]] std::string code_key(std::string_view typed);

inline constexpr std::int64_t kMostWrongCodes = 5;
// Letters take days, and safe hours may be those of one day a week.
inline constexpr auto kChangeLasts = base::Duration::seconds(std::int64_t{14} * 24 * 3'600);
// So many wishes in so long; each may send a message.
inline constexpr std::int64_t kMostWishes = 3;
inline constexpr auto kWishesWithin = base::Duration::seconds(std::int64_t{24} * 3'600);

}  // namespace interop
