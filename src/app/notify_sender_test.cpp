// SPDX-License-Identifier: Apache-2.0
// Text messages against a made-up GOV.UK Notify that checks the token as the real one does.
#include "app/notify_sender.h"

#include <gmock/gmock.h>
#include <openssl/hmac.h>

#include "base/json.h"
#include "crypto/base64url.h"

namespace app {
namespace {

constexpr const char* kService = "11111111-2222-7333-8444-555555555555";
constexpr const char* kSecret = "aaaaaaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee";

// Takes what has a token of the right service, key and time.
class MadeUpNotify final : public http::Outbound {
 public:
  base::Result<http::OutboundAnswer, http::OutboundError> send(const http::OutboundRequest& r) override {
    last = r;
    if (gone) return std::unexpected(http::OutboundError::unreachable);
    const std::string token(http::find_header(r.headers, "Authorization").substr(7));
    const std::size_t second = token.rfind('.'), first = token.find('.');
    const std::string said = token.substr(0, second);
    unsigned char mac[32];
    unsigned size = 0;
    ::HMAC(EVP_sha256(), kSecret, 36, reinterpret_cast<const unsigned char*>(said.data()), said.size(), mac, &size);
    const auto claims = crypto::from_base64url(said.substr(first + 1));
    const auto read = base::json::parse(base::as_text(base::Bytes(*claims)), {});
    const bool good = crypto::to_base64url(base::Bytes(mac, size)) == token.substr(second + 1) && read->at("iss").as_string() == kService &&
                      std::abs(read->at("iat").as_int64() - now) <= 30;
    return http::OutboundAnswer{.status = good ? status : 403, .body = {}};
  }
  http::OutboundRequest last;
  std::int64_t now = 1'763'300'000;
  int status = 201;
  bool gone = false;
};

NotifySettings settings(const std::string& secret = kSecret) {
  auto s = *parse_notify_key(std::string("quietroom-") + kService + "-" + secret);
  s.template_id = "00000000-0000-7000-8000-000000000000";
  return s;
}
interop::Sent send(MadeUpNotify& notify, const NotifySettings& s) { return send_sms(notify, s, "+447700900123", "Hello", "1@example.org", {notify.now * 1'000'000}); }

TEST(Notify, takes_a_text_with_a_token_of_the_service) {
  MadeUpNotify notify;
  EXPECT_EQ(send(notify, settings()).how, interop::Sent::How::sent);
  EXPECT_EQ(notify.last.url, "https://api.notifications.service.gov.uk/v2/notifications/sms");
  const auto body = base::json::parse(notify.last.body.get(), {});
  EXPECT_EQ(body->at("phone_number").as_string(), "+447700900123");
  EXPECT_EQ(body->at("reference").as_string(), "1@example.org");
  EXPECT_EQ(body->at("personalisation").at("body").as_string(), "Hello");
}

TEST(Notify, another_key_is_no_token) {
  MadeUpNotify notify;
  const auto sent = send(notify, settings("aaaaaaaa-bbbb-7ccc-8ddd-ffffffffffff"));
  EXPECT_EQ(sent.how, interop::Sent::How::temporary);
  EXPECT_EQ(sent.code, "notify-403");
}

TEST(Notify, says_what_is_for_good_and_what_passes) {
  MadeUpNotify notify;
  for (const auto& [status, how] : {std::pair{400, interop::Sent::How::permanent}, {429, interop::Sent::How::temporary}, {500, interop::Sent::How::temporary}}) {
    notify.status = status;
    EXPECT_EQ(send(notify, settings()).how, how) << status;
  }
  notify.gone = true;
  EXPECT_EQ(send(notify, settings()).code, "no-answer");
}

TEST(Notify, a_key_that_is_none_is_refused) {
  for (const char* key : {"", "x", "quietroom-1-2", "quietroom-11111111-2222-7333-8444-555555555555-zzzz"}) EXPECT_FALSE(parse_notify_key(key)) << key;
}

}  // namespace
}  // namespace app
