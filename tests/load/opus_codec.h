// SPDX-License-Identifier: Apache-2.0
// Thin owners over libopus: mono, 48 kHz, 20 ms packets (RFC 6716, RFC 7587), in-band FEC as browsers send it. Not here:
// what is said (tone.h), RTP. One encoder or decoder a stream; one thread each.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/bytes.h"
#include "load/tone.h"

struct OpusEncoder;
struct OpusDecoder;

namespace load {

class SoundEncoder {
 public:
  explicit SoundEncoder(int bits_per_second);
  [[nodiscard]] std::vector<std::uint8_t> encode(std::span<const std::int16_t, kFrameSamples> pcm);

 private:
  struct Close {
    void operator()(OpusEncoder* e) const;
  };
  std::unique_ptr<OpusEncoder, Close> encoder_;
};

// Lengthens a packet so that its last `bytes` bytes are padding (RFC 6716 section 3.2.5).
void pad_sound_packet(std::vector<std::uint8_t>& packet, std::size_t bytes);

class SoundDecoder {
 public:
  SoundDecoder();
  // Appends what the packet holds (mono, 48 kHz). An empty packet stands for a lost one: 20 ms are concealed. False, with
  // nothing appended, where the packet is not Opus.
  bool decode(base::Bytes packet, std::vector<std::int16_t>& into);

 private:
  struct Close {
    void operator()(OpusDecoder* d) const;
  };
  std::unique_ptr<OpusDecoder, Close> decoder_;
};

}  // namespace load
