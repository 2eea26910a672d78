// SPDX-License-Identifier: Apache-2.0
// A simulated network for tests: datagrams between addresses, each way a line (line.h), in virtual time and from a seed, so that a
// run is the same each time; what a link is like may change by plan. Hosts are cores that do no
// I/O. Not here: sockets, sleeps, any clock. Invariant: time never goes back; events at one instant happen in the order
// they were made. One thread. (OpenSSL draws its own entropy, so handshake bytes differ between runs; their number
// hardly does.)
#pragma once
#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <vector>

#include "base/datagram.h"
#include "base/entropy.h"
#include "base/instant.h"
#include "sim/line.h"

namespace sim {

class SeededEntropy final : public base::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : random_(seed) {}
  void fill(base::MutableBytes out) override {
    for (auto& b : out) b = static_cast<std::uint8_t>(random_());
  }

 private:
  std::mt19937_64 random_;
};

// Whoever lives at one or more addresses.
class Host {
 public:
  Host() = default;
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  virtual ~Host() = default;
  virtual void on_datagram(base::Now now, const base::Address& to, const base::Address& from,
                           base::MutableBytes datagram) = 0;
  virtual void on_timer(base::Now now) = 0;
  [[nodiscard]] virtual base::Instant next_timeout() const = 0;
};

class Network {
 public:
  explicit Network(std::uint64_t seed) : random_(seed) {}

  // The host must outlive the network or be detached. One host may have several addresses; a later attach moves an
  // address.
  void attach(const base::Address& address, Host& host) { hosts_[address] = &host; }
  void detach(const base::Address& address) { hosts_.erase(address); }
  void set_default(const Link& link) { default_ = link; }
  void set(const base::Address& from, const base::Address& to, const Link& link) { line_between(from, to).line.set(link); }
  // What the link is from this moment on; moments in order. What waits at the bottleneck waits on.
  void plan(const base::Address& from, const base::Address& to, base::Instant at, const Link& link) {
    line_between(from, to).plan.push_back({at, link});
  }
  // How long a datagram would wait at the bottleneck now.
  [[nodiscard]] base::Duration queueing(const base::Address& from, const base::Address& to) {
    return pipe_of(from, to).line.queueing(now_);
  }
  [[nodiscard]] const Link& link(const base::Address& from, const base::Address& to) { return pipe_of(from, to).line.link(); }
  void set_both(const base::Address& a, const base::Address& b, const Link& link) {
    set(a, b, link);
    set(b, a, link);
  }

  [[nodiscard]] base::Now now() const { return {now_, base::WallTime{kWallStart + now_.us}}; }
  void send(const base::Address& from, const base::Address& to, base::Bytes datagram) {
    ++sent_;
    if (tap_) tap_(now(), from, to, datagram);
    const Passage passage = pipe_of(from, to).line.send(now_, datagram.size() + (to.is_v4() ? 28 : 48), random_);
    dropped_ += passage.lost + passage.queued;
    for (std::size_t i = 0; i < passage.copies; ++i)
      arrivals_.push({passage.at[i], order_++, from, to, {datagram.begin(), datagram.end()}});
  }

  // Runs until this moment, everything due at it included.
  void run_until(base::Instant end) {
    while (step(end)) {
    }
    now_ = std::max(now_, end);
  }
  void run_for(base::Duration d) { run_until(now_ + d); }
  // Until `done` holds, looked at after each event; false where `end` came first.
  bool run_until(base::Instant end, const std::function<bool()>& done) {
    while (!done()) {
      if (!step(end)) {
        now_ = std::max(now_, end);
        return done();
      }
    }
    return true;
  }

  // Sees every datagram as it is sent, before loss.
  using Tap = std::function<void(base::Now, const base::Address& from, const base::Address& to, base::Bytes)>;
  void set_tap(Tap tap) { tap_ = std::move(tap); }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] std::uint64_t wake_ups() const { return wake_ups_; }

 private:
  static constexpr std::int64_t kWallStart = 1'800'000'000'000'000;
  struct Pipe {
    Line line;
    struct Change {
      base::Instant at;
      Link link;
    };
    std::vector<Change> plan{};
    std::size_t planned = 0;  // how many of them have happened
  };
  struct Arrival {
    base::Instant at;
    std::uint64_t order = 0;
    base::Address from, to;
    std::vector<std::uint8_t> bytes;
    bool operator<(const Arrival& o) const { return at != o.at ? at > o.at : order > o.order; }  // earliest on top
  };

  Pipe& line_between(const base::Address& from, const base::Address& to) {
    auto it = links_.find({from, to});
    if (it == links_.end()) it = links_.emplace(std::pair(from, to), Pipe{.line = Line(default_)}).first;
    return it->second;
  }
  Pipe& pipe_of(const base::Address& from, const base::Address& to) {
    auto& pipe = line_between(from, to);
    for (; pipe.planned < pipe.plan.size() && pipe.plan[pipe.planned].at <= now_; ++pipe.planned)
      pipe.line.set(pipe.plan[pipe.planned].link);
    return pipe;
  }

  // One event not after `end`; false where there is none.
  bool step(base::Instant end) {
    Host* due = nullptr;
    base::Instant timer = base::Instant::never();
    for (const auto& [address, host] : hosts_) {
      const auto t = host->next_timeout();
      if (t < timer) {
        timer = t;
        due = host;
      }
    }
    const base::Instant arrival = arrivals_.empty() ? base::Instant::never() : arrivals_.top().at;
    if (std::min(timer, arrival) > end) return false;
    if (arrival <= timer) {
      now_ = std::max(now_, arrival);
      Arrival a = arrivals_.top();
      arrivals_.pop();
      const auto it = hosts_.find(a.to);
      if (it == hosts_.end())
        ++dropped_;
      else
        it->second->on_datagram(now(), a.to, a.from, a.bytes);
    } else {
      now_ = std::max(now_, timer);
      ++wake_ups_;
      due->on_timer(now());
    }
    return true;
  }

  std::mt19937_64 random_;
  base::Instant now_{1'000'000};
  std::map<base::Address, Host*> hosts_;
  std::map<std::pair<base::Address, base::Address>, Pipe> links_;
  Link default_;
  std::priority_queue<Arrival> arrivals_;
  std::uint64_t order_ = 0, sent_ = 0, dropped_ = 0, wake_ups_ = 0;
  Tap tap_;
};

// A DatagramSink that puts what is sent onto the network. `locals` maps Path::local to the address it is sent from.
class NetworkSink final : public base::DatagramSink {
 public:
  NetworkSink(Network& network, std::vector<base::Address> locals) : network_(network), locals_(std::move(locals)) {}
  std::uint8_t* reserve(std::uint32_t, const base::Path& path, std::size_t max, base::Precedence) override {
    path_ = path;
    room_.resize(std::max(room_.size(), max));
    return room_.data();
  }
  void commit(std::size_t size) override {
    if (size > 0 && path_.local < locals_.size())
      network_.send(locals_[path_.local], path_.remote, base::Bytes(room_).first(size));
  }
  [[nodiscard]] std::uint32_t local_of(const base::Address& address) const {
    return static_cast<std::uint32_t>(std::ranges::find(locals_, address) - locals_.begin());
  }
  void move(std::uint32_t local, const base::Address& address) { locals_.at(local) = address; }

 private:
  Network& network_;
  std::vector<base::Address> locals_;
  base::Path path_;
  std::vector<std::uint8_t> room_;
};

}  // namespace sim
