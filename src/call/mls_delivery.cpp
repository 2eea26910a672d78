// SPDX-License-Identifier: Apache-2.0
// See mls_delivery.h and docs/protocol.md "Encryption".
#include "call/mls_delivery.h"

#include "call/step.h"

namespace call {
namespace {

std::size_t size_of(const Payload& p) { return p.base64url.get().size(); }

// Who leads and can commit at this moment.
bool leads_now(const Arrival& a) { return a.stage == Stage::present && a.may.admit && a.signalling && !a.away; }

// The oldest give way until `most` bytes are left.
template <class Kept, class Size>
void keep_newest(std::vector<Kept>& kept, std::size_t most, Size size) {
  std::size_t total = 0;
  auto first = kept.end();
  while (first != kept.begin() && total + size(*(first - 1)) <= most) total += size(*--first);
  kept.erase(kept.begin(), first);
}

void keep(MlsGroups& mls, std::shared_ptr<const Committed> said) {
  const auto of_group = [&](const auto& each) { return each->group == said->group; };
  if (std::cmp_greater_equal(std::ranges::count_if(mls.commits, of_group), kMostKeptCommits))
    mls.commits.erase(std::ranges::find_if(mls.commits, of_group));
  mls.commits.push_back(std::move(said));
  keep_newest(mls.commits, kMostKeptCommitText, [](const auto& each) { return size_of(each->commit); });
}

void keep(MlsGroups& mls, base::ArrivalId to, std::shared_ptr<const GroupWelcome> said) {
  std::erase_if(mls.welcomes, [&](const KeptWelcome& k) { return k.to == to && k.said->group == said->group; });
  mls.welcomes.push_back({to, std::move(said)});
}

void forget_kept(MlsGroups& mls, const GroupName& name) {
  std::erase_if(mls.commits, [&](const auto& each) { return each->group == name; });
  std::erase_if(mls.welcomes, [&](const KeptWelcome& k) { return k.said->group == name; });
}

// Why this commit is not the next one of its group; empty where it is.
std::optional<Reason> wrong_with(const Room& room, const Commit& message, const Actor& actor) {
  const MlsGroup* group = find(room.mls, message.group);
  if (group != nullptr && !is_member(*group, actor.arrival)) return Reason::not_allowed;
  if (group == nullptr || group->instance != message.instance || group->epoch != message.epoch) return Reason::stale;
  if (size_of(message.commit) + (message.welcome ? size_of(*message.welcome) : 0) > std::size_t{kMostCommitText})
    return Reason::too_large;
  if (message.adds.empty() == message.welcome.has_value()) return Reason::malformed;  // a Welcome is for those it adds
  const bool all_present = std::ranges::all_of(message.adds, [&](base::ArrivalId id) {
    const Arrival* a = find(room, id);
    return a != nullptr && a->stage == Stage::present;
  });
  return all_present ? std::nullopt : std::optional(Reason::unknown_arrival);
}

// The sender's name for it is the sender's alone.
Committed without_ref(Committed said) {
  said.ref.reset();
  return said;
}

}  // namespace

Decision offer_key(const Room& room, const KeyPackage& message, const Actor& actor) {
  const Arrival* a = find(room, actor.arrival);
  if (a == nullptr) return refuse(Reason::not_now);
  if (!room.encrypted) return refuse(Reason::not_allowed);
  std::size_t held = size_of(message.key_package);
  for (const Arrival& other : room.arrivals)
    if (other.id != a->id && other.key_package) held += size_of(*other.key_package);
  if (held > kMostKeyPackagesText) return refuse(Reason::full);
  Step step(room);
  step.at(a->id).key_package = std::make_shared<const Payload>(message.key_package);
  return step.finish();  // which tells it
}

Decision open_group(const Room& room, const GroupOpen& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::admit);
  if (!by) return std::unexpected(by.error());
  if (!room.encrypted) return refuse(Reason::not_allowed);
  if (message.group.kind == GroupName::Kind::private_room && (*by)->in != message.group) return refuse(Reason::not_now);
  const MlsGroup* stands = find(room.mls, message.group);
  if (stands == nullptr && room.mls.groups.size() >= kMostGroups) return refuse(Reason::full);
  if (stands != nullptr) {
    // Whoever can still commit in it decides who is in it; who comes without its state asks them.
    const bool led = std::ranges::any_of(room.arrivals, [&](const Arrival& a) {
      return a.id != actor.arrival && leads_now(a) && is_member(*stands, a.id);
    });
    if (led || !message.replace.value_or(false)) return refuse(Reason::not_now);
  }
  std::vector<base::ArrivalId> to =
      message.group.kind == GroupName::Kind::everyone ? present_ids(room) : std::vector<base::ArrivalId>{};
  if (stands != nullptr)
    for (const base::ArrivalId id : stands->book)
      if (std::ranges::find(to, id) == to.end()) to.push_back(id);
  std::erase(to, actor.arrival);

