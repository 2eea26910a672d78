// SPDX-License-Identifier: Apache-2.0
// See address_limits.h.
#include "net/address_limits.h"

#include <algorithm>

#include "net/media_loop.h"
#include "net/socket_address.h"

namespace net {

std::string counted_as(const std::string& address) {
  base::Address read;
  return parse_address(address.substr(0, address.find('%')), read) ? address_text(network_of(read)) : address;
}

void AddressLimits::refill(Entry& e, base::Instant now) const {
  const double seconds = static_cast<double>(std::max<std::int64_t>(0, (now - e.at).us)) / 1e6;
  e.tokens = std::min(settings_.burst, e.tokens + seconds * settings_.requests_per_second);
  e.at = std::max(e.at, now);
}

AddressLimits::Entry* AddressLimits::find(const std::string& address, base::Instant now) {
  if (const auto known = entries_.find(address); known != entries_.end()) {
    refill(known->second, now);
    return &known->second;
  }
  if (entries_.size() >= settings_.remembered) {
    for (auto& [name, entry] : entries_) refill(entry, now);
    std::erase_if(entries_, [&](const auto& item) {
      return item.second.connections == 0 && item.second.tokens >= settings_.burst;
    });
    if (entries_.size() >= settings_.remembered) return nullptr;
  }
  return &entries_.emplace(address, Entry{.connections = 0, .tokens = settings_.burst, .at = now}).first->second;
}

bool AddressLimits::connect(const std::string& address, base::Instant now) {
  const std::lock_guard lock(mutex_);
  Entry* e = find(counted_as(address), now);
  if (e == nullptr || total_ >= settings_.total_connections || e->connections >= settings_.connections) return false;
  ++e->connections;
  ++total_;
  return true;
}

void AddressLimits::disconnect(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto known = entries_.find(counted_as(address));
  if (known == entries_.end() || known->second.connections == 0) return;
  --known->second.connections;
  --total_;
}

bool AddressLimits::request(const std::string& address, base::Instant now) {
  const std::lock_guard lock(mutex_);
  Entry* e = find(counted_as(address), now);
  if (e == nullptr || e->tokens < 1) return false;
  e->tokens -= 1;
  return true;
}

std::uint32_t AddressLimits::connections() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

}  // namespace net
