// SPDX-License-Identifier: Apache-2.0
// Hostile bytes as SRTP and SRTCP. The first byte chooses profile, engine and what to do: open the bytes as they are,
// or seal them as a packet and open that, which must give the same bytes again, once.
#include <cstdlib>
#include <vector>

#include "transport/srtp.h"

namespace {

using transport::SrtpProfile;

void require(bool ok) {
  if (!ok) std::abort();
}

void open_raw(transport::SrtpReceiver& receiver, base::Bytes bytes) {
  std::vector<std::uint8_t> packet(bytes.begin(), bytes.end());
  require(!receiver.unprotect_rtp(packet).has_value());  // nobody can forge a tag, least of all by chance
  packet.assign(bytes.begin(), bytes.end());
  require(!receiver.unprotect_rtcp(packet).has_value());
}

void there_and_back(transport::SrtpSender& sender, transport::SrtpReceiver& receiver, base::Bytes bytes) {
  const std::size_t header = transport::rtp_header_size(bytes);
  std::vector<std::uint8_t> sealed(bytes.size() + transport::kSrtpOverhead);
  if (header > 0) {
    sealed.resize(sender.protect_rtp(bytes.first(header), bytes.subspan(header), sealed.data()));
    auto copy = sealed;
    const auto clear = receiver.unprotect_rtp(sealed);
    require(clear.has_value() == !sealed.empty());
    if (clear) require(std::ranges::equal(*clear, bytes));
    require(!receiver.unprotect_rtp(copy).has_value());
  }
  sealed.resize(bytes.size() + transport::kSrtpOverhead);
  sealed.resize(sender.protect_rtcp(bytes, sealed.data()));
  const auto clear = receiver.unprotect_rtcp(sealed);
  require(clear.has_value() == !sealed.empty());
  if (clear) require(std::ranges::equal(*clear, bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  transport::SrtpMaster master;
  for (std::size_t i = 0; i < master.key.size(); ++i) master.key[i] = static_cast<std::uint8_t>(i * 11);
  const auto profile = (data[0] & 1) != 0 ? SrtpProfile::aead_aes_128_gcm : SrtpProfile::aes128_cm_hmac_sha1_80;
  const auto engine = (data[0] & 2) != 0 ? crypto::GcmEngine::automatic : crypto::GcmEngine::evp;
  transport::SrtpSender sender(profile, master, engine);
  transport::SrtpReceiver receiver(profile, master, engine);
  const base::Bytes bytes(data + 1, size - 1);
  if ((data[0] & 4) != 0)
    there_and_back(sender, receiver, bytes);
  else
    open_raw(receiver, bytes);
  return 0;
}
