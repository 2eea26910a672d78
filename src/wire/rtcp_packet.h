// SPDX-License-Identifier: Apache-2.0
// What every RTCP packet has: the common header, the padding, and the way one stands after another in a compound
// datagram. RFC 3550 section 6.1, reduced size RFC 5506 (a compound need not begin with a report). Not here: what is in
// them (rtcp_*.h), all of them together (rtcp.h).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"

namespace wire {

//   0                   1                   2                   3
//  |V=2|P|  count  | packet type   | length in words minus one     |
enum class RtcpType : std::uint8_t {
  sender_report = 200,
  receiver_report = 201,
  source_description = 202,
  bye = 203,
  application = 204,
  transport_feedback = 205,  // RFC 4585 section 6.2, RTPFB
  payload_feedback = 206,    // RFC 4585 section 6.3, PSFB
  extended_report = 207,
};

struct RtcpPacket {
  RtcpType type{};
  std::uint8_t count = 0;  // report count, source count or feedback message type
  base::Bytes body;        // after the common header, without padding
};

// Walks a compound. ok() is false once a header does not fit; what came before was sound.
class RtcpReader {
 public:
  explicit RtcpReader(base::Bytes compound) : rest_(compound) {}
  [[nodiscard]] std::optional<RtcpPacket> next();
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  base::Bytes rest_;
  bool ok_ = true;
};

// Opens a packet in `out`; close() writes its length. Everything written between the two must be whole 32-bit words.
class RtcpFrame {
 public:
  RtcpFrame(base::Writer& out, RtcpType type, std::size_t count);
  // Adds `padding` bytes (RFC 3550 section 6.4.1, P), which must complete a word, and closes. False where it did not
  // fit.
  bool close(std::size_t padding = 0);

 private:
  base::Writer& out_;
  std::uint8_t* header_;
  std::size_t start_;
};

}  // namespace wire
