// SPDX-License-Identifier: Apache-2.0
// How fast somebody may speak (docs/protocol.md, "Rules for both sides"): messages by arrival, whatever connection they come by;
// bytes that others are sent because of them by seat. Not here: what happens to who is too fast (plane.cpp).
// Values only: any thread.
#pragma once
#include <algorithm>
#include <cstddef>

#include "base/instant.h"
#include "call/at_most.h"
#include "call/message_from_client.h"

namespace call {

class Pace {
 public:
  // Any message. `leads`: lets people in, so says several things of each of them, to each of them: thirty can come in one moment.
  [[nodiscard]] bool allow(bool leads, base::Instant now);
  // Those that have a limit of their own.
  [[nodiscard]] bool allow(const ClientMessage& message, base::Instant now);
  AtMost<9> misread{base::Duration::seconds(60)};  // the tenth in a minute closes

 private:
  AtMost<40> in_a_second_{base::Duration::seconds(1)};
  AtMost<200> in_ten_seconds_{base::Duration::seconds(10)};
  AtMost<120> leads_in_a_second_{base::Duration::seconds(1)};
  AtMost<600> leads_in_ten_seconds_{base::Duration::seconds(10)};
  AtMost<8> views_{base::Duration::seconds(1)};  // clients say half as many
  AtMost<10> key_packages_{base::Duration::seconds(10)};
  AtMost<40> commits_{base::Duration::seconds(10)};
  AtMost<16> catching_up_{base::Duration::seconds(10)};
};

struct ByteRate {
  std::size_t a_second = 0, at_once = 0;  // bytes
};

// A bucket that leaks. What is refused does not fill it.
class ByteBudget {
 public:
  [[nodiscard]] bool allow(std::size_t bytes, ByteRate rate, base::Instant now) {
    const double gone = static_cast<double>((now - at_).us) / 1e6 * static_cast<double>(rate.a_second);
    used_ = std::max(0.0, used_ - gone);
    at_ = now;
    if (used_ + static_cast<double>(bytes) > static_cast<double>(rate.at_once)) return false;
    used_ += static_cast<double>(bytes);
    return true;
  }

 private:
  double used_ = 0;
  base::Instant at_{};
};

// Who waits with a link takes nothing from who is present with it.
struct RelayedOfSeat {
  ByteBudget outside, present;
};

// Bytes of text that others are sent because of this message, to each of them: it shares their lines with sound and pictures.
[[nodiscard]] std::size_t relayed_bytes(const ClientMessage& message);
// Who leads shows a whole whiteboard to each who comes later (web/src/call/board.ts): 50 KiB a second.
[[nodiscard]] constexpr ByteRate relay_of(bool leads, bool present) {
  constexpr std::size_t kKib = 1'024;
  if (leads) return {.a_second = 64 * kKib, .at_once = 512 * kKib};
  return present ? ByteRate{.a_second = 8 * kKib, .at_once = 128 * kKib} : ByteRate{.a_second = 2 * kKib, .at_once = 32 * kKib};
}

}  // namespace call
