// SPDX-License-Identifier: Apache-2.0
// Generic NACK: which packets are missing. RFC 4585 section 6.2.1. Not here: when to ask (media/).
#pragma once
#include <cstdint>
#include <span>

#include "wire/fixed_list.h"
#include "wire/rtcp_packet.h"

namespace wire {

//  |                  SSRC of packet sender                        |
//  |                  SSRC of media source                         |
//  |            PID                |             BLP               |  one word an item
struct NackItem {
  std::uint16_t packet = 0;   // PID: a lost packet
  std::uint16_t bitmask = 0;  // BLP: bit i (from the lowest) set: packet + i + 1 is lost too
  bool operator==(const NackItem&) const = default;
};

struct Nack {
  static constexpr const char* kName = "nack";
  static constexpr std::uint8_t kFormat = 1;
  static constexpr std::size_t kMaxItems = 253;  // what fits an MTU
  base::Ssrc sender{}, media{};
  FixedList<NackItem, kMaxItems> items;
  bool operator==(const Nack&) const = default;
  [[nodiscard]] static bool matches(const RtcpPacket& p) {
    return p.type == RtcpType::transport_feedback && p.count == kFormat;
  }
  [[nodiscard]] static base::Result<Nack, base::ParseError> parse(const RtcpPacket&);
  bool write(base::Writer& out) const;

  // Adds one lost packet: into the last item's bitmask where it follows within 16, else as a new item. Call in order of
  // sequence. False where the message is full.
  bool add(std::uint16_t sequence);
  // Calls f(std::uint16_t) for every lost packet, in the order of the message.
  template <class F>
  void for_each(F&& f) const {
    for (const NackItem& item : items) {
      f(item.packet);
      for (unsigned bit = 0; bit < 16; ++bit)
        if (((item.bitmask >> bit) & 1U) != 0) f(static_cast<std::uint16_t>(item.packet + bit + 1));
    }
  }
};

}  // namespace wire
