// SPDX-License-Identifier: Apache-2.0
// See person_export.h.
#include "interop/person_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/json.h"
#include "care/zone.h"
#include "interop/html_text.h"

namespace interop {
namespace {

namespace bj = boost::json;

constexpr std::array kTables = std::to_array<TableExported>({
    {"person", "about-you", ""},
    {"person_need", "needs", ""},
    {"person_search", "", "scrambled parts of the names and numbers in about-you, which nobody can read"},
    {"membership", "groups", ""},
    {"membership_step", "groups", ""},
    {"supporter", "groups", ""},
    {"preparation", "preparation", ""},
    {"agreement_acceptance", "agreements", ""},
    {"supporter_agreement", "", "what somebody else accepted for themselves"},
    {"supporter_attendance", "", "when somebody else was there"},
    {"safety_alert", "alerts", ""},
    {"safety_alert_step", "alerts", ""},
    {"place_hold", "", "why a place is kept some hours longer; the alert that it names is there itself"},
    {"staff_notice", "", "that staff were told to look; it holds nothing of any person"},
    {"idempotency", "", "an answer kept for a day at most against repeats; what it holds is there itself"},
    {"attendance", "sessions", ""},
    {"attendance_correction", "sessions", ""},
    {"message", "messages", ""},
    {"message_told", "messages", ""},
    {"contact_change", "messages", ""},
    {"personal_link", "links", ""},
    {"link_visit", "links", ""},
    {"today_place", "places", ""},
    {"break_glass", "opened", ""},
    {"reason_note", "opened", ""},
    {"audit", "opened", ""},
    {"legal_hold", "keeping", ""},
    {"retention_notice", "keeping", ""},
    {"seat_pass", "", "a scrambled key to one seat for one session, gone after it"},
});
constexpr std::array kLeftOut = std::to_array<ColumnLeftOut>({
    {"preparation.conflict_sealed", "what facilitators noted of who knows whom names others"},
    {"supporter.name_sealed", "somebody else's"},
    {"supporter.contacts_sealed", "somebody else's"},
    {"supporter.alias_sealed", "somebody else's"},
    {"legal_hold.note_sealed", "may be advice for a court or claim; the trust decides"},
    {"legal_hold.lift_note_sealed", "may be advice for a court or claim; the trust decides"},
    {"contact_change.code_sealed", "a code that may still open something"},
    {"person.nhs_number_index", "a scrambled form of the NHS number"},
});

bool word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80U) != 0; }
constexpr std::string_view kMask = "[somebody else]";
constexpr std::size_t kShortest = 3;

// ASCII letters alone, so that places stay the same.
std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (word_char(c)) {
      out.back() += c;
    } else if (!out.back().empty()) {
      out.emplace_back();
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

// What is a code or a moment of the program's, not somebody's words.
constexpr std::array<std::string_view, 18> kCodes{"what", "origin", "state", "reason", "outcome", "mode", "planned", "channel", "kind", "how", "source", "action", "data",
                                                  "method", "headphones", "technology", "way", "part"};
// Of staff who acted in their work, and ids.
constexpr std::array<std::string_view, 7> kNotMasked{"by", "to", "id", "trust", "team", "group", "movedTo"};
template <std::size_t n>
bool is_one_of(const std::array<std::string_view, n>& all, std::string_view key) {
  return std::ranges::find(all, key) != all.end();
}

void mask_in(bj::value& v, const Others& others, std::string_view key) {
  if (auto* text = v.if_string()) {
    if (!is_one_of(kCodes, key) && !is_one_of(kNotMasked, key)) *text = masked(std::string_view(*text), others);
  } else if (auto* list = v.if_array()) {
    for (auto& each : *list) mask_in(each, others, key);
  } else if (auto* object = v.if_object()) {
    for (auto& [name, each] : *object) mask_in(each, others, name);
  }
}

// Lines of what somebody wrote stay lines.
std::string with_breaks(std::string_view text) {
  std::string out = escaped(text);
  for (std::size_t at = 0; (at = out.find('\n', at)) != std::string::npos;) out.replace(at, 1, "<br>");
  return out;
}

// "legalName" as "Legal name".
std::string label_of(std::string_view key) {
  constexpr std::array kOwn = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"nhsNumber", "NHS number"}, {"sms", "Text message"}, {"by", "Who"}, {"at", "When"}, {"ifLineDrops", "If the connection drops"}, {"came", "Came in"},
       {"left", "Went out"}, {"data", "What part"}, {"action", "What was done"}, {"decile", "Decile (1 is the most deprived)"}});
  for (const auto& [name, words] : kOwn)
    if (name == key) return std::string(words);
  std::string out;
  for (const char c : key) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0) out += ' ';
    out += out.empty() ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  std::ranges::replace(out, '_', ' ');
  return out;
}

struct Page {
  std::string html;
  std::optional<care::Zone> zone;

  std::string text_of(std::string_view text, std::string_view key) const {
    if (const auto at = text.size() == 20 ? care::parse_iso(text) : std::nullopt; at && zone) {
      const auto shown = zone->shown_at(*at);
      return care::to_text(shown.date) + ", " + care::to_text(shown.time);
    }
    std::string out(text);
    if (is_one_of(kCodes, key))
      for (char& c : out) c = c == '_' || c == '-' ? ' ' : c;
    return with_breaks(out);
  }
  static bool plain(const bj::value& v) { return !v.is_object() && !v.is_array(); }

