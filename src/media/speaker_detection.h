// SPDX-License-Identifier: Apache-2.0
// Who is heard now, from the audio levels in the packets (RFC 6464). Calm on purpose: a new voice must be clearly louder for
// a while, a pause does not take the word away at once, and there are at most four changes a second. Not here: what is done
// with it. Pure; media thread; nothing is allocated after add().
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/instant.h"

namespace media {

class SpeakerDetection {
 public:
  // `who` is a small index that the caller chooses.
  void add(std::size_t who);
  void remove(std::size_t who);
  void level(std::size_t who, std::uint8_t minus_dbov, base::Instant now);
  // True where the speaker has changed. Call after level() and at next().
  [[nodiscard]] bool update(base::Instant now);
  [[nodiscard]] std::optional<std::size_t> speaker() const { return speaker_; }
  [[nodiscard]] base::Instant next() const;
  // At most one other is louder now.
  [[nodiscard]] bool among_loudest(std::size_t who, base::Instant now) const;
  // How loud, 0 silence to 127.
  [[nodiscard]] double loudness(std::size_t who, base::Instant now) const {
    return who < voices_.size() && voices_[who].here ? level_now(voices_[who], now) : 0;
  }

  static constexpr base::Duration kBetween = base::Duration::millis(250);
  static constexpr base::Duration kHold = base::Duration::millis(1'500);  // of silence before nobody speaks
  static constexpr double kVoice = 127 - 55;     // smoothed level that counts as a voice (-55 dBov)
  static constexpr double kLouder = 6;           // dB over the present speaker
  static constexpr base::Duration kProof = base::Duration::millis(200);  // of being louder

 private:
  struct Voice {
    bool here = false;
    double level = 0;  // 0 silence .. 127, smoothed
    base::Instant heard;                          // last packet
    base::Instant voiced = base::Instant{-1'000'000'000};  // last over the threshold
    base::Instant louder = base::Instant::never();  // since when it leads
  };
  [[nodiscard]] double level_now(const Voice&, base::Instant now) const;
  std::vector<Voice> voices_;
  std::optional<std::size_t> speaker_;
  base::Instant changed_{-1'000'000'000};
};

}  // namespace media
