// SPDX-License-Identifier: Apache-2.0
// A value that must never be seen in a log, an error text, a metric or a URL: a name, an address, a key, a chat line. It
// prints as [redacted]; get() is the only way to the value and easy to search for.
#pragma once
#include <fmt/format.h>

#include <ostream>
#include <string_view>
#include <utility>

namespace base {

template <class T>
class Redacted {
 public:
  Redacted() = default;
  explicit Redacted(T value) : value_(std::move(value)) {}
  [[nodiscard]] const T& get() const { return value_; }
  [[nodiscard]] T& get() { return value_; }
  bool operator==(const Redacted&) const = default;

 private:
  T value_{};
};

inline constexpr std::string_view kRedactedText = "[redacted]";

template <class T>
std::ostream& operator<<(std::ostream& out, const Redacted<T>&) {
  return out << kRedactedText;
}

}  // namespace base

template <class T>
struct fmt::formatter<base::Redacted<T>> : fmt::formatter<std::string_view> {
  auto format(const base::Redacted<T>&, fmt::format_context& ctx) const {
    return fmt::formatter<std::string_view>::format(base::kRedactedText, ctx);
  }
};
