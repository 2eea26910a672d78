// SPDX-License-Identifier: Apache-2.0
// Dependency Descriptor: see extension_dependency_descriptor.h. The functions follow the syntax tables of annex A.8.2
// one by one, in their order.
#include "wire/extension_dependency_descriptor.h"

#include <algorithm>

#include "wire/bits.h"

namespace wire {
namespace {

using Error = base::ParseError;
using Outcome = std::optional<Error>;  // empty: good

constexpr std::size_t kMandatorySize = 3;
constexpr std::uint8_t kMaxSpatial = 3, kMaxTemporal = 7;
enum NextLayer : std::uint8_t { kSameLayer = 0, kNextTemporal = 1, kNextSpatial = 2, kNoMore = 3 };

// template_layers()
Outcome read_layers(BitReader& in, DependencyStructure& s) {
  FrameDependencyTemplate t;
  for (;;) {
    if (!s.templates.push_back(t)) return Error::too_large;
    const std::uint32_t next = in.bits(2);
    if (!in.ok()) return Error::truncated;
    if (next == kNoMore) return {};
    if (next == kNextTemporal && ++t.temporal > kMaxTemporal) return Error::malformed;
    if (next == kNextSpatial) {
      t.temporal = 0;
      if (++t.spatial > kMaxSpatial) return Error::malformed;
    }
  }
}

void read_targets(BitReader& in, std::size_t count, DecodeIndications& targets) {
  for (std::size_t i = 0; i < count; ++i) (void)targets.push_back(static_cast<DecodeIndication>(in.bits(2)));
}

// template_fdiffs(), of one template
bool read_template_diffs(BitReader& in, FrameDiffs& diffs) {
  while (in.flag())
    if (!diffs.push_back(static_cast<std::uint16_t>(in.bits(4) + 1))) return false;
  return true;
}

// template_chains()
Outcome read_chains(BitReader& in, DependencyStructure& s) {
  s.chains = static_cast<std::uint8_t>(in.below(s.decode_targets + 1U));
  if (s.chains == 0) return {};
  for (std::size_t i = 0; i < s.decode_targets; ++i)
    (void)s.protected_by.push_back(static_cast<std::uint8_t>(in.below(s.chains)));
  for (auto& t : s.templates)
    for (std::size_t c = 0; c < s.chains; ++c) (void)t.chain_diffs.push_back(static_cast<std::uint8_t>(in.bits(4)));
  return {};
}

// template_dependency_structure()
Outcome read_structure(BitReader& in, DependencyStructure& s) {
  s.id_offset = static_cast<std::uint8_t>(in.bits(6));
  s.decode_targets = static_cast<std::uint8_t>(in.bits(5) + 1);
  if (const auto error = read_layers(in, s)) return error;
  for (auto& t : s.templates) read_targets(in, s.decode_targets, t.targets);
  for (auto& t : s.templates)
    if (!read_template_diffs(in, t.frame_diffs)) return Error::too_large;
  if (const auto error = read_chains(in, s)) return error;
  if (in.flag()) {  // render_resolutions()
    for (std::size_t i = 0; i < s.spatial_layers(); ++i) {
      const std::uint32_t width = in.bits(16), height = in.bits(16);
      if (width == 0xffff || height == 0xffff) return Error::unsupported;  // 65,536 does not fit our type
      (void)s.resolutions.push_back({static_cast<std::uint16_t>(width + 1), static_cast<std::uint16_t>(height + 1)});
    }
  }
  return in.ok() ? Outcome{} : Error::truncated;
}

// frame_fdiffs()
bool read_frame_diffs(BitReader& in, FrameDiffs& diffs) {
  while (const std::uint32_t nibbles = in.bits(2))
    if (!diffs.push_back(static_cast<std::uint16_t>(in.bits(4 * nibbles) + 1))) return false;
  return true;
}

// extended_descriptor_fields() and the custom part of frame_dependency_definition()
Outcome read_extended(BitReader& in, const DependencyStructure* latest, DependencyDescriptorExtension& d) {
  const bool structure = in.flag(), active = in.flag(), targets = in.flag(), diffs = in.flag(), chains = in.flag();
  if (structure) {
    if (const auto error = read_structure(in, d.structure.emplace())) return error;
    latest = &*d.structure;
  }
  if (latest == nullptr && (active || targets || chains)) return Error::unsupported;
  if (active) d.active_targets = in.bits(latest->decode_targets);
  if (targets) read_targets(in, latest->decode_targets, d.custom_targets.emplace());
  if (diffs && !read_frame_diffs(in, d.custom_frame_diffs.emplace())) return Error::too_large;
  if (chains) {
    auto& list = d.custom_chain_diffs.emplace();
    for (std::size_t i = 0; i < latest->chains; ++i) (void)list.push_back(static_cast<std::uint8_t>(in.bits(8)));
  }
  return in.ok() ? Outcome{} : Error::truncated;
}

bool write_layers(BitWriter& out, const DependencyStructure& s) {
  if (s.templates.empty() || s.templates[0].spatial != 0 || s.templates[0].temporal != 0) return false;
  for (std::size_t i = 1; i < s.templates.size(); ++i) {
    const auto& before = s.templates[i - 1];
    const auto& t = s.templates[i];
    if (t.spatial > kMaxSpatial || t.temporal > kMaxTemporal) return false;
    if (t.spatial == before.spatial && t.temporal == before.temporal)
      out.bits(kSameLayer, 2);
    else if (t.spatial == before.spatial && t.temporal == before.temporal + 1)
      out.bits(kNextTemporal, 2);
    else if (t.spatial == before.spatial + 1 && t.temporal == 0)
      out.bits(kNextSpatial, 2);
    else
      return false;
  }
  out.bits(kNoMore, 2);
  return true;
}

void write_targets(BitWriter& out, const DecodeIndications& targets) {
  for (const DecodeIndication t : targets) out.bits(static_cast<std::uint32_t>(t), 2);
}

bool write_template_diffs(BitWriter& out, const FrameDiffs& diffs) {
  for (const std::uint16_t diff : diffs) {
    if (diff < 1 || diff > 16) return false;
    out.flag(true);
    out.bits(diff - 1U, 4);
  }
  out.flag(false);
  return true;
}

bool write_chains(BitWriter& out, const DependencyStructure& s) {
  out.below(s.chains, s.decode_targets + 1U);
  if (s.chains == 0) return true;
  for (const std::uint8_t chain : s.protected_by) {
    if (chain >= s.chains) return false;
    out.below(chain, s.chains);
  }
  for (const auto& t : s.templates) {
    for (const std::uint8_t diff : t.chain_diffs) {
      if (diff > 15) return false;
      out.bits(diff, 4);
    }
  }
  return true;
}

bool counts_agree(const DependencyStructure& s) {
  if (s.id_offset > 63 || s.decode_targets < 1 || s.decode_targets > kMaxDecodeTargets) return false;
  if (s.chains > s.decode_targets || s.protected_by.size() != (s.chains > 0 ? s.decode_targets : 0U)) return false;
  if (!s.resolutions.empty() && s.resolutions.size() != s.spatial_layers()) return false;
  return std::all_of(s.templates.begin(), s.templates.end(), [&](const FrameDependencyTemplate& t) {
    return t.targets.size() == s.decode_targets && t.chain_diffs.size() == s.chains;
  });
}

bool write_structure(BitWriter& out, const DependencyStructure& s) {
  if (!counts_agree(s)) return false;
  out.bits(s.id_offset, 6);
  out.bits(s.decode_targets - 1U, 5);
  if (!write_layers(out, s)) return false;
  for (const auto& t : s.templates) write_targets(out, t.targets);
  for (const auto& t : s.templates)
    if (!write_template_diffs(out, t.frame_diffs)) return false;
  if (!write_chains(out, s)) return false;
  out.flag(!s.resolutions.empty());
  for (const Resolution& r : s.resolutions) {
    if (r.width == 0 || r.height == 0) return false;
    out.bits(r.width - 1U, 16);
    out.bits(r.height - 1U, 16);
  }
  return true;
}

bool write_frame_diffs(BitWriter& out, const FrameDiffs& diffs) {
  for (const std::uint16_t diff : diffs) {
    if (diff < 1 || diff > 4096) return false;
    const unsigned nibbles = diff <= 16 ? 1 : diff <= 256 ? 2 : 3;
    out.bits(nibbles, 2);
    out.bits(diff - 1U, 4 * nibbles);
  }
  out.bits(0, 2);
  return true;
}

bool write_extended(BitWriter& out, const DependencyStructure* latest, const DependencyDescriptorExtension& d) {
  out.flag(d.structure.has_value());
  out.flag(d.active_targets.has_value());
  out.flag(d.custom_targets.has_value());
  out.flag(d.custom_frame_diffs.has_value());
  out.flag(d.custom_chain_diffs.has_value());
  if (d.structure) {
    if (!write_structure(out, *d.structure)) return false;
    latest = &*d.structure;
  }
  if (latest == nullptr && (d.active_targets || d.custom_targets || d.custom_chain_diffs)) return false;
  if (d.active_targets) {
    if (latest->decode_targets < 32 && (*d.active_targets >> latest->decode_targets) != 0) return false;
    out.bits(*d.active_targets, latest->decode_targets);
  }
  if (d.custom_targets) {
    if (d.custom_targets->size() != latest->decode_targets) return false;
    write_targets(out, *d.custom_targets);
  }
  if (d.custom_frame_diffs && !write_frame_diffs(out, *d.custom_frame_diffs)) return false;
  if (d.custom_chain_diffs) {
    if (d.custom_chain_diffs->size() != latest->chains) return false;
    for (const std::uint8_t diff : *d.custom_chain_diffs) out.bits(diff, 8);
  }
  return true;
}

}  // namespace

std::uint8_t DependencyStructure::spatial_layers() const {
  return templates.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(templates.back().spatial + 1);
}

// decode_target_layers()
std::uint8_t DependencyStructure::highest_spatial(std::size_t target) const {
  std::uint8_t highest = 0;
  for (const auto& t : templates)
    if (target < t.targets.size() && t.targets[target] != DecodeIndication::not_present)
      highest = std::max(highest, t.spatial);
  return highest;
}

std::uint8_t DependencyStructure::highest_temporal(std::size_t target) const {
  std::uint8_t highest = 0;
  for (const auto& t : templates)
    if (target < t.targets.size() && t.targets[target] != DecodeIndication::not_present)
      highest = std::max(highest, t.temporal);
  return highest;
}

Parsed<DependencyDescriptorExtension> DependencyDescriptorExtension::parse_mandatory(base::Bytes data) {
  if (data.size() < kMandatorySize) return base::Unexpected{Error::truncated};
  DependencyDescriptorExtension d;
  d.first_in_frame = (data[0] & 0x80) != 0;
  d.last_in_frame = (data[0] & 0x40) != 0;
  d.template_id = data[0] & 0x3f;
  d.frame_number = base::load_u16(data.data() + 1);
  return d;
}

bool DependencyDescriptorExtension::has_structure(base::Bytes data) {
  return data.size() > kMandatorySize && (data[kMandatorySize] & 0x80) != 0;
}

Parsed<DependencyDescriptorExtension> DependencyDescriptorExtension::parse(base::Bytes data,
                                                                           const DependencyStructure* latest) {
  auto d = parse_mandatory(data);
  if (!d || data.size() == kMandatorySize) return d;
  BitReader in{data.subspan(kMandatorySize)};
  if (const auto error = read_extended(in, latest, *d)) return base::Unexpected{*error};
  return d;
}

bool DependencyDescriptorExtension::write(base::Writer& out, const DependencyStructure* latest) const {
  if (template_id > 63) return false;
  out.u8(static_cast<std::uint8_t>((first_in_frame ? 0x80 : 0) | (last_in_frame ? 0x40 : 0) | template_id));
  out.u16(frame_number);
  if (structure || active_targets || custom_targets || custom_frame_diffs || custom_chain_diffs) {
    std::array<std::uint8_t, 255 - kMandatorySize> buffer;  // what an extension element can hold
    BitWriter bits{buffer};
    if (!write_extended(bits, latest, *this) || !bits.ok()) return false;
    out.bytes(base::Bytes{buffer.data(), bits.bytes()});
  }
  return out.ok();
}

std::optional<FrameDependencies> DependencyDescriptorExtension::resolve(const DependencyStructure& current) const {
  // frame_dependency_definition()
  const std::size_t index = (template_id + 64U - current.id_offset) % 64U;
  if (index >= current.templates.size()) return {};
  const FrameDependencyTemplate& t = current.templates[index];
  return FrameDependencies{t.spatial, t.temporal, custom_targets.value_or(t.targets),
                           custom_frame_diffs.value_or(t.frame_diffs), custom_chain_diffs.value_or(t.chain_diffs)};
}

}  // namespace wire
