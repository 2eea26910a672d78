// SPDX-License-Identifier: Apache-2.0
// See person_table.h.
#include "care/person_table.h"

#include <algorithm>

#include "care/deprivation_table.h"
#include "care/person_search_table.h"

namespace care {
namespace {

using store::Column;
using store::Sealed;
constexpr Column kLegalName{"person.legal_name"}, kPreferredName{"person.preferred_name"}, kNhsNumber{"person.nhs_number"},
    kBirthDate{"person.birth_date"}, kContacts{"person.contacts"}, kEmergency{"person.emergency_contact"},
    kSafeContact{"person.safe_contact"}, kPreferences{"person.preferences"}, kProtected{"person.protected"},
    kNeedNote{"person_need.note"};

// What was sealed by us reads as it was written; anything else is damage, as a sealed value that does not open is.
template <class T>
T read_json(store::Transaction& tx, const store::KeyRing& keys, Column column, const PersonId& id, const store::Rows& rows, int at) {
  const auto text = keys.open_maybe(tx, column, id.text, rows, at);
  if (!text || !tx.ok()) return {};
  auto read = base::json::read<T>(text->get(), base::json::Mode::tolerant, {.bytes = 256 * 1024, .depth = 16});
  if (read) return std::move(*read);
  tx.fail(store::StoreError::unavailable);
  return {};
}
template <class T>
Sealed seal_json(const store::KeyRing& keys, Column column, const PersonId& id, const T& value) {
  return keys.seal(column, id.text, Personal(base::json::write(value)));
}
std::optional<Sealed> seal_maybe(const store::KeyRing& keys, Column column, const PersonId& id, const Personal& value) {
  if (value.get().empty()) return std::nullopt;
  return keys.seal(column, id.text, value);
}
Personal open_or_empty(store::Transaction& tx, const store::KeyRing& keys, Column column, const PersonId& id, const store::Rows& rows, int at) {
  return keys.open_maybe(tx, column, id.text, rows, at).value_or(Personal{});
}

// The sealed columns of an identity, as an INSERT and an UPDATE bind them.
struct SealedIdentity {
  Sealed legal_name;
  std::optional<Sealed> preferred_name, nhs_number;
  std::optional<store::BlindIndex> nhs_index;
  std::optional<Sealed> birth_date;
  Sealed contacts, emergency, safe_contact;
  std::optional<std::int64_t> decile, year;
};
SealedIdentity seal_identity(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, const Identity& it) {
  const auto deprivation = decile_of(tx, it.contacts.postcode);
  return {.legal_name = keys.seal(kLegalName, id.text, it.legal_name),
          .preferred_name = seal_maybe(keys, kPreferredName, id, it.preferred_name),
          .nhs_number = seal_maybe(keys, kNhsNumber, id, it.nhs_number),
          .nhs_index = it.nhs_number.get().empty() ? std::nullopt : std::optional(blind(keys, exact_number(it.nhs_number))),
          .birth_date = it.birth_date.value ? seal_maybe(keys, kBirthDate, id, *it.birth_date.value) : std::nullopt,
          .contacts = seal_json(keys, kContacts, id, it.contacts),
          .emergency = seal_json(keys, kEmergency, id, it.emergency_contact),
          .safe_contact = seal_json(keys, kSafeContact, id, it.safe_contact),
          .decile = deprivation ? std::optional(deprivation->decile) : std::nullopt,
          .year = deprivation ? std::optional(deprivation->year) : std::nullopt};
}

void insert_needs(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const PersonId& person,
                  const std::vector<Need>& needs, base::WallTime now) {
  for (std::size_t place = 0; place < needs.size(); ++place) {
    const Need& need = needs[place];
    const std::string id = base::new_uuid(entropy, now);
    const std::optional<std::string> code = need.code.empty() ? std::nullopt : std::optional(need.code);
    std::optional<Sealed> note;
    if (!need.note.get().empty()) note = keys.seal(kNeedNote, id, need.note);
    tx.run("INSERT INTO person_need (id, person, category, code, note_sealed, made_us, place) VALUES ($1, $2, $3, $4, $5, $6, $7)", id,
           person, need.category, code, note, now, place);
  }
}

}  // namespace

std::optional<PersonPlace> find_person(store::Transaction& tx, const PersonId& id) {
  PersonPlace out;
  {
    store::Rows rows = tx.query("SELECT version, team FROM person WHERE id = $1", id);
    if (!rows.next()) return std::nullopt;
    out.version = rows.integer(0);
    out.team = rows.id<TeamId>(1);
  }
  out.where = {.teams = {out.team}, .groups = {}, .person = id, .staff = {}};
  store::Rows groups =
      tx.query("SELECT DISTINCT g.id, g.team FROM membership m JOIN therapy_group g ON g.id = m.group_id WHERE m.person = $1", id);
  while (groups.next()) {
    out.where.groups.push_back(groups.id<GroupId>(0));
    if (auto team = groups.id<TeamId>(1); std::ranges::find(out.where.teams, team) == out.where.teams.end())
      out.where.teams.push_back(std::move(team));
  }
  return out;
}

Identity load_identity(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id) {
  Identity it;
  store::Rows rows = tx.query(
      "SELECT legal_name_sealed, preferred_name_sealed, nhs_number_sealed, birth_date_sealed, contacts_sealed, "
      "emergency_contact_sealed, safe_contact_sealed FROM person WHERE id = $1", id);
  if (!rows.next()) return it;
  it.legal_name = keys.open(tx, kLegalName, id.text, rows.bytes(0));
  it.preferred_name = open_or_empty(tx, keys, kPreferredName, id, rows, 1);
  it.nhs_number = open_or_empty(tx, keys, kNhsNumber, id, rows, 2);
  it.birth_date.value = keys.open_maybe(tx, kBirthDate, id.text, rows, 3);
  it.contacts = read_json<Contacts>(tx, keys, kContacts, id, rows, 4);
  it.emergency_contact = read_json<EmergencyContact>(tx, keys, kEmergency, id, rows, 5);
  it.safe_contact = read_json<SafeContact>(tx, keys, kSafeContact, id, rows, 6);
  return it;
}

Needs load_needs(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id) {
  Needs out;
  {
    store::Rows rows = tx.query("SELECT preferences_sealed FROM person WHERE id = $1", id);
    if (!rows.next()) return out;
    out.preferences = read_json<Preferences>(tx, keys, kPreferences, id, rows, 0);
  }
  store::Rows rows = tx.query("SELECT id, category, code, note_sealed FROM person_need WHERE person = $1 ORDER BY place, id", id);
  while (rows.next())
    out.needs.push_back({.category = rows.text(1),
                         .code = rows.maybe_text(2).value_or(""),
                         .note = keys.open_maybe(tx, kNeedNote, rows.text(0), rows, 3).value_or(Personal{})});
  return out;
}

std::optional<Deprivation> load_deprivation(store::Transaction& tx, const PersonId& id) {
  store::Rows rows = tx.query("SELECT decile, decile_year FROM person WHERE id = $1", id);
  if (!rows.next() || rows.null(0) || rows.null(1)) return std::nullopt;
  return Deprivation{.decile = rows.integer(0), .year = rows.integer(1)};
}

std::optional<ProtectedAnswers> load_protected(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id) {
  store::Rows rows = tx.query("SELECT protected_version, protected_sealed FROM person WHERE id = $1", id);
  if (!rows.next()) return std::nullopt;
  return ProtectedAnswers{.version = rows.integer(0), .said = read_json<Characteristics>(tx, keys, kProtected, id, rows, 1)};
}

void insert_person(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const PersonId& id, const TeamId& team,
                   const Identity& identity, const Needs& needs, base::WallTime now) {
  const SealedIdentity s = seal_identity(tx, keys, id, identity);
  tx.run("INSERT INTO person (id, version, team, legal_name_sealed, preferred_name_sealed, nhs_number_sealed, nhs_number_index, "
         "birth_date_sealed, contacts_sealed, emergency_contact_sealed, safe_contact_sealed, preferences_sealed, decile, decile_year, "
         "made_us, changed_us) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)",
         id, team, s.legal_name, s.preferred_name, s.nhs_number, s.nhs_index, s.birth_date, s.contacts, s.emergency, s.safe_contact,
         seal_json(keys, kPreferences, id, needs.preferences), s.decile, s.year, now);
  insert_needs(tx, keys, entropy, id, needs.needs, now);
  index_person(tx, keys, id, identity);
}

bool update_identity(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, std::int64_t version,
                     const Identity& identity, base::WallTime now) {
  const SealedIdentity s = seal_identity(tx, keys, id, identity);
  const auto changed = tx.run(
      "UPDATE person SET version = version + 1, legal_name_sealed = $3, preferred_name_sealed = $4, nhs_number_sealed = $5, "
      "nhs_number_index = $6, birth_date_sealed = $7, contacts_sealed = $8, emergency_contact_sealed = $9, safe_contact_sealed = $10, "
      "decile = $11, decile_year = $12, changed_us = $13 WHERE id = $1 AND version = $2",
      id, version, s.legal_name, s.preferred_name, s.nhs_number, s.nhs_index, s.birth_date, s.contacts, s.emergency, s.safe_contact,
      s.decile, s.year, now);
  if (changed == 0) return false;
  index_person(tx, keys, id, identity);
  return true;
}

bool update_needs(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const PersonId& id, std::int64_t version,
                  const Needs& needs, base::WallTime now) {
  if (tx.run("UPDATE person SET version = version + 1, preferences_sealed = $3, changed_us = $4 WHERE id = $1 AND version = $2", id,
             version, seal_json(keys, kPreferences, id, needs.preferences), now) == 0)
    return false;
  tx.run("DELETE FROM person_need WHERE person = $1", id);
  insert_needs(tx, keys, entropy, id, needs.needs, now);
  return true;
}

bool update_protected(store::Transaction& tx, const store::KeyRing& keys, const PersonId& id, std::int64_t version,
                      const Characteristics& said) {
  return tx.run("UPDATE person SET protected_version = protected_version + 1, protected_sealed = $3 WHERE id = $1 AND protected_version = $2",
                id, version, seal_json(keys, kProtected, id, said)) != 0;
}

bool nhs_number_taken(store::Transaction& tx, const store::KeyRing& keys, const Personal& number, const PersonId& except) {
  if (number.get().empty()) return false;
  return tx.query("SELECT 1 FROM person WHERE nhs_number_index = $1 AND id <> $2", blind(keys, exact_number(number)), except).next();
}

bool team_exists(store::Transaction& tx, const TeamId& team) { return tx.query("SELECT 1 FROM team WHERE id = $1", team).next(); }

std::string supporter_kind(store::Transaction& tx, const SupporterId& id) {
  store::Rows rows = tx.query("SELECT kind FROM supporter WHERE id = $1", id);
  return rows.next() ? rows.text(0) : std::string();
}

}  // namespace care
