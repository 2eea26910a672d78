// SPDX-License-Identifier: Apache-2.0
// See pace.h.
#include "call/pace.h"

namespace call {

bool Pace::allow(bool leads, base::Instant now) {
  const bool second = leads ? leads_in_a_second_.allow(now) : in_a_second_.allow(now);
  const bool ten_seconds = leads ? leads_in_ten_seconds_.allow(now) : in_ten_seconds_.allow(now);
  return second && ten_seconds;
}

bool Pace::allow(const ClientMessage& message, base::Instant now) {
  if (std::holds_alternative<View>(message)) return views_.allow(now);
  if (std::holds_alternative<KeyPackage>(message)) return key_packages_.allow(now);
  if (std::holds_alternative<Commit>(message)) return commits_.allow(now);
  if (std::holds_alternative<CommitsSince>(message)) return catching_up_.allow(now);
  return true;
}

std::size_t relayed_bytes(const ClientMessage& message) {
  if (const auto* m = std::get_if<Send>(&message)) return m->payload.base64url.get().size();
  if (const auto* m = std::get_if<KeyPackage>(&message)) return m->key_package.base64url.get().size();
  return 0;  // commits are by who leads alone, and have a limit of their own
}

}  // namespace call
