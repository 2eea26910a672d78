// SPDX-License-Identifier: Apache-2.0
// The way every request of the service takes: authenticate, ask the access table, open a transaction, let the route's handler
// load, decide and save, write the audit rows, commit, answer. A handler sees a Call and returns an answer; an answer of 400 or
// more, or a failed transaction, leaves nothing behind. Busy databases are tried again a few times. Not here: what any route
// does. Invariant: no row about a person leaves without Call::open() having said yes and its audit row being on the disk.
// Handlers may run on any thread at once.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "care/access.h"
#include "care/field_fault.h"
#include "http/site.h"
#include "store/audit_queue.h"
#include "store/key_ring.h"
#include "store/pool.h"

namespace care {

[[nodiscard]] http::Response unprocessable(const std::vector<FieldFault>& faults);  // 422
[[nodiscard]] http::Response not_found();                                           // also where it must not be known
[[nodiscard]] http::Response refused();                                             // 403
[[nodiscard]] http::Response reason_wanted();                                       // 403 of a kind of its own
[[nodiscard]] http::Response answer_of(store::StoreError);
[[nodiscard]] std::vector<FieldFault> faults_of(const base::json::Problems&);

template <class T>
using OrAnswer = base::Result<T, http::Response>;

// What an audit row says the call was about.
struct Subject {
  std::string_view kind;  // "person", "group", "session", …
  std::string id;
  PersonId person;        // whose record, where it is somebody's
};

// A reason given with a request: the headers "Quietroom-Reason" (a code) and, percent-encoded, "Quietroom-Reason-Note".
struct Reason {
  std::string code;
  base::Redacted<std::string> note;
};

class Call {
 public:
  Call(const http::Request& request, base::Now now, const Actor& actor, store::Transaction& transaction, const store::KeyRing& keys,
       base::Entropy& entropy)
      : request(request), now(now), actor(actor), tx(transaction), keys(keys), entropy(entropy) {}
  const http::Request& request;
  const base::Now now;
  const Actor& actor;
  store::Transaction& tx;
  const store::KeyRing& keys;
  base::Entropy& entropy;

  // May the actor? Notes the audit row where yes (once a subject and kind of data) and where no. Where a reason is needed it
  // is taken from the request; `refused` and `reason_wanted` are what to answer with.
  [[nodiscard]] OrAnswer<Verdict> open(Data data, Access access, const Where& where, const Subject& subject);
  // A further audit row, for a change that has a name of its own ("break-glass", "revoke").
  void note(std::string_view action, Data data, const Subject& subject);

  // The last audit row's reason, its words sealed beside it.
  void give_reason(const Reason& reason);

  // Id number `i` of the path; 404 where it is none.
  template <class Id>
  [[nodiscard]] OrAnswer<Id> path_id(std::size_t i = 0) const {
    if (request.path_values.size() <= i) return std::unexpected(not_found());
    auto id = base::parse_id<Id>(request.path_values[i]);
    if (!id) return std::unexpected(not_found());
    return std::move(*id);
  }
  // The body as T; 415, or 422 with a pointer per field.
  template <class T>
  [[nodiscard]] OrAnswer<T> body() const {
    if (!request.header("Content-Type").starts_with("application/json"))
      return std::unexpected(http::problem(415, "not-json", "Send JSON"));
    auto read = base::json::read<T>(request.body.get(), base::json::Mode::strict, {.bytes = 256 * 1024, .depth = 16});
    if (!read) return std::unexpected(unprocessable(faults_of(read.error())));
    return std::move(*read);
  }
  [[nodiscard]] std::optional<std::string> query(std::string_view name) const;
  // If-Match against the version in hand: 428 where it is missing, 412 where another has changed it since.
  [[nodiscard]] OrAnswer<void> match(std::int64_t version) const;
  [[nodiscard]] std::optional<Reason> reason() const;

  std::vector<store::AuditEntry> audit;  // what the desk writes
 private:
  void put_reason(store::AuditEntry& row, const Reason& given);
  [[nodiscard]] store::AuditEntry entry(std::string_view action, Data data, const Subject& subject) const;
};

// 200 with `ETag: "version"`.
[[nodiscard]] http::Response versioned(std::string body, std::int64_t version);
// 201 with Location and ETag.
[[nodiscard]] http::Response created(std::string location, std::string body, std::int64_t version);
[[nodiscard]] http::Response no_content();

// A page of a list: up to `limit` rows after a cursor. Cursors are opaque and sealed, since they may stand on a name.
struct Page {
  std::int64_t limit = 50;
  std::string after;  // what the last row of the page before sorted by; empty: from the beginning
};
inline constexpr std::int64_t kMostRows = 200;
[[nodiscard]] OrAnswer<Page> page_of(const Call& call);  // ?limit=&after=
// Where the cursor stood in a body: what it was made from; 400 where it is none of ours.
[[nodiscard]] OrAnswer<std::string> open_cursor(const Call& call, std::string_view given);
[[nodiscard]] std::string cursor(const Call& call, std::string_view sorted_by);

// One row of the service's route table. The test of the house reads these; the walk over every route, role and team uses them.
struct ServiceRoute {
  http::Method method = http::Method::get;
  std::string pattern;
  http::Permission permission = http::Permission::staff;
  Data data = Data::identity;
  Access access = Access::read;
  http::Audit audit = http::Audit::none;
  std::size_t max_body = 0;
  bool creates = false;       // takes an Idempotency-Key
  bool holds_secret = false;  // so does its answer: it is kept (sealed) for minutes, not for a day
  // Let in beside the table, by a sentence of docs/access.md: the handler says to what.
  std::optional<Actor::Kind> beside{};
  std::function<http::Response(Call&)> handler;
};

// Who stands behind a request: nobody (401), staff, or the holder of a confirmed link.
using Doorkeeper = std::function<OrAnswer<Actor>(const http::Request&, base::Now)>;

class Desk {
 public:
  Desk(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, Doorkeeper doorkeeper)
      : pool_(pool), keys_(keys), entropy_(entropy), doorkeeper_(std::move(doorkeeper)), reads_(pool) {}
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  void add(http::Site& site, ServiceRoute route);
  [[nodiscard]] const std::vector<ServiceRoute>& routes() const { return routes_; }

 private:
  [[nodiscard]] http::Response serve(const ServiceRoute& route, const http::Request& request, base::Now now);
  [[nodiscard]] base::Result<http::Response, store::StoreError> once(const ServiceRoute& route, const http::Request& request,
                                                                      base::Now now, const Actor& actor);
  store::Pool& pool_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
  Doorkeeper doorkeeper_;
  store::AuditQueue reads_;
  std::vector<ServiceRoute> routes_;
};

}  // namespace care
