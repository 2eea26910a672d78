// SPDX-License-Identifier: Apache-2.0
// What one packet of 1,100 bytes costs to seal and to open: AES-GCM by ipsec-mb and by EVP, counter mode with SHA-1.
// The sealing is the forwarder's way: header and payload apart, out of place, 40 sources in turn.
#include <benchmark/benchmark.h>

#include <vector>

#include "transport/srtp.h"

namespace {

using transport::SrtpProfile;

constexpr std::size_t kPayload = 1'080;
constexpr std::uint32_t kSources = 40;

struct Line {
  Line(SrtpProfile profile, crypto::GcmEngine engine)
      : sender(profile, master, engine), receiver(profile, master, engine) {}
  std::size_t seal(std::uint32_t i, std::uint8_t* out) {
    base::store_u16(header.data() + 2, static_cast<std::uint16_t>(i / kSources));
    base::store_u32(header.data() + 8, i % kSources);
    return sender.protect_rtp(header, payload, out);
  }
  transport::SrtpMaster master;
  transport::SrtpSender sender;
  transport::SrtpReceiver receiver;
  std::array<std::uint8_t, 20> header{0x90, 96, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 1, 0x32, 1, 2, 3};
  std::vector<std::uint8_t> payload = std::vector<std::uint8_t>(kPayload, 7);
};

void seal(benchmark::State& state, SrtpProfile profile, crypto::GcmEngine engine) {
  Line line(profile, engine);
  std::vector<std::uint8_t> out(2'048);
  std::uint32_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(line.seal(i++, out.data()));
  state.SetLabel(profile == SrtpProfile::aead_aes_128_gcm ? std::string(crypto::gcm_engine_name(engine)) : "evp");
}

void open(benchmark::State& state, SrtpProfile profile, crypto::GcmEngine engine) {
  Line line(profile, engine);
  constexpr std::uint32_t kBatch = 4'000;
  std::vector<std::vector<std::uint8_t>> sealed(kBatch);
  std::uint32_t next = 0;
  std::uint32_t at = kBatch;
  for (auto _ : state) {
    if (at == kBatch) {
      state.PauseTiming();
      for (auto& packet : sealed) {
        packet.resize(2'048);
        packet.resize(line.seal(next++, packet.data()));
      }
      at = 0;
      state.ResumeTiming();
    }
    const auto clear = line.receiver.unprotect_rtp(sealed[at++]);
    if (!clear) state.SkipWithError("a packet was refused");
  }
}

constexpr auto kGcm = SrtpProfile::aead_aes_128_gcm;
constexpr auto kCm = SrtpProfile::aes128_cm_hmac_sha1_80;
BENCHMARK_CAPTURE(seal, gcm_ipsec_mb, kGcm, crypto::GcmEngine::automatic);
BENCHMARK_CAPTURE(seal, gcm_evp, kGcm, crypto::GcmEngine::evp);
BENCHMARK_CAPTURE(seal, counter_mode_sha1, kCm, crypto::GcmEngine::automatic);
BENCHMARK_CAPTURE(open, gcm_ipsec_mb, kGcm, crypto::GcmEngine::automatic);
BENCHMARK_CAPTURE(open, gcm_evp, kGcm, crypto::GcmEngine::evp);
BENCHMARK_CAPTURE(open, counter_mode_sha1, kCm, crypto::GcmEngine::automatic);

}  // namespace

BENCHMARK_MAIN();
