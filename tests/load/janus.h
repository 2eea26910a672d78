// SPDX-License-Identifier: Apache-2.0
// The other signalling that a synthetic person can speak: Janus's, for a room of its videoroom plugin (Janus API and
// "VideoRoom plugin" in Janus's documentation, 1.1). There a person's sending and receiving are two connections, each with an
// ICE and DTLS of its own, so one of us takes two Participants: one that sends, one that receives all others in one
// connection ("multistream"). Sans-IO: texts in, texts and what they mean out. Not here: SDP (offer.h, answer.h), media.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "load/signalling.h"

namespace load {

struct JanusSeat {
  std::uint32_t room = 0;
  std::uint32_t feed = 0;            // whose this is; chosen by us
  std::vector<std::uint32_t> feeds;  // what is received, all of it sent already; empty: this one sends
};

struct JanusAttached {};  // the time to offer
struct JanusAnswered {
  std::string sdp;
};
struct JanusEnded {  // refused, timed out, hung up, or not understood
  std::string why;
};
using JanusMessage = std::variant<std::monostate, JanusAttached, JanusAnswered, OfferMessage, JanusEnded>;

class JanusSignalling {
 public:
  explicit JanusSignalling(JanusSeat seat) : seat_(std::move(seat)) {}
  [[nodiscard]] bool sends() const { return seat_.feeds.empty(); }
  // What a text means; `say` is what has to be said to it at once.
  [[nodiscard]] JanusMessage read(std::string_view text, std::vector<std::string>& say);

  [[nodiscard]] std::string create_text() const;
  [[nodiscard]] std::string publish_text(std::string_view offer_sdp) const;
  [[nodiscard]] std::string start_text(std::string_view answer_sdp) const;
  [[nodiscard]] std::string keep_alive_text() const;
  [[nodiscard]] std::string destroy_text() const;

 private:
  [[nodiscard]] std::string subscribe_text() const;

  JanusSeat seat_;
  std::uint64_t session_ = 0, handle_ = 0;
};

}  // namespace load
