// SPDX-License-Identifier: Apache-2.0
// How much of their picture a person shall send, where their own line carries too little upwards for it beside their sound. Browsers
// see a full line too, but give the picture its least rate whatever is left for the sound; and what waits in the queue of a narrow
// line is sound as well. So the room, which sees for every browser when its sound comes and how much comes at all, says it:
// down at once, up by steps that are little at first, each later the oftener it failed. Sound waits where its packets come later than
// its own clock says by more than they usually do; and where what says itself when it left the browser (abs-send-time: pictures, and in
// Chromium sound) comes in time meanwhile, it is not the line that it waits for but a busy device. Not here: how it is said (forwarder_line.cpp).
// Invariant: whoever sends kLittle and more is left to the browser; timestamps are hostile, and harm nobody but who sends them.
// Pure; media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/instant.h"
#include "media/transit.h"

namespace media {

// Nothing; the smallest layer, fewer frames and pixels of it; the smallest layer; what anybody is shown.
enum class Uplink : std::uint8_t { paused, least, small, whole };

class UplinkGuide {
 public:
  // Of what comes at all, headers included: too little for a voice and the smallest layer; and for more than that layer.
  static constexpr std::uint32_t kNarrow = 130'000, kLittle = 300'000;
  static constexpr base::Duration kLookEvery = base::Duration::millis(100);
  static constexpr base::Duration kFirst = base::Duration::seconds(10), kLongest = base::Duration::seconds(120);
  static constexpr base::Duration kProof = base::Duration::seconds(10);  // a step that held for so long did not fail
  static constexpr base::Duration kDrains = base::Duration::seconds(2);  // what waited is there for a while after a step down

