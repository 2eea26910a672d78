// SPDX-License-Identifier: Apache-2.0
// See audit_trail.h.
#include "store/audit_trail.h"

#include <algorithm>

#include "crypto/base64url.h"

namespace store {
namespace {

crypto::Sha256 chained(const crypto::Sha256& before, std::int64_t number, const AuditEntry& entry) {
  std::string all(base::as_text(before));
  all += canonical_text(number, entry);
  return crypto::sha256(base::as_bytes(all));
}

crypto::Sha256 to_hash(base::Bytes b) {
  crypto::Sha256 out{};
  if (b.size() == out.size()) std::ranges::copy(b, out.begin());
  return out;
}

constexpr std::string_view kCut = "audit-start";
struct Beginning {
  std::int64_t number = 0;
  crypto::Sha256 hash{};
};
std::string name_of(const Beginning& b) { return std::to_string(b.number) + "|" + crypto::to_base64url(b.hash); }
Beginning beginning_of(Transaction& t) {
  Rows rows = t.query("SELECT number, hash FROM audit_start WHERE id = 1");
  return rows.next() ? Beginning{.number = rows.integer(0), .hash = to_hash(rows.bytes(1))} : Beginning{};
}

}  // namespace

// Fields with their lengths, so that no two rows share a text.
std::string canonical_text(std::int64_t number, const AuditEntry& e) {
  std::string out = std::to_string(number) + "|" + std::to_string(e.at.us);
  for (const std::string* field :
       {&e.actor_kind, &e.actor, &e.action, &e.data, &e.subject_kind, &e.subject, &e.person, &e.reason, &e.note})
    out += "|" + std::to_string(field->size()) + ":" + *field;
  return out;
}

void append_audit(Transaction& t, const std::vector<AuditEntry>& entries) {
  if (entries.empty()) return;
  std::int64_t number = 0;
  crypto::Sha256 hash{};
  {
    // The update takes the row's lock first, so appenders stand in line until the one before has committed.
    Rows head = t.query("UPDATE audit_head SET number = number + $1 WHERE id = 1 RETURNING number, hash", entries.size());
    if (!head.next()) return t.fail(StoreError::wrong_use);
    number = head.integer(0) - static_cast<std::int64_t>(entries.size());
    hash = to_hash(head.bytes(1));
  }
  for (const auto& e : entries) {
    hash = chained(hash, ++number, e);
    t.run("INSERT INTO audit (number, at_us, actor_kind, actor, action, data, subject_kind, subject, person, reason, note, hash) "
          "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
          number, e.at, e.actor_kind, e.actor, e.action, e.data, e.subject_kind, e.subject, e.person, e.reason, e.note, hash);
  }
  t.run("UPDATE audit_head SET hash = $1 WHERE id = 1", hash);
}

std::int64_t cut_audit(Transaction& t, std::int64_t last, AuditEntry entry) {
  Beginning at{.number = last, .hash = {}};
  {
    Rows rows = t.query("SELECT hash FROM audit WHERE number = $1", last);
    if (!rows.next()) return 0;
    at.hash = to_hash(rows.bytes(0));
  }
  entry.subject_kind = kCut;
  entry.subject = name_of(at);
  append_audit(t, {std::move(entry)});
  t.run("INSERT INTO audit_start (id, number, hash) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET number = excluded.number, hash = excluded.hash",
        at.number, at.hash);
  return t.run("DELETE FROM audit WHERE number <= $1", last);
}

AuditVerdict verify_audit(Transaction& t) {
  AuditVerdict verdict;
  const Beginning from = beginning_of(t);
  verdict.start = from.number;
  crypto::Sha256 hash = from.hash;
  bool said = from.number == 0;  // that the rows before were taken off
  Rows rows = t.query(
      "SELECT number, at_us, actor_kind, actor, action, data, subject_kind, subject, person, reason, note, hash FROM audit "
      "ORDER BY number");
  while (rows.next()) {
    const AuditEntry e{.at = rows.time(1), .actor_kind = rows.text(2), .actor = rows.text(3), .action = rows.text(4),
                       .data = rows.text(5), .subject_kind = rows.text(6), .subject = rows.text(7), .person = rows.text(8),
                       .reason = rows.text(9), .note = rows.text(10)};
    const std::int64_t number = from.number + ++verdict.rows;
    hash = chained(hash, number, e);
    if (rows.integer(0) != number || to_hash(rows.bytes(11)) != hash) {
      verdict.first_wrong = number;
      return verdict;
    }
    said = said || (e.subject_kind == kCut && e.subject == name_of(from));
  }
  if (!said) {
    verdict.first_wrong = from.number;
    return verdict;
  }
  const std::int64_t last = from.number + verdict.rows;
  Rows head = t.query("SELECT number, hash FROM audit_head WHERE id = 1");
  if (!head.next() || head.integer(0) != last || to_hash(head.bytes(1)) != hash) verdict.first_wrong = last + 1;
  return verdict;
}

}  // namespace store
