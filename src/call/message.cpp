// SPDX-License-Identifier: Apache-2.0
// Reading and writing the messages of message.h by their variants. Invariant: hostile text gives a Misread, never an
// exception; its fields are bounded before they are echoed.
#include "call/message.h"

#include <algorithm>
#include <charconv>

namespace base::json {

template <>
struct Codec<call::Payload> {
  static void read(Reader& in, const Value& v, call::Payload& into, const Bounds& bounds) {
    Codec<std::string>::read(in, v, into.base64url.get(), bounds);
    const std::string& text = into.base64url.get();
    const bool letters = std::ranges::all_of(text, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
    if (!letters || text.size() % 4 == 1) in.fault(Fault::unknown_value);  // RFC 4648 section 5
  }
  static Value write(const call::Payload& v) { return Value(v.base64url.get()); }
};

// "everyone" | "facilitators" | "private:<seat>" | "breakout:<number>", numbers without leading zeros.
template <>
struct Codec<call::GroupName> {
  using Kind = call::GroupName::Kind;
  static void read(Reader& in, const Value& v, call::GroupName& into, const Bounds&) {
    const auto* given = v.if_string();
    if (given == nullptr) return in.fault(Fault::wrong_type);
    const std::string_view text = *given;
    if (text == "everyone" || text == "facilitators") {
      into = {.kind = text == "everyone" ? Kind::everyone : Kind::facilitators, .number = 0};
      return;
    }
    const bool breakout = text.starts_with(kBreakout);
    if (!breakout && !text.starts_with(kPrivate)) return in.fault(Fault::unknown_value);
    const std::string_view digits = text.substr(breakout ? kBreakout.size() : kPrivate.size());
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('0'))
      return in.fault(Fault::unknown_value);
    into = {.kind = breakout ? Kind::breakout : Kind::private_room, .number = number};
  }
  static Value write(const call::GroupName& v) {
    if (v.kind == Kind::everyone) return "everyone";
    if (v.kind == Kind::facilitators) return "facilitators";
    return Value(std::string(v.kind == Kind::breakout ? kBreakout : kPrivate) + std::to_string(v.number));
  }

 private:
  static constexpr std::string_view kPrivate = "private:", kBreakout = "breakout:";
};

// "everyone" | "facilitators" | {"seat": n} | {"arrival": n} | {"group": name}
template <>
struct Codec<call::Audience> {
  static void read(Reader& in, const Value& v, call::Audience& into, const Bounds&) {
    if (const auto* text = v.if_string()) {
      if (*text == "everyone") {
        into = call::Everyone{};
      } else if (*text == "facilitators") {
        into = call::Facilitators{};
      } else {
        in.fault(Fault::unknown_value);
      }
      return;
    }
    const auto* object = v.if_object();
    if (object == nullptr || object->size() != 1) return in.fault(Fault::wrong_type);
    const auto& [key, value] = *object->begin();
    if (key == "seat") {
      in.inside("seat", [&] { Codec<SeatId>::read(in, value, into.emplace<SeatId>(), {}); });
    } else if (key == "arrival") {
      in.inside("arrival", [&] { Codec<ArrivalId>::read(in, value, into.emplace<ArrivalId>(), {}); });
    } else if (key == "group") {
      in.inside("group", [&] { Codec<call::GroupName>::read(in, value, into.emplace<call::GroupName>(), {}); });
    } else {
      in.fault_at(key, Fault::unknown_field);
    }
  }
  static Value write(const call::Audience& v) {
    if (std::holds_alternative<call::Everyone>(v)) return "everyone";
    if (std::holds_alternative<call::Facilitators>(v)) return "facilitators";
    boost::json::object out;
    if (const auto* seat = std::get_if<SeatId>(&v)) out.emplace("seat", seat->value);
    if (const auto* arrival = std::get_if<ArrivalId>(&v)) out.emplace("arrival", arrival->value);
    if (const auto* group = std::get_if<call::GroupName>(&v)) out.emplace("group", Codec<call::GroupName>::write(*group));
    return out;
  }
};

}  // namespace base::json

