// SPDX-License-Identifier: Apache-2.0
// Thin owners over libvpx for VP8 (RFC 6386) in real time: one layer, key frames only when asked. Not here: what is shown
// (picture.h), packets (RFC 7741). One encoder or decoder a stream; one thread each.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "load/picture.h"

struct vpx_codec_ctx;

namespace load {

struct CodecClose {
  void operator()(vpx_codec_ctx* c) const;
};

class PictureEncoder {
 public:
  PictureEncoder(unsigned width, unsigned height, unsigned bits_per_second, unsigned frames_per_second);
  struct Frame {
    std::vector<std::uint8_t> bytes;
    bool key = false;
  };
  [[nodiscard]] Frame encode(const Picture& picture, bool key);

 private:
  std::unique_ptr<vpx_codec_ctx, CodecClose> codec_;
  std::int64_t at_ = 0;
};

class PictureDecoder {
 public:
  PictureDecoder();
  // A view of the decoded picture, good until the next call; empty where the bytes are not a frame that can be decoded.
  [[nodiscard]] std::optional<PictureView> decode(base::Bytes frame);

 private:
  std::unique_ptr<vpx_codec_ctx, CodecClose> codec_;
};

}  // namespace load
