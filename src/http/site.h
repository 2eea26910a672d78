// SPDX-License-Identifier: Apache-2.0
// Everything one address serves: the route table, the WebSocket routes and the client's files, with security headers on
// every answer and problem details for every refusal. Not here: sockets; what a route does. Handlers may run on any thread
// at once; the tables do not change once the server runs.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "http/request.h"
#include "http/web_socket.h"

namespace http {

class StaticFiles;

// Who may call a route. The handler proves it; the table says what it proves (the test of the house reads it).
// staff: signed in. visitor: a personal link whose holder confirmed who they are. staff_or_visitor: either.
// bearer: a service of others that holds the token that was agreed.
enum class Permission : std::uint8_t { anyone, link_holder, facilitating_link, this_machine, staff, visitor, staff_or_visitor, bearer };
// What an audit row of the call would say. `none`: nothing personal is read or changed.
enum class Audit : std::uint8_t { none, read_own, read_group, read_person, change };
[[nodiscard]] std::string_view to_text(Permission);
[[nodiscard]] std::string_view to_text(Audit);

struct Route {
  Method method = Method::get;
  std::string pattern;  // "/api/rooms/{room}": a whole segment in braces matches any one segment
  Permission permission = Permission::anyone;
  Audit audit = Audit::none;
  std::size_t max_body = 0;
  std::function<Response(const Request&, base::Now)> handler;
};

struct SitePolicy {
  bool tls = false;                           // adds HSTS
  std::vector<std::string> page_paths;        // "/join": answered with index.html
  std::vector<std::string> allowed_origins;   // beyond the address itself, for WebSockets and POST
};

class Site {
 public:
  Site(SitePolicy policy, const StaticFiles* files) : policy_(std::move(policy)), files_(files) {}
  void add(Route route);
  void add(WebSocketRoute route) { sockets_.push_back(std::move(route)); }

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }
  // The largest body the route of this method and path takes; nothing where there is no such route.
  [[nodiscard]] std::optional<std::size_t> max_body(Method method, std::string_view path) const;
  [[nodiscard]] Response handle(Request request, base::Now now) const;
  [[nodiscard]] const WebSocketRoute* find_socket(std::string_view path) const;
  // A browser's Origin must be this address or one that is allowed (RFC 6455 section 10.2); no Origin is no browser.
  [[nodiscard]] bool origin_allowed(const Request& request) const;
  // The headers that every answer carries.
  void finish(Response& response) const;
  // For tests: told of every answer of every site of this program (answers_for_tests.cpp). Set before any is handled.
  using Watcher = void (*)(const Request&, const Response&);
  static void watch(Watcher watcher) { watcher_ = watcher; }

 private:
  [[nodiscard]] Response answer(Request& request, base::Now now) const;
  static inline Watcher watcher_ = nullptr;
  SitePolicy policy_;
  const StaticFiles* files_;
  std::vector<Route> routes_;
  std::vector<WebSocketRoute> sockets_;
};

// Segment by segment; fills `values` with what stood at {…}.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view path, std::vector<std::string>& values);

}  // namespace http
