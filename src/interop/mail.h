// SPDX-License-Identifier: Apache-2.0
// An e-mail as bytes: RFC 5322 headers, a plain and an HTML part, and a calendar entry where there is one (RFC 2045, 2046, 6047).
// The same mail gives the same bytes each time, so that a repeat is a repeat. Not here: SMTP (net/smtp_client). Invariant: no
// header can be added by what is filled in. Pure; any thread.
#pragma once
#include <string>
#include <string_view>

#include "base/instant.h"
#include "interop/message.h"

namespace interop {

struct Mail {
  std::string from, from_name, to;  // addresses without <>
  std::string message_id;           // without <>
  base::WallTime written;
  std::string subject, text, language;
  Format format = Format::standard;
  std::string calendar;             // of calendar_text(); empty: none
  bool cancels = false;             // the calendar entry's METHOD
};
// Lines end with CRLF and are at most 998 bytes long; everything is ASCII.
[[nodiscard]] std::string mail_text(const Mail& mail);
// Paragraphs become <p>, addresses that begin with http become links. Everything else is escaped.
// Large print is 18 point or more (RNIB Clear Print), Easy Read 16 point with room between its sentences.
[[nodiscard]] std::string html_of(std::string_view text, std::string_view language, std::string_view title, Format format);
// RFC 2047 where it is needed, and on one line in any case.
[[nodiscard]] std::string header_text(std::string_view text);

}  // namespace interop
