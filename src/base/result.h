// SPDX-License-Identifier: Apache-2.0
// How a function says that it could not: Result<T, E> with a small enum E. Hostile bytes are ordinary, so a parser returns
// ParseError and never throws. Exceptions are kept for start-up failure and allocation.
#pragma once
#include <cstdint>
#include <expected>

namespace base {

template <class T, class E>
using Result = std::expected<T, E>;

// Why bytes could not be read as the message they claim to be.
enum class ParseError : std::uint8_t {
  truncated,    // ends before its own lengths say
  malformed,    // breaks the grammar of its specification
  unsupported,  // well formed, but a version, type or value that is not ours
  too_large,    // over a limit of ours
  bad_check,    // a checksum, fingerprint or integrity value does not match
};

using Unexpected = std::unexpected<ParseError>;

}  // namespace base
