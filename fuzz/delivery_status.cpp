// SPDX-License-Identifier: Apache-2.0
// Reports of undelivered mail: whatever is read names an id and a status that are of our own form.
#include "interop/delivery_status.h"

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bounce = interop::read_bounce({reinterpret_cast<const char*>(data), size}, "");
  if (!bounce) return 0;
  require(base::is_uuid(bounce->id));
  require(bounce->status.size() >= 5 && (bounce->status[0] == '4' || bounce->status[0] == '5'));
  for (const char c : bounce->status) require(c == '.' || (c >= '0' && c <= '9'));
  require(interop::id_in_address(interop::bounce_address("bounces@example.org", bounce->id)) == bounce->id);
  return 0;
}
