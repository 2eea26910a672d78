// SPDX-License-Identifier: Apache-2.0
// Finding people whose names nobody can read in the database: which search terms stand for a person, and which terms a search asks
// for. A term is a domain and a normalised text; the table hashes it (KeyRing::blind). Names are found by the beginnings of their
// words (two letters or more; accents, case and apostrophes do not matter), NHS numbers, telephone numbers, e-mail addresses and
// postcodes as a whole. Not here: SQL and keys (person_search_table.h). Pure; any thread.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "care/person.h"

namespace care {

struct SearchTerm {
  std::string_view domain;  // a constant of person_search.cpp
  Personal text;
  auto operator<=>(const SearchTerm& o) const {
    return std::pair(domain, std::string_view(text.get())) <=> std::pair(o.domain, std::string_view(o.text.get()));
  }
  bool operator==(const SearchTerm&) const = default;
};

// Case folded (Unicode section 3.13, NFKC_Casefold), without accents, "ß" as "ss", "ł" as "l".
[[nodiscard]] std::string fold(std::string_view text);
// The folded words of a name. "O’Neill" is "oneill", and for an index "o" and "neill" too.
enum class Apostrophes : std::uint8_t { joined, joined_and_split };
[[nodiscard]] std::vector<std::string> words_of(std::string_view name, Apostrophes apostrophes);

// Everything that the person is found by; sorted, each once.
[[nodiscard]] std::vector<SearchTerm> terms_of(const Identity& identity);

// The people asked for have all terms of the first way, or, where nobody has, of the next.
struct SearchWays {
  std::vector<std::vector<SearchTerm>> ways;  // never empty; a way has 1 to kMostTerms terms, the most telling first
};
inline constexpr std::size_t kMostTerms = 4;
enum class SearchFault : std::uint8_t {
  too_short,    // no word of two letters
  too_long,
  no_number,    // figures that are neither an NHS number nor a telephone number
  no_email,
};
[[nodiscard]] base::Result<SearchWays, SearchFault> ways_of(std::string_view typed);
[[nodiscard]] FieldFault to_fault(SearchFault, std::string pointer);

// For breaking the glass, which takes no beginnings: a whole NHS number, or the whole legal name (its words in any order) and the
// date of birth.
[[nodiscard]] SearchTerm exact_number(const Personal& nhs_number);
[[nodiscard]] SearchTerm exact_name(std::string_view legal_name, std::string_view birth_date);

}  // namespace care
