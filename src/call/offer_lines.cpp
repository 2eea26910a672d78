// SPDX-License-Identifier: Apache-2.0
// See offer_lines.h.
#include "call/offer_lines.h"

namespace call {

OfferMade offer_message(media::Offer offer) {
  OfferMade out{.offer = offer.id, .sdp = base::Redacted(std::move(offer.sdp)), .upstream = {}, .slots = {}, .relay = {}};
  for (auto& line : offer.upstream) out.upstream.push_back({std::move(line.mid), line.source});
  for (auto& slot : offer.slots) out.slots.push_back({slot.slot, std::move(slot.sound), std::move(slot.picture)});
  return out;
}

}  // namespace call
