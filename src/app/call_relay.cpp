// SPDX-License-Identifier: Apache-2.0
// See call_relay.h.
#include "app/call_relay.h"

#include <signal.h>

#include <algorithm>
#include <utility>

#include "app/log.h"
#include "net/machine.h"

namespace app {
namespace {
constexpr auto kShortPause = base::Duration::millis(20);
constexpr auto kLongPause = base::Duration::seconds(5);
constexpr auto kStartsWithin = base::Duration::seconds(10);  // a process that does not answer by then is given up
constexpr auto kAskEvery = base::Duration::seconds(1);
}  // namespace

CallRelay::CallRelay(net::Runtime& runtime, CallRelaySettings settings, std::uint64_t first_connection)
    : runtime_(runtime), settings_(std::move(settings)), next_connection_(first_connection) {}

void CallRelay::start() {
  runtime_.post([self = shared_from_this()] { self->try_connect(); });
  ask_figures();
}

// Adopts a process that listens on the path, or starts one and comes back.
void CallRelay::try_connect() {
  auto link = net::FrameLink::connect(runtime_, settings_.socket_path);
  std::uint64_t number = 0;
  net::FrameLink* now = link.get();
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || link_) return;
    if (link) {
      link_ = std::move(link);
      number = ++link_number_;
    }
  }
  if (now == nullptr) {
    start_process();
    return again();
  }
  now->start({.on_frame = [self = shared_from_this(), number](base::Bytes f) { self->on_frame(number, f); },
              .on_closed = [self = shared_from_this(), number] { self->on_closed(number); }});
}

void CallRelay::start_process() {
  const base::Instant now = net::read_clock().instant;
  if (child_ > 0 && !net::child_ended(child_) && now - started_ < kStartsWithin) return;  // still starting
  if (child_ > 0) {
    const std::lock_guard lock(mutex_);
    ++figures_.restarts;
    pause_ = std::min(kLongPause, pause_ * 2);
  }
  child_ = net::start_child(settings_.program, settings_.arguments);
  started_ = now;
  log(child_ > 0 ? LogLevel::info : LogLevel::error, child_ > 0 ? Literal("call-started") : Literal("call-not-started"));
}

void CallRelay::again() {
  runtime_.after(pause_, [self = shared_from_this()] { self->try_connect(); });
}

void CallRelay::on_frame(std::uint64_t number, base::Bytes frame) {
  auto message = decode_to_service(frame);
  if (!message) {
    log(LogLevel::error, "frame-not-understood");
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    if (number != link_number_) return;
  }
  on_message(std::move(*message));
}

void CallRelay::on_message(LinkToService message) {
  if (const auto* ready = std::get_if<CallReady>(&message)) {
    if (ready->version != kLinkVersion) {
      // Left over from an older program: it tells its rooms, goes, and a new one is started.
      log(LogLevel::warning, "call-of-another-version", {{"version", ready->version}});
      const std::lock_guard lock(mutex_);
      if (link_) link_->send(encode(LinkToCall{call::Stop{}}));
      return;
    }
    log(LogLevel::info, "call-connected", {{"media_threads", ready->media_ports.size()}});
    pause_ = kShortPause;
    {
      const std::lock_guard lock(mutex_);
      if (link_) {
        call_ = net::Process::hold(link_->peer_process());
        link_->send(encode(LinkToCall{settings_.turn}));
      }
    }
    ready_ = true;
    if (on_ready_) on_ready_(*ready);
    return;
  }
  if (const auto* came = std::get_if<call::Came>(&message); came != nullptr && rooms_.came) rooms_.came(*came);
  if (const auto* went = std::get_if<call::Went>(&message); went != nullptr && rooms_.went) rooms_.went(*went);
  if (const auto* ended = std::get_if<call::RoomEnded>(&message); ended != nullptr && rooms_.ended) rooms_.ended(*ended);
  if (const auto* visit = std::get_if<call::VisitEnded>(&message); visit != nullptr && rooms_.visited) rooms_.visited(*visit);
  const std::lock_guard lock(mutex_);
  if (auto* text = std::get_if<call::ServerText>(&message)) {
    if (const auto known = sockets_.find(text->connection); known != sockets_.end())
      known->second->send(std::move(text->text.get()));  // only posts
  } else if (const auto* close = std::get_if<call::CloseConnection>(&message)) {
    const auto known = sockets_.find(close->connection);
    if (known == sockets_.end()) return;
    if (close->code >= 4400 && close->code != 4404 && close->code != 4409)
      log(LogLevel::info, "signalling-closed", {{"code", close->code}});
    known->second->close(close->code);
    sockets_.erase(known);
    if (link_) link_->send(encode(LinkToCall{call::Detach{close->connection}}));
  } else if (const auto* figures = std::get_if<CallFigures>(&message)) {
    if (figures->thread >= 256) return;
    if (figures_.threads.size() <= figures->thread) figures_.threads.resize(figures->thread + 1);
    figures_.threads[figures->thread] = *figures;
  } else if (std::holds_alternative<call::Came>(message)) {
    ++figures_.came;
  } else if (std::holds_alternative<call::Went>(message)) {
    ++figures_.went;
  }
}

