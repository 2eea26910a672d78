// SPDX-License-Identifier: Apache-2.0
// How much one address may ask of the server: connections at once, and requests by a token bucket. Of IPv6 a whole /64 is one
// address: whoever has one of them has them all. Not here: sockets.
// Invariant: bounded memory; an address is forgotten once it holds nothing and its bucket is full again. Locks inside.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/instant.h"

namespace net {

struct AddressLimitSettings {
  std::uint32_t connections = 200;      // at once, one address (a hospital may sit behind one)
  std::uint32_t total_connections = 4'000;
  double requests_per_second = 100;
  double burst = 400;
  std::size_t remembered = 20'000;
};

// "192.0.2.1" stays; "2001:db8::7" is "2001:db8::", the first of its /64. What is no address stays as it is.
[[nodiscard]] std::string counted_as(const std::string& address);

class AddressLimits {
 public:
  explicit AddressLimits(AddressLimitSettings settings) : settings_(settings) {}
  [[nodiscard]] bool connect(const std::string& address, base::Instant now);
  void disconnect(const std::string& address);
  [[nodiscard]] bool request(const std::string& address, base::Instant now);
  [[nodiscard]] std::uint32_t connections() const;

 private:
  struct Entry {
    std::uint32_t connections = 0;
    double tokens = 0;
    base::Instant at;
  };
  Entry* find(const std::string& address, base::Instant now);
  void refill(Entry&, base::Instant now) const;
  AddressLimitSettings settings_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Entry> entries_;
  std::uint32_t total_ = 0;
};

}  // namespace net
