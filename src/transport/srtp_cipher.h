// SPDX-License-Identifier: Apache-2.0
// The cryptography of one direction of SRTP, without any memory of packets: given an index, seal or open. Two profiles
// behind one interface, RTP and RTCP each with its own keys. Not here: which index a packet has, replay (srtp.h).
#pragma once
#include <memory>

#include "transport/srtp_keys.h"

namespace transport {

class SrtpCipher {
 public:
  SrtpCipher() = default;
  SrtpCipher(const SrtpCipher&) = delete;
  SrtpCipher& operator=(const SrtpCipher&) = delete;
  virtual ~SrtpCipher() = default;

  // Bytes that sealing adds behind an RTP payload (10 or 16), and behind an RTCP compound (4 more).
  [[nodiscard]] virtual std::size_t rtp_overhead() const = 0;
  [[nodiscard]] std::size_t rtcp_overhead() const { return rtp_overhead() + 4; }

  // seal_rtp of about so many bytes follows: a hint (base/prefetch.h).
  virtual void expect(std::size_t) const {}
  // `out` already begins with the header of `header_size` bytes, which stays clear; `payload` is read from elsewhere,
  // or from out + header_size. Writes payload and tag behind the header. index = ROC * 65536 + SEQ.
  virtual void seal_rtp(std::uint8_t* out, std::size_t header_size, base::Bytes payload, std::uint64_t index) = 0;
  // The payload, from `packet` (whole, header_size + overhead at least) to `out`, which may be its place in the packet.
  [[nodiscard]] virtual bool open_rtp(base::Bytes packet, std::size_t header_size, std::uint64_t index,
                                      std::uint8_t* out) = 0;

  // `out` takes compound.size() + rtcp_overhead() bytes. index < 2^31.
  virtual void seal_rtcp(base::Bytes compound, std::uint32_t index, std::uint8_t* out) = 0;
  // Where the ESRTCP word (E flag and index, RFC 3711 section 3.4) stands in a packet of this size.
  [[nodiscard]] virtual std::size_t esrtcp_at(std::size_t packet_size) const = 0;
  // In place. Precondition: packet.size() >= 8 + rtcp_overhead().
  [[nodiscard]] virtual bool open_rtcp(base::MutableBytes packet) = 0;
};

[[nodiscard]] std::unique_ptr<SrtpCipher> make_srtp_cipher(SrtpProfile profile, const SrtpSessionKeys& rtp,
                                                           const SrtpSessionKeys& rtcp, crypto::GcmEngine engine);

}  // namespace transport
