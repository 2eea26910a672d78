// SPDX-License-Identifier: Apache-2.0
// See delivery_status.h.
#include "interop/delivery_status.h"

#include <algorithm>
#include <vector>

namespace interop {
namespace {

constexpr std::size_t kUuid = 36, kMostFields = 200, kMostParts = 20, kLongestStatus = 11;

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lowered(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), small);
  return out;
}
std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t' || s.front() == '\r')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}
bool digit(char c) { return c >= '0' && c <= '9'; }

// One line off the front, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

struct HeaderField {
  std::string name, value;  // the name in small letters; folded lines joined (RFC 5322 section 2.2.3)
};
// Fields up to an empty line, which is taken, too.
std::vector<HeaderField> take_fields(std::string_view& text) {
  std::vector<HeaderField> out;
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (trimmed(line).empty()) break;
    if ((line.front() == ' ' || line.front() == '\t') && !out.empty()) {
      out.back().value += " " + std::string(trimmed(line));
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || out.size() == kMostFields) continue;
    out.push_back({lowered(trimmed(line.substr(0, colon))), std::string(trimmed(line.substr(colon + 1)))});
  }
  return out;
}
std::string value_of(const std::vector<HeaderField>& fields, std::string_view name) {
  const auto at = std::ranges::find(fields, name, &HeaderField::name);
  return at == fields.end() ? std::string() : at->value;
}

// RFC 2045 section 5.1; a quoted value may hold anything but a quote.
std::string parameter(std::string_view content_type, std::string_view name) {
  const std::string in = lowered(content_type);
  const std::string wanted = std::string(name) + "=";
  for (std::size_t at = in.find(wanted); at != std::string::npos; at = in.find(wanted, at + 1)) {
    if (at > 0 && in[at - 1] != ';' && in[at - 1] != ' ' && in[at - 1] != '\t') continue;
    std::string_view rest = content_type.substr(at + wanted.size());
    if (rest.starts_with('"')) {
      rest.remove_prefix(1);
      return std::string(rest.substr(0, std::min(rest.find('"'), rest.size())));
    }
    return std::string(trimmed(rest.substr(0, std::min(rest.find_first_of("; \t"), rest.size()))));
  }
  return {};
}

// The part of this type in a multipart body (RFC 2046 section 5.1.1); nothing where there is none.
std::optional<std::string_view> part_of_type(std::string_view body, const std::string& boundary, std::string_view type) {
  if (boundary.empty() || boundary.size() > 70) return std::nullopt;
  const std::string delimiter = "--" + boundary;
  std::size_t parts = 0;
  std::optional<std::string_view> inside;
  std::size_t length = 0;
  while (!body.empty()) {
    const std::string_view before = body;
    const std::string_view line = take_line(body);
    if (line.starts_with(delimiter)) {
      if (inside) return inside->substr(0, length);
      if (trimmed(line) == delimiter + "--" || ++parts > kMostParts) return std::nullopt;
      std::string_view rest = body;
      const auto fields = take_fields(rest);
      if (lowered(value_of(fields, "content-type")).starts_with(type)) {
        inside = rest;
        length = 0;
        body = rest;
      }
      continue;
    }
    if (inside) length += before.size() - body.size();
  }
  return inside ? std::optional(inside->substr(0, length)) : std::nullopt;
}

// RFC 3463 section 2: class "." subject "." detail.
std::string status_of(std::string_view said) {
  const std::string_view s = trimmed(said.substr(0, std::min(said.find_first_of(" (\t"), said.size())));
  const bool good = s.size() >= 5 && s.size() <= kLongestStatus && (s[0] == '4' || s[0] == '5') && s[1] == '.' && std::ranges::count(s, '.') == 2 &&
                    s.back() != '.' && std::ranges::all_of(s, [](char c) { return digit(c) || c == '.'; });
  return good ? std::string(s) : std::string("5.0.0");
}

// The first recipient who will not get it (RFC 3464 section 2.3.3).
std::optional<std::string> failed_status(std::string_view report) {
  (void)take_fields(report);  // of the message
  while (!report.empty()) {
    const auto fields = take_fields(report);
    if (lowered(value_of(fields, "action")).starts_with("failed")) return status_of(value_of(fields, "status"));
  }
  return std::nullopt;
}

}  // namespace

std::string bounce_address(std::string_view base, std::string_view id) {
  const std::size_t at = base.find('@');
  if (at == std::string_view::npos || at == 0) return {};
  return std::string(base.substr(0, at)) + "+" + std::string(id) + std::string(base.substr(at));
}

std::optional<std::string> id_in_address(std::string_view address) {
  for (std::size_t at = address.find('+'); at != std::string_view::npos; at = address.find('+', at + 1)) {
    const std::string id = lowered(address.substr(at + 1, kUuid));
    const std::size_t end = at + 1 + kUuid;
    if (end < address.size() && address[end] == '@' && base::is_uuid(id)) return id;
  }
  return std::nullopt;
}

std::optional<Bounce> read_bounce(std::string_view mail, std::string_view recipient) {
  if (mail.size() > kMostReport) mail = mail.substr(0, kMostReport);
  if (mail.starts_with("From ")) (void)take_line(mail);  // as pipe transports write it
  const auto fields = take_fields(mail);
  const std::string type = value_of(fields, "content-type");
  if (!lowered(type).starts_with("multipart/report") || lowered(parameter(type, "report-type")) != "delivery-status") return std::nullopt;
  std::optional<std::string> id = id_in_address(recipient);
  for (const auto& name : {"delivered-to", "x-original-to", "to"})
    if (!id) id = id_in_address(value_of(fields, name));
  if (!id) return std::nullopt;
  const auto report = part_of_type(mail, parameter(type, "boundary"), "message/delivery-status");
  const auto status = report ? failed_status(*report) : std::nullopt;
  if (!status) return std::nullopt;
  return Bounce{std::move(*id), *status};
}

}  // namespace interop
