// SPDX-License-Identifier: Apache-2.0
// What the plane asks of media: the part of media::Exchange it uses, as a seam. Production binds media::Exchange
// (exchange_media.cpp); tests give a recording one and so run rooms without any media. The meaning of each call is the one
// in media/exchange.h. Runs on the rooms' media thread.
#pragma once
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/datagram.h"
#include "base/entropy.h"
#include "base/instant.h"
#include "media/exchange.h"

namespace call {

class MediaControl {
 public:
  MediaControl() = default;
  MediaControl(const MediaControl&) = delete;
  MediaControl& operator=(const MediaControl&) = delete;
  virtual ~MediaControl() = default;

  [[nodiscard]] virtual bool add(media::ParticipantKey key, base::Now now) = 0;
  virtual void remove(media::ParticipantKey key, base::Now now, base::DatagramSink& out) = 0;
  [[nodiscard]] virtual media::Offer make_offer(media::ParticipantKey key, base::Now now) = 0;
  [[nodiscard]] virtual base::Result<void, media::AnswerError> take_answer(media::ParticipantKey key, std::uint32_t offer,
                                                                           std::string_view sdp, base::Now now) = 0;
  virtual void restart_ice(media::ParticipantKey key, base::Now now) = 0;
  virtual void open_line(media::ParticipantKey key, media::Source source) = 0;
  virtual void set_present(media::ParticipantKey key, bool present, base::Now now) = 0;
  virtual void set_place(media::ParticipantKey key, std::uint64_t place, base::Now now) = 0;
  virtual void set_silenced(media::ParticipantKey key, media::Source source, bool silenced, base::Now now) = 0;
  virtual void set_backstage(media::ParticipantKey key, bool backstage, base::Now now) = 0;
  virtual void set_paused(base::RoomId room, bool paused, base::Now now) = 0;
  virtual void set_view(media::ParticipantKey key, media::View view, base::Now now) = 0;
  virtual void close_room(base::RoomId room, base::Now now, base::DatagramSink& out) = 0;
  virtual void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) = 0;
  virtual void on_path_closed(base::Now now, const base::Path& path) = 0;
  virtual void on_timer(base::Now now, base::DatagramSink& out) = 0;
  [[nodiscard]] virtual base::Instant next_timeout() const = 0;
  virtual void take_events(std::vector<media::Event>& into) = 0;
  [[nodiscard]] virtual std::optional<media::LineFigures> line(media::ParticipantKey key) const = 0;
  [[nodiscard]] virtual media::Exchange::Totals totals() const = 0;
};

// The real one.
[[nodiscard]] std::unique_ptr<MediaControl> make_exchange_media(media::Settings settings, base::Entropy& entropy);

}  // namespace call
