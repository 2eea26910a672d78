// SPDX-License-Identifier: Apache-2.0
// See keys_lines.h.
#include "load/keys_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "crypto/base64url.h"

namespace load {
namespace {

namespace json = boost::json;

EpochKeys epoch_of(const json::object& o) {
  EpochKeys out;
  out.epoch = o.at("epoch").to_number<std::uint64_t>();
  out.self = o.at("self").to_number<std::uint16_t>();
  const auto base = crypto::from_base64url(std::string_view(o.at("base").as_string()));
  if (!base || base->size() != out.base.size()) throw std::invalid_argument("base");
  std::ranges::copy(*base, out.base.begin());
  for (const auto& leaf : o.at("leaves").as_array()) {
    const auto number = leaf.at("leaf").to_number<std::uint16_t>();
    if (number >= kMostLeaves) throw std::invalid_argument("leaf");
    out.seats.emplace(number, leaf.at("seat").to_number<std::uint32_t>());
  }
  const std::string_view cause = o.at("cause").as_string();
  out.cause = cause == "add" ? EpochKeys::Cause::add : cause == "remove" ? EpochKeys::Cause::remove : EpochKeys::Cause::join;
  return out;
}

FromKeys what_of(const json::object& o) {
  const std::string_view say = o.at("say").as_string();
  if (say == "send") return KeysSay{json::serialize(o.at("message").as_object())};
  if (say == "keys") return epoch_of(o);
  if (say == "forget") return KeysForget{};
  if (say == "trouble") return KeysTrouble{std::string(std::string_view(o.at("what").as_string()))};
  if (say != "words") return KeysUnreadable{};
  KeysWords words;
  for (const auto& n : o.at("numbers").as_array()) words.numbers.push_back(n.to_number<unsigned>());
  return words;
}

}  // namespace

std::string heard_line(std::size_t person, std::string_view message) {
  return fmt::format(R"({{"person":{},"say":"heard","message":{}}})", person, message);
}
std::string admit_line(std::size_t person, std::uint32_t arrival, std::uint32_t seat, bool leads) {
  return fmt::format(R"({{"person":{},"say":"admit","arrival":{},"seat":{},"leads":{}}})", person, arrival, seat, leads);
}
std::string words_line(std::size_t person) { return fmt::format(R"({{"person":{},"say":"words"}})", person); }
std::string stop_line(std::size_t person) { return fmt::format(R"({{"person":{},"say":"stop"}})", person); }

KeysLine read_keys_line(std::string_view line) {
  try {
    const json::value value = json::parse(line);
    const auto& o = value.as_object();
    return {o.at("person").to_number<std::size_t>(), what_of(o)};
  } catch (const std::exception&) {
    return {0, KeysUnreadable{}};
  }
}

}  // namespace load
