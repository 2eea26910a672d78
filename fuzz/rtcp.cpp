// SPDX-License-Identifier: Apache-2.0
// RTCP: every message that is accepted can be written again and reads back the same.
#include "wire/rtcp.h"

#include <array>

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)wire::read_rtcp({data, size}, []<class T>(const T& message) {
    static std::array<std::uint8_t, 1 << 16> out;
    base::Writer writer{out};
    const bool written = message.write(writer);
    if constexpr (requires { message.for_each([](auto&&...) {}); }) message.for_each([](auto&&...) {});
    require(written);
    bool same = false;
    const auto tally = wire::read_rtcp(writer.written(), [&]<class U>(const U& again) {
      if constexpr (std::is_same_v<T, U>) same = message == again;
    });
    require(tally && tally->read == 1 && same);
  });
  return 0;
}
