// SPDX-License-Identifier: Apache-2.0
// The service's end of the call link: starts or adopts the call process, starts it again when it dies, and carries texts
// between WebSockets and rooms by connection id, unread. Not here: who may enter (admission), frames' bytes (call_link).
// Invariant: when the call process is gone every WebSocket is closed with 1012, so that its browser comes back.
// Any thread; a lock inside, never held while calling out.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/call_link.h"
#include "http/web_socket.h"
#include "net/child.h"
#include "net/frame_link.h"
#include "net/runtime.h"

namespace app {

struct CallRelaySettings {
  std::string socket_path;
  std::string program;                 // quietroom itself
  std::vector<std::string> arguments;  // call --socket …
  call::UseRelay turn{};               // told to each call process, also that there is none
};

class CallRelay : public std::enable_shared_from_this<CallRelay> {
 public:
  CallRelay(net::Runtime& runtime, CallRelaySettings settings, std::uint64_t first_connection);
  void start();
  // Tells the rooms; `done` once the call process has said its last and gone (or after `patience`).
  void stop(base::Duration patience, std::function<void()> done);
  // Once the runtime stands still: blocks until the call process that we started or were linked with has ended, so that its
  // last lines stand in the log and nothing is left behind; after `patience` it is killed.
  void see_off(base::Duration patience);

  [[nodiscard]] bool ready() const { return ready_; }
  // Called each time the call process is reached.
  void when_ready(std::function<void(const CallReady&)> told) { on_ready_ = std::move(told); }

  // Somebody came into a room or went from it, a browser's visit is over; a room was ended for everyone. In order, before anything the
  // room says after it.
  struct Rooms {
    std::function<void(const call::Came&)> came;
    std::function<void(const call::Went&)> went;
    std::function<void(const call::RoomEnded&)> ended;
    std::function<void(const call::VisitEnded&)> visited;
  };
  void tell_of_rooms(Rooms rooms) { rooms_ = std::move(rooms); }

  // A WebSocket whose link has been checked. No id (and the socket closed with 1012) while the call process is away.
  [[nodiscard]] std::optional<base::ConnectionId> attach(std::shared_ptr<http::WebSocket> socket, call::Attach attach);
  void text(base::ConnectionId connection, std::string text);
  void detach(base::ConnectionId connection);
  // Its pass opens the seat no more.
  void put_out(base::RoomId room, base::ConnectionId connection);

  struct Figures {
    std::vector<CallFigures> threads;
    std::uint64_t restarts = 0, connections = 0, came = 0, went = 0;
  };
  [[nodiscard]] Figures figures() const;

 private:
  void try_connect();
  void start_process();
  void again();
  void on_frame(std::uint64_t number, base::Bytes frame);
  void on_closed(std::uint64_t number);
  void on_message(LinkToService message);
  void ask_figures();

  net::Runtime& runtime_;
  CallRelaySettings settings_;
  std::function<void(const CallReady&)> on_ready_;
  Rooms rooms_;
  std::atomic<bool> ready_{false};
  mutable std::mutex mutex_;
  std::unique_ptr<net::FrameLink> link_;
  std::uint64_t link_number_ = 0;
  std::uint64_t next_connection_;
  std::unordered_map<base::ConnectionId, std::shared_ptr<http::WebSocket>> sockets_;
  Figures figures_;
  int child_ = -1;
  std::unique_ptr<net::Process> call_;  // at the other end of the link, once it has taken us
  base::Duration pause_ = base::Duration::millis(20);
  base::Instant started_;
  bool stopping_ = false;
  std::function<void()> stopped_;
};

}  // namespace app
