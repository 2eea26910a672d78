// SPDX-License-Identifier: Apache-2.0
// JSON (RFC 8259) to structs and back, over Boost.JSON. A struct lists its fields once, in `static constexpr auto fields()`;
// reading reports every problem, each with its JSON pointer (RFC 6901), never the value that was wrong. Strict reading
// refuses unknown fields, tolerant reading skips them. Not here: schemas, comments, streaming; of a key given twice the last
// counts. Invariant: input never throws, whatever it holds. std::optional is a field that may be missing; Nullable is one
// that must be there and may be null. Values only: any thread.
#pragma once
#include <array>
#include <boost/json/value.hpp>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/redacted.h"
#include "base/result.h"

namespace base::json {

using Value = boost::json::value;

enum class Fault : std::uint8_t { not_json, too_large, wrong_type, missing, unknown_field, out_of_bounds, unknown_value };
[[nodiscard]] std::string_view to_string(Fault fault);

// The pointer may hold a key that a stranger chose, so it is redacted in logs.
struct Problem {
  Redacted<std::string> pointer;
  Fault fault = Fault::not_json;
  bool operator==(const Problem&) const = default;
};
using Problems = std::vector<Problem>;

enum class Mode : std::uint8_t { strict, tolerant };
struct Limits {
  std::size_t bytes = std::size_t{16} * 1024;
  std::size_t depth = 16;
};
inline constexpr std::size_t kMostProblems = 32;

// Text to a value, within limits. The pointer of a syntax error is the whole document ("").
[[nodiscard]] Result<Value, Problem> parse(std::string_view text, const Limits& limits);
[[nodiscard]] std::string print(const Value& value);

// For numbers and ids the value, for texts the length in bytes, for lists the length. Both ends are allowed.
struct Bounds {
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
};

template <class Owner, class Member>
struct Field {
  std::string_view name;
  Member Owner::* member;
  Bounds bounds;
};
template <class Owner, class Member>
constexpr Field<Owner, Member> field(std::string_view name, Member Owner::* member, Bounds bounds = {}) {
  return {name, member, bounds};
}

// Always written, as null where empty.
template <class T>
struct Nullable {
  std::optional<T> value;
  bool operator==(const Nullable&) const = default;
};

// Where the reader stands and what it found wrong.
class Reader {
 public:
  explicit Reader(Mode mode) : mode_(mode) {}
  [[nodiscard]] Mode mode() const { return mode_; }
  [[nodiscard]] bool ok() const { return problems_.empty(); }
  [[nodiscard]] const Problems& problems() const { return problems_; }
  void fault(Fault fault);
  void fault_at(std::string_view key, Fault fault);
  template <class F>
  void inside(std::string_view key, F&& read) {
    const std::size_t before = pointer_.size();
    push(key);
    std::forward<F>(read)();
    pointer_.resize(before);
  }

