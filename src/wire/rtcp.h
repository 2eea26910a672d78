// SPDX-License-Identifier: Apache-2.0
// All RTCP messages together: the list that reading, round-trip tests and fuzzing iterate. A new message is one file
// and one line in RtcpMessages. Unknown types, and feedback formats that are not ours, are skipped (RFC 3550
// section 6.1).
#pragma once
#include <cstdint>
#include <type_traits>

#include "wire/rtcp_bye.h"
#include "wire/rtcp_key_frame.h"
#include "wire/rtcp_nack.h"
#include "wire/rtcp_packet.h"
#include "wire/rtcp_remb.h"
#include "wire/rtcp_reports.h"
#include "wire/rtcp_sdes.h"
#include "wire/rtcp_transport_feedback.h"

namespace wire {

template <class... Ts>
struct TypeList {};

using RtcpMessages = TypeList<SenderReport,       //
                              ReceiverReport,     //
                              SourceDescription,  //
                              Bye,                //
                              Nack,               //
                              Pli,                //
                              Fir,                //
                              Remb,               //
                              TransportFeedback>;

struct RtcpTally {
  std::uint32_t read = 0, skipped = 0, malformed = 0;
};

namespace detail {
template <class F, class... Ts>
void read_one(const RtcpPacket& packet, F& f, RtcpTally& tally, TypeList<Ts...>) {
  const auto attempt = [&]<class T>(std::type_identity<T>) {
    if (!T::matches(packet)) return false;
    if (const auto message = T::parse(packet)) {
      ++tally.read;
      f(*message);
    } else {
      ++tally.malformed;
    }
    return true;
  };
  if (!(attempt(std::type_identity<Ts>{}) || ...)) ++tally.skipped;
}
}  // namespace detail

// Calls f with each message of a compound, in order: f must take every type of RtcpMessages (an overload set with a
// `const auto&` for the rest will do). A malformed message is counted and the next is read; framing that does not fit
// ends it with an error after the sound ones were given.
template <class F>
[[nodiscard]] base::Result<RtcpTally, base::ParseError> read_rtcp(base::Bytes compound, F&& f) {
  RtcpTally tally;
  RtcpReader reader{compound};
  while (const auto packet = reader.next()) detail::read_one(*packet, f, tally, RtcpMessages{});
  if (!reader.ok()) return base::Unexpected{base::ParseError::truncated};
  return tally;
}

}  // namespace wire
