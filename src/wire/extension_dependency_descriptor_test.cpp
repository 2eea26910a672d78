// SPDX-License-Identifier: Apache-2.0
#include "wire/extension_dependency_descriptor.h"

#include <gtest/gtest.h>

#include <functional>

#include "wire/test_bytes.h"

namespace wire {
namespace {

using Descriptor = DependencyDescriptorExtension;

// "SD-R" as in the tables of annex A.10.
DecodeIndications targets(std::string_view letters) {
  DecodeIndications out;
  for (const char c : letters)
    (void)out.push_back(c == '-'   ? DecodeIndication::not_present
                        : c == 'D' ? DecodeIndication::discardable
                        : c == 'S' ? DecodeIndication::switch_point
                                   : DecodeIndication::required);
  return out;
}

// One spatial and three temporal layers, 640x360, as a simulcast stream has them.
DependencyStructure l1t3() {
  DependencyStructure s;
  s.decode_targets = 3;
  s.chains = 1;
  s.protected_by = {0, 0, 0};
  s.templates = {{0, 0, targets("SSS"), {}, {0}},
                 {0, 0, targets("SSS"), {4}, {4}},
                 {0, 1, targets("-DS"), {2}, {2}},
                 {0, 2, targets("--D"), {1}, {1}},
                 {0, 2, targets("--D"), {1}, {3}}};
  s.resolutions = {{640, 360}};
  return s;
}

// The same by an encoder written apart from this code.
constexpr std::string_view kKeyFrame = "c00001 800214eaa860414d1410208427027f0167";

Descriptor key_frame() {
  Descriptor d;
  d.frame_number = 1;
  d.structure = l1t3();
  return d;
}

}  // namespace

TEST(DependencyDescriptor, a_key_frames_structure_has_these_bytes_both_ways) {
  EXPECT_EQ(to_hex(written(key_frame())), to_hex(from_hex(kKeyFrame)));
  const auto d = Descriptor::parse(from_hex(kKeyFrame));
  ASSERT_TRUE(d);
  EXPECT_EQ(*d, key_frame());
  EXPECT_TRUE(Descriptor::has_structure(from_hex(kKeyFrame)));
}

TEST(DependencyDescriptor, layers_of_decode_targets_follow_from_the_templates) {
  const DependencyStructure s = l1t3();
  EXPECT_EQ(s.spatial_layers(), 1);
  for (std::size_t t = 0; t < 3; ++t) {
    EXPECT_EQ(s.highest_spatial(t), 0);
    EXPECT_EQ(s.highest_temporal(t), t);
  }
}

TEST(DependencyDescriptor, three_bytes_name_a_template_of_the_latest_structure) {
  const DependencyStructure s = l1t3();
  const auto d = Descriptor::parse(from_hex("43 0102"), &s);
  ASSERT_TRUE(d);
  EXPECT_FALSE(d->first_in_frame);
  EXPECT_TRUE(d->last_in_frame);
  EXPECT_EQ(d->frame_number, 0x0102);
  const auto f = d->resolve(s);
  ASSERT_TRUE(f);
  EXPECT_EQ(f->temporal, 2);
  EXPECT_EQ(f->frame_diffs, FrameDiffs{1});
  EXPECT_EQ(f->chain_diffs, ChainDiffs{1});
}

TEST(DependencyDescriptor, template_ids_count_from_the_offset_and_wrap) {
  DependencyStructure s = l1t3();
  s.id_offset = 62;
  Descriptor d;
  d.template_id = 1;  // 62, 63, 0, 1: the fourth
  EXPECT_EQ(d.resolve(s).value().temporal, 2);
  d.template_id = 61;
  EXPECT_FALSE(d.resolve(s));
}

TEST(DependencyDescriptor, custom_fields_stand_in_for_the_templates) {
  const DependencyStructure s = l1t3();
  Descriptor d;
  d.template_id = 3;
  d.active_targets = 0b011;
  d.custom_targets = targets("SDR");
  d.custom_frame_diffs = FrameDiffs{4, 41, 4001};
  d.custom_chain_diffs = ChainDiffs{9};
  Buffer out(64);
  base::Writer w{out};
  ASSERT_TRUE(d.write(w, &s));
  const auto again = Descriptor::parse(w.written(), &s);
  ASSERT_TRUE(again);
  EXPECT_EQ(*again, d);
  EXPECT_EQ(again->resolve(s), (FrameDependencies{0, 2, targets("SDR"), {4, 41, 4001}, {9}}));
  EXPECT_FALSE(Descriptor::parse(w.written()));  // no structure, no sizes
  EXPECT_TRUE(Descriptor::parse_mandatory(w.written()));
}

TEST(DependencyDescriptor, every_truncation_of_a_structure_is_refused) {
  const Buffer whole = from_hex(kKeyFrame);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    if (size == 3) continue;  // the mandatory fields alone are a descriptor
    EXPECT_FALSE(Descriptor::parse(base::Bytes{whole}.first(size))) << size;
  }
}

TEST(DependencyDescriptor, structures_over_their_limits_are_refused) {
  // 63 bytes of ones where next_layer_idc stands: 0b00 for ever is 65 templates and more; 0b01 an eighth temporal
  // layer.
  Buffer same = from_hex("c00001 8000 00");
  same.resize(60, 0x00);
  EXPECT_EQ(Descriptor::parse(same).error(), base::ParseError::too_large);
  Buffer temporal = from_hex("c00001 8000");
  temporal.resize(60, 0x55);
  EXPECT_EQ(Descriptor::parse(temporal).error(), base::ParseError::malformed);
  Buffer spatial = from_hex("c00001 8000");
  spatial.resize(60, 0xaa);
  EXPECT_EQ(Descriptor::parse(spatial).error(), base::ParseError::malformed);
}

TEST(DependencyDescriptor, a_structure_whose_counts_disagree_is_not_written) {
  const std::function<void(Descriptor&)> breaks[] = {
      [](Descriptor& d) { d.structure->decode_targets = 4; },
      [](Descriptor& d) { d.structure->chains = 2; },
      [](Descriptor& d) { d.structure->protected_by[0] = 1; },
      [](Descriptor& d) { d.structure->templates[1].frame_diffs = {17}; },
      [](Descriptor& d) { d.structure->templates[0].spatial = 1; },
      [](Descriptor& d) { d.structure->resolutions = {{1, 1}, {2, 2}}; },
      [](Descriptor& d) { d.active_targets = 0b1000; },
      [](Descriptor& d) { d.custom_targets = targets("SS"); },
      [](Descriptor& d) { d.template_id = 64; },
  };
  for (std::size_t i = 0; i < std::size(breaks); ++i) {
    Descriptor d = key_frame();
    breaks[i](d);
    EXPECT_TRUE(written(d).empty()) << i;
  }
}

}  // namespace wire