void CallRelay::on_closed(std::uint64_t number) {
  std::unordered_map<base::ConnectionId, std::shared_ptr<http::WebSocket>> sockets;
  std::unique_ptr<net::FrameLink> old;
  std::function<void()> stopped;
  bool stopping = false, was_ready = false;
  {
    const std::lock_guard lock(mutex_);
    if (number != link_number_) return;
    was_ready = ready_.exchange(false);
    old = std::move(link_);
    sockets.swap(sockets_);
    figures_.threads.clear();
    stopping = stopping_;
    if (!stopping) call_.reset();
    stopped = std::exchange(stopped_, nullptr);
  }
  log(stopping ? LogLevel::info : LogLevel::error, was_ready ? Literal("call-gone") : Literal("call-did-not-take-us"),
      {{"connections", sockets.size()}});
  for (const auto& [id, socket] : sockets) socket->close(1012);
  if (stopped) stopped();
  if (stopping) return;
  if (was_ready) return try_connect();
  // It never spoke: another service has it, or one that died is not yet missed.
  pause_ = std::min(kLongPause, pause_ * 2);
  again();
}

std::optional<base::ConnectionId> CallRelay::attach(std::shared_ptr<http::WebSocket> socket, call::Attach attach) {
  {
    const std::lock_guard lock(mutex_);
    if (ready_ && link_ && !stopping_) {
      const base::ConnectionId id{next_connection_++};
      attach.connection = id;
      sockets_.emplace(id, std::move(socket));
      link_->send(encode(LinkToCall{std::move(attach)}));
      return id;
    }
  }
  socket->close(1012);
  return std::nullopt;
}

void CallRelay::text(base::ConnectionId connection, std::string text) {
  const std::lock_guard lock(mutex_);
  if (link_ && sockets_.contains(connection))
    link_->send(encode(LinkToCall{call::ClientText{connection, base::Redacted<std::string>(std::move(text))}}));
}

void CallRelay::detach(base::ConnectionId connection) {
  const std::lock_guard lock(mutex_);
  if (sockets_.erase(connection) > 0 && link_) link_->send(encode(LinkToCall{call::Detach{connection}}));
}

void CallRelay::put_out(base::RoomId room, base::ConnectionId connection) {
  const std::lock_guard lock(mutex_);
  if (link_) link_->send(encode(LinkToCall{call::PutOut{room, connection}}));
}

void CallRelay::ask_figures() {
  runtime_.after(kAskEvery, [self = shared_from_this()] {
    {
      const std::lock_guard lock(self->mutex_);
      if (self->stopping_) return;
      if (self->link_ && self->ready_) self->link_->send(encode(LinkToCall{AskFigures{}}));
    }
    self->ask_figures();
  });
}

CallRelay::Figures CallRelay::figures() const {
  const std::lock_guard lock(mutex_);
  Figures out = figures_;
  out.connections = sockets_.size();
  return out;
}

void CallRelay::stop(base::Duration patience, std::function<void()> done) {
  bool linked = false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    linked = link_ != nullptr;
    if (linked) {
      stopped_ = done;
      link_->send(encode(LinkToCall{call::Stop{}}));
    }
  }
  if (!linked) return done();
  runtime_.after(patience, [self = shared_from_this()] {
    std::function<void()> stopped;
    {
      const std::lock_guard lock(self->mutex_);
      stopped = std::exchange(self->stopped_, nullptr);
      if (self->link_) self->link_->close();  // it hangs
    }
    if (stopped) stopped();
  });
}

void CallRelay::see_off(base::Duration patience) {
  auto started = child_ > 0 && !net::child_ended(child_) ? net::Process::hold(child_) : nullptr;
  // One that never spoke to us was not asked to stop either.
  if (started && !call_) started->signal(SIGTERM);
  for (const auto* process : {call_.get(), started.get()}) {
    if (process == nullptr || process->ends_within(patience)) continue;
    log(LogLevel::error, "call-killed");
    process->signal(SIGKILL);
    (void)process->ends_within(patience);
  }
  if (started) (void)net::child_ended(child_);
}

}  // namespace app
