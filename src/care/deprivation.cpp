// SPDX-License-Identifier: Apache-2.0
// See deprivation.h.
#include "care/deprivation.h"

#include <algorithm>
#include <charconv>

#include "care/person_contact.h"

namespace care {
namespace {

// RFC 4180 section 2, without line ends inside a cell. False where a quote is out of place.
bool cells_of(std::string_view line, std::vector<std::string>& out) {
  std::size_t i = 0;
  while (true) {
    std::string cell;
    if (i < line.size() && line[i] == '"') {
      for (++i;; ++i) {
        if (i >= line.size()) return false;
        if (line[i] != '"') {
          cell += line[i];
        } else if (i + 1 < line.size() && line[i + 1] == '"') {
          cell += line[++i];
        } else {
          ++i;
          break;
        }
      }
      if (i < line.size() && line[i] != ',') return false;
    } else {
      const std::size_t end = std::min(line.find(',', i), line.size());
      cell = std::string(stripped(line.substr(i, end - i)));
      if (cell.find('"') != std::string::npos) return false;
      i = end;
    }
    out.push_back(std::move(cell));
    if (i >= line.size()) return true;
    ++i;
  }
}

std::string plain(std::string_view title) {
  std::string out;
  for (const char c : title) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

std::optional<int> number_in(std::string_view text, int least, int most) {
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || n < least || n > most) return std::nullopt;
  return n;
}

}  // namespace

std::string_view to_words(DecileFault fault) {
  switch (fault) {
    case DecileFault::no_header: return "the first line should name a column “postcode” and a column “decile”";
    case DecileFault::not_csv: return "this line is not comma-separated values, or has too few of them";
    case DecileFault::postcode: return "this is not a UK postcode";
    case DecileFault::decile: return "a decile is a whole number from 1 (most deprived) to 10";
    case DecileFault::year: return "there is no year of the index: add a column “year”, or say it with --year";
  }
  return {};
}

bool DecileReader::read_header(const std::vector<std::string>& cells) {
  std::optional<std::size_t> postcode, decile;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string title = plain(cells[i]);
    if (title == "postcode" || title == "pcds") postcode = i;
    if (title == "decile" || title == "imddecile" || title == "wimddecile" || title == "indexofmultipledeprivationdecile") decile = i;
    if (title == "year") year_at_ = i;
  }
  if (!postcode || !decile) return false;
  postcode_at_ = *postcode;
  decile_at_ = *decile;
  return header_ = true;
}

base::Result<std::optional<PostcodeDecile>, DecileFault> DecileReader::take(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (!header_ && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);  // the mark that spreadsheets set before UTF-8
  if (line.empty()) return std::nullopt;
  std::vector<std::string> cells;
  if (!cells_of(line, cells)) return std::unexpected(DecileFault::not_csv);
  if (!header_) {
    if (!read_header(cells)) return std::unexpected(DecileFault::no_header);
    if (!year_at_ && !year_) return std::unexpected(DecileFault::year);
    return std::nullopt;
  }
  if (cells.size() <= std::max({postcode_at_, decile_at_, year_at_.value_or(0)})) return std::unexpected(DecileFault::not_csv);
  const auto postcode = parse_postcode(cells[postcode_at_]);
  if (!postcode) return std::unexpected(DecileFault::postcode);
  if (cells[decile_at_].empty()) return std::nullopt;
  const auto decile = number_in(cells[decile_at_], 1, 10);
  if (!decile) return std::unexpected(DecileFault::decile);
  const auto year = year_at_ ? number_in(cells[*year_at_], 1990, 2100) : year_;
  if (!year) return std::unexpected(DecileFault::year);
  return PostcodeDecile{.postcode = postcode->get(), .decile = *decile, .year = *year};
}

}  // namespace care
