// SPDX-License-Identifier: Apache-2.0
// What the files of message_table.h share: a message's sealed payload, and following a person whose safe way has changed. Not for
// others. One thread a transaction.
#pragma once
#include "interop/message_table.h"

namespace interop {

void save_payload(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id, const Payload& payload);
[[nodiscard]] Payload open_payload(store::Transaction& tx, const store::KeyRing& keys, const std::string& id, base::Bytes sealed);
// As save_payload, without link and code.
void forget_secrets(store::Transaction& tx, const store::KeyRing& keys, const MessageId& id, Payload payload);

// A message that has not gone out.
struct Waiting {
  MessageId id;
  std::int64_t version = 0;
  care::MembershipId membership;
  care::SupporterId supporter;
  Kind kind = Kind::invitation;
  Channel channel = Channel::email;
  Payload payload;
};
// Whether it was changed (or withdrawn), because the person is reached in another way, elsewhere or at other hours than when it was
// written. A contact check stays as it is: it is for the old way.
bool follow_person(store::Transaction& tx, const store::KeyRing& keys, const Waiting& message, base::WallTime now);

}  // namespace interop
