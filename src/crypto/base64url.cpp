// SPDX-License-Identifier: Apache-2.0
// See base64url.h.
#include "crypto/base64url.h"

#include <sodium.h>

namespace crypto {
namespace {
constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string encoded(base::Bytes bytes, int variant) {
  std::string out(sodium_base64_encoded_len(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), variant);
  out.pop_back();  // its terminating zero
  return out;
}

}  // namespace

std::string to_base64url(base::Bytes bytes) { return encoded(bytes, kVariant); }
std::string to_base64(base::Bytes bytes) { return encoded(bytes, sodium_base64_VARIANT_ORIGINAL); }

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
  std::vector<std::uint8_t> out(text.size() / 4 * 3 + 3);
  std::size_t size = 0;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &size, nullptr, kVariant) != 0)
    return std::nullopt;
  out.resize(size);
  return out;
}

}  // namespace crypto
