// SPDX-License-Identifier: Apache-2.0
// The parts of the JSON reader that need no template: limits, pointers, numbers. See json.h.
#include "base/json.h"

#include <string.h>  // explicit_bzero

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace base::json {
namespace {

constexpr std::size_t kLongestPointer = 200;  // a pointer is for finding a mistake, not for carrying text back

// The largest magnitude up to which every whole number is exact in a double, and so in JavaScript.
constexpr double kExact = 9'007'199'254'740'992.0;

// Boost's parser works in an array on the stack, below its caller's frame. What was read would lie there until something else is
// written: secrets of connections among it.
[[gnu::noinline]] void erase_below() {
  std::array<char, 12 * 1024> area;  // NOLINT(cppcoreguidelines-pro-type-member-init): written next
  ::explicit_bzero(area.data(), area.size());
}

}  // namespace

std::string_view to_string(Fault fault) {
  switch (fault) {
    case Fault::not_json: return "not JSON";
    case Fault::too_large: return "too large";
    case Fault::wrong_type: return "wrong type";
    case Fault::missing: return "missing";
    case Fault::unknown_field: return "unknown field";
    case Fault::out_of_bounds: return "out of bounds";
    case Fault::unknown_value: return "unknown value";
  }
  return "";
}

Result<Value, Problem> parse(std::string_view text, const Limits& limits) {
  if (text.size() > limits.bytes) return std::unexpected(Problem{.pointer = {}, .fault = Fault::too_large});
  boost::json::parse_options options;
  options.max_depth = limits.depth;
  boost::json::error_code failed;
  Value value = boost::json::parse(boost::json::string_view(text.data(), text.size()), failed, {}, options);
  erase_below();
  if (failed) return std::unexpected(Problem{.pointer = {}, .fault = Fault::not_json});
  return value;
}

std::string print(const Value& value) { return boost::json::serialize(value); }

void Reader::fault(Fault fault) {
  if (problems_.size() < kMostProblems)
    problems_.push_back({Redacted<std::string>(pointer_.substr(0, kLongestPointer)), fault});
}

void Reader::fault_at(std::string_view key, Fault what) {
  inside(key, [&] { fault(what); });
}

// RFC 6901 section 3: "~" is written ~0 and "/" is written ~1.
void Reader::push(std::string_view key) {
  pointer_ += '/';
  for (const char c : key) {
    if (c == '~') {
      pointer_ += "~0";
    } else if (c == '/') {
      pointer_ += "~1";
    } else {
      pointer_ += c;
    }
  }
}

void Codec<double>::read(Reader& in, const Value& v, double& into, const Bounds& bounds) {
  if (!v.is_number()) return in.fault(Fault::wrong_type);
  const double number = v.to_number<double>();
  if (!std::isfinite(number) || number < static_cast<double>(bounds.least) || number > static_cast<double>(bounds.most))
    return in.fault(Fault::out_of_bounds);
  into = number;
}

Value Codec<double>::write(double v) {
  if (std::abs(v) <= kExact && v == std::floor(v)) return static_cast<std::int64_t>(v);
  return v;
}

void Codec<std::string>::read(Reader& in, const Value& v, std::string& into, const Bounds& bounds) {
  const auto* text = v.if_string();
  if (text == nullptr) return in.fault(Fault::wrong_type);
  if (std::cmp_less(text->size(), bounds.least) || std::cmp_greater(text->size(), bounds.most))
    return in.fault(Fault::out_of_bounds);
  into.assign(text->data(), text->size());
}

}  // namespace base::json
