// SPDX-License-Identifier: Apache-2.0
// See mail.h.
#include "interop/mail.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "interop/html_text.h"

namespace interop {
namespace {

constexpr std::size_t kLine = 76;

std::string base64(std::string_view bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t n = 0;
    for (std::size_t j = 0; j < 3; ++j) n = n << 8 | (j < left ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += j <= left ? kDigits[n >> (18 - 6 * j) & 63] : '=';
  }
  return out;
}
// RFC 2045 section 6.8: lines of at most 76.
std::string base64_lines(std::string_view bytes) {
  const std::string all = base64(bytes);
  std::string out;
  for (std::size_t at = 0; at < all.size(); at += kLine) out += all.substr(at, kLine) + "\r\n";
  return out;
}

bool plain_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

// RFC 5322 section 3.3, in UTC.
std::string date_text(base::WallTime at) {
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t seconds = at.us / 1'000'000;
  std::tm t{};
  ::gmtime_r(&seconds, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[static_cast<std::size_t>(t.tm_wday)], t.tm_mday,
                     kMonths[static_cast<std::size_t>(t.tm_mon)], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

// An address that could end its header or add one is none.
std::string address(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c > 0x20 && c < 0x7f && c != '<' && c != '>' && c != ',' && c != ';') out += c;
  return out;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\r') continue;
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string part(std::string_view type, std::string_view bytes, std::string_view more = "") {
  return fmt::format("Content-Type: {}\r\n{}Content-Transfer-Encoding: base64\r\n\r\n{}", type, more, base64_lines(bytes));
}

}  // namespace

std::string header_text(std::string_view text) {
  std::string line;
  for (const char c : text) line += c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
  if (plain_ascii(line) && line.find("=?") == std::string::npos && line.size() <= 200) return line;
  // RFC 2047 section 2: encoded words of at most 75, cut between characters.
  std::string out;
  for (std::size_t at = 0; at < line.size();) {
    std::size_t end = std::min(line.size(), at + 42);
    while (end < line.size() && end > at && (static_cast<unsigned char>(line[end]) & 0xc0) == 0x80) --end;
    if (end == at) end = std::min(line.size(), at + 42);
    out += (out.empty() ? "" : "\r\n ") + fmt::format("=?UTF-8?B?{}?=", base64(std::string_view(line).substr(at, end - at)));
    at = end;
  }
  return out;
}

std::string html_of(std::string_view text, std::string_view language, std::string_view title, Format format) {
  const char* size = format == Format::large_print ? "font-size: 18pt; line-height: 1.6"
                     : format == Format::easy_read ? "font-size: 16pt; line-height: 1.8"
                                                   : "font-size: 19px; line-height: 1.5";
  std::string out = fmt::format("<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n"
                                "<body style=\"font-family: Arial, sans-serif; {}; max-width: 38em\">\n",
                                escaped(language), escaped(title), size);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    const std::string_view paragraph = text.substr(0, end);
    text.remove_prefix(end);
    while (text.starts_with('\n')) text.remove_prefix(1);
    if (paragraph.empty()) continue;
    const bool link = (paragraph.starts_with("https://") || paragraph.starts_with("http://")) && paragraph.find_first_of(" \n") == std::string_view::npos;
    const std::string inside = escaped(paragraph);
    out += link ? fmt::format("<p><a href=\"{}\" rel=\"noreferrer\">{}</a></p>\n", inside, inside) : fmt::format("<p>{}</p>\n", inside);
  }
  return out + "</body>\n</html>\n";
}

std::string mail_text(const Mail& m) {
  // The boundary cannot stand in a part: parts are base64.
  const std::string outer = "=_mixed", inner = "=_words";
  std::string out = fmt::format("From: {} <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}>\r\nMIME-Version: 1.0\r\n"
                                "Content-Language: {}\r\nAuto-Submitted: auto-generated\r\n",
                                header_text(m.from_name), address(m.from), address(m.to), header_text(m.subject), date_text(m.written),
                                address(m.message_id), address(m.language));
  const std::string method = m.cancels ? "CANCEL" : "REQUEST";
  std::string words = fmt::format("--{}\r\n{}--{}\r\n{}", inner, part("text/plain; charset=utf-8", with_crlf(m.text)), inner,
                                  part("text/html; charset=utf-8", with_crlf(html_of(m.text, m.language, m.subject, m.format))));
  // RFC 6047 section 2.4: mail programs that know invitations find it here; others show the attachment.
  if (!m.calendar.empty())
    words += fmt::format("--{}\r\n{}", inner, part(fmt::format("text/calendar; charset=utf-8; method={}", method), with_crlf(m.calendar)));
  words += fmt::format("--{}--\r\n", inner);
  if (m.calendar.empty()) return out + fmt::format("Content-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n{}", inner, words);
  out += fmt::format("Content-Type: multipart/mixed; boundary=\"{}\"\r\n\r\n--{}\r\nContent-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n{}",
                     outer, outer, inner, words);
  out += fmt::format("--{}\r\n{}", outer, part(fmt::format("text/calendar; charset=utf-8; method={}; name=\"appointment.ics\"", method),
                                               with_crlf(m.calendar), "Content-Disposition: attachment; filename=\"appointment.ics\"\r\n"));
  return out + fmt::format("--{}--\r\n", outer);
}

}  // namespace interop
