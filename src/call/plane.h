// SPDX-License-Identifier: Apache-2.0
// All rooms on one media thread: takes what the service says (service_link.h) and what the network brings, applies the
// rules of room.h, carries out their effects on media::Exchange, and says back what each connection shall be told.
// Sans-IO. Not here: sockets, links and bookings (app/admission), names. Runs on the rooms' media thread.
#pragma once
#include <memory>
#include <vector>

#include "base/datagram.h"
#include "base/entropy.h"
#include "base/instant.h"
#include "call/service_link.h"
#include "media/exchange.h"

namespace call {

class MediaControl;  // what the plane asks of media (media_control.h); a test gives its own

struct PlaneSettings {
  media::Settings media;
  std::uint32_t max_people = 49;       // present in one room
  std::uint32_t max_waiting = 60;      // arrivals not present in one room
  std::uint32_t max_rooms = 2'000;
  base::Duration resume_for = base::Duration::seconds(60);
};

class Plane {
 public:
  Plane(PlaneSettings settings, base::Entropy& entropy);
  Plane(PlaneSettings settings, base::Entropy& entropy, std::unique_ptr<MediaControl> media);
  ~Plane();
  Plane(const Plane&) = delete;
  Plane& operator=(const Plane&) = delete;

  void on_service(base::Now now, const FromService& message, base::DatagramSink& out);
  void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out);
  void on_path_closed(base::Now now, const base::Path& path, base::DatagramSink& out);
  void on_timer(base::Now now, base::DatagramSink& out);
  [[nodiscard]] base::Instant next_timeout() const;
  // Everything to tell the service since the last call, in order. The vector is given to be reused.
  void take_output(std::vector<ToService>& into);

  struct Totals {
    std::uint32_t rooms = 0, present = 0, waiting = 0;
    std::uint64_t refused_messages = 0;
    std::uint64_t groups = 0, held_for_mls = 0;  // MLS groups; bytes of their messages that are kept
    media::Exchange::Totals media;
  };
  [[nodiscard]] Totals totals() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace call
