// SPDX-License-Identifier: Apache-2.0
// What a synthetic person makes of the server's offer: an answer as a browser would give it (JSEP RFC 8829 section 5.3) and
// the numbers that both sides then use. Not here: the transport (transport/peer.h), when to answer. Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/datagram.h"
#include "base/result.h"
#include "crypto/certificate.h"
#include "load/out_stream.h"
#include "transport/peer.h"
#include "wire/sdp.h"

namespace load {

// Which mid is what, as the offer message says beside its SDP.
struct OfferRoles {
  std::string microphone, camera;  // mids; empty where not offered
  struct Slot {
    std::uint32_t slot = 0;
    std::string sound, picture;
  };
  std::vector<Slot> slots;
};

struct AnswerSettings {
  transport::IceCredentials local;
  crypto::Fingerprint fingerprint;
  base::Ssrc sound, sound_repair, layers[3], layer_repairs[3];  // of the person's own streams
  std::string cname;
};

struct Negotiated {
  std::string answer;  // SDP
  transport::RemoteDescription remote;
  ExtensionIds sound_extensions, picture_extensions;
  base::PayloadType opus{}, sound_rtx{}, vp8{}, picture_rtx{};  // rtx 0 where not offered
  std::string sound_mid, picture_mid;                           // of the person's own lines
  std::vector<std::string> rids;                                // of the camera, in the offer's order; empty: no simulcast
  struct Slot {
    std::uint32_t slot = 0;
    base::Ssrc sound{}, sound_repair{}, picture{}, picture_repair{};
  };
  std::vector<Slot> slots;
};

enum class OfferError : std::uint8_t { malformed, no_credentials, no_fingerprint, no_candidate, no_codec, no_slot_source };

[[nodiscard]] base::Result<Negotiated, OfferError> answer_offer(std::string_view offer_sdp, const OfferRoles& roles,
                                                               const AnswerSettings& settings, std::uint32_t socket);

// For offer.h, too: the RTP header extensions that a synthetic person writes or reads, the other side's transport, and the
// codecs and extensions of one media line (false where the codec lacks).
inline constexpr std::string_view kMidExtension = "urn:ietf:params:rtp-hdrext:sdes:mid";
inline constexpr std::string_view kRidExtension = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
inline constexpr std::string_view kRepairedRidExtension = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
inline constexpr std::string_view kAudioLevelExtension = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
inline constexpr std::string_view kAbsSendTimeExtension = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
inline constexpr std::string_view kTransportSequenceExtension =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
[[nodiscard]] base::Result<transport::RemoteDescription, OfferError> remote_of(const wire::sdp::Description& theirs, std::uint32_t socket);
[[nodiscard]] bool read_codecs(const wire::sdp::Media& media, bool with_extensions, Negotiated& out);

}  // namespace load
