// SPDX-License-Identifier: Apache-2.0
// See demonstration_trust.h.
#include "app/demonstration_trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "care/agreement_table.h"
#include "care/attendance_table.h"
#include "care/membership_table.h"
#include "care/nhs_number.h"
#include "care/person_table.h"
#include "care/preparation_table.h"
#include "care/session_table.h"
#include "identity/account_table.h"

namespace app {
namespace {

using base::WallTime;
using care::MembershipState;

constexpr std::string_view kPassword = "example-of-a-password";
constexpr std::int64_t kDay = 24 * 3600 * std::int64_t{1'000'000}, kMinute = 60 * std::int64_t{1'000'000};
constexpr int kMinutes = 90, kSessions = 10, kGroupsOfTeam = 5, kPeopleOfTeam = 50, kMembers = 10;

constexpr std::array<std::string_view, 2> kServices{"Talking Therapies (example)", "Community Recovery (example)"};
constexpr std::array<std::string_view, 6> kTeams{"Alder team", "Birch team", "Cedar team", "Dogwood team", "Elm team", "Fir team"};
constexpr std::array<std::string_view, 5> kProgrammes{"Managing worry", "Living with low mood", "Mindfulness for beginners", "Sleeping better",
                                                      "Being kinder to yourself"};
constexpr std::array<std::string_view, 20> kFirst{"Amber", "Basil", "Clover", "Daisy",  "Ember",  "Fern",  "Garnet", "Heath", "Iris",  "Jasper",
                                                  "Kestrel", "Lark", "Maple", "Nettle", "Olive", "Poppy", "Quill", "Reed", "Saffron", "Tansy"};
constexpr std::array<std::string_view, 20> kLast{"Avocet",  "Bunting", "Curlew", "Dunlin", "Eider",   "Fieldfare", "Goldcrest", "Heronby", "Ibison",  "Jayling",
                                                 "Knotley", "Lapwing", "Merlin", "Nuthatch", "Osprey", "Plover",    "Quailey",   "Redstart", "Siskin", "Turnstone"};
constexpr std::array<std::string_view, 12> kAliases{"Sorrel", "Teasel", "Bramble", "Campion", "Yarrow", "Mallow", "Thyme", "Lupin", "Bryony", "Comfrey", "Vetch", "Sage"};

std::string name_of(std::size_t n) { return fmt::format("{} {}", kFirst[n % 20], kLast[(n / 20 + n) % 20]); }

// Of the range that is never issued, with its check digit; some ten-digit numbers have none (a check of 10) and are passed over.
std::string nhs_number(int n) {
  for (int last = 0; last < 10; ++last)
    if (auto number = care::parse_nhs_number(fmt::format("999{:06}{}", n, last))) return number->get();
  return {};
}

// The trust's template of a group's agreement, and the first version of every invented group's.
care::AgreementText agreement_template() {
  using enum care::Symbol;
  return {.title = "What we agree with each other",
          .points = {"What is said in the group stays in the group. We do not say who comes.",
                     "We come on time. If we cannot come, we tell the team.",
                     "We are in a place where nobody else can hear. If somebody comes in, we say so.",
                     "Nobody records sound or takes pictures.",
                     "One person speaks at a time. Nobody has to speak.",
                     "If somebody is in serious danger, the team may have to tell others. They say so first where they can."},
          .easy = {{lock, "We keep what we hear to ourselves."}, {clock, "We come on time."}, {person, "We are alone in the room."},
                   {camera, "Nobody takes pictures or sound."}, {listen, "We let each other speak. You do not have to."},
                   {help, "If you are in danger, we get help."}},
          .changed = {}};
}

// A conversation that was had to its end.
care::WantedPreparation talked_through(const std::string& alias) {
  care::WantedPreparation w;
  for (const auto& [part, name] : care::json_names(care::Part{})) w.record.parts.push_back({part, care::PartState::done, {}});
  w.record.overheard = "Nobody";
  w.record.questions = {{"Will anybody at work learn of it?", "No. We tell nobody."}};
  w.record.place = "A room with a door";
  w.record.headphones.value = care::Headphones::own;
  w.record.technology.value = care::Tried::works;
  w.record.communication = "None";
  w.record.way_note = "Decides each time";
  w.record.safety.helps = "A short walk, or a call to a friend";
  w.record.emergency = {"Invented Relative", "sister", "01632 960199"};
  w.conflict.knows.value = care::Knows::nobody;
  w.alias = alias;
  return w;
}

class Trust {
 public:
  Trust(store::Transaction& tx, const store::KeyRing& keys, base::Entropy& entropy, WallTime now)
      : tx_(tx), keys_(keys), entropy_(entropy), now_(now), zone_(care::Zone::find("Europe/London").value()) {}