  Step step(room);
  MlsGroups& mls = step.room().mls;
  forget_kept(mls, message.group);
  std::erase_if(mls.groups, [&](const MlsGroup& g) { return g.name == message.group; });
  mls.groups.push_back({.name = message.group, .instance = ++mls.openings, .epoch = 0, .book = {actor.arrival}});
  GroupOpened opened{.group = message.group, .instance = mls.openings, .by = {(*by)->seat, actor.arrival}, .ref = {}};
  step.tell(std::move(to), opened);
  opened.ref = message.ref;
  step.tell(actor.arrival, std::move(opened));
  return step.finish();
}

Decision commit(const Room& room, const Commit& message, const Actor& actor) {
  const auto by = actor_with(room, actor, &Permissions::admit);
  if (!by) return std::unexpected(by.error());
  if (!room.encrypted) return refuse(Reason::not_allowed);
  if (const auto wrong = wrong_with(room, message, actor)) return refuse(*wrong);
  const Committer from{(*by)->seat, actor.arrival};
  Step step(room);
  MlsGroups& mls = step.room().mls;
  MlsGroup& group = *std::ranges::find(mls.groups, message.group, &MlsGroup::name);

  auto said = std::make_shared<const Committed>(Committed{.group = message.group,
                                                          .epoch = message.epoch,
                                                          .from = from,
                                                          .commit = message.commit,
                                                          .adds = message.adds,
                                                          .removes = message.removes,
                                                          .ref = message.ref});
  std::vector<base::ArrivalId> to = group.book;
  std::erase(to, actor.arrival);
  step.tell(std::move(to), without_ref(*said));
  step.tell(actor.arrival, *said);
  keep(mls, std::move(said));

  ++group.epoch;
  for (const base::ArrivalId id : message.removes) std::erase(group.book, id);
  for (const base::ArrivalId id : message.adds)
    if (!is_member(group, id)) group.book.push_back(id);
  if (message.welcome) {
    const auto welcome = std::make_shared<const GroupWelcome>(
        GroupWelcome{.group = message.group, .instance = group.instance, .epoch = group.epoch, .from = from, .welcome = *message.welcome});
    for (const base::ArrivalId id : message.adds) keep(mls, id, welcome);  // finish() tells who is connected
  }
  return step.finish();
}

Decision commits_since(const Room& room, const CommitsSince& message, const Actor& actor) {
  if (find(room, actor.arrival) == nullptr) return refuse(Reason::not_now);
  if (!room.encrypted) return refuse(Reason::not_allowed);
  const MlsGroup* group = find(room.mls, message.group);
  if (group == nullptr || !is_member(*group, actor.arrival) || message.instance != group->instance || message.epoch > group->epoch) return refuse(Reason::stale);
  Step step(room);
  std::uint64_t next = message.epoch;
  for (const auto& said : room.mls.commits) {
    if (said->group != message.group || said->epoch < message.epoch) continue;
    if (said->epoch != next++) return refuse(Reason::stale);  // the first ones are no longer kept
    step.tell(actor.arrival, said->from.arrival == actor.arrival ? *said : without_ref(*said));
  }
  if (next != group->epoch) return refuse(Reason::stale);
  return step.finish();
}

void forget_gone(Room& room) {
  MlsGroups& mls = room.mls;
  for (MlsGroup& group : mls.groups)
    std::erase_if(group.book, [&](base::ArrivalId id) { return find(room, id) == nullptr; });
  for (const MlsGroup& group : mls.groups)
    if (group.book.empty()) forget_kept(mls, group.name);
  std::erase_if(mls.groups, [](const MlsGroup& group) { return group.book.empty(); });
  std::erase_if(mls.welcomes, [&](const KeptWelcome& k) {
    const Arrival* a = find(room, k.to);
    const MlsGroup* group = find(mls, k.said->group);
    return a == nullptr || a->stage != Stage::present || group == nullptr || !is_member(*group, k.to);
  });
}

void forget_group(Room& room, const GroupName& name) {
  forget_kept(room.mls, name);
  std::erase_if(room.mls.groups, [&](const MlsGroup& group) { return group.name == name; });
}

void trim_welcomes(MlsGroups& mls) {
  keep_newest(mls.welcomes, kMostKeptWelcomeText, [](const KeptWelcome& k) { return size_of(k.said->welcome); });
}

Groups groups_of(const Room& room) {
  Groups out;
  for (const MlsGroup& group : room.mls.groups)
    out.groups.push_back({.group = group.name, .epoch = group.epoch, .arrivals = group.book});
  return out;
}

const Payload* offered_key(const Arrival* a) {
  const bool seen = a != nullptr && (a->stage == Stage::waiting || a->stage == Stage::present);
  return seen ? a->key_package.get() : nullptr;
}

KeyOffered key_offered_by(const Arrival& a) {
  return {.arrival = a.id, .seat = a.seat, .role = a.role, .key_package = *a.key_package};
}

std::size_t held_for_mls(const Room& room) {
  std::size_t out = 0;
  for (const Arrival& a : room.arrivals)
    if (a.key_package) out += size_of(*a.key_package);
  for (const auto& said : room.mls.commits) out += size_of(said->commit);
  for (const KeptWelcome& k : room.mls.welcomes) out += size_of(k.said->welcome);
  return out;
}

}  // namespace call
