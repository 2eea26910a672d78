// SPDX-License-Identifier: Apache-2.0
// See idempotency_table.h.
#include "care/idempotency_table.h"

#include <algorithm>

namespace care {
namespace {

constexpr store::Column kBody{"idempotency.body"};

std::string row_of(const IdempotencyKey& key) { return key.actor + "|" + key.key; }

}  // namespace

TakenKey take_key(store::Transaction& tx, const store::KeyRing& keys, const IdempotencyKey& key, base::WallTime now) {
  tx.run("DELETE FROM idempotency WHERE actor = $1 AND key = $2 AND until_us <= $3", key.actor, key.key, now);
  // Where another transaction has taken the key and not ended, this waits for it.
  const auto taken = tx.run("INSERT INTO idempotency (actor, key, request_hash, status, body_sealed, headers, made_us, until_us) "
                            "VALUES ($1, $2, $3, 0, $4, '', $5, $6) ON CONFLICT (actor, key) DO NOTHING",
                            key.actor, key.key, key.request, base::Bytes{}, now, now.us + kAnswerKept.us);
  if (taken == 1 || !tx.ok()) return {};
  store::Rows rows = tx.query("SELECT request_hash, status, body_sealed, headers, subject_kind, subject, person FROM idempotency "
                              "WHERE actor = $1 AND key = $2", key.actor, key.key);
  if (!rows.next()) {  // gone between the two statements: from the beginning
    tx.fail(store::StoreError::busy);
    return {};
  }
  if (!std::ranges::equal(rows.bytes(0), key.request)) return {.how = KeyTaken::for_another_request, .answer = {}};
  return {.how = KeyTaken::before,
          .answer = {.status = static_cast<int>(rows.integer(1)),
                     .body = keys.open(tx, kBody, row_of(key), rows.bytes(2)).get(),
                     .headers = rows.text(3),
                     .subject_kind = rows.text(4),
                     .subject = rows.text(5),
                     .person = rows.text(6)}};
}

void keep_answer(store::Transaction& tx, const store::KeyRing& keys, const IdempotencyKey& key, const KeptAnswer& answer, base::WallTime until) {
  tx.run("UPDATE idempotency SET status = $3, body_sealed = $4, headers = $5, subject_kind = $6, subject = $7, person = $8, until_us = $9 "
         "WHERE actor = $1 AND key = $2",
         key.actor, key.key, answer.status, keys.seal(kBody, row_of(key), base::Redacted<std::string>(answer.body)), answer.headers,
         answer.subject_kind, answer.subject, answer.person, until);
}

std::int64_t forget_answers(store::Transaction& tx, base::WallTime now) { return tx.run("DELETE FROM idempotency WHERE until_us <= $1", now); }

}  // namespace care
