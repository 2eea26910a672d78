// SPDX-License-Identifier: Apache-2.0
// Envelope encryption of personal fields. The keys of the key file wrap data keys, which stand wrapped in the table data_key;
// data keys seal fields, with "table.column|row id" as associated data, so that a sealed value moved to another row or column
// does not open. A blind index is a keyed hash of a normalised value, to find a row by what nobody can read. Not here: which
// columns are personal. Rotation: a new first line in the key file and `reload` wrap the data keys again and make a new one;
// old fields open with the data key that they name. Any thread.
#pragma once
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/entropy.h"
#include "base/redacted.h"
#include "base/result.h"
#include "crypto/sealing.h"
#include "store/transaction.h"

namespace store {

using Sealed = std::vector<std::uint8_t>;
using BlindIndex = std::array<std::uint8_t, 16>;  // HMAC-SHA-256 cut to 128 bits

// "table.column", said once beside the table's SQL.
struct Column {
  std::string_view name;
};

struct FileKey {
  std::string name;  // up to 32 letters, digits and hyphens
  crypto::Key256 key{};
};
// One key a line, "NAME BASE64URL(32 bytes)"; the first is the one in use, the others still open what they wrapped. Empty
// lines and lines beginning with # are skipped. malformed where a line is neither.
[[nodiscard]] base::Result<std::vector<FileKey>, base::ParseError> parse_key_file(std::string_view text);
[[nodiscard]] std::string make_key_line(std::string_view name, base::Entropy& entropy);

enum class KeyError : std::uint8_t { store, unknown_file_key };

class KeyRing {
 public:
  explicit KeyRing(base::Entropy& entropy) : entropy_(entropy) {}
  KeyRing(const KeyRing&) = delete;
  KeyRing& operator=(const KeyRing&) = delete;
  ~KeyRing();

  // Reads (or makes) the data keys. Those wrapped by a key that is not the file's first are wrapped again, and a new data
  // key is made for what is written from now on. In a write transaction, which the caller commits.
  [[nodiscard]] base::Result<void, KeyError> load(Transaction& transaction, const std::vector<FileKey>& file, base::WallTime now);

  [[nodiscard]] Sealed seal(Column column, std::string_view row, const base::Redacted<std::string>& value) const;
  // Fails `transaction` as unavailable where it does not open (a missing key, a changed byte): never an empty name instead.
  [[nodiscard]] base::Redacted<std::string> open(Transaction& transaction, Column column, std::string_view row, base::Bytes sealed) const;
  // Where a value that does not open is no failure of the store (a cursor that a browser sends back).
  [[nodiscard]] std::optional<base::Redacted<std::string>> open_text(Column column, std::string_view row, base::Bytes sealed) const;
  // NULL in, nothing out.
  [[nodiscard]] std::optional<base::Redacted<std::string>> open_maybe(Transaction& transaction, Column column, std::string_view row,
                                                                       const Rows& rows, int at) const;
  // `domain` keeps the same text of two fields apart ("person.name").
  [[nodiscard]] BlindIndex blind(std::string_view domain, std::string_view normalised) const;
  // The number of the data key that a sealed value names; 0 where it is none. Re-sealing looks for old ones.
  [[nodiscard]] static std::uint32_t data_key_of(base::Bytes sealed);
  [[nodiscard]] std::uint32_t current() const;

 private:
  struct Keys {
    std::map<std::uint32_t, crypto::Key256> data;
    std::uint32_t current = 0;
    crypto::Key256 index{};
  };
  base::Entropy& entropy_;
  mutable std::mutex entropy_lock_;
  mutable std::shared_mutex lock_;
  Keys keys_;
};

}  // namespace store
