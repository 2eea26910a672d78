// SPDX-License-Identifier: Apache-2.0
// One person's way to the server, as good or as poor as the run says: loses a share of what goes each way. The last datagrams that
// went are kept where somebody on the way listens (attack.h). Not here: delay, rate (tests/bridge). Runs on one thread.
#pragma once
#include <deque>
#include <random>
#include <vector>

#include "base/datagram.h"

namespace load {

class Line final : public base::DatagramSink {
 public:
  Line(base::DatagramSink& below, std::uint64_t seed) : below_(below), random_(seed) {}

  void lose(double share) { share_ = share; }
  [[nodiscard]] bool poor() const { return share_ > 0; }
  [[nodiscard]] bool loses() { return share_ > 0 && std::bernoulli_distribution(share_)(random_); }

  void overhear() { overheard_ = true; }
  [[nodiscard]] const std::deque<std::vector<std::uint8_t>>& heard() const { return heard_; }

  std::uint8_t* reserve(std::uint32_t flow, const base::Path& path, std::size_t max, base::Precedence precedence) override {
    return reserved_ = below_.reserve(flow, path, max, precedence);
  }
  void commit(std::size_t size) override {
    if (overheard_ && size > 0) {
      heard_.emplace_back(reserved_, reserved_ + size);
      if (heard_.size() > kHeard) heard_.pop_front();
    }
    below_.commit(loses() ? 0 : size);
  }

 private:
  static constexpr std::size_t kHeard = 64;
  base::DatagramSink& below_;
  std::mt19937_64 random_;
  double share_ = 0;
  bool overheard_ = false;
  std::uint8_t* reserved_ = nullptr;
  std::deque<std::vector<std::uint8_t>> heard_;
};

}  // namespace load
