// SPDX-License-Identifier: Apache-2.0
// libopus calls. A steady tone is what DTX takes for background noise, so DTX is off here; browsers test it. Not here: RTP.
#include "load/opus_codec.h"

#include <opus/opus.h>

#include <array>
#include <stdexcept>

namespace load {

void SoundEncoder::Close::operator()(OpusEncoder* e) const { opus_encoder_destroy(e); }
void SoundDecoder::Close::operator()(OpusDecoder* d) const { opus_decoder_destroy(d); }

SoundEncoder::SoundEncoder(int bits_per_second) {
  int error = OPUS_OK;
  encoder_.reset(opus_encoder_create(kSampleRate, 1, OPUS_APPLICATION_AUDIO, &error));
  if (error != OPUS_OK) throw std::runtime_error("libopus gives no encoder");
  opus_encoder_ctl(encoder_.get(), OPUS_SET_BITRATE(bits_per_second));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_INBAND_FEC(1));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_PACKET_LOSS_PERC(5));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_DTX(0));
  opus_encoder_ctl(encoder_.get(), OPUS_SET_COMPLEXITY(5));
}

std::vector<std::uint8_t> SoundEncoder::encode(std::span<const std::int16_t, kFrameSamples> pcm) {
  std::vector<std::uint8_t> packet(1'275);  // RFC 6716 section 3.2.1: the longest frame
  const int n = opus_encode(encoder_.get(), pcm.data(), kFrameSamples, packet.data(), static_cast<int>(packet.size()));
  if (n < 0) throw std::runtime_error("libopus refuses to encode");
  packet.resize(static_cast<std::size_t>(n));
  return packet;
}

void pad_sound_packet(std::vector<std::uint8_t>& packet, std::size_t bytes) {
  const std::size_t before = packet.size();
  packet.resize(before + bytes + 3);  // a frame count, a padding length, and one to spare
  if (opus_packet_pad(packet.data(), static_cast<opus_int32>(before), static_cast<opus_int32>(packet.size())) != OPUS_OK)
    throw std::runtime_error("libopus refuses to pad");
}

SoundDecoder::SoundDecoder() {
  int error = OPUS_OK;
  decoder_.reset(opus_decoder_create(kSampleRate, 1, &error));
  if (error != OPUS_OK) throw std::runtime_error("libopus gives no decoder");
}

bool SoundDecoder::decode(base::Bytes packet, std::vector<std::int16_t>& into) {
  std::array<std::int16_t, 5'760> pcm;  // 120 ms: the longest packet
  const int n = packet.empty()
                    ? opus_decode(decoder_.get(), nullptr, 0, pcm.data(), kFrameSamples, 0)
                    : opus_decode(decoder_.get(), packet.data(), static_cast<int>(packet.size()), pcm.data(),
                                  static_cast<int>(pcm.size()), 0);
  if (n < 0) return false;
  into.insert(into.end(), pcm.begin(), pcm.begin() + n);
  return true;
}

}  // namespace load
