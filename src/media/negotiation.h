// SPDX-License-Identifier: Apache-2.0
// What one participant's offers say and what their answers must: RFC 8829, docs/protocol.md "Media", DESIGN.md "The call".
// The server always offers; lines are only ever appended, in the same order. Not here: reading an offer (a participant's
// work), which answer belongs to whom (exchange.h). Pure: text and values. Any thread.
#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "media/exchange.h"
#include "transport/peer.h"
#include "wire/header_extensions.h"

namespace media {

inline constexpr base::PayloadType kOpus{111}, kVp8{96}, kRtx{97};
inline constexpr std::array<std::string_view, 3> kRids{"q", "h", "f"};  // layer 0, 1, 2
inline constexpr std::size_t kLayers = kRids.size();
inline constexpr std::size_t kTemporalLayers = 3;  // as browsers send of each layer; four would be possible (RFC 7741)
inline constexpr std::uint8_t kAllTemporal = 3;    // the highest TID: nothing is left out
inline constexpr std::uint8_t kStills = 255;       // in the place of a temporal layer: key frames alone, every few seconds
inline constexpr std::size_t kSources = 5;

[[nodiscard]] constexpr bool is_picture(Source s) {
  return s == Source::camera || s == Source::screen || s == Source::clear_view;
}
// The mid of an upstream line: "m", "c", "d", "v", "b" in the order of Source; the first two are offered to everyone.
[[nodiscard]] std::string_view upstream_mid(Source source);

// The CNAME of a slot's streams, in the SDP and in SDES; also its msid.
[[nodiscard]] std::string slot_name(std::size_t k);

// The fixed SSRCs of one slot.
struct SlotSsrcs {
  base::Ssrc sound{}, picture{}, picture_rtx{};
};

// What stays the same over all offers to one participant, and what grows.
struct Session {
  std::uint64_t id = 0;
  std::uint32_t version = 0;  // of the last offer made
  transport::IceCredentials ice;
  std::vector<Source> upstream;        // in the order in which they were opened
  std::vector<std::size_t> opened_at;  // of each beyond microphone and camera: how many slots stood before it
  std::vector<SlotSsrcs> slots;
};

[[nodiscard]] Offer write_offer(const Session& session, const Settings& settings);

// Which header extensions may be sent on a kind of line: bit n is id n of wire's list.
using ExtensionSet = std::uint16_t;
template <class Extension>
[[nodiscard]] consteval ExtensionSet bit_of() {
  return static_cast<ExtensionSet>(1U << wire::offered_id<Extension>());
}

struct Answer {
  transport::RemoteDescription remote;
  ExtensionSet sound_in = 0, picture_in = 0;    // what they may send us
  ExtensionSet sound_out = 0, picture_out = 0;  // what we may send them, the same on every slot
  bool rtx_in = false, rtx_out = false;
  bool nack_sound_in = false;
  bool takes_pictures = true;  // false: picture lines were refused, as by a browser without VP8
  bool transport_feedback_in = false;  // they want transport-wide feedback about what they send
  bool pli_in = true, fir_in = false;  // how a key frame is asked of them
  bool remb_in = true;                 // they listen to REMB about what they send
  // SSRCs that they named for upstream lines without simulcast; a zero where they did not.
  struct Upstream {
    Source source = Source::microphone;
    bool sends = false;
    base::Ssrc ssrc{}, rtx{};
    bool simulcast = false;  // each layer names itself by a rid
  };
  std::vector<Upstream> upstream;
  std::size_t slots = 0;  // answered, from 0
};

// Strict: the same lines in the same order, our payload types and ids, DTLS active, SHA-256. Only picture lines may be refused.
[[nodiscard]] base::Result<Answer, AnswerError> read_answer(const Session& session, std::string_view sdp);

}  // namespace media
