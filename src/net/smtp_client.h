// SPDX-License-Identifier: Apache-2.0
// Hands one e-mail to an SMTP server (RFC 5321, STARTTLS by RFC 3207) through libcurl and says what the server answered. Not here:
// when to try again, the mail's bytes. Invariant: a 5xx is permanent, everything else that is no 2xx is temporary, and an
// answer that never came is doubtful, so temporary: the same Message-ID is sent again. Blocks; a worker thread. Nothing that the
// server says is logged, since it repeats addresses.
#pragma once
#include <cstdint>
#include <string>

#include "base/instant.h"
#include "base/redacted.h"

namespace net {

struct SmtpSettings {
  std::string url;  // smtp://mail.example.org:587, or smtps://…
  std::string user;
  base::Redacted<std::string> password;
  bool plain = false;  // without TLS: a server on this machine, or a test
  std::string certificates;  // of authorities; empty: the system's
  base::Duration patience = base::Duration::seconds(60);
};
struct SmtpAnswer {
  enum class How : std::uint8_t { accepted, temporary, permanent } how = How::temporary;
  int code = 0;  // the server's reply; 0: none
};
[[nodiscard]] SmtpAnswer send_mail(const SmtpSettings& settings, const std::string& from, const std::string& to, const std::string& bytes);

}  // namespace net
