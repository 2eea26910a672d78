// SPDX-License-Identifier: Apache-2.0
// A synthetic person's own offer, to a server that waits for one (Janus): one line of sound and one of picture to send, as a
// browser offers them without simulcast (JSEP RFC 8829 section 5.2.1), and what the answer to it settles. No
// candidates: whoever answers sees where we are. Not here: our own server's offers (answer.h). Pure; any thread.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "load/answer.h"

namespace load {

inline constexpr std::string_view kSoundMid = "0", kPictureMid = "1";

[[nodiscard]] std::string offer_streams(const AnswerSettings& mine);
[[nodiscard]] base::Result<Negotiated, OfferError> take_answer(std::string_view answer_sdp, std::uint32_t socket);

}  // namespace load
