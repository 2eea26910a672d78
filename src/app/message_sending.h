// SPDX-License-Identifier: Apache-2.0
// Sends what stands in the outbox: takes messages whose time has come, hands each to the mail server (or, where none is set up,
// writes it to a folder that staff see), and records how it went; and asks now and then what has changed for whom. Not here: the
// outbox (interop/message_table). Invariant: taking and recording are transactions of their own, so that a crash between the
// server's acceptance and our record sends again, with the same Message-ID, and loses nothing. Any thread; one run at a time.
#pragma once
#include <functional>
#include <mutex>

#include "app/notify_sender.h"
#include "interop/message_table.h"
#include "net/smtp_client.h"
#include "store/pool.h"

namespace app {

struct SendingSettings {
  interop::Outgoing out;
  net::SmtpSettings smtp;  // an empty url: none
  NotifySettings notify;   // not set up: texts go to the folder, too
  std::string folder;      // for what has no server
};

class MessageSending {
 public:
  MessageSending(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, http::Outbound& outbound, SendingSettings settings)
      : pool_(pool), keys_(keys), entropy_(entropy), outbound_(outbound), settings_(std::move(settings)) {}
  // What has become due until `now`; how many went out. Blocks for as long as the mail server takes.
  std::int64_t run(const std::function<base::WallTime()>& clock);
  [[nodiscard]] const interop::Outgoing& out() const { return settings_.out; }
  // Hands one over, whichever table it stands in. Blocks.
  [[nodiscard]] interop::Sent send(const interop::Leased& message, base::WallTime now) const;

 private:
  [[nodiscard]] interop::Sent keep(const interop::Leased& message, const std::string& bytes) const;
  store::Pool& pool_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
  http::Outbound& outbound_;
  const SendingSettings settings_;
  std::mutex running_;
};

}  // namespace app
