// SPDX-License-Identifier: Apache-2.0
// Schedules and packets. A stamp is a mark of two bytes and six bytes of time; in real Opus it stands in the padding, which
// decoders skip (RFC 6716 section 3.2.5).
#include "load/publisher.h"

#include <algorithm>
#include <array>

#include "load/opus_codec.h"

namespace load {
namespace {

constexpr auto kSoundEvery = base::Duration::millis(20);
constexpr unsigned kBenchLoop = 75;
constexpr auto kKeyFrameGap = base::Duration::millis(250);
constexpr std::uint16_t kStampMark = 0x51d7;

// What every frame begins with, in the clear. RFC 6386 section 9.1: the lowest bit of the frame tag is 0 in a key frame; start code and
// size follow.
void write_frame_start(base::MutableBytes frame, const BenchLayer& shape, bool key) {
  const auto low = [](unsigned n) { return static_cast<std::uint8_t>(n & 0xff); };
  const std::uint8_t start[10] = {0x10, 0, 0, 0x9d, 0x01, 0x2a, low(shape.width), low(shape.width >> 8), low(shape.height), low(shape.height >> 8)};
  if (key) std::ranges::copy(start, frame.begin());
  if (!key) frame[0] = 0x11;
}

void write_stamp(base::MutableBytes payload, base::Instant now) {
  auto* at = payload.data() + payload.size() - kStampSize;
  base::store_u64(at, (std::uint64_t{kStampMark} << 48) | (static_cast<std::uint64_t>(now.us) & 0xffff'ffff'ffffU));
}

base::Ssrc draw_ssrc(base::Entropy& entropy) { return {entropy.u32() | 1U}; }

}  // namespace

std::optional<base::Instant> read_stamp(base::Bytes payload) {
  if (payload.size() < kStampSize) return std::nullopt;
  const auto value = base::load_u64(payload.data() + payload.size() - kStampSize);
  if (value >> 48 != kStampMark) return std::nullopt;
  return base::Instant{static_cast<std::int64_t>(value & 0xffff'ffff'ffffU)};
}

Publisher::Publisher(PublisherSettings settings, base::Entropy& entropy)
    : settings_(std::move(settings)),
      sound_ssrc_(draw_ssrc(entropy)),
      sound_repair_(draw_ssrc(entropy)),
      first_timestamp_(entropy.u32()),
      first_sequence_(static_cast<std::uint16_t>(entropy.u32())),
      most_layers_(settings_.load.begins_with) {
  if (settings_.silent) silence_ = SoundEncoder(24'000).encode(std::array<std::int16_t, kFrameSamples>{});
  for (std::size_t i = 0; i < kLayers; ++i) {
    layer_ssrcs_[i] = draw_ssrc(entropy);
    layer_repairs_[i] = draw_ssrc(entropy);
  }
}

void Publisher::name_streams(AnswerSettings& into) const {
  into.sound = sound_ssrc_;
  into.sound_repair = sound_repair_;
  std::ranges::copy(layer_ssrcs_, into.layers);
  std::ranges::copy(layer_repairs_, into.layer_repairs);
}

void Publisher::start(const Negotiated& negotiated, base::Instant now) {
  if (started()) return;
  sound_.emplace(OutStreamSettings{sound_ssrc_, sound_repair_, negotiated.opus, negotiated.sound_rtx, negotiated.sound_mid,
                                   "", negotiated.sound_extensions, 48'000, true},
                 first_sequence_);
  const std::size_t offered = negotiated.rids.empty() ? 1 : negotiated.rids.size();
  for (std::size_t i = 0; i < std::min(settings_.layers, offered); ++i) {
    OutStreamSettings layer{layer_ssrcs_[i],     layer_repairs_[i], negotiated.vp8, negotiated.picture_rtx,
                            negotiated.picture_mid, negotiated.rids.empty() ? "" : negotiated.rids[i],
                            negotiated.picture_extensions, 90'000, false};
    // Each layer counts from its own start (RFC 3550 section 5.1), so that a server that mixes two up is found out.
    const auto first = static_cast<std::uint16_t>(first_sequence_ + 7'919 * (i + 1));
    layers_.push_back({OutStream(std::move(layer), first), {static_cast<std::uint16_t>(first & 0x7fff), 0}, 0, false, now});
  }
  began_ = now;
  if (!settings_.on_time) return;
  if (!settings_.muted) sound_due_ = now;
  if (!layers_.empty()) picture_due_ = now;
}

// What rested begins with a key frame, and the others go on.
void Publisher::send_layers(std::size_t count) {
  for (std::size_t i = most_layers_; i < std::min(count, layers_.size()); ++i) layers_[i].key_asked = true;
  most_layers_ = count;
}

base::Instant Publisher::next_due() const { return std::min(sound_due_, picture_due_); }

void Publisher::send_due(const SendContext& context) {
  while (sound_due_ <= context.now.instant) {
    send_sound(context, sound_due_);
    sound_due_ = began_ + kSoundEvery * static_cast<std::int64_t>(++sound_count_);
  }
  const unsigned rate = settings_.bench ? settings_.load.frames_per_second : kFramesPerSecond;
  while (picture_due_ <= context.now.instant) {
    send_pictures(context, picture_due_);
    picture_due_ = began_ + base::Duration::micros(static_cast<std::int64_t>(++picture_count_ * 1'000'000 / rate));
  }
}

void Publisher::send_round(const SendContext& context) {
  if (!started()) return;
  for (int i = 0; i < 2; ++i) {
    send_sound(context, context.now.instant);
    ++sound_count_;
  }
  send_pictures(context, context.now.instant);
}

void Publisher::send_sound(const SendContext& context, base::Instant due) {
  const Says says = settings_.bench    ? settings_.load.says_at(sound_count_)
                    : settings_.silent ? BenchLoad::silence_at(sound_count_)
                                       : Says::voice;
  if (says == Says::nothing) return;
  const bool talks = says == Says::voice;
  const bool begins = talks && !talked_;  // RFC 3551 section 4.1: the marker says so
  talked_ = talks;
  sound_->set_silent(!talks);
  if (settings_.bench) {
    scratch_.assign(BenchLoad::sound_size(says, keys_ != nullptr), 0);
    scratch_[0] = 0x78;  // TOC: CELT, fullband, 20 ms, mono
  } else if (!talks) {
    scratch_.assign(silence_.begin(), says == Says::end ? silence_.begin() + 1 : silence_.end());
  } else {
    const auto& packet = settings_.content->sound[sound_count_ % settings_.content->sound.size()];
    scratch_.assign(packet.begin(), packet.end());
  }
  if ((settings_.bench && says != Says::end) || (settings_.stamp && talks)) write_stamp(scratch_, context.now.instant);
  const auto timestamp = first_timestamp_ + static_cast<std::uint32_t>(sound_count_ * kFrameSamples);
  if (keys_ != nullptr) {
    auto sealed = sound_sealer_.seal(*keys_, scratch_, context.now.instant);
    if (!sealed) {
      ++counts_.unsealed;
      return;
    }
    scratch_ = std::move(*sealed);
  }
  count(sound_->send(context, timestamp, begins, scratch_), context.now.instant - due);
}

void Publisher::send_pictures(const SendContext& context, base::Instant due) {
  for (std::size_t i = 0; i < std::min(layers_.size(), most_layers_); ++i) {
    if (settings_.bench && !settings_.load.has_frame(settings_.load.layers[i], picture_count_)) continue;
    Camera& camera = layers_[i];
    if (camera.key_asked && camera.key_allowed <= context.now.instant) {
      camera.frame = 0;
      camera.key_asked = false;
      camera.key_allowed = context.now.instant + kKeyFrameGap;
    }
    if (settings_.bench && keys_ != nullptr) {
      send_sealed_bench_frame(context, camera, settings_.load.layers[i], due);
    } else if (settings_.bench) {
      send_bench_frame(context, camera, settings_.load.layers[i], due);
    } else {
      send_real_frame(context, camera, i, due);
    }
    camera.position.next_frame();
  }
}

std::uint32_t Publisher::picture_timestamp(base::Instant due) const {
  return first_timestamp_ + static_cast<std::uint32_t>((due - began_).us * 9 / 100);
}

void Publisher::send_real_frame(const SendContext& context, Camera& camera, std::size_t layer, base::Instant due) {
  const auto& loop = settings_.content->layers[layer];
  base::Bytes frame = loop[camera.frame];
  std::optional<std::vector<std::uint8_t>> sealed;
  if (keys_ != nullptr) {
    sealed = picture_sealer_.seal(*keys_, frame, context.now.instant);
    if (!sealed) {
      ++counts_.unsealed;
      camera.frame = 0;  // what can be sent first must be a key frame
      return;
    }
    frame = *sealed;
  }
  for_each_vp8_payload(frame, camera.position, [&](base::Bytes payload, bool last) {
    count(camera.out.send(context, picture_timestamp(due), last, payload), context.now.instant - due);
  });
  camera.frame = (camera.frame + 1) % loop.size();
}

void Publisher::send_bench_frame(const SendContext& context, Camera& camera, const BenchLayer& shape,
                                 base::Instant due) {
  const unsigned packets = shape.packets_of(camera.frame);
  for (unsigned i = 0; i < packets; ++i) {
    scratch_.assign(shape.octets, 0);
    write_vp8_descriptor(scratch_, camera.position, i == 0);
    if (i == 0) write_frame_start(base::MutableBytes(scratch_).subspan(kVp8Descriptor), shape, camera.frame == 0);
    write_stamp(scratch_, context.now.instant);
    const bool last = i + 1 == packets;
    count(camera.out.send(context, picture_timestamp(due), last, scratch_), context.now.instant - due);
  }
  camera.frame = (camera.frame + 1) % kBenchLoop;
}

// The same packets, but for a few bytes in the last; no time in them, since nobody who has one packet of a frame could read it.
void Publisher::send_sealed_bench_frame(const SendContext& context, Camera& camera, const BenchLayer& shape,
                                        base::Instant due) {
  const std::size_t part = shape.octets - kVp8Descriptor;
  const unsigned packets = shape.packets_of(camera.frame);
  scratch_.assign(packets * part - BenchLoad::kSealing, 0);
  write_frame_start(scratch_, shape, camera.frame == 0);
  const auto sealed = picture_sealer_.seal(*keys_, scratch_, context.now.instant);
  if (!sealed) {
    ++counts_.unsealed;
    camera.frame = 0;  // what can be sent first must be a key frame
    return;
  }
  for (unsigned i = 0; i < packets; ++i) {
    const bool last = i + 1 == packets;
    const auto bytes = base::Bytes(*sealed).subspan(i * part, last ? sealed->size() - i * part : part);
    sealed_payload_.assign(kVp8Descriptor, 0);
    write_vp8_descriptor(sealed_payload_, camera.position, i == 0);
    sealed_payload_.insert(sealed_payload_.end(), bytes.begin(), bytes.end());
    count(camera.out.send(context, picture_timestamp(due), last, sealed_payload_), context.now.instant - due);
  }
  camera.frame = (camera.frame + 1) % kBenchLoop;
}

void Publisher::on_nack(const SendContext& context, const wire::Nack& nack) {
  if (!started()) return;
  ++counts_.nacks;
  OutStream* stream = sound_->settings().ssrc == nack.media ? &*sound_ : nullptr;
  for (auto& layer : layers_)
    if (layer.out.settings().ssrc == nack.media) stream = &layer.out;
  if (stream != nullptr) nack.for_each([&](std::uint16_t sequence) { (void)stream->resend(context, sequence); });
}

void Publisher::on_key_frame_request(base::Instant now, base::Ssrc ssrc) {
  for (auto& layer : layers_)
    if (layer.out.settings().ssrc == ssrc) {
      ++counts_.key_frames_asked;
      layer.key_asked = true;
      if (!settings_.bench && layer.key_allowed <= now) picture_due_ = std::min(picture_due_, now);  // at once
    }
}

SendCounts Publisher::counts() const {
  SendCounts out = counts_;
  for_each_stream([&](const OutStream& stream) {
    out.packets += stream.packets();
    out.octets += stream.octets();
    out.resent += stream.resent();
  });
  return out;
}

}  // namespace load
