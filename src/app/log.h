// SPDX-License-Identifier: Apache-2.0
// Structured log lines that cannot hold personal data: an event and the names of its fields are literals of the program,
// values are numbers, truths, literals or the names of enums. There is no way to log a text that came from outside.
// Not here: metrics. Any thread.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "app/configuration.h"

namespace app {

// A text that was in the program when it was built.
class Literal {
 public:
  consteval Literal(const char* text) : text_(text) {}  // NOLINT: meant to be implicit
  [[nodiscard]] constexpr std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

class Field {
 public:
  template <std::integral T>
    requires(!std::same_as<T, bool>)
  Field(Literal name, T value) : name_(name), value_(static_cast<std::int64_t>(value)) {}
  template <std::same_as<bool> T>
  Field(Literal name, T value) : name_(name), value_(value) {}
  Field(Literal name, Literal value) : name_(name), value_(value) {}
  [[nodiscard]] std::string_view name() const { return name_.text(); }
  [[nodiscard]] const std::variant<std::int64_t, bool, Literal>& value() const { return value_; }

 private:
  Literal name_;
  std::variant<std::int64_t, bool, Literal> value_;
};

// To standard error. `process` is "serve" or "call".
void start_log(Literal process, LogLevel level, LogFormat format);
void set_log_level(LogLevel level);
void log(LogLevel level, Literal event, std::initializer_list<Field> fields = {});

// As start_log's sink would write it; for tests of the form.
[[nodiscard]] std::string log_line(LogFormat format, std::int64_t wall_us, std::string_view process, LogLevel level,
                                   Literal event, std::initializer_list<Field> fields);

}  // namespace app