  // A packet of the person's sound that is newer than all before; `skipped` between them did not come. `way`: how late what says when it
  // left came lately (WayTransit). It shares the line with the sound, and waits as long there.
  void sound(std::uint32_t timestamp, std::uint32_t skipped, std::optional<base::Duration> way, base::Instant now) {
    const auto passed = last_.is_never() ? kLeap : now - last_;
    const auto grew = passed - base::Duration{std::int64_t{static_cast<std::int32_t>(timestamp - timestamp_)} * 1'000 / 48};
    // Another stream; or nothing was captured for a while, and its clock stood still.
    if (last_.is_never() || std::abs(grew.us) > kLeap.us || (skipped == 0 && passed >= kStill && grew >= kStill)) {
      transit_.begin(now);
    } else {
      transit_.grow(grew, now);
    }
    last_ = now;
    timestamp_ = timestamp;
    const auto late = std::min(transit_.late(), way.value_or(kLeap));
    if (step_ == Uplink::whole && !crowded_) {  // slowly: a line that becomes narrow is found before it counts as usual
      mean_ += (static_cast<double>(late.us) - mean_) / 256;
      deviation_ += (std::abs(static_cast<double>(late.us) - mean_) - deviation_) / 256;
    }
    lates_[next_++ % lates_.size()] = {now, late};
    lost_ += skipped;
    lost_ever_ += skipped;
    if (skipped > 0) lost_at_ = now;
    ++came_;
  }

  // What a sender report says of that stream: which timestamp was when. A busy device captures less than time passes, which looks as if
  // it came ever later.
  void report(std::uint32_t timestamp, base::WallTime at) {
    const base::Duration behind{at.us - reported_.us - std::int64_t{static_cast<std::int32_t>(timestamp - reported_timestamp_)} * 1'000 / 48};
    if (reported_.us != 0 && behind > kInexact && behind < kLeap) transit_.correct(behind);
    reported_ = at;
    reported_timestamp_ = timestamp;
  }

  // Every tenth of a second while anything comes of anybody. `bytes`: all that ever came, headers included.
  void look(std::uint64_t bytes, base::Instant now) {
    if (now - looks_[0].at > kLookEvery * 3) looked_ = 0;  // nothing was looked at meanwhile
    std::ranges::rotate(looks_, looks_.end() - 1);
    looks_[0] = {now, bytes, lost_ever_};
    if (looked_ < looks_.size()) ++looked_;
    loses_ = count_losses(now);
    crowded_ = looked_ == looks_.size() && rate() < kLittle && (waits(now) || loses_);
    if (crowded_) calm_ = now;
    if (!crowded_) crowded_from_ = base::Instant::never();
    else if (crowded_from_.is_never()) crowded_from_ = now;
  }
  // Their sound is late now or was a moment ago, and nothing was given up for it before.
  [[nodiscard]] bool suspected(base::Instant now) const { return now - calm_ < kMoment && (step_ == Uplink::whole || now - since_ < kMoment); }
  // Then, of everybody who was looked at. `others`: somebody else is suspected, too. True where the step changed.
  [[nodiscard]] bool follow(base::Instant now, bool others) {
    if (looked_ < looks_.size() || looks_[0].at != now) return false;
    if (fell_late_.us > 0 && now >= judged_from_ && still_late()) return take_back(now);
    // Sound that is late for as long without any loss, and alone, does not wait for the picture. What the picture's queue dropped when it
    // was given up is none of that.
    if (crowded_ && step_ == Uplink::paused && now - std::max(since_, lost_at_) >= wait_) {
      transit_.take_as_usual(now);
      lates_ = {};
      return up(now);
    }
    if (crowded_ && now >= judged_from_ && step_ != Uplink::paused && believed(others, now)) return down(now);
    if (step_ != Uplink::whole && now - std::max(calm_, since_) >= (rose_ ? kProof : wait_)) return up(now);
    return false;
  }
  [[nodiscard]] Uplink step() const { return step_; }
  // The line carries hardly more than the sound.
  [[nodiscard]] bool narrow() const { return step_ <= Uplink::least; }
  // For as long as anything gives way: a voice in long packets at a low rate, sound_guide.h.
  [[nodiscard]] bool little() const { return step_ != Uplink::whole; }

  // The person is reached by another way. It may carry more, and is tried soon.
  void begin_anew(base::Instant now) {
    last_ = base::Instant::never();
    looked_ = 0;
    crowded_ = false;
    since_ = now;
    rose_ = false;
    wait_ = kDrains;
  }

 private:
  struct Late {
    base::Instant at;
    base::Duration late;
  };
  static constexpr base::Duration kLate = base::Duration::millis(120);   // at least, where nothing is late as a rule
  static constexpr base::Duration kLeap = base::Duration::seconds(5), kStill = base::Duration::millis(500);
  static constexpr base::Duration kInexact = base::Duration::millis(20);
  static constexpr base::Duration kLatest = base::Duration::millis(400);  // later than that is never usual
  static constexpr base::Duration kRises = base::Duration::millis(150), kBy = base::Duration::millis(30), kStands = base::Duration::millis(600);
  static constexpr base::Duration kTogether = base::Duration::seconds(3), kMoment = base::Duration::seconds(1);
  static constexpr std::size_t kThree = 3;
  static constexpr base::Duration kCounted = base::Duration::seconds(2);
  static constexpr std::uint32_t kFewest = 25;
  static constexpr std::uint32_t kMostLost = 25;  // percent; a radio that loses a tenth is nothing to give way for

  [[nodiscard]] base::Duration threshold() const {
    return std::clamp(base::Duration{static_cast<std::int64_t>(mean_ + 3 * deviation_)}, kLate, kLatest);
  }
  // Lines do not become narrow together; a machine that has too much to do, a house's or ours, holds up several at once. Where it lasts it
  // is their line, and they share it.
  [[nodiscard]] bool believed(bool others, base::Instant now) const {
    return !others || loses_ || step_ != Uplink::whole || now - crowded_from_ >= kTogether;
  }
  // Of all that comes, bits a second.
  [[nodiscard]] std::uint32_t rate() const {
    const auto span = looks_[0].at - looks_.back().at;
    return static_cast<std::uint32_t>((looks_[0].bytes - looks_.back().bytes) * 8'000'000 / static_cast<std::uint64_t>(std::max<std::int64_t>(span.us, 1)));
  }
  // A queue that grows, or one that stands. What was held up somewhere and comes in one burst does neither: each packet of it is less
  // late than the one before. A busy machine holds up many, so what only stands must do it for a while.
  [[nodiscard]] bool waits(base::Instant now) const {
    return next_ >= lates_.size() && (grows(now) || stands(now));
  }
  [[nodiscard]] bool grows(base::Instant now) const {
    auto before = kThree;  // as many, some time earlier
    while (before + kThree < lates_.size() && back(0).at - back(before).at < kRises) ++before;
    auto least = back(0).late, most = base::Duration{};
    for (std::size_t i = 0; i < kThree; ++i) {
      least = std::min(least, back(i).late);
      most = std::max(most, back(before + i).late);
    }
    if (back(0).late + kInexact < back(kThree - 1).late) return false;  // what was held up comes now
    return now - back(before + kThree - 1).at < kStands && least >= std::max(kRises, threshold()) && least >= most + kBy;
  }
  [[nodiscard]] bool stands(base::Instant now) const {
    const auto least = threshold();
    std::size_t i = 0;
    for (; i < lates_.size() && now - back(i).at <= kStands; ++i)
      if (back(i).late < least) return false;
    return i > kThree && now - back(i - 1).at >= kStands * 2 / 3;
  }
  [[nodiscard]] const Late& back(std::size_t i) const { return lates_[(next_ - 1 - i) % lates_.size()]; }
  // More than random loss, twice in a row: a line that drops what it cannot carry rather than let it wait.
  bool count_losses(base::Instant now) {
    if (now - counted_ < kCounted || lost_ + came_ < kFewest) return false;
    const bool many = lost_ * 100 > (lost_ + came_) * kMostLost;
    counted_ = now;
    lost_ = came_ = 0;
    return std::exchange(lossy_, many) && many;
  }
  // What waits as long as before, though nothing is in its way any more and nothing was lost, is no queue: the way became longer, or
  // the sender's clock leapt.
  [[nodiscard]] bool still_late() {
    const auto before = std::exchange(fell_late_, {});
    const auto late = transit_.late();
    return lost_ever_ == fell_lost_ && late > before * 7 / 10 && late < before * 13 / 10;
  }
  bool take_back(base::Instant now) {
    transit_.take_as_usual(now);
    lates_ = {};
    step_ = Uplink::whole;
    since_ = now;
    return true;
  }
  bool down(base::Instant now) {
    if (step_ == Uplink::whole) fell_late_ = transit_.late();
    fell_lost_ = looks_.back().lost;
    wait_ = rose_ && now - since_ < kProof ? std::min(wait_ * 2, kLongest) : step_ == Uplink::whole ? kFirst : std::max(wait_, kFirst);
    step_ = step_ == Uplink::whole ? (rate() < kNarrow ? Uplink::paused : Uplink::small) : static_cast<Uplink>(static_cast<int>(step_) - 1);
    since_ = now;
    rose_ = false;
    judged_from_ = now + kDrains;
    return true;
  }
  bool up(base::Instant now) {
    step_ = static_cast<Uplink>(static_cast<int>(step_) + 1);
    since_ = now;
    rose_ = true;
    return true;
  }

  struct Looked {
    base::Instant at;
    std::uint64_t bytes = 0;
    std::uint32_t lost = 0;  // of the sound
  };
  Uplink step_ = Uplink::whole;
  bool rose_ = false, lossy_ = false, loses_ = false, crowded_ = false;
  base::Instant since_{}, calm_{}, judged_from_{}, counted_{}, lost_at_{}, crowded_from_ = base::Instant::never();
  base::Duration wait_ = kFirst;
  base::Instant last_ = base::Instant::never();
  std::uint32_t timestamp_ = 0;
  Transit transit_;
  double mean_ = 0, deviation_ = 0;       // us, of what is not taken for waiting
  std::array<Late, 32> lates_{};  // 640 ms of the shortest packets
  std::size_t next_ = 0;
  std::uint32_t lost_ = 0, came_ = 0, lost_ever_ = 0;
  base::WallTime reported_{};
  std::uint32_t reported_timestamp_ = 0;
  base::Duration fell_late_{};  // when the picture was last given up; zero: that is judged
  std::uint32_t fell_lost_ = 0;
  std::array<Looked, 4> looks_{};
  std::size_t looked_ = 0;
};

}  // namespace media
