// SPDX-License-Identifier: Apache-2.0
// Sends what stands in the outbox: takes messages whose time has come, hands each to the mail server (or, where none is set up,
// writes it to a folder that staff see), and records how it went; and asks now and then what has changed for whom. Not here: the
// outbox (interop/message_table). Invariant: taking and recording are transactions of their own, so that a crash between the
// server's acceptance and our record sends again, with the same Message-ID, and loses nothing. Any thread; one run at a time.
#pragma once
#include <functional>
#include <mutex>

#include "interop/message_table.h"
#include "net/smtp_client.h"
#include "store/pool.h"

namespace app {

struct SendingSettings {
  interop::Outgoing out;
  net::SmtpSettings smtp;  // an empty url: none
  std::string folder;      // for mail without a server
};

class MessageSending {
 public:
  MessageSending(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, SendingSettings settings)
      : pool_(pool), keys_(keys), entropy_(entropy), settings_(std::move(settings)) {}
  // What has become due until `now`; how many went out. Blocks for as long as the mail server takes.
  std::int64_t run(const std::function<base::WallTime()>& clock);
  [[nodiscard]] const interop::Outgoing& out() const { return settings_.out; }

 private:
  [[nodiscard]] interop::Sent send(const interop::Leased& message) const;
  [[nodiscard]] interop::Sent keep(const interop::Leased& message, const std::string& bytes) const;
  store::Pool& pool_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
  const SendingSettings settings_;
  std::mutex running_;
};

}  // namespace app
