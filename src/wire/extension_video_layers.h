// SPDX-License-Identifier: Apache-2.0
// Which layers a sender sends and with what bit rates: video layers allocation,
// http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00 (its README in the WebRTC source).
// Not here: choosing layers (media/). Invariant: layers stand in order of stream, then spatial layer.
#pragma once
#include <array>
#include <optional>

#include "wire/extension_use.h"
#include "wire/fixed_list.h"

namespace wire {

//  |RID| NS| sl_bm |   this stream's index; number of streams - 1; bit mask of spatial layers, the same for all
//  |sl0_bm |sl1_bm |   only where sl_bm is 0: one mask a stream, half a byte each, padded
//  |#tl|#tl|#tl|#tl|   temporal layers - 1 of each active spatial layer, padded
//  | target bit rate |   kbps as leb128, each temporal layer with those below it
//  | width-1, height-1 (16 bits each), max frame rate |   optional, for every spatial layer
// One zero byte: nothing is sent at all.
struct VideoLayersExtension {
  static constexpr std::string_view kName = "video layers allocation";
  static constexpr std::string_view kUri = "http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00";
  static constexpr ExtensionUse kUse = ExtensionUse::video;

  struct Layer {
    std::uint8_t stream = 0;                    // index of the simulcast stream, 0..3
    std::uint8_t spatial = 0;                   // 0..3
    FixedList<std::uint32_t, 4> temporal_kbps;  // 1 to 4, cumulative
    std::uint16_t width = 0, height = 0;        // 0 where the sender does not say
    std::uint8_t frame_rate = 0;
    bool operator==(const Layer&) const = default;
  };
  std::uint8_t stream = 0;   // the one this packet belongs to, 0..3
  std::uint8_t streams = 1;  // 1..4, more than `stream`
  bool has_sizes = false;    // width, height and frame rate are said, for every layer
  FixedList<Layer, 16> layers;
  bool operator==(const VideoLayersExtension&) const = default;

  [[nodiscard]] static Parsed<VideoLayersExtension> parse(base::Bytes data);
  bool write(base::Writer& out) const;
};

}  // namespace wire