  void add(const bj::value& v, std::string_view key, int depth) {
    if (const auto* object = v.if_object()) {
      html += "<dl>";
      for (const auto& [name, each] : *object) {
        html += "<dt>" + escaped(label_of(name)) + "</dt><dd>";
        add(each, name, depth + 1);
        html += "</dd>";
      }
      html += "</dl>";
    } else if (const auto* list = v.if_array()) {
      if (list->empty()) html += "<p>Nothing.</p>";
      const bool short_ones = std::ranges::all_of(*list, plain);
      if (short_ones && !list->empty()) html += "<ul>";
      for (const auto& each : *list) {
        html += short_ones ? "<li>" : "<div class=\"one\">";
        add(each, key, depth + 1);
        html += short_ones ? "</li>" : "</div>";
      }
      if (short_ones && !list->empty()) html += "</ul>";
    } else if (const auto* text = v.if_string()) {
      html += text->empty() ? "<span class=\"soft\">not said</span>" : text_of(std::string_view(*text), key);
    } else if (v.is_null()) {
      html += "<span class=\"soft\">not said</span>";
    } else if (v.is_bool()) {
      html += v.get_bool() ? "yes" : "no";
    } else {
      html += with_breaks(base::json::print(v));
    }
  }
};

constexpr std::string_view kStyle =
    "body{font:1.125rem/1.6 Arial,sans-serif;color:#212b32;background:#fff;margin:0 auto;max-width:44rem;padding:1.5rem}"
    "h1{font-size:1.75rem}dl{margin:0}dt{font-weight:bold;margin-top:.6rem}dd{margin:0 0 0 1rem;overflow-wrap:anywhere}"
    ".one{border-top:1px solid #768692;padding:.75rem 0}.soft{color:#4c6272}a{color:#005eb8}";

std::string page(std::string_view title, const std::string& body) {
  return fmt::format("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
                     "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<main>\n<h1>{0}</h1>\n{2}\n</main>\n</body>\n</html>\n",
                     escaped(title), kStyle, body);
}

std::string first_page(const std::vector<Area>& areas, const Letterhead& head) {
  std::string body = fmt::format("<p>{} made this copy for you on {}.</p>\n<p>It holds everything about you that is kept in this service. The name of a "
                                 "person who is not you is shown as {}, where somebody wrote it down. What is said in a group, and its sound and "
                                 "pictures, is never kept, so it is not here.</p>\n<p>Something is wrong, or you do not understand it? Tell your team. "
                                 "They can put it right.</p>\n<ul>\n",
                                 with_breaks(head.trust), care::to_text(care::LocalDate{static_cast<int>(head.made.us / 86'400'000'000)}), kMask);
  for (const Area& a : areas) body += fmt::format("<li><a href=\"{}.html\">{}</a></li>\n", a.name, escaped(a.title));
  return page("A copy of your record", body + "</ul>\n<p>The folder “data” holds the same for a computer to read.</p>");
}

}  // namespace

std::span<const TableExported> tables_exported() { return kTables; }
std::span<const ColumnLeftOut> columns_left_out() { return kLeftOut; }

Others others_of(const std::vector<std::string>& whole_names, const std::vector<std::string>& own_names) {
  std::vector<std::string> own;
  for (const auto& name : own_names) {
    own.push_back(name);
    for (auto& word : words_of(name)) own.push_back(std::move(word));
  }
  Others out;
  const auto add = [&](const std::string& name) {
    if (name.size() >= kShortest && std::ranges::find(own, name) == own.end()) out.names.push_back(name);
  };
  for (const auto& name : whole_names) {
    add(name);
    for (const auto& word : words_of(name)) add(word);
  }
  // The longest first, so that a whole name is one mask.
  std::ranges::sort(out.names, [](const auto& a, const auto& b) { return a.size() != b.size() ? a.size() > b.size() : a < b; });
  out.names.erase(std::ranges::unique(out.names).begin(), out.names.end());
  return out;
}

// A name of one word stands in other words too ("will", "hope"): it counts with its capital alone. Anything longer counts however written.
std::string masked(std::string_view text, const Others& others) {
  std::string out(text), low = lowered(text);
  for (const auto& name : others.names) {
    const bool one_word = std::ranges::all_of(name, word_char);
    const std::string sought = one_word ? name : lowered(name);
    for (std::size_t at = 0; (at = (one_word ? out : low).find(sought, at)) != std::string::npos;) {
      const std::size_t end = at + name.size();
      const bool whole = (at == 0 || !word_char(out[at - 1]) || !word_char(name.front())) && (end == out.size() || !word_char(out[end]) || !word_char(name.back()));
      if (whole) {
        out.replace(at, name.size(), kMask);
        low.replace(at, name.size(), kMask);
      }
      at += whole ? kMask.size() : 1;
    }
  }
  return out;
}

std::vector<FileInZip> files_of(std::vector<Area> areas, const Others& others, const Letterhead& head) {
  std::vector<FileInZip> out;
  out.push_back({"read-me-first.html", base::Redacted<std::string>(first_page(areas, head))});
  for (Area& a : areas) {
    if (a.masked) mask_in(a.content, others, "");
    Page p{.html = "<p><a href=\"read-me-first.html\">All parts of this copy</a></p>\n<p>" + escaped(a.words) + "</p>\n", .zone = care::Zone::find(head.zone)};
    p.add(a.content, "", 0);
    out.push_back({a.name + ".html", base::Redacted<std::string>(page(a.title, p.html))});
  }
  for (const Area& a : areas) out.push_back({"data/" + a.name + ".json", base::Redacted<std::string>(base::json::print(a.content) + "\n")});
  return out;
}

}  // namespace interop
