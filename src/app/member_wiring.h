// SPDX-License-Identifier: Apache-2.0
// What stands behind personal links, brought together: the links, the member's page, the messages and their sending, and the
// seats of real sessions. Not here: what any of them does. Lives as long as the site.
#pragma once
#include "app/care_seats.h"
#include "app/configuration.h"
#include "app/message_sending.h"
#include "app/service_store.h"
#include "app/staff_notice_sending.h"
#include "care/link_routes.h"
#include "interop/delivery_routes.h"
#include "net/http_client.h"
#include "net/runtime.h"

namespace app {

class MemberWiring {
 public:
  // Throws std::runtime_error where a setting names a file that cannot be read.
  MemberWiring(const Configuration& configuration, ServiceStore& store, base::Entropy& entropy, http::Site& site, care::Desk& desk, net::Runtime& runtime);
  [[nodiscard]] CareSeats& seats() { return seats_; }
  // Sends what is due and closes registers, now and every few seconds while the runtime runs.
  void start();

 private:
  void again();
  void send();
  net::Runtime& runtime_;
  care::LinkDoor door_;
  interop::DeliveryDoor deliveries_;
  CareSeats seats_;
  net::HttpClient outbound_;
  MessageSending sending_;
  StaffNoticeSending notices_;
};

}  // namespace app
