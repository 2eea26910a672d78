// SPDX-License-Identifier: Apache-2.0
// Transport-wide feedback: see rtcp_transport_feedback.h. Draft section 3.1.1 to 3.1.5.
#include "wire/rtcp_transport_feedback.h"

#include <algorithm>
#include <array>

namespace wire {
namespace {

// Section 3.1.1: what a chunk says of a packet.
enum Symbol : std::uint8_t { kLost = 0, kSmall = 1, kLarge = 2 };
constexpr std::size_t kMaxRun = 0x1fff;
constexpr std::size_t kOneBitSymbols = 14;
constexpr std::size_t kTwoBitSymbols = 7;

Symbol symbol_of(const PacketStatus& s) {
  if (!s.received) return kLost;
  return s.delta >= 0 && s.delta <= 0xff ? kSmall : kLarge;
}

using Symbols = FixedList<std::uint8_t, TransportFeedback::kMaxStatuses>;

// One chunk, of which no more symbols count than statuses are left. False for the reserved symbol 3.
bool read_chunk(std::uint16_t chunk, std::size_t count, Symbols& symbols) {
  const auto add = [&](unsigned symbol) {
    if (symbol > kLarge) return false;
    if (symbols.size() < count) (void)symbols.push_back(static_cast<std::uint8_t>(symbol));
    return true;
  };
  if ((chunk & 0x8000) == 0) {  // section 3.1.3: run length
    const std::size_t run = std::min<std::size_t>(chunk & kMaxRun, count - symbols.size());
    for (std::size_t i = 0; i < run; ++i)
      if (!add((chunk >> 13) & 3U)) return false;
    return true;
  }
  if ((chunk & 0x4000) == 0) {  // section 3.1.4: 14 symbols of one bit
    for (unsigned i = 0; i < kOneBitSymbols; ++i) (void)add((chunk >> (kOneBitSymbols - 1 - i)) & 1U);
    return true;
  }
  for (unsigned i = 0; i < kTwoBitSymbols && symbols.size() < count; ++i)
    if (!add((chunk >> (2 * (kTwoBitSymbols - 1 - i))) & 3U)) return false;
  return true;
}

// The chunk for the statuses from `at` on, and how many it says: a run where it says more than a vector would.
struct Chunk {
  std::uint16_t bits;
  std::size_t covers;
};
Chunk make_chunk(const TransportFeedback& f, std::size_t at) {
  const std::size_t left = f.statuses.size() - at;
  const Symbol first = symbol_of(f.statuses[at]);
  std::size_t run = 1;
  while (run < std::min(left, kMaxRun) && symbol_of(f.statuses[at + run]) == first) ++run;
  const std::size_t vector = first == kLarge ? kTwoBitSymbols : kOneBitSymbols;
  if (run == left || run >= vector) return {static_cast<std::uint16_t>((first << 13) | run), run};

  const std::size_t one_bit = std::min(left, kOneBitSymbols);
  const bool narrow = std::all_of(f.statuses.begin() + at, f.statuses.begin() + at + one_bit,
                                  [](const PacketStatus& s) { return symbol_of(s) != kLarge; });
  const std::size_t covers = narrow ? one_bit : std::min(left, kTwoBitSymbols);
  unsigned bits = narrow ? 0x8000 : 0xc000;
  for (std::size_t i = 0; i < covers; ++i) {
    const unsigned symbol = symbol_of(f.statuses[at + i]);
    bits |= narrow ? symbol << (kOneBitSymbols - 1 - i) : symbol << (2 * (kTwoBitSymbols - 1 - i));
  }
  return {static_cast<std::uint16_t>(bits), covers};
}

}  // namespace

base::Result<TransportFeedback, base::ParseError> TransportFeedback::parse(const RtcpPacket& packet) {
  base::Reader in{packet.body};
  TransportFeedback out;
  out.sender = {in.u32()};
  out.media = {in.u32()};
  out.base_sequence = in.u16();
  const std::size_t count = in.u16();
  const std::uint32_t reference = in.u24();
  out.reference_time = static_cast<std::int32_t>(reference) - ((reference & 0x800000) != 0 ? 0x1000000 : 0);
  out.feedback_count = in.u8();
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  if (count == 0) return base::Unexpected{base::ParseError::malformed};
  if (count > kMaxStatuses) return base::Unexpected{base::ParseError::too_large};
  Symbols symbols;
  while (symbols.size() < count) {
    const std::uint16_t chunk = in.u16();
    if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
    if (!read_chunk(chunk, count, symbols)) return base::Unexpected{base::ParseError::malformed};
    // A run of nothing makes no progress and says nothing: not from an honest sender.
    if ((chunk & 0x8000) == 0 && (chunk & kMaxRun) == 0) return base::Unexpected{base::ParseError::malformed};
  }
  for (const std::uint8_t symbol : symbols) {  // section 3.1.5
    PacketStatus status{symbol != kLost, 0};
    if (symbol == kSmall) status.delta = in.u8();
    if (symbol == kLarge) status.delta = static_cast<std::int16_t>(in.u16());
    (void)out.statuses.push_back(status);
  }
  if (!in.ok()) return base::Unexpected{base::ParseError::truncated};
  return out;
}

bool TransportFeedback::write(base::Writer& out) const {
  if (statuses.empty()) return false;
  const std::size_t start = out.size();
  RtcpFrame frame{out, RtcpType::transport_feedback, kFormat};
  out.u32(sender.value);
  out.u32(media.value);
  out.u16(base_sequence);
  out.u16(static_cast<std::uint16_t>(statuses.size()));
  out.u24(static_cast<std::uint32_t>(reference_time) & 0xffffff);
  out.u8(feedback_count);
  for (std::size_t at = 0; at < statuses.size();) {
    const Chunk chunk = make_chunk(*this, at);
    out.u16(chunk.bits);
    at += chunk.covers;
  }
  for (const PacketStatus& status : statuses) {
    const Symbol symbol = symbol_of(status);
    if (symbol == kSmall) out.u8(static_cast<std::uint8_t>(status.delta));
    if (symbol == kLarge) out.u16(static_cast<std::uint16_t>(status.delta));
  }
  return frame.close((4 - (out.size() - start) % 4) % 4);
}

}  // namespace wire
