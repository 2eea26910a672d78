// SPDX-License-Identifier: Apache-2.0
// What a video packet's frame is and depends on: Dependency Descriptor, AV1 RTP specification v1.0.0 annex A. It stands
// beside the payload, so the server can choose frames and find key frames without seeing into them.
// A packet carries its structure (templates) with a key frame only; later packets name a template of it. Parsing is
// stateless and keeps what needs the structure apart: resolve() joins the two.
// Not here: choosing layers (media/). Invariant: everything is bounded by the constants below. Allocates nothing.
#pragma once
#include <array>
#include <optional>

#include "wire/extension_use.h"
#include "wire/fixed_list.h"

namespace wire {

// A.8.3.1: what a frame is to a decode target.
enum class DecodeIndication : std::uint8_t { not_present = 0, discardable = 1, switch_point = 2, required = 3 };

inline constexpr std::size_t kMaxDecodeTargets = 32;
inline constexpr std::size_t kMaxTemplates = 64;
inline constexpr std::size_t kMaxFrameDiffs = 8;  // ours; encoders use at most 4
using DecodeIndications = FixedList<DecodeIndication, kMaxDecodeTargets>;
using FrameDiffs = FixedList<std::uint16_t, kMaxFrameDiffs>;
using ChainDiffs = FixedList<std::uint8_t, kMaxDecodeTargets>;

struct FrameDependencyTemplate {
  std::uint8_t spatial = 0, temporal = 0;
  DecodeIndications targets;  // one a decode target
  FrameDiffs frame_diffs;     // frame number minus that of a frame it refers to
  ChainDiffs chain_diffs;     // one a chain
  bool operator==(const FrameDependencyTemplate&) const = default;
};

struct Resolution {
  std::uint16_t width = 0, height = 0;
  bool operator==(const Resolution&) const = default;
};

struct DependencyStructure {
  std::uint8_t id_offset = 0;                                   // template_id_offset, 0..63
  std::uint8_t decode_targets = 1;                              // 1..32
  std::uint8_t chains = 0;                                      // 0..decode_targets
  FixedList<std::uint8_t, kMaxDecodeTargets> protected_by;      // the chain of each decode target, where chains > 0
  FixedList<FrameDependencyTemplate, kMaxTemplates> templates;  // ordered by spatial, then temporal layer
  FixedList<Resolution, 4> resolutions;                         // one a spatial layer, or none
  bool operator==(const DependencyStructure&) const = default;
  [[nodiscard]] std::uint8_t spatial_layers() const;
  // The highest layers a decode target shows (A.8.2.1): derived from the templates that are present in it.
  [[nodiscard]] std::uint8_t highest_spatial(std::size_t target) const;
  [[nodiscard]] std::uint8_t highest_temporal(std::size_t target) const;
};

// A frame's dependencies once template and structure are joined.
struct FrameDependencies {
  std::uint8_t spatial = 0, temporal = 0;
  DecodeIndications targets;
  FrameDiffs frame_diffs;
  ChainDiffs chain_diffs;
  bool operator==(const FrameDependencies&) const = default;
};

//   0 1 2 3 4 5 6 7
//  |S|E| template  |   mandatory: start and end of frame, frame_dependency_template_id
//  | frame number  |
//  |               |
//  |T|A|D|F|C| …       where longer than 3 bytes: structure, active targets, custom dtis, fdiffs, chains; bits follow
struct DependencyDescriptorExtension {
  static constexpr std::string_view kName = "dependency descriptor";
  static constexpr std::string_view kUri =
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
  static constexpr ExtensionUse kUse = ExtensionUse::video;

  bool first_in_frame = true, last_in_frame = true;
  std::uint8_t template_id = 0;  // 0..63
  std::uint16_t frame_number = 0;
  std::optional<DependencyStructure> structure;  // with a key frame: a new coded video sequence may start here
  // Bit i: decode target i is active. Only where the packet says so: a structure without it makes all active (A.8.2).
  std::optional<std::uint32_t> active_targets;
  std::optional<DecodeIndications> custom_targets;
  std::optional<FrameDiffs> custom_frame_diffs;
  std::optional<ChainDiffs> custom_chain_diffs;
  bool operator==(const DependencyDescriptorExtension&) const = default;

  // Reads with the stream's latest structure where the packet brings none. Without either, a descriptor that has fields
  // whose size depends on it is ParseError::unsupported; see parse_mandatory.
  [[nodiscard]] static Parsed<DependencyDescriptorExtension> parse(base::Bytes data, const DependencyStructure* latest);
  [[nodiscard]] static Parsed<DependencyDescriptorExtension> parse(base::Bytes data) { return parse(data, nullptr); }
  // The first three bytes only.
  [[nodiscard]] static Parsed<DependencyDescriptorExtension> parse_mandatory(base::Bytes data);
  // Whether a structure is attached, without reading it.
  [[nodiscard]] static bool has_structure(base::Bytes data);

  // False where it does not fit, or the parts do not agree with the structure (its own, else `latest`).
  bool write(base::Writer& out, const DependencyStructure* latest) const;
  bool write(base::Writer& out) const { return write(out, nullptr); }

  // The frame's dependencies under `current` (the packet's own structure where it has one). Empty where the template
  // is not in it.
  [[nodiscard]] std::optional<FrameDependencies> resolve(const DependencyStructure& current) const;
};

}  // namespace wire
