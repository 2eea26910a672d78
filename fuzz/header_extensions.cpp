// SPDX-License-Identifier: Apache-2.0
// Every header extension of the list: what is accepted can be written again and reads back the same.
#include "wire/header_extensions.h"

#include <array>

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  wire::for_each_header_extension([&]<class Entry>(Entry) {
    const auto value = Entry::Type::parse({data, size});
    if (!value) return;
    std::array<std::uint8_t, 512> out;
    base::Writer writer{out};
    if (!value->write(writer)) {
      require(size > 255);  // no element can be that long
      return;
    }
    const auto again = Entry::Type::parse(writer.written());
    require(again && *again == *value);
  });
  return 0;
}
