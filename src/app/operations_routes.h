// SPDX-License-Identifier: Apache-2.0
// /healthz (this process answers), /readyz (rooms can be entered) and /metrics (Prometheus text). Not here: what is
// counted (net, the call process). No label holds anything but fixed words and thread numbers. Any thread.
#pragma once
#include <functional>
#include <memory>

#include "app/call_relay.h"
#include "http/site.h"
#include "net/http_server.h"

namespace app {

struct OperationsSources {
  std::function<bool()> ready;
  std::function<CallRelay::Figures()> call;
  std::function<const net::HttpCounters*()> http;  // null until the server is there
  bool metrics_beyond_loopback = false;
};
void add_operations_routes(http::Site& site, OperationsSources sources);

}  // namespace app
