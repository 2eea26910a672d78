// SPDX-License-Identifier: Apache-2.0
// A simulated network for tests: datagrams between addresses, with latency, jitter, loss (single, in bursts, in gaps),
// duplication, reordering, a bottleneck queue and others' traffic through it, in virtual time and from a seed, so that a run is
// the same each time; what a link is like may change by plan. Hosts are cores that do no
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

// Losses that come together (Gilbert-Elliott): a link is good or bad, and changes from datagram to datagram.
struct Bursts {
  double begin = 0;  // from good to bad, 0 to 1
  double end = 1;    // from bad to good
  double loss = 1;   // while bad
};
// Nothing passes for `length` out of each `every`, a lift, a tunnel; zero: always.
struct Gaps {
  base::Duration length{}, every{};
};

// One direction between two addresses.
struct Link {
  base::Duration latency = base::Duration::millis(20);
  base::Duration jitter{};  // up to this much more, order kept
  double loss = 0;          // of each datagram, 0 to 1
  double duplicate = 0;     // comes twice
  double reorder = 0;       // is overtaken: `late` more, order not kept
  base::Duration late = base::Duration::millis(30);
  std::uint64_t bits_per_second = 0;                   // bottleneck; 0: none
  base::Duration queue = base::Duration::millis(200);  // what would wait longer at the bottleneck is dropped
  Bursts bursts{};
  Gaps gaps{};
  std::uint64_t cross_bits_per_second = 0;  // others' packets of 1,000 bytes in the same queue, at random moments
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
  void set(const base::Address& from, const base::Address& to, const Link& link) { links_[{from, to}].link = link; }
  // What the link is from this moment on; moments in order. What waits at the bottleneck waits on.
  void plan(const base::Address& from, const base::Address& to, base::Instant at, const Link& link) {
    links_[{from, to}].plan.push_back({at, link});
  }
  // How long a datagram would wait at the bottleneck now.
  [[nodiscard]] base::Duration queueing(const base::Address& from, const base::Address& to) {
    return std::max(base::Duration{}, pipe_of(from, to).free - now_);
  }
  [[nodiscard]] const Link& link(const base::Address& from, const base::Address& to) { return pipe_of(from, to).link; }
  void set_both(const base::Address& a, const base::Address& b, const Link& link) {
    set(a, b, link);
    set(b, a, link);
  }

  [[nodiscard]] base::Now now() const { return {now_, base::WallTime{kWallStart + now_.us}}; }
  void send(const base::Address& from, const base::Address& to, base::Bytes datagram) {
    ++sent_;
    if (tap_) tap_(now(), from, to, datagram);
    Pipe& pipe = pipe_of(from, to);
    if (in_gap(pipe) || chance(pipe.link.loss) || lost_in_burst(pipe)) return drop();
    const std::size_t copies = chance(pipe.link.duplicate) ? 2 : 1;
    for (std::size_t i = 0; i < copies; ++i) carry(pipe, from, to, datagram);
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
    Link link;
    base::Instant free{};          // when the bottleneck is idle again
    base::Instant last_arrival{};  // order is kept up to here
    bool bad = false;              // of Bursts
    base::Instant cross{};         // others' next packet
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

  void drop() { ++dropped_; }
  bool chance(double p) { return p > 0 && std::uniform_real_distribution<>(0, 1)(random_) < p; }
  Pipe& pipe_of(const base::Address& from, const base::Address& to) {
    auto it = links_.find({from, to});
    if (it == links_.end()) it = links_.emplace(std::pair(from, to), Pipe{.link = default_}).first;
    auto& pipe = it->second;
    for (; pipe.planned < pipe.plan.size() && pipe.plan[pipe.planned].at <= now_; ++pipe.planned)
      pipe.link = pipe.plan[pipe.planned].link;
    return pipe;
  }
  bool in_gap(const Pipe& pipe) const {
    const auto& gaps = pipe.link.gaps;
    return gaps.every.us > 0 && now_.us % gaps.every.us < gaps.length.us;
  }
  bool lost_in_burst(Pipe& pipe) {
    const auto& b = pipe.link.bursts;
    if (b.begin <= 0) return false;
    pipe.bad = pipe.bad ? !chance(b.end) : chance(b.begin);
    return pipe.bad && chance(b.loss);
  }
  // What others have put into the queue since somebody last looked.
  void let_others_in(Pipe& pipe) {
    const auto& link = pipe.link;
    if (link.cross_bits_per_second == 0) {
      pipe.cross = now_;
      return;
    }
    constexpr double kBits = 8'000;
    const base::Duration takes{static_cast<std::int64_t>(kBits * 1e6 / static_cast<double>(link.bits_per_second))};
    while (pipe.cross <= now_) {
      if (std::max(pipe.free, pipe.cross) - pipe.cross <= link.queue) pipe.free = std::max(pipe.free, pipe.cross) + takes;
      const auto mean = kBits * 1e6 / static_cast<double>(link.cross_bits_per_second);
      pipe.cross = pipe.cross + base::Duration{static_cast<std::int64_t>(std::exponential_distribution<>(1 / mean)(random_)) + 1};
    }
  }
  void carry(Pipe& pipe, const base::Address& from, const base::Address& to, base::Bytes datagram) {
    const Link& link = pipe.link;
    base::Instant leaves = now_;
    if (link.bits_per_second > 0) {
      let_others_in(pipe);
      const std::size_t on_the_wire = datagram.size() + (to.is_v4() ? 28 : 48);
      const base::Duration takes{static_cast<std::int64_t>(on_the_wire * 8 * 1'000'000 / link.bits_per_second)};
      leaves = std::max(now_, pipe.free) + takes;
      if (leaves - now_ > link.queue + takes) return drop();
      pipe.free = leaves;
    }
    base::Instant at = leaves + link.latency;
    if (link.jitter.us > 0)
      at = at + base::Duration{std::uniform_int_distribution<std::int64_t>(0, link.jitter.us)(random_)};
    if (chance(link.reorder)) {
      at = at + link.late;
    } else {
      at = pipe.last_arrival = std::max(at, pipe.last_arrival);
    }
    arrivals_.push({at, order_++, from, to, {datagram.begin(), datagram.end()}});
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
        drop();
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
