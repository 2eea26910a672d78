// SPDX-License-Identifier: Apache-2.0
// See desk_routes.h.
#include "care/desk_routes.h"

#include <algorithm>
#include <charconv>

#include "care/idempotency_table.h"
#include "crypto/base64url.h"

namespace care {
namespace {

constexpr store::Column kReasonNote{"reason_note.note"}, kCursor{"cursor"};
constexpr int kTries = 4;
constexpr std::size_t kMostNote = 2'000;

// In plain words, without the value. The code is for the client's catalogue.
struct FaultWords {
  std::string_view code, detail;
};
FaultWords words_of(base::json::Fault fault) {
  using base::json::Fault;
  switch (fault) {
    case Fault::not_json: return {"not-json", "This was not understood"};
    case Fault::too_large: return {"too-large", "This is too long"};
    case Fault::wrong_type: return {"wrong-type", "This is not the kind of answer that is asked for"};
    case Fault::missing: return {"missing", "This is needed"};
    case Fault::unknown_field: return {"unknown-field", "This is not asked for"};
    case Fault::out_of_bounds: return {"out-of-bounds", "This is too short, too long or out of range"};
    case Fault::unknown_value: return {"unknown-value", "This is not one of the choices"};
  }
  return {"wrong", "This is not right"};
}

// %-decoding of a header's value; nothing where it is no UTF-8 or too long.
std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] != '%') {
      out += text[i];
    } else if (i + 2 < text.size() && std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(value);
      i += 2;
    } else {
      return std::nullopt;
    }
  }
  return out.size() <= kMostNote && http::is_utf8(out) ? std::optional(out) : std::nullopt;
}

