// SPDX-License-Identifier: Apache-2.0
// See key_ring.h. A sealed field: version (1) | data key number (4) | nonce (24) | ciphertext | tag (16).
#include "store/key_ring.h"

#include <algorithm>

#include "crypto/base64url.h"
#include "crypto/aes.h"

namespace store {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kHead = 5;
constexpr Column kDataKey{"data_key.wrapped"}, kIndexKey{"data_key.index"};

std::string associated(Column column, std::string_view row) {
  std::string out(column.name);
  out += '|';
  out += row;
  return out;
}

bool good_name(std::string_view name) {
  return !name.empty() && name.size() <= 32 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

const FileKey* find_key(const std::vector<FileKey>& file, std::string_view name) {
  const auto at = std::ranges::find(file, name, &FileKey::name);
  return at == file.end() ? nullptr : &*at;
}

crypto::SealNonce draw_nonce(base::Entropy& entropy) {
  crypto::SealNonce nonce{};
  entropy.fill(nonce);
  return nonce;
}

}  // namespace

base::Result<std::vector<FileKey>, base::ParseError> parse_key_file(std::string_view text) {
  std::vector<FileKey> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || !good_name(line.substr(0, space))) return base::Unexpected(base::ParseError::malformed);
    auto bytes = crypto::from_base64url(line.substr(space + 1));
    if (!bytes || bytes->size() != 32) return base::Unexpected(base::ParseError::malformed);
    FileKey key{.name = std::string(line.substr(0, space)), .key = {}};
    std::ranges::copy(*bytes, key.key.begin());
    crypto::wipe(*bytes);
    if (find_key(out, key.name) != nullptr) return base::Unexpected(base::ParseError::malformed);
    out.push_back(std::move(key));
  }
  if (out.empty()) return base::Unexpected(base::ParseError::truncated);
  return out;
}

std::string make_key_line(std::string_view name, base::Entropy& entropy) {
  crypto::Key256 key{};
  entropy.fill(key);
  std::string line = std::string(name) + " " + crypto::to_base64url(key) + "\n";
  crypto::wipe(key);
  return line;
}

KeyRing::~KeyRing() {
  for (auto& [number, key] : keys_.data) crypto::wipe(key);
  crypto::wipe(keys_.index);
}

base::Result<void, KeyError> KeyRing::load(Transaction& t, const std::vector<FileKey>& file, base::WallTime now) {
  const std::lock_guard guard(entropy_lock_);
  Keys keys;
  bool have_index = false, turned = false;
  struct Row {
    std::uint32_t number;
    bool index;
    std::string by;
    Sealed wrapped;
  };
  std::vector<Row> found;
  {
    Rows rows = t.query("SELECT number, purpose, wrapped_by, wrapped FROM data_key ORDER BY number");
    while (rows.next())
      found.push_back({static_cast<std::uint32_t>(rows.integer(0)), rows.text(1) == "index", rows.text(2),
                       Sealed(rows.bytes(3).begin(), rows.bytes(3).end())});
  }
  const FileKey& first = file.front();
  for (const auto& row : found) {
    const FileKey* by = find_key(file, row.by);
    if (by == nullptr) return std::unexpected(KeyError::unknown_file_key);
    const Column column = row.index ? kIndexKey : kDataKey;
    const std::string about = associated(column, std::to_string(row.number));
    auto plain = crypto::open_sealed(by->key, base::as_bytes(about), row.wrapped);
    if (!plain || plain->size() != 32) return std::unexpected(KeyError::unknown_file_key);
    crypto::Key256 key{};
    std::ranges::copy(*plain, key.begin());
    crypto::wipe(*plain);
    if (row.index) {
      keys.index = key;
      have_index = true;
    } else {
      keys.data[row.number] = key;
      keys.current = std::max(keys.current, row.number);
    }
    if (by != &first) {
      turned = true;
      t.run("UPDATE data_key SET wrapped = $1, wrapped_by = $2 WHERE number = $3",
            crypto::seal(first.key, draw_nonce(entropy_), base::as_bytes(about), key), first.name, row.number);
    }
    crypto::wipe(key);
  }
  std::uint32_t last = found.empty() ? 0 : found.back().number;
  const auto make = [&](bool index) {
    crypto::Key256 key{};
    entropy_.fill(key);
    const std::string about = associated(index ? kIndexKey : kDataKey, std::to_string(++last));
    t.run("INSERT INTO data_key (number, purpose, wrapped_by, wrapped, made_us) VALUES ($1, $2, $3, $4, $5)", last,
          index ? "index" : "field", first.name, crypto::seal(first.key, draw_nonce(entropy_), base::as_bytes(about), key), now);
    return key;
  };
  if (!have_index) keys.index = make(true);
  if (turned || keys.data.empty()) {
    const auto key = make(false);
    keys.data[last] = key;
    keys.current = last;
  }
  if (!t.ok()) return std::unexpected(KeyError::store);
  const std::unique_lock lock(lock_);
  keys_ = std::move(keys);
  return {};
}

Sealed KeyRing::seal(Column column, std::string_view row, const base::Redacted<std::string>& value) const {
  crypto::SealNonce nonce{};
  {
    const std::lock_guard guard(entropy_lock_);
    entropy_.fill(nonce);
  }
  const std::shared_lock lock(lock_);
  const std::string about = associated(column, row);
  const auto box = crypto::seal(keys_.data.at(keys_.current), nonce, base::as_bytes(about), base::as_bytes(value.get()));
  Sealed out(kHead);
  out[0] = kVersion;
  base::store_u32(out.data() + 1, keys_.current);
  out.insert(out.end(), box.begin(), box.end());
  return out;
}

std::optional<base::Redacted<std::string>> KeyRing::open_text(Column column, std::string_view row, base::Bytes sealed) const {
  const std::shared_lock lock(lock_);
  const auto key = keys_.data.find(data_key_of(sealed));
  if (key == keys_.data.end()) return std::nullopt;
  const std::string about = associated(column, row);
  const auto plain = crypto::open_sealed(key->second, base::as_bytes(about), sealed.subspan(kHead));
  if (!plain) return std::nullopt;
  return base::Redacted<std::string>(std::string(base::as_text(*plain)));
}

base::Redacted<std::string> KeyRing::open(Transaction& t, Column column, std::string_view row, base::Bytes sealed) const {
  if (auto text = open_text(column, row, sealed)) return std::move(*text);
  t.fail(StoreError::unavailable);
  return {};
}

std::optional<base::Redacted<std::string>> KeyRing::open_maybe(Transaction& t, Column column, std::string_view row, const Rows& rows,
                                                               int at) const {
  if (rows.null(at)) return std::nullopt;
  return open(t, column, row, rows.bytes(at));
}

BlindIndex KeyRing::blind(std::string_view domain, std::string_view normalised) const {
  const std::shared_lock lock(lock_);
  const std::string about = associated({domain}, normalised);
  const auto whole = crypto::hmac_sha256(keys_.index, base::as_bytes(about));
  BlindIndex out{};
  std::copy_n(whole.begin(), out.size(), out.begin());
  return out;
}

std::uint32_t KeyRing::data_key_of(base::Bytes sealed) {
  return sealed.size() < kHead || sealed[0] != kVersion ? 0 : base::load_u32(sealed.data() + 1);
}
std::uint32_t KeyRing::current() const {
  const std::shared_lock lock(lock_);
  return keys_.current;
}

}  // namespace store
