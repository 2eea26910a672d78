// SPDX-License-Identifier: Apache-2.0
// The answer repeats what it accepts of each media line of the offer, in the offer's order: RFC 8829 section 5.3.1. Only
// Opus, VP8 and RTX, and only the extensions that a synthetic person writes or reads, are accepted.
#include "load/answer.h"

#include <algorithm>
#include <array>

namespace load {
namespace {

using wire::sdp::Codec;
using wire::sdp::Description;
using wire::sdp::Direction;
using wire::sdp::Kind;
using wire::sdp::Media;

constexpr std::array kKnown{kMidExtension,        kRidExtension,         kRepairedRidExtension,
                            kAudioLevelExtension, kAbsSendTimeExtension, kTransportSequenceExtension};

ExtensionIds ids_of(const Media& media) {
  return {media.extension_id(kMidExtension),        media.extension_id(kRidExtension),
          media.extension_id(kRepairedRidExtension), media.extension_id(kAudioLevelExtension),
          media.extension_id(kAbsSendTimeExtension), media.extension_id(kTransportSequenceExtension)};
}

// The first codec of our name, and the RTX that repairs it (apt, RFC 4588 section 8.1); null where there is none.
const Codec* rtx_for(const Media& media, const Codec& codec) {
  const auto found = std::ranges::find_if(media.codecs, [&](const Codec& c) {
    const auto* apt = c.parameter("apt");
    return c.is("rtx") && apt != nullptr && *apt == std::to_string(codec.payload_type.value);
  });
  return found == media.codecs.end() ? nullptr : &*found;
}

Media answer_media(const Media& offer, const AnswerSettings& settings) {
  Media answer;
  answer.kind = offer.kind;
  answer.protocol = offer.protocol;
  answer.mid = offer.mid;
  answer.direction = Direction::inactive;
  answer.rtcp_mux = true;
  answer.rtcp_rsize = offer.rtcp_rsize;
  answer.extmap_allow_mixed = offer.extmap_allow_mixed;
  answer.transport.ice_ufrag = settings.local.ufrag;
  answer.transport.ice_pwd = settings.local.pwd;
  answer.transport.fingerprints = {crypto::to_text(settings.fingerprint)};
  answer.transport.setup = wire::sdp::Setup::active;
  if (const Codec* codec = offer.codec(offer.kind == Kind::audio ? "opus" : "VP8")) {
    answer.codecs.push_back(*codec);
    if (const Codec* rtx = rtx_for(offer, *codec)) answer.codecs.push_back(*rtx);
  }
  for (const auto& extension : offer.extensions)
    if (std::ranges::find(kKnown, extension.uri) != kKnown.end()) answer.extensions.push_back(extension);
  return answer;
}

void send_sound(Media& media, const AnswerSettings& settings) {
  media.direction = Direction::sendonly;
  media.msids = {{settings.cname, "sound"}};
  media.sources = {{settings.sound, settings.cname, std::nullopt}};
  if (media.codec("rtx") != nullptr) {
    media.sources.push_back({settings.sound_repair, settings.cname, std::nullopt});
    media.source_groups = {{"FID", {settings.sound, settings.sound_repair}}};
  }
}

// Simulcast as browsers answer it: rids and no SSRCs (RFC 8853, RFC 8852).
void send_picture(Media& media, const Media& offer, const AnswerSettings& settings) {
  media.direction = Direction::sendonly;
  media.msids = {{settings.cname, "picture"}};
  if (!offer.simulcast || offer.simulcast->recv.empty()) {
    media.sources = {{settings.layers[0], settings.cname, std::nullopt}};
    if (media.codec("rtx") != nullptr) {
      media.sources.push_back({settings.layer_repairs[0], settings.cname, std::nullopt});
      media.source_groups = {{"FID", {settings.layers[0], settings.layer_repairs[0]}}};
    }
    return;
  }
  wire::sdp::Simulcast simulcast;
  for (const auto& alternatives : offer.simulcast->recv) {
    if (alternatives.empty()) continue;
    media.rids.push_back({alternatives.front().rid, wire::sdp::RidDirection::send, ""});
    simulcast.send.push_back({{alternatives.front().rid, false}});
  }
  media.simulcast = simulcast;
}

bool find_slot(const Description& offer, const OfferRoles::Slot& slot, Negotiated& out) {
  const Media* sound = offer.by_mid(slot.sound);
  const Media* picture = offer.by_mid(slot.picture);
  if (sound == nullptr || picture == nullptr || sound->sources.empty() || picture->sources.empty()) return false;
  const auto sound_ssrc = sound->sources.front().ssrc, picture_ssrc = picture->sources.front().ssrc;
  out.slots.push_back({slot.slot, sound_ssrc, sound->repair_of(sound_ssrc), picture_ssrc,
                       picture->repair_of(picture_ssrc)});
  return true;
}

}  // namespace

base::Result<transport::RemoteDescription, OfferError> remote_of(const Description& description, std::uint32_t socket) {
  const auto theirs = description.transport_of(0);
  if (theirs.ice_ufrag.empty() || theirs.ice_pwd.get().empty()) return std::unexpected(OfferError::no_credentials);
  transport::RemoteDescription remote;
  remote.ice = {theirs.ice_ufrag, theirs.ice_pwd};
  bool known = false;
  for (const auto& text : theirs.fingerprints)
    if (const auto fingerprint = crypto::parse_fingerprint(text); fingerprint && !known) {
      remote.fingerprint = *fingerprint;
      known = true;
    }
  if (!known) return std::unexpected(OfferError::no_fingerprint);
  auto candidates = description.media[0].candidates;
  std::ranges::sort(candidates, std::greater{}, &wire::sdp::Candidate::priority);
  for (const auto& candidate : candidates)
    if (const auto address = candidate.address(); address && candidate.carrier == base::Carrier::udp)
      remote.candidates.push_back({base::Carrier::udp, socket, *address});
  if (remote.candidates.empty()) return std::unexpected(OfferError::no_candidate);
  return remote;
}

// Payload types of one kind: all lines of a bundle agree on them (RFC 9143 section 9.1). Extensions are those of the own
// line: the others may offer fewer, rids above all.
bool read_codecs(const Media& media, bool with_extensions, Negotiated& out) {
  const bool sound = media.kind == Kind::audio;
  const Codec* codec = media.codec(sound ? "opus" : "VP8");
  if (codec == nullptr) return false;
  const Codec* rtx = rtx_for(media, *codec);
  (sound ? out.opus : out.vp8) = codec->payload_type;
  (sound ? out.sound_rtx : out.picture_rtx) = rtx == nullptr ? base::PayloadType{} : rtx->payload_type;
  if (with_extensions) (sound ? out.sound_extensions : out.picture_extensions) = ids_of(media);
  return true;
}

base::Result<Negotiated, OfferError> answer_offer(std::string_view offer_sdp, const OfferRoles& roles,
                                                  const AnswerSettings& settings, std::uint32_t socket) {
  const auto offer = wire::sdp::parse(offer_sdp);
  if (!offer || offer->media.empty()) return std::unexpected(OfferError::malformed);
  Negotiated out;
  auto remote = remote_of(*offer, socket);
  if (!remote) return std::unexpected(remote.error());
  out.remote = std::move(*remote);
  out.sound_mid = roles.microphone;
  out.picture_mid = roles.camera;
  for (const auto& slot : roles.slots)
    if (!find_slot(*offer, slot, out)) return std::unexpected(OfferError::no_slot_source);

  Description answer;
  answer.session_id = 4'611'686'018'427'387'904ULL + settings.sound.value;
  answer.session_version = offer->session_version;
  answer.extmap_allow_mixed = offer->extmap_allow_mixed;
  answer.bundle = offer->bundle;
  answer.msid_semantic = "WMS *";
  for (const Media& line : offer->media) {
    Media media = answer_media(line, settings);
    const bool downstream = line.direction == Direction::sendonly;
    // Who sends nothing on this connection (Janus) has no line of their own: the extensions are those of what they receive.
    const bool own = line.mid == roles.microphone || line.mid == roles.camera || roles.microphone.empty();
    if (!media.codecs.empty() && !read_codecs(line, own, out)) return std::unexpected(OfferError::no_codec);
    if (downstream) {
      media.direction = Direction::recvonly;
    } else if (line.mid == roles.microphone) {
      send_sound(media, settings);
    } else if (line.mid == roles.camera) {
      send_picture(media, line, settings);
      for (const auto& rid : media.rids) out.rids.push_back(rid.id);
    }
    answer.media.push_back(std::move(media));
  }
  if (out.opus.value == 0 || out.vp8.value == 0) return std::unexpected(OfferError::no_codec);
  out.answer = wire::sdp::to_text(answer);
  return out;
}

}  // namespace load
