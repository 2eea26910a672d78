// SPDX-License-Identifier: Apache-2.0
// See link_table.h.
#include "care/link_table.h"

namespace care {
namespace {

constexpr store::Column kBirthDate{"person.birth_date"}, kNhsNumber{"person.nhs_number"}, kContacts{"person.contacts"},
    kSupporterContacts{"supporter.contacts"};
// A link outlives a group that nobody closes by no more than this.
constexpr auto kLinkLasts = base::Duration::seconds(std::int64_t{400} * 24 * 3'600);

// Of a person's contacts, what a link may ask.
struct AskedContacts {
  std::optional<std::string> mobile, postcode;
  static constexpr auto fields() {
    return std::tuple{base::json::field("mobile", &AskedContacts::mobile), base::json::field("postcode", &AskedContacts::postcode)};
  }
};

using Text = base::Redacted<std::string>;

void take_contacts(KnownThings& known, const std::optional<Text>& sealed) {
  if (!sealed) return;
  const auto read = base::json::read<AskedContacts>(sealed->get(), base::json::Mode::tolerant);
  if (!read) return;
  known.mobile = Text(read->mobile.value_or(""));
  known.postcode = Text(read->postcode.value_or(""));
}

KnownThings of_person(store::Transaction& tx, const store::KeyRing& keys, const PersonId& person) {
  KnownThings known;
  auto rows = tx.query("SELECT birth_date_sealed, nhs_number_sealed, contacts_sealed FROM person WHERE id = $1", person);
  if (!rows.next()) return known;
  known.birth_date = keys.open_maybe(tx, kBirthDate, person.text, rows, 0).value_or(Text{});
  known.nhs_number = keys.open_maybe(tx, kNhsNumber, person.text, rows, 1).value_or(Text{});
  take_contacts(known, keys.open_maybe(tx, kContacts, person.text, rows, 2));
  return known;
}

}  // namespace

std::optional<LinkHolder> load_holder(store::Transaction& tx, const store::KeyRing& keys, const MembershipId& membership,
                                      const SupporterId& supporter, base::WallTime now) {
  auto rows = tx.query("SELECT m.person, m.group_id, g.team, m.state, t.duty_number, r.duty_number FROM membership m "
                       "JOIN therapy_group g ON g.id = m.group_id JOIN team t ON t.id = g.team JOIN service v ON v.id = t.service "
                       "JOIN trust r ON r.id = v.trust WHERE m.id = $1", membership);
  if (!rows.next()) return std::nullopt;
  const std::string state = rows.text(3);
  LinkHolder h{.membership = membership, .supporter = supporter, .person = rows.id<PersonId>(0), .group = rows.id<GroupId>(1),
               .team = rows.id<TeamId>(2), .ended = state == "completed" || state == "stopped" || state == "moved",
               .duty_number = rows.text(4).empty() ? rows.text(5) : rows.text(4), .known = {}};
  if (supporter.empty()) {
    h.known = of_person(tx, keys, h.person);
    return h;
  }
  auto own = tx.query("SELECT contacts_sealed, until_us FROM supporter WHERE id = $1 AND membership = $2", supporter, membership);
  if (!own.next()) return std::nullopt;
  take_contacts(h.known, keys.open_maybe(tx, kSupporterContacts, supporter.text, own, 0));
  if (const auto until = own.maybe_time(1)) h.ended = h.ended || *until <= now;
  return h;
}

std::optional<Link> find_link(store::Transaction& tx, const store::KeyRing& keys, const SecretHash& hash, base::WallTime now) {
  auto rows = tx.query("SELECT id, membership, supporter, made_us, until_us, wrong_answers, shut_until_us FROM personal_link "
                       "WHERE hash = $1 AND withdrawn_us IS NULL AND until_us > $2", hash, now);
  if (!rows.next()) return std::nullopt;
  auto holder = load_holder(tx, keys, rows.id<MembershipId>(1), SupporterId{rows.maybe_text(2).value_or("")}, now);
  if (!holder || holder->ended) return std::nullopt;
  return Link{.id = rows.id<LinkId>(0), .holder = std::move(*holder), .made = rows.time(3), .until = rows.time(4),
              .wrong_answers = rows.integer(5), .shut_until = rows.time(6)};
}

LinkId make_link(store::Transaction& tx, base::Entropy& entropy, const LinkHolder& holder, const SecretHash& secret, base::WallTime now) {
  withdraw_links(tx, holder.membership, holder.supporter, now);
  auto id = base::new_id<LinkId>(entropy, now);
  tx.run("INSERT INTO personal_link (id, hash, membership, supporter, made_us, until_us, withdrawn_us, wrong_answers, shut_until_us) "
         "VALUES ($1, $2, $3, $4, $5, $6, NULL, 0, 0)", id, secret, holder.membership,
         holder.supporter.empty() ? std::nullopt : std::optional(holder.supporter), now, now.us + kLinkLasts.us);
  return id;
}

std::int64_t withdraw_links(store::Transaction& tx, const MembershipId& membership, const SupporterId& supporter, base::WallTime now) {
  tx.run("DELETE FROM link_visit WHERE link IN (SELECT id FROM personal_link WHERE membership = $1 AND COALESCE(supporter, '') = $2)",
         membership, supporter);
  return tx.run("UPDATE personal_link SET withdrawn_us = $3 WHERE membership = $1 AND COALESCE(supporter, '') = $2 AND withdrawn_us IS NULL",
                membership, supporter, now);
}

void note_wrong(store::Transaction& tx, const Link& link, base::WallTime now) {
  const auto shut = shut_for(link.wrong_answers + 1);
  tx.run("UPDATE personal_link SET wrong_answers = wrong_answers + 1, shut_until_us = $2 WHERE id = $1", link.id,
         shut.us == 0 ? 0 : now.us + shut.us);
}

void begin_visit(store::Transaction& tx, const Link& link, const SecretHash& secret, base::WallTime now) {
  tx.run("UPDATE personal_link SET wrong_answers = 0, shut_until_us = 0 WHERE id = $1", link.id);
  tx.run("INSERT INTO link_visit (hash, link, made_us, until_us) VALUES ($1, $2, $3, $4)", secret, link.id, now, now.us + kVisitLasts.us);
}

std::optional<Actor> visitor_of(store::Transaction& tx, const SecretHash& hash, base::WallTime now) {
  auto rows = tx.query("SELECT m.id, m.person, l.supporter FROM link_visit v JOIN personal_link l ON l.id = v.link "
                       "JOIN membership m ON m.id = l.membership LEFT JOIN supporter s ON s.id = l.supporter "
                       "WHERE v.hash = $1 AND v.until_us > $2 AND l.withdrawn_us IS NULL AND l.until_us > $2 "
                       "AND m.state IN ('referred', 'waiting', 'prepared', 'joined') AND (s.until_us IS NULL OR s.until_us > $2)", hash, now);
  if (!rows.next()) return std::nullopt;
  Actor actor;
  actor.kind = rows.null(2) ? Actor::Kind::member : Actor::Kind::supporter;
  actor.membership = rows.id<MembershipId>(0);
  actor.person = rows.id<PersonId>(1);
  if (!rows.null(2)) actor.supporter = rows.id<SupporterId>(2);
  return actor;
}

void drop_visits(store::Transaction& tx, base::WallTime before) { tx.run("DELETE FROM link_visit WHERE until_us <= $1", before); }

}  // namespace care
