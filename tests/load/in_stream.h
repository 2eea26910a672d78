// SPDX-License-Identifier: Apache-2.0
// One stream that a synthetic person receives: what was expected, what came, what is missing, and the report block and NACK
// that say so (RFC 3550 section 6.4 and appendix A, RFC 4585 section 6.2.1). Not here: decoding (listener.h).
// Invariant: received + missing == expected, duplicates apart. Runs on the person's thread.
#pragma once
#include <bitset>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ids.h"
#include "base/instant.h"
#include "wire/rtcp.h"

namespace load {

class InStream {
 public:
  InStream() = default;
  InStream(base::Ssrc ssrc, std::uint32_t clock_rate, bool repairs) : ssrc_(ssrc), rate_(clock_rate), repairs_(repairs) {}

  // The extended sequence number, or empty where this packet came before (or is too old to tell).
  std::optional<std::int64_t> take(base::Instant now, std::uint16_t sequence, std::uint32_t timestamp, bool repaired);
  void take_sender_report(base::Instant now, const wire::SenderReport& report);

  [[nodiscard]] wire::ReportBlock report(base::Instant now);
  // What to ask for now; empty where nothing is missing that is worth asking for.
  [[nodiscard]] std::optional<wire::Nack> nack(base::Instant now);
  [[nodiscard]] bool misses() const { return !missing_.empty(); }

  [[nodiscard]] base::Ssrc ssrc() const { return ssrc_; }
  [[nodiscard]] bool started() const { return highest_ >= 0; }
  [[nodiscard]] std::uint64_t expected() const {
    return started() ? static_cast<std::uint64_t>(highest_ - first_ + 1) : 0;
  }
  [[nodiscard]] std::uint64_t received() const { return received_; }
  [[nodiscard]] std::uint64_t repaired() const { return repaired_; }
  [[nodiscard]] std::uint64_t duplicates() const { return duplicates_; }
  // Between two packets that were not repairs, since it was last forgotten.
  [[nodiscard]] base::Duration longest_gap() const { return longest_gap_; }
  void forget_gap() {
    longest_gap_ = {};
    last_at_ = base::Instant::never();
  }
  [[nodiscard]] std::uint64_t lost() const { return expected() > received_ ? expected() - received_ : 0; }

 private:
  static constexpr std::size_t kWindow = 1'024;
  struct Missing {
    std::int64_t sequence;
    base::Instant ask_at;
    std::uint8_t asked;
  };
  void advance(base::Instant now, std::int64_t to);

  base::Ssrc ssrc_{};
  std::uint32_t rate_ = 90'000;
  bool repairs_ = true;
  std::int64_t first_ = -1, highest_ = -1;
  std::uint64_t received_ = 0, repaired_ = 0, duplicates_ = 0;
  std::uint64_t reported_expected_ = 0, reported_received_ = 0;
  std::bitset<kWindow> seen_;
  std::vector<Missing> missing_;
  std::int64_t last_transit_ = 0;
  double jitter_ = 0;
  std::uint32_t last_sr_ = 0;
  base::Instant last_sr_at_, last_at_ = base::Instant::never();
  base::Duration longest_gap_;
};

}  // namespace load
