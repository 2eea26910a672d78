// SPDX-License-Identifier: Apache-2.0
// The table of deprivation by postcode that a trust loads: comma-separated values (RFC 4180) with a header that names a postcode
// and a decile, as the English and Welsh look-up tools write them, or our own "postcode,decile,year". Not here: SQL, files.
// Invariant: one faulty row stops the file, with its line number, so that a table is never half right. Pure; one thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace care {

struct PostcodeDecile {
  std::string postcode;  // as parse_postcode writes it
  int decile = 0;        // 1 is the most deprived
  int year = 0;          // of the index
  bool operator==(const PostcodeDecile&) const = default;
};

enum class DecileFault : std::uint8_t { no_header, not_csv, postcode, decile, year };
[[nodiscard]] std::string_view to_words(DecileFault);

// Reads line by line, so that two and a half million postcodes need no room.
class DecileReader {
 public:
  // `year` is for files without a column for it; nothing: there must be one.
  explicit DecileReader(std::optional<int> year) : year_(year) {}
  // One line without its end. Nothing for the header, an empty line, or a postcode that the file leaves without a decile.
  [[nodiscard]] base::Result<std::optional<PostcodeDecile>, DecileFault> take(std::string_view line);
  [[nodiscard]] bool has_header() const { return header_; }

 private:
  [[nodiscard]] bool read_header(const std::vector<std::string>& cells);
  std::optional<int> year_;
  bool header_ = false;
  std::size_t postcode_at_ = 0, decile_at_ = 0;
  std::optional<std::size_t> year_at_;
};

}  // namespace care
