// SPDX-License-Identifier: Apache-2.0
// See team_settings_table.h.
#include "care/team_settings_table.h"

namespace care {

TrustRow load_trust(store::Transaction& tx) {
  auto rows = tx.query("SELECT id, version, name, zone, duty_number FROM trust ORDER BY id LIMIT 1");
  if (!rows.next()) return {.id = {}, .version = 0, .form = {.name = {}, .zone = "Europe/London", .duty_number = {}}};
  return {.id = rows.id<TrustId>(0), .version = rows.integer(1), .form = {.name = rows.text(2), .zone = rows.text(3), .duty_number = rows.text(4)}};
}

bool save_trust(store::Transaction& tx, base::Entropy& entropy, const TrustRow& before, const TrustForm& form, base::WallTime now) {
  if (before.id.empty())
    return tx.run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, $2, $3, $4, '{}')",
                  base::new_id<TrustId>(entropy, now), form.name, form.zone, form.duty_number) == 1;
  return tx.run("UPDATE trust SET version = version + 1, name = $3, zone = $4, duty_number = $5 WHERE id = $1 AND version = $2", before.id, before.version,
                form.name, form.zone, form.duty_number) == 1;
}

namespace {
constexpr std::string_view kService =
    "SELECT s.id, s.version, s.name, (SELECT COUNT(*) FROM team t WHERE t.service = s.id AND t.closed_us IS NULL) FROM service s ";
ServiceRow service_of(const store::Rows& rows) {
  return {.id = rows.id<ServiceId>(0), .version = rows.integer(1), .name = rows.text(2), .teams = rows.integer(3)};
}
}  // namespace

std::vector<ServiceRow> list_services(store::Transaction& tx, const std::string& after_name, const std::string& after_id, std::int64_t limit) {
  auto rows = tx.query(std::string(kService) + "WHERE (s.name, s.id) > ($1, $2) ORDER BY s.name, s.id LIMIT $3", after_name, after_id, limit);
  std::vector<ServiceRow> out;
  while (rows.next()) out.push_back(service_of(rows));
  return out;
}
std::optional<ServiceRow> load_service(store::Transaction& tx, const ServiceId& id) {
  auto rows = tx.query(std::string(kService) + "WHERE s.id = $1", id);
  return rows.next() ? std::optional(service_of(rows)) : std::nullopt;
}
bool service_name_taken(store::Transaction& tx, const std::string& name, const ServiceId& except) {
  return tx.query("SELECT 1 FROM service WHERE LOWER(name) = LOWER($1) AND id <> $2", name, except).next();
}
void insert_service(store::Transaction& tx, const ServiceId& id, const TrustId& trust, const ServiceForm& form) {
  tx.run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, $3)", id, trust, form.name);
}
bool update_service(store::Transaction& tx, const ServiceId& id, std::int64_t version, const ServiceForm& form) {
  return tx.run("UPDATE service SET version = version + 1, name = $3 WHERE id = $1 AND version = $2", id, version, form.name) == 1;
}

std::optional<TeamSettings> load_team(store::Transaction& tx, const TeamId& id) {
  auto rows = tx.query("SELECT t.version, t.name, t.service, t.duty_number, t.closed_us, (SELECT COUNT(*) FROM therapy_group g WHERE g.team = t.id AND "
                       "g.closed_us IS NULL) FROM team t WHERE t.id = $1", id);
  if (!rows.next()) return std::nullopt;
  return TeamSettings{.id = id, .version = rows.integer(0),
                      .form = {.name = rows.text(1), .service = rows.id<ServiceId>(2), .duty_number = rows.text(3), .closed = !rows.null(4)},
                      .open_groups = rows.integer(5)};
}
void lock_team(store::Transaction& tx, const TeamId& id) { tx.run("UPDATE team SET version = version WHERE id = $1", id); }
bool take_open_team(store::Transaction& tx, const TeamId& id) {
  return tx.run("UPDATE team SET version = version WHERE id = $1 AND closed_us IS NULL", id) == 1;
}
bool team_name_taken(store::Transaction& tx, const std::string& name, const ServiceId& service, const TeamId& except) {
  return tx.query("SELECT 1 FROM team WHERE LOWER(name) = LOWER($1) AND service = $2 AND id <> $3", name, service, except).next();
}
void insert_team(store::Transaction& tx, const TeamId& id, const TeamForm& form) {
  tx.run("INSERT INTO team (id, version, service, name, duty_number, closed_us) VALUES ($1, 1, $2, $3, $4, NULL)", id, form.service, form.name,
         form.duty_number);
}
bool update_team(store::Transaction& tx, const TeamSettings& before, const TeamForm& form, base::WallTime now) {
  return tx.run("UPDATE team SET version = version + 1, name = $3, service = $4, duty_number = $5, closed_us = CASE WHEN $6 = 1 THEN "
                "COALESCE(closed_us, $7) ELSE NULL END WHERE id = $1 AND version = $2", before.id, before.version, form.name, form.service,
                form.duty_number, form.closed ? 1 : 0, now) == 1;
}

}  // namespace care
