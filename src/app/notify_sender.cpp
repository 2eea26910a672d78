// SPDX-License-Identifier: Apache-2.0
// See notify_sender.h.
#include "app/notify_sender.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/record_id.h"
#include "crypto/base64url.h"
#include "crypto/sealing.h"

namespace app {
namespace {

constexpr std::size_t kUuid = 36, kBlock = 64;

// RFC 2104; the key is shorter than a block.
crypto::Sha256 hmac(std::string_view key, std::string_view message) {
  std::string inner(kBlock, '\x36'), outer(kBlock, '\x5c');
  for (std::size_t i = 0; i < key.size() && i < kBlock; ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const auto first = crypto::sha256(base::as_bytes(inner.append(message)));
  return crypto::sha256(base::as_bytes(outer.append(base::as_text(base::Bytes(first)))));
}

std::string encoded(const boost::json::object& o) { return crypto::to_base64url(base::as_bytes(base::json::print(o))); }

}  // namespace

std::optional<NotifySettings> parse_notify_key(const std::string& key) {
  if (key.size() < 2 * kUuid + 2) return std::nullopt;
  NotifySettings s;
  s.service = key.substr(key.size() - 2 * kUuid - 1, kUuid);
  s.secret = base::Redacted<std::string>(key.substr(key.size() - kUuid));
  if (!base::is_uuid(s.service) || !base::is_uuid(s.secret.get())) return std::nullopt;
  return s;
}

std::string notify_token(const NotifySettings& s, base::WallTime now) {
  const std::string said = encoded({{"typ", "JWT"}, {"alg", "HS256"}}) + "." + encoded({{"iss", s.service}, {"iat", now.us / 1'000'000}});
  return said + "." + crypto::to_base64url(hmac(s.secret.get(), said));
}

interop::Sent send_sms(http::Outbound& outbound, const NotifySettings& s, const std::string& number, const std::string& text,
                       const std::string& reference, base::WallTime now) {
  using How = interop::Sent::How;
  const auto answer = outbound.send({.method = http::Method::post,
                                     .url = s.url + "/v2/notifications/sms",
                                     .headers = {{"Authorization", "Bearer " + notify_token(s, now)}, {"Content-Type", "application/json"}},
                                     .body = base::Redacted<std::string>(base::json::print(boost::json::object{
                                         {"phone_number", number}, {"template_id", s.template_id}, {"personalisation", {{"body", text}}}, {"reference", reference}}))});
  if (!answer) return {.how = How::temporary, .code = "no-answer"};
  const std::string code = fmt::format("notify-{}", answer->status);
  if (answer->status == 201) return {.how = How::sent, .code = code};
  // 429 and 5xx pass; 403 may be a clock or a key that is mended; 400 stays wrong.
  return {.how = answer->status == 400 ? How::permanent : How::temporary, .code = code};
}

}  // namespace app
