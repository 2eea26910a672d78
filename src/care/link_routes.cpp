// SPDX-License-Identifier: Apache-2.0
// See link_routes.h.
#include "care/link_routes.h"

#include <algorithm>

#include "crypto/base64url.h"
#include "crypto/sealing.h"

namespace care {
namespace {

using base::json::field;

struct WhoseLink {
  std::optional<SupporterId> supporter;
  static constexpr auto fields() { return std::tuple{field("supporter", &WhoseLink::supporter)}; }
};
struct NewLink {
  LinkId id;
  base::Redacted<std::string> link;
  std::vector<Asked> asks;
  static constexpr auto fields() {
    return std::tuple{field("id", &NewLink::id), field("link", &NewLink::link), field("asks", &NewLink::asks)};
  }
};
struct LookBody {
  base::Redacted<std::string> link;
  static constexpr auto fields() { return std::tuple{field("link", &LookBody::link, {.least = 1, .most = 256})}; }
};
struct ConfirmBody {
  base::Redacted<std::string> link;
  std::vector<GivenAnswer> answers;
  static constexpr auto fields() {
    return std::tuple{field("link", &ConfirmBody::link, {.least = 1, .most = 256}), field("answers", &ConfirmBody::answers, {.least = 1, .most = 4})};
  }
};
struct Question {
  std::vector<Asked> asks;
  std::string dutyNumber;
  std::int64_t shutSeconds = 0;  // how long it still takes no answers
  static constexpr auto fields() {
    return std::tuple{field("asks", &Question::asks), field("dutyNumber", &Question::dutyNumber), field("shutSeconds", &Question::shutSeconds)};
  }
};
struct VisitBody {
  base::Redacted<std::string> visit;
  static constexpr auto fields() { return std::tuple{field("visit", &VisitBody::visit)}; }
};

http::Response not_known() { return http::problem(404, "link-not-known", "This link is not known, or was withdrawn"); }

std::int64_t shut_seconds(const Link& link, base::WallTime now) {
  return std::max<std::int64_t>(0, (link.shut_until.us - now.us + 999'999) / 1'000'000);
}

// Wrong answers, or none taken now: with what the page needs to say it kindly.
http::Response wrong(const Link& link, bool shut, std::int64_t seconds, std::int64_t tries_left) {
  auto r = http::json(base::json::print(boost::json::object{
      {"type", shut ? "/problems/link-shut" : "/problems/answers-wrong"},
      {"title", shut ? "Please wait before you try again" : "These answers are not what we have"},
      {"status", shut ? 429 : 403},
      {"triesLeft", tries_left},
      {"shutSeconds", seconds},
      {"dutyNumber", link.holder.duty_number}}));
  r.status = shut ? 429 : 403;
  r.set("Content-Type", "application/problem+json");
  if (seconds > 0) r.set("Retry-After", std::to_string(seconds));
  return r;
}

template <class T>
OrAnswer<T> read_body(const http::Request& request) {
  if (!request.header("Content-Type").starts_with("application/json"))
    return std::unexpected(http::problem(415, "not-json", "Send JSON"));
  auto body = base::json::read<T>(request.body.get(), base::json::Mode::strict, {.bytes = 2'048, .depth = 4});
  if (!body) return std::unexpected(http::problem(400, "malformed", "The request was not understood"));
  return std::move(*body);
}

http::Response look(const LinkDoor& door, const http::Request& request, base::Now now) {
  const auto body = read_body<LookBody>(request);
  if (!body) return body.error();
  const auto tx = door.pool.read();
  const auto link = find_link(*tx, door.keys, hash_secret(body->link.get()), now.wall);
  if (!tx->ok()) return answer_of(*tx->error());
  if (!link) return not_known();
  return http::json(base::json::write(Question{.asks = asked_of(link->holder.known), .dutyNumber = link->holder.duty_number,
                                               .shutSeconds = shut_seconds(*link, now.wall)}));
}

void append(store::Transaction& tx, const Link& link, std::string_view action, base::WallTime now) {
  const bool supporter = !link.holder.supporter.empty();
  store::append_audit(tx, {{.at = now, .actor_kind = supporter ? "supporter" : "member",
                            .actor = supporter ? link.holder.supporter.text : link.holder.membership.text, .action = std::string(action),
                            .data = "membership", .subject_kind = "link", .subject = link.id.text, .person = link.holder.person.text,
                            .reason = "", .note = ""}});
}

http::Response confirm_once(const LinkDoor& door, const ConfirmBody& body, base::Now now, store::Transaction& tx) {
  const auto link = find_link(tx, door.keys, hash_secret(body.link.get()), now.wall);
  if (!link) return not_known();
  // Asked for writing first, so that guesses at the same moment are counted one after another.
  if (const auto left = shut_seconds(*link, now.wall); left > 0) return wrong(*link, true, left, 0);
  if (!all_right(link->holder.known, body.answers)) {
    note_wrong(tx, *link, now.wall);
    append(tx, *link, "confirm-wrong", now.wall);
    const auto shut = shut_for(link->wrong_answers + 1);
    return wrong(*link, shut.us > 0, shut.us / 1'000'000, std::max<std::int64_t>(0, kFreeTries - link->wrong_answers - 1));
  }
  append(tx, *link, "confirm", now.wall);
  auto visit = new_secret(door.entropy);
  begin_visit(tx, *link, hash_secret(visit.get()), now.wall);
  return http::json(base::json::write(VisitBody{std::move(visit)}));
}

http::Response confirm(const LinkDoor& door, const http::Request& request, base::Now now) {
  const auto body = read_body<ConfirmBody>(request);
  if (!body) return body.error();
  for (int tries = 1;; ++tries) {
    auto tx = door.pool.write();
    // On PostgreSQL the link's row is held until the end; on SQLite this is the only writer.
    tx->run("UPDATE personal_link SET wrong_answers = wrong_answers WHERE hash = $1", hash_secret(body->link.get()));
    auto answer = confirm_once(door, *body, now, *tx);
    if (const auto done = tx->commit()) return answer;
    else if (done.error() != store::StoreError::busy || tries == 4) return answer_of(done.error());
  }
}

OrAnswer<LinkHolder> opened(Call& call, const SupporterId& supporter) {
  const auto id = call.path_id<MembershipId>();
  if (!id) return std::unexpected(id.error());
  auto holder = load_holder(call.tx, call.keys, *id, supporter, call.now.wall);
  if (!holder || !may(call.actor, Data::membership, Access::read, holder->where()).allowed) return std::unexpected(not_found());
  // Who may write a group's plan may change who is a member of it.
  const auto verdict = call.open(Data::group_plan, Access::write, holder->where(), {"membership", holder->membership.text, holder->person});
  if (!verdict) return std::unexpected(verdict.error());
  return std::move(*holder);
}

http::Response make(Call& call) {
  const auto body = call.body<WhoseLink>();
  if (!body) return body.error();
  const auto holder = opened(call, body->supporter.value_or(SupporterId{}));
  if (!holder) return holder.error();
  if (holder->ended) return http::problem(409, "ended", "This person is no longer in the group");
  const auto asks = asked_of(holder->known);
  if (asks.size() < kAskedThings)
    return unprocessable({{"", "two-things-needed", "Record a date of birth, a postcode, a mobile number or an NHS number: a link asks for two of them"}});
  auto secret = new_secret(call.entropy);
  const auto id = make_link(call.tx, call.entropy, *holder, hash_secret(secret.get()), call.now.wall);
  call.note("make-link", Data::membership, {"link", id.text, holder->person});
  return created("/api/memberships/" + holder->membership.text + "/link",
                 base::json::write(NewLink{.id = id, .link = std::move(secret), .asks = asks}), 1);
}

http::Response withdraw(const LinkDoor& door, Call& call) {
  SupporterId supporter;
  if (const auto said = call.query("supporter")) {
    const auto id = base::parse_id<SupporterId>(*said);
    if (!id) return not_found();
    supporter = *id;
  }
  const auto holder = opened(call, supporter);
  if (!holder) return holder.error();
  withdraw_links(call.tx, holder->membership, supporter, call.now.wall);
  call.tx.run("DELETE FROM seat_pass WHERE holder = $1", supporter.empty() ? holder->membership.text : supporter.text);
  if (door.taken_back) door.taken_back(call.tx, holder->membership, supporter);
  call.note("withdraw-link", Data::membership, {"membership", holder->membership.text, holder->person});
  return no_content();
}

}  // namespace

SecretHash hash_secret(std::string_view secret) { return crypto::sha256(base::as_bytes(secret)); }

base::Redacted<std::string> new_secret(base::Entropy& entropy) {
  std::array<std::uint8_t, kSecretBytes> random{};
  entropy.fill(random);
  return base::Redacted<std::string>(crypto::to_base64url(random));
}

void add_link_routes(http::Site& site, Desk& desk, const LinkDoor& door) {
  site.add(http::Route{.method = http::Method::post,
                       .pattern = "/api/links/look",
                       .permission = http::Permission::anyone,
                       .audit = http::Audit::none,
                       .max_body = 2'048,
                       .handler = [&door](const http::Request& r, base::Now now) { return look(door, r, now); }});
  site.add(http::Route{.method = http::Method::post,
                       .pattern = "/api/links/confirm",
                       .permission = http::Permission::link_holder,
                       .audit = http::Audit::change,
                       .max_body = 2'048,
                       .handler = [&door](const http::Request& r, base::Now now) { return confirm(door, r, now); }});
  desk.add(site, care::ServiceRoute{.method = http::Method::post,
                                    .pattern = "/api/memberships/{id}/link",
                                    .permission = http::Permission::staff,
                                    .data = Data::group_plan,
                                    .access = Access::write,
                                    .audit = http::Audit::change,
                                    .max_body = 1'024,
                                    .creates = true,
                                    .holds_secret = true,
                                    .handler = make});
  desk.add(site, care::ServiceRoute{.method = http::Method::del,
                                    .pattern = "/api/memberships/{id}/link",
                                    .permission = http::Permission::staff,
                                    .data = Data::group_plan,
                                    .access = Access::write,
                                    .audit = http::Audit::change,
                                    .max_body = 0,
                                    .handler = [&door](Call& call) { return withdraw(door, call); }});
}

}  // namespace care
