// SPDX-License-Identifier: Apache-2.0
// Ids of stored records: UUIDs of version 7 (RFC 9562 section 5.7) as text, one type a kind of record, so that a person's id
// is not taken for a group's. They sort by the time they were made, are the same on every database, and their 74 random bits
// keep them from being guessed (which nothing relies on). Not here: who may see the record.
#pragma once
#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/entropy.h"
#include "base/instant.h"
#include "base/json.h"

namespace base {

template <class Tag>
struct RecordId {
  std::string text;  // "0198c0de-0000-7000-8000-000000000000", or empty: none
  auto operator<=>(const RecordId&) const = default;
  [[nodiscard]] bool empty() const { return text.empty(); }
};

// Lower-case hexadecimal with its hyphens.
[[nodiscard]] bool is_uuid(std::string_view text);
[[nodiscard]] std::string new_uuid(Entropy& entropy, WallTime now);

template <class Id>
[[nodiscard]] Id new_id(Entropy& entropy, WallTime now) {
  return Id{new_uuid(entropy, now)};
}
template <class Id>
[[nodiscard]] std::optional<Id> parse_id(std::string_view text) {
  return is_uuid(text) ? std::optional(Id{std::string(text)}) : std::nullopt;
}

namespace json {
template <class Tag>
struct Codec<RecordId<Tag>> {
  static void read(Reader& in, const Value& v, RecordId<Tag>& into, const Bounds&) {
    const auto* text = v.if_string();
    if (text == nullptr) return in.fault(Fault::wrong_type);
    if (!is_uuid(std::string_view(*text))) return in.fault(Fault::unknown_value);
    into.text = std::string(std::string_view(*text));
  }
  static Value write(const RecordId<Tag>& v) { return Value(v.text); }
};
}  // namespace json

}  // namespace base

template <class Tag>
struct std::hash<base::RecordId<Tag>> {
  std::size_t operator()(const base::RecordId<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text); }
};
