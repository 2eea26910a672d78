// SPDX-License-Identifier: Apache-2.0
// The short-term credentials of one ICE session (RFC 8445 section 5.3). The password never shows in a log.
#pragma once
#include <string>

#include "base/entropy.h"
#include "base/redacted.h"

namespace transport {

struct IceCredentials {
  std::string ufrag;                // RFC 8839 section 5.4: 4..256 ice-chars
  base::Redacted<std::string> pwd;  // 22..256 ice-chars
  bool operator==(const IceCredentials&) const = default;
};
// 48 random bits of ufrag, 144 of password.
[[nodiscard]] IceCredentials make_ice_credentials(base::Entropy&);

}  // namespace transport
