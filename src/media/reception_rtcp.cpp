// SPDX-License-Identifier: Apache-2.0
// The RTCP of Reception: what a sender says of its streams, and what it is told of them: reports, transport-wide feedback,
// losses, wishes for key frames. Not here: packets (reception.cpp), when to send (forwarder_timers.cpp, forwarder_rtcp.cpp).
#include <algorithm>

#include "media/reception.h"
#include "wire/rtcp_key_frame.h"
#include "wire/rtcp_nack.h"

namespace media {

void Reception::on_sender_report(const wire::SenderReport& report, base::Now now) {
  for (auto& publication : publications_) {
    if (!publication) continue;
    for (auto& layer : publication->layers)
      if (layer.known && layer.ssrc == report.sender) {
        layer.last_sr = report.ntp.middle();
        layer.last_sr_at = now.instant;
        clock_.report(layer.clock, wire::to_wall(report.ntp), report.rtp_timestamp, now.wall);
        return;
      }
  }
}

bool Reception::on_bye(base::Ssrc source) {
  for (auto& publication : publications_) {
    if (!publication) continue;
    for (auto& layer : publication->layers)
      if (layer.known && layer.ssrc == source) {
        layer.nacks.clear();
        layer.wish.forget();
        layer.last_packet = Layer::kLongAgo;
        return true;
      }
  }
  return false;
}

void Reception::write_reports(base::Ssrc self, std::uint8_t worst_sound, base::Instant now, base::Writer& out) {
  wire::ReceiverReport rr;
  rr.sender = self;
  for (auto& publication : publications_) {
    if (!publication) continue;
    for (auto& layer : publication->layers) {
      if (!layer.known || !layer.tracker.started()) continue;
      const auto r = layer.tracker.report();
      wire::ReportBlock block;
      block.ssrc = layer.ssrc;
      block.fraction_lost = publication->picture() ? r.fraction_lost : std::max(r.fraction_lost, worst_sound);
      block.cumulative_lost = r.lost;
      block.highest_sequence = r.highest;
      block.jitter = r.jitter;
      block.last_sr = layer.last_sr;
      if (layer.last_sr != 0)
        block.delay_since_last_sr = static_cast<std::uint32_t>((now - layer.last_sr_at).us * 65'536 / 1'000'000);
      (void)rr.blocks.push_back(block);
    }
  }
  if (!rr.blocks.empty()) (void)rr.write(out);
}

bool Reception::write_transport_feedback(base::Ssrc self, base::Writer& out) {
  if (!transport_feedback_pending()) return false;
  wire::TransportFeedback message;
  arrivals_.take(message);
  message.sender = self;
  for (const auto& publication : publications_)
    if (publication && publication->layers[0].known) message.media = publication->layers[0].ssrc;
  return message.write(out);
}

void Reception::write_nacks(base::Ssrc self, base::Instant now, base::Duration round_trip, base::Writer& out) {
  NackList::Due due;
  for (auto& publication : publications_) {
    if (!publication) continue;
    for (auto& layer : publication->layers) {
      if (layer.nacks.size() == 0) continue;
      layer.nacks.due(now, round_trip, due);
      if (due.gave_up && publication->picture()) layer.wish.want();
      if (due.count == 0) continue;
      wire::Nack nack;
      nack.sender = self;
      nack.media = layer.ssrc;
      for (std::size_t i = 0; i < due.count; ++i) (void)nack.add(due.sequences[i]);
      (void)nack.write(out);
    }
  }
}

bool Reception::write_key_frame_request(base::Ssrc self, Layer& layer, base::Writer& out) const {
  if (pli_) return wire::Pli{self, layer.ssrc}.write(out);
  if (!fir_) return false;
  // RFC 5104 section 4.3.1.2: a new command has a new number. Whoever is asked again has had 300 ms (key_frame_wish.h): the answer
  // may be what was lost, and a repetition would be passed over.
  wire::Fir fir{.sender = self, .entries = {}};
  (void)fir.entries.push_back({layer.ssrc, layer.fir_count++});
  return fir.write(out);
}

std::uint32_t Reception::write_key_frame_requests(base::Ssrc self, base::Instant now, base::Writer& out) {
  std::uint32_t asked = 0;
  for (auto& publication : publications_) {
    if (!publication || !publication->picture()) continue;
    for (auto& layer : publication->layers)
      if (layer.known && layer.wish.due(now) && write_key_frame_request(self, layer, out)) ++asked;
  }
  return asked;
}

base::Instant Reception::next() const {
  auto at = base::Instant::never();
  for (const auto& publication : publications_) {
    if (!publication) continue;
    for (const auto& layer : publication->layers) {
      at = std::min(at, layer.nacks.next());
      if (layer.known) at = std::min(at, layer.wish.next());
    }
  }
  return at;
}

}  // namespace media
