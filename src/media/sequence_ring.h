// SPDX-License-Identifier: Apache-2.0
// What is remembered of the last packets of one stream, each under its sequence number: as few places as that takes. It
// doubles where a place would be taken while what stands there is still wanted, up to a bound, and then the older gives
// way. Not here: what is wanted (the caller says so, by age). Invariant: a power of two of places, at most `most`; nothing
// is allocated once it has grown to what its stream needs. Media thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/prefetch.h"

namespace media {

// T has `sequence` (of the type that numbers have here) or is asked for it by `sequence_of(const T&)`; a T{} is an empty place.
template <class T>
class SequenceRing {
 public:
  SequenceRing(std::size_t first, std::size_t most) : first_(static_cast<std::uint32_t>(first)), most_(static_cast<std::uint32_t>(most)) {}

  // The place for `sequence`. `wanted(const T&)`: what stands there may not be lost; `sequence_of(const T&)`: its number.
  template <class Wanted, class SequenceOf>
  T& take(std::uint32_t sequence, Wanted&& wanted, SequenceOf&& sequence_of) {
    if (places_.empty()) places_.resize(first_);
    while (places_.size() < most_ && wanted(at(sequence)) && sequence_of(at(sequence)) != sequence) widen(wanted, sequence_of);
    return at(sequence);
  }
  // Where `sequence` would stand; null where nothing was ever put. What stands there may have another number.
  [[nodiscard]] T* find(std::uint32_t sequence) { return places_.empty() ? nullptr : &at(sequence); }
  // take() follows: a hint (base/prefetch.h).
  void expect(std::uint32_t sequence) const {
    if (!places_.empty()) base::prefetch(&places_[sequence & (places_.size() - 1)], sizeof(T));
  }
  // Empties all places and keeps them.
  void empty() {
    for (auto& place : places_) place = T{};
  }
  // Gives its memory back, too.
  void clear() { places_ = {}; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  T& at(std::uint32_t sequence) { return places_[sequence & (places_.size() - 1)]; }
  template <class Wanted, class SequenceOf>
  void widen(Wanted&& wanted, SequenceOf&& sequence_of) {
    std::vector<T> wider(places_.size() * 2);
    for (auto& place : places_)
      if (wanted(std::as_const(place))) {
        const std::size_t where = sequence_of(std::as_const(place)) & (wider.size() - 1);
        wider[where] = std::move(place);
      }
    places_ = std::move(wider);
  }
  std::vector<T> places_;
  std::uint32_t first_, most_;
};

}  // namespace media
