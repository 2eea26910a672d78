// SPDX-License-Identifier: Apache-2.0
// Sampling: with Decode::sample sound is heard for 300 ms every two seconds, and pictures are looked at from a key frame for
// a second, then not for two. Sound packets that come late are left out, as a short jitter buffer would.
#include "load/listener.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "load/publisher.h"
#include "load/tone.h"

namespace load {
namespace {
constexpr std::size_t kWindow = kFrameSamples * 10;  // 200 ms
constexpr unsigned kWarmUp = 5;                      // packets before a window counts: the decoder starts from nothing
constexpr int kAudible = 330;                        // -40 dBFS
constexpr auto kPause = base::Duration::seconds(2);
constexpr auto kWaitsFor = base::Duration::millis(500);
constexpr std::size_t kMostWaiting = 64;
}  // namespace

std::optional<unsigned> most_seen(const std::map<unsigned, std::uint64_t>& counts) {
  const auto best = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
  if (best == counts.end()) return std::nullopt;
  return best->first;
}

void OpenCounts::add(const OpenCounts& other) {
  opened += other.opened;
  waited += other.waited;
  replayed += other.replayed;
  refused += other.refused;
  of_another += other.of_another;
}

void Listener::changed() {
  sealed_sound_.waiting.clear();
  sealed_picture_.waiting.clear();
  joiner_.need_key();
  owes_key_ = false;
  pictures_came_ = seen_ = false;
  ear_.reset();
  warm_up_ = 0;
  heard_.clear();
  listen_again_ = look_again_ = {};
}

// Frames that waited in vain are gone; of pictures the decoder then lacks what the next ones build on.
void Listener::drop_waiting(base::Instant now, Sealed& line) {
  while (!line.waiting.empty() && (line.waiting.front().until <= now || line.waiting.size() > kMostWaiting)) {
    line.waiting.pop_front();
    ++counts_.waited;
    lost(line);
  }
}

void Listener::lost(const Sealed& line) {
  if (&line != &sealed_picture_) return;
  owes_key_ = true;
  joiner_.need_key();
}

// VP8: the lowest bit of a frame is 0 in a key frame (RFC 6386 section 9.1).
bool Listener::goes_on(const Sealed& line, const std::vector<std::uint8_t>& frame) {
  if (&line != &sealed_picture_ || !owes_key_) return true;
  owes_key_ = !frame.empty() && (frame[0] & 1) != 0;
  if (owes_key_) joiner_.need_key();
  return !owes_key_;
}

std::optional<std::vector<std::uint8_t>> Listener::open(base::Instant now, Sealed& line, std::int64_t sequence, base::Bytes frame) {
  auto opened = line.opener.open(*keys_, frame, now);
  if (opened && (!expected_ || *expected_ == opened->seat)) {
    // Older ones that still wait were sealed before we were let in: they will never open.
    if (!line.waiting.empty()) lost(line);
    counts_.waited += line.waiting.size();
    line.waiting.clear();
    ++counts_.opened;
    if (!goes_on(line, opened->frame)) return std::nullopt;
    return std::move(opened->frame);
  }
  if (!opened && opened.error() == FrameOpener::Not::unknown) {
    line.waiting.push_back({now + kWaitsFor, sequence, {frame.begin(), frame.end()}});
    drop_waiting(now, line);
    return std::nullopt;
  }
  if (opened) {
    ++counts_.of_another;
  } else {
    ++(opened.error() == FrameOpener::Not::replayed ? counts_.replayed : counts_.refused);
  }
  lost(line);
  return std::nullopt;
}

void Listener::keys_changed(base::Instant now, Witness& into) {
  for (Sealed* line : {&sealed_sound_, &sealed_picture_}) {
    drop_waiting(now, *line);
    std::deque<Waiting> waiting = std::exchange(line->waiting, {});
    for (Waiting& each : waiting) {
      auto opened = line->opener.open(*keys_, each.frame, now);
      if (!opened && opened.error() == FrameOpener::Not::unknown) {
        line->waiting.push_back(std::move(each));
      } else if (!opened || (expected_ && *expected_ != opened->seat)) {
        ++(opened ? counts_.of_another : counts_.refused);
        lost(*line);
      } else {
        ++counts_.opened;
        if (line == &sealed_sound_) hear(now, each.sequence, opened->frame, into);
        else if (goes_on(*line, opened->frame)) look(now, opened->frame, into);
      }
    }
  }
}

std::optional<base::Instant> Listener::sound(base::Instant now, std::int64_t sequence, base::Bytes payload, Witness& into) {
  if (keys_ == nullptr) {
    hear(now, sequence, payload, into);
    return read_stamp(payload);
  }
  const auto packet = open(now, sealed_sound_, sequence, payload);
  if (!packet) return std::nullopt;
  hear(now, sequence, *packet, into);
  return read_stamp(*packet);
}

void Listener::hear(base::Instant now, std::int64_t sequence, base::Bytes payload, Witness& into) {
  if (!attends() || now < listen_again_ || sequence <= last_sound_) return;
  const bool gap = last_sound_ >= 0 && sequence > last_sound_ + 1;
  last_sound_ = sequence;
  if (ear_ == nullptr) ear_ = std::make_unique<SoundDecoder>();
  if (gap) {
    heard_.clear();
    warm_up_ = 0;
  }
  const auto before = static_cast<std::ptrdiff_t>(heard_.size());
  if (!ear_->decode(payload, heard_)) return;
  if (!into.first_sound &&
      std::any_of(heard_.begin() + before, heard_.end(), [](std::int16_t s) { return std::abs(int{s}) > kAudible; }))
    into.first_sound = now;
  if (warm_up_ < kWarmUp) {
    ++warm_up_;
    heard_.clear();
    return;
  }
  if (heard_.size() < kWindow) return;
  if (const auto tone = dominant_tone(heard_)) {
    ++into.tones[tone->index];
  } else {
    ++into.toneless;
  }
  heard_.clear();
  if (decode_ == Decode::sample) {
    listen_again_ = now + kPause;
    warm_up_ = 0;
  }
}

void Listener::picture(base::Instant now, std::int64_t sequence, bool marker, base::Bytes payload, Witness& into) {
  if (!attends() || now < look_again_) return;
  pictures_came_ = true;
  joiner_.add(sequence, marker, payload);
  while (auto frame = joiner_.next(now)) {
    if (keys_ != nullptr) frame = open(now, sealed_picture_, sequence, *frame);
    if (frame) look(now, *frame, into);
  }
}

void Listener::look(base::Instant now, const std::vector<std::uint8_t>& frame, Witness& into) {
  if (eye_ == nullptr) eye_ = std::make_unique<PictureDecoder>();
  const auto picture = eye_->decode(frame);
  if (!picture) {
    ++into.frames_failed;
    joiner_.need_key();
    return;
  }
  ++into.frames_decoded;
  seen_ = true;
  into.width = picture->width;
  into.height = picture->height;
  if (!into.first_frame) into.first_frame = now;
  if (const auto code = read_colour_code(*picture)) {
    ++into.codes[*code];
  } else {
    ++into.unreadable;
  }
  if (decode_ == Decode::sample && into.frames_decoded % 12 == 0) {
    look_again_ = now + kPause;
    joiner_.need_key();
    pictures_came_ = false;
  }
}

}  // namespace load
