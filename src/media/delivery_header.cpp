// SPDX-License-Identifier: Apache-2.0
// The part of Delivery that writes RTP headers and puts the receiver's numbers into a payload descriptor. A stream's
// headers have the same shape from packet to packet, so the shape is made once and the numbers are written into a copy
// of it.
#include <algorithm>
#include <cstring>

#include "media/delivery.h"
#include "wire/header_extensions.h"

namespace media {
namespace {

template <class E>
std::uint8_t* reserve(wire::RtpHeaderWriter& w, ExtensionSet set, std::size_t size) {
  return (set & bit_of<E>()) != 0 ? w.reserve(wire::offered_id<E>(), size) : nullptr;
}

// Where what changes from packet to packet stands in the header; null: it is not there.
struct Places {
  std::uint8_t *send_time = nullptr, *transport = nullptr, *level = nullptr, *descriptor = nullptr;
};

Places reserve_all(wire::RtpHeaderWriter& w, const DownStream& stream, ExtensionSet set, const Packet& packet) {
  Places out;
  if (auto* p = reserve<wire::MidExtension>(w, set, stream.mid.size())) std::ranges::copy(stream.mid, p);
  out.send_time = reserve<wire::AbsSendTimeExtension>(w, set, 3);
  out.transport = reserve<wire::TransportSequenceExtension>(w, set, 2);
  if (packet.level) out.level = reserve<wire::AudioLevelExtension>(w, set, 1);
  if (packet.dd_size > 0) out.descriptor = reserve<wire::DependencyDescriptorExtension>(w, set, packet.dd_size);
  return out;
}

void make_shape(HeaderShape& shape, const DownStream& stream, base::Ssrc ssrc, ExtensionSet set, const Packet& packet) {
  shape = {};
  wire::RtpHeaderWriter w(shape.bytes,
                          {.marker = false, .payload_type = {}, .sequence = 0, .timestamp = 0, .ssrc = ssrc});
  const auto at = [&](const std::uint8_t* p) {
    return static_cast<std::uint8_t>(p == nullptr ? 0 : p - shape.bytes.data());
  };
  const auto places = reserve_all(w, stream, set, packet);
  shape.send_time_at = at(places.send_time);
  shape.transport_at = at(places.transport);
  shape.level_at = at(places.level);
  shape.descriptor_at = at(places.descriptor);
  shape.has_level = packet.level.has_value();
  shape.descriptor_size = packet.dd_size;
  shape.size = static_cast<std::uint8_t>(w.finish());
}

void write_dependency_descriptor(std::uint8_t* p, const Packet& packet, std::uint16_t frame_number) {
  std::copy_n(packet.dd.begin(), packet.dd_size, p);
  base::store_u16(p + 1, frame_number);  // second and third byte of the mandatory fields
}

}  // namespace

std::size_t Delivery::write_header(std::uint8_t* out, DownStream& stream, const Packet& packet,
                                   const Rewritten& numbers, base::Instant now, bool as_rtx) {
  const auto ssrc = as_rtx ? stream.rtx : stream.ssrc;
  const auto type = as_rtx ? kRtx : stream.picture ? kVp8 : kOpus;
  const auto set = stream.picture ? picture_ : sound_;
  const auto send_time = wire::AbsSendTimeExtension::at(now).value;
  if (packet.dd_size > HeaderShape::kMostDescriptor) {
    // The first packet of a key frame: elements of another form, which the writer sees to as it goes.
    wire::RtpHeaderWriter w({out, wire::kMaxRtpHeader},
                            {packet.marker, type, numbers.sequence, numbers.timestamp, ssrc});
    if (auto* p = reserve<wire::MidExtension>(w, set, stream.mid.size())) std::ranges::copy(stream.mid, p);
    if (auto* p = reserve<wire::AbsSendTimeExtension>(w, set, 3)) base::store_u24(p, send_time);
    if (auto* p = reserve<wire::TransportSequenceExtension>(w, set, 2)) base::store_u16(p, next_transport_++);
    if (auto* p = reserve<wire::DependencyDescriptorExtension>(w, set, packet.dd_size))
      write_dependency_descriptor(p, packet, numbers.frame_number);
    return w.finish();
  }
  auto& shape = as_rtx ? stream.rtx_shape_ : stream.shape_;
  if (shape.size == 0 || shape.descriptor_size != packet.dd_size || shape.has_level != packet.level.has_value())
    make_shape(shape, stream, ssrc, set, packet);
  std::memcpy(out, shape.bytes.data(), shape.bytes.size());  // of fixed size: a few moves
  out[1] = static_cast<std::uint8_t>((packet.marker ? 0x80 : 0) | type.value);
  base::store_u16(out + 2, numbers.sequence);
  base::store_u32(out + 4, numbers.timestamp);
  if (shape.send_time_at != 0) base::store_u24(out + shape.send_time_at, send_time);
  if (shape.transport_at != 0) base::store_u16(out + shape.transport_at, next_transport_++);
  if (shape.level_at != 0) out[shape.level_at] = *packet.level;
  if (shape.descriptor_at != 0) write_dependency_descriptor(out + shape.descriptor_at, packet, numbers.frame_number);
  return shape.size;
}

// The descriptor's numbers are written over in place, right before the packet is encrypted into the receiver's buffer.
void Delivery::write_descriptor(Packet& packet, std::uint16_t picture_id, std::uint8_t tl0) {
  auto* payload = packet.payload().data();
  if (packet.vp8.picture_id_at != 0) {
    auto* p = payload + packet.vp8.picture_id_at;
    if (packet.vp8.wide_picture_id)
      base::store_u16(p, static_cast<std::uint16_t>(0x8000 | (picture_id & 0x7fff)));
    else
      *p = static_cast<std::uint8_t>(picture_id & 0x7f);
  }
  if (packet.vp8.tl0_at != 0) payload[packet.vp8.tl0_at] = tl0;
}

}  // namespace media
