// SPDX-License-Identifier: Apache-2.0
// One browser's signalling connection as the service sees it: reads the first message (`hello`, docs/protocol.md), has the
// link checked, attaches it to its room; everything after is relayed unread. Not here: what the messages mean (call/).
// Its calls come one at a time (http::WebSocketUser); admission answers from the pool.
#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "app/call_relay.h"
#include "app/seat_watch.h"
#include "base/instant.h"
#include "base/redacted.h"
#include "base/result.h"
#include "call/service_link.h"

namespace app {

struct Hello {
  base::Redacted<std::string> link;
  std::optional<base::Redacted<std::string>> resume;
  bool keep = false;
};
[[nodiscard]] std::optional<Hello> read_hello(std::string_view text);

// What a link opens, or the close code (4401, 4403).
struct Opens {
  base::RoomId room;
  call::Admission admission;
  std::shared_ptr<WatchedSeat> watched{};  // of staff
};
using LinkCheck = std::function<base::Result<Opens, std::uint16_t>(const base::Redacted<std::string>& link)>;

// A connection that says nothing is closed (4400): it holds a socket, and may be a thousand.
inline constexpr auto kHelloWithin = base::Duration::seconds(10);

class CallSocket final : public http::WebSocketUser, public std::enable_shared_from_this<CallSocket> {
 public:
  CallSocket(net::Runtime& runtime, std::shared_ptr<CallRelay> relay, LinkCheck check,
             base::Duration hello_within = kHelloWithin)
      : runtime_(runtime), relay_(std::move(relay)), check_(std::move(check)), hello_within_(hello_within) {}
  void on_open(std::shared_ptr<http::WebSocket> socket) override;
  void on_text(std::string text) override;
  void on_closed() override;

 private:
  enum class Stage : std::uint8_t { fresh, checking, attached, over };
  void checked(base::Result<Opens, std::uint16_t> result, Hello hello);
  void refuse(std::uint16_t code);

  net::Runtime& runtime_;
  std::shared_ptr<CallRelay> relay_;
  LinkCheck check_;
  const base::Duration hello_within_;
  std::mutex mutex_;
  Stage stage_ = Stage::fresh;
  std::shared_ptr<http::WebSocket> socket_;
  std::optional<base::ConnectionId> connection_;
  std::shared_ptr<WatchedSeat> watched_;
  std::vector<std::string> early_;  // came while the link was being checked
};

}  // namespace app
