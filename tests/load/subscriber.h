// SPDX-License-Identifier: Apache-2.0
// Everything that a synthetic person receives: which SSRC is which slot's sound, picture or repair, what was lost, what was
// decoded and whose it was, and the RTCP that says so to the server (RR, NACK, PLI, transport-wide feedback). Not here: what
// is sent (publisher.h), sockets. Invariant: what arrives before the slot's seat is known is kept and credited once it is.
// Runs on the person's thread.
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "load/answer.h"
#include "load/in_stream.h"
#include "load/listener.h"
#include "wire/rtp.h"

namespace load {

// Latencies in steps of 20 us up to 10 ms, of 200 us up to 100 ms, of 5 ms up to 2 s; longer ones count as 2 s. Small, since every
// person of a hundred rooms has them.
class Latencies {
 public:
  void add(base::Duration latency);
  void add(const Latencies& other);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] double quantile_ms(double q) const;  // 0 where nothing was measured

 private:
  struct Range {
    std::int64_t from, to, step;  // microseconds
    [[nodiscard]] constexpr std::size_t buckets() const { return static_cast<std::size_t>((to - from) / step); }
  };
  static constexpr std::array<Range, 3> kRanges{{{0, 10'000, 20}, {10'000, 100'000, 200}, {100'000, 2'000'000, 5'000}}};
  std::vector<std::uint32_t> buckets_;
  std::uint64_t count_ = 0;
};

struct ReceiveCounts {
  std::uint64_t expected = 0, received = 0, lost = 0, repaired = 0, duplicates = 0, octets = 0, unknown = 0;
  std::uint64_t sound_expected = 0, sound_lost = 0, key_frames_asked = 0, nacks = 0;
  OpenCounts frames;  // of an encrypted room
};

class Subscriber {
 public:
  explicit Subscriber(Decode decode) : decode_(decode) {}
  // The room is encrypted: nothing is seen or heard but what these open. Before the first set_slots; null stays the clear.
  void protect(FrameKeys* keys) { keys_ = keys; }
  void keys_changed(base::Instant now);
  void set_slots(const Negotiated& negotiated);
  // What each slot carries from now on.
  void set_carries(const std::vector<std::optional<std::uint32_t>>& carries);

  // Nothing of what comes from these seats is counted from here on, in whichever slot: they are not to be judged by.
  void leave_out(std::vector<std::uint32_t> seats);

  // One RTP packet, decrypted.
  void take_rtp(base::Instant now, base::Bytes packet) {
    if (const auto rtp = wire::parse_rtp(packet)) take(now, *rtp, packet.size(), routes_.find(rtp->ssrc), true);
  }
  // One that was not: it is counted by its header alone. False, and nothing done, where it must be: it repairs another.
  bool take_sealed(base::Instant now, base::Bytes packet);
  void take_sender_report(base::Instant now, const wire::SenderReport& report);

  // What to tell the server now; each is one RTCP packet to send. `sender` is an SSRC of this person.
  [[nodiscard]] base::Instant next_feedback() const {
    return decode_ != Decode::none || gaps_ ? std::min(feedback_due_, nack_due_) : feedback_due_;
  }
  void due_feedback(base::Instant now, base::Ssrc sender, std::vector<std::vector<std::uint8_t>>& into);
  [[nodiscard]] std::vector<wire::ReportBlock> report_blocks(base::Instant now);

  [[nodiscard]] const std::map<std::uint32_t, Witness>& witnesses() const { return witnesses_; }
  [[nodiscard]] const Latencies& latencies() const { return latencies_; }
  [[nodiscard]] ReceiveCounts counts() const;
  // From here on latencies count.
  void forget_latencies() { latencies_ = {}; }
  // And what was seen and heard, and for how long nothing came.
  void forget_seen();
  [[nodiscard]] base::Duration longest_sound_gap() const;

 private:
  struct Slot {
    InStream sound, picture;
    Listener listener{Decode::none};
    std::optional<std::uint32_t> seat;
    Witness pending;  // until the seat is known
    base::Instant key_asked;
    bool left_out = false;
  };
  enum class Part : std::uint8_t { sound, sound_repair, picture, picture_repair };
  struct Route {
    std::size_t slot;
    Part part;
  };
  using Routes = boost::unordered_flat_map<base::Ssrc, Route, std::hash<base::Ssrc>>;
  void take(base::Instant now, const wire::RtpView& rtp, std::size_t size, Routes::const_iterator route, bool clear);
  struct Arrival {
    std::int64_t sequence;
    base::Instant at;
  };
  void note_transport_sequence(base::Instant now, base::Bytes extension);
  void write_transport_feedback(base::Instant now, base::Ssrc sender, std::vector<std::vector<std::uint8_t>>& into);
  [[nodiscard]] Witness& witness_of(Slot& slot);

  Decode decode_;
  FrameKeys* keys_ = nullptr;
  std::vector<Slot> slots_;
  Routes routes_;
  std::map<std::uint32_t, Witness> witnesses_;
  std::vector<std::uint32_t> left_out_;
  Latencies latencies_;
  ReceiveCounts counts_;
  std::uint8_t transport_sequence_id_ = 0;
  std::vector<Arrival> arrivals_;
  std::int64_t highest_transport_ = -1, next_transport_ = -1;
  std::uint8_t feedback_count_ = 0;
  bool gaps_ = false;  // something is missing that may be asked for
  base::Instant feedback_due_, nack_due_;
};

}  // namespace load
