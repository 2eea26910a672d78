// SPDX-License-Identifier: Apache-2.0
// Sound for one person whose line loses packets: each goes out once more shortly after, the very same sealed bytes (RED,
// RFC 2198, would have to be unwrapped, which end-to-end encryption forbids; and a nonce is never used for other bytes, RFC
// 7714 section 8.3). The receiver's replay check drops the one that it did not need. What is repeated hides what is lost, so
// once on it stays on for a while, and longer each time it was needed again. Not here: sending (delivery.h).
// Invariant: at most kMost wait, none longer than kAfter; memory is taken when it is first turned on. Media thread.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/bytes.h"
#include "base/datagram.h"
#include "base/instant.h"

namespace media {

class SoundRepeats {
 public:
  static constexpr double kBegins = 0.03;                                // of packets lost: what FEC alone does not hide
  static constexpr base::Duration kAfter = base::Duration::millis(30);  // a loss of one or two in a row is over by then
  static constexpr std::size_t kMost = 32, kMostBytes = 320;             // longer packets are not of voices
  static constexpr std::size_t kSilence = 24;                            // bytes of payload: shorter is no voice

  struct Kept {
    base::Instant due;
    std::uint32_t generation = 0;  // of what its stream carried
    std::uint16_t slot = 0, size = 0;
    std::array<std::uint8_t, kMostBytes> bytes;
    [[nodiscard]] base::Bytes sealed() const { return {bytes.data(), size}; }
  };

  // Now and then: `loss` is what was missed of late; `room`: the line carries sound twice.
  void consider(double loss, bool room, base::Instant now) {
    if (loss >= kBegins && room) {
      if (!on(now)) {
        lasts_ = now - until_ < kAgain ? std::min(lasts_ * 2, kLongest) : kFirst;
        kept_.resize(kMost);
      }
      until_ = now + lasts_;
    } else if (!room) {
      until_ = std::min(until_, now);
    }
  }
  [[nodiscard]] bool on(base::Instant now) const { return now < until_; }

  // Passes everything on to `to`, and keeps a copy of the one datagram.
  class Copying final : public base::DatagramSink {
   public:
    Copying(SoundRepeats& repeats, base::DatagramSink& to) : repeats_(repeats), to_(to) {}
    std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max, base::Precedence precedence) override {
      return at_ = to_.reserve(flow, path, max, precedence);
    }
    void commit(std::size_t size) override {
      repeats_.copy(at_, size);
      to_.commit(size);
    }

   private:
    SoundRepeats& repeats_;
    base::DatagramSink& to_;
    std::uint8_t* at_ = nullptr;
  };

  // What was just copied is of this slot.
  void keep(std::uint16_t slot, std::uint32_t generation, base::Instant now) {
    auto& kept = kept_[(begin_ + count_) % kMost];
    if (count_ == kMost || kept.size == 0) return;
    kept.slot = slot;
    kept.generation = generation;
    kept.due = now + kAfter;
    ++count_;
  }
  // The next that is due; null: none.
  [[nodiscard]] const Kept* due(base::Instant now) const {
    return count_ > 0 && kept_[begin_].due <= now ? &kept_[begin_] : nullptr;
  }
  void pop() {
    kept_[begin_].size = 0;
    begin_ = (begin_ + 1) % kMost;
    --count_;
  }
  void clear() {
    while (count_ > 0) pop();
  }
  [[nodiscard]] base::Instant next() const { return count_ > 0 ? kept_[begin_].due : base::Instant::never(); }

 private:
  static constexpr base::Duration kFirst = base::Duration::seconds(10), kLongest = base::Duration::seconds(80),
                                  kAgain = base::Duration::seconds(5);
  void copy(const std::uint8_t* from, std::size_t size) {
    auto& kept = kept_[(begin_ + count_) % kMost];
    if (count_ == kMost) return;
    kept.size = size <= kMostBytes ? static_cast<std::uint16_t>(size) : std::uint16_t{0};
    if (kept.size > 0) std::memcpy(kept.bytes.data(), from, kept.size);
  }
  std::vector<Kept> kept_;
  std::size_t begin_ = 0, count_ = 0;
  base::Instant until_{-1'000'000'000};
  base::Duration lasts_ = kFirst;
};

}  // namespace media
