// SPDX-License-Identifier: Apache-2.0
// See delivery_routes.h.
#include "interop/delivery_routes.h"

#include "care/desk_routes.h"
#include "crypto/hmac.h"
#include "crypto/sealing.h"
#include "store/audit_trail.h"

namespace interop {
namespace {

using base::json::field;
constexpr std::size_t kMostBody = 8'192;

// Of what Notify sends, what we need. Their own messages by other ways carry no reference of ours.
struct Receipt {
  std::optional<base::json::Nullable<std::string>> reference;
  std::string status;
  static constexpr auto fields() { return std::tuple{field("reference", &Receipt::reference), field("status", &Receipt::status)}; }
};

bool has_token(const DeliveryDoor& door, const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view said = request.header("Authorization");
  if (!said.starts_with(kScheme)) return false;
  // Of hashes, so that not even the length of the token is told by how long it takes.
  const auto given = crypto::sha256(base::as_bytes(said.substr(kScheme.size()))), wanted = crypto::sha256(base::as_bytes(door.token.get()));
  return crypto::equal_in_constant_time(given, wanted);
}

http::Response taken() { return http::json("{}"); }

http::Response receive(const DeliveryDoor& door, const http::Request& request, base::Now now) {
  if (door.token.get().empty()) return http::problem(404, "not-found", "There is nothing here");
  if (!has_token(door, request)) {
    auto r = http::problem(401, "token", "The bearer token is not right");
    r.set("WWW-Authenticate", "Bearer");
    return r;
  }
  const auto receipt = base::json::read<Receipt>(request.body.get(), base::json::Mode::tolerant, {.bytes = kMostBody, .depth = 4});
  if (!receipt) return http::problem(400, "malformed", "The request was not understood");
  const auto outcome = parse_named<Delivery>(receipt->status).value_or(Delivery::none);
  const std::string reference = receipt->reference ? receipt->reference->value.value_or("") : "";
  // What is on its way still, or is none of ours, is taken and left: a refusal would only be tried again.
  if (outcome == Delivery::none || reference.empty()) return taken();
  const auto tx = door.pool.write();
  (void)note_delivery_of(*tx, reference, outcome, "notify", now.wall);
  if (const auto done = tx->commit(); !done) return care::answer_of(done.error());
  return taken();
}

}  // namespace

bool note_delivery_of(store::Transaction& tx, std::string_view message_id, Delivery outcome, std::string_view code, base::WallTime now) {
  if (!note_delivery(tx, message_id, outcome, code, now)) return false;
  std::string id, person;
  {
    auto rows = tx.query("SELECT x.id, m.person FROM message x JOIN membership m ON m.id = x.membership WHERE x.message_id = $1", message_id);
    if (!rows.next()) return false;
    id = rows.text(0);
    person = rows.text(1);
  }
  store::append_audit(tx, {{.at = now, .actor_kind = "system", .actor = {}, .action = failed(outcome) ? "message-not-delivered" : "message-delivered",
                            .data = std::string(care::to_text(care::Data::membership)), .subject_kind = "message", .subject = id, .person = person,
                            .reason = "", .note = {}}});
  return true;
}

void add_delivery_routes(http::Site& site, const DeliveryDoor& door) {
  site.add(http::Route{.method = http::Method::post,
                       .pattern = "/api/notify/delivery",
                       .permission = http::Permission::bearer,
                       .audit = http::Audit::change,
                       .max_body = kMostBody,
                       .handler = [&door](const http::Request& r, base::Now now) { return receive(door, r, now); }});
}

}  // namespace interop
