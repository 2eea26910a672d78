// SPDX-License-Identifier: Apache-2.0
// Every RTP header extension we speak, in one list with the id that our offers give it. The offer (media/), the
// round-trip test and the fuzzer iterate this list: a new extension is one file extension_<name>.h and one line here.
// Ids are 1 to 14: Firefox rejects higher ones. The answer names the ids that hold (wire::sdp::Media::extension_id).
#pragma once
#include <cstdint>
#include <type_traits>

#include "wire/extension_abs_send_time.h"
#include "wire/extension_audio_level.h"
#include "wire/extension_dependency_descriptor.h"
#include "wire/extension_mid.h"
#include "wire/extension_playout_delay.h"
#include "wire/extension_repaired_rid.h"
#include "wire/extension_rid.h"
#include "wire/extension_transport_sequence.h"
#include "wire/extension_video_layers.h"

namespace wire {

template <std::uint8_t Id, HeaderExtension T>
struct Offered {
  static constexpr std::uint8_t kId = Id;
  using Type = T;
};
template <class... Entries>
struct ExtensionList {};

using HeaderExtensions = ExtensionList<Offered<1, MidExtension>,                //
                                       Offered<2, RidExtension>,                //
                                       Offered<3, RepairedRidExtension>,        //
                                       Offered<4, AudioLevelExtension>,         //
                                       Offered<5, AbsSendTimeExtension>,        //
                                       Offered<6, TransportSequenceExtension>,  //
                                       Offered<7, PlayoutDelayExtension>,       //
                                       Offered<8, DependencyDescriptorExtension>, Offered<9, VideoLayersExtension>>;

// Calls f(Offered<id, T>{}) for each, in the order of the list.
template <class F>
constexpr void for_each_header_extension(F&& f) {
  [&]<class... Entries>(ExtensionList<Entries...>) { (f(Entries{}), ...); }(HeaderExtensions{});
}

// The id our offers give to T.
template <HeaderExtension T>
[[nodiscard]] consteval std::uint8_t offered_id() {
  std::uint8_t id = 0;
  for_each_header_extension([&]<class Entry>(Entry) {
    if constexpr (std::is_same_v<typename Entry::Type, T>) id = Entry::kId;
  });
  if (id == 0) throw "not in the list";
  return id;
}

}  // namespace wire
