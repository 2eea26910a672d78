// SPDX-License-Identifier: Apache-2.0
// See demonstration.h.
#include "app/demonstration.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace app {
namespace {

constexpr auto kLasts = base::Duration::seconds(90 * 60);
constexpr std::string_view kDutyNumber = "01632 960123";  // a number that Ofcom keeps for drama

using care::PictureDisguise, care::VoiceDisguise;
struct Invented {
  std::string_view alias, disguise, needs;
  care::Disguise agreed = {};
};
// Plainly invented: trees and birds.
constexpr std::array<Invented, 10> kPeople{{
    {"Juniper", "None: facilitators are seen as they are.", ""},
    {"Wren", "None: facilitators are seen as they are.", ""},
    {"Hazel", "None: comes with Robin, as Robin's supporter.", ""},
    {"Robin", "Picture blurred, own voice.", "Comes with Hazel.", {PictureDisguise::blur, VoiceDisguise::none}},
    {"Ash",
     "Picture as a drawing, voice a little lower.",
     "Needs a break after 40 minutes.",
     {PictureDisguise::avatar, VoiceDisguise::lower}},
    {"Willow", "None.", "Lip-reads: please face the camera."},
    {"Linnet",
     "Camera stays off; own voice.",
     "Is alone at home; the safe word is in the preparation record.",
     {PictureDisguise::off, VoiceDisguise::none}},
    {"Rowan", "Picture in coarse squares, own voice.", "", {PictureDisguise::pixelate, VoiceDisguise::none}},
    {"Heron", "None.", "Uses a screen reader."},
    {"Alder",
     "Picture blurred, voice a little higher.",
     "First session.",
     {PictureDisguise::blur, VoiceDisguise::higher}},
}};

Invented person(std::uint32_t seat) { return kPeople[(seat - 1) % kPeople.size()]; }
std::string alias_of(std::uint32_t seat) {
  const std::uint32_t round = (seat - 1) / static_cast<std::uint32_t>(kPeople.size());
  return round == 0 ? std::string(person(seat).alias) : fmt::format("{} {}", person(seat).alias, round + 1);
}
call::Role role_of(std::uint32_t seat) {
  return seat == 1   ? call::Role::facilitator
         : seat == 2 ? call::Role::co_facilitator
         : seat == 3 ? call::Role::supporter
                     : call::Role::member;
}

std::vector<DemonstrationRoom> read_last(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  auto rooms = base::json::read<std::vector<DemonstrationRoom>>(text, base::json::Mode::tolerant,
                                                                {.bytes = std::size_t{64} << 20, .depth = 8});
  return rooms ? std::move(*rooms) : std::vector<DemonstrationRoom>{};
}

bool still_known(const AdmissionTable& table, const DemonstrationSettings& settings,
                 const std::vector<DemonstrationRoom>& rooms) {
  if (rooms.size() != settings.rooms) return false;
  for (const auto& room : rooms) {
    if (room.links.size() != settings.people) return false;
    const auto found = table.find(hash_link(base::Redacted<std::string>(room.links.front().link)));
    if (!found || !*found || (*found)->room.value != room.room || !(*found)->demonstration) return false;
  }
  return true;
}

DemonstrationRoom make_room(AdmissionTable& table, const DemonstrationSettings& settings, std::uint64_t number,
                            base::Entropy& entropy, SessionTimes times) {
  DemonstrationRoom room{.room = number, .links = {}};
  std::vector<AdmissionTable::NewBooking> bookings;
  for (std::uint32_t seat = 1; seat <= settings.people; ++seat) {
    std::array<std::uint8_t, 32> random{};
    entropy.fill(random);
    auto link = link_text(random);
    const Invented& who = person(seat);
    bookings.push_back({.seat = {seat},
                        .role = role_of(seat),
                        .alias = base::Redacted<std::string>(alias_of(seat)),
                        .disguise = base::Redacted<std::string>(std::string(who.disguise)),
                        .needs = base::Redacted<std::string>(std::string(who.needs)),
                        .link = hash_link(link)});
    room.links.push_back({seat, std::string(role_text(role_of(seat))), alias_of(seat), std::move(link.get())});
  }
  const AdmissionTable::NewSession session{
      .room = {number}, .times = times, .duty_number = std::string(kDutyNumber), .demonstration = true,
      .encrypted = settings.encrypted};
  if (!table.add(session, bookings)) throw std::runtime_error("demonstration: the database did not take the bookings");
  return room;
}

}  // namespace

care::Disguise agreed_in_demonstration(std::string_view words) {
  const auto* who = std::ranges::find(kPeople, words, &Invented::disguise);
  return who == kPeople.end() ? care::Disguise{} : who->agreed;
}

std::vector<DemonstrationRoom> prepare_demonstration(AdmissionTable& table, const DemonstrationSettings& settings,
                                                     const std::string& file, base::Entropy& entropy,
                                                     base::WallTime now) {
  const SessionTimes times{.starts = now, .ends = {now.us + kLasts.us}};
  auto rooms = read_last(file);
  if (still_known(table, settings, rooms)) {
    if (!table.move_demonstrations(times, settings.encrypted)) throw std::runtime_error("demonstration: the database cannot be written");
    return rooms;
  }
  if (!table.drop_demonstrations()) throw std::runtime_error("demonstration: the database cannot be written");
  rooms.clear();
  for (std::uint32_t i = 0; i < settings.rooms; ++i) rooms.push_back(make_room(table, settings, i + 1, entropy, times));
  write_links(file, rooms);
  return rooms;
}

void write_links(const std::string& file, const std::vector<DemonstrationRoom>& rooms) { write_private(file, base::json::write(rooms) + "\n"); }

void write_private(const std::string& file, const std::string& text) {
  const std::string fresh = file + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  bool good = fd >= 0;
  for (std::size_t at = 0; good && at < text.size();) {
    const ssize_t n = ::write(fd, text.data() + at, text.size() - at);
    good = n > 0;
    at += good ? static_cast<std::size_t>(n) : 0;
  }
  if (fd >= 0) ::close(fd);
  if (!good || ::rename(fresh.c_str(), file.c_str()) != 0)
    throw std::runtime_error("demonstration: the file of links cannot be written");
}

void add_demonstration_route(http::Site& site, const std::vector<DemonstrationRoom>& rooms, const std::vector<DemonstrationOwn>& own) {
  boost::json::array links;
  for (const auto& l : rooms.front().links)
    links.push_back({{"seat", l.seat}, {"role", l.role}, {"alias", l.alias}, {"link", l.link}, {"url", "/join#" + l.link}});
  boost::json::array pages;
  for (const auto& o : own) pages.push_back({{"name", o.name}, {"birthDate", o.birth_date}, {"postcode", o.postcode}, {"url", "/mine#" + o.link}});
  const std::string body = base::json::print(boost::json::object{{"links", std::move(links)}, {"own", std::move(pages)}});
  site.add(http::Route{.method = http::Method::get,
                       .pattern = "/api/demo",
                       .permission = http::Permission::this_machine,
                       .audit = http::Audit::none,
                       .max_body = 0,
                       .handler = [body](const http::Request&, base::Now) { return http::json(body); }});
}

}  // namespace app
