// SPDX-License-Identifier: Apache-2.0
// How the people of a room shall send their sound: as browsers do by themselves, or in packets of 60 ms at a lower rate while
// somebody's line is too narrow for voices and anything else. Fifty packets a second carry 30 kbit/s of headers and seals for each
// voice, seventeen carry ten, for 40 ms more of delay to everybody. So it begins once a line has been narrow for a while, and lasts longer each
// time it was needed again at once. Not here: what a line carries (bandwidth_estimator.h), who is told (forwarder_line.cpp).
// Pure; media thread.
#pragma once
#include <algorithm>
#include <cstdint>

#include "base/instant.h"
#include "media/exchange.h"

namespace media {

// The rate of Opus, and how long a packet is (RFC 8866 section 6.4, a=ptime).
inline constexpr Event::Sound kUsualSound{40'000, 20}, kNarrowSound{24'000, 60};

class SoundGuide {
 public:
  static constexpr base::Duration kAfter = base::Duration::seconds(3);
  static constexpr base::Duration kFirst = base::Duration::seconds(30), kLongest = base::Duration::seconds(16 * 60);

  // Now and then; `narrow`: some line is. True where the wish changes.
  [[nodiscard]] bool look(bool narrow, base::Instant now) {
    if (!narrow) {
      since_ = base::Instant::never();
    } else if (since_.is_never()) {
      since_ = now;
    }
    const bool was = on_;
    if (narrow && (on_ || now - since_ >= kAfter)) {
      if (!on_) lasts_ = now - until_ < lasts_ ? std::min(lasts_ * 2, kLongest) : kFirst;
      on_ = true;
      until_ = now + lasts_;
    } else if (on_ && now >= until_) {
      on_ = false;
    }
    return on_ != was;
  }
  [[nodiscard]] const Event::Sound& wish() const { return on_ ? kNarrowSound : kUsualSound; }

 private:
  bool on_ = false;
  base::Instant since_ = base::Instant::never(), until_{-kLongest.us};
  base::Duration lasts_ = kFirst;
};

}  // namespace media
