// SPDX-License-Identifier: Apache-2.0
// See plane_core.h.
#include "app/plane_core.h"

#include <utility>

#include "app/log.h"

namespace app {

PlaneCore::PlaneCore(std::uint32_t thread, call::PlaneSettings settings, base::Entropy& entropy,
                     const net::MediaLoopCounters& counters, Told told)
    : thread_(thread), plane_(std::move(settings), entropy), counters_(counters), told_(std::move(told)) {}

void PlaneCore::on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) {
  plane_.on_datagram(now, path, datagram, out);
}
void PlaneCore::on_path_closed(base::Now now, const base::Path& path, base::DatagramSink& out) {
  plane_.on_path_closed(now, path, out);
}
void PlaneCore::on_timer(base::Now now, base::DatagramSink& out) { plane_.on_timer(now, out); }
base::Instant PlaneCore::next_timeout() const { return plane_.next_timeout(); }

void PlaneCore::on_message(base::Now now, base::Bytes message, base::DatagramSink& out) {
  auto decoded = decode_to_call(message);
  if (!decoded) return;  // call_process has decoded it before: cannot be
  std::visit(
      [&]<class M>(M& m) {
        if constexpr (std::is_same_v<M, AskFigures>) {
          figures_asked_ = true;
        } else {
          stopping_ |= std::is_same_v<M, call::Stop>;
          plane_.on_service(now, call::FromService{std::move(m)}, out);
        }
      },
      *decoded);
}

void PlaneCore::after_batch(base::Now) {
  output_.clear();
  plane_.take_output(output_);
  if (!output_.empty() || figures_asked_) {
    std::vector<std::vector<std::uint8_t>> frames;
    frames.reserve(output_.size() + 1);
    for (auto& message : output_)
      frames.push_back(std::visit([](auto& m) { return encode(LinkToService{std::move(m)}); }, message));
    if (figures_asked_) {
      const CallFigures now = figures();
      log_refusals(now);
      frames.push_back(encode(LinkToService{now}));
    }
    figures_asked_ = false;
    told_.frames(std::move(frames));
  }
  if (stopping_) {
    stopping_ = false;
    told_.stopped();
  }
}

// One line for all that came since the figures were last asked for, so that a flood is not written down message by message.
void PlaneCore::log_refusals(const CallFigures& figures) {
  const std::uint64_t more = figures.refused_messages - std::exchange(refused_before_, figures.refused_messages);
  if (more > 0) log(LogLevel::info, "messages-refused", {{"thread", thread_}, {"count", more}});
}

CallFigures PlaneCore::figures() const {
  const auto t = plane_.totals();
  const auto& c = counters_;
  return {.thread = thread_,
          .rooms = t.rooms,
          .present = t.present,
          .waiting = t.waiting,
          .participants = t.media.participants,
          .refused_messages = t.refused_messages,
          .forwarded = t.media.forwarded,
          .dropped_malformed = t.media.dropped_malformed,
          .dropped_unknown = t.media.dropped_unknown,
          .dropped_limit = t.media.dropped_limit,
          .datagrams_in = c.datagrams_in,
          .datagrams_out = c.datagrams_out,
          .bytes_in = c.bytes_in,
          .bytes_out = c.bytes_out,
          .kernel_drops = c.kernel_drops,
          .send_drops = c.send_drops,
          .tcp_drops = c.tcp_drops,
          .tcp_open = c.tcp_open,
          .wakes = c.wakes,
          .send_calls = c.send_calls,
          .receive_calls = c.receive_calls,
          .sends = c.sends};
}

}  // namespace app
