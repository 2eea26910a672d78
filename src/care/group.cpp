// SPDX-License-Identifier: Apache-2.0
// See group.h.
#include "care/group.h"

#include <algorithm>
#include <set>

#include "care/zone.h"

namespace care {
namespace {

constexpr std::size_t kName = 120, kVenue = 200, kReason = 500, kNote = 2'000, kAlias = 40, kDirections = 1'000;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void check_text(std::string& text, std::string_view pointer, std::size_t least, std::size_t most, bool lines, FieldFaults& faults) {
  text = trimmed(text);
  const bool control = std::ranges::any_of(text, [&](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && !(lines && (c == '\n' || c == '\r' || c == '\t'))) || u == 0x7f;
  });
  const std::size_t size = characters(text);
  if (control) {
    faults.push_back({std::string(pointer), "characters", "Use letters, figures and ordinary signs only"});
  } else if (size < least) {
    faults.push_back({std::string(pointer), "missing", "This is needed"});
  } else if (size > most) {
    faults.push_back({std::string(pointer), "too-long", "Use " + std::to_string(most) + " characters or fewer"});
  }
}

void check_ways(Group& g, FieldFaults& faults) {
  std::ranges::sort(g.ways);
  const auto twice = std::ranges::unique(g.ways);
  g.ways.erase(twice.begin(), twice.end());
  const std::size_t needed = g.ways.size() == 1 ? 1 : 0;
  if (g.ways.empty()) faults.push_back({"/ways", "missing", "Choose at least one way to take part"});
  check_line(g.one_way_reason, "/oneWayReason", needed, kReason, faults);
  check_line(g.one_way_alternative, "/oneWayAlternative", needed, kReason, faults);
  if (needed == 0) g.one_way_reason = g.one_way_alternative = {};
  check_line(g.venue, "/venue", g.has(Way::in_person) ? 1 : 0, kVenue, faults);
  std::string directions = g.directions.value_or("");
  check_note(directions, "/directions", kDirections, faults);
  g.directions = std::move(directions);
  std::string by_phone = g.has(Way::phone) ? g.phone_directions.value_or("") : std::string();
  check_note(by_phone, "/phoneDirections", kDirections, faults);
  g.phone_directions = std::move(by_phone);
}

void check_facilitators(const Group& g, const AroundGroup& around, FieldFaults& faults) {
  if (g.facilitators.empty() || g.facilitators.size() > kLastFacilitatorSeat)
    faults.push_back({"/facilitators", "out-of-bounds", "A group has 1 to 9 facilitators"});
  std::set<StaffId> seen;
  bool leads = false;
  for (std::size_t i = 0; i < g.facilitators.size(); ++i) {
    const Facilitator& f = g.facilitators[i];
    const std::string at = "/facilitators/" + std::to_string(i);
    leads = leads || f.role == FacilitatorRole::facilitator;
    if (!seen.insert(f.staff).second) faults.push_back({at + "/staff", "twice", "This person is in the list already"});
    if (std::ranges::find(around.may_facilitate, f.staff) == around.may_facilitate.end())
      faults.push_back({at + "/staff", "not-known", "Choose somebody who is a facilitator of this team"});
  }
  if (!leads && !g.facilitators.empty()) faults.push_back({"/facilitators", "nobody-leads", "One of them must be a facilitator, not a co-facilitator"});
}

void check_aliases(Group& g, const AroundGroup& around, FieldFaults& faults) {
  std::set<std::string> taken;
  for (const auto& alias : around.member_aliases) taken.insert(alias_key(alias));
  for (std::size_t i = 0; i < g.facilitators.size(); ++i) {
    const std::string at = "/facilitators/" + std::to_string(i) + "/alias";
    const std::size_t before = faults.size();
    check_line(g.facilitators[i].alias, at, 1, kAlias, faults);
    if (faults.size() == before && !taken.insert(alias_key(g.facilitators[i].alias)).second)
      faults.push_back({at, "taken", "Somebody else in this group has this name"});
  }
}

void check_change(const Group& g, const AroundGroup& around, FieldFaults& faults) {
  if (g.capacity < 1 || g.capacity > kMostMembers) {
    faults.push_back({"/capacity", "out-of-bounds", "A group has 1 to 48 places"});
  } else if (g.capacity < around.places_taken) {
    faults.push_back({"/capacity", "taken", "More people than that have a place already"});
  }
  if (!around.before) return;
  if (g.team != around.before->team) faults.push_back({"/team", "fixed", "A group stays with its team"});
  if (!around.sessions_to_come) return;
  if (g.zone != around.before->zone) faults.push_back({"/zone", "sessions-planned", "Cancel the sessions to come before changing the time zone"});
  if (g.closed.value_or(false)) faults.push_back({"/closed", "sessions-planned", "Cancel the sessions to come before closing the group"});
}

void give_seats(Group& g, const std::optional<Group>& before) {
  std::set<int> taken;
  for (Facilitator& f : g.facilitators) {
    f.seat = 0;
    if (!before) continue;
    const auto same = std::ranges::find(before->facilitators, f.staff, &Facilitator::staff);
    if (same != before->facilitators.end()) taken.insert(f.seat = same->seat);
  }
  int next = 1;
  for (Facilitator& f : g.facilitators) {
    if (f.seat != 0) continue;
    while (taken.contains(next)) ++next;
    taken.insert(f.seat = next);
  }
}

}  // namespace

