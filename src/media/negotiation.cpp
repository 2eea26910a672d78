// SPDX-License-Identifier: Apache-2.0
// See negotiation.h. The order of an offer: microphone and camera, then slot 0 sound, slot 0 picture, …; a source that was
// opened later has its line where the offer ended then.
#include "media/negotiation.h"

#include <fmt/format.h>

#include <algorithm>

#include "wire/sdp.h"

namespace media {
namespace {

namespace sdp = wire::sdp;

enum class Way : std::uint8_t { up, down };

// Extensions that make sense one way only; the rest go both ways.
template <class Extension>
constexpr bool offered_for(sdp::Kind kind, Way way) {
  constexpr auto use = Extension::kUse;
  if (use == wire::ExtensionUse::audio && kind != sdp::Kind::audio) return false;
  if (use == wire::ExtensionUse::video && kind != sdp::Kind::video) return false;
  constexpr bool up_only = std::is_same_v<Extension, wire::RidExtension> ||
                           std::is_same_v<Extension, wire::RepairedRidExtension> ||
                           std::is_same_v<Extension, wire::VideoLayersExtension>;
  constexpr bool down_only = std::is_same_v<Extension, wire::PlayoutDelayExtension>;
  return way == Way::up ? !down_only : !up_only;
}

sdp::Codec opus(Way way) {
  sdp::Codec c;
  c.payload_type = kOpus;
  c.name = "opus";
  c.clock_rate = 48'000;
  c.channels = 2;  // RFC 7587 section 7: always said, even for mono
  c.parameters = {{"minptime", "20"}, {"useinbandfec", "1"}, {"usedtx", "1"}};
  c.feedback = {"transport-cc"};
  // What comes up is repaired by NACK. Downwards a packet could only be repeated under its own number, which SRTP forbids.
  if (way == Way::up) c.feedback.insert(c.feedback.begin(), "nack");
  return c;
}

std::vector<sdp::Codec> vp8() {
  sdp::Codec c;
  c.payload_type = kVp8;
  c.name = "VP8";
  c.clock_rate = 90'000;
  c.feedback = {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"};
  sdp::Codec rtx;
  rtx.payload_type = kRtx;
  rtx.name = "rtx";
  rtx.clock_rate = 90'000;
  rtx.parameters = {{"apt", fmt::format("{}", kVp8.value)}};
  return {c, rtx};
}

sdp::Media line(std::string mid, sdp::Kind kind, Way way) {
  sdp::Media m;
  m.kind = kind;
  m.mid = std::move(mid);
  m.direction = way == Way::up ? sdp::Direction::recvonly : sdp::Direction::sendonly;
  m.rtcp_mux = m.rtcp_rsize = true;
  if (kind == sdp::Kind::audio)
    m.codecs = {opus(way)};
  else
    m.codecs = vp8();
  wire::for_each_header_extension([&]<class Entry>(Entry) {
    if (offered_for<typename Entry::Type>(kind, way))
      m.extensions.push_back({Entry::kId, std::string(Entry::Type::kUri), std::nullopt});
  });
  return m;
}

sdp::Media upstream_line(Source source) {
  auto m = line(std::string(upstream_mid(source)), is_picture(source) ? sdp::Kind::video : sdp::Kind::audio, Way::up);
  if (source == Source::camera) {
    sdp::Simulcast simulcast;
    for (const auto rid : kRids) {
      m.rids.push_back({std::string(rid), sdp::RidDirection::recv, {}});
      simulcast.recv.push_back({{std::string(rid), false}});
    }
    m.simulcast = simulcast;
  }
  return m;
}

// One msid for a person's sound and picture, so that the receiver keeps lips and voice together (RFC 8830).
void name_slot(sdp::Media& m, std::size_t k, char track) {
  const auto stream = slot_name(k);
  m.msids = {{stream, fmt::format("{}{}", track, k)}};
  for (auto& source : m.sources) source.cname = stream;
}

std::array<sdp::Media, 2> slot_lines(std::size_t k, const SlotSsrcs& ssrcs) {
  std::array out{line(fmt::format("s{}", k), sdp::Kind::audio, Way::down),
                 line(fmt::format("p{}", k), sdp::Kind::video, Way::down)};
  out[0].sources = {{ssrcs.sound, {}, {}}};
  out[1].sources = {{ssrcs.picture, {}, {}}, {ssrcs.picture_rtx, {}, {}}};
  out[1].source_groups = {{"FID", {ssrcs.picture, ssrcs.picture_rtx}}};  // RFC 5576 section 4.2, RFC 4588
  name_slot(out[0], k, 's');
  name_slot(out[1], k, 'p');
  return out;
}

constexpr std::size_t kFromTheFirst = 2;  // upstream lines

// Every line in its place, as `up(source)` and `down(k)`.
template <class Up, class Down>
void for_each_line(const Session& session, Up up, Down down) {
  auto next = std::min(kFromTheFirst, session.upstream.size());
  for (std::size_t i = 0; i < next; ++i) up(session.upstream[i]);
  for (std::size_t k = 0; k <= session.slots.size(); ++k) {
    for (; next < session.upstream.size() && session.opened_at[next - kFromTheFirst] == k; ++next) up(session.upstream[next]);
    if (k < session.slots.size()) down(k);
  }
}

}  // namespace

std::string slot_name(std::size_t k) { return fmt::format("slot{}", k); }

std::string_view upstream_mid(Source source) {
  constexpr std::array<std::string_view, kSources> kMids{"m", "c", "d", "v", "b"};
  return kMids[static_cast<std::size_t>(source)];
}

Offer write_offer(const Session& session, const Settings& settings) {
  sdp::Description d;
  d.session_id = session.id;
  d.session_version = session.version;
  d.ice_lite = true;
  d.extmap_allow_mixed = true;
  d.msid_semantic = "WMS *";
  d.transport.ice_ufrag = session.ice.ufrag;
  d.transport.ice_pwd = session.ice.pwd;
  d.transport.fingerprints = {crypto::to_text(settings.certificate->fingerprint())};
  d.transport.setup = sdp::Setup::actpass;  // RFC 8829 section 5.2.1; an answer must be active
  Offer offer;
  offer.id = session.version;
  for_each_line(
      session,
      [&](Source source) {
        d.media.push_back(upstream_line(source));
        offer.upstream.push_back({d.media.back().mid, source});
      },
      [&](std::size_t k) {
        auto lines = slot_lines(k, session.slots[k]);
        offer.slots.push_back({static_cast<std::uint32_t>(k), lines[0].mid, lines[1].mid});
        for (auto& m : lines) d.media.push_back(std::move(m));
      });
  for (const auto& m : d.media) d.bundle.push_back(m.mid);
  auto preference = static_cast<std::uint16_t>(65'535);
  for (const auto carrier : {base::Carrier::udp, base::Carrier::tcp})
    for (const auto& candidate : settings.candidates)
      if (candidate.carrier == carrier)
        d.media.front().candidates.push_back(sdp::host_candidate(candidate.carrier, candidate.address, preference--));
  d.media.front().end_of_candidates = true;
  offer.sdp = sdp::to_text(d);
  return offer;
}

namespace {

struct Expected {
  std::string mid;
  sdp::Kind kind;
  Way way;
  Source source = Source::microphone;  // of a line up
};

std::vector<Expected> expected_lines(const Session& session) {
  std::vector<Expected> out;
  out.reserve(session.upstream.size() + 2 * session.slots.size());
  for_each_line(
      session,
      [&](Source source) {
        out.push_back({std::string(upstream_mid(source)), is_picture(source) ? sdp::Kind::video : sdp::Kind::audio, Way::up, source});
      },
      [&](std::size_t k) {
        out.push_back({fmt::format("s{}", k), sdp::Kind::audio, Way::down});
        out.push_back({fmt::format("p{}", k), sdp::Kind::video, Way::down});
      });
  return out;
}

// Ids must be those of the offer (RFC 8285 section 5); an extension that was not offered there is an error.
bool read_extensions(const sdp::Media& m, const Expected& expected, ExtensionSet& out) {
  out = 0;
  for (const auto& e : m.extensions) {
    bool known = false;
    wire::for_each_header_extension([&]<class Entry>(Entry) {
      if (e.id == Entry::kId && e.uri == Entry::Type::kUri && offered_for<typename Entry::Type>(expected.kind, expected.way))
        known = true;
    });
    if (!known) return false;
    out = static_cast<ExtensionSet>(out | (1U << e.id));
  }
  return true;
}

bool codecs_are_ours(const sdp::Media& m) {
  if (m.codecs.empty()) return false;
  bool main = false;
  for (const auto& c : m.codecs) {
    if (m.kind == sdp::Kind::audio) {
      if (c.payload_type != kOpus || !c.is("opus")) return false;
      main = true;
    } else if (c.payload_type == kVp8 && c.is("VP8")) {
      main = true;
    } else if (c.payload_type != kRtx || !c.is("rtx")) {
      return false;
    }
  }
  return main;
}

// A browser without VP8 refuses picture lines (RFC 8829 section 5.3.1: port 0, out of the bundle). Whoever it is still hears
// and is heard. Sound cannot be refused: a group without it is none.
bool goes_without(const sdp::Description& d, const sdp::Media& m) {
  return m.kind == sdp::Kind::video && m.rejected() && std::ranges::find(d.bundle, m.mid) == d.bundle.end();
}

bool direction_fits(sdp::Direction d, Way way) {
  if (d == sdp::Direction::inactive) return true;
  return d == (way == Way::up ? sdp::Direction::sendonly : sdp::Direction::recvonly);
}

bool rids_are_ours(const sdp::Media& m) {
  if (!m.simulcast) return true;
  if (!m.simulcast->recv.empty()) return false;
  return std::ranges::all_of(m.simulcast->send, [](const auto& alternatives) {
    return std::ranges::all_of(alternatives,
                               [](const auto& s) { return std::ranges::find(kRids, s.rid) != kRids.end(); });
  });
}

base::Result<transport::RemoteDescription, AnswerError> read_transport(const sdp::Transport& t) {
  if (t.setup != sdp::Setup::active) return std::unexpected(AnswerError::wrong_media);
  // RFC 8839 section 5.4 gives the lengths.
  if (t.ice_ufrag.size() < 4 || t.ice_ufrag.size() > 256 || t.ice_pwd.get().size() < 22 || t.ice_pwd.get().size() > 256)
    return std::unexpected(AnswerError::no_credentials);
  transport::RemoteDescription out;
  out.ice = {t.ice_ufrag, t.ice_pwd};
  for (const auto& text : t.fingerprints)
    if (const auto fingerprint = crypto::parse_fingerprint(text)) {
      out.fingerprint = *fingerprint;
      return out;
    }
  return std::unexpected(AnswerError::no_fingerprint);
}

Answer::Upstream read_upstream(Source source, const sdp::Media& m, sdp::Direction direction) {
  Answer::Upstream out;
  out.source = source;
  out.sends = direction == sdp::Direction::sendonly;
  out.simulcast = m.simulcast.has_value();
  if (!m.simulcast && !m.sources.empty()) {
    out.ssrc = m.sources.front().ssrc;
    for (const auto& group : m.source_groups)
      if (group.semantics == "FID" && group.sources.size() == 2) {
        out.ssrc = group.sources[0];
        out.rtx = group.sources[1];
      }
  }
  return out;
}

void note_line(Answer& answer, const sdp::Media& m, const Expected& expected, ExtensionSet extensions) {
  const bool sound = expected.kind == sdp::Kind::audio;
  if (expected.way == Way::up) {
    (sound ? answer.sound_in : answer.picture_in) = extensions;
    const auto& codec = m.codecs.front();
    if (sound) answer.nack_sound_in = codec.has_feedback("nack");
    if (!sound) {
      answer.rtx_in = m.codec("rtx") != nullptr;
      const auto* picture = m.codec("VP8");
      const auto says = [&](const char* feedback) { return picture != nullptr && picture->has_feedback(feedback); };
      answer.transport_feedback_in = says("transport-cc");
      answer.pli_in = says("nack pli");
      answer.fir_in = says("ccm fir");
      answer.remb_in = says("goog-remb");
    }
    return;
  }
  (sound ? answer.sound_out : answer.picture_out) = extensions;
  if (!sound) answer.rtx_out = m.codec("rtx") != nullptr;
}

}  // namespace

base::Result<Answer, AnswerError> read_answer(const Session& session, std::string_view text) {
  const auto parsed = sdp::parse(text);
  if (!parsed) return std::unexpected(AnswerError::malformed);
  const auto& d = *parsed;
  const auto expected = expected_lines(session);
  if (d.media.size() != expected.size()) return std::unexpected(AnswerError::wrong_media);
  Answer answer;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto& m = d.media[i];
    ExtensionSet extensions = 0;
    if (m.mid == expected[i].mid && m.kind == expected[i].kind && goes_without(d, m)) {
      // Lines stay in their places; a source without a line simply never sends.
      if (expected[i].way == Way::up)
        answer.upstream.push_back({.source = expected[i].source});
      else
        answer.takes_pictures = false;
      continue;
    }
    if (m.mid != expected[i].mid || m.kind != expected[i].kind || m.rejected() || !m.rtcp_mux || !codecs_are_ours(m) ||
        !direction_fits(d.direction_of(i), expected[i].way) || !rids_are_ours(m) ||
        !read_extensions(m, expected[i], extensions) || std::ranges::find(d.bundle, m.mid) == d.bundle.end())
      return std::unexpected(AnswerError::wrong_media);
    note_line(answer, m, expected[i], extensions);
    if (expected[i].way == Way::up) answer.upstream.push_back(read_upstream(expected[i].source, m, d.direction_of(i)));
  }
  auto remote = read_transport(d.transport_of(0));
  if (!remote) return std::unexpected(remote.error());
  answer.remote = std::move(*remote);
  answer.slots = session.slots.size();
  return answer;
}

}  // namespace media
