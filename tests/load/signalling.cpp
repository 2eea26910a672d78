// SPDX-License-Identifier: Apache-2.0
// Boost.JSON to the structs of signalling.h. A required field that lacks, or has another type, makes the message Unreadable:
// a fault of the server that the run reports.
#include "load/signalling.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <stdexcept>

namespace load {
namespace {

namespace json = boost::json;

struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const json::value& need(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) throw Broken("lacks /" + std::string(key));
  return *v;
}
std::optional<std::uint32_t> whole_number(const json::value& v) {
  boost::system::error_code error;
  const auto n = v.to_number<std::uint32_t>(error);
  return error ? std::nullopt : std::optional(n);
}
std::uint32_t number(const json::object& o, std::string_view key) {
  const auto n = whole_number(need(o, key));
  if (!n) throw Broken("/" + std::string(key) + " is no whole number");
  return *n;
}
std::string text(const json::object& o, std::string_view key) {
  const auto& v = need(o, key);
  if (!v.is_string()) throw Broken("/" + std::string(key) + " is no text");
  return std::string(v.get_string());
}
bool truth(const json::object& o, std::string_view key) {
  const auto& v = need(o, key);
  if (!v.is_bool()) throw Broken("/" + std::string(key) + " is no boolean");
  return v.get_bool();
}
const json::array& list(const json::object& o, std::string_view key) {
  const auto& v = need(o, key);
  if (!v.is_array()) throw Broken("/" + std::string(key) + " is no list");
  return v.get_array();
}
const json::object& object(const json::value& v) {
  if (!v.is_object()) throw Broken("holds no object where one belongs");
  return v.get_object();
}
std::string optional_text(const json::object& o, std::string_view key) {
  return o.contains(key) && o.at(key).is_string() ? text(o, key) : std::string{};
}

bool encrypted(const json::object& o) {
  const auto word = text(o, "encryption");
  if (word != "required" && word != "none") throw Broken("/encryption is neither required nor none");
  return word == "required";
}
bool leads(const json::object& o) {
  const auto role = text(o, "role");
  return role == "facilitator" || role == "co_facilitator";
}

Person person(const json::object& o) {
  return {number(o, "seat"), truth(o, "microphone"), truth(o, "camera"), truth(o, "away")};
}

OfferMessage offer(const json::object& o) {
  OfferMessage out{number(o, "offer"), text(o, "sdp"), {}};
  for (const auto& v : list(o, "upstream")) {
    const auto source = text(object(v), "source");
    if (source == "microphone") out.roles.microphone = text(object(v), "mid");
    if (source == "camera") out.roles.camera = text(object(v), "mid");
  }
  for (const auto& v : list(o, "slots"))
    out.roles.slots.push_back({number(object(v), "slot"), text(object(v), "sound"), text(object(v), "picture")});
  return out;
}

ServerMessage read(const json::object& o) {
  const auto type = text(o, "type");
  if (type == "welcome")
    return Welcome{number(o, "arrival"), number(o, "seat"),  text(o, "role"),
                   text(o, "state"),     text(o, "resume"),  truth(object(need(o, "permissions")), "admit"),
                   encrypted(o),         truth(o, "resumed")};
  if (type == "state") return StateNow{text(o, "state"), optional_text(o, "why")};
  if (type == "roster") {
    Roster roster{{}, truth(o, "paused")};
    for (const auto& v : list(o, "people")) roster.people.push_back(person(object(v)));
    return roster;
  }
  if (type == "joined") return Joined{person(object(need(o, "person")))};
  if (type == "changed") return Changed{person(object(need(o, "person")))};
  if (type == "left") return Left{number(o, "seat")};
  if (type == "waiting") {
    WaitingList waiting;
    for (const auto& v : list(o, "arrivals"))
      waiting.arrivals.push_back({number(object(v), "arrival"), number(object(v), "seat"), truth(object(v), "away"),
                                  leads(object(v))});
    return waiting;
  }
  if (type == "offer") return offer(o);
  if (type == "slots") {
    SlotsMessage slots;
    for (const auto& v : list(o, "carries")) {
      if (v.is_null()) {
        slots.carries.emplace_back();
      } else if (const auto n = whole_number(v)) {
        slots.carries.emplace_back(*n);
      } else {
        throw Broken("/carries holds neither seat nor null");
      }
    }
    return slots;
  }
  if (type == "layers" && text(o, "source") == "camera") return LayersMessage{number(o, "count")};
  if (type == "paused") return Paused{truth(o, "paused")};
  if (type == "refused") return Refused{text(o, "what"), text(o, "reason"), optional_text(o, "pointer")};
  if (type == "pong") return Pong{need(o, "sent").to_number<double>()};
  return OtherMessage{type};
}

}  // namespace

ServerMessage read_message(std::string_view message) {
  try {
    return read(object(json::parse(message)));
  } catch (const Broken& e) {
    return Unreadable{e.what()};
  } catch (const std::exception&) {
    return Unreadable{"is no JSON of the protocol"};
  }
}

bool concerns_keys(const ServerMessage& message) {
  static constexpr std::array kOfMls{"key-offered", "breakouts", "groups", "group-opened", "committed", "group-welcome", "delivered"};
  if (const auto* other = std::get_if<OtherMessage>(&message)) return std::ranges::find(kOfMls, other->type) != kOfMls.end();
  return std::holds_alternative<Welcome>(message) || std::holds_alternative<StateNow>(message) ||
         std::holds_alternative<Roster>(message) || std::holds_alternative<Joined>(message) ||
         std::holds_alternative<Changed>(message) || std::holds_alternative<Left>(message) ||
         std::holds_alternative<WaitingList>(message) || std::holds_alternative<Refused>(message);
}

std::string hello_text(std::string_view link, std::string_view resume) {
  json::object o{{"type", "hello"}, {"version", 1}, {"link", link}};
  if (!resume.empty()) o["resume"] = resume;
  return json::serialize(o);
}
std::string answer_text(std::uint32_t offer, std::string_view sdp) {
  return json::serialize(json::object{{"type", "answer"}, {"offer", offer}, {"sdp", sdp}});
}
std::string publish_text(bool microphone, bool camera) {
  return json::serialize(json::object{{"type", "publish"}, {"microphone", microphone}, {"camera", camera}});
}
std::string view_text(const std::vector<ViewTile>& tiles) {
  json::array list;
  for (const auto& t : tiles)
    list.push_back(json::object{
        {"seat", t.seat}, {"source", "camera"}, {"width", t.width}, {"height", t.height}, {"pinned", false}});
  return json::serialize(json::object{{"type", "view"}, {"tiles", std::move(list)}, {"sound_only", false}});
}
std::string admit_text(std::uint32_t arrival) {
  return json::serialize(json::object{{"type", "admit"}, {"arrival", arrival}});
}
std::string ping_text(std::int64_t sent_ms) {
  return json::serialize(json::object{{"type", "ping"}, {"sent", sent_ms}});
}
std::string plain_text(std::string_view type) { return json::serialize(json::object{{"type", type}}); }

}  // namespace load
