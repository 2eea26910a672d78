// SPDX-License-Identifier: Apache-2.0
// See site.h.
#include "http/site.h"

#include <algorithm>

#include "http/static_files.h"

namespace http {
namespace {

// Everything from this address and nothing from any other. blob: and data: for pictures made here, blob: for workers and
// audio worklets of the client; 'wasm-unsafe-eval' for the picture masks. connect-src 'self' covers the WebSocket of this
// address (CSP level 3) and no other.
constexpr std::string_view kContentSecurity =
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' data: blob:; "
    "media-src 'self' blob: mediastream:; connect-src 'self'; style-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

// By its own name and not passed on by a proxy: a page of another site that resolves its name to 127.0.0.1 is neither.
bool from_this_machine(const Request& r) {
  if (!r.loopback || !r.header("Forwarded").empty() || !r.header("X-Forwarded-For").empty()) return false;
  const std::string_view host = r.header("Host");
  const std::string_view name = host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
  return name == "localhost" || name == "127.0.0.1" || name == "[::1]";
}

std::size_t segment_end(std::string_view text, std::size_t at) { return std::min(text.find('/', at), text.size()); }

}  // namespace

std::string_view to_text(Permission p) {
  switch (p) {
    case Permission::anyone: return "anyone";
    case Permission::link_holder: return "link-holder";
    case Permission::facilitating_link: return "facilitating-link";
    case Permission::this_machine: return "this-machine";
    case Permission::staff: return "staff";
    case Permission::visitor: return "visitor";
    case Permission::staff_or_visitor: return "staff-or-visitor";
    case Permission::bearer: return "bearer";
  }
  return "";
}
std::string_view to_text(Audit a) {
  switch (a) {
    case Audit::none: return "none";
    case Audit::read_own: return "read-own";
    case Audit::read_group: return "read-group";
    case Audit::read_person: return "read-person";
    case Audit::change: return "change";
  }
  return "";
}

bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& values) {
  values.clear();
  if (pattern.empty() || path.empty() || pattern[0] != '/' || path[0] != '/') return false;
  std::size_t a = 1, b = 1;
  for (;;) {
    const std::size_t a_end = segment_end(pattern, a), b_end = segment_end(path, b);
    const std::string_view want = pattern.substr(a, a_end - a), got = path.substr(b, b_end - b);
    if (want.size() > 2 && want.front() == '{' && want.back() == '}') {
      if (got.empty()) return false;
      values.emplace_back(got);
    } else if (want != got) {
      return false;
    }
    if (a_end == pattern.size() || b_end == path.size()) return a_end == pattern.size() && b_end == path.size();
    a = a_end + 1;
    b = b_end + 1;
  }
}

void Site::add(Route route) { routes_.push_back(std::move(route)); }

std::optional<std::size_t> Site::max_body(Method method, std::string_view path) const {
  std::vector<std::string> ignored;
  for (const auto& r : routes_)
    if (r.method == method && matches(r.pattern, path, ignored)) return r.max_body;
  return std::nullopt;
}

const WebSocketRoute* Site::find_socket(std::string_view path) const {
  for (const auto& r : sockets_)
    if (r.path == path) return &r;
  return nullptr;
}

bool Site::origin_allowed(const Request& request) const {
  const std::string_view origin = request.header("Origin");
  if (origin.empty()) return true;
  const std::string own = std::string(request.secure ? "https://" : "http://") + std::string(request.header("Host"));
  return origin == own || std::ranges::find(policy_.allowed_origins, origin) != policy_.allowed_origins.end();
}

Response Site::handle(Request request, base::Now now) const {
  const bool head = request.method == Method::head;
  if (head) request.method = Method::get;
  Response r = answer(request, now);
  if (head) {
    // RFC 9110 section 9.3.2: the same fields, no content.
    if (r.body) r.set("Content-Length", std::to_string(r.body->size()));
    r.body = nullptr;
  }
  finish(r);
  if (watcher_ != nullptr) watcher_(request, r);
  return r;
}

Response Site::answer(Request& request, base::Now now) const {
  const std::string& path = request.target.path;
  std::string allowed;
  for (const auto& route : routes_) {
    if (!matches(route.pattern, path, request.path_values)) continue;
    if (route.method != request.method) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(to_text(route.method));
      continue;
    }
    if (request.body.get().size() > route.max_body) return problem(413, "too-large", "The request is too large");
    if (route.permission == Permission::this_machine && !from_this_machine(request))
      return problem(404, "not-found", "There is nothing here");
    if (route.method != Method::get && !origin_allowed(request))
      return problem(403, "other-origin", "Requests from other sites are not taken");
    return route.handler(request, now);
  }
  if (!allowed.empty()) {
    Response r = problem(405, "method-not-allowed", "This address does not take that method");
    r.set("Allow", allowed);
    return r;
  }
  if (path.starts_with("/api/") || files_ == nullptr) return problem(404, "not-found", "There is nothing here");
  if (request.method != Method::get) return problem(405, "method-not-allowed", "This address does not take that method");
  Response r = files_->serve(request, path);
  if (r.status != 404) return r;
  // "/staff" is the page of "/staff/groups" too: the client finds its way from there.
  const bool page = path == "/" || std::ranges::any_of(policy_.page_paths, [&](const std::string& p) {
    return path.starts_with(p) && (path.size() == p.size() || path[p.size()] == '/');
  });
  if (!page) return problem(404, "not-found", "There is nothing here");
  r = files_->serve(request, "/index.html");
  if (r.status == 404) return plain(503, "The browser client is not built yet: see README.md.\n");
  return r;
}

void Site::finish(Response& r) const {
  r.set("Content-Security-Policy", std::string(kContentSecurity));
  r.set("Referrer-Policy", "no-referrer");
  r.set("Permissions-Policy",
        "camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self), autoplay=(self), "
        "fullscreen=(self), geolocation=(), payment=(), usb=()");
  r.set("Cross-Origin-Opener-Policy", "same-origin");
  r.set("Cross-Origin-Resource-Policy", "same-origin");
  r.set("X-Content-Type-Options", "nosniff");
  r.set("X-Frame-Options", "DENY");
  if (policy_.tls) r.set("Strict-Transport-Security", "max-age=31536000");
}

}  // namespace http
