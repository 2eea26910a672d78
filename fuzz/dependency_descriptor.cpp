// SPDX-License-Identifier: Apache-2.0
// Dependency Descriptors in a row, as a stream brings them: each read with the structure that came before. Input: one
// length byte, then so many bytes, again and again.
#include "wire/extension_dependency_descriptor.h"

#include "check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  base::Reader in{{data, size}};
  std::optional<wire::DependencyStructure> latest;
  while (in.left() > 0) {
    const base::Bytes bytes = in.bytes(in.u8());
    const wire::DependencyStructure* before = latest ? &*latest : nullptr;
    (void)wire::DependencyDescriptorExtension::has_structure(bytes);
    const auto d = wire::DependencyDescriptorExtension::parse(bytes, before);
    if (!d) continue;
    std::array<std::uint8_t, 255> out;
    base::Writer writer{out};
    require(d->write(writer, before));
    const auto again = wire::DependencyDescriptorExtension::parse(writer.written(), before);
    require(again && *again == *d);
    if (d->structure) latest = d->structure;
    if (!latest) continue;
    require(latest->spatial_layers() >= 1 && latest->spatial_layers() <= 4);
    for (std::size_t i = 0; i < latest->decode_targets; ++i)
      require(latest->highest_spatial(i) < latest->spatial_layers() && latest->highest_temporal(i) < 8);
    if (const auto f = d->resolve(*latest))
      require(f->targets.size() == latest->decode_targets && f->chain_diffs.size() == latest->chains);
  }
  return 0;
}