namespace call {
namespace {

constexpr std::size_t kMostEchoedType = 32;
constexpr std::size_t kMostEchoedRef = 64;

std::string text_at(const boost::json::object& object, std::string_view key, std::size_t most) {
  const json::Value* v = object.if_contains(key);
  const auto* text = v == nullptr ? nullptr : v->if_string();
  return text == nullptr ? std::string{} : std::string(text->data(), std::min(text->size(), most));
}

Misread misread(Reason reason, json::Problems problems, std::string what = {}, std::string ref = {}) {
  Misread out{.reason = reason,
              .what = base::Redacted(std::move(what)),
              .pointer = problems.empty() ? base::Redacted<std::string>{} : problems.front().pointer,
              .ref = {},
              .problems = std::move(problems)};
  if (!ref.empty()) out.ref.emplace(std::move(ref));
  return out;
}

// Reads `object` as the alternative whose type it names; false where no alternative has that type.
template <class Variant, std::size_t I = 0>
bool read_as(json::Reader& in, const boost::json::object& object, std::string_view type, Variant& into) {
  if constexpr (I == std::variant_size_v<Variant>) {
    return false;
  } else {
    using Message = std::variant_alternative_t<I, Variant>;
    if (Message::type != type) return read_as<Variant, I + 1>(in, object, type, into);
    json::read_object(in, object, into.template emplace<I>(), "type");
    return true;
  }
}

template <class Variant>
base::Result<Variant, Misread> read_message(std::string_view text, json::Mode mode, const json::Limits& limits) {
  const auto value = json::parse(text, limits);
  if (!value) {
    const bool large = value.error().fault == json::Fault::too_large;
    return std::unexpected(misread(large ? Reason::too_large : Reason::malformed, {value.error()}));
  }
  json::Reader in(mode);
  const auto* object = value->if_object();
  const json::Value* type_value = object == nullptr ? nullptr : object->if_contains("type");
  if (type_value == nullptr || !type_value->is_string()) {
    in.fault_at("type", type_value == nullptr ? json::Fault::missing : json::Fault::wrong_type);
    return std::unexpected(misread(Reason::malformed, in.problems()));
  }
  const std::string type = text_at(*object, "type", kMostEchoedType + 1);
  const std::string ref = text_at(*object, "ref", kMostEchoedRef);
  Variant out;
  if (!read_as(in, *object, type, out)) {
    in.fault_at("type", json::Fault::unknown_value);
    return std::unexpected(misread(Reason::unknown_type, in.problems(), type.substr(0, kMostEchoedType), ref));
  }
  if (!in.ok()) return std::unexpected(misread(Reason::malformed, in.problems(), type, ref));
  return out;
}

template <class Variant>
std::string print_message(const Variant& message) {
  return std::visit(
      [](const auto& m) {
        boost::json::object out;
        out.emplace("type", std::decay_t<decltype(m)>::type);
        json::write_object(out, m);
        return json::print(out);
      },
      message);
}

}  // namespace

base::Result<ClientMessage, Misread> read_client_message(std::string_view text) {
  auto message = read_message<ClientMessage>(text, json::Mode::strict, {.bytes = kMostFrameBytes, .depth = 8});
  if (message && text.size() > kMostOrdinaryFrameBytes && !std::holds_alternative<Answer>(*message) &&
      !std::holds_alternative<Commit>(*message))
    return std::unexpected(misread(Reason::too_large, {{.pointer = {}, .fault = json::Fault::too_large}},
                                   std::string(type_of(*message))));
  return message;
}

base::Result<ServerMessage, Misread> read_server_message(std::string_view text) {
  return read_message<ServerMessage>(text, json::Mode::tolerant, {.bytes = std::size_t{1024} * 1024, .depth = 8});
}

std::string write_message(const ClientMessage& message) { return print_message(message); }
std::string write_message(const ServerMessage& message) { return print_message(message); }

std::string_view type_of(const ClientMessage& message) {
  return std::visit([](const auto& m) { return std::decay_t<decltype(m)>::type; }, message);
}
std::string_view type_of(const ServerMessage& message) {
  return std::visit([](const auto& m) { return std::decay_t<decltype(m)>::type; }, message);
}

}  // namespace call
