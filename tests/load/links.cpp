// SPDX-License-Identifier: Apache-2.0
// Boost.JSON to the rooms of links.h.
#include "load/links.h"

#include <boost/json.hpp>
#include <stdexcept>

namespace load {
namespace {

namespace json = boost::json;

Link read_link(const json::value& v) {
  const auto& o = v.as_object();
  Link out;
  if (const auto* seat = o.if_contains("seat")) out.seat = seat->to_number<std::uint32_t>();
  if (const auto* role = o.if_contains("role")) out.role = std::string(role->as_string());
  if (const auto* index = o.if_contains("index")) out.index = index->to_number<unsigned>();
  const std::string link(o.at("link").as_string());
  const auto fragment = link.find('#');
  out.secret = fragment == std::string::npos ? link : link.substr(fragment + 1);
  if (out.secret.empty()) throw std::invalid_argument("a link has no secret");
  return out;
}

}  // namespace

std::vector<RoomLinks> read_links(std::string_view text) {
  try {
    const auto parsed = json::parse(text);
    const auto& rooms = parsed.is_object() ? parsed.as_object().at("rooms").as_array() : parsed.as_array();
    std::vector<RoomLinks> out;
    for (const auto& room : rooms) {
      RoomLinks links;
      for (const auto& link : room.as_object().at("links").as_array()) links.links.push_back(read_link(link));
      out.push_back(std::move(links));
    }
    return out;
  } catch (const std::invalid_argument&) {
    throw;
  } catch (const std::exception& e) {
    throw std::invalid_argument(std::string("the links file is not an array of rooms with links: ") + e.what());
  }
}

}  // namespace load
