// SPDX-License-Identifier: Apache-2.0
// Text messages by GOV.UK Notify: POST /v2/notifications/sms with a JSON Web Token (RFC 7519, HS256) of the service's API key. Our
// Message-ID is the reference, so a doubtful message that is repeated can be told. Not here: when to try again; HTTP itself.
// Invariant: neither key nor number is logged. Blocks; any thread.
#pragma once
#include <optional>
#include <string>

#include "http/outbound.h"
#include "interop/message.h"

namespace app {

// An API key is "name-SERVICE-SECRET", of two UUIDs.
struct NotifySettings {
  std::string url = "https://api.notifications.service.gov.uk";
  std::string template_id;  // of a template whose whole text is ((body))
  std::string service;
  base::Redacted<std::string> secret;
  [[nodiscard]] bool set_up() const { return !template_id.empty() && !service.empty(); }
};
// Nothing where it is no such key.
[[nodiscard]] std::optional<NotifySettings> parse_notify_key(const std::string& key);
[[nodiscard]] std::string notify_token(const NotifySettings& settings, base::WallTime now);
[[nodiscard]] interop::Sent send_sms(http::Outbound& outbound, const NotifySettings& settings, const std::string& number, const std::string& text,
                                     const std::string& reference, base::WallTime now);

}  // namespace app
