// SPDX-License-Identifier: Apache-2.0
// Views of bytes, and a reader and a writer in network byte order (big endian). Both keep a failure inside: a read past the
// end gives zero and sets ok() to false, so a parser checks once at its end. Neither allocates nor owns.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace base {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

[[nodiscard]] inline Bytes as_bytes(std::string_view s) {
  return {reinterpret_cast<const std::uint8_t*>(s.data()), s.size()};
}
[[nodiscard]] inline std::string_view as_text(Bytes b) { return {reinterpret_cast<const char*>(b.data()), b.size()}; }

[[nodiscard]] constexpr std::uint16_t load_u16(const std::uint8_t* p) {
  return static_cast<std::uint16_t>((p[0] << 8) | p[1]);
}
[[nodiscard]] constexpr std::uint32_t load_u24(const std::uint8_t* p) {
  return (std::uint32_t{p[0]} << 16) | (std::uint32_t{p[1]} << 8) | p[2];
}
[[nodiscard]] constexpr std::uint32_t load_u32(const std::uint8_t* p) {
  return (std::uint32_t{p[0]} << 24) | (std::uint32_t{p[1]} << 16) | (std::uint32_t{p[2]} << 8) | p[3];
}
[[nodiscard]] constexpr std::uint64_t load_u64(const std::uint8_t* p) {
  return (std::uint64_t{load_u32(p)} << 32) | load_u32(p + 4);
}
constexpr void store_u16(std::uint8_t* p, std::uint16_t v) {
  p[0] = static_cast<std::uint8_t>(v >> 8);
  p[1] = static_cast<std::uint8_t>(v);
}
constexpr void store_u24(std::uint8_t* p, std::uint32_t v) {
  p[0] = static_cast<std::uint8_t>(v >> 16);
  p[1] = static_cast<std::uint8_t>(v >> 8);
  p[2] = static_cast<std::uint8_t>(v);
}
constexpr void store_u32(std::uint8_t* p, std::uint32_t v) {
  store_u16(p, static_cast<std::uint16_t>(v >> 16));
  store_u16(p + 2, static_cast<std::uint16_t>(v));
}
constexpr void store_u64(std::uint8_t* p, std::uint64_t v) {
  store_u32(p, static_cast<std::uint32_t>(v >> 32));
  store_u32(p + 4, static_cast<std::uint32_t>(v));
}

class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }
  [[nodiscard]] Bytes rest() const { return rest_; }
  std::uint8_t u8() { return take(1) ? at_[0] : std::uint8_t{0}; }
  std::uint16_t u16() { return take(2) ? load_u16(at_) : std::uint16_t{0}; }
  std::uint32_t u24() { return take(3) ? load_u24(at_) : 0U; }
  std::uint32_t u32() { return take(4) ? load_u32(at_) : 0U; }
  std::uint64_t u64() { return take(8) ? load_u64(at_) : 0U; }
  // A view of the next n bytes; empty and !ok() where fewer are left.
  Bytes bytes(std::size_t n) { return take(n) ? Bytes{at_, n} : Bytes{}; }
  void skip(std::size_t n) { (void)take(n); }

 private:
  bool take(std::size_t n) {
    if (!ok_ || rest_.size() < n) {
      ok_ = false;
      rest_ = {};
      return false;
    }
    at_ = rest_.data();
    rest_ = rest_.subspan(n);
    return true;
  }
  Bytes rest_;
  const std::uint8_t* at_ = nullptr;
  bool ok_ = true;
};

class Writer {
 public:
  explicit Writer(MutableBytes out) : out_(out) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t size() const { return used_; }  // bytes written so far
  [[nodiscard]] Bytes written() const { return out_.first(used_); }
  void u8(std::uint8_t v) {
    if (auto* p = take(1)) p[0] = v;
  }
  void u16(std::uint16_t v) {
    if (auto* p = take(2)) store_u16(p, v);
  }
  void u24(std::uint32_t v) {
    if (auto* p = take(3)) store_u24(p, v);
  }
  void u32(std::uint32_t v) {
    if (auto* p = take(4)) store_u32(p, v);
  }
  void u64(std::uint64_t v) {
    if (auto* p = take(8)) store_u64(p, v);
  }
  void bytes(Bytes b) {
    if (auto* p = take(b.size()); p != nullptr && !b.empty()) std::memcpy(p, b.data(), b.size());
  }
  void zeros(std::size_t n) {
    if (auto* p = take(n); p != nullptr && n > 0) std::memset(p, 0, n);
  }
  // Room for n bytes to be filled later (a length, a checksum); null where they do not fit.
  std::uint8_t* take(std::size_t n) {
    if (!ok_ || out_.size() - used_ < n) {
      ok_ = false;
      return nullptr;
    }
    auto* p = out_.data() + used_;
    used_ += n;
    return p;
  }

 private:
  MutableBytes out_;
  std::size_t used_ = 0;
  bool ok_ = true;
};

}  // namespace base
