// SPDX-License-Identifier: Apache-2.0
// The `offer` message of an SDP offer that media made: which mid is whose (docs/protocol.md "Media": m, c, then s<k> and
// p<k>). Reads our own SDP only, never a browser's. Values only: any thread.
#pragma once
#include "call/message.h"
#include "media/exchange.h"

namespace call {

[[nodiscard]] OfferMade offer_message(media::Offer offer);

}  // namespace call
