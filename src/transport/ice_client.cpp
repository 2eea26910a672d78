// SPDX-License-Identifier: Apache-2.0
// The controlling full agent: see ice_client.h.
#include "transport/ice_client.h"

#include <algorithm>

#include "crypto/hmac.h"

namespace transport {
namespace {

// RFC 8445 section 5.1.2.1: host over UDP, component 1. The server's view of us would be peer-reflexive (110).
constexpr std::uint32_t priority_of(base::Carrier carrier, std::size_t index) {
  const std::uint32_t preference =
      (carrier == base::Carrier::udp ? 65'535U : 32'767U) - static_cast<std::uint32_t>(index & 0xff);
  return (110U << 24) | (preference << 8) | 255U;
}
constexpr std::size_t kMaxOpen = 64;
constexpr auto kConsentAnswerWait = base::Duration::seconds(5);
constexpr auto kNextRound = base::Duration::seconds(2);  // all candidates failed: try them all again

}  // namespace

IceClient::IceClient(IceCredentials local, base::Entropy& entropy)
    : local_(std::move(local)), entropy_(entropy), tie_breaker_(entropy.u64()) {}

void IceClient::set_remote(IceCredentials remote, const std::vector<base::Path>& candidates, base::Now now) {
  remote_ = std::move(remote);
  candidates_.clear();
  for (const auto& path : candidates) candidates_.push_back({.path = path});
  open_.clear();
  nominated_ = searching_ = false;
  unanswered_since_ = base::Instant::never();
  next_check_ = now.instant;
}

bool IceClient::any_waiting() const { return std::ranges::any_of(candidates_, &Candidate::waiting); }

std::size_t IceClient::index_of(const base::Path& path) const {
  return static_cast<std::size_t>(std::ranges::find(candidates_, path, &Candidate::path) - candidates_.begin());
}

// The path in use stays known after a restart, until another one takes over.
bool IceClient::knows(const base::Path& path) const {
  if (sending_ == path) return true;
  return std::ranges::any_of(candidates_, [&](const Candidate& c) { return c.valid && c.path == path; });
}

void IceClient::forget(const base::Path& path, base::Now now) {
  std::erase_if(candidates_, [&](const Candidate& c) { return c.path == path; });
  std::erase_if(open_, [&](const Transaction& t) { return t.path == path; });
  if (sending_ != path) return;
  sending_.reset();
  nominated_ = searching_ = false;
  check_all_again(now.instant);
}

void IceClient::check_all_again(base::Instant from) {
  for (auto& c : candidates_) c.waiting = true;
  next_check_ = candidates_.empty() ? base::Instant::never() : from;
}

// RFC 7675 section 5.1: 5 s times a random factor between 0.8 and 1.2.
base::Duration IceClient::consent_interval() {
  return base::Duration::millis(kConsentInterval.millis() * (800 + entropy_.u32() % 401) / 1'000);
}

void IceClient::check(base::Now now, const base::Path& path, bool use_candidate, bool repeated,
                      base::DatagramSink& sink, std::uint32_t flow) {
  if (open_.size() >= kMaxOpen) open_.erase(open_.begin());
  Transaction t;
  entropy_.fill(t.id);
  t.path = path;
  t.use_candidate = use_candidate;
  t.repeated = repeated;
  t.first_sent = now.instant;
  t.due = now.instant + (repeated ? t.wait : kConsentAnswerWait);
  write(t, sink, flow);
  open_.push_back(t);
}

void IceClient::write(const Transaction& t, base::DatagramSink& sink, std::uint32_t flow) {
  wire::StunMessage request;
  request.transaction = t.id;
  const std::string username = remote_->ufrag + ":" + local_.ufrag;
  request.username = username;
  request.priority = priority_of(t.path.carrier, index_of(t.path));
  request.use_candidate = t.use_candidate;
  request.ice_controlling = tie_breaker_;
  std::uint8_t* room = sink.reserve(flow, t.path, wire::kMaxStunSize, base::Precedence::control);
  sink.commit(
      wire::write_stun(request, base::as_bytes(remote_->pwd.get()), crypto::hmac_sha1, {room, wire::kMaxStunSize}));
}

StunOutcome IceClient::handle(base::Now now, const base::Path& from, base::Bytes datagram, base::DatagramSink& sink,
                              std::uint32_t flow) {
  const auto answer = wire::parse_stun(datagram);
  if (!answer) return StunOutcome::malformed;
  if (answer->kind != wire::StunClass::success && answer->kind != wire::StunClass::error) return StunOutcome::ignored;
  const auto it = std::ranges::find(open_, answer->transaction, &Transaction::id);
  // RFC 8445 section 7.2.5.2.1: the answer comes from where the check went.
  if (it == open_.end() || it->path != from) return StunOutcome::ignored;
  if (!wire::stun_integrity_holds(*answer, base::as_bytes(remote_->pwd.get()), crypto::hmac_sha1))
    return StunOutcome::unauthenticated;
  const Transaction transaction = *it;
  open_.erase(it);
  if (answer->kind == wire::StunClass::success) answered(now, transaction, sink, flow);
  return StunOutcome::authenticated;
}

void IceClient::answered(base::Now now, const Transaction& t, base::DatagramSink& sink, std::uint32_t flow) {
  last_answer_ = now.instant;
  if (t.sends == 1) {  // otherwise it is not clear which of them was answered
    const auto sample = now.instant - t.first_sent;
    round_trip_ = round_trip_ ? (*round_trip_ * 3 + sample) / 4 : sample;
  }
  if (const auto i = index_of(t.path); i < candidates_.size()) candidates_[i].valid = true;
  if (sending_ == t.path) unanswered_since_ = base::Instant::never();
  if (t.use_candidate) {
    nominated_ = true;
    searching_ = false;
    unanswered_since_ = base::Instant::never();
    sending_ = t.path;
    for (auto& c : candidates_) c.waiting = false;
    next_check_ = base::Instant::never();
    std::erase_if(open_, [](const Transaction& o) { return o.repeated; });
    next_consent_ = now.instant + consent_interval();
    return;
  }
  // RFC 8445 section 12.1: data may flow on a valid pair before nomination, which follows at once.
  if (!sending_) sending_ = t.path;
  const bool nominating =
      std::ranges::any_of(open_, [](const Transaction& o) { return o.use_candidate && o.repeated; });
  if (!nominating && (!nominated_ || searching_)) check(now, t.path, true, true, sink, flow);
}

void IceClient::on_timer(base::Now now, base::DatagramSink& sink, std::uint32_t flow) {
  if (!remote_) return;
  repeat_checks(now, sink, flow);
  if (now.instant >= next_check_) check_next_candidate(now, sink, flow);
  if (now.instant >= next_consent_) check_consent(now, sink, flow);
}

// RFC 8489 section 6.2.1, with two numbers of our own (ice_client.h).
void IceClient::repeat_checks(base::Now now, base::DatagramSink& sink, std::uint32_t flow) {
  for (auto& t : open_) {
    if (now.instant < t.due || !t.repeated || t.sends >= kMaxSends) continue;
    ++t.sends;
    t.wait = std::min(t.wait * 2, kLongestRetry);
    t.due = now.instant + t.wait;
    write(t, sink, flow);
  }
  std::erase_if(open_,
                [&](const Transaction& t) { return now.instant >= t.due && (!t.repeated || t.sends >= kMaxSends); });
  const bool checking = std::ranges::any_of(open_, &Transaction::repeated);
  if (!checking && (!nominated_ || searching_) && !any_waiting() && next_check_.is_never())
    check_all_again(now.instant + kNextRound);
}

void IceClient::check_next_candidate(base::Now now, base::DatagramSink& sink, std::uint32_t flow) {
  const auto it = std::ranges::find_if(candidates_, &Candidate::waiting);
  if (it != candidates_.end()) {
    it->waiting = false;
    check(now, it->path, false, true, sink, flow);
  }
  next_check_ = any_waiting() ? now.instant + kCheckPacing : base::Instant::never();
}

// Each check of the path in use nominates it again, so that a server that sees us from a new address follows (our NAT
// moved).
void IceClient::check_consent(base::Now now, base::DatagramSink& sink, std::uint32_t flow) {
  if (!sending_ || !nominated_) {
    next_consent_ = base::Instant::never();
    return;
  }
  if (unanswered_since_.is_never()) unanswered_since_ = now.instant;
  check(now, *sending_, true, false, sink, flow);
  next_consent_ = now.instant + kConsentRetry;
  // Silence on this path: look for another one.
  const bool idle = std::ranges::none_of(open_, &Transaction::repeated) && next_check_.is_never();
  if (now.instant - unanswered_since_ >= kConsentAnswerWait && idle && !searching_) {
    searching_ = true;
    check_all_again(now.instant);
  }
}

base::Instant IceClient::next_timeout() const {
  if (!remote_) return base::Instant::never();
  base::Instant next = std::min(next_check_, next_consent_);
  for (const auto& t : open_) next = std::min(next, t.due);
  return next;
}

}  // namespace transport
