// SPDX-License-Identifier: Apache-2.0
// SRTP and SRTCP, one object a direction (RFC 3711, RFC 7714): which index a packet has, what was replayed, how many
// sources there may be. Sealing is out of place (header and payload from anywhere), opening is in place. Not here: the
// ciphers (srtp_cipher.h), keys by DTLS (dtls.h). Invariant: state changes only by packets whose tag held; no index of
// a source is ever sealed twice (RFC 7714 section 8.3: the same nonce twice would give the key away), so a packet to be
// sent again goes as RTX or with its sealed bytes. Nothing is allocated per packet of a known source. One thread.
#pragma once
#include <memory>

#include "base/replay_window.h"
#include "base/result.h"
#include "transport/srtp_cipher.h"
#include "transport/ssrc_table.h"

namespace transport {

inline constexpr std::size_t kMaxSources = 512;       // SSRCs a direction
inline constexpr std::size_t kSrtpOverhead = 16 + 4;  // room to leave behind any packet
inline constexpr std::size_t kMaxDatagram = 2'048;    // longer packets are refused

// Size in bytes of the RTP header at the start of `packet` with CSRCs and extensions; 0 where it does not fit.
[[nodiscard]] std::size_t rtp_header_size(base::Bytes packet);

// A window of 512: what goes out late is repairs of what was lost on the way in, at most 256 behind (media/stream_rewriter.h).
class SrtpSender {
 public:
  SrtpSender(SrtpProfile profile, const SrtpMaster& master, crypto::GcmEngine engine = crypto::GcmEngine::automatic);
  // `out` takes header.size() + payload.size() + kSrtpOverhead bytes. Gives the packet's size, 0 where it is refused:
  // no RTP header, too large, too many sources, or an index that was used already or lies before the source's first
  // packet.
  [[nodiscard]] std::size_t protect_rtp(base::Bytes header, base::Bytes payload, std::uint8_t* out);
  void expect(std::uint32_t ssrc, std::size_t bytes) const {  // protect_rtp follows: a hint (base/prefetch.h)
    sources_.expect(ssrc);
    cipher_->expect(bytes);
  }
  [[nodiscard]] std::size_t protect_rtcp(base::Bytes compound, std::uint8_t* out);

 private:
  std::unique_ptr<SrtpCipher> cipher_;
  SsrcTable<base::ReplayWindow<512>> sources_{kMaxSources};
  SsrcTable<std::uint32_t> rtcp_next_{kMaxSources};
};

enum class SrtpError : std::uint8_t { malformed, unauthenticated, replayed, too_many_sources };

class SrtpReceiver {
 public:
  SrtpReceiver(SrtpProfile profile, const SrtpMaster& master, crypto::GcmEngine engine = crypto::GcmEngine::automatic);
  // The clear packet, within the one given. After an error the packet's bytes are of no use.
  [[nodiscard]] base::Result<base::MutableBytes, SrtpError> unprotect_rtp(base::MutableBytes packet);
  [[nodiscard]] base::Result<base::MutableBytes, SrtpError> unprotect_rtcp(base::MutableBytes packet);

 private:
  [[nodiscard]] base::Result<base::MutableBytes, SrtpError> first_of_source(base::MutableBytes packet,
                                                                            std::size_t header);
  std::unique_ptr<SrtpCipher> cipher_;
  SsrcTable<base::ReplayWindow<1024>> sources_{kMaxSources};
  SsrcTable<base::ReplayWindow<128>> rtcp_sources_{kMaxSources};
};

}  // namespace transport
