// SPDX-License-Identifier: Apache-2.0
// The tables trust, service and team, to be changed. Not here: lists of teams and who works there (team_table.h), what may be saved
// (team.h). Invariant: a save with another version than the row's writes nothing. One thread a transaction.
#pragma once
#include <vector>

#include "base/entropy.h"
#include "care/team.h"
#include "store/transaction.h"

namespace care {

struct TrustRow {
  TrustId id;  // empty: there is none yet
  std::int64_t version = 0;
  TrustForm form;
};
[[nodiscard]] TrustRow load_trust(store::Transaction& tx);
// Makes the trust where there is none.
[[nodiscard]] bool save_trust(store::Transaction& tx, base::Entropy& entropy, const TrustRow& before, const TrustForm& form, base::WallTime now);

struct ServiceRow {
  ServiceId id;
  std::int64_t version = 1;
  std::string name;
  std::int64_t teams = 0;  // that are open
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("id", &ServiceRow::id), field("version", &ServiceRow::version), field("name", &ServiceRow::name), field("teams", &ServiceRow::teams)};
  }
};
// In order of names.
[[nodiscard]] std::vector<ServiceRow> list_services(store::Transaction& tx, const std::string& after_name, const std::string& after_id, std::int64_t limit);
[[nodiscard]] std::optional<ServiceRow> load_service(store::Transaction& tx, const ServiceId& id);
// `except` may be empty. Case of ASCII letters does not count.
[[nodiscard]] bool service_name_taken(store::Transaction& tx, const std::string& name, const ServiceId& except);
void insert_service(store::Transaction& tx, const ServiceId& id, const TrustId& trust, const ServiceForm& form);
[[nodiscard]] bool update_service(store::Transaction& tx, const ServiceId& id, std::int64_t version, const ServiceForm& form);

struct TeamSettings {
  TeamId id;
  std::int64_t version = 1;
  TeamForm form;
  std::int64_t open_groups = 0;
};
[[nodiscard]] std::optional<TeamSettings> load_team(store::Transaction& tx, const TeamId& id);
// Until the transaction ends, others wait who lock it or take it.
void lock_team(store::Transaction& tx, const TeamId& id);
// Locks it; false where there is none, or it is closed: nothing new is put into it.
[[nodiscard]] bool take_open_team(store::Transaction& tx, const TeamId& id);
[[nodiscard]] bool team_name_taken(store::Transaction& tx, const std::string& name, const ServiceId& service, const TeamId& except);
void insert_team(store::Transaction& tx, const TeamId& id, const TeamForm& form);
[[nodiscard]] bool update_team(store::Transaction& tx, const TeamSettings& before, const TeamForm& form, base::WallTime now);

}  // namespace care
