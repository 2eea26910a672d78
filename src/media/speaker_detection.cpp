// SPDX-License-Identifier: Apache-2.0
// See speaker_detection.h.
#include "media/speaker_detection.h"

#include <algorithm>

namespace media {

void SpeakerDetection::add(std::size_t who) {
  if (voices_.size() <= who) voices_.resize(who + 1);
  voices_[who] = Voice{};
  voices_[who].here = true;
}

void SpeakerDetection::remove(std::size_t who) {
  if (who < voices_.size()) voices_[who] = Voice{};
}

double SpeakerDetection::level_now(const Voice& v, base::Instant now) const {
  // With discontinuous transmission silence is the absence of packets (RFC 7587 section 3.1.3).
  const auto quiet = now - v.heard;
  if (quiet <= base::Duration::millis(100)) return v.level;
  return std::max(0.0, v.level - static_cast<double>((quiet - base::Duration::millis(100)).millis()) * 0.2);
}

void SpeakerDetection::level(std::size_t who, std::uint8_t minus_dbov, base::Instant now) {
  if (who >= voices_.size() || !voices_[who].here) return;
  auto& v = voices_[who];
  const double loud = 127 - std::min<int>(minus_dbov, 127);
  v.level = level_now(v, now);
  v.level += (loud - v.level) * (loud > v.level ? 0.4 : 0.1);  // quick to rise, slow to fall
  v.heard = now;
  if (v.level >= kVoice) v.voiced = now;
}

bool SpeakerDetection::update(base::Instant now) {
  if (now - changed_ < kBetween) return false;
  const bool have = speaker_ && voices_[*speaker_].here;
  const double present = have ? level_now(voices_[*speaker_], now) : 0;
  std::optional<std::size_t> best;
  double best_level = std::max(kVoice, present >= kVoice - 10 ? present + kLouder : 0);
  for (std::size_t i = 0; i < voices_.size(); ++i) {
    auto& v = voices_[i];
    if (!v.here || (have && i == *speaker_)) continue;
    const auto l = level_now(v, now);
    if (l < kVoice || (have && present >= kVoice - 10 && l < present + kLouder)) {
      v.louder = base::Instant::never();
      continue;
    }
    if (v.louder.is_never()) v.louder = now;
    // The first voice after silence is believed at once.
    if (l >= best_level && (!have || now - v.louder >= kProof)) {
      best = i;
      best_level = l;
    }
  }
  if (best) {
    speaker_ = best;
    changed_ = now;
    for (auto& v : voices_) v.louder = base::Instant::never();
    return true;
  }
  if (speaker_ && (!have || now - voices_[*speaker_].voiced >= kHold)) {
    speaker_.reset();
    changed_ = now;
    return true;
  }
  return false;
}

bool SpeakerDetection::among_loudest(std::size_t who, base::Instant now) const {
  const auto mine = loudness(who, now);
  int louder = 0;
  for (std::size_t i = 0; i < voices_.size() && louder < 2; ++i) louder += i != who && loudness(i, now) > mine ? 1 : 0;
  return louder < 2;
}

base::Instant SpeakerDetection::next() const {
  if (!speaker_) return base::Instant::never();
  if (!voices_[*speaker_].here) return changed_ + kBetween;
  return std::max(changed_ + kBetween, voices_[*speaker_].voiced + kHold);
}

}  // namespace media