 private:
  void push(std::string_view key);
  Mode mode_;
  std::string pointer_;
  Problems problems_;
};

// How a type is read and written; specialise it for a type with a form of its own.
template <class T>
struct Codec;

template <class T>
concept Described = requires { T::fields(); };

// An enum says its names by `constexpr auto json_names(E)`, an array of {value, name}, beside the enum.
template <class E>
concept Named = std::is_enum_v<E> && requires(E e) { json_names(e); };
template <class E>
using Names = std::pair<E, std::string_view>;

template <Named E>
[[nodiscard]] constexpr std::string_view name_of(E value) {
  for (const auto& [each, name] : json_names(value))
    if (each == value) return name;
  return {};
}

template <>
struct Codec<bool> {
  static void read(Reader& in, const Value& v, bool& into, const Bounds&) {
    if (const bool* b = v.if_bool()) {
      into = *b;
    } else {
      in.fault(Fault::wrong_type);
    }
  }
  static Value write(bool v) { return v; }
};

template <std::integral T>
  requires(!std::same_as<T, bool>)
struct Codec<T> {
  static void read(Reader& in, const Value& v, T& into, const Bounds& bounds) {
    std::int64_t n = 0;
    if (const auto* i = v.if_int64()) {
      n = *i;
    } else if (v.is_uint64()) {
      return in.fault(Fault::out_of_bounds);  // above the signed range: nothing of ours is
    } else {
      return in.fault(Fault::wrong_type);
    }
    if (n < bounds.least || n > bounds.most || !std::in_range<T>(n)) return in.fault(Fault::out_of_bounds);
    into = static_cast<T>(n);
  }
  static Value write(T v) { return static_cast<std::int64_t>(v); }
};

template <>
struct Codec<double> {
  static void read(Reader& in, const Value& v, double& into, const Bounds& bounds);
  static Value write(double v);  // whole numbers without a fraction
};

template <>
struct Codec<std::string> {
  static void read(Reader& in, const Value& v, std::string& into, const Bounds& bounds);
  static Value write(const std::string& v) { return Value(v); }
};

template <class Tag, class Rep>
struct Codec<Id<Tag, Rep>> {
  static void read(Reader& in, const Value& v, Id<Tag, Rep>& into, const Bounds& bounds) {
    Codec<Rep>::read(in, v, into.value, {.least = std::max<std::int64_t>(bounds.least, 1), .most = bounds.most});
  }
  static Value write(const Id<Tag, Rep>& v) { return Codec<Rep>::write(v.value); }
};

template <class T>
struct Codec<Redacted<T>> {
  static void read(Reader& in, const Value& v, Redacted<T>& into, const Bounds& bounds) {
    Codec<T>::read(in, v, into.get(), bounds);
  }
  static Value write(const Redacted<T>& v) { return Codec<T>::write(v.get()); }
};

template <class T>
struct Codec<Nullable<T>> {
  static void read(Reader& in, const Value& v, Nullable<T>& into, const Bounds& bounds) {
    into.value.reset();
    if (!v.is_null()) Codec<T>::read(in, v, into.value.emplace(), bounds);
  }
  static Value write(const Nullable<T>& v) { return v.value ? Codec<T>::write(*v.value) : Value(nullptr); }
};

template <class T>
struct Codec<std::vector<T>> {
  static void read(Reader& in, const Value& v, std::vector<T>& into, const Bounds& bounds) {
    const auto* list = v.if_array();
    if (list == nullptr) return in.fault(Fault::wrong_type);
    if (std::cmp_greater(list->size(), bounds.most) || std::cmp_less(list->size(), bounds.least))
      return in.fault(Fault::out_of_bounds);
    into.assign(list->size(), T{});
    for (std::size_t i = 0; i < list->size(); ++i)
      in.inside(std::to_string(i), [&] { Codec<T>::read(in, (*list)[i], into[i], {}); });
  }
  static Value write(const std::vector<T>& v) {
    boost::json::array out;
    out.reserve(v.size());
    for (const T& each : v) out.push_back(Codec<T>::write(each));
    return out;
  }
};

template <Named E>
struct Codec<E> {
  static void read(Reader& in, const Value& v, E& into, const Bounds&) {
    const auto* text = v.if_string();
    if (text == nullptr) return in.fault(Fault::wrong_type);
    for (const auto& [value, name] : json_names(E{}))
      if (name == std::string_view(*text)) {
        into = value;
        return;
      }
    in.fault(Fault::unknown_value);
  }
  static Value write(E v) { return Value(name_of(v)); }
};

namespace detail {
template <class Owner, class Member>
void read_field(Reader& in, const boost::json::object& from, Owner& into, const Field<Owner, Member>& f) {
  const Value* v = from.if_contains(f.name);
  if (v == nullptr) return in.fault_at(f.name, Fault::missing);
  in.inside(f.name, [&] { Codec<Member>::read(in, *v, into.*f.member, f.bounds); });
}
template <class Owner, class Member>
void read_field(Reader& in, const boost::json::object& from, Owner& into, const Field<Owner, std::optional<Member>>& f) {
  (into.*f.member).reset();
  if (const Value* v = from.if_contains(f.name))
    in.inside(f.name, [&] { Codec<Member>::read(in, *v, (into.*f.member).emplace(), f.bounds); });
}
template <class Owner, class Member>
void write_field(boost::json::object& out, const Owner& from, const Field<Owner, Member>& f) {
  out.emplace(f.name, Codec<Member>::write(from.*f.member));
}
template <class Owner, class Member>
void write_field(boost::json::object& out, const Owner& from, const Field<Owner, std::optional<Member>>& f) {
  if (from.*f.member) out.emplace(f.name, Codec<Member>::write(*(from.*f.member)));
}
}  // namespace detail

// Reads the fields of `into`. `tag` is a key that the caller has read itself, such as "type".
template <Described T>
void read_object(Reader& in, const boost::json::object& from, T& into, std::string_view tag = {}) {
  std::apply([&](const auto&... f) { (detail::read_field(in, from, into, f), ...); }, T::fields());
  if (in.mode() == Mode::tolerant) return;
  for (const auto& [key, value] : from) {
    const std::string_view name = key;
    const bool known = std::apply([&](const auto&... f) { return (false || ... || (f.name == name)); }, T::fields());
    if (!known && (tag.empty() || name != tag)) in.fault_at(name, Fault::unknown_field);
  }
}

template <Described T>
void write_object(boost::json::object& out, const T& from) {
  std::apply([&](const auto&... f) { (detail::write_field(out, from, f), ...); }, T::fields());
}

template <Described T>
struct Codec<T> {
  static void read(Reader& in, const Value& v, T& into, const Bounds&) {
    if (const auto* object = v.if_object()) {
      read_object(in, *object, into);
    } else {
      in.fault(Fault::wrong_type);
    }
  }
  static Value write(const T& v) {
    boost::json::object out;
    write_object(out, v);
    return out;
  }
};

// A whole document as a T, or everything that is wrong with it.
template <class T>
[[nodiscard]] Result<T, Problems> read(std::string_view text, Mode mode, const Limits& limits = {}) {
  const auto value = parse(text, limits);
  if (!value) return std::unexpected(Problems{value.error()});
  Reader in(mode);
  T out{};
  Codec<T>::read(in, *value, out, {});
  if (!in.ok()) return std::unexpected(in.problems());
  return out;
}
template <class T>
[[nodiscard]] std::string write(const T& value) {
  return print(Codec<T>::write(value));
}

}  // namespace base::json
