// SPDX-License-Identifier: Apache-2.0
// See person_search.h.
#include "care/person_search.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include <algorithm>

#include "care/nhs_number.h"

namespace care {
namespace {

constexpr std::string_view kName = "person.name", kWhole = "person.whole_name", kNhs = "person.nhs_number",
                           kTelephone = "person.telephone", kEmail = "person.email", kPostcode = "person.postcode";
constexpr std::size_t kLeastLetters = 2, kMostLetters = 20, kLongestSearch = 200;
using Wide = std::u16string;

Wide to_wide(std::string_view text) {
  Wide out(text.size() + 1, u'\0');
  std::int32_t size = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8WithSub(out.data(), static_cast<std::int32_t>(out.size()), &size, text.data(), static_cast<std::int32_t>(text.size()),
                       0xfffd, nullptr, &error);
  out.resize(U_SUCCESS(error) ? static_cast<std::size_t>(size) : 0);
  return out;
}
Wide normalised(const UNormalizer2* how, const Wide& text) {
  UErrorCode error = U_ZERO_ERROR;
  Wide out(text.size() * 4 + 32, u'\0');
  std::int32_t size = unorm2_normalize(how, text.data(), static_cast<std::int32_t>(text.size()), out.data(),
                                       static_cast<std::int32_t>(out.size()), &error);
  if (error == U_BUFFER_OVERFLOW_ERROR) {
    error = U_ZERO_ERROR;
    out.resize(static_cast<std::size_t>(size));
    size = unorm2_normalize(how, text.data(), static_cast<std::int32_t>(text.size()), out.data(), size, &error);
  }
  out.resize(U_SUCCESS(error) ? static_cast<std::size_t>(size) : 0);
  return out;
}
void append(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

// Accents of Latin, Greek and Cyrillic letters, and the points of Hebrew and Arabic, which many leave out. Vowel signs of other
// scripts are letters, and stay.
constexpr bool accent(char32_t c) {
  return (c >= 0x300 && c <= 0x36f) || (c >= 0x591 && c <= 0x5c7) || (c >= 0x64b && c <= 0x65f) || c == 0x670;
}
// Letters that Unicode does not take apart.
std::string_view plain_letter(char32_t c) {
  switch (c) {
    case U'ł': return "l";
    case U'ø': return "o";
    case U'đ': case U'ð': return "d";
    case U'ħ': return "h";
    case U'ı': return "i";
    case U'æ': return "ae";
    case U'œ': return "oe";
    case U'þ': return "th";
    case U'ŋ': return "n";
    case U'ŧ': return "t";
    case U'ə': return "e";
    default: return {};
  }
}
constexpr bool apostrophe(char32_t c) {
  return c == U'\'' || c == U'’' || c == U'‘' || c == U'ʼ' || c == U'ʻ' || c == U'ʹ' || c == U'`' || c == U'´' || c == U'′';
}

std::vector<char32_t> folded_letters(std::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const UNormalizer2* fold_case = unorm2_getNFKCCasefoldInstance(&error);
  const UNormalizer2* take_apart = unorm2_getNFDInstance(&error);
  if (U_FAILURE(error)) return {};  // its tables are part of the library
  const Wide wide = normalised(take_apart, normalised(fold_case, to_wide(text)));
  std::vector<char32_t> out;
  for (std::size_t i = 0; i < wide.size();) {
    UChar32 c = 0;
    U16_NEXT(wide.data(), i, wide.size(), c);
    const auto letter = static_cast<char32_t>(c);
    if (accent(letter)) continue;
    if (const std::string_view plain = plain_letter(letter); !plain.empty()) {
      for (const char each : plain) out.push_back(static_cast<char32_t>(each));
    } else {
      out.push_back(letter);
    }
  }
  return out;
}

bool part_of_a_word(char32_t c) {
  const auto type = U_MASK(u_charType(static_cast<UChar32>(c)));
  return (type & (U_GC_L_MASK | U_GC_M_MASK | U_GC_ND_MASK)) != 0;
}

// Where each letter of UTF-8 ends.
std::vector<std::size_t> letter_ends(std::string_view word) {
  std::vector<std::size_t> out;
  for (std::size_t i = 1; i <= word.size(); ++i)
    if (i == word.size() || (static_cast<unsigned char>(word[i]) & 0xc0U) != 0x80U) out.push_back(i);
  return out;
}

void add_beginnings(std::vector<SearchTerm>& out, std::string_view name) {
  for (const std::string& word : words_of(name, Apostrophes::joined_and_split)) {
    const auto ends = letter_ends(word);
    for (std::size_t n = kLeastLetters; n <= std::min(ends.size(), kMostLetters); ++n)
      out.push_back({kName, Personal(word.substr(0, ends[n - 1]))});
  }
}

bool only_figures(std::string_view text) {
  std::size_t figures = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++figures;
    } else if (std::string_view(" +-.()/").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return figures > 0;
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  for (const char32_t c : folded_letters(text)) append(out, c);
  return out;
}

std::vector<std::string> words_of(std::string_view name, Apostrophes apostrophes) {
  std::vector<std::string> out;
  std::string joined;
  std::vector<std::string> parts{""};
  const auto end_word = [&] {
    if (!joined.empty()) out.push_back(joined);
    if (parts.size() > 1 && apostrophes == Apostrophes::joined_and_split)
      for (const auto& part : parts)
        if (!part.empty() && part != joined) out.push_back(part);
    joined.clear();
    parts.assign(1, "");
  };
  for (const char32_t c : folded_letters(name)) {
    if (apostrophe(c)) {
      parts.emplace_back();
    } else if (part_of_a_word(c)) {
      append(joined, c);
      append(parts.back(), c);
    } else {
      end_word();
    }
  }
  end_word();
  return out;
}

SearchTerm exact_number(const Personal& nhs_number) { return {kNhs, nhs_number}; }

SearchTerm exact_name(std::string_view legal_name, std::string_view birth_date) {
  auto words = words_of(legal_name, Apostrophes::joined);
  std::ranges::sort(words);
  std::string text;
  for (const auto& word : words) text += word + ' ';
  text += birth_date;
  return {kWhole, Personal(std::move(text))};
}

std::vector<SearchTerm> terms_of(const Identity& it) {
  std::vector<SearchTerm> out;
  add_beginnings(out, it.legal_name.get());
  add_beginnings(out, it.preferred_name.get());
  if (it.birth_date.value) out.push_back(exact_name(it.legal_name.get(), it.birth_date.value->get()));
  if (!it.nhs_number.get().empty()) out.push_back(exact_number(it.nhs_number));
  for (const Personal* number : {&it.contacts.mobile, &it.contacts.telephone})
    if (!number->get().empty()) out.push_back({kTelephone, *number});
  if (!it.contacts.email.get().empty()) out.push_back({kEmail, Personal(fold(it.contacts.email.get()))});
  if (!it.contacts.postcode.get().empty()) out.push_back({kPostcode, it.contacts.postcode});
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

base::Result<SearchWays, SearchFault> ways_of(std::string_view typed) {
  typed = stripped(typed);
  if (typed.size() > kLongestSearch) return std::unexpected(SearchFault::too_long);
  SearchWays out;
  if (typed.find('@') != std::string_view::npos) {
    const auto email = parse_email(typed);
    if (!email) return std::unexpected(SearchFault::no_email);
    out.ways.push_back({{kEmail, Personal(fold(email->get()))}});
    return out;
  }
  if (only_figures(typed)) {
    if (const auto number = parse_nhs_number(typed)) out.ways.push_back({exact_number(*number)});
    if (const auto number = parse_telephone(typed)) out.ways.push_back({{kTelephone, *number}});
    if (out.ways.empty()) return std::unexpected(SearchFault::no_number);
    return out;
  }
  if (const auto postcode = parse_postcode(typed)) out.ways.push_back({{kPostcode, *postcode}});
  auto words = words_of(typed, Apostrophes::joined);
  // Long words are the rare ones. Single letters say too little to search by.
  std::erase_if(words, [](const std::string& word) { return letter_ends(word).size() < kLeastLetters; });
  std::ranges::sort(words, std::greater{}, [](const std::string& word) { return std::pair(letter_ends(word).size(), word); });
  words.resize(std::min(words.size(), kMostTerms));
  std::vector<SearchTerm> all;
  for (const auto& word : words) {
    const auto ends = letter_ends(word);
    all.push_back({kName, Personal(word.substr(0, ends[std::min(ends.size(), kMostLetters) - 1]))});
  }
  if (!all.empty()) out.ways.push_back(std::move(all));
  if (out.ways.empty()) return std::unexpected(SearchFault::too_short);
  return out;
}

FieldFault to_fault(SearchFault fault, std::string pointer) {
  switch (fault) {
    case SearchFault::too_short: return {std::move(pointer), "search-short", "Type at least two letters of a name"};
    case SearchFault::too_long: return {std::move(pointer), "search-long", "Type less: a part of a name is enough"};
    case SearchFault::no_number: return {std::move(pointer), "search-number", "Type the whole NHS number or the whole telephone number"};
    case SearchFault::no_email: return {std::move(pointer), "search-email", "Type the whole e-mail address"};
  }
  return {std::move(pointer), "wrong", "This is not right"};
}

}  // namespace care
