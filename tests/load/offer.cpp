// SPDX-License-Identifier: Apache-2.0
// The DTLS role is said at once (a=setup:active): a synthetic person is always the client (RFC 5763 section 5 would have
// actpass and let the other side choose).
#include "load/offer.h"

#include <array>

namespace load {
namespace {

using wire::sdp::Codec;
using wire::sdp::Description;
using wire::sdp::Direction;
using wire::sdp::Kind;
using wire::sdp::Media;

constexpr base::PayloadType kOpus{111}, kVp8{96}, kVp8Repair{97};

Media line(Kind kind, std::string_view mid, const AnswerSettings& mine) {
  Media media;
  media.kind = kind;
  media.mid = mid;
  media.direction = Direction::sendonly;
  media.rtcp_mux = true;
  media.rtcp_rsize = true;
  media.transport.ice_ufrag = mine.local.ufrag;
  media.transport.ice_pwd = mine.local.pwd;
  media.transport.fingerprints = {crypto::to_text(mine.fingerprint)};
  media.transport.setup = wire::sdp::Setup::active;
  media.extensions = {{1, std::string(kMidExtension), {}},
                      {3, std::string(kTransportSequenceExtension), {}},
                      {4, std::string(kAbsSendTimeExtension), {}}};
  return media;
}

}  // namespace

std::string offer_streams(const AnswerSettings& mine) {
  Media sound = line(Kind::audio, kSoundMid, mine);
  sound.codecs = {Codec{kOpus, "opus", 48'000, 2, {{"minptime", "10"}, {"useinbandfec", "1"}}, {"transport-cc"}}};
  sound.extensions.push_back({2, std::string(kAudioLevelExtension), {}});
  sound.msids = {{mine.cname, "sound"}};
  sound.sources = {{mine.sound, mine.cname, std::nullopt}};

  Media picture = line(Kind::video, kPictureMid, mine);
  picture.codecs = {Codec{kVp8, "VP8", 90'000, 0, {}, {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"}},
                    Codec{kVp8Repair, "rtx", 90'000, 0, {{"apt", std::to_string(kVp8.value)}}, {}}};
  picture.msids = {{mine.cname, "picture"}};
  picture.sources = {{mine.layers[0], mine.cname, std::nullopt}, {mine.layer_repairs[0], mine.cname, std::nullopt}};
  picture.source_groups = {{"FID", {mine.layers[0], mine.layer_repairs[0]}}};

  Description offer;
  offer.session_id = mine.sound.value;
  offer.session_version = 1;
  offer.bundle = {std::string(kSoundMid), std::string(kPictureMid)};
  offer.msid_semantic = "WMS *";
  offer.media = {std::move(sound), std::move(picture)};
  return wire::sdp::to_text(offer);
}

base::Result<Negotiated, OfferError> take_answer(std::string_view answer_sdp, std::uint32_t socket) {
  const auto answer = wire::sdp::parse(answer_sdp);
  if (!answer || answer->media.empty()) return std::unexpected(OfferError::malformed);
  Negotiated out;
  auto remote = remote_of(*answer, socket);
  if (!remote) return std::unexpected(remote.error());
  out.remote = std::move(*remote);
  out.sound_mid = kSoundMid;
  out.picture_mid = kPictureMid;
  for (const std::string_view mid : {kSoundMid, kPictureMid}) {
    const Media* media = answer->by_mid(mid);
    if (media == nullptr || media->rejected() || !read_codecs(*media, true, out)) return std::unexpected(OfferError::no_codec);
  }
  return out;
}

}  // namespace load