bool good_code(std::string_view code) {
  return !code.empty() && code.size() <= 64 && std::ranges::all_of(code, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string etag(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

// What makes two requests the same one: the route's address and the body.
crypto::Sha256 fingerprint(const http::Request& r) {
  return crypto::sha256(base::as_bytes(std::string(to_text(r.method)) + " " + r.target.path + "\n" + r.body.get()));
}

bool good_key(std::string_view key) {
  return !key.empty() && key.size() <= 128 && std::ranges::all_of(key, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

std::vector<FieldFault> faults_of(const base::json::Problems& problems) {
  std::vector<FieldFault> out;
  for (const auto& p : problems) {
    const auto words = words_of(p.fault);
    out.push_back({p.pointer.get(), std::string(words.code), std::string(words.detail)});
  }
  return out;
}

http::Response unprocessable(const std::vector<FieldFault>& faults) {
  boost::json::array errors;
  for (const auto& f : faults) errors.push_back({{"pointer", f.pointer}, {"code", f.code}, {"detail", f.detail}});
  http::Response r = http::json(base::json::print(boost::json::object{
      {"type", "/problems/fields"}, {"title", "Some answers need another look"}, {"status", 422}, {"errors", std::move(errors)}}));
  r.status = 422;
  r.set("Content-Type", "application/problem+json");
  return r;
}
http::Response not_found() { return http::problem(404, "not-found", "There is nothing here"); }
http::Response refused() { return http::problem(403, "refused", "Your role does not open this"); }
http::Response reason_wanted() { return http::problem(403, "reason-wanted", "This opens only with a reason on record"); }

http::Response answer_of(store::StoreError e) {
  using store::StoreError;
  http::Response r;
  switch (e) {
    case StoreError::conflict:
      return http::problem(409, "conflict", "Something else stands in the way, or was changed at the same time");
    case StoreError::full: r = http::problem(507, "full", "The disk is full. Nothing was saved, and nothing was lost"); break;
    case StoreError::wrong_use: return http::problem(500, "fault", "Something went wrong on our side. Nothing was saved");
    case StoreError::busy:
    case StoreError::unavailable:
      r = http::problem(503, "unavailable", "The service cannot answer now. Nothing was saved; try again in a moment");
      break;
  }
  r.set("Retry-After", "5");
  return r;
}

store::AuditEntry Call::entry(std::string_view action, Data data, const Subject& subject) const {
  return {.at = now.wall,
          .actor_kind = std::string(actor.kind_text()),
          .actor = actor.id(),
          .action = std::string(action),
          .data = std::string(to_text(data)),
          .subject_kind = std::string(subject.kind),
          .subject = subject.id,
          .person = subject.person.text,
          .reason = {},
          .note = {}};
}

std::optional<Reason> Call::reason() const {
  const std::string_view code = request.header("Quietroom-Reason");
  auto note = decoded(request.header("Quietroom-Reason-Note"));
  if (!good_code(code) || !note) return std::nullopt;
  return Reason{.code = std::string(code), .note = base::Redacted<std::string>(std::move(*note))};
}

OrAnswer<Verdict> Call::open(Data data, Access access, const Where& where, const Subject& subject) {
  const Verdict v = may(actor, data, access, where);
  if (!v.allowed) {
    audit.push_back(entry("refused", data, subject));
    return std::unexpected(refused());
  }
  auto row = entry(access == Access::read ? "read" : "change", data, subject);
  if (v.broke_glass) row.action = "read-broken-glass";
  if (v.needs_reason) {
    const auto given = reason();
    if (!given) return std::unexpected(reason_wanted());
    put_reason(row, *given);
  }
  const bool noted = std::ranges::any_of(audit, [&](const store::AuditEntry& e) {
    return e.action == row.action && e.data == row.data && e.subject == row.subject && e.person == row.person;
  });
  if (!noted) audit.push_back(std::move(row));
  return v;
}

void Call::put_reason(store::AuditEntry& row, const Reason& given) {
  row.reason = given.code;
  if (given.note.get().empty()) return;
  row.note = base::new_uuid(entropy, now.wall);
  tx.run("INSERT INTO reason_note (id, person, note_sealed, made_us) VALUES ($1, $2, $3, $4)", row.note, row.person,
         keys.seal(kReasonNote, row.note, given.note), now.wall);
}

void Call::give_reason(const Reason& reason) { put_reason(audit.back(), reason); }

void Call::note(std::string_view action, Data data, const Subject& subject) { audit.push_back(entry(action, data, subject)); }

std::optional<std::string> Call::query(std::string_view name) const {
  for (const auto& [key, value] : request.target.query)
    if (key == name) return value;
  return std::nullopt;
}

// RFC 9110 section 13.1.1, RFC 6585 section 3.
OrAnswer<void> Call::match(std::int64_t version) const {
  const std::string_view given = request.header("If-Match");
  if (given.empty()) return std::unexpected(http::problem(428, "if-match-wanted", "Say which version you have changed"));
  if (given != etag(version))
    return std::unexpected(http::problem(412, "changed-since", "Somebody else has changed this since you opened it"));
  return {};
}

http::Response versioned(std::string body, std::int64_t version) {
  http::Response r = http::json(std::move(body));
  r.set("ETag", etag(version));
  return r;
}
http::Response created(std::string location, std::string body, std::int64_t version) {
  http::Response r = versioned(std::move(body), version);
  r.status = 201;
  r.set("Location", std::move(location));
  return r;
}
http::Response no_content() {
  http::Response r;
  r.status = 204;
  r.set("Cache-Control", "no-store");
  return r;
}

OrAnswer<Page> page_of(const Call& call) {
  Page page;
  if (const auto limit = call.query("limit")) {
    const auto [end, error] = std::from_chars(limit->data(), limit->data() + limit->size(), page.limit);
    if (error != std::errc{} || end != limit->data() + limit->size() || page.limit < 1 || page.limit > kMostRows)
      return std::unexpected(http::problem(400, "limit", "A page holds 1 to 200 rows"));
  }
  if (const auto after = call.query("after"); after && !after->empty()) {
    auto open = open_cursor(call, *after);
    if (!open) return std::unexpected(open.error());
    page.after = std::move(*open);
  }
  return page;
}

OrAnswer<std::string> open_cursor(const Call& call, std::string_view given) {
  const auto sealed = crypto::from_base64url(given);
  auto open = sealed ? call.keys.open_text(kCursor, call.actor.id(), *sealed) : std::nullopt;
  if (!open) return std::unexpected(http::problem(400, "cursor", "This page of the list is not known"));
  return std::move(open->get());
}

std::string cursor(const Call& call, std::string_view sorted_by) {
  return crypto::to_base64url(call.keys.seal(kCursor, call.actor.id(), base::Redacted<std::string>(std::string(sorted_by))));
}

void Desk::add(http::Site& site, ServiceRoute route) {
  routes_.push_back(route);
  const auto row = std::make_shared<const ServiceRoute>(std::move(route));
  site.add(http::Route{.method = row->method,
                       .pattern = row->pattern,
                       .permission = row->permission,
                       .audit = row->audit,
                       .max_body = row->max_body,
                       .handler = [this, row](const http::Request& r, base::Now now) { return serve(*row, r, now); }});
}

http::Response Desk::serve(const ServiceRoute& route, const http::Request& request, base::Now now) {
  auto actor = doorkeeper_(request, now);
  if (!actor) return actor.error();
  const bool staff = actor->kind == Actor::Kind::staff;
  if ((route.permission == http::Permission::staff && !staff) || (route.permission == http::Permission::visitor && staff))
    return refused();
  if (!might(*actor, route.data, route.access) && route.beside != actor->kind) return refused();
  for (int tries = 1;; ++tries) {
    auto answer = once(route, request, now, *actor);
    if (answer) return std::move(*answer);
    if (answer.error() != store::StoreError::busy || tries == kTries) return answer_of(answer.error());
  }
}

namespace {

http::Response given_again(const KeptAnswer& kept) {
  http::Response r;
  r.status = kept.status;
  r.body = std::make_shared<const std::string>(kept.body);
  const auto headers = base::json::parse(kept.headers, {});
  if (headers && headers->is_object())
    for (const auto& [name, value] : headers->get_object())
      if (value.is_string()) r.set(std::string(name), std::string(value.get_string()));
  return r;
}

KeptAnswer to_keep(const http::Response& r, const std::vector<store::AuditEntry>& audit) {
  boost::json::object headers;
  for (const auto& h : r.headers) headers[h.name] = h.value;
  KeptAnswer out{.status = r.status, .body = std::string(r.text()), .headers = base::json::print(headers), .subject_kind = {}, .subject = {}, .person = {}};
  if (audit.empty()) return out;
  out.subject_kind = audit.back().subject_kind;
  out.subject = audit.back().subject;
  for (const auto& e : audit)
    if (!e.person.empty()) out.person = e.person;
  return out;
}

}  // namespace

base::Result<http::Response, store::StoreError> Desk::once(const ServiceRoute& route, const http::Request& request, base::Now now,
                                                           const Actor& actor) {
  const std::string_view key = route.creates ? request.header("Idempotency-Key") : std::string_view{};
  if (!key.empty() && !good_key(key)) return http::problem(400, "key", "An Idempotency-Key is 1 to 128 visible characters");
  // A reason in the actor's own words is saved together with the read that it allows.
  const bool writes = route.access == Access::write || !key.empty() || !request.header("Quietroom-Reason").empty();
  auto tx = writes ? pool_.write() : pool_.read();
  Call call(request, now, actor, *tx, keys_, entropy_);
  const IdempotencyKey mine{.actor = actor.id(), .key = std::string(key), .request = fingerprint(request)};
  if (!key.empty()) {
    const TakenKey taken = take_key(*tx, keys_, mine, now.wall);
    if (!tx->ok()) return std::unexpected(*tx->error());
    if (taken.how == KeyTaken::for_another_request) return http::problem(422, "key-used", "This Idempotency-Key was used for another request");
    if (taken.how == KeyTaken::before) {
      call.note("repeat", route.data, {taken.answer.subject_kind, taken.answer.subject, PersonId{taken.answer.person}});
      store::append_audit(*tx, call.audit);
      if (const auto done = tx->commit(); !done) return std::unexpected(done.error());
      return given_again(taken.answer);
    }
  }
  http::Response answer = route.handler(call);
  if (!tx->ok()) return std::unexpected(*tx->error());
  const bool good = answer.status < 400;
  if (good && writes) {
    store::append_audit(*tx, call.audit);
    if (!key.empty()) keep_answer(*tx, keys_, mine, to_keep(answer, call.audit), {now.wall.us + (route.holds_secret ? kSecretAnswerKept : kAnswerKept).us});
    if (const auto done = tx->commit(); !done) return std::unexpected(done.error());
    return answer;
  }
  tx = nullptr;  // what a refused request wrote goes; that it was refused stays
  if (!good) std::erase_if(call.audit, [](const store::AuditEntry& e) { return e.action != "refused"; });
  if (const auto done = reads_.write(std::move(call.audit)); !done) return std::unexpected(done.error());
  return answer;
}

}  // namespace care
