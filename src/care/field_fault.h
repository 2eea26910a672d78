// SPDX-License-Identifier: Apache-2.0
// One problem of one field, as rules report it and the desk answers it (RFC 9457 with a pointer per field). Not here: how it is
// sent (desk_routes). Invariant: the words never repeat what was typed. Values only.
#pragma once
#include <string>
#include <vector>

namespace care {

// A JSON pointer into the body (RFC 6901), a code for the client's catalogue, and plain words.
struct FieldFault {
  std::string pointer, code, detail;
  bool operator==(const FieldFault&) const = default;
};
using FieldFaults = std::vector<FieldFault>;

}  // namespace care