  void make(const std::string& password_hash) {
    tx_.run("INSERT INTO trust (id, version, name, zone, duty_number, settings) VALUES ($1, 1, 'Example Trust', 'Europe/London', "
            "'01632 960100', $2)", trust_, R"({"agreement":)" + base::json::write(agreement_template()) + "}");
    for (const auto name : kServices) {
      services_.push_back(base::new_uuid(entropy_, now_));
      tx_.run("INSERT INTO service (id, version, trust, name) VALUES ($1, 1, $2, $3)", services_.back(), trust_, name);
    }
    for (std::size_t i = 0; i < kTeams.size(); ++i) {
      teams_.push_back(base::new_id<care::TeamId>(entropy_, now_));
      tx_.run("INSERT INTO team (id, version, service, name, duty_number) VALUES ($1, 1, $2, $3, $4)", teams_.back(), services_[i / 3],
              kTeams[i], fmt::format("01632 96010{}", i + 1));
    }
    make_staff(password_hash);
    for (std::size_t team = 0; team < teams_.size(); ++team) {
      make_people(team);
      for (int group = 0; group < kGroupsOfTeam; ++group) make_group(team, group);
    }
  }

 private:
  care::StaffId add_staff(const std::string& name, const std::string& email, std::string_view role, const care::TeamId* team) {
    const auto id = base::new_id<care::StaffId>(entropy_, now_);
    identity::AccountForm form{.name = name, .email = email, .active = true, .standings = {{std::string(role), {}}}};
    if (team != nullptr) form.standings[0].team.value = *team;
    identity::add_staff(tx_, id, form, entropy_, now_);
    return id;
  }

  // 6 leads, 29 facilitators and one of each role that is the whole trust's: 40.
  void make_staff(const std::string& password_hash) {
    std::size_t n = 0;
    facilitators_.resize(teams_.size());
    const auto mail = [&] { return fmt::format("staff{}@example.org", n + 1); };
    for (std::size_t team = 0; team < teams_.size(); ++team) {
      const auto lead = add_staff(name_of(n), team == 0 ? "lead@example.org" : mail(), "team_lead", &teams_[team]);
      if (team == 0) identity::set_password(tx_, lead, password_hash, now_);
      ++n;
      for (int i = 0; i < (team == 5 ? 4 : 5); ++i, ++n) {
        const bool offered = team == 0 && i == 0;
        const auto one = add_staff(name_of(n), offered ? "facilitator@example.org" : mail(), "facilitator", &teams_[team]);
        if (offered) identity::set_password(tx_, one, password_hash, now_);
        facilitators_[team].push_back(one);
      }
    }
    for (const auto& who : demonstration_staff()) {
      if (who.role == "team_lead" || who.role == "facilitator") continue;
      const auto one = add_staff(who.name, who.email, who.role, nullptr);
      identity::set_password(tx_, one, password_hash, now_);
    }
  }

