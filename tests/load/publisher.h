// SPDX-License-Identifier: Apache-2.0
// The mouth and the camera of a synthetic person: sends its loops on time and does what the server asks of a sender (NACK,
// PLI, FIR). In bench mode it sends what bench_load.h says, VP8-shaped: everything on is 50 sound packets a second of
// 120 bytes and 100 picture packets of 1,100 bytes, protected or not. Not here: what comes back (subscriber.h), sockets.
// Invariant: everything is sent at its due time or counted as late. Runs on the person's thread.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/entropy.h"
#include "load/answer.h"
#include "load/bench_load.h"
#include "load/content.h"
#include "load/frame_keys.h"
#include "load/out_stream.h"
#include "load/vp8_packets.h"

namespace load {

struct PublisherSettings {
  std::shared_ptr<const Content> content;  // null in bench mode
  std::size_t layers = 1;                  // 0: no picture
  bool muted = false;                      // no sound either
  bool silent = false;                     // a microphone that is on while nobody speaks: Opus suppresses silence
  bool bench = false;
  bool on_time = true;     // else it sends nothing by itself, and a round when told to
  BenchLoad load{};    // in bench mode
  bool stamp = false;  // the time stands in the padding of Opus packets, so that latency can be measured
};

struct SendCounts {
  std::uint64_t packets = 0, octets = 0, resent = 0, late = 0, refused = 0;  // refused: the transport did not take it
  std::uint64_t key_frames_asked = 0, nacks = 0;
  std::uint64_t unsealed = 0;  // frames that were not sent: the room is encrypted and there were no keys
};

// "Late" is more than this after its due time.
inline constexpr auto kLate = base::Duration::millis(20);

class Publisher {
 public:
  Publisher(PublisherSettings settings, base::Entropy& entropy);
  // The SSRCs that the answer names.
  void name_streams(AnswerSettings& into) const;
  // The room is encrypted: every frame is sealed under these keys, and without them nothing is sent.
  void protect(FrameKeys* keys) { keys_ = keys; }
  void start(const Negotiated& negotiated, base::Instant now);
  [[nodiscard]] bool started() const { return sound_.has_value(); }

  // So many layers, from the smallest on, are of use to anybody: the others rest, as a browser's do.
  void send_layers(std::size_t count);
  [[nodiscard]] base::Ssrc sound_ssrc() const { return sound_ssrc_; }

  void send_due(const SendContext& context);
  // A frame and two packets of sound at once: what the measured load has in 40 ms.
  void send_round(const SendContext& context);
  [[nodiscard]] base::Instant next_due() const;
  void on_nack(const SendContext& context, const wire::Nack& nack);
  void on_key_frame_request(base::Instant now, base::Ssrc ssrc);
  // Calls f(const OutStream&) for each stream that has sent something.
  template <class F>
  void for_each_stream(F&& f) const {
    if (sound_ && sound_->packets() > 0) f(*sound_);
    for (const auto& layer : layers_)
      if (layer.out.packets() > 0) f(layer.out);
  }
  [[nodiscard]] SendCounts counts() const;

 private:
  struct Camera {
    OutStream out;
    Vp8Position position;
    std::size_t frame = 0;  // in the loop
    bool key_asked = false;
    base::Instant key_allowed;
  };
  void send_sound(const SendContext& context, base::Instant due);
  void send_pictures(const SendContext& context, base::Instant due);
  void send_real_frame(const SendContext& context, Camera& camera, std::size_t layer, base::Instant due);
  void send_bench_frame(const SendContext& context, Camera& camera, const BenchLayer& shape, base::Instant due);
  void send_sealed_bench_frame(const SendContext& context, Camera& camera, const BenchLayer& shape, base::Instant due);
  [[nodiscard]] std::uint32_t picture_timestamp(base::Instant due) const;
  void count(bool sent, base::Duration behind) {
    counts_.refused += sent ? 0 : 1;
    counts_.late += behind > kLate ? 1 : 0;
  }

  PublisherSettings settings_;
  FrameKeys* keys_ = nullptr;
  // Layers share a count, as they share a transform in a browser. Nothing starts anew here: both are start 0 for good.
  FrameSealer sound_sealer_{FrameSource::microphone, 0, 0}, picture_sealer_{FrameSource::camera, 0, 1};
  base::Ssrc sound_ssrc_, sound_repair_, layer_ssrcs_[kLayers], layer_repairs_[kLayers];
  std::uint32_t first_timestamp_;
  std::uint16_t first_sequence_;
  std::optional<OutStream> sound_;
  std::vector<Camera> layers_;
  std::size_t most_layers_;
  std::vector<std::uint8_t> scratch_, sealed_payload_;
  base::Instant began_, sound_due_ = base::Instant::never(), picture_due_ = base::Instant::never();
  std::uint64_t sound_count_ = 0, picture_count_ = 0;
  bool talked_ = false;
  std::vector<std::uint8_t> silence_;  // what a silent person's microphone sends now and then
  SendCounts counts_;
};

// The time that a stamped payload carries in its last eight bytes (microseconds, the sender's monotonic scale), and how it
// is written. Only people of one process, and so of one clock, can use it.
inline constexpr std::size_t kStampSize = 8;
[[nodiscard]] std::optional<base::Instant> read_stamp(base::Bytes payload);

}  // namespace load
