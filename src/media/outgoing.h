// SPDX-License-Identifier: Apache-2.0
// What forwarding needs of one participant's transport. Exchange gives the real one over transport::Peer; tests a recorder.
#pragma once
#include "base/bytes.h"
#include "base/datagram.h"
#include "base/ids.h"

namespace media {

class Outgoing {
 public:
  Outgoing() = default;
  Outgoing(const Outgoing&) = delete;
  Outgoing& operator=(const Outgoing&) = delete;
  virtual ~Outgoing() = default;
  // As transport::Peer::send_rtp and send_rtcp: encrypts at once, keeps no pointer. False where not connected.
  virtual bool send_rtp(base::Bytes header, base::Bytes payload, base::Precedence precedence,
                        base::DatagramSink& out) = 0;
  // send_rtp of about so many bytes with this SSRC follows: a hint (base/prefetch.h).
  virtual void expect(base::Ssrc, std::size_t) const {}
  // Bytes that send_rtp wrote to its sink before, unchanged. False where that cannot be.
  virtual bool send_again(base::Bytes, base::Precedence, base::DatagramSink&) { return false; }
  virtual bool send_rtcp(base::Bytes compound, base::DatagramSink& out) = 0;
};

}  // namespace media
