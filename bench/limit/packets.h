// SPDX-License-Identifier: Apache-2.0
// What the bare forwarder and its load agree on: packets of the size of ours, keys that both can work out, and three
// words of one byte beside them. Person p sends sound as SSRC 2p and pictures as 2p + 1. Not here: sockets.
#pragma once
#include <array>
#include <cstdint>
#include <memory>

#include "transport/srtp_cipher.h"

namespace limit {

// 12 bytes of RTP header and 16 of extensions (level, send time, transport-wide number), as a browser's packets have.
inline constexpr std::size_t kHeader = 28, kSound = 120, kPicture = 1'100, kTag = 16;
inline constexpr std::size_t kMostPeople = 100, kRoom = 2'048;

enum class Word : std::uint8_t { hello = 1, figures = 2 };  // RTP begins with 0x80 at least

// The answer to Word::figures, since the start.
struct Figures {
  std::uint64_t received = 0, forwarded = 0, cpu_ns = 0, wakes = 0, receive_calls = 0, send_calls = 0, sends = 0;
  std::uint64_t refused = 0;  // would not open, or the kernel would not take it
};

enum class Way : std::uint8_t { to_forwarder = 1, from_forwarder = 2 };

inline std::unique_ptr<transport::SrtpCipher> cipher_of(Way way, std::size_t person) {
  transport::SrtpSessionKeys keys;
  keys.encryption.fill(static_cast<std::uint8_t>(way));
  keys.salt.fill(static_cast<std::uint8_t>(way));
  keys.encryption[0] = keys.salt[0] = static_cast<std::uint8_t>(person);
  return transport::make_srtp_cipher(transport::SrtpProfile::aead_aes_128_gcm, keys, keys,
                                     crypto::GcmEngine::automatic);
}

// RFC 3711 section 3.3.1: the packet's index from its sequence number and the highest index so far.
class IndexOf {
 public:
  std::uint64_t operator()(std::uint16_t sequence) {
    const auto step =
        static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - static_cast<std::uint16_t>(highest_)));
    const std::uint64_t index = highest_ + static_cast<std::uint64_t>(std::int64_t{step});
    if (step > 0) highest_ = index;
    return index;
  }

 private:
  std::uint64_t highest_ = 0;
};

}  // namespace limit
