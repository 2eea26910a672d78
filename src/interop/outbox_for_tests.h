// SPDX-License-Identifier: Apache-2.0
// For tests alone: the routes of messages and of the member's page over the small trust of care/link_for_tests.h, with a clock that
// tests turn.
#pragma once
#include "care/link_for_tests.h"
#include "care/person_table.h"
#include "interop/contact_change_routes.h"
#include "interop/delivery_routes.h"
#include "interop/message_routes.h"
#include "interop/mine_routes.h"

namespace interop {

class Outbox : public store::OnBothDatabases {
 protected:
  void SetUp() override {
    OnBothDatabases::SetUp();
    if (IsSkipped()) return;
    trust.add_to(pool(), keys, *care::parse_iso("2026-11-23T14:00:00Z"), "2026-11-23", "14:00");
    desk = std::make_unique<care::Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> care::OrAnswer<care::Actor> { return actor; });
    add_message_routes(site, *desk, out, [this] { ++written; });
    add_mine_routes(site, *desk, out);
    add_contact_change_routes(site, *desk, out, [this] { ++written; });
    door = std::unique_ptr<DeliveryDoor>(new DeliveryDoor{pool(), Text("a token that was agreed on")});
    add_delivery_routes(site, *door);
  }
  http::Response ask(http::Method method, const std::string& path, std::string body = "", std::vector<http::Header> more = {}) {
    auto r = care::request_for(method, path, std::move(body));
    r.headers.insert(r.headers.end(), more.begin(), more.end());
    return site.handle(r, now);
  }
  http::Response invite() { return ask(http::Method::post, "/api/memberships/" + trust.membership.text + "/invitation", "{}"); }
  std::vector<Leased> take() {
    auto t = pool().write();
    auto all = lease(*t, keys, now.wall, 10);
    EXPECT_TRUE(t->commit());
    return all;
  }
  bool report(const Leased& m, Sent::How how, std::string code = "") {
    auto t = pool().write();
    const bool done = record(*t, keys, m, {how, std::move(code)}, now.wall);
    EXPECT_TRUE(t->commit());
    return done;
  }
  std::int64_t tell() {
    auto t = pool().write();
    const auto n = tell_changes(*t, keys, entropy, out, now.wall);
    EXPECT_TRUE(t->commit());
    return n;
  }
  void run(const std::string& sql) {
    auto t = pool().write();
    t->run(sql);
    ASSERT_TRUE(t->commit());
  }
  void seal_safe(const std::string& json) {
    auto t = pool().write();
    t->run("UPDATE person SET safe_contact_sealed = $1 WHERE id = $2", keys.seal({"person.safe_contact"}, trust.person.text, Text(json)), trust.person);
    ASSERT_TRUE(t->commit());
  }
  std::string state(const std::string& of = "") {
    auto t = pool().read();
    auto rows = t->query("SELECT state, failure FROM message WHERE $1 = '' OR id = $1 ORDER BY made_us DESC, id DESC", of);
    return rows.next() ? rows.text(0) + " " + rows.text(1) : "none";
  }
  // One value of one row, as text.
  std::string value(const std::string& sql) {
    auto t = pool().read();
    auto rows = t->query(sql);
    return rows.next() ? rows.text(0) : "nothing";
  }
  care::Identity identity() {
    auto t = pool().read();
    return care::load_identity(*t, keys, trust.person);
  }
  void seal_preferences(const std::string& json) {
    auto t = pool().write();
    t->run("UPDATE person SET preferences_sealed = $1 WHERE id = $2", keys.seal({"person.preferences"}, trust.person.text, Text(json)), trust.person);
    ASSERT_TRUE(t->commit());
  }
  void seal_contacts(const std::string& json) {
    auto t = pool().write();
    t->run("UPDATE person SET contacts_sealed = $1 WHERE id = $2", keys.seal({"person.contacts"}, trust.person.text, Text(json)), trust.person);
    ASSERT_TRUE(t->commit());
  }
  // A supporter of the trust's member, with an e-mail address.
  void add_supporter(const std::string& kind) {
    auto t = pool().write();
    const std::string id = trust.supporter.text;
    t->run("INSERT INTO supporter (id, version, membership, kind, name_sealed, contacts_sealed, alias_sealed, seat, until_us) VALUES ($1, 1, $2, $3, $4, $5, $6, "
           "40, NULL)", id, trust.membership, kind, keys.seal({"supporter.name"}, id, Text("Alex Helper")),
           keys.seal({"supporter.contacts"}, id, Text(R"({"email":"alex@example.org","mobile":"+447700900555","postcode":"M2 2BB"})")), keys.seal({"supporter.alias"}, id, Text("Alex")));
    ASSERT_TRUE(t->commit());
  }
  care::Actor supporter() const {
    care::Actor a = trust.member();
    a.kind = care::Actor::Kind::supporter;
    a.supporter = trust.supporter;
    return a;
  }
  void pass(std::int64_t seconds) { now.wall.us += seconds * 1'000'000; }

  care::SmallTrust trust;
  care::Actor actor = trust.facilitator();
  Outgoing out{.address = "https://groups.example.org", .from = "care@example.org", .from_name = "Appointments"};
  base::Now now{.instant = {}, .wall = *care::parse_iso("2026-11-16T10:00:00Z")};
  http::Site site{{}, nullptr};
  std::unique_ptr<care::Desk> desk;
  std::unique_ptr<DeliveryDoor> door;
  int written = 0;
};

}  // namespace interop
