// SPDX-License-Identifier: Apache-2.0
// What every header extension of ours is: a value with a name, a URI (its identity in a=extmap), the kind of media it
// is offered for, parse and write. Not here: the list of them (header_extensions.h).
#pragma once
#include <concepts>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace wire {

enum class ExtensionUse : std::uint8_t { both, audio, video };

template <class T>
using Parsed = base::Result<T, base::ParseError>;

template <class T>
concept HeaderExtension = std::equality_comparable<T> && requires(const T& value, base::Bytes in, base::Writer& out) {
  { T::kName } -> std::convertible_to<std::string_view>;
  { T::kUri } -> std::convertible_to<std::string_view>;
  { T::kUse } -> std::convertible_to<ExtensionUse>;
  { T::parse(in) } -> std::same_as<Parsed<T>>;
  { value.write(out) } -> std::same_as<bool>;  // false where it does not fit, or is no value that can be written
};

}  // namespace wire
