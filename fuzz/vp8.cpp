// SPDX-License-Identifier: Apache-2.0
// VP8 payload descriptors: read, rewritten in place without moving anything, written again.
#include "wire/vp8.h"

#include <array>
#include <vector>

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto d = wire::parse_vp8({data, size});
  if (!d) return 0;
  require(d->size() <= size);
  (void)wire::vp8_starts_key_frame(*d, {data, size});
  (void)wire::vp8_key_frame_size(base::Bytes{data, size}.subspan(d->size()));
  std::array<std::uint8_t, 16> out{};
  base::Writer writer{out};
  require(wire::write_vp8(*d, writer));
  writer.u8(0);
  const auto again = wire::parse_vp8(writer.written());
  require(again && *again == *d);

  std::vector<std::uint8_t> copy(data, data + size);
  wire::rewrite_vp8(copy, 0x5a5a, 0x77, 0x11);
  auto expected = *d;
  if (d->picture_id) expected.picture_id = d->long_picture_id ? 0x5a5a : 0x5a;
  if (d->tl0_picture_index) expected.tl0_picture_index = 0x77;
  if (d->key_index) expected.key_index = 0x11;
  const auto rewritten = wire::parse_vp8(copy);
  require(rewritten && *rewritten == expected);
  require(std::equal(copy.begin() + static_cast<std::ptrdiff_t>(d->size()), copy.end(), data + d->size()));
  return 0;
}
