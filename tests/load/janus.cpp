// SPDX-License-Identifier: Apache-2.0
// create, attach, then either joinandconfigure with our offer, or join as a subscriber, whose offer we answer with start. Of
// what Janus says besides (ack, webrtcup, media, slowlink, who came and went) nothing depends here: whether media flows is
// seen by the media.
#include "load/janus.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "load/offer.h"

namespace load {
namespace {

namespace json = boost::json;

// Transactions are named by what they ask: one of each is under way at most.
json::object request(std::string_view kind, std::string_view transaction) {
  return {{"janus", kind}, {"transaction", transaction}};
}
std::string message(json::object head, json::object body, std::string_view type, std::string_view sdp) {
  head["body"] = std::move(body);
  if (!sdp.empty()) head["jsep"] = json::object{{"type", type}, {"sdp", sdp}, {"trickle", false}};
  return json::serialize(head);
}

std::string text_at(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string{};
}
const json::object* object_at(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v == nullptr ? nullptr : v->if_object();
}

// Where each feed's sound and picture come: the streams of the subscription, in the order of the feeds asked for.
OfferRoles roles_of(const json::array& streams, const std::vector<std::uint32_t>& feeds) {
  OfferRoles roles;
  for (std::uint32_t slot = 0; slot < feeds.size(); ++slot) roles.slots.push_back({slot, "", ""});
  for (const auto& v : streams) {
    const auto& stream = v.as_object();
    const auto found = std::ranges::find(feeds, stream.at("feed_id").to_number<std::uint32_t>());
    if (found == feeds.end()) continue;
    auto& slot = roles.slots[static_cast<std::size_t>(found - feeds.begin())];
    (text_at(stream, "type") == "audio" ? slot.sound : slot.picture) = text_at(stream, "mid");
  }
  return roles;
}

}  // namespace

std::string JanusSignalling::create_text() const { return json::serialize(request("create", "create")); }

std::string JanusSignalling::publish_text(std::string_view offer_sdp) const {
  auto head = request("message", "publish");
  head["session_id"] = session_;
  head["handle_id"] = handle_;
  return message(std::move(head),
                 {{"request", "joinandconfigure"}, {"room", seat_.room}, {"ptype", "publisher"}, {"id", seat_.feed}}, "offer", offer_sdp);
}

std::string JanusSignalling::subscribe_text() const {
  auto head = request("message", "subscribe");
  head["session_id"] = session_;
  head["handle_id"] = handle_;
  json::array streams;
  for (const auto feed : seat_.feeds)
    for (const std::string_view mid : {kSoundMid, kPictureMid}) streams.push_back(json::object{{"feed", feed}, {"mid", mid}});
  return message(std::move(head),
                 {{"request", "join"}, {"room", seat_.room}, {"ptype", "subscriber"}, {"streams", std::move(streams)}}, "", "");
}

std::string JanusSignalling::start_text(std::string_view answer_sdp) const {
  auto head = request("message", "start");
  head["session_id"] = session_;
  head["handle_id"] = handle_;
  return message(std::move(head), {{"request", "start"}}, "answer", answer_sdp);
}

std::string JanusSignalling::keep_alive_text() const {
  auto out = request("keepalive", "keepalive");
  out["session_id"] = session_;
  return json::serialize(out);
}

std::string JanusSignalling::destroy_text() const {
  auto out = request("destroy", "destroy");
  out["session_id"] = session_;
  return json::serialize(out);
}

JanusMessage JanusSignalling::read(std::string_view text, std::vector<std::string>& say) try {
  const auto whole = json::parse(text);
  const auto& o = whole.as_object();
  const auto kind = text_at(o, "janus"), transaction = text_at(o, "transaction");
  if (kind == "error") return JanusEnded{"refused " + transaction + ": " + json::serialize(o.at("error"))};
  if (kind == "hangup" || kind == "timeout" || kind == "detached") return JanusEnded{kind + " " + text_at(o, "reason")};
  if (kind == "success" && transaction == "create") {
    session_ = o.at("data").as_object().at("id").to_number<std::uint64_t>();
    auto attach = request("attach", "attach");
    attach["session_id"] = session_;
    attach["plugin"] = "janus.plugin.videoroom";
    say.push_back(json::serialize(attach));
    return {};
  }
  if (kind == "success" && transaction == "attach") {
    handle_ = o.at("data").as_object().at("id").to_number<std::uint64_t>();
    if (sends()) return JanusAttached{};
    say.push_back(subscribe_text());
    return {};
  }
  if (kind != "event") return {};
  const auto& data = o.at("plugindata").as_object().at("data").as_object();
  if (data.contains("error")) return JanusEnded{"refused " + transaction + ": " + text_at(data, "error")};
  const auto* description = object_at(o, "jsep");
  if (description == nullptr) return {};
  if (text_at(*description, "type") == "answer") return JanusAnswered{text_at(*description, "sdp")};
  return OfferMessage{0, text_at(*description, "sdp"), roles_of(data.at("streams").as_array(), seat_.feeds)};
} catch (const std::exception& e) {
  return JanusEnded{fmt::format("a message that is not understood ({})", e.what())};
}

}  // namespace load