std::optional<Way> parse_way(std::string_view text) {
  for (const auto& [way, name] : json_names(Way{}))
    if (name == text) return way;
  return std::nullopt;
}

std::vector<Way> offered_ways(bool in_person, bool video, bool phone, std::string_view held_on) {
  std::vector<Way> out;
  if (in_person) out.push_back(Way::in_person);
  if (video && held_on != kInPersonOnly) out.push_back(Way::video);
  if (phone) out.push_back(Way::phone);
  return out;
}

std::optional<Way> said_way(std::string_view planned, const std::vector<Way>& offered) {
  const auto way = parse_way(planned);
  return way && std::ranges::find(offered, *way) != offered.end() ? way : std::nullopt;
}

bool Group::has(Way way) const { return std::ranges::find(ways, way) != ways.end(); }

std::string trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(kBlank) - first + 1));
}
std::string alias_key(std::string_view alias) {
  std::string out;
  for (const char c : trimmed(alias)) {
    if (c == ' ' && out.ends_with(' ')) continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}
void check_line(std::string& text, std::string_view pointer, std::size_t least, std::size_t most, FieldFaults& faults) {
  check_text(text, pointer, least, most, false, faults);
}
void check_note(std::string& text, std::string_view pointer, std::size_t most, FieldFaults& faults) {
  check_text(text, pointer, 0, most, true, faults);
}

std::string usual_place(const Group& group) {
  return group.has(Way::video) || group.has(Way::phone) ? group.software : std::string(kInPersonOnly);
}

base::Result<Group, FieldFaults> decide_group(Group g, const AroundGroup& around) {
  FieldFaults faults;
  check_line(g.name, "/name", 1, kName, faults);
  check_line(g.programme, "/programme", 0, kName, faults);
  check_line(g.software, "/software", 1, kName, faults);
  if (g.software == kInPersonOnly) faults.push_back({"/software", "unknown-value", "Name the software, or choose Quietroom"});
  check_ways(g, faults);
  if (!Zone::find(g.zone)) faults.push_back({"/zone", "unknown-value", "Choose a time zone from the list, such as Europe/London"});
  auto& plan = g.confidentiality_plan;
  check_note(plan.note, "/confidentialityPlan/note", kNote, faults);
  if (!plan.end_to_end && plan.note.empty())
    faults.push_back({"/confidentialityPlan/note", "missing", "Say why this group goes without end-to-end encryption"});
  check_facilitators(g, around, faults);
  check_aliases(g, around, faults);
  check_change(g, around, faults);
  if (!faults.empty()) return std::unexpected(std::move(faults));
  give_seats(g, around.before);
  g.closed = g.closed.value_or(false);
  return g;
}

}  // namespace care
