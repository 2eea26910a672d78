// SPDX-License-Identifier: Apache-2.0
// RFC 4571 framing: a datagram on a TCP stream stands behind its length in two bytes. Reads whole frames out of whatever
// chunks arrive. Not here: sockets. Invariant: never holds more than one frame and one read. One thread.
#pragma once
#include <cstdint>
#include <vector>

#include "base/bytes.h"

namespace net {

class Rfc4571Reader {
 public:
  // Longer frames cannot be ours: the stream is refused (room() stays empty, ok() is false).
  explicit Rfc4571Reader(std::size_t max_frame = 2048) : buffer_(2 + max_frame), max_frame_(max_frame) {}

  [[nodiscard]] bool ok() const { return ok_; }
  // Where the next read from the stream goes, and how much of it was filled.
  [[nodiscard]] base::MutableBytes room() {
    return ok_ ? base::MutableBytes{buffer_}.subspan(used_) : base::MutableBytes{};
  }
  void filled(std::size_t n) { used_ += n; }
  // Calls `take(MutableBytes frame)` for each whole frame and keeps the rest.
  template <class Take>
  void drain(Take&& take) {
    std::size_t at = 0;
    while (ok_ && used_ - at >= 2) {
      const std::size_t length = base::load_u16(buffer_.data() + at);
      if (length > max_frame_) {
        ok_ = false;
        return;
      }
      if (used_ - at < 2 + length) break;
      if (length > 0) take(base::MutableBytes{buffer_}.subspan(at + 2, length));
      at += 2 + length;
    }
    if (at > 0) {
      std::memmove(buffer_.data(), buffer_.data() + at, used_ - at);
      used_ -= at;
    }
  }

 private:
  std::vector<std::uint8_t> buffer_;
  std::size_t max_frame_;
  std::size_t used_ = 0;
  bool ok_ = true;
};

}  // namespace net
