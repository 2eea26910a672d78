// SPDX-License-Identifier: Apache-2.0
// For tests only: VP8 by libvpx, a sink for datagrams that nobody reads, and an answer that takes everything. Not here: the
// packets (people_for_tests.h).
#pragma once
#include <gtest/gtest.h>
#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

#include <optional>
#include <vector>

#include "base/datagram.h"
#include "media/negotiation.h"

namespace media::rehearsal {

// FNV-1a over the visible brightness.
inline std::uint64_t digest(const vpx_image_t* image) {
  std::uint64_t h = 0xcbf29ce484222325;
  for (unsigned y = 0; image != nullptr && y < image->d_h; ++y)
    for (unsigned x = 0; x < image->d_w; ++x)
      h = (h ^ image->planes[0][y * static_cast<unsigned>(image->stride[0]) + x]) * 0x100000001b3;
  return h;
}

// One layer's encoder. The picture's brightness says who it is.
class Vp8Encoder {
 public:
  Vp8Encoder(unsigned width, unsigned height) : width_(width), height_(height) {
    vpx_codec_enc_cfg_t c;
    EXPECT_EQ(vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &c, 0), VPX_CODEC_OK);
    c.g_w = width;
    c.g_h = height;
    c.g_timebase = {1, 15};
    c.rc_target_bitrate = width;  // kbps
    c.g_error_resilient = 0;      // a lost reference must show
    c.kf_mode = VPX_KF_DISABLED;
    c.g_lag_in_frames = 0;
    EXPECT_EQ(vpx_codec_enc_init(&codec_, vpx_codec_vp8_cx(), &c, 0), VPX_CODEC_OK);
    vpx_codec_control(&codec_, VP8E_SET_CPUUSED, 12);
    image_ = vpx_img_alloc(nullptr, VPX_IMG_FMT_I420, width, height, 1);
  }
  ~Vp8Encoder() {
    vpx_img_free(image_);
    vpx_codec_destroy(&codec_);
  }
  Vp8Encoder(const Vp8Encoder&) = delete;
  Vp8Encoder& operator=(const Vp8Encoder&) = delete;

  // `flags`: VP8_EFLAG_… of libvpx, for which frames this one refers to and is referred to by.
  std::vector<std::uint8_t> encode(int frame, std::uint8_t brightness, bool key, vpx_enc_frame_flags_t flags = 0) {
    for (unsigned y = 0; y < height_; ++y)
      for (unsigned x = 0; x < width_; ++x) {
        const bool box = (x + static_cast<unsigned>(frame) * 4) % width_ < width_ / 8;  // something moves
        image_->planes[0][y * static_cast<unsigned>(image_->stride[0]) + x] =
            static_cast<std::uint8_t>(brightness + (box ? 20 : 0));
      }
    for (const int plane : {1, 2})
      for (unsigned y = 0; y < height_ / 2; ++y)
        std::fill_n(image_->planes[plane] + y * static_cast<unsigned>(image_->stride[plane]), width_ / 2, std::uint8_t{128});
    EXPECT_EQ(vpx_codec_encode(&codec_, image_, frame, 1, (key ? VPX_EFLAG_FORCE_KF : 0) | flags, VPX_DL_REALTIME), VPX_CODEC_OK);
    std::vector<std::uint8_t> out;
    vpx_codec_iter_t it = nullptr;
    while (const auto* packet = vpx_codec_get_cx_data(&codec_, &it))
      if (packet->kind == VPX_CODEC_CX_FRAME_PKT) {
        const auto* data = static_cast<const std::uint8_t*>(packet->data.frame.buf);
        out.insert(out.end(), data, data + packet->data.frame.sz);
      }
    return out;
  }
  // What the decoder of the last frame, and of all that it refers to, must have, to the bit.
  [[nodiscard]] std::uint64_t reconstruction() { return digest(vpx_codec_get_preview_frame(&codec_)); }

 private:
  unsigned width_, height_;
  vpx_codec_ctx_t codec_{};
  vpx_image_t* image_ = nullptr;
};

struct Picture {
  unsigned width = 0;
  std::uint8_t brightness = 0;
  std::uint64_t digest = 0;
};

class Vp8Decoder {
 public:
  Vp8Decoder() { EXPECT_EQ(vpx_codec_dec_init(&codec_, vpx_codec_vp8_dx(), nullptr, 0), VPX_CODEC_OK); }
  ~Vp8Decoder() { vpx_codec_destroy(&codec_); }
  Vp8Decoder(const Vp8Decoder&) = delete;
  Vp8Decoder& operator=(const Vp8Decoder&) = delete;
  std::optional<Picture> decode(base::Bytes frame) {
    if (vpx_codec_decode(&codec_, frame.data(), static_cast<unsigned>(frame.size()), nullptr, 0) != VPX_CODEC_OK)
      return std::nullopt;
    int corrupted = 0;
    vpx_codec_control(&codec_, VP8D_GET_FRAME_CORRUPTED, &corrupted);
    vpx_codec_iter_t it = nullptr;
    const auto* image = vpx_codec_get_frame(&codec_, &it);
    if (corrupted != 0 || image == nullptr) return std::nullopt;
    return Picture{image->d_w, image->planes[0][image->d_h / 2 * static_cast<unsigned>(image->stride[0]) + image->d_w / 2],
                   digest(image)};
  }

 private:
  vpx_codec_ctx_t codec_{};
};

class NoSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t max, base::Precedence) override {
    room_.resize(max);
    return room_.data();
  }
  void commit(std::size_t) override {}

 private:
  std::vector<std::uint8_t> room_;
};

inline Answer full_answer(std::size_t slots) {
  Answer a;
  a.sound_in = a.picture_in = a.sound_out = a.picture_out = 0x7ffe;
  a.rtx_in = a.rtx_out = true;
  a.upstream = {{Source::microphone, true, {}, {}}, {Source::camera, true, {}, {}}};
  a.slots = slots;
  return a;
}

}  // namespace media::rehearsal
