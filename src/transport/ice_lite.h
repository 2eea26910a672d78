// SPDX-License-Identifier: Apache-2.0
// ICE-lite, the server's side: RFC 8445 as a controlled lite agent. Answers checks, learns the paths they prove,
// follows the other side's nomination. Sends no check of its own, so consent (RFC 7675) is seen as the other side's
// checks. Not here: candidates in SDP, the full agent (ice_client.h). Invariant: a path is known only by a check whose
// MESSAGE-INTEGRITY held under one of our passwords, and one check proves one path; at most kMaxPaths. Deliberately left out: the remote ufrag in
// USERNAME is not compared (our password is the proof, and checks may come before the answer), no candidate pair states
// (RFC 8445 section 6.1.2 is for full agents), no TURN. One thread.
#pragma once
#include <optional>
#include <vector>

#include "base/instant.h"
#include "transport/ice_credentials.h"
#include "transport/outlet.h"
#include "transport/seen_checks.h"
#include "wire/stun.h"

namespace transport {

inline constexpr std::size_t kMaxPaths = 8;
inline constexpr auto kOldCredentials = base::Duration::seconds(30);  // after a restart
inline constexpr auto kNominationBurst = base::Duration::seconds(2);  // see IceLite::nominate
inline constexpr auto kNominatedStale = base::Duration::seconds(3);   // see there
inline constexpr std::uint32_t kRefusalsPerSecond = 10;               // answers to checks that prove nothing

enum class StunOutcome : std::uint8_t { ignored, authenticated, unauthenticated, malformed };

class IceLite {
 public:
  explicit IceLite(IceCredentials local) : local_(std::move(local)) {}

  // RFC 8445 section 9: the old ones stay good until the new ones have nominated a path, 30 s at most.
  void restart(IceCredentials local, base::Now now);
  [[nodiscard]] const IceCredentials& local() const { return local_; }

  [[nodiscard]] StunOutcome handle(base::Now now, base::Bytes datagram, const Outlet& out);
  [[nodiscard]] bool knows(const base::Path& path) const;
  void forget(const base::Path& path);  // a TCP connection has gone
  // Where to send: the nominated path, before any nomination the one that last showed a check; empty before that.
  [[nodiscard]] const std::optional<base::Path>& path() const { return sending_; }
  // Moment of the last check that held: consent, as far as a lite agent sees it.
  [[nodiscard]] base::Instant last_check() const { return last_check_; }

 private:
  struct Known {
    base::Path path;
    base::Instant last_check{};
    std::uint32_t priority = 0;
    bool nominated = false;
  };
  [[nodiscard]] const IceCredentials* addressed(std::string_view username, base::Instant now) const;
  void refuse(base::Now now, const wire::StunMessage& request, std::uint16_t code, const Outlet& out);
  void accept(base::Now now, const wire::StunMessage& request, const base::Path& path);
  void nominate(Known& candidate, base::Instant now);
  void choose_anew();
  [[nodiscard]] Known* find(const base::Path& path);
  [[nodiscard]] Known& remember(const base::Path& path);

  IceCredentials local_;
  std::optional<IceCredentials> old_;
  base::Instant old_until_{};
  std::vector<Known> paths_;
  SeenChecks seen_;
  std::optional<base::Path> sending_;
  bool selected_ = false;  // sending_ was nominated
  base::Instant first_nomination_{};
  base::Instant last_check_{};
  std::uint32_t refusals_left_ = kRefusalsPerSecond;
  base::Instant refusals_since_{};
};

}  // namespace transport
