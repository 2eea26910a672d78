// SPDX-License-Identifier: Apache-2.0
// See doorkeeper_routes.h.
#include "identity/doorkeeper_routes.h"

#include "care/link_table.h"

namespace identity {
namespace {

constexpr std::string_view kVisit = "Visit ";

care::OrAnswer<care::Actor> visitor(Office& office, std::string_view secret, base::Now now) {
  const auto hash = hash_of_secret(secret);
  if (!hash) return std::unexpected(sign_in_wanted());
  const auto t = office.pool.read();
  auto actor = care::visitor_of(*t, *hash, now.wall);
  if (!t->ok()) return std::unexpected(care::answer_of(*t->error()));
  if (!actor) return std::unexpected(sign_in_wanted());
  return std::move(*actor);
}

care::OrAnswer<care::Actor> staff(Office& office, const http::Request& request, base::Now now) {
  care::Actor actor;
  Holder holder;
  {
    const auto t = office.pool.read();
    holder = holder_of(*t, request, now.wall, office.settings.times);
    if (holder.state == SignInState::open) actor = actor_of(*t, holder.sign_in.staff, now.wall);
    if (!t->ok()) return std::unexpected(care::answer_of(*t->error()));
  }
  if (holder.state == SignInState::locked) return std::unexpected(locked());
  if (holder.state != SignInState::open) return std::unexpected(sign_in_wanted());
  if (note_seen(holder.sign_in, now.wall) && request.header("Quietroom-Background").empty()) {
    const auto t = office.pool.write();
    seen(*t, holder.sign_in.id, now.wall);
    (void)t->commit();  // busy or full: it is noted the next time
  }
  actor.sign_in = holder.sign_in.id.text;
  return actor;
}

}  // namespace

care::Doorkeeper make_doorkeeper(Office& office) {
  return [&office](const http::Request& request, base::Now now) -> care::OrAnswer<care::Actor> {
    const std::string_view authorization = request.header("Authorization");
    if (authorization.starts_with(kVisit)) return visitor(office, authorization.substr(kVisit.size()), now);
    return staff(office, request, now);
  };
}

}  // namespace identity
