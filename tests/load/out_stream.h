// SPDX-License-Identifier: Apache-2.0
// One stream that a synthetic person sends: an SSRC with its sequence, its sender reports and, where the offer has RTX, the
// repair of what the server says is lost (RFC 3550, RFC 4588). Not here: what is in the payload (content.h, vp8_packets.h).
// Invariant: sequence numbers go up by one per packet sent. Runs on the person's thread.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/datagram.h"
#include "base/ids.h"
#include "base/instant.h"
#include "transport/peer.h"
#include "wire/rtcp.h"

namespace load {

// Extension ids as offered; 0 where the offer lacks the extension.
struct ExtensionIds {
  std::uint8_t mid = 0, rid = 0, repaired_rid = 0, audio_level = 0, abs_send_time = 0, transport_sequence = 0;
};

// What all streams of one person share while a packet is sent.
struct SendContext {
  transport::Peer& peer;
  base::DatagramSink& out;
  base::Now now;
  std::uint16_t& transport_sequence;
};

struct OutStreamSettings {
  base::Ssrc ssrc{}, rtx_ssrc{};
  base::PayloadType payload_type{}, rtx_payload_type{};  // rtx_payload_type 0: no RTX for this stream
  std::string mid, rid;                                  // rid empty: no simulcast
  ExtensionIds extensions;
  std::uint32_t clock_rate = 90'000;
  bool sound = false;
};

class OutStream {
 public:
  OutStream(OutStreamSettings settings, std::uint16_t first_sequence);
  // False where the transport would not take it.
  bool send(const SendContext& context, std::uint32_t timestamp, bool marker, base::Bytes payload);
  void set_silent(bool silent) { silent_ = silent; }  // of sound: what the packets say of its level
  // A packet that the server reports lost, if it is still kept.
  bool resend(const SendContext& context, std::uint16_t sequence);
  [[nodiscard]] wire::SenderReport report(base::Now now) const;

  [[nodiscard]] const OutStreamSettings& settings() const { return settings_; }
  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t octets() const { return octets_; }
  [[nodiscard]] std::uint64_t resent() const { return resent_; }

 private:
  struct Kept {
    std::uint16_t sequence = 0;
    bool marker = false, used = false;
    std::uint32_t timestamp = 0;
    std::vector<std::uint8_t> payload;
  };
  bool send_packet(const SendContext& context, bool repair, const Kept& packet, base::Bytes payload);

  OutStreamSettings settings_;
  bool silent_ = false;
  std::vector<Kept> kept_;
  std::uint16_t sequence_, rtx_sequence_ = 1;
  std::uint32_t last_timestamp_ = 0;
  base::Instant last_at_;
  std::uint64_t packets_ = 0, octets_ = 0, resent_ = 0;
};

}  // namespace load
