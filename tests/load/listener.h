// SPDX-License-Identifier: Apache-2.0
// The eyes and ears of a synthetic person for one downstream slot: joins and decodes what arrives, and writes down whose
// tone and whose colour code it was. Not here: which seat the slot carries (participant.h tells), loss (in_stream.h).
// Runs on the person's thread.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "load/opus_codec.h"
#include "load/vp8_codec.h"
#include "load/vp8_packets.h"

namespace load {

enum class Decode : std::uint8_t { none, sample, all };

// What was seen and heard of one other seat.
struct Witness {
  std::uint64_t frames_decoded = 0, frames_failed = 0;
  std::map<unsigned, std::uint64_t> codes;  // code -> pictures; unreadable ones are counted in `unreadable`
  std::map<unsigned, std::uint64_t> tones;  // tone -> windows of 200 ms
  std::uint64_t unreadable = 0, toneless = 0;
  std::optional<base::Instant> first_frame, first_sound;  // decoded; sound above -40 dBFS
  unsigned width = 0, height = 0;                         // of the last picture
};

// The entry with the highest count, if there is any.
[[nodiscard]] std::optional<unsigned> most_seen(const std::map<unsigned, std::uint64_t>& counts);

class Listener {
 public:
  explicit Listener(Decode decode) : decode_(decode) {}
  void sound(base::Instant now, std::int64_t sequence, base::Bytes payload, Witness& into);
  void picture(base::Instant now, std::int64_t sequence, bool marker, base::Bytes payload, Witness& into);
  // Pictures come, but no key frame to begin with.
  [[nodiscard]] bool needs_key_frame() const {
    const bool may_ask = decode_ == Decode::all || (decode_ == Decode::sample && !seen_);  // a sample waits for the next
    return may_ask && pictures_came_ && joiner_.waits_for_key();
  }
  // The slot carries someone else from now on.
  void changed();

 private:
  void look(base::Instant now, const std::vector<std::uint8_t>& frame, Witness& into);

  Decode decode_;
  Vp8Joiner joiner_;
  bool pictures_came_ = false, seen_ = false;
  std::unique_ptr<PictureDecoder> eye_;
  std::unique_ptr<SoundDecoder> ear_;
  std::int64_t last_sound_ = -1;
  unsigned warm_up_ = 0;
  std::vector<std::int16_t> heard_;
  base::Instant listen_again_, look_again_;
};

}  // namespace load
