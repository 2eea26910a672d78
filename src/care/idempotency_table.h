// SPDX-License-Identifier: Apache-2.0
// The answers to creations, by whoever asked and the key that they sent along, so that a request that is sent again after a
// time-out creates nothing twice. Not here: which routes create (each slice), what a request's fingerprint is made of (the desk).
// Invariant: a key stands in the transaction of what it created, taken before anything else is done: of two requests at once with
// the same key the later waits for the earlier, and answers as it did. One thread a transaction.
#pragma once
#include <optional>
#include <string>

#include "base/instant.h"
#include "store/key_ring.h"
#include "store/transaction.h"

namespace care {

inline constexpr auto kAnswerKept = base::Duration::seconds(std::int64_t{24} * 3'600);
inline constexpr auto kSecretAnswerKept = base::Duration::seconds(std::int64_t{10} * 60);  // an answer that holds a secret link

struct IdempotencyKey {
  std::string actor, key;
  crypto::Sha256 request;  // what makes two requests the same one
};
struct KeptAnswer {
  int status = 0;
  std::string body, headers;  // headers: JSON
  std::string subject_kind, subject, person;  // what it was about
};
enum class KeyTaken : std::uint8_t { now, before, for_another_request };
struct TakenKey {
  KeyTaken how = KeyTaken::now;
  KeptAnswer answer;  // where it was taken before
};

[[nodiscard]] TakenKey take_key(store::Transaction& tx, const store::KeyRing& keys, const IdempotencyKey& key, base::WallTime now);
// In the transaction that took the key.
void keep_answer(store::Transaction& tx, const store::KeyRing& keys, const IdempotencyKey& key, const KeptAnswer& answer, base::WallTime until);
// How many went.
std::int64_t forget_answers(store::Transaction& tx, base::WallTime now);

}  // namespace care
