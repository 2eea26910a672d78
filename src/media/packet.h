// SPDX-License-Identifier: Apache-2.0
// One received media packet as the forwarder keeps it, and the pool it lives in. The payload is shared by all receivers and
// by the retransmission cache; nobody copies it. Not here: parsing (reception.h), sending (delivery.h).
// Invariant: apart from the few bytes of the VP8 descriptor that each send overwrites just before it encrypts (picture id
// and TL0PICIDX, same sizes), the payload never changes. Runs on the room's media thread; counts are not atomic.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/instant.h"
#include "media/sequence_ring.h"

namespace media {

// With the dependency descriptor, whose header may be the longest part of a header. A datagram is 100 bytes more at most, by IPv6 under 1,400: it
// fits mobile lines and tunnels. One that does not is lost on the way to others, whose lines would seem to lose. Browsers send 1,200 in all.
inline constexpr std::size_t kMaxPayload = 1'240;
inline constexpr std::size_t kMaxDependencyDescriptor = 120;

// Where the rewritten fields of a VP8 payload descriptor stand (RFC 7741 section 4.2); zero: absent.
struct Vp8Fields {
  std::uint8_t picture_id_at = 0;  // offset in the payload
  bool wide_picture_id = false;    // 15 bits rather than 7
  std::uint8_t tl0_at = 0;
  std::uint16_t picture_id = 0;
  std::uint8_t tl0 = 0;
};

struct Packet {
  std::uint32_t refs = 0;
  std::uint32_t sequence = 0;  // extended (RFC 3550 appendix A.1)
  std::uint32_t timestamp = 0;
  base::Instant arrived;
  std::uint8_t layer = 0;  // 0 sound or the smallest picture, 1 h, 2 f
  bool picture = false;
  bool marker = false;
  bool starts_frame = false;
  bool starts_key_frame = false;
  std::uint8_t temporal = 0;              // temporal layer; 0 is never left out
  bool layer_sync = false;                // refers to nothing but temporal layer 0 (RFC 7741 section 4.2, Y)
  std::uint8_t rises = 0;                 // bit t: from here on all up to temporal layer t decodes (switch indications)
  std::optional<std::uint8_t> level;      // audio level and voice bit as RFC 6464 writes them
  Vp8Fields vp8;
  std::uint16_t frame_number = 0;         // of the Dependency Descriptor, where there is one
  std::uint8_t dd_size = 0;
  std::uint16_t payload_size = 0;
  std::array<std::uint8_t, kMaxDependencyDescriptor> dd{};
  // Two free bytes before the payload: RFC 4588 puts the original sequence number there.
  std::array<std::uint8_t, 2 + kMaxPayload> bytes{};

  [[nodiscard]] base::MutableBytes payload() { return {bytes.data() + 2, payload_size}; }
  [[nodiscard]] base::MutableBytes payload_with_osn() {
    return {bytes.data(), std::size_t{payload_size} + 2};
  }
};

class PacketPool;

// A share in a pooled packet.
class PacketRef {
 public:
  PacketRef() = default;
  PacketRef(const PacketRef& o) : packet_(o.packet_), pool_(o.pool_) {
    if (packet_ != nullptr) ++packet_->refs;
  }
  PacketRef(PacketRef&& o) noexcept : packet_(std::exchange(o.packet_, nullptr)), pool_(o.pool_) {}
  PacketRef& operator=(PacketRef o) noexcept {
    std::swap(packet_, o.packet_);
    std::swap(pool_, o.pool_);
    return *this;
  }
  ~PacketRef();
  [[nodiscard]] Packet* get() const { return packet_; }
  Packet* operator->() const { return packet_; }
  Packet& operator*() const { return *packet_; }
  explicit operator bool() const { return packet_ != nullptr; }

 private:
  friend class PacketPool;
  PacketRef(Packet* packet, PacketPool* pool) : packet_(packet), pool_(pool) { ++packet_->refs; }
  Packet* packet_ = nullptr;
  PacketPool* pool_ = nullptr;
};

// Grows in blocks to what was needed at once; outlives every PacketRef. Empty ref where `max` are out.
class PacketPool {
 public:
  explicit PacketPool(std::size_t max = 200'000) : max_(max) {}
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;

  [[nodiscard]] PacketRef take() {
    if (free_.empty() && !grow()) return {};
    auto* packet = free_.back();
    free_.pop_back();
    return {packet, this};
  }
  // Gives everything back, where nothing of it is in use.
  void release() {
    if (in_use() > 0) return;
    free_.clear();
    free_.shrink_to_fit();
    blocks_.clear();
  }
  [[nodiscard]] std::size_t made() const { return blocks_.size() * kBlock; }
  [[nodiscard]] std::size_t in_use() const { return made() - free_.size(); }

 private:
  friend class PacketRef;
  static constexpr std::size_t kBlock = 64;
  bool grow() {
    if (made() + kBlock > max_) return false;
    blocks_.push_back(std::make_unique<std::array<Packet, kBlock>>());
    free_.reserve(made());
    for (auto& packet : *blocks_.back()) free_.push_back(&packet);
    return true;
  }
  void give_back(Packet* packet) { free_.push_back(packet); }
  std::size_t max_;
  std::vector<std::unique_ptr<std::array<Packet, kBlock>>> blocks_;
  std::vector<Packet*> free_;
};

inline PacketRef::~PacketRef() {
  if (packet_ != nullptr && --packet_->refs == 0) pool_->give_back(packet_);
}

// The last packets of one received stream, by extended sequence number, for retransmission. Bounded by count and age.
class PacketCache {
 public:
  // `keep`: how long a packet is of use to somebody who misses it.
  void put(PacketRef packet, base::Duration keep) {
    const auto now = packet->arrived;
    const auto sequence = packet->sequence;
    let_go(sequence, now, keep);
    ring_.take(sequence, [&](const PacketRef& old) { return old && now - old->arrived < keep; },
               [](const PacketRef& old) { return old->sequence; }) = std::move(packet);
  }
  // Empty where it was never there, was pushed out or is older than anything is kept.
  // Of extended numbers the lower half is enough: no two that differ in the upper are kept.
  [[nodiscard]] PacketRef find(std::uint16_t sequence, base::Instant now) {
    const auto* ref = ring_.find(sequence);
    return ref != nullptr && *ref && static_cast<std::uint16_t>((*ref)->sequence) == sequence && now - (*ref)->arrived <= kMostKept ? *ref : PacketRef{};
  }
  // Lets go of everything (the stream has stopped).
  void clear() { ring_.clear(); }

  static constexpr base::Duration kMostKept = base::Duration::millis(1'000);

 private:
  static constexpr std::size_t kFirst = 32, kMost = 512;
  // What is older than `keep`, from the oldest on: a place is emptied long before its turn comes again.
  void let_go(std::uint32_t newest, base::Instant now, base::Duration keep) {
    if (newest - oldest_ > ring_.size()) oldest_ = newest - static_cast<std::uint32_t>(std::min<std::size_t>(ring_.size(), newest));
    for (; oldest_ != newest; ++oldest_) {
      auto* ref = ring_.find(oldest_);
      if (ref == nullptr || !*ref) continue;
      if (now - (*ref)->arrived < keep) break;
      *ref = {};
    }
  }
  SequenceRing<PacketRef> ring_{kFirst, kMost};
  std::uint32_t oldest_ = 0;  // nothing older is kept
};

}  // namespace media
