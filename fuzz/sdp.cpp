// SPDX-License-Identifier: Apache-2.0
// SDP: whatever is accepted is written and reads back as the same value.
#include "wire/sdp.h"

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto description = wire::sdp::parse({reinterpret_cast<const char*>(data), size});
  if (!description) return 0;
  for (std::size_t i = 0; i < description->media.size(); ++i) {
    (void)description->transport_of(i);
    (void)description->direction_of(i);
    for (const auto& c : description->media[i].candidates) (void)c.address();
  }
  const std::string text = wire::sdp::to_text(*description);
  if (text.size() > wire::sdp::kMaxText) return 0;  // what was short in the input ("*", bare LF) is written in full
  const auto again = wire::sdp::parse(text);
  require(again && *again == *description);
  require(wire::sdp::to_text(*again) == text);
  return 0;
}
