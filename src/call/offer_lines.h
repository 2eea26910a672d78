// SPDX-License-Identifier: Apache-2.0
// The `offer` message of an SDP offer that media made, with what media says beside it: which mid is whose (docs/protocol.md
// "Media"). Not here: reading SDP. Values only: any thread.
#pragma once
#include "call/message.h"
#include "media/exchange.h"

namespace call {

[[nodiscard]] OfferMade offer_message(media::Offer offer);

}  // namespace call