  void make_people(std::size_t team) {
    people_.clear();
    for (int i = 0; i < kPeopleOfTeam; ++i, ++people_made_) {
      const auto n = static_cast<std::size_t>(people_made_);
      const auto personal = [](std::string text) { return care::Personal(std::move(text)); };
      care::Identity who;
      who.legal_name = personal(name_of(n * 7 + 3));
      if (n % 4 == 0) who.preferred_name = personal(std::string(kFirst[(n * 3) % 20]));
      who.nhs_number = personal(nhs_number(people_made_));
      who.birth_date.value = personal(fmt::format("{}-{:02}-{:02}", 1950 + people_made_ % 55, 1 + people_made_ % 12, 1 + people_made_ % 28));
      who.contacts.email = personal(fmt::format("person{}@example.org", people_made_ + 1));
      who.contacts.mobile = personal(fmt::format("07700 900{:03}", people_made_ % 1'000));
      who.contacts.address = {personal(fmt::format("{} Example Street", 1 + people_made_ % 90)), personal("Exampleton")};
      who.contacts.postcode = personal("TE5 7ST");  // there is no area TE
      using enum care::SafeMethod;
      constexpr std::array kMethods{email, sms, letter, telephone};
      who.safe_contact.method.value = kMethods[n % kMethods.size()];
      who.emergency_contact = {personal(name_of(n + 11)), personal("sister"), personal(fmt::format("07700 900{:03}", (people_made_ + 500) % 1'000))};
      care::Needs needs;
      needs.preferences.language = personal(n % 25 == 0 ? "cy" : "en");
      if (n % 9 == 0) needs.needs.push_back({.category = "009", .code = "", .note = personal("A break after 40 minutes")});
      if (n % 17 == 0) needs.needs.push_back({.category = "001", .code = "441092009", .note = personal("Lip-reads: please face the camera")});
      auto settled = care::settle(who, care::date_of(now_), "");
      if (!settled) throw std::runtime_error("demonstration: an invented person breaks a rule at " + settled.error().front().pointer);
      people_.push_back(base::new_id<care::PersonId>(entropy_, now_));
      care::insert_person(tx_, keys_, entropy_, people_.back(), teams_[team], *settled, needs, now_);
    }
  }

  care::Group plan(std::size_t team, int number, const std::vector<care::StaffId>& who) const {
    care::Group g;
    g.team = teams_[team];
    g.name = fmt::format("{}, group {}", kProgrammes[static_cast<std::size_t>(number)], 1 + team);
    g.programme = kProgrammes[static_cast<std::size_t>(number)];
    g.zone = "Europe/London";
    g.ways = {care::Way::in_person, care::Way::video, care::Way::phone};
    g.software = care::kOwnSoftware;
    g.venue = fmt::format("Room {}, Example House", number + 1);
    g.capacity = 12;
    constexpr std::array<std::string_view, 2> kNames{"Juniper", "Wren"};
    for (std::size_t i = 0; i < who.size(); ++i)
      g.facilitators.push_back({.staff = who[i], .name = {}, .role = i == 0 ? care::FacilitatorRole::facilitator : care::FacilitatorRole::co_facilitator,
                                .alias = std::string(kNames[i]), .seat = static_cast<int>(i) + 1});
    if (number == 4) {
      g.ways = {care::Way::video};
      g.one_way_reason = "The room at Example House is closed until spring";
      g.one_way_alternative = "The same programme in person with the team next door";
    }
    return g;
  }

  void make_group(std::size_t team, int number) {
    const auto& staff = facilitators_[team];
    const auto first = static_cast<std::size_t>(number) % staff.size();
    const auto id = base::new_id<care::GroupId>(entropy_, now_);
    const care::Group group = plan(team, number, {staff[first], staff[(first + 1) % staff.size()]});
    care::insert_group(tx_, id, group, now_);
    const auto agreement = care::add_agreement(tx_, keys_, entropy_, id, 1, agreement_template(), staff[first], now_);
    const bool meets_now = team == 0 && number == 0;
    auto sessions = make_sessions(id, group, team, number, meets_now);
    make_members(id, number, sessions, {staff[first], agreement.id});
    attend_those_past(id, sessions);
  }

  // Ten weekly sessions, some behind and some before us. The first group's fifth one begins now.
  std::vector<care::Session> make_sessions(const care::GroupId& id, const care::Group& group, std::size_t team, int number, bool meets_now) {
    const auto here = zone_.shown_at(now_);
    const int past = meets_now ? 4 : static_cast<int>(team + static_cast<std::size_t>(number) * 2) % (kSessions + 2);
    const care::ClockTime time = meets_now ? here.time : care::ClockTime{(9 + (number * 2) % 9) * 60 + (team % 2 == 0 ? 0 : 30)};
    const int weekday = meets_now ? 0 : 1 + static_cast<int>((team * 5 + static_cast<std::size_t>(number) * 3) % 6);
    care::NewSeries rule{.first_date = care::to_text(care::LocalDate{here.date.days + weekday - 7 * past}), .start_time = care::to_text(time),
                         .minutes = kMinutes, .every_days = 7, .count = kSessions, .exceptions = {}};
    const auto series = care::insert_series(tx_, entropy_, id, rule, now_);
    std::vector<care::Session> sessions;
    for (int i = 0; i < kSessions; ++i) {
      const auto p = care::planned(zone_, care::LocalDate{here.date.days + weekday + 7 * (i - past)}, time, kMinutes);
      sessions.push_back({.id = {}, .version = 1, .group = id, .series = series, .number = i + 1, .date = p.date, .time = p.time, .minutes = kMinutes,
                          .span = {p.starts, p.ends}, .venue = group.venue, .held_on = std::string(care::kOwnSoftware),
                          .state = care::SessionState::planned, .cancelled_reason = {}, .sequence = 0});
    }
    care::insert_sessions(tx_, entropy_, sessions, now_);
    return sessions;
  }

  struct Led {
    care::StaffId by;
    care::AgreementId agreement;
  };
  void make_members(const care::GroupId& id, int number, const std::vector<care::Session>& sessions, const Led& led) {
    const WallTime referred{std::min(sessions.front().span.starts.us, now_.us) - 30 * kDay};
    for (int i = 0; i < kMembers; ++i) {
      const auto& person = people_[static_cast<std::size_t>(number * kMembers + i)];
      const auto membership = care::refer(tx_, entropy_, id, person, std::nullopt, referred);
      const auto load = [&] { return care::load_membership(tx_, keys_, membership).value(); };
      const auto step = [&](MembershipState state, int days) {
        (void)care::save_step(tx_, keys_, entropy_, load(), {.state = state, .reason = "", .note = "", .expected = care::Expected::as_before, .moved_to = {}},
                              std::nullopt, {referred.us + days * kDay});
      };
      step(MembershipState::waiting, 3);
      if (i >= 8) continue;  // two still wait
      (void)care::save_card(tx_, keys_, load(), {.alias = base::Redacted<std::string>(std::string(kAliases[static_cast<std::size_t>(i)])), .disguise = {}});
      auto said = talked_through(std::string(kAliases[static_cast<std::size_t>(i)]));
      if (i == 7) {  // one is not prepared yet: two parts are still open
        said.record.parts.resize(said.record.parts.size() - 2);
        said.record.parts[4] = {care::Part::place, care::PartState::declined, "Wants to find a place first"};
      }
      (void)care::save_preparation(tx_, keys_, membership, {}, said, led.by, {referred.us + 10 * kDay});
      if (i == 7) continue;
      (void)care::save_finished(tx_, membership, 1, {referred.us + 14 * kDay});
      care::accept_agreement(tx_, led.agreement, membership, i == 6 ? care::HowAccepted::on_paper : care::HowAccepted::self,
                             i == 6 ? std::optional(led.by) : std::nullopt, {referred.us + 14 * kDay});
      step(MembershipState::prepared, 14);
      step(MembershipState::joined, 28);
      care::expect_member(tx_, entropy_, id, membership, referred);
    }
  }

  void attend_those_past(const care::GroupId& id, const std::vector<care::Session>& sessions) {
    const auto members = care::members_of(tx_, keys_, id, 0, 100);
    for (const auto& session : sessions) {
      if (session.span.ends.us > now_.us) break;
      for (const auto& m : members) {
        const auto luck = (m.seat * 7 + session.number * 5) % 10;
        if (m.state != MembershipState::joined || luck == 0) continue;
        const auto came = session.span.starts.us + (luck == 1 ? 15 : -3) * kMinute;
        care::note_came(tx_, keys_, entropy_, session.id, m.seat, luck == 2 ? care::Way::phone : care::Way::video, {came});
        care::note_left(tx_, session.id, m.seat, session.span.ends);
      }
      care::close_register(tx_, session.id, session.span.ends);
    }
  }

  store::Transaction& tx_;
  const store::KeyRing& keys_;
  base::Entropy& entropy_;
  WallTime now_;
  care::Zone zone_;
  std::string trust_ = base::new_uuid(entropy_, now_);
  std::vector<std::string> services_;
  std::vector<care::TeamId> teams_;
  std::vector<std::vector<care::StaffId>> facilitators_;
  std::vector<care::PersonId> people_;  // of the team in hand
  int people_made_ = 0;
};

bool trust_is_there(store::Pool& pool) { return pool.read()->query("SELECT 1 FROM trust").next(); }

// The session that met when the demonstration was last started meets now.
void meet_now(store::Transaction& tx, WallTime now) {
  const auto here = care::Zone::find("Europe/London").value().shown_at(now);
  std::string id;
  {
    auto rows = tx.query("SELECT s.id FROM session s JOIN therapy_group g ON g.id = s.group_id WHERE g.name = $1 AND s.number = 5",
                         fmt::format("{}, group 1", kProgrammes[0]));
    if (rows.next()) id = rows.text(0);
  }
  tx.run("UPDATE session SET local_date = $2, local_time = $3, starts_us = $4, ends_us = $5, state = 'planned', ended_us = NULL WHERE id = $1", id,
         care::to_text(here.date), care::to_text(here.time), here.at, here.at.us + kMinutes * kMinute);
}

}  // namespace

std::vector<DemonstrationStaff> demonstration_staff() {
  const std::string p(kPassword);
  return {{name_of(1), "facilitator", "facilitator@example.org", p},
          {name_of(0), "team_lead", "lead@example.org", p},
          {"Iris Example", "administrator", "administrator@example.org", p},
          {"Jasper Example", "safety_officer", "safety@example.org", p},
          {"Lark Example", "it_support", "it@example.org", p},
          {"Maple Example", "trainer", "trainer@example.org", p},
          {"Olive Example", "evaluator", "evaluator@example.org", p}};
}

void prepare_demonstration_trust(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, WallTime now,
                                 crypto::PasswordCost cost) {
  const bool fresh = !trust_is_there(pool);
  const auto tx = pool.write();
  if (fresh) {
    crypto::PasswordSalt salt{};
    entropy.fill(salt);
    const auto hash = crypto::hash_password(base::Redacted<std::string>(std::string(kPassword)), salt, cost);
    if (!hash) throw std::runtime_error("demonstration: no memory for a password");
    Trust(*tx, keys, entropy, now).make(*hash);
  } else {
    meet_now(*tx, now);
  }
  if (!tx->commit()) throw std::runtime_error("demonstration: the database did not take the trust");
}

}  // namespace app
