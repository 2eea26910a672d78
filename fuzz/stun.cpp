// SPDX-License-Identifier: Apache-2.0
// STUN: whatever is accepted can be written again and reads back the same. The HMAC is a stand-in: cryptography is not
// what is tested here.
#include "wire/stun.h"

#include "check.h"

namespace {

std::array<std::uint8_t, 20> stand_in(base::Bytes key, base::Bytes data) {
  std::array<std::uint8_t, 20> out{};
  base::store_u32(out.data(), wire::crc32(key));
  base::store_u32(out.data() + 4, wire::crc32(data));
  return out;
}

bool same(const wire::StunMessage& a, const wire::StunMessage& b) {
  return a.kind == b.kind && a.method == b.method && a.transaction == b.transaction && a.username == b.username &&
         a.xor_mapped_address == b.xor_mapped_address && a.error == b.error &&
         a.unknown_attributes == b.unknown_attributes && a.software == b.software && a.priority == b.priority &&
         a.use_candidate == b.use_candidate && a.ice_controlling == b.ice_controlling &&
         a.ice_controlled == b.ice_controlled;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::Bytes key = base::as_bytes("a password");
  const auto message = wire::parse_stun({data, size});
  if (!message) return 0;
  require(wire::looks_like_stun({data, size}));
  (void)wire::stun_integrity_holds(*message, key, stand_in);
  std::array<std::uint8_t, wire::kMaxStunSize> out;
  const std::size_t written = wire::write_stun(*message, key, stand_in, out);
  if (written == 0) {  // only where the checks added do not fit
    require(size + 32 > wire::kMaxStunSize);
    return 0;
  }
  const auto again = wire::parse_stun({out.data(), written});
  require(again && same(*message, *again) && again->has_fingerprint);
  require(wire::stun_integrity_holds(*again, key, stand_in));
  out[written - 9] ^= 1;  // the last byte of the integrity value
  require(!wire::parse_stun({out.data(), written}));
  return 0;
}
