// SPDX-License-Identifier: Apache-2.0
// See frame_keys.h. HKDF (RFC 5869) is needed for outputs of one hash at most, so that Expand is one HMAC.
#include "load/frame_keys.h"

#include <algorithm>
#include <string_view>

#include "crypto/sealing.h"

namespace load {
namespace {

constexpr std::uint16_t kCipherSuite = 0x0004;  // AES_128_GCM_SHA256_128
constexpr auto kOldKeysFor = base::Duration::seconds(5);
constexpr auto kAddedWaits = base::Duration::millis(300);
constexpr std::size_t kMostEpochs = 17;    // a group that fills quickly has many in five seconds
constexpr std::size_t kMostDerived = 512;  // an epoch: a forger who names keys at random must not fill the memory
constexpr std::size_t kMostWindows = 8;    // a line

template <std::size_t N>
std::array<std::uint8_t, N> expand(const crypto::Key256& secret, std::string_view label, std::uint64_t kid) {
  static_assert(N <= 32);
  std::vector<std::uint8_t> info(label.begin(), label.end());
  std::array<std::uint8_t, 10> tail;
  base::store_u64(tail.data(), kid);
  base::store_u16(tail.data() + 8, kCipherSuite);
  info.insert(info.end(), tail.begin(), tail.end());
  info.push_back(1);  // the first block, and the last
  const auto block = crypto::hmac_sha256(secret, info);
  std::array<std::uint8_t, N> out;
  std::copy_n(block.begin(), N, out.begin());
  return out;
}

}  // namespace

FrameSecret derive_secret(const BaseKey& base, std::uint64_t kid) {
  const crypto::Key256 secret = crypto::hmac_sha256({}, base);  // HKDF-Extract with an empty salt: a hash of zeros
  return {expand<16>(secret, "SFrame 1.0 Secret key ", kid), expand<12>(secret, "SFrame 1.0 Secret salt ", kid)};
}

crypto::GcmNonce nonce_of(const crypto::GcmNonce& salt, std::uint64_t counter) {
  crypto::GcmNonce out = salt;
  for (std::size_t i = 0; i < 8; ++i) out[out.size() - 1 - i] ^= static_cast<std::uint8_t>(counter >> (8 * i));
  return out;
}

FrameKey::FrameKey(const BaseKey& base, std::uint64_t kid) {
  const FrameSecret secret = derive_secret(base, kid);
  salt_ = secret.salt;
  cipher_ = crypto::make_aes_gcm(secret.key, crypto::GcmEngine::automatic);
}

std::vector<std::uint8_t> FrameKey::seal(std::uint64_t counter, base::Bytes associated, base::Bytes plain) {
  std::vector<std::uint8_t> out(plain.size() + kFrameTag);
  cipher_->seal(nonce_of(salt_, counter), associated, plain, out.data());
  return out;
}

std::optional<std::vector<std::uint8_t>> FrameKey::open(std::uint64_t counter, base::Bytes associated, base::Bytes sealed) {
  if (sealed.size() < kFrameTag) return std::nullopt;
  std::vector<std::uint8_t> out(sealed.size());  // room for the tag too, so that it is never empty
  if (!cipher_->open(nonce_of(salt_, counter), associated, sealed, out.data())) return std::nullopt;
  out.resize(sealed.size() - kFrameTag);
  return out;
}

void FrameKeys::take(EpochKeys keys, base::Instant now) {
  if (!epochs_.empty()) {
    const EpochKeys& last = epochs_.front().keys;
    if (last.epoch == keys.epoch && last.base == keys.base) return;
    if (keys.cause == EpochKeys::Cause::join) epochs_.clear();  // who joins, or a group opened anew, has none before
  }
  if (!epochs_.empty()) epochs_.front().until = now + kOldKeysFor;
  std::erase_if(epochs_, [&](const Epoch& epoch) { return epoch.until <= now; });
  epochs_.push_front({.keys = std::move(keys), .taken = ++taken_, .since = now, .until = base::Instant::never(), .derived = {}});
  if (epochs_.size() > kMostEpochs) epochs_.pop_back();
}

FrameKey& FrameKeys::key_of(Epoch& epoch, std::uint64_t kid) {
  auto found = epoch.derived.find(kid);
  if (found == epoch.derived.end()) {
    if (epoch.derived.size() >= kMostDerived) epoch.derived.erase(epoch.derived.begin());
    found = epoch.derived.emplace(kid, std::make_unique<FrameKey>(epoch.keys.base, kid)).first;
  }
  return *found->second;
}

std::optional<FrameKeys::Sealing> FrameKeys::sealing(FrameSource source, std::uint16_t start, base::Instant now) {
  if (epochs_.empty()) return std::nullopt;
  const auto ready = std::ranges::find_if(epochs_, [&](const Epoch& epoch) {
    return epoch.keys.cause != EpochKeys::Cause::add || now >= epoch.since + kAddedWaits;
  });
  Epoch& epoch = ready == epochs_.end() ? epochs_.front() : *ready;
  const std::uint64_t kid =
      kid_of({.source = source, .start = start, .leaf = epoch.keys.self, .epoch = static_cast<std::uint8_t>(epoch.keys.epoch)});
  return Sealing{kid, &key_of(epoch, kid)};
}

base::Result<FrameKeys::Opening, FrameKeys::Not> FrameKeys::opening(std::uint64_t kid, base::Instant now) {
  const auto name = name_of(kid);
  if (!name) return std::unexpected(Not::not_a_member);
  const auto of_epoch = std::ranges::find_if(epochs_, [&](const Epoch& epoch) {
    return static_cast<std::uint8_t>(epoch.keys.epoch) == name->epoch && now < epoch.until;
  });
  if (of_epoch == epochs_.end()) return std::unexpected(Not::unknown);
  // Of an epoch before too: only who sat at this leaf then and still does.
  const auto& now_seats = epochs_.front().keys.seats;
  const auto& seats_then = of_epoch->keys.seats;
  const auto sits = now_seats.find(name->leaf), sat = seats_then.find(name->leaf);
  if (sits == now_seats.end() || sat == seats_then.end() || sits->second != sat->second)
    return std::unexpected(Not::not_a_member);
  return Opening{&key_of(*of_epoch, kid), sits->second, *name, of_epoch->taken};
}

bool ReplayWindow::fresh(std::uint64_t counter) const {
  if (!highest_ || counter > *highest_) return true;
  return *highest_ - counter < kSize && !seen_.test(counter % kSize);
}

void ReplayWindow::mark(std::uint64_t counter) {
  if (!highest_ || counter > *highest_) {
    const std::uint64_t gap = highest_ ? std::min(counter - *highest_, kSize) : kSize;
    for (std::uint64_t i = 0; i < gap; ++i) seen_.reset((counter - i) % kSize);
    highest_ = counter;
  }
  seen_.set(counter % kSize);
}

std::optional<std::vector<std::uint8_t>> FrameSealer::seal(FrameKeys& keys, base::Bytes frame, base::Instant now) {
  const auto with = keys.sealing(source_, start_, now);
  if (!with || frame.size() < clear_) return std::nullopt;
  if (with->kid != kid_) {
    kid_ = with->kid;
    counter_ = 0;
  }
  const std::uint64_t counter = counter_++;
  const auto header = encode_header(with->kid, counter);
  const auto clear = frame.first(clear_);
  return assemble_frame(clear, with->key->seal(counter, associated_of(header, clear), frame.subspan(clear_)), header);
}

base::Result<FrameOpener::Opened, FrameOpener::Not> FrameOpener::open(FrameKeys& keys, base::Bytes frame, base::Instant now) {
  const auto parts = split_frame(frame, clear_);
  if (!parts) return std::unexpected(Not::refused);
  const auto with = keys.opening(parts->header.kid, now);
  if (!with) return std::unexpected(with.error() == FrameKeys::Not::unknown ? Not::unknown : Not::refused);
  const std::uint64_t kid = parts->header.kid;
  auto window = std::ranges::find_if(windows_, [&](const Window& w) { return w.taken == with->taken && w.kid == kid; });
  if (window != windows_.end() && !window->counters.fresh(parts->header.counter)) return std::unexpected(Not::replayed);
  const auto plain =
      with->key->open(parts->header.counter, associated_of(parts->header_bytes, parts->clear), parts->sealed);
  if (!plain) return std::unexpected(Not::refused);
  Window used = window == windows_.end() ? Window{with->taken, kid, {}} : *window;
  used.counters.mark(parts->header.counter);
  if (window != windows_.end()) windows_.erase(window);
  windows_.push_back(used);
  if (windows_.size() > kMostWindows) windows_.erase(windows_.begin());
  Opened out{.frame = {parts->clear.begin(), parts->clear.end()}, .seat = with->seat, .name = with->name};
  out.frame.insert(out.frame.end(), plain->begin(), plain->end());
  return out;
}

}  // namespace load
