// SPDX-License-Identifier: Apache-2.0
// Which key opens or seals a frame (RFC 9605 sections 4.4.2 and 5.2, cipher suite 0x0004; docs/decisions/0009-end-to-end.md).
// The base key of each epoch comes from MLS, which runs beside us (keys.ts); there is no MLS here. Not here: the frame's bytes
// (frame_format.h). Invariants: a frame opens only for a leaf that is a member now; keys of the epoch before open for five
// seconds, never those of a removed leaf; a counter of a key opens once. Runs on the person's thread.
#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/instant.h"
#include "base/result.h"
#include "crypto/aes.h"
#include "load/frame_format.h"

namespace load {

using BaseKey = std::array<std::uint8_t, 16>;

struct FrameSecret {
  crypto::Aes128Key key{};
  crypto::GcmNonce salt{};
};
[[nodiscard]] FrameSecret derive_secret(const BaseKey& base, std::uint64_t kid);
[[nodiscard]] crypto::GcmNonce nonce_of(const crypto::GcmNonce& salt, std::uint64_t counter);

struct EpochKeys {
  enum class Cause : std::uint8_t { add, remove, join };
  std::uint64_t epoch = 0;
  BaseKey base{};
  std::uint16_t self = 0;                       // own leaf
  std::map<std::uint16_t, std::uint32_t> seats;  // by leaf
  Cause cause = Cause::join;
};

// One derived key, with the cipher made for it.
class FrameKey {
 public:
  FrameKey(const BaseKey& base, std::uint64_t kid);
  // Ciphertext and tag.
  [[nodiscard]] std::vector<std::uint8_t> seal(std::uint64_t counter, base::Bytes associated, base::Bytes plain);
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> open(std::uint64_t counter, base::Bytes associated, base::Bytes sealed);

 private:
  crypto::GcmNonce salt_{};
  std::unique_ptr<crypto::AesGcm> cipher_;
};

// The keys of one person for everyone's group.
class FrameKeys {
 public:
  void take(EpochKeys keys, base::Instant now);
  void forget() { epochs_.clear(); }
  [[nodiscard]] bool none() const { return epochs_.empty(); }

  struct Sealing {
    std::uint64_t kid = 0;
    FrameKey* key = nullptr;
  };
  // What to seal with now: after an Add the epoch before for 300 ms more, after a Remove never. Nothing where there are no
  // keys, and then nothing may be sent.
  [[nodiscard]] std::optional<Sealing> sealing(FrameSource source, std::uint16_t start, base::Instant now);

  enum class Not : std::uint8_t { unknown, not_a_member };
  struct Opening {
    FrameKey* key = nullptr;
    std::uint32_t seat = 0;
    KeyName name;
    std::uint64_t taken = 0;  // which epoch it is of: a group that was opened anew has the same numbers again
  };
  [[nodiscard]] base::Result<Opening, Not> opening(std::uint64_t kid, base::Instant now);

 private:
  struct Epoch {
    EpochKeys keys;
    std::uint64_t taken = 0;
    base::Instant since, until = base::Instant::never();
    std::map<std::uint64_t, std::unique_ptr<FrameKey>> derived;
  };
  [[nodiscard]] static FrameKey& key_of(Epoch& epoch, std::uint64_t kid);
  std::deque<Epoch> epochs_;  // the newest first
  std::uint64_t taken_ = 0;
};

// RFC 9605 section 9.3: each counter of a key opens once; what lies behind the window is refused.
class ReplayWindow {
 public:
  [[nodiscard]] bool fresh(std::uint64_t counter) const;
  void mark(std::uint64_t counter);

 private:
  static constexpr std::uint64_t kSize = 1'024;
  std::optional<std::uint64_t> highest_;
  std::bitset<kSize> seen_;
};

// One source's frames on the way out. `start` must never come twice in an epoch.
class FrameSealer {
 public:
  FrameSealer(FrameSource source, std::uint16_t start, std::size_t clear) : source_(source), start_(start), clear_(clear) {}
  // Nothing where there are no keys: the frame is not sent.
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> seal(FrameKeys& keys, base::Bytes frame, base::Instant now);

 private:
  FrameSource source_;
  std::uint16_t start_;
  std::size_t clear_;
  std::optional<std::uint64_t> kid_;
  std::uint64_t counter_ = 0;
};

// One media line's frames on the way in.
class FrameOpener {
 public:
  explicit FrameOpener(std::size_t clear) : clear_(clear) {}
  enum class Not : std::uint8_t { unknown, replayed, refused };
  struct Opened {
    std::vector<std::uint8_t> frame;
    std::uint32_t seat = 0;
    KeyName name;
  };
  [[nodiscard]] base::Result<Opened, Not> open(FrameKeys& keys, base::Bytes frame, base::Instant now);

 private:
  std::size_t clear_;
  struct Window {
    std::uint64_t taken = 0, kid = 0;
    ReplayWindow counters;
  };
  std::vector<Window> windows_;  // of keys that opened something, the last used last
};

}  // namespace load
