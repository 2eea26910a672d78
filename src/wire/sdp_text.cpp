// SPDX-License-Identifier: Apache-2.0
// A Description to SDP text, and the questions one can ask it: see sdp.h. Order of lines RFC 8866 section 5; of
// attributes as RFC 8829 section 5.2 lists them.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "wire/sdp_names.h"
#include "wire/text_scan.h"

namespace wire::sdp {
namespace {

class Text {
 public:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    text_ += "\r\n";
  }
  void flag(bool set, std::string_view name) {
    if (set) line("a={}", name);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void put_transport(Text& t, const Transport& transport) {
  if (!transport.ice_ufrag.empty()) t.line("a=ice-ufrag:{}", transport.ice_ufrag);
  if (!transport.ice_pwd.get().empty()) t.line("a=ice-pwd:{}", transport.ice_pwd.get());
  if (!transport.ice_options.empty()) t.line("a=ice-options:{}", fmt::join(transport.ice_options, " "));
  for (const std::string& f : transport.fingerprints) t.line("a=fingerprint:{}", f);
  if (transport.setup) t.line("a=setup:{}", name_of(kSetups, *transport.setup));
}

void put_direction(Text& t, const std::optional<Direction>& direction) {
  if (direction) t.line("a={}", name_of(kDirections, *direction));
}

std::string msid_text(const Msid& msid) {
  return msid.track.empty() ? msid.stream : fmt::format("{} {}", msid.stream, msid.track);
}

void put_codec(Text& t, const Codec& c) {
  const unsigned type = c.payload_type.value;
  if (!c.name.empty()) {
    if (c.channels > 0)
      t.line("a=rtpmap:{} {}/{}/{}", type, c.name, c.clock_rate, c.channels);
    else
      t.line("a=rtpmap:{} {}/{}", type, c.name, c.clock_rate);
  }
  for (const std::string& f : c.feedback) t.line("a=rtcp-fb:{} {}", type, f);
  if (c.parameters.empty()) return;
  std::string parameters;
  for (const auto& [key, value] : c.parameters) {
    if (!parameters.empty()) parameters += ';';
    parameters += key;
    if (!value.empty()) parameters += '=' + value;
  }
  t.line("a=fmtp:{} {}", type, parameters);
}

void put_sources(Text& t, const Media& m) {
  for (const SourceGroup& g : m.source_groups) {
    std::string ids;
    for (const base::Ssrc id : g.sources) ids += fmt::format(" {}", id.value);
    t.line("a=ssrc-group:{}{}", g.semantics, ids);
  }
  for (const Source& s : m.sources) {
    if (!s.cname.empty()) t.line("a=ssrc:{} cname:{}", s.ssrc.value, s.cname);
    if (s.msid) t.line("a=ssrc:{} msid:{}", s.ssrc.value, msid_text(*s.msid));
  }
}

std::string simulcast_text(const SimulcastList& list) {
  std::string out;
  for (const auto& stream : list) {
    if (!out.empty()) out += ';';
    for (std::size_t i = 0; i < stream.size(); ++i)
      out += fmt::format("{}{}{}", i > 0 ? "," : "", stream[i].paused ? "~" : "", stream[i].rid);
  }
  return out;
}

void put_simulcast(Text& t, const Media& m) {
  for (const Rid& r : m.rids) {
    const std::string_view direction = name_of(kRidDirections, r.direction);
    if (r.restrictions.empty())
      t.line("a=rid:{} {}", r.id, direction);
    else
      t.line("a=rid:{} {} {}", r.id, direction, r.restrictions);
  }
  if (!m.simulcast) return;
  const auto& [send, recv] = *m.simulcast;
  t.line("a=simulcast:{}{}{}{}{}", send.empty() ? "" : "send ", simulcast_text(send),
         send.empty() || recv.empty() ? "" : " ", recv.empty() ? "" : "recv ", simulcast_text(recv));
}

void put_media_line(Text& t, const Media& m) {
  std::string formats;
  for (const Codec& c : m.codecs) formats += fmt::format(" {}", c.payload_type.value);
  for (const std::string& f : m.formats) formats += ' ' + f;
  t.line("m={} {} {}{}", name_of(kKinds, m.kind), m.port, m.protocol, formats);
  t.line("c=IN IP4 0.0.0.0");
}

void put_extensions(Text& t, const Media& m) {
  t.flag(m.extmap_allow_mixed, "extmap-allow-mixed");
  for (const Extension& e : m.extensions) {
    if (e.direction)
      t.line("a=extmap:{}/{} {}", e.id, name_of(kDirections, *e.direction), e.uri);
    else
      t.line("a=extmap:{} {}", e.id, e.uri);
  }
}

void put_media(Text& t, const Media& m) {
  put_media_line(t, m);
  for (const Candidate& c : m.candidates) t.line("a={}", to_text(c));
  t.flag(m.end_of_candidates, "end-of-candidates");
  put_transport(t, m.transport);
  if (!m.mid.empty()) t.line("a=mid:{}", m.mid);
  t.flag(m.bundle_only, "bundle-only");
  put_extensions(t, m);
  put_direction(t, m.direction);
  for (const Msid& msid : m.msids) t.line("a=msid:{}", msid_text(msid));
  t.flag(m.rtcp_mux, "rtcp-mux");
  t.flag(m.rtcp_rsize, "rtcp-rsize");
  for (const Codec& c : m.codecs) put_codec(t, c);
  if (m.ptime) t.line("a=ptime:{}", *m.ptime);
  if (m.maxptime) t.line("a=maxptime:{}", *m.maxptime);
  put_simulcast(t, m);
  put_sources(t, m);
}

// Fills what `into` leaves open.
void inherit(Transport& into, const Transport& from) {
  if (into.ice_ufrag.empty()) {
    into.ice_ufrag = from.ice_ufrag;
    into.ice_pwd = from.ice_pwd;
  }
  if (into.ice_options.empty()) into.ice_options = from.ice_options;
  if (into.fingerprints.empty()) into.fingerprints = from.fingerprints;
  if (!into.setup) into.setup = from.setup;
}

}  // namespace

std::string to_text(const Description& d) {
  Text t;
  t.line("v=0");
  t.line("o=- {} {} IN IP4 127.0.0.1", d.session_id, d.session_version);
  t.line("s=-");
  t.line("t=0 0");
  if (!d.bundle.empty()) t.line("a=group:BUNDLE {}", fmt::join(d.bundle, " "));
  t.flag(d.extmap_allow_mixed, "extmap-allow-mixed");
  if (d.msid_semantic) t.line("a=msid-semantic: {}", *d.msid_semantic);
  t.flag(d.ice_lite, "ice-lite");
  put_transport(t, d.transport);
  put_direction(t, d.direction);
  for (const Media& m : d.media) put_media(t, m);
  return t.take();
}

bool Codec::is(std::string_view codec_name) const { return same_ignoring_case(name, codec_name); }

const std::string* Codec::parameter(std::string_view key) const {
  for (const auto& [name_of_it, value] : parameters)
    if (same_ignoring_case(name_of_it, key)) return &value;
  return nullptr;
}

bool Codec::has_feedback(std::string_view value) const { return contains(feedback, value); }

const Codec* Media::codec(std::string_view name) const {
  const auto found = std::ranges::find_if(codecs, [&](const Codec& c) { return c.is(name); });
  return found == codecs.end() ? nullptr : &*found;
}

std::uint8_t Media::extension_id(std::string_view uri) const {
  const auto found = std::ranges::find(extensions, uri, &Extension::uri);
  return found == extensions.end() ? std::uint8_t{0} : found->id;
}

base::Ssrc Media::repair_of(base::Ssrc ssrc) const {
  for (const SourceGroup& g : source_groups)  // RFC 4588 section 8.8: FID original, repair
    if (g.semantics == "FID" && g.sources.size() == 2 && g.sources[0] == ssrc) return g.sources[1];
  return {};
}

Transport Description::transport_of(std::size_t media_index) const {
  const Media& m = media.at(media_index);
  Transport out = m.transport;
  // RFC 9143 section 9: a bundled line uses its bundle's first one.
  if (contains(bundle, m.mid)) {
    if (const Media* first = by_mid(bundle.front())) inherit(out, first->transport);
  }
  inherit(out, transport);
  return out;
}

Direction Description::direction_of(std::size_t media_index) const {
  return media.at(media_index).direction.value_or(direction.value_or(Direction::sendrecv));
}

const Media* Description::by_mid(std::string_view mid) const {
  const auto found = std::ranges::find(media, mid, &Media::mid);
  return found == media.end() ? nullptr : &*found;
}

}  // namespace wire::sdp
