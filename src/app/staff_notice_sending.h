// SPDX-License-Identifier: Apache-2.0
// Sends what stands in staff_notice, the way messages go (message_sending.h): taking and recording are transactions of their own, so
// that a crash between the mail server's acceptance and our record sends again with the same Message-ID. Any thread; one run at a time.
#pragma once
#include "app/message_sending.h"

namespace app {

class StaffNoticeSending {
 public:
  StaffNoticeSending(store::Pool& pool, base::Entropy& entropy, const MessageSending& messages) : pool_(pool), entropy_(entropy), messages_(messages) {}
  // Writes what is to be told and sends what is due until `clock`; how many went out.
  std::int64_t run(const std::function<base::WallTime()>& clock);

 private:
  store::Pool& pool_;
  base::Entropy& entropy_;
  const MessageSending& messages_;
  std::mutex running_;
};

}  // namespace app
