// SPDX-License-Identifier: Apache-2.0
// The lite agent: see ice_lite.h. RFC 8445 sections 7.3 and 8.1; STUN RFC 8489 section 9.1.
#include "transport/ice_lite.h"

#include <algorithm>

#include "crypto/hmac.h"

namespace transport {
namespace {

base::Bytes key_of(const IceCredentials& credentials) { return base::as_bytes(credentials.pwd.get()); }

void send_stun(const wire::StunMessage& message, base::Bytes key, const Outlet& out) {
  std::uint8_t* room = out.sink.reserve(out.flow, out.path, wire::kMaxStunSize, base::Precedence::control);
  out.sink.commit(wire::write_stun(message, key, crypto::hmac_sha1, {room, wire::kMaxStunSize}));
}

wire::StunMessage answer_to(const wire::StunMessage& request, wire::StunClass kind) {
  wire::StunMessage answer;
  answer.kind = kind;
  answer.transaction = request.transaction;
  return answer;
}

std::string_view reason_of(std::uint16_t code) {
  switch (code) {
    case 400:
      return "Bad Request";
    case 420:
      return "Unknown Attribute";
    case 487:
      return "Role Conflict";
    default:
      return "Unauthenticated";
  }
}

}  // namespace

void IceLite::restart(IceCredentials local, base::Now now) {
  old_ = std::move(local_);
  local_ = std::move(local);
  old_until_ = now.instant + kOldCredentials;
}

// USERNAME is "our ufrag:theirs" (RFC 8445 section 7.2.2).
const IceCredentials* IceLite::addressed(std::string_view username, base::Instant now) const {
  const auto ours = username.substr(0, username.find(':'));
  if (ours == local_.ufrag) return &local_;
  if (old_ && now < old_until_ && ours == old_->ufrag) return &*old_;
  return nullptr;
}

StunOutcome IceLite::handle(base::Now now, base::Bytes datagram, const Outlet& out) {
  const auto request = wire::parse_stun(datagram);
  if (!request) return StunOutcome::malformed;
  // We ask nothing, so answers are not for us; indications keep a NAT open and prove nothing.
  if (request->kind != wire::StunClass::request || request->method != wire::kStunBinding) return StunOutcome::ignored;
  if (!request->has_fingerprint) return StunOutcome::malformed;  // RFC 8445 section 7.2.2: every check has one
  if (!request->username || request->integrity.empty()) {        // RFC 8489 section 9.1.3
    refuse(now, *request, 400, out);
    return StunOutcome::unauthenticated;
  }
  const IceCredentials* credentials = addressed(*request->username, now.instant);
  if (credentials == nullptr || !wire::stun_integrity_holds(*request, key_of(*credentials), crypto::hmac_sha1)) {
    refuse(now, *request, 401, out);
    return StunOutcome::unauthenticated;
  }
  // Overheard and sent again from elsewhere it would lead this person's media there. Said again on a path that it may have proved, it was
  // only answered late, or somebody plays it: it is answered, and has had its effect.
  const bool again = seen_.contains(request->transaction);
  if (again && !knows(out.path)) return StunOutcome::ignored;
  if (!request->not_understood.empty() || request->ice_controlled) {
    // RFC 8489 section 6.3.1; RFC 8445 section 7.3.1.1: a lite agent stays controlled.
    auto answer = answer_to(*request, wire::StunClass::error);
    const std::uint16_t code = request->not_understood.empty() ? 487 : 420;
    answer.error = wire::StunError{code, reason_of(code)};
    answer.unknown_attributes = request->not_understood;
    send_stun(answer, key_of(*credentials), out);
    return StunOutcome::authenticated;
  }
  auto answer = answer_to(*request, wire::StunClass::success);
  answer.xor_mapped_address = out.path.remote;
  send_stun(answer, key_of(*credentials), out);
  if (again) return StunOutcome::ignored;
  seen_.add(request->transaction);
  const bool with_new = credentials == &local_;
  accept(now, *request, out.path);
  if (with_new && request->use_candidate) old_.reset();
  return StunOutcome::authenticated;
}

// An error answer without integrity, bounded: anyone can make us send these.
void IceLite::refuse(base::Now now, const wire::StunMessage& request, std::uint16_t code, const Outlet& out) {
  if (now.instant - refusals_since_ >= base::Duration::seconds(1)) {
    refusals_since_ = now.instant;
    refusals_left_ = kRefusalsPerSecond;
  }
  if (refusals_left_ == 0) return;
  --refusals_left_;
  auto answer = answer_to(request, wire::StunClass::error);
  answer.error = wire::StunError{code, reason_of(code)};
  send_stun(answer, {}, out);
}

void IceLite::accept(base::Now now, const wire::StunMessage& request, const base::Path& path) {
  Known& known = remember(path);
  known.last_check = last_check_ = now.instant;
  known.priority = request.priority.value_or(0);
  if (request.use_candidate) {
    nominate(known, now.instant);
  } else {
    known.nominated = false;
    if (!selected_) sending_ = path;
  }
}

// RFC 8445 section 8.1.1 has one nomination; what arrives differs. Browsers toward a lite agent put USE-CANDIDATE on
// each check of the path they use now, so a path that newly has it is where they went: the latest wins. An aggressive
// agent (RFC 5245 section 8.1.1.2) puts it on all of its first checks: within two seconds of the first, the higher
// priority wins. A path given up, or without a check for three seconds, yields to any nominated one.
void IceLite::nominate(Known& candidate, base::Instant now) {
  const bool newly = !candidate.nominated;
  candidate.nominated = true;
  const Known* current = selected_ && sending_ ? find(*sending_) : nullptr;
  if (current == &candidate) return;
  if (current == nullptr) {
    first_nomination_ = now;
  } else {
    const bool burst = now - first_nomination_ < kNominationBurst && current->priority > candidate.priority;
    const bool given_up = !current->nominated || now - current->last_check > kNominatedStale;
    if (!given_up && (!newly || burst)) return;
  }
  selected_ = true;
  sending_ = candidate.path;
}

IceLite::Known* IceLite::find(const base::Path& path) {
  const auto it = std::ranges::find(paths_, path, &Known::path);
  return it == paths_.end() ? nullptr : &*it;
}

bool IceLite::knows(const base::Path& path) const {
  return std::ranges::find(paths_, path, &Known::path) != paths_.end();
}

IceLite::Known& IceLite::remember(const base::Path& path) {
  if (Known* known = find(path)) return *known;
  if (paths_.size() < kMaxPaths) return paths_.emplace_back(Known{.path = path});
  // The one unheard for longest makes room, the one in use excepted.
  const auto age = [this](const Known& k) { return sending_ == k.path ? base::Instant::never() : k.last_check; };
  auto oldest = std::ranges::min_element(paths_, {}, age);
  *oldest = Known{.path = path};
  return *oldest;
}

void IceLite::forget(const base::Path& path) {
  std::erase_if(paths_, [&](const Known& k) { return k.path == path; });
  if (sending_ == path) choose_anew();
}

void IceLite::choose_anew() {
  const auto better = [](const Known& a, const Known& b) {
    return std::pair(a.nominated, a.last_check) < std::pair(b.nominated, b.last_check);
  };
  const auto best = std::ranges::max_element(paths_, better);
  sending_ = best == paths_.end() ? std::nullopt : std::optional(best->path);
  selected_ = best != paths_.end() && best->nominated;
}

}  // namespace transport
