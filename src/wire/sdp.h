// SPDX-License-Identifier: Apache-2.0
// Session descriptions as WebRTC uses them: a typed Description, parse() and to_text(). RFC 8866; JSEP RFC 8829; the
// attributes' own RFCs beside them. Not here: which description to make or to accept (media/), candidates' use.
// Strict in what it writes; tolerant only where browsers differ: attributes that are not known are ignored, LF is taken
// for CRLF. Invariant: whatever parse() accepts, to_text() writes and parse() reads back as the
// same value (short of the size limits). Any thread.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "base/redacted.h"
#include "base/result.h"
#include "wire/sdp_candidate.h"

namespace wire::sdp {

// Limits of ours (DESIGN.md "Bad input").
// A browser's answer has some 1,100 bytes of each media line, and a room of 49 has 114 lines.
inline constexpr std::size_t kMaxText = std::size_t{160} * 1024;
inline constexpr std::size_t kMaxLine = std::size_t{2} * 1024;
inline constexpr std::size_t kMaxMedia = 120;

enum class Direction : std::uint8_t { sendrecv, sendonly, recvonly, inactive };  // RFC 8866 section 6.7
enum class Setup : std::uint8_t { active, passive, actpass, holdconn };          // RFC 4145 section 4, RFC 5763
enum class Kind : std::uint8_t { audio, video, application };

// What the transport needs; stands at the session or at the media level (see Description::transport_of).
struct Transport {
  std::string ice_ufrag;  // RFC 8839 section 5.4
  base::Redacted<std::string> ice_pwd;
  std::vector<std::string> ice_options;   // section 5.6
  std::vector<std::string> fingerprints;  // "sha-256 AB:CD:…" (RFC 8122 section 5)
  std::optional<Setup> setup;
  bool operator==(const Transport&) const = default;
};

// One payload type: a=rtpmap, a=fmtp, a=rtcp-fb (RFC 8866 section 6.6, RFC 4585 section 4.2).
struct Codec {
  base::PayloadType payload_type{};
  std::string name;  // as written: "opus", "VP8", "rtx"; empty where there was no rtpmap
  std::uint32_t clock_rate = 0;
  std::uint8_t channels = 0;                                    // 0: not said
  std::vector<std::pair<std::string, std::string>> parameters;  // of fmtp, in order; the value may be empty
  std::vector<std::string> feedback;                            // "nack", "nack pli", "ccm fir", "goog-remb", …
  bool operator==(const Codec&) const = default;
  [[nodiscard]] bool is(std::string_view codec_name) const;  // ignoring case (RFC 8866 section 6.6)
  [[nodiscard]] const std::string* parameter(std::string_view key) const;
  [[nodiscard]] bool has_feedback(std::string_view value) const;
};

struct Extension {  // a=extmap, RFC 8285 section 5
  std::uint8_t id = 0;
  std::string uri;
  std::optional<Direction> direction;
  bool operator==(const Extension&) const = default;
};

struct Msid {          // RFC 8830
  std::string stream;  // "-" for none
  std::string track;   // may be empty
  bool operator==(const Msid&) const = default;
};

struct Source {  // a=ssrc, RFC 5576 section 4.1; one entry an SSRC
  base::Ssrc ssrc{};
  std::string cname;         // may be empty
  std::optional<Msid> msid;  // the older a=ssrc:… msid:… form
  bool operator==(const Source&) const = default;
};

struct SourceGroup {      // a=ssrc-group, RFC 5576 section 4.2
  std::string semantics;  // "FID", "SIM"
  std::vector<base::Ssrc> sources;
  bool operator==(const SourceGroup&) const = default;
};

enum class RidDirection : std::uint8_t { send, recv };
struct Rid {  // RFC 8851
  std::string id;
  RidDirection direction = RidDirection::send;
  std::string restrictions;  // after the direction, as written; may be empty
  bool operator==(const Rid&) const = default;
};

struct SimulcastStream {  // RFC 8853
  std::string rid;
  bool paused = false;
  bool operator==(const SimulcastStream&) const = default;
};
using SimulcastList = std::vector<std::vector<SimulcastStream>>;  // streams, each with its alternatives
struct Simulcast {
  SimulcastList send, recv;  // either may be empty, not both
  bool operator==(const Simulcast&) const = default;
};

struct Media {
  Kind kind = Kind::audio;
  std::uint16_t port = 9;  // 0: rejected, unless bundle_only (RFC 9143)
  std::string protocol = "UDP/TLS/RTP/SAVPF";
  std::string mid;                     // RFC 5888
  std::optional<Direction> direction;  // none: sendrecv (or the session's)
  Transport transport;
  bool bundle_only = false;
  bool rtcp_mux = false;    // RFC 5761
  bool rtcp_rsize = false;  // RFC 5506
  bool extmap_allow_mixed = false;
  std::optional<std::uint32_t> ptime, maxptime;  // ms
  std::vector<Codec> codecs;                     // in the order of the m= line
  std::vector<std::string> formats;              // of m=application only, as written
  std::vector<Extension> extensions;
  std::vector<Msid> msids;
  std::vector<Source> sources;
  std::vector<SourceGroup> source_groups;
  std::vector<Rid> rids;
  std::optional<Simulcast> simulcast;
  std::vector<Candidate> candidates;
  bool end_of_candidates = false;  // RFC 8840
  bool operator==(const Media&) const = default;
  [[nodiscard]] bool rejected() const { return port == 0 && !bundle_only; }
  [[nodiscard]] const Codec* codec(std::string_view name) const;  // the first of this name, or null
  // The id this media line gives to an extension, or 0.
  [[nodiscard]] std::uint8_t extension_id(std::string_view uri) const;
  // The SSRC that repairs this one (FID), or zero.
  [[nodiscard]] base::Ssrc repair_of(base::Ssrc ssrc) const;
};

struct Description {
  std::uint64_t session_id = 0;       // o= (at most 2^63-1: RFC 8829 section 5.2.1)
  std::uint64_t session_version = 0;  // goes up with each offer
  bool ice_lite = false;              // RFC 8839 section 5.3
  bool extmap_allow_mixed = false;
  std::vector<std::string> bundle;           // mids of the first BUNDLE group (RFC 9143); empty: none
  std::optional<std::string> msid_semantic;  // "WMS *"
  std::optional<Direction> direction;        // of the session
  Transport transport;                       // of the session
  std::vector<Media> media;
  bool operator==(const Description&) const = default;

  // What holds for one media line: its own, else its bundle's first line's, else the session's.
  [[nodiscard]] Transport transport_of(std::size_t media_index) const;
  [[nodiscard]] Direction direction_of(std::size_t media_index) const;
  [[nodiscard]] const Media* by_mid(std::string_view mid) const;  // or null
};

[[nodiscard]] base::Result<Description, base::ParseError> parse(std::string_view text);
// Precondition: names, ids and texts hold no spaces or line ends (a description made by parse() never does).
[[nodiscard]] std::string to_text(const Description& description);

}  // namespace wire::sdp
