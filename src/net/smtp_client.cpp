// SPDX-License-Identifier: Apache-2.0
// See smtp_client.h.
#include "net/smtp_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <mutex>

namespace net {
namespace {

struct FreeEasy {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct FreeList {
  void operator()(curl_slist* l) const { curl_slist_free_all(l); }
};

struct Upload {
  const std::string* bytes;
  std::size_t at = 0;
};
std::size_t give(char* into, std::size_t size, std::size_t count, void* from) {
  auto& up = *static_cast<Upload*>(from);
  const std::size_t n = std::min(size * count, up.bytes->size() - up.at);
  std::memcpy(into, up.bytes->data() + up.at, n);
  up.at += n;
  return n;
}
std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

void begin_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

// <to> and nothing more: what stands in an address cannot add a command.
bool clean(const std::string& address) {
  return !address.empty() && std::ranges::all_of(address, [](char c) { return c > 0x20 && c < 0x7f && c != '<' && c != '>'; });
}

}  // namespace

SmtpAnswer send_mail(const SmtpSettings& s, const std::string& from, const std::string& to, const std::string& bytes) {
  using How = SmtpAnswer::How;
  if (!clean(from) || !clean(to)) return {.how = How::permanent, .code = 0};
  begin_curl();
  const std::unique_ptr<CURL, FreeEasy> curl(curl_easy_init());
  if (!curl) return {};
  const std::unique_ptr<curl_slist, FreeList> recipients(curl_slist_append(nullptr, ("<" + to + ">").c_str()));
  Upload upload{&bytes};
  const std::string sender = "<" + from + ">";
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, s.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(s.plain ? CURLUSESSL_NONE : CURLUSESSL_ALL));
  curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!s.certificates.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, s.certificates.c_str());
  if (!s.user.empty()) {
    curl_easy_setopt(c, CURLOPT_USERNAME, s.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, s.password.get().c_str());
  }
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender.c_str());
  curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(c, CURLOPT_READDATA, &upload);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(s.patience.millis()));
  const CURLcode done = curl_easy_perform(c);
  long code = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
  // The last reply. After a dropped line it is that of an earlier command, which says nothing of the mail.
  if (done == CURLE_OK) return {.how = How::accepted, .code = static_cast<int>(code)};
  const bool answered = code >= 400 && code < 600;
  return {.how = answered && code >= 500 ? How::permanent : How::temporary, .code = answered ? static_cast<int>(code) : 0};
}

}  // namespace net
