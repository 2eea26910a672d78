// SPDX-License-Identifier: Apache-2.0
// RTP: a view stays inside its packet, and a header written from what was read has the same fields and extensions.
#include "wire/rtp.h"

#include <algorithm>
#include <array>

#include "check.h"
#include "wire/opus.h"
#include "wire/rtx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes packet{data, size};
  (void)wire::classify_rtp(packet);
  const auto view = wire::parse_rtp(packet);
  if (!view) return 0;
  require(view->header.size() + view->payload.size() + view->padding == size);
  for (std::size_t i = 0; i < view->csrc_count; ++i) (void)view->csrc(i);
  (void)wire::parse_rtx(view->payload);
  (void)wire::opus_duration(view->payload);

  static std::array<std::uint8_t, 1 << 19> out;
  wire::RtpHeaderWriter writer{out, *view};
  std::size_t elements = 0;
  auto reader = view->extensions();
  while (const auto element = reader.next()) {
    require(element->data.data() >= view->extension_block.data() &&
            element->data.data() + element->data.size() <= view->extension_block.data() + view->extension_block.size());
    require(writer.extension(element->id, element->data));
    ++elements;
  }
  const std::size_t header = writer.finish();
  require(header >= wire::kRtpHeaderSize);
  const auto again = wire::parse_rtp({out.data(), header});
  // A block over 65,535 words cannot be said; no such packet reaches a socket.
  if (header > 0xffff) return 0;
  require(again && static_cast<const wire::RtpFields&>(*again) == static_cast<const wire::RtpFields&>(*view));
  auto before = view->extensions(), after = again->extensions();
  for (std::size_t i = 0; i < elements; ++i) {
    const auto a = before.next(), b = after.next();
    require(a && b && a->id == b->id && std::ranges::equal(a->data, b->data));
  }
  require(!after.next());
  return 0;
}
