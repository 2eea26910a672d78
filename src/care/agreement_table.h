// SPDX-License-Identifier: Apache-2.0
// The tables group_agreement, agreement_acceptance and supporter_agreement. Texts are sealed. Not here: what a version must hold (agreement.h). A version
// is only ever added. One thread a transaction.
#pragma once
#include <optional>
#include <vector>

#include "care/agreement.h"
#include "store/key_ring.h"

namespace care {

[[nodiscard]] std::optional<Agreement> current_agreement(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group);
// A conflict of the transaction where the number was given meanwhile.
[[nodiscard]] Agreement add_agreement(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, const GroupId& group,
                                      std::int64_t number, const AgreementText& text, const StaffId& staff, base::WallTime now);
// The trust's template, where it has one (trust.settings, "agreement").
[[nodiscard]] std::optional<AgreementText> agreement_template(store::Transaction& tx);
// The trust's other settings stay as they are. False: the trust has changed since this version.
[[nodiscard]] bool save_agreement_template(store::Transaction& tx, const TrustId& trust, std::int64_t version, const AgreementText& text);

struct AgreementVersionRow {
  std::int64_t number = 0;
  std::string madeAt, by;
  std::int64_t accepted = 0;  // by how many members who are in the group
  AgreementText text;
  static constexpr auto fields() {
    using base::json::field;
    using R = AgreementVersionRow;
    return std::tuple{field("number", &R::number), field("madeAt", &R::madeAt), field("by", &R::by), field("accepted", &R::accepted),
                      field("text", &R::text)};
  }
};
// The newest first, 50 at most.
[[nodiscard]] std::vector<AgreementVersionRow> agreement_versions(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group);

struct Acceptance {
  std::int64_t number = 0;
  std::string at;
  HowAccepted how = HowAccepted::self;
  std::string by;  // who noted it; empty: nobody but themselves
  static constexpr auto fields() {
    using base::json::field;
    return std::tuple{field("number", &Acceptance::number), field("at", &Acceptance::at), field("how", &Acceptance::how),
                      field("by", &Acceptance::by)};
  }
};
// The latest version that they accepted.
[[nodiscard]] std::optional<Acceptance> acceptance_of(store::Transaction& tx, const MembershipId& membership);
[[nodiscard]] std::optional<Acceptance> acceptance_of(store::Transaction& tx, const SupporterId& supporter);
// Once a version; again is nothing.
void accept_agreement(store::Transaction& tx, const AgreementId& agreement, const MembershipId& membership, HowAccepted how,
                      const std::optional<StaffId>& staff, base::WallTime now);
void accept_agreement(store::Transaction& tx, const AgreementId& agreement, const SupporterId& supporter, HowAccepted how,
                      const std::optional<StaffId>& staff, base::WallTime now);

struct SupportersAcceptance {
  SupporterId supporter;
  std::string kind;  // 'interpreter', 'carer', 'advocate'
  base::Redacted<std::string> alias;
  std::vector<Acceptance> accepted;
  static constexpr auto fields() {
    using base::json::field;
    using R = SupportersAcceptance;
    return std::tuple{field("supporter", &R::supporter), field("kind", &R::kind), field("alias", &R::alias), field("accepted", &R::accepted)};
  }
};
struct MembersAcceptance {
  MembershipId membership;
  base::Redacted<std::string> alias;
  base::json::Nullable<base::Redacted<std::string>> name;  // null where the actor may not see it
  std::vector<Acceptance> accepted;                        // the latest version first
  std::vector<SupportersAcceptance> supporters;            // those who come along now
  PersonId person;                                         // not said
  static constexpr auto fields() {
    using base::json::field;
    using R = MembersAcceptance;
    return std::tuple{field("membership", &R::membership), field("alias", &R::alias), field("name", &R::name),
                      field("accepted", &R::accepted), field("supporters", &R::supporters)};
  }
};
// Of everybody who is in the group, in order of seats.
[[nodiscard]] std::vector<MembersAcceptance> acceptances_in(store::Transaction& tx, const store::KeyRing& keys, const GroupId& group,
                                                            base::WallTime now);

// Whose supporter somebody is, where they come along now.
struct SupportersPlace {
  MembershipId membership;
  GroupId group;
  PersonId person;
};
[[nodiscard]] std::optional<SupportersPlace> place_of_supporter(store::Transaction& tx, const SupporterId& supporter, base::WallTime now);

}  // namespace care
