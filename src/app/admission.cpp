// SPDX-License-Identifier: Apache-2.0
// See admission.h.
#include "app/admission.h"

#include <fmt/chrono.h>
#include <sodium.h>

#include <ctime>

namespace app {

LinkHash hash_link(const base::Redacted<std::string>& link) {
  LinkHash out{};
  crypto_hash_sha256(out.data(), reinterpret_cast<const unsigned char*>(link.get().data()), link.get().size());
  return out;
}

base::Redacted<std::string> link_text(base::Bytes random32) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(random32.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), random32.data(), random32.size(), kVariant);
  out.pop_back();  // its terminating zero
  return base::Redacted<std::string>(std::move(out));
}

std::uint16_t close_code(Closed c) {
  switch (c) {
    case Closed::unknown: return 4401;
    case Closed::not_now: return 4403;
    case Closed::ended: break;
  }
  return 4404;
}

call::Permissions permissions_of(call::Role role) {
  const bool leads = role == call::Role::facilitator || role == call::Role::co_facilitator;
  return {.admit = leads, .moderate = leads, .enter = leads, .publish_screen = leads};
}

bool over_for(const Booking& b) { return b.ended && !permissions_of(b.role).admit; }

base::Result<call::Admission, Closed> admit(const Booking& b, base::WallTime now) {
  if (b.withdrawn) return std::unexpected(Closed::unknown);
  const bool open = now.us >= b.session.starts.us - kOpensBefore.us && now.us <= b.session.ends.us + kClosesAfter.us;
  if (!open && !b.demonstration) return std::unexpected(Closed::not_now);
  if (over_for(b)) return std::unexpected(Closed::ended);
  call::Permissions may = permissions_of(b.role);
  may.publish_screen = may.publish_screen || b.may_share;
  return call::Admission{.seat = b.seat, .role = b.role, .permissions = may, .encrypted = b.encrypted};
}

std::string_view role_text(call::Role role) {
  switch (role) {
    case call::Role::facilitator: return "facilitator";
    case call::Role::co_facilitator: return "co_facilitator";
    case call::Role::supporter: return "supporter";
    case call::Role::member: break;
  }
  return "member";
}

call::Role parse_role(std::string_view text) {
  for (const auto r : {call::Role::facilitator, call::Role::co_facilitator, call::Role::supporter})
    if (text == role_text(r)) return r;
  return call::Role::member;
}


}  // namespace app
