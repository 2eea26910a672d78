// SPDX-License-Identifier: Apache-2.0
// A seeded random walk: thousands of messages, drops, returns and media events in one room, with the invariants of the house
// checked after every step against what each browser was told and what media was asked. Each payload is a planted text, so
// that whoever gets one they must not get is found.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "call/rehearsal.h"

namespace call {
namespace {

using namespace rehearsal;

// What one tab knows of itself by what it was told.
struct Walker {
  Tab tab;
  Admission admission;
  Stage stage = Stage::arriving;
  bool connected = true;
  bool missed = false;  // was without a line once: what was said then is not said again unasked
};

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : r_(PlaneSettings{.media = {}, .max_people = 6, .max_waiting = 6}, seed), seed_(seed), dice_(seed ^ 77) {}

  void step() {
    audience_.reset();
    const std::uint64_t what = dice_.below(100);
    if (walkers_.size() < 3 || what < 8) return come();
    Walker& walker = walkers_[dice_.below(walkers_.size())];
    if (what >= 70) return say_something(facilitator_or(walker));
    if (what < 14) return drop(walker);
    if (what < 26) return come_back(walker);
    if (what < 34) return media_event(walker);
    if (what < 40) return r_.wait(base::Duration::millis(static_cast<std::int64_t>(dice_.below(20'000))));
    say_something(walker);
  }

  void say_something(Walker& walker) {
    if (!walker.connected) return;
    sender_ = walker.tab.connection;
    ClientMessage message = any_message();
    if (const auto* send = std::get_if<Send>(&message)) audience_ = send->audience;
    walker.missed |= std::holds_alternative<CommitsSince>(message);  // what it hears again is not in its order
    r_.say(walker.tab, std::move(message));
    r_.wait(base::Duration::millis(300));  // below every rate limit
  }

  Walker& facilitator_or(Walker& other) {
    for (Walker& w : walkers_)
      if (w.connected && w.stage == Stage::present && w.admission.permissions.moderate) return w;
    return other;
  }

  // Reads what everyone was told in this step, and checks it.
  void check() {
    for (Walker& walker : walkers_) listen(walker);
    std::erase_if(walkers_, [&](const Walker& w) { return w.stage == Stage::gone; });
    check_seats();
    check_media();
    r_.forget();
    r_.closed.clear();
    sent_before_.merge(sent_now_);
    if (r_.plane->totals().rooms == 0) sent_before_.clear();  // the next room counts from its own opening
  }
  int kept_told = 0;
  std::map<std::string, int> seen;  // how often each message was told: a walk that goes nowhere proves nothing
  int switches_checked = 0;
  int taken_aside = 0, in_breakouts = 0;

 private:
  void come() {
    const auto seat = static_cast<std::uint32_t>(1 + dice_.below(8));
    const Admission admission = seat == 1   ? facilitator(1)
                                : seat == 2 ? facilitator(2, Role::co_facilitator)
                                            : member(seat);
    const Tab tab = r_.come(admission);
    if (tab.arrival.value == 0) return;  // full
    walkers_.push_back({.tab = tab, .admission = admission});
    r_.media_says(tab, media::Event::Connected{});
    r_.say(tab, Ready{});
  }
  void drop(Walker& walker) {
    if (!walker.connected) return;
    walker.connected = false;
    walker.missed = true;
    r_.drop(walker.tab);
  }
  void come_back(Walker& walker) {
    const Tab back = r_.come(walker.admission, walker.tab.token, dice_.below(2) == 0);
    if (back.arrival != walker.tab.arrival) {  // too late: a stranger on the seat
      walker.stage = Stage::gone;
      if (back.arrival.value != 0) walkers_.push_back({.tab = back, .admission = walker.admission});
      return;
    }
    walker.tab.connection = back.connection;
    walker.connected = true;
    if (r_.last<Welcome>(back)->kept) return;
    r_.media_says(back, media::Event::Connected{});
  }
  void media_event(Walker& walker) {
    switch (dice_.below(5)) {
      case 0: return r_.media_says(walker.tab, media::Event::Silent{});
      case 1: return r_.media_says(walker.tab, media::Event::Slots{{walkers_.front().tab.arrival, walkers_.back().tab.arrival}});
      case 2: return r_.media_says(walker.tab, media::Event::Speaker{walkers_.back().tab.arrival});
      default: return r_.media_says(walker.tab, media::Event::Back{});
    }
  }
  base::SeatId any_seat() { return {static_cast<std::uint32_t>(1 + dice_.below(9))}; }
  base::ArrivalId any_arrival() { return walkers_[dice_.below(walkers_.size())].tab.arrival; }
  Audience any_audience() {
    switch (dice_.below(5)) {
      case 0: return Everyone{};
      case 1: return Facilitators{};
      case 2: return any_seat();
      case 3: return any_place();
      default: return any_arrival();
    }
  }
  GroupName any_place() {
    if (dice_.below(3) == 0) return {.kind = GroupName::Kind::facilitators, .number = 0};
    return {.kind = GroupName::Kind::private_room, .number = any_seat().value};
  }
  GroupName any_group() {
    const auto number = static_cast<std::uint32_t>(dice_.below(4));
    if (number < 2) return {};
    return {.kind = number == 2 ? GroupName::Kind::breakout : GroupName::Kind::private_room, .number = number};
  }
  Commit any_commit() {
    Commit out;
    out.group = any_group();
    out.instance = std::max<std::uint64_t>(1, group_instances_[out.group]);
    out.epoch = dice_.below(6) == 0 ? dice_.below(9) : group_epochs_[out.group];
    out.commit = payload("Y29tbWl0");
    if (dice_.below(2) == 0) {
      out.adds = {any_arrival()};
      out.welcome = payload(fmt::format("{:08}", out.adds[0].value % 100'000'000));
    }
    if (dice_.below(4) == 0) out.removes = {any_arrival()};
    return out;
  }
  ClientMessage any_mls() {
    switch (dice_.below(8)) {
      case 0: return KeyPackage{payload("a2V5")};
      case 1: return GroupOpen{.group = any_group(), .replace = dice_.below(2) == 0, .ref = {}};
      case 2: return CommitsSince{.group = any_group(), .instance = 1, .epoch = dice_.below(9)};
      default: return any_commit();
    }
  }
  ClientMessage any_message() {
    if (dice_.below(4) == 0) return any_mls();
    switch (dice_.below(36)) {
      case 0: return Decline{any_arrival()};
      case 1: return MoveBack{any_seat()};
      case 2: return Remove{any_seat()};
      case 3: return Mute{any_seat()};
      case 4: return AskToMute{any_seat()};
      case 5: return Lock{dice_.below(4) == 0};
      case 6: return Pause{dice_.below(2) == 0};
      case 7: return Leave{};
      case 8: return View{{{.seat = any_seat(), .width = 10, .height = 10}}, false, {}};
      case 9: return Ready{};
      case 10: return dice_.below(20) == 0 ? ClientMessage(End{}) : ClientMessage(Ping{});
      case 24:
      case 25: return PrivateRoom{any_seat()};
      case 26: return Return{};
      case 27:
      case 28:
      case 33:
      case 34: return OpenBreakouts{.rooms = {{{any_seat()}}, {{any_seat()}}}, .seconds = 1 + static_cast<std::uint32_t>(dice_.below(60))};
      case 29:
      case 30: return MoveTo{.breakout = 1 + static_cast<std::uint32_t>(dice_.below(3)), .seat = any_seat()};
      case 31: return MoveTo{.breakout = 1, .seat = {}};
      case 35: return TalkBackstage{dice_.below(3) != 0};
      case 32: return BreakoutTime{static_cast<std::uint32_t>(dice_.below(20))};
      case 11:
      case 12:
      case 13: return Publish{dice_.below(2) == 0, dice_.below(2) == 0};
      case 14:
      case 15:
      case 16:
      case 17: return to(any_audience(), "UGxhbnRlZA");
      default: return Admit{any_arrival()};
    }
  }

  void listen(Walker& walker) {
    const bool was_present = walker.stage == Stage::present;
    for (const ServerMessage& message : r_.heard(walker.tab)) {
      ++seen[std::string(type_of(message))];
      if (const auto* m = std::get_if<Welcome>(&message)) walker.stage = m->state;
      if (const auto* m = std::get_if<StateNow>(&message)) walker.stage = m->state;
      const bool inside = walker.stage == Stage::present || was_present;
      if (!std::holds_alternative<StateNow>(message) && !std::holds_alternative<Welcome>(message) &&
          !std::holds_alternative<OfferMade>(message) && !std::holds_alternative<Refused>(message) &&
          !std::holds_alternative<Pong>(message) && !std::holds_alternative<Delivered>(message) &&
          !std::holds_alternative<Line>(message) && !std::holds_alternative<Committed>(message) &&
          !std::holds_alternative<GroupOpened>(message))
        EXPECT_TRUE(inside) << type_of(message) << " to who is not present, seed " << seed_;
      check_mls(walker, message);
      if (std::holds_alternative<WaitingList>(message) || std::holds_alternative<Locked>(message) ||
          std::holds_alternative<Groups>(message) || std::holds_alternative<KeyOffered>(message) ||
          std::holds_alternative<Backstage>(message))
        EXPECT_TRUE(walker.admission.permissions.admit) << "a member was told of the waiting room, seed " << seed_;
      if (const auto* m = std::get_if<Changed>(&message)) {
        if (m->person.room) ++(m->person.room->kind == GroupName::Kind::breakout ? in_breakouts : taken_aside);
        people_[m->person.seat] = m->person;
      }
      if (const auto* m = std::get_if<Joined>(&message)) people_[m->person.seat] = m->person;
      if (const auto* m = std::get_if<Roster>(&message))
        for (const Person& p : m->people) people_[p.seat] = p;
      if (const auto* m = std::get_if<Delivered>(&message)) check_delivery(walker, *m, was_present);
    }
    if (r_.closed.contains(walker.tab.connection)) walker.connected = false;
    walker.missed |= !walker.connected;
  }

  // Commits come to each in one unbroken order, each epoch once, and only to who was made a member of that group.
  void check_mls(const Walker& walker, const ServerMessage& message) {
    const auto opening = [&](const GroupName& name) { return std::pair(walker.tab.arrival, name); };
    if (const auto* m = std::get_if<GroupOpened>(&message)) {
      epochs_.erase(opening(m->group));
      group_epochs_[m->group] = 0;
      group_instances_[m->group] = m->instance;
      if (m->by.arrival == walker.tab.arrival) epochs_[opening(m->group)] = 0;
    }
    if (const auto* m = std::get_if<GroupWelcome>(&message)) {
      EXPECT_EQ(m->welcome, payload(fmt::format("{:08}", walker.tab.arrival.value % 100'000'000))) << "another's Welcome, seed " << seed_;
      epochs_[opening(m->group)] = m->epoch;
    }
    if (const auto* m = std::get_if<Committed>(&message)) {
      const auto at = epochs_.find(opening(m->group));
      if (at == epochs_.end()) return;  // without a line when it was let in
      if (!walker.missed) EXPECT_EQ(m->epoch, at->second) << "out of order, seed " << seed_;
      at->second = m->epoch + 1;
      group_epochs_[m->group] = std::max(group_epochs_[m->group], m->epoch + 1);
    }
  }

  void check_delivery(const Walker& to, const Delivered& m, bool was_present) {
    const bool may_admit = to.admission.permissions.admit;
    const bool own = to.tab.connection == sender_;
    if (sent_before_.contains(m.order)) {  // kept for the next facilitator
      EXPECT_TRUE(may_admit && to.stage == Stage::present) << seed_;
      EXPECT_TRUE(std::holds_alternative<Facilitators>(m.audience)) << seed_;
      ++kept_told;
      return;
    }
    ASSERT_TRUE(audience_) << "nothing was sent in this step, seed " << seed_;
    EXPECT_EQ(m.audience, *audience_);
    sent_now_.insert(m.order);
    if (std::holds_alternative<Everyone>(m.audience)) {
      EXPECT_TRUE(was_present) << seed_;
    }
    if (std::holds_alternative<Facilitators>(m.audience)) {
      // Who came in by this very step was told what had been kept in it.
      EXPECT_TRUE(own || ((was_present || to.stage == Stage::present) && may_admit)) << seed_;
    }
    if (const auto* group = std::get_if<GroupName>(&m.audience)) {
      const bool backstage = group->kind == GroupName::Kind::facilitators;
      EXPECT_TRUE(was_present && (backstage ? may_admit : people_[to.tab.seat].room == *group)) << seed_;
    }
    if (const auto* seat = std::get_if<base::SeatId>(&m.audience)) {
      EXPECT_TRUE(own || (was_present && *seat == to.tab.seat)) << seed_;
    }
    if (const auto* arrival = std::get_if<base::ArrivalId>(&m.audience)) {
      EXPECT_TRUE(own || (to.stage == Stage::waiting && *arrival == to.tab.arrival)) << seed_;
    }
    EXPECT_GT(m.order, last_order_[to.tab.connection]) << seed_;
    last_order_[to.tab.connection] = m.order;
  }

  // By what people were told, a seat is present once at most; media agrees on who is present.
  void check_seats() {
    std::map<base::SeatId, int> sits;
    for (const Walker& w : walkers_) {
      if (!w.connected || w.stage != Stage::present) continue;
      EXPECT_LE(++sits[w.tab.seat], 1) << seed_;
      EXPECT_TRUE(r_.known_to_media(w.tab) && r_.at_media(w.tab).present) << seed_;
    }
    for (const Walker& w : walkers_)
      if (w.connected && w.stage != Stage::present && r_.known_to_media(w.tab))
        EXPECT_FALSE(r_.at_media(w.tab).present) << seed_;
    EXPECT_LE(r_.plane->totals().present, 6U);
    EXPECT_EQ(r_.media->participants.size() >= r_.plane->totals().present + r_.plane->totals().waiting, true);
  }

  // A group that somebody has been told is paused is paused in media, and the other way round.
  void check_media() {
    for (Walker& w : walkers_) {
      if (!w.connected || w.stage != Stage::present) continue;
      if (const auto paused = r_.last<Paused>(w.tab)) EXPECT_EQ(paused->paused, r_.media->paused[kRoom]) << seed_;
    }
    check_switches();
    check_places();
    bool facilitator_there = false;
    for (const Walker& w : walkers_)
      facilitator_there |= w.stage == Stage::present && w.admission.permissions.moderate;
    if (!facilitator_there && r_.plane->totals().present > 0) EXPECT_TRUE(r_.media->paused[kRoom]) << seed_;
  }

  // What everyone believes of a person's switches is what media does with them; muted and away are silenced.
  void check_switches() {
    const auto listens = [](const Walker& w) { return w.connected && w.stage == Stage::present; };
    if (std::ranges::none_of(walkers_, listens)) return;  // nobody was there to be told
    for (const Walker& w : walkers_) {
      const auto told = people_.find(w.tab.seat);
      if (told == people_.end() || !r_.known_to_media(w.tab) || !r_.at_media(w.tab).present) continue;
      const Person& p = told->second;
      const auto& silenced = r_.at_media(w.tab).silenced;
      EXPECT_EQ(silenced.at(media::Source::microphone), !p.microphone || p.muted || p.away) << seed_;
      EXPECT_EQ(silenced.at(media::Source::camera), !p.camera || p.away) << seed_;
      ++switches_checked;
    }
  }

  // Where everyone was told that somebody is, media has them; a private room holds two, and somebody leads the others.
  void check_places() {
    const auto listens = [](const Walker& w) { return w.connected && w.stage == Stage::present; };
    if (std::ranges::none_of(walkers_, listens)) return;  // nobody was there to be told
    std::map<std::uint64_t, int> people;
    bool led = false;
    for (const Walker& w : walkers_) {
      const auto told = people_.find(w.tab.seat);
      if (told == people_.end() || told->second.arrival != w.tab.arrival || !r_.known_to_media(w.tab) || !r_.at_media(w.tab).present) continue;
      const Person& p = told->second;
      EXPECT_EQ(r_.at_media(w.tab).place != 0, p.room.has_value()) << seed_;
      led |= !p.room && !p.away && w.admission.permissions.moderate;
      if (p.room && p.room->kind == GroupName::Kind::private_room) ++people[r_.at_media(w.tab).place];
    }
    for (const auto& [place, count] : people) {
      EXPECT_EQ(count, 2) << "alone in a private room, seed " << seed_;
      EXPECT_TRUE(led) << "nobody leads the group, seed " << seed_;
    }
  }

  Rehearsal r_;
  std::uint64_t seed_;
  SeededEntropy dice_;
  std::vector<Walker> walkers_;
  std::optional<Audience> audience_;
  base::ConnectionId sender_;
  std::map<base::ConnectionId, std::int64_t> last_order_;
  std::set<std::int64_t> sent_before_, sent_now_;
  std::map<base::SeatId, Person> people_;
  std::map<std::pair<base::ArrivalId, GroupName>, std::uint64_t> epochs_;  // which each is in, by what it was told
  std::map<GroupName, std::uint64_t> group_epochs_, group_instances_;
};

TEST(RandomWalk, the_house_holds_whatever_happens) {
  std::map<std::string, int> seen;
  int kept = 0, aside = 0, breakouts = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Walk walk(seed);
    for (int i = 0; i < 700 && !testing::Test::HasFailure(); ++i) {
      walk.step();
      walk.check();
    }
    EXPECT_GT(walk.switches_checked, 100);
    kept += walk.kept_told;
    aside += walk.taken_aside;
    breakouts += walk.in_breakouts;
    for (const auto& [type, times] : walk.seen) seen[type] += times;
  }
  EXPECT_GT(aside, 20) << "hardly anybody was taken aside";
  EXPECT_GT(breakouts, 20) << "hardly anybody was in a breakout";
  EXPECT_GT(kept, 10) << "nothing was kept for a facilitator";
  for (const char* type : {"welcome", "state", "roster", "joined", "changed", "left", "waiting", "offer", "slots", "speaker",
                           "paused", "locked", "muted", "asked-to-mute", "breakouts", "delivered", "refused", "pong", "key-offered", "groups",
                           "group-opened", "committed"})
    EXPECT_GT(seen[type], 10) << type << " hardly ever happened";
  EXPECT_GT(seen["group-welcome"], 5) << "hardly anybody was added to a group";
}

}  // namespace
}  // namespace call
