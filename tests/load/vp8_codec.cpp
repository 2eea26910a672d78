// SPDX-License-Identifier: Apache-2.0
// libvpx calls. Error resilience is on so that a frame depends on the frame before it only. Not here: packets.
#include "load/vp8_codec.h"

#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

#include <stdexcept>

namespace load {

void CodecClose::operator()(vpx_codec_ctx* c) const {
  vpx_codec_destroy(c);
  delete c;
}

PictureEncoder::PictureEncoder(unsigned width, unsigned height, unsigned bits_per_second, unsigned frames_per_second) {
  vpx_codec_enc_cfg_t config;
  if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &config, 0) != VPX_CODEC_OK)
    throw std::runtime_error("libvpx has no VP8 encoder");
  config.g_w = width;
  config.g_h = height;
  config.g_timebase = {1, static_cast<int>(frames_per_second)};
  config.g_threads = 1;
  config.g_lag_in_frames = 0;
  config.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
  config.rc_end_usage = VPX_CBR;
  config.rc_target_bitrate = bits_per_second / 1'000;
  config.rc_dropframe_thresh = 0;
  config.rc_min_quantizer = 4;
  config.rc_max_quantizer = 56;
  config.kf_mode = VPX_KF_DISABLED;
  auto codec = std::make_unique<vpx_codec_ctx>();
  if (vpx_codec_enc_init(codec.get(), vpx_codec_vp8_cx(), &config, 0) != VPX_CODEC_OK)
    throw std::runtime_error("libvpx gives no VP8 encoder of that size");
  codec_.reset(codec.release());
  vpx_codec_control(codec_.get(), VP8E_SET_CPUUSED, -8);
  vpx_codec_control(codec_.get(), VP8E_SET_NOISE_SENSITIVITY, 0);
}

PictureEncoder::Frame PictureEncoder::encode(const Picture& picture, bool key) {
  vpx_image_t image;
  // libvpx takes no const pointer; it does not write to the picture that it is given.
  vpx_img_wrap(&image, VPX_IMG_FMT_I420, picture.width, picture.height, 1, const_cast<std::uint8_t*>(picture.y.data()));
  image.planes[VPX_PLANE_Y] = const_cast<std::uint8_t*>(picture.y.data());
  image.planes[VPX_PLANE_U] = const_cast<std::uint8_t*>(picture.u.data());
  image.planes[VPX_PLANE_V] = const_cast<std::uint8_t*>(picture.v.data());
  image.stride[VPX_PLANE_Y] = static_cast<int>(picture.width);
  image.stride[VPX_PLANE_U] = image.stride[VPX_PLANE_V] = static_cast<int>((picture.width + 1) / 2);
  const vpx_enc_frame_flags_t flags = key ? VPX_EFLAG_FORCE_KF : 0;
  if (vpx_codec_encode(codec_.get(), &image, at_++, 1, flags, VPX_DL_REALTIME) != VPX_CODEC_OK)
    throw std::runtime_error("libvpx refuses to encode");
  Frame out;
  vpx_codec_iter_t iterator = nullptr;
  while (const auto* packet = vpx_codec_get_cx_data(codec_.get(), &iterator)) {
    if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
    const auto* bytes = static_cast<const std::uint8_t*>(packet->data.frame.buf);
    out.bytes.insert(out.bytes.end(), bytes, bytes + packet->data.frame.sz);
    out.key = out.key || (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
  }
  return out;
}

PictureDecoder::PictureDecoder() {
  auto codec = std::make_unique<vpx_codec_ctx>();
  if (vpx_codec_dec_init(codec.get(), vpx_codec_vp8_dx(), nullptr, 0) != VPX_CODEC_OK)
    throw std::runtime_error("libvpx has no VP8 decoder");
  codec_.reset(codec.release());
}

std::optional<PictureView> PictureDecoder::decode(base::Bytes frame) {
  if (frame.empty()) return std::nullopt;
  if (vpx_codec_decode(codec_.get(), frame.data(), static_cast<unsigned>(frame.size()), nullptr, 0) != VPX_CODEC_OK)
    return std::nullopt;
  vpx_codec_iter_t iterator = nullptr;
  const auto* image = vpx_codec_get_frame(codec_.get(), &iterator);
  if (image == nullptr || image->fmt != VPX_IMG_FMT_I420) return std::nullopt;
  return PictureView{image->planes[VPX_PLANE_Y],
                     image->planes[VPX_PLANE_U],
                     image->planes[VPX_PLANE_V],
                     static_cast<std::size_t>(image->stride[VPX_PLANE_Y]),
                     static_cast<std::size_t>(image->stride[VPX_PLANE_U]),
                     image->d_w,
                     image->d_h};
}

}  // namespace load
