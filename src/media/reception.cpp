// SPDX-License-Identifier: Apache-2.0
// See reception.h. Here: packets. reception_rtcp.cpp: what senders report and what they are told.
#include "media/reception.h"

#include <algorithm>
#include <utility>

#include "media/bandwidth_estimator.h"
#include "wire/header_extensions.h"
#include "wire/rtx.h"
#include "wire/vp8.h"

namespace media {
namespace {

constexpr std::uint32_t rate_of(Source s) { return is_picture(s) ? 90'000 : 48'000; }

std::optional<Source> source_of(std::string_view mid) {
  for (std::size_t i = 0; i < kSources; ++i)
    if (upstream_mid(static_cast<Source>(i)) == mid) return static_cast<Source>(i);
  return std::nullopt;
}

std::optional<std::uint8_t> layer_of(std::string_view rid) {
  for (std::size_t i = 0; i < kRids.size(); ++i)
    if (kRids[i] == rid) return static_cast<std::uint8_t>(i);
  return std::nullopt;
}

}  // namespace

Publication::Publication(Source s) : source(s), layers{Layer{rate_of(s)}, Layer{rate_of(s)}, Layer{rate_of(s)}} {}

void Reception::configure(const Answer& answer) {
  sound_ = answer.sound_in;
  picture_ = answer.picture_in;
  feedback_ = answer.transport_feedback_in;
  nack_sound_ = answer.nack_sound_in;
  rtx_ = answer.rtx_in;
  pli_ = answer.pli_in;
  fir_ = answer.fir_in;
  remb_ = answer.remb_in;
  for (const auto& up : answer.upstream) {
    auto& publication = publications_[static_cast<std::size_t>(up.source)];
    if (!publication) publication = std::make_unique<Publication>(up.source);
    publication->simulcast = up.simulcast;
    // Without simulcast the SDP may name the SSRCs (RFC 5576); header extensions, where they come, say it again.
    if (up.ssrc.value != 0) put({up.ssrc.value, static_cast<std::uint8_t>(up.source), 0, false});
    if (up.rtx.value != 0) put({up.rtx.value, static_cast<std::uint8_t>(up.source), 0, true});
  }
}

// Remembers what an SSRC is. The oldest entry for the same stream is replaced: a browser may change its SSRC.
void Reception::put(Stream stream) {
  auto& publication = *publications_[stream.source];
  auto& layer = publication.layers[stream.layer];
  const base::Ssrc ssrc{stream.ssrc};
  if (stream.rtx) {
    layer.rtx = ssrc;
  } else if (!layer.known || layer.ssrc != ssrc) {
    if (layer.known && layer.ssrc.value != 0) {
      // A new stream in the place of the old: nothing of the old one's numbers holds.
      layer.tracker = SequenceTracker(rate_of(publication.source), layer.tracker.highest());
      layer.nacks.clear();
      layer.cache.clear();
      layer.temporal.forget();
      layer.clock.known = false;
    }
    layer.ssrc = ssrc;
    layer.known = true;
  }
  for (std::size_t i = 0; i < stream_count_; ++i) {
    auto& s = streams_[i];
    if (s.ssrc == stream.ssrc || (s.source == stream.source && s.layer == stream.layer && s.rtx == stream.rtx)) {
      s = stream;
      last_ = i;
      return;
    }
  }
  if (stream_count_ == kMaxStreams) return;
  last_ = stream_count_;
  streams_[stream_count_++] = stream;
}

Reception::Said Reception::read_extensions(const wire::RtpView& rtp, base::Instant now) {
  Said said;
  auto reader = rtp.extensions();
  const auto either = static_cast<ExtensionSet>(sound_ | picture_);
  while (const auto e = reader.next()) {
    if (e->id > 14 || (either & (1U << e->id)) == 0) continue;
    switch (e->id) {
      case wire::offered_id<wire::MidExtension>():
        said.source = source_of(base::as_text(e->data));
        break;
      case wire::offered_id<wire::RidExtension>():
        said.layer = layer_of(base::as_text(e->data));
        break;
      case wire::offered_id<wire::RepairedRidExtension>():
        said.repaired = layer_of(base::as_text(e->data));
        break;
      case wire::offered_id<wire::AudioLevelExtension>():
        if (!e->data.empty()) said.level = e->data[0];
        break;
      case wire::offered_id<wire::AbsSendTimeExtension>():
        if (const auto left = wire::AbsSendTimeExtension::parse(e->data)) way_.note(*left, now);
        break;
      case wire::offered_id<wire::TransportSequenceExtension>():
        if (e->data.size() == 2) arrivals_.note(base::load_u16(e->data.data()), now);
        break;
      case wire::offered_id<wire::DependencyDescriptorExtension>():
        said.descriptor = e->data;
        break;
      case wire::offered_id<wire::VideoLayersExtension>():
        said.layers = e->data;
        break;
      default:
        break;
    }
  }
  return said;
}

const Reception::Stream* Reception::find(const wire::RtpView& rtp, const Said& said) {
  const auto ssrc = rtp.ssrc.value;
  if (last_ < stream_count_ && streams_[last_].ssrc == ssrc) return &streams_[last_];
  for (std::size_t i = 0; i < stream_count_; ++i)
    if (streams_[i].ssrc == ssrc) {
      last_ = i;
      return &streams_[i];
    }
  return learn(rtp, said);
}

const Reception::Stream* Reception::learn(const wire::RtpView& rtp, const Said& said) {
  if (!said.source) return nullptr;
  const auto* publication = publications_[static_cast<std::size_t>(*said.source)].get();
  if (publication == nullptr) return nullptr;
  Stream stream{rtp.ssrc.value, static_cast<std::uint8_t>(*said.source), 0, false};
  if (publication->picture()) {
    stream.rtx = rtp.payload_type == kRtx;
    if (stream.rtx && !rtx_) return nullptr;
    // RFC 8852 section 3: with simulcast a stream is unknown until it names its layer (senders do so until our first report);
    // guessing would mix two layers into one. Without simulcast there is one layer, and neither rid comes.
    const auto named = stream.rtx && said.repaired ? said.repaired : said.layer;
    if (publication->simulcast && !named) return nullptr;
    stream.layer = named.value_or(0);
  }
  const auto expected = !publication->picture() ? kOpus : stream.rtx ? kRtx : kVp8;
  if (rtp.payload_type != expected) return nullptr;
  put(stream);
  return last_ < stream_count_ && streams_[last_].ssrc == stream.ssrc ? &streams_[last_] : nullptr;
}

void Reception::note_layers(const Said& said, Publication& publication) {
  if (said.layers.empty()) return;
  const auto read = wire::VideoLayersExtension::parse(said.layers);
  if (!read || !read->has_sizes) return;
  for (const auto& l : read->layers)
    if (l.stream < kLayers) {
      publication.layers[l.stream].width = l.width;
      publication.layers[l.stream].height = l.height;
    }
}

// What the forwarder must know of a picture's packet, from the clear parts only. False: malformed.
bool Reception::fill(Packet& packet, base::Bytes payload, const Said& said, Publication& publication) {
  packet.picture = publication.picture();
  packet.vp8 = {};
  packet.level = packet.picture ? std::nullopt : said.level;
  packet.dd_size = 0;
  packet.temporal = 0;
  packet.layer_sync = false;
  packet.rises = 0;
  packet.starts_frame = packet.starts_key_frame = false;
  packet.payload_size = static_cast<std::uint16_t>(payload.size());
  std::ranges::copy(payload, packet.payload().begin());
  if (!packet.picture || payload.empty()) return true;
  const auto vp8 = wire::parse_vp8(payload);
  if (!vp8) return false;
  // Positions by RFC 7741 section 4.2: first byte, X byte, picture id, TL0PICIDX.
  if (vp8->picture_id) {
    packet.vp8.picture_id_at = 2;
    packet.vp8.wide_picture_id = vp8->long_picture_id;
    packet.vp8.picture_id = *vp8->picture_id;
  }
  if (vp8->tl0_picture_index) {
    packet.vp8.tl0_at = static_cast<std::uint8_t>(2 + (!vp8->picture_id ? 0 : vp8->long_picture_id ? 2 : 1));
    packet.vp8.tl0 = *vp8->tl0_picture_index;
  }
  packet.temporal = vp8->temporal_layer.value_or(0);
  packet.layer_sync = vp8->layer_sync;
  packet.starts_frame = vp8->starts_frame();
  packet.starts_key_frame = wire::vp8_starts_key_frame(*vp8, payload);
  if (packet.starts_key_frame)
    if (const auto size = wire::vp8_key_frame_size(payload.subspan(vp8->size()))) {
      publication.layers[packet.layer].width = size->width;
      publication.layers[packet.layer].height = size->height;
    }
  if (said.descriptor.size() >= 3 && said.descriptor.size() <= kMaxDependencyDescriptor)
    if (const auto dd = wire::DependencyDescriptorExtension::parse_mandatory(said.descriptor)) {
      packet.frame_number = dd->frame_number;
      packet.dd_size = static_cast<std::uint8_t>(said.descriptor.size());
      std::ranges::copy(said.descriptor, packet.dd.begin());
      packet.starts_frame = dd->first_in_frame;
      packet.starts_key_frame =
          dd->first_in_frame && wire::DependencyDescriptorExtension::has_structure(said.descriptor);
      if (const auto place = publication.layers[packet.layer].temporal.read(said.descriptor)) {
        packet.temporal = place->temporal;
        packet.rises = place->rises;
      }
    }
  return true;
}

// As on the wire to a receiver, so that rates compare with what its line is thought to carry.
void Reception::note_bytes(Layer& layer, const Packet& packet, std::size_t size) {
  auto bytes = static_cast<std::uint32_t>(size + BandwidthEstimator::kOverhead);
  if (packet.picture && packet.timestamp == layer.key_frame_at) {
    layer.key_frame_bytes += bytes;
    bytes /= 4;  // somebody began to watch: that is not what the stream takes from now on
  }
  layer.bytes += bytes;
  for (auto t = std::size_t{packet.temporal}; t < layer.slower_bytes.size(); ++t) layer.slower_bytes[t] += bytes;
}

// A packet that is newer than all before it, and what is missing between. By RTX its timing says nothing.
void Reception::note_gap(Layer& layer, const Publication& publication, const SequenceTracker::Arrival& arrival,
                         std::optional<std::uint32_t> timestamp, base::Instant now) {
  if (timestamp) layer.tracker.note_timing(*timestamp, now);
  layer.lost += arrival.skipped;
  counters_.lost += arrival.skipped;
  if ((publication.picture() || nack_sound_) && !layer.nacks.missing(arrival.extended, arrival.skipped, now) && publication.picture())
    layer.wish.want();
}

Received Reception::on_rtp(base::Bytes bytes, base::Now now, PacketPool& pool) {
  const auto rtp = wire::parse_rtp(bytes);
  if (!rtp) {
    ++counters_.malformed;
    return {};
  }
  const auto said = read_extensions(*rtp, now.instant);
  const auto* stream = find(*rtp, said);
  if (stream == nullptr) {
    ++counters_.unknown;
    return {};
  }
  auto& publication = *publications_[stream->source];
  auto& layer = publication.layers[stream->layer];
  auto sequence = rtp->sequence;
  auto payload = rtp->payload;
  if (stream->rtx) {
    // A padding probe has no original; before the original stream there is nothing to repair.
    const auto original = wire::parse_rtx(payload);
    if (!original || original->payload.empty() || !layer.tracker.started()) return {};
    sequence = original->original_sequence;
    payload = original->payload;
  } else if (rtp->payload_type != (publication.picture() ? kVp8 : kOpus)) {
    ++counters_.unknown;
    return {};
  }
  if (payload.size() + said.descriptor.size() > kMaxPayload) {
    ++counters_.malformed;
    return {};
  }
  const auto arrival = layer.tracker.note(sequence);
  if (!arrival || (stream->rtx && arrival->newest && arrival->skipped > NackList::kMost)) {
    ++counters_.unknown;
    return {};
  }
  const bool was_missing = !arrival->newest && layer.nacks.arrived(arrival->extended);
  if (arrival->again) {
    ++counters_.duplicates;
    return {};
  }
  if (arrival->newest)
    note_gap(layer, publication, *arrival, stream->rtx ? std::nullopt : std::optional(rtp->timestamp), now.instant);
  else if (was_missing && counters_.lost > 0)
    --counters_.lost;
  auto packet = pool.take();
  if (!packet) return {};
  packet->sequence = arrival->extended;
  packet->timestamp = rtp->timestamp;
  packet->arrived = now.instant;
  packet->layer = stream->layer;
  packet->marker = rtp->marker;
  if (!fill(*packet, payload, said, publication)) {
    ++counters_.malformed;
    return {};
  }
  note_layers(said, publication);
  const bool woke = packet->payload_size > 0 && !comes(layer, now.instant);
  if (packet->payload_size > 0) {
    layer.last_packet = now.instant;
    layer.overtaken = 0;
    layer.left_behind = false;
  }
  const bool overtook = publication.simulcast && arrival->newest && packet->marker && overtake(publication, layer, now.instant);
  if (packet->starts_key_frame) {
    layer.wish.came();
    layer.key_frame_bytes = 0;
    layer.key_frame_at = packet->timestamp;
  }
  note_bytes(layer, *packet, bytes.size());
  return {std::move(packet), &publication, arrival->newest, arrival->skipped, woke, overtook};
}

// At the end of a frame. True: a layer that was there a moment ago is found to have stopped.
bool Reception::overtake(Publication& publication, const Layer& by, base::Instant now) {
  bool found = false;
  for (auto& other : publication.layers) {
    if (&other == &by || !comes(other, now)) continue;
    if (other.overtaken < kOvertaken) ++other.overtaken;
    other.left_behind = other.overtaken == kOvertaken && now - other.last_packet >= kLeftBehind;
    found = found || other.left_behind;
  }
  return found;
}

void Reception::take_rates(base::Duration span, base::Instant now) {
  if (span.us <= 0) return;
  for (auto& publication : publications_) {
    if (!publication) continue;
    for (auto& layer : publication->layers) {
      const auto rate = [&](std::uint32_t& bytes, std::uint32_t before) {
        const auto measured =
            static_cast<std::uint32_t>(std::uint64_t{std::exchange(bytes, 0)} * 8'000'000 / static_cast<std::uint64_t>(span.us));
        // A picture's rate swings with its frames, and must not take its viewers' layers with it; a voice begins at once.
        const auto weight = publication->picture() ? 4U : 2U;
        return before == 0 ? measured : before - before / weight + measured / weight;
      };
      layer.bps = rate(layer.bytes, layer.bps);
      layer.peak_bps = std::max(layer.bps, layer.peak_bps - layer.peak_bps / 64);
      for (std::size_t t = 0; t < layer.slower_bps.size(); ++t)
        layer.slower_bps[t] = rate(layer.slower_bytes[t], layer.slower_bps[t]);
      if (!comes(layer, now)) layer.wish.forget();
      if (now - layer.last_packet > PacketCache::kMostKept * 2) layer.cache.clear();
    }
  }
}

}  // namespace media
