// SPDX-License-Identifier: Apache-2.0
// See request.h.
#include "http/request.h"

#include <fmt/format.h>

#include <algorithm>

namespace http {
namespace {
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}
}  // namespace

std::string_view to_text(Method m) {
  switch (m) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::del: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: break;
  }
  return "other";
}

Method parse_method(std::string_view text) {
  for (const auto m : {Method::get, Method::head, Method::post, Method::put, Method::del, Method::options})
    if (text == to_text(m)) return m;
  return Method::other;
}

std::string_view find_header(const std::vector<Header>& headers, std::string_view name) {
  for (const auto& h : headers)
    if (same_name(h.name, name)) return h.value;
  return {};
}

void Response::set(std::string name, std::string value) {
  for (auto& h : headers) {
    if (!same_name(h.name, name)) continue;
    h.value = std::move(value);
    return;
  }
  headers.push_back({std::move(name), std::move(value)});
}

Response json(std::string body) {
  Response r;
  r.set("Content-Type", "application/json");
  r.set("Cache-Control", "no-store");
  r.body = std::make_shared<const std::string>(std::move(body));
  return r;
}

Response plain(int status, std::string body) {
  Response r;
  r.status = status;
  r.set("Content-Type", "text/plain; charset=utf-8");
  r.set("Cache-Control", "no-store");
  r.body = std::make_shared<const std::string>(std::move(body));
  return r;
}

Response problem(int status, std::string_view kind, std::string_view title) {
  Response r = json(fmt::format(R"({{"type":"/problems/{}","title":"{}","status":{}}})", kind, title, status));
  r.status = status;
  r.set("Content-Type", "application/problem+json");
  return r;
}

}  // namespace http
