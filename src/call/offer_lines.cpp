// SPDX-License-Identifier: Apache-2.0
// See offer_lines.h.
#include "call/offer_lines.h"

#include <charconv>

namespace call {
namespace {

std::optional<media::Source> upstream_source(std::string_view mid) {
  using enum media::Source;
  if (mid == "m") return microphone;
  if (mid == "c") return camera;
  if (mid == "x") return screen;
  if (mid == "v") return clear_view;
  if (mid == "b") return backstage;
  return std::nullopt;
}

// "s12" as 12 where the letter is `letter`.
std::optional<std::uint32_t> slot_of(std::string_view mid, char letter) {
  if (mid.size() < 2 || mid.front() != letter) return std::nullopt;
  std::uint32_t slot = 0;
  const auto [end, failed] = std::from_chars(mid.data() + 1, mid.data() + mid.size(), slot);
  if (failed != std::errc{} || end != mid.data() + mid.size()) return std::nullopt;
  return slot;
}

}  // namespace

OfferMade offer_message(media::Offer offer) {
  OfferMade out{.offer = offer.id, .sdp = {}, .upstream = {}, .slots = {}};
  constexpr std::string_view kMid = "a=mid:";
  std::string_view rest = offer.sdp;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!line.starts_with(kMid)) continue;
    std::string_view mid = line.substr(kMid.size());
    while (!mid.empty() && (mid.back() == '\r' || mid.back() == ' ')) mid.remove_suffix(1);
    if (const auto source = upstream_source(mid)) {
      out.upstream.push_back({std::string(mid), *source});
    } else if (const auto slot = slot_of(mid, 's')) {
      out.slots.push_back({*slot, std::string(mid), "p" + std::to_string(*slot)});
    }
  }
  out.sdp = base::Redacted(std::move(offer.sdp));
  return out;
}

}  // namespace call
