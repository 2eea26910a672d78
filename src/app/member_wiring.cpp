// SPDX-License-Identifier: Apache-2.0
// See member_wiring.h.
#include "app/member_wiring.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "app/log.h"
#include "interop/contact_change_routes.h"
#include "interop/message_routes.h"
#include "interop/mine_routes.h"
#include "net/machine.h"

namespace app {
namespace {

constexpr auto kEvery = base::Duration::seconds(5);

base::Redacted<std::string> read_secret_file(const std::string& path, const char* setting) {
  if (path.empty()) return {};
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (!in || text.empty()) throw std::runtime_error(std::string(setting) + " cannot be read: " + path);
  return base::Redacted<std::string>(std::move(text));
}

SendingSettings sending_settings(const Configuration& c) {
  SendingSettings s;
  s.out.address = c.http.address.empty() ? "http://localhost:" + std::to_string(c.http.port) : c.http.address;
  s.out.from = c.mail.from;
  s.out.from_name = c.mail.from_name;
  s.out.bounces = c.mail.bounces;
  s.out.return_address = c.mail.return_address;
  s.out.remind_before = base::Duration::seconds(std::int64_t{c.mail.reminder_hours} * 3'600);
  s.smtp.url = c.mail.smtp;
  s.smtp.user = c.mail.user;
  s.smtp.password = read_secret_file(c.mail.password_file, "mail.password_file");
  s.smtp.plain = c.mail.plain;
  if (!c.notify.key_file.empty()) {
    const auto notify = parse_notify_key(read_secret_file(c.notify.key_file, "notify.key_file").get());
    if (!notify) throw std::runtime_error("notify.key_file holds no API key of GOV.UK Notify");
    s.notify = *notify;
    s.notify.template_id = c.notify.template_id;
    if (!c.notify.url.empty()) s.notify.url = c.notify.url;
  }
  s.folder = c.data + "/messages";
  return s;
}

}  // namespace

MemberWiring::MemberWiring(const Configuration& configuration, ServiceStore& store, base::Entropy& entropy, http::Site& site, care::Desk& desk,
                           net::Runtime& runtime)
    : runtime_(runtime), door_{store.pool(), store.keys(), entropy, interop::withdraw_invitations},
      deliveries_{store.pool(), read_secret_file(configuration.notify.callback_token_file, "notify.callback_token_file")}, seats_(store.pool(), store.keys(), entropy),
      sending_(store.pool(), store.keys(), entropy, outbound_, sending_settings(configuration)),
      notices_(store.pool(), entropy, sending_) {
  care::add_link_routes(site, desk, door_);
  interop::add_message_routes(site, desk, sending_.out(), [this] { send(); });
  interop::add_mine_routes(site, desk, sending_.out());
  interop::add_contact_change_routes(site, desk, sending_.out(), [this] { send(); });
  interop::add_delivery_routes(site, deliveries_);
}

void MemberWiring::start() {
  send();
  again();
}

// After the request's own transaction: a message that this run does not see yet is seen by the next.
void MemberWiring::send() {
  runtime_.work([this] { (void)sending_.run([] { return net::read_clock().wall; }); });
}

void MemberWiring::again() {
  runtime_.after(kEvery, [this] {
    runtime_.work([this] {
      (void)notices_.run([] { return net::read_clock().wall; });
      (void)sending_.run([] { return net::read_clock().wall; });
      if (!seats_.close_registers(net::read_clock().wall)) log(LogLevel::error, "registers-not-closed");
    });
    again();
  });
}

}  // namespace app
