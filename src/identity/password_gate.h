// SPDX-License-Identifier: Apache-2.0
// How many passwords are hashed at once: each takes 64 MiB and some hundred milliseconds, and a worker thread of the service. Two
// run, four wait, more are told to come again, so that guessing cannot take the machine from those who are signed in.
// Not here: hashing. Any thread.
#pragma once
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace identity {

class PasswordGate {
 public:
  PasswordGate() : PasswordGate(2, 4) {}
  PasswordGate(unsigned running, unsigned waiting) : free_(running), room_(waiting) {}
  PasswordGate(const PasswordGate&) = delete;
  PasswordGate& operator=(const PasswordGate&) = delete;

  class Ticket {
   public:
    explicit Ticket(PasswordGate* gate) : gate_(gate) {}
    Ticket(Ticket&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Ticket& operator=(Ticket&&) = delete;
    ~Ticket() {
      if (gate_ != nullptr) gate_->leave();
    }

   private:
    PasswordGate* gate_;
  };
  // Waits for a place; nothing where too many wait already.
  [[nodiscard]] std::optional<Ticket> enter() {
    std::unique_lock lock(mutex_);
    if (free_ == 0) {
      if (room_ == 0) return std::nullopt;
      --room_;
      freed_.wait(lock, [this] { return free_ > 0; });
      ++room_;
    }
    --free_;
    return Ticket(this);
  }

 private:
  void leave() {
    const std::lock_guard lock(mutex_);
    ++free_;
    freed_.notify_one();
  }
  std::mutex mutex_;
  std::condition_variable freed_;
  unsigned free_, room_;
};

}  // namespace identity
