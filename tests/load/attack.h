// SPDX-License-Identifier: Apache-2.0
// What somebody who means harm says to a live room (--attack): datagrams from addresses that nobody knows, made from the fuzzers' corpus
// and from what others were heard to send; RTP and RTCP sealed by a session that was admitted; messages on its WebSocket. Made from a seed, so that
// what is said can be said again (when, the machine decides). Not here: who says it and when (crowd.h), what comes of it. Runs on one thread.
#pragma once
#include <cstdint>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "load/answer.h"
#include "load/out_stream.h"

namespace load {

struct AttackCounts {
  std::uint64_t strays = 0, rtp = 0, rtcp = 0, texts = 0, connections = 0;
};

class Attack {
 public:
  using Datagram = std::vector<std::uint8_t>;
  // `corpus`: the folder fuzz/corpus. Throws where there is nothing in it.
  Attack(std::uint64_t seed, const std::string& corpus);

  // From an address that nobody knows. `heard`: what others sent.
  [[nodiscard]] Datagram stray(const std::deque<Datagram>& heard);
  // Over a session of its own; `own` as its answer named them.
  void send_rtp(const SendContext& context, const Negotiated& negotiated, const AnswerSettings& own);
  void send_rtcp(const SendContext& context, const Negotiated& negotiated, const AnswerSettings& own);
  [[nodiscard]] std::string text();
  // The compound before it is sealed, for tests.
  [[nodiscard]] Datagram rtcp(const Negotiated& negotiated, const AnswerSettings& own);

  [[nodiscard]] AttackCounts& counts() { return counts_; }

 private:
  [[nodiscard]] std::size_t below(std::size_t n) { return n == 0 ? 0 : std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
  [[nodiscard]] bool one_in(std::size_t n) { return below(n) == 0; }
  [[nodiscard]] std::uint8_t byte() { return static_cast<std::uint8_t>(below(256)); }
  [[nodiscard]] Datagram noise(std::size_t most);
  [[nodiscard]] const Datagram& of(const std::string& folder);
  void spoil(Datagram& bytes);
  void spoil_text(std::string& text);
  [[nodiscard]] base::Ssrc ssrc_for(const Negotiated& negotiated, const AnswerSettings& own);
  [[nodiscard]] Datagram header(const Negotiated& negotiated, const AnswerSettings& own);

  std::mt19937_64 random_;
  std::map<std::string, std::vector<Datagram>> corpus_;
  std::map<base::Ssrc, std::uint16_t> next_;
  AttackCounts counts_;
};

}  // namespace load
