// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA1 as STUN (RFC 8489 section 14.5) and SRTP (RFC 3711 section 4.2.1) need it, and comparison in constant time.
// Not here: which bytes are covered. One HmacSha1 belongs to one thread.
#pragma once
#include <array>
#include <memory>

#include "base/bytes.h"

namespace crypto {

using Sha1Tag = std::array<std::uint8_t, 20>;

// One message under a short-lived key (STUN). Allocates nothing.
[[nodiscard]] Sha1Tag hmac_sha1(base::Bytes key, base::Bytes message);

// True where both are equal in length and content; time depends on the length only.
[[nodiscard]] bool equal_in_constant_time(base::Bytes a, base::Bytes b);

// Many messages under one key (SRTP): the key's own blocks are hashed once. Nothing is allocated per message.
class HmacSha1 {
 public:
  explicit HmacSha1(base::Bytes key);
  ~HmacSha1();
  HmacSha1(const HmacSha1&) = delete;
  HmacSha1& operator=(const HmacSha1&) = delete;
  // Over first followed by second.
  [[nodiscard]] Sha1Tag over(base::Bytes first, base::Bytes second);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace crypto
