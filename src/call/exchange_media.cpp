// SPDX-License-Identifier: Apache-2.0
// MediaControl over the real media::Exchange, and the plane that uses it. In a file of its own so that tests of rooms link
// no media. Runs on the rooms' media thread.
#include "call/media_control.h"
#include "call/plane.h"

namespace call {
namespace {

class ExchangeMedia final : public MediaControl {
 public:
  ExchangeMedia(media::Settings settings, base::Entropy& entropy) : exchange_(std::move(settings), entropy) {}

  bool add(media::ParticipantKey key, base::Now now) override { return exchange_.add(key, now); }
  void remove(media::ParticipantKey key, base::Now now, base::DatagramSink& out) override {
    exchange_.remove(key, now, out);
  }
  media::Offer make_offer(media::ParticipantKey key, base::Now now) override { return exchange_.make_offer(key, now); }
  base::Result<void, media::AnswerError> take_answer(media::ParticipantKey key, std::uint32_t offer, std::string_view sdp,
                                                     base::Now now) override {
    return exchange_.take_answer(key, offer, sdp, now);
  }
  void restart_ice(media::ParticipantKey key, base::Now now) override { exchange_.restart_ice(key, now); }
  void open_line(media::ParticipantKey key, media::Source source) override { exchange_.open_line(key, source); }
  void set_present(media::ParticipantKey key, bool present, base::Now now) override {
    exchange_.set_present(key, present, now);
  }
  void set_place(media::ParticipantKey key, std::uint64_t place, base::Now now) override {
    exchange_.set_place(key, place, now);
  }
  void set_silenced(media::ParticipantKey key, media::Source source, bool silenced, base::Now now) override {
    exchange_.set_silenced(key, source, silenced, now);
  }
  void set_backstage(media::ParticipantKey key, bool backstage, base::Now now) override {
    exchange_.set_backstage(key, backstage, now);
  }
  void set_paused(base::RoomId room, bool paused, base::Now now) override { exchange_.set_paused(room, paused, now); }
  void set_view(media::ParticipantKey key, media::View view, base::Now now) override {
    exchange_.set_view(key, std::move(view), now);
  }
  void close_room(base::RoomId room, base::Now now, base::DatagramSink& out) override {
    exchange_.close_room(room, now, out);
  }
  void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) override {
    exchange_.on_datagram(now, path, datagram, out);
  }
  void on_path_closed(base::Now now, const base::Path& path) override { exchange_.on_path_closed(now, path); }
  void on_timer(base::Now now, base::DatagramSink& out) override { exchange_.on_timer(now, out); }
  base::Instant next_timeout() const override { return exchange_.next_timeout(); }
  void take_events(std::vector<media::Event>& into) override { exchange_.take_events(into); }
  std::optional<media::LineFigures> line(media::ParticipantKey key) const override { return exchange_.line(key); }
  media::Exchange::Totals totals() const override { return exchange_.totals(); }

 private:
  media::Exchange exchange_;
};

}  // namespace

std::unique_ptr<MediaControl> make_exchange_media(media::Settings settings, base::Entropy& entropy) {
  return std::make_unique<ExchangeMedia>(std::move(settings), entropy);
}

Plane::Plane(PlaneSettings settings, base::Entropy& entropy)
    : Plane(settings, entropy, make_exchange_media(settings.media, entropy)) {}

}  // namespace call
