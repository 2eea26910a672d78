// SPDX-License-Identifier: Apache-2.0
// SDP text to a Description: see sdp.h. Lines RFC 8866 section 5; one small function an attribute, found by name in a
// table; what is not in the table is ignored. An attribute of ours that breaks its grammar makes the whole malformed:
// an answer understood half is worse than one refused.
#include <span>

#include "wire/extension_text.h"
#include "wire/sdp_names.h"
#include "wire/text_scan.h"

namespace wire::sdp {
namespace {

using Error = base::ParseError;
using Outcome = std::optional<Error>;  // empty: good

constexpr std::size_t kMaxItems = 128;    // of any list in one media section
constexpr std::size_t kMaxFeedback = 16;  // of one codec

struct Place {
  Description& description;
  Media* media;  // null before the first m= line
  [[nodiscard]] Transport& transport() const { return media != nullptr ? media->transport : description.transport; }
};
using Handler = Outcome (*)(const Place&, std::string_view value);

template <class T>
Outcome append(std::vector<T>& list, T value) {
  if (list.size() >= kMaxItems) return Error::too_large;
  list.push_back(std::move(value));
  return {};
}

// -- transport
// ---------------------------------------------------------------------------------------------------------
constexpr std::string_view kIceOthers = "+/";

Outcome ice_ufrag(const Place& p, std::string_view v) {
  if (!made_of(v, kIceOthers, 4, 256)) return Error::malformed;
  p.transport().ice_ufrag = v;
  return {};
}
Outcome ice_pwd(const Place& p, std::string_view v) {
  if (!made_of(v, kIceOthers, 22, 256)) return Error::malformed;
  p.transport().ice_pwd = base::Redacted<std::string>{std::string{v}};
  return {};
}
Outcome ice_options(const Place& p, std::string_view v) {
  auto& options = p.transport().ice_options;
  options.clear();
  for (const std::string_view option : words(v))
    if (const auto error = append(options, std::string{option})) return error;
  return options.empty() ? Error::malformed : Outcome{};
}
Outcome fingerprint(const Place& p, std::string_view v) {
  const auto parts = words(v);
  if (parts.size() != 2 || !is_token(parts[0]) || !made_of(parts[1], ":", 2, 512)) return Error::malformed;
  return append(p.transport().fingerprints, std::string{parts[0]} + ' ' + std::string{parts[1]});
}
Outcome setup(const Place& p, std::string_view v) {
  p.transport().setup = by_name<Setup>(kSetups, v);
  return p.transport().setup ? Outcome{} : Error::malformed;
}
Outcome candidate(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  auto c = parse_candidate("candidate:" + std::string{v});
  if (!c) return c.error() == Error::unsupported ? Outcome{} : c.error();
  return append(p.media->candidates, std::move(*c));
}

// -- the session
// -------------------------------------------------------------------------------------------------------
Outcome group(const Place& p, std::string_view v) {  // RFC 5888 section 5; only the first BUNDLE counts for us
  const auto parts = words(v);
  if (p.media != nullptr || parts.size() < 2 || parts[0] != "BUNDLE" || !p.description.bundle.empty()) return {};
  for (const std::string_view mid : std::span{parts}.subspan(1)) {
    if (!is_token(mid)) return Error::malformed;
    if (const auto error = append(p.description.bundle, std::string{mid})) return error;
  }
  return {};
}
Outcome ice_lite(const Place& p, std::string_view) {
  if (p.media == nullptr) p.description.ice_lite = true;
  return {};
}
Outcome extmap_allow_mixed(const Place& p, std::string_view) {
  (p.media != nullptr ? p.media->extmap_allow_mixed : p.description.extmap_allow_mixed) = true;
  return {};
}
Outcome msid_semantic(const Place& p, std::string_view v) {
  if (p.media == nullptr && !trim(v).empty()) p.description.msid_semantic = std::string{trim(v)};
  return {};
}
template <Direction D>
Outcome direction(const Place& p, std::string_view) {
  (p.media != nullptr ? p.media->direction : p.description.direction) = D;
  return {};
}

// -- codecs
// ------------------------------------------------------------------------------------------------------------ Takes
// the payload type off the front; null where the m= line does not have it (ignored) or there is no number.
Codec* codec_of(const Place& p, std::string_view& v) {
  const auto type = number<std::uint8_t>(take_word(v));
  if (p.media == nullptr || !type) return nullptr;
  for (Codec& codec : p.media->codecs)
    if (codec.payload_type.value == *type) return &codec;
  return nullptr;
}

Outcome rtpmap(const Place& p, std::string_view v) {
  Codec* codec = codec_of(p, v);
  if (codec == nullptr) return {};
  std::string_view rest = trim(v);
  const std::string_view name = take_until(rest, '/');
  const auto clock_rate = number<std::uint32_t>(take_until(rest, '/'));
  if (!is_token(name) || !clock_rate) return Error::malformed;
  codec->name = name;
  codec->clock_rate = *clock_rate;
  codec->channels = 0;
  if (rest.empty()) return {};
  const auto channels = number<std::uint8_t>(rest);
  if (!channels || *channels == 0) return Error::malformed;
  codec->channels = *channels;
  return {};
}

Outcome fmtp(const Place& p, std::string_view v) {
  Codec* codec = codec_of(p, v);
  if (codec == nullptr) return {};
  codec->parameters.clear();
  while (!v.empty()) {
    std::string_view value = trim(take_until(v, ';'));
    if (value.empty()) continue;
    const std::string_view key = trim(take_until(value, '='));
    if (key.empty()) return Error::malformed;
    if (const auto error = append(codec->parameters, {std::string{key}, std::string{trim(value)}})) return error;
  }
  return {};
}

Outcome add_feedback(Codec& codec, std::string_view what) {
  if (codec.feedback.size() >= kMaxFeedback) return Error::too_large;
  codec.feedback.emplace_back(what);
  return {};
}
Outcome rtcp_fb(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  std::string_view rest = v;
  if (take_word(rest) == "*") {  // RFC 4585 section 4.2: for every payload type
    if (trim(rest).empty()) return Error::malformed;
    for (Codec& codec : p.media->codecs)
      if (const auto error = add_feedback(codec, trim(rest))) return error;
    return {};
  }
  Codec* codec = codec_of(p, v);
  if (codec == nullptr) return {};
  if (trim(v).empty()) return Error::malformed;
  return add_feedback(*codec, trim(v));
}

// -- the media line
// ----------------------------------------------------------------------------------------------------
Outcome mid(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  if (!is_token(v)) return Error::malformed;
  p.media->mid = v;
  return {};
}
template <auto Flag>
Outcome flag(const Place& p, std::string_view) {
  if (p.media != nullptr) p.media->*Flag = true;
  return {};
}
template <auto Field>
Outcome milliseconds(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  const auto value = number<std::uint32_t>(trim(v));
  if (!value) return {};  // RFC 8866 permits fractions; a hint only
  p.media->*Field = value;
  return {};
}

Outcome extmap(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  std::string_view head = take_word(v);
  const auto id = number<std::uint16_t>(take_until(head, '/'));
  if (!id || *id == 0) return Error::malformed;
  if (*id > 255) return {};  // RFC 8285 section 6: 4096 and up are for ids not yet given
  Extension e{static_cast<std::uint8_t>(*id), std::string{take_word(v)}, {}};
  if (!head.empty()) {
    e.direction = by_name<Direction>(kDirections, head);
    if (!e.direction) return Error::malformed;
  }
  if (e.uri.empty()) return Error::malformed;
  return append(p.media->extensions, std::move(e));
}

std::optional<Msid> read_msid(std::string_view v) {
  const auto parts = words(v);
  if (parts.empty() || parts.size() > 2) return {};
  return Msid{std::string{parts[0]}, parts.size() == 2 ? std::string{parts[1]} : std::string{}};
}
Outcome msid(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  auto value = read_msid(v);
  if (!value) return Error::malformed;
  return append(p.media->msids, std::move(*value));
}

Outcome ssrc(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  const auto id = number<std::uint32_t>(take_word(v));
  if (!id) return Error::malformed;
  std::string_view value = trim(v);
  const std::string_view name = take_until(value, ':');
  if ((name != "cname" && name != "msid") || value.empty()) return {};
  auto& sources = p.media->sources;
  auto source = std::ranges::find(sources, base::Ssrc{*id}, &Source::ssrc);
  if (source == sources.end()) {
    if (const auto error = append(sources, Source{{*id}, {}, {}})) return error;
    source = sources.end() - 1;
  }
  if (name == "cname") {
    source->cname = value;
    return {};
  }
  source->msid = read_msid(value);
  return source->msid ? Outcome{} : Error::malformed;
}

Outcome ssrc_group(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  SourceGroup g{std::string{take_word(v)}, {}};
  for (const std::string_view word : words(v)) {
    const auto id = number<std::uint32_t>(word);
    if (!id) return Error::malformed;
    if (const auto error = append(g.sources, base::Ssrc{*id})) return error;
  }
  if (!is_token(g.semantics) || g.sources.empty()) return Error::malformed;
  return append(p.media->source_groups, std::move(g));
}

constexpr bool is_rid(std::string_view s) { return made_of(s, "-_", 1, 255); }

Outcome rid(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  const std::string_view id = take_word(v);
  const auto direction = by_name<RidDirection>(kRidDirections, take_word(v));
  if (!is_rid(id) || !direction) return Error::malformed;
  return append(p.media->rids, Rid{std::string{id}, *direction, std::string{trim(v)}});
}

// sc-str-list: streams by ";", alternatives by ",", "~" for paused
bool read_simulcast_list(std::string_view v, SimulcastList& list) {
  if (!list.empty() || v.empty() || v.back() == ';') return false;
  while (!v.empty()) {
    std::string_view alternatives = take_until(v, ';');
    auto& stream = list.emplace_back();
    do {
      std::string_view id = take_until(alternatives, ',');
      const bool paused = id.starts_with('~');
      if (paused) id.remove_prefix(1);
      if (!is_rid(id) || stream.size() >= kMaxItems || list.size() > kMaxItems) return false;
      stream.push_back({std::string{id}, paused});
    } while (!alternatives.empty());
  }
  return true;
}
Outcome simulcast(const Place& p, std::string_view v) {
  if (p.media == nullptr) return {};
  if (p.media->simulcast) return Error::malformed;  // RFC 8853 section 5.1: at most one
  Simulcast s;
  for (std::string_view word = take_word(v); !word.empty(); word = take_word(v)) {
    const auto direction = by_name<RidDirection>(kRidDirections, word);
    if (!direction) return Error::malformed;
    if (!read_simulcast_list(take_word(v), *direction == RidDirection::send ? s.send : s.recv)) return Error::malformed;
  }
  if (s.send.empty() && s.recv.empty()) return Error::malformed;
  p.media->simulcast = std::move(s);
  return {};
}

// -- the table
// ---------------------------------------------------------------------------------------------------------
struct Attribute {
  std::string_view name;
  Handler handle;
};
constexpr Attribute kAttributes[] = {
    {"bundle-only", flag<&Media::bundle_only>},
    {"candidate", candidate},
    {"end-of-candidates", flag<&Media::end_of_candidates>},
    {"extmap", extmap},
    {"extmap-allow-mixed", extmap_allow_mixed},
    {"fingerprint", fingerprint},
    {"fmtp", fmtp},
    {"group", group},
    {"ice-lite", ice_lite},
    {"ice-options", ice_options},
    {"ice-pwd", ice_pwd},
    {"ice-ufrag", ice_ufrag},
    {"inactive", direction<Direction::inactive>},
    {"maxptime", milliseconds<&Media::maxptime>},
    {"mid", mid},
    {"msid", msid},
    {"msid-semantic", msid_semantic},
    {"ptime", milliseconds<&Media::ptime>},
    {"recvonly", direction<Direction::recvonly>},
    {"rid", rid},
    {"rtcp-fb", rtcp_fb},
    {"rtcp-mux", flag<&Media::rtcp_mux>},
    {"rtcp-rsize", flag<&Media::rtcp_rsize>},
    {"rtpmap", rtpmap},
    {"sendonly", direction<Direction::sendonly>},
    {"sendrecv", direction<Direction::sendrecv>},
    {"setup", setup},
    {"simulcast", simulcast},
    {"ssrc", ssrc},
    {"ssrc-group", ssrc_group},
};

Outcome attribute(const Place& p, std::string_view line) {
  std::string_view value = line;
  const std::string_view name = take_until(value, ':');
  for (const Attribute& a : kAttributes)
    if (a.name == name) return a.handle(p, value);
  return {};
}

// -- lines
// -------------------------------------------------------------------------------------------------------------
// o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address>
Outcome origin(Description& d, std::string_view v) {
  const auto parts = words(v);
  if (parts.size() != 6) return Error::malformed;
  const auto id = number<std::uint64_t>(parts[1]), version = number<std::uint64_t>(parts[2]);
  if (!id || !version) return Error::malformed;
  d.session_id = *id;
  d.session_version = *version;
  return {};
}

// m=<media> <port> <proto> <fmt> …
Outcome media_line(Description& d, std::string_view v) {
  if (d.media.size() >= kMaxMedia) return Error::too_large;
  const auto parts = words(v);
  if (parts.size() < 4) return Error::malformed;
  const auto kind = by_name<Kind>(kKinds, parts[0]);
  if (!kind) return Error::unsupported;
  const auto port = number<std::uint16_t>(parts[1]);
  if (!port || !made_of(parts[2], "/-", 1, 64)) return Error::malformed;
  Media m;
  m.kind = *kind;
  m.port = *port;
  m.protocol = parts[2];
  for (const std::string_view format : std::span{parts}.subspan(3)) {
    if (*kind == Kind::application) {
      if (const auto error = append(m.formats, std::string{format})) return error;
      continue;
    }
    const auto type = number<std::uint8_t>(format);
    if (!type || *type > 127) return Error::malformed;
    if (contains(m.codecs, base::PayloadType{*type}, &Codec::payload_type)) return Error::malformed;
    m.codecs.push_back({.payload_type = {*type}, .name = {}, .parameters = {}, .feedback = {}});
  }
  d.media.push_back(std::move(m));
  return {};
}

Outcome one_line(Description& d, std::string_view line) {
  if (line.size() > kMaxLine) return Error::too_large;
  if (line.size() < 2 || line[1] != '=') return Error::malformed;
  if (std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return Error::malformed;
  const std::string_view value = line.substr(2);
  switch (line[0]) {
    case 'o':
      return origin(d, value);
    case 'm':
      return media_line(d, value);
    case 'a':
      return attribute({d, d.media.empty() ? nullptr : &d.media.back()}, value);
    default:
      return {};  // v= is seen to by parse(); s=, t=, c=, b= and others say nothing that WebRTC uses
  }
}

}  // namespace

base::Result<Description, base::ParseError> parse(std::string_view text) {
  if (text.size() > kMaxText) return base::Unexpected{Error::too_large};
  Description d;
  std::size_t lines = 0;
  while (!text.empty()) {
    std::string_view line = take_until(text, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    // RFC 8866 section 5: v= then o= come first.
    if (lines == 0 && line != "v=0") return base::Unexpected{Error::malformed};
    if (lines == 1 && !line.starts_with("o=")) return base::Unexpected{Error::malformed};
    if (const auto error = one_line(d, line)) return base::Unexpected{*error};
    ++lines;
  }
  if (lines < 2) return base::Unexpected{Error::truncated};
  return d;
}

}  // namespace wire::sdp
