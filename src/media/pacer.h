// SPDX-License-Identifier: Apache-2.0
// When a picture's packet may go to one person: as soon as a budget allows that fills at the line's estimate times a
// factor (draft-ietf-rmcat-gcc-02 section 4), so that a burst does not fill a queue which sound then waits in. Sound,
// RTCP and probes never wait here; they are paid for all the same, so pictures give way. What waits is a share in a
// packet and the numbers it has in its stream; repairs go first. Not here: bytes, streams (delivery.h), the estimate.
// Invariant: at most kMost wait, in two rings that grow to what was needed once; nothing waits longer than kOldest
// (whoever takes from it sees to that). On a line whose budget is never used up a packet costs two comparisons and an
// addition. Pure; media thread.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/instant.h"
#include "media/packet.h"
#include "media/stream_rewriter.h"

namespace media {

// A picture's packet that waits for its turn.
struct Paced {
  PacketRef packet;
  Rewritten numbers;
  base::Instant since;
  std::uint32_t generation =
      0;  // of the stream's content when it was put here; another one now: it may not leave any more
  std::uint16_t slot = 0;
  bool again = false;  // by RTX
};

class Pacer {
 public:
  static constexpr std::size_t kMost = 512;                             // in each of the two rings
  static constexpr base::Duration kAhead = base::Duration::millis(20);  // of budget that may be used in advance
  static constexpr base::Duration kOldest = base::Duration::millis(1'000);

  explicit Pacer(std::uint32_t estimate_bps) { set_estimate(estimate_bps, false, {}); }
  // `full`: the line was found to carry about as much and no more.
  void set_estimate(std::uint32_t bps, bool full, base::Instant now) {
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(bps) * factor(bps, full));
    us_per_byte16_ = (8'000'000ULL << 16) / std::max<std::uint64_t>(rate, 1);
    // Sound beyond the estimate must not shut pictures out for longer than it lasts.
    paid_until_ = std::min(paid_until_, now + kDebt);
  }
  // libwebrtc's factor is 2.5. The poorer the line, the longer a burst stands in its queue, and sound behind it; and a
  // key frame that comes faster than a line is known to carry makes a queue that looks like too high a rate.
  [[nodiscard]] static double factor(std::uint32_t bps, bool full) {
    return full || bps < 300'000 ? 1.1 : bps < 4'000'000 ? 1.5 : 2.5;
  }

  // A picture's packet may leave now.
  [[nodiscard]] bool admits(base::Instant now) const { return waiting_ == 0 && paid_until_.us <= now.us + kAhead.us; }
  void spend(std::size_t bytes, base::Instant now) {
    paid_until_.us = std::max(paid_until_.us, now.us) + static_cast<std::int64_t>((bytes * us_per_byte16_) >> 16);
  }

  // What is on the way is paid first: no picture until then.
  void rest(base::Instant until) { paid_until_ = std::max(paid_until_, until + kAhead); }

  // False: no room.
  [[nodiscard]] bool put(Paced paced) { return (paced.again ? repairs_ : pictures_).put(std::move(paced), waiting_); }
  // The next whose turn it is; null where there is none or the budget is used up.
  [[nodiscard]] Paced* due(base::Instant now) {
    if (waiting_ == 0 || paid_until_ > now + kAhead) return nullptr;
    return first();
  }
  // Whether or not it is its turn.
  [[nodiscard]] Paced* first() {
    return waiting_ == 0 ? nullptr : repairs_.count > 0 ? &repairs_.front() : &pictures_.front();
  }
  void pop() { (repairs_.count > 0 ? repairs_ : pictures_).pop(waiting_); }
  // Whatever waits of one slot may not leave any more; f(paced) for each.
  template <class F>
  void drop(std::uint16_t slot, F&& f) {
    for (auto* ring : {&repairs_, &pictures_})
      for (std::size_t i = 0; i < ring->count; ++i) {
        auto& paced = ring->at(i);
        if (paced.slot != slot || !paced.packet) continue;
        f(paced);
        paced.packet = {};
      }
  }
  // Of which slot most pictures wait. Takes as long as there are places: where one is full.
  [[nodiscard]] std::uint16_t fullest() const {
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < pictures_.count; ++i) {
      const auto& paced = pictures_.places[(pictures_.begin + i) & (pictures_.places.size() - 1)];
      if (!paced.packet) continue;
      if (of.size() <= paced.slot) of.resize(paced.slot + 1U);
      ++of[paced.slot];
    }
    return of.empty() ? std::uint16_t{0xffff} : static_cast<std::uint16_t>(std::ranges::max_element(of) - of.begin());
  }
  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  // Half of what may be used in advance at once, so that a wake-up is worth it.
  [[nodiscard]] base::Instant next() const { return waiting_ == 0 ? base::Instant::never() : paid_until_ - kAhead / 2; }

 private:
  struct Ring {
    std::vector<Paced> places;  // a power of two
    std::size_t begin = 0, count = 0;
    [[nodiscard]] Paced& at(std::size_t i) { return places[(begin + i) & (places.size() - 1)]; }
    [[nodiscard]] Paced& front() { return at(0); }
    bool put(Paced paced, std::size_t& waiting) {
      if (count == places.size() && !widen()) return false;
      ++count;
      ++waiting;
      at(count - 1) = std::move(paced);
      return true;
    }
    void pop(std::size_t& waiting) {
      front().packet = {};
      begin = (begin + 1) & (places.size() - 1);
      --count;
      --waiting;
    }
    bool widen() {
      if (places.size() >= kMost) return false;
      std::vector<Paced> wider(places.empty() ? 64 : places.size() * 2);
      for (std::size_t i = 0; i < count; ++i) wider[i] = std::move(at(i));
      places = std::move(wider);
      begin = 0;
      return true;
    }
  };
  static constexpr base::Duration kDebt = base::Duration::millis(500);
  std::uint64_t us_per_byte16_ = 0;  // 2^-16 microseconds
  base::Instant paid_until_{};
  std::size_t waiting_ = 0;
  Ring repairs_, pictures_;
};

}  // namespace media
