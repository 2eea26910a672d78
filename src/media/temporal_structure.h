// SPDX-License-Identifier: Apache-2.0
// Which temporal layer a packet's frame is in, and which layers may begin with it, by the Dependency Descriptor (AV1 RTP
// specification annex A): Chromium leaves both out of the VP8 payload descriptor where it sends this one. Keeps what the last key
// frame of one stream said. Not here: the descriptor's bits (wire/). Invariant: nothing is allocated but for the first structure.
#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "wire/extension_dependency_descriptor.h"

namespace media {

class TemporalStructure {
 public:
  struct Place {
    std::uint8_t temporal = 0, rises = 0;  // as in Packet
  };
  // Empty where it says nothing that can be understood; then nothing of the stream is left out.
  [[nodiscard]] std::optional<Place> read(base::Bytes descriptor) {
    const bool anew = wire::DependencyDescriptorExtension::has_structure(descriptor);
    if (!anew && !structure_) return std::nullopt;
    if (!anew && descriptor.size() == 3) {  // the mandatory fields: all is in the template
      const auto t = template_of(descriptor[0] & 0x3fU);
      return t < structure_->templates.size() ? std::optional(places_[t]) : std::nullopt;
    }
    const auto dd = wire::DependencyDescriptorExtension::parse(descriptor, structure_.get());
    if (!dd) return std::nullopt;
    if (dd->structure) take(*dd->structure);
    const auto frame = dd->resolve(*structure_);
    return frame ? std::optional(place(frame->temporal, frame->targets)) : std::nullopt;
  }
  void forget() { structure_.reset(); }

 private:
  [[nodiscard]] std::size_t template_of(unsigned id) const { return (id + 64U - structure_->id_offset) % 64U; }
  void take(const wire::DependencyStructure& s) {
    if (structure_)
      *structure_ = s;
    else
      structure_ = std::make_unique<wire::DependencyStructure>(s);
    for (std::size_t i = 0; i < s.templates.size(); ++i) places_[i] = place(s.templates[i].temporal, s.templates[i].targets);
  }
  [[nodiscard]] Place place(std::uint8_t temporal, const wire::DecodeIndications& targets) const {
    Place out{.temporal = temporal, .rises = 0};
    for (std::size_t i = 0; i < targets.size() && i < structure_->decode_targets; ++i)
      if (const auto t = structure_->highest_temporal(i); targets[i] == wire::DecodeIndication::switch_point && t < 8)
        out.rises = static_cast<std::uint8_t>(out.rises | (1U << t));
    return out;
  }
  std::unique_ptr<wire::DependencyStructure> structure_;
  std::array<Place, wire::kMaxTemplates> places_{};
};

}  // namespace media
