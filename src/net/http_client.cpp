// SPDX-License-Identifier: Apache-2.0
// See http_client.h.
#include "net/http_client.h"

#include <curl/curl.h>

#include <memory>
#include <stdexcept>

namespace net {
namespace {

struct Collected {
  std::string text;
  std::size_t most = 0;
  bool too_large = false;
};

// 0 ends the transfer.
std::size_t collect(char* data, std::size_t size, std::size_t count, void* to) {
  auto& into = *static_cast<Collected*>(to);
  if (into.text.size() + size * count > into.most) {
    into.too_large = true;
    return 0;
  }
  into.text.append(data, size * count);
  return size * count;
}

struct EasyEnd {
  void operator()(CURL* c) const { ::curl_easy_cleanup(c); }
};
struct ListEnd {
  void operator()(curl_slist* l) const { ::curl_slist_free_all(l); }
};

void add(std::unique_ptr<curl_slist, ListEnd>& list, const std::string& line) {
  curl_slist* longer = ::curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list.release();
  list.reset(longer);
}

}  // namespace

HttpClient::HttpClient() {
  static const bool ready = ::curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!ready) throw std::runtime_error("libcurl cannot start");
}

base::Result<http::OutboundAnswer, http::OutboundError> HttpClient::send(const http::OutboundRequest& request) {
  using http::OutboundError;
  if (!http::good_outbound_address(request.url)) return std::unexpected(OutboundError::refused_address);
  const std::unique_ptr<CURL, EasyEnd> easy(::curl_easy_init());
  if (!easy) return std::unexpected(OutboundError::unreachable);
  CURL* c = easy.get();
  Collected answer{.text = {}, .most = request.max_answer, .too_large = false};
  std::unique_ptr<curl_slist, ListEnd> headers;
  for (const auto& h : request.headers) add(headers, h.name + ": " + h.value);
  add(headers, "Expect:");
  ::curl_easy_setopt(c, CURLOPT_URL, request.url.c_str());
  ::curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, request.url.starts_with("https://") ? "https" : "http");
  ::curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  ::curl_easy_setopt(c, CURLOPT_PROXY, "");
  ::curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  ::curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(request.most.millis()));
  ::curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.most.millis()));
  ::curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
  ::curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
  ::curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
  ::curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, collect);
  ::curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
  if (request.method == http::Method::post) {
    ::curl_easy_setopt(c, CURLOPT_POST, 1L);
    ::curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.get().size()));
    ::curl_easy_setopt(c, CURLOPT_POSTFIELDS, request.body.get().data());
  }
  const CURLcode done = ::curl_easy_perform(c);
  if (answer.too_large) return std::unexpected(OutboundError::too_large);
  if (done == CURLE_OPERATION_TIMEDOUT) return std::unexpected(OutboundError::too_slow);
  if (done != CURLE_OK) return std::unexpected(OutboundError::unreachable);
  long status = 0;
  ::curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  return http::OutboundAnswer{.status = static_cast<int>(status), .body = base::Redacted<std::string>(std::move(answer.text))};
}

}  // namespace net
