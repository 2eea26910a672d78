// SPDX-License-Identifier: Apache-2.0
#include "load/check_answer.h"

#include "crypto/hmac.h"
#include "transport/peer.h"
#include "wire/stun.h"

namespace load {

bool answer_check(const transport::IceCredentials& local, const base::Path& from, base::Bytes datagram, std::uint32_t flow, base::DatagramSink& out) {
  if (transport::stun_local_ufrag(datagram) != local.ufrag) return false;
  const auto request = wire::parse_stun(datagram);
  const auto key = base::as_bytes(local.pwd.get());
  if (!request || !wire::stun_integrity_holds(*request, key, crypto::hmac_sha1)) return false;
  wire::StunMessage answer;
  answer.kind = wire::StunClass::success;
  answer.transaction = request->transaction;
  answer.xor_mapped_address = from.remote;
  std::uint8_t* room = out.reserve(flow, from, wire::kMaxStunSize, base::Precedence::control);
  out.commit(wire::write_stun(answer, key, crypto::hmac_sha1, {room, wire::kMaxStunSize}));
  return true;
}

}  // namespace load
