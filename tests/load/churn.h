// SPDX-License-Identifier: Apache-2.0
// How people come and go while a soak runs (--churn): when each of them leaves and comes again, loads the page anew, vanishes
// without a word and returns, looks at others in another size, or has a poor line. In cycles: at the end of each is a calm, when all are back,
// see everyone large and have good lines, so that what the server holds can be compared at equal load. Who leads never leaves for good:
// a room whose last facilitator has gone pauses. Not here: sockets and what a person is (crowd.h). Sans-IO; the same seed gives the same course.
#pragma once
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/instant.h"

namespace load {

struct ChurnSettings {
  std::uint64_t seed = 1;
  base::Duration cycle = base::Duration::seconds(60), calm = base::Duration::seconds(15);
  base::Duration between = base::Duration::seconds(60);  // one person's doings, on average
};

enum class Going : std::uint8_t {
  leaves,    // says so; comes again by the link and is let in
  reloads,   // the connection ends; back in a moment with the token
  vanishes,  // nothing ends and nothing more comes; back within a minute with the token
};

struct ChurnCounts {
  std::uint64_t leaves = 0, reloads = 0, vanishes = 0, views = 0, poor_lines = 0;
  std::uint64_t back = 0, back_by_token = 0;  // who came again and is in the room
  std::uint64_t not_back = 0;                 // who was not in the room within kBackWithin; each is tried again
  std::string why;                            // of the last of those
};

class Churn {
 public:
  static constexpr auto kBackWithin = base::Duration::seconds(30);
  // What the crowd does for it, by a person's number.
  struct Crowd {
    std::function<void(std::size_t, Going)> go;
    std::function<void(std::size_t, bool with_token)> come;
    std::function<void(std::size_t, unsigned tiles, unsigned width, unsigned height)> look;
    std::function<void(std::size_t, double lost)> line;  // the share of datagrams lost, each way
    std::function<bool(std::size_t)> ready, resumed, leads;
    std::function<std::string(std::size_t)> trouble;  // what keeps them
  };

  Churn(ChurnSettings settings, Crowd crowd, std::size_t people, base::Instant now);
  void tick(base::Instant now);

  [[nodiscard]] const ChurnCounts& counts() const { return counts_; }
  // In the calm, all back, and for two seconds so.
  [[nodiscard]] bool settled(base::Instant now) const { return !settled_since_.is_never() && now - settled_since_ >= kSettled; }
  [[nodiscard]] bool away(std::size_t person) const { return lives_[person].away; }

 private:
  static constexpr auto kSettled = base::Duration::seconds(2);
  struct Life {
    base::Instant next;                                 // of its doings
    base::Instant back = base::Instant::never();        // comes again then
    base::Instant good = base::Instant::never();        // the line is good again then
    base::Instant coming = base::Instant::never();      // since when it is on its way in
    bool away = false, token = false;
  };
  void act(std::size_t person, base::Instant now);
  void come(std::size_t person, base::Instant now);
  void see_whether_back(std::size_t person, base::Instant now);
  [[nodiscard]] base::Duration some(double from_seconds, double to_seconds);
  [[nodiscard]] double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  ChurnSettings settings_;
  Crowd crowd_;
  std::mt19937_64 random_;
  std::vector<Life> lives_;
  ChurnCounts counts_;
  base::Instant began_, settled_since_ = base::Instant::never();
  bool calm_ = false;
};

}  // namespace load
