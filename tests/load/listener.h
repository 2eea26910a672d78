// SPDX-License-Identifier: Apache-2.0
// The eyes and ears of a synthetic person for one downstream slot: joins and decodes what arrives, and writes down whose
// tone and whose colour code it was. In an encrypted room it opens each frame first; what does not open, or opens as somebody
// else's than the slot says, is neither seen nor heard, only counted. Not here: which seat the slot carries (participant.h
// tells), loss (in_stream.h), keys (frame_keys.h). Runs on the person's thread.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "load/frame_keys.h"
#include "load/opus_codec.h"
#include "load/vp8_codec.h"
#include "load/vp8_packets.h"

namespace load {

// times: sealed sound is opened for the time in it, and nothing is seen or heard.
enum class Decode : std::uint8_t { none, times, sample, all };

// What was seen and heard of one other seat.
struct Witness {
  std::uint64_t frames_decoded = 0, frames_failed = 0;
  std::map<unsigned, std::uint64_t> codes;  // code -> pictures; unreadable ones are counted in `unreadable`
  std::map<unsigned, std::uint64_t> tones;  // tone -> windows of 200 ms
  std::uint64_t unreadable = 0, toneless = 0;
  std::optional<base::Instant> first_frame, first_sound;  // decoded; sound above -40 dBFS
  unsigned width = 0, height = 0;                         // of the last picture
};

// What became of protected frames. `waited`: no key was there within half a second.
struct OpenCounts {
  std::uint64_t opened = 0, waited = 0, replayed = 0, refused = 0, of_another = 0;
  void add(const OpenCounts& other);
};

// The entry with the highest count, if there is any.
[[nodiscard]] std::optional<unsigned> most_seen(const std::map<unsigned, std::uint64_t>& counts);

class Listener {
 public:
  // `keys`: of an encrypted room, and stays as long as this; null: frames are in the clear.
  explicit Listener(Decode decode, FrameKeys* keys = nullptr) : decode_(decode), keys_(keys) {}
  // The time that the sound was stamped with, where it bears one.
  std::optional<base::Instant> sound(base::Instant now, std::int64_t sequence, base::Bytes payload, Witness& into);
  void picture(base::Instant now, std::int64_t sequence, bool marker, base::Bytes payload, Witness& into);
  // Pictures come, but no key frame to begin with.
  [[nodiscard]] bool needs_key_frame() const {
    const bool may_ask = decode_ == Decode::all || (decode_ == Decode::sample && !seen_);  // a sample waits for the next
    const bool could_open = keys_ == nullptr || !keys_->none();
    return may_ask && could_open && pictures_came_ && joiner_.waits_for_key();
  }
  // New keys are here: what waited for them may open.
  void keys_changed(base::Instant now, Witness& into);
  // Whose frames should come; others are not shown.
  void expect(std::optional<std::uint32_t> seat) { expected_ = seat; }
  [[nodiscard]] const OpenCounts& open_counts() const { return counts_; }
  // The slot carries someone else from now on.
  void changed();

 private:
  [[nodiscard]] bool attends() const { return decode_ == Decode::sample || decode_ == Decode::all; }
  struct Waiting {
    base::Instant until;
    std::int64_t sequence;
    std::vector<std::uint8_t> frame;
  };
  // One kind of frames of this line.
  struct Sealed {
    FrameOpener opener;
    std::deque<Waiting> waiting;
  };
  // The plain frame; nothing where it did not open. One whose key is not here yet waits a little.
  std::optional<std::vector<std::uint8_t>> open(base::Instant now, Sealed& line, std::int64_t sequence, base::Bytes frame);
  void drop_waiting(base::Instant now, Sealed& line);
  // A frame of this line will never be seen: what builds on it cannot be either, until a key frame comes.
  void lost(const Sealed& line);
  [[nodiscard]] bool goes_on(const Sealed& line, const std::vector<std::uint8_t>& frame);
  void hear(base::Instant now, std::int64_t sequence, base::Bytes packet, Witness& into);
  void look(base::Instant now, const std::vector<std::uint8_t>& frame, Witness& into);

  Decode decode_;
  FrameKeys* keys_ = nullptr;
  Sealed sealed_sound_{FrameOpener(0), {}}, sealed_picture_{FrameOpener(1), {}};
  std::optional<std::uint32_t> expected_;
  OpenCounts counts_;
  bool owes_key_ = false;
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
