// SPDX-License-Identifier: Apache-2.0
// The full ICE agent of a synthetic person, controlling, toward a lite server: RFC 8445 sections 7.2 and 8.1.1, STUN
// retransmission RFC 8489 section 6.2.1, consent RFC 7675. Candidates are the server's; our own are whatever they see
// us from. Not here: gathering, TURN, answering checks (a lite server sends none), roles other than controlling.
// Invariant: a path is known only by an answer from it to a check of ours whose MESSAGE-INTEGRITY held. One thread.
#pragma once
#include <optional>
#include <vector>

#include "base/instant.h"
#include "transport/ice_lite.h"

namespace transport {

inline constexpr auto kCheckPacing = base::Duration::millis(50);   // Ta, RFC 8445 section 14.2
inline constexpr auto kFirstRetry = base::Duration::millis(500);   // RTO, RFC 8489 section 6.2.1
inline constexpr auto kLongestRetry = base::Duration::seconds(1);  // ours: Rm doubles on, which costs 15 s at 30% loss
inline constexpr unsigned kMaxSends = 15;                          // ours for Rc, to try as long
inline constexpr auto kConsentInterval = base::Duration::seconds(5);  // RFC 7675 section 5.1, times 0.8 to 1.2
inline constexpr auto kConsentRetry = base::Duration::seconds(1);     // ours: while an answer is missing

class IceClient {
 public:
  IceClient(IceCredentials local, base::Entropy& entropy);

  // Checks begin. Again, with other credentials (a restart) or other candidates, they begin anew; the path in use stays
  // until another is nominated.
  void set_remote(IceCredentials remote, const std::vector<base::Path>& candidates, base::Now now);
  void restart(IceCredentials local) { local_ = std::move(local); }
  [[nodiscard]] const IceCredentials& local() const { return local_; }

  [[nodiscard]] StunOutcome handle(base::Now now, const base::Path& from, base::Bytes datagram,
                                   base::DatagramSink& sink, std::uint32_t flow);
  void on_timer(base::Now now, base::DatagramSink& sink, std::uint32_t flow);
  [[nodiscard]] base::Instant next_timeout() const;
  [[nodiscard]] bool knows(const base::Path& path) const;
  void forget(const base::Path& path, base::Now now);
  [[nodiscard]] const std::optional<base::Path>& path() const { return sending_; }
  [[nodiscard]] base::Instant last_answer() const { return last_answer_; }
  [[nodiscard]] std::optional<base::Duration> round_trip() const { return round_trip_; }

 private:
  struct Candidate {
    base::Path path;
    bool waiting = true;  // to be checked
    bool valid = false;
  };
  struct Transaction {
    wire::StunTransaction id{};
    base::Path path;
    bool use_candidate = false;
    bool repeated = true;  // false: a consent check, which is not sent again (RFC 7675 section 5.1)
    unsigned sends = 1;
    base::Instant first_sent{};
    base::Instant due{};
    base::Duration wait = kFirstRetry;
  };
  void check(base::Now now, const base::Path& path, bool use_candidate, bool repeated, base::DatagramSink& sink,
             std::uint32_t flow);
  void write(const Transaction& transaction, base::DatagramSink& sink, std::uint32_t flow);
  void answered(base::Now now, const Transaction& transaction, base::DatagramSink& sink, std::uint32_t flow);
  void repeat_checks(base::Now now, base::DatagramSink& sink, std::uint32_t flow);
  void check_next_candidate(base::Now now, base::DatagramSink& sink, std::uint32_t flow);
  void check_consent(base::Now now, base::DatagramSink& sink, std::uint32_t flow);
  void check_all_again(base::Instant from);
  [[nodiscard]] bool any_waiting() const;
  [[nodiscard]] std::size_t index_of(const base::Path& path) const;  // candidates_.size() where it is none
  [[nodiscard]] base::Duration consent_interval();

  IceCredentials local_;
  std::optional<IceCredentials> remote_;
  base::Entropy& entropy_;
  std::uint64_t tie_breaker_;
  std::vector<Candidate> candidates_;
  std::vector<Transaction> open_;
  std::optional<base::Path> sending_;
  bool nominated_ = false;  // since the last set_remote
  bool searching_ = false;  // the path in use is silent; any other that answers is taken
  base::Instant next_check_ = base::Instant::never();
  base::Instant next_consent_ = base::Instant::never();
  base::Instant last_answer_{};
  base::Instant unanswered_since_ = base::Instant::never();
  std::optional<base::Duration> round_trip_;
};

}  // namespace transport
