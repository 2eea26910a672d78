// SPDX-License-Identifier: Apache-2.0
// See visit_table.h.
#include "app/visit_table.h"

#include <array>
#include <optional>

#include "care/zone.h"
#include "crypto/base64url.h"

namespace app {
namespace {

template <class T>
std::optional<std::int64_t> maybe(const std::optional<T>& value) {
  return value ? std::optional(static_cast<std::int64_t>(*value)) : std::nullopt;
}

std::optional<std::string_view> to_text(const std::optional<media::Reached>& reached) {
  if (!reached) return std::nullopt;
  switch (*reached) {
    case media::Reached::offered: return "offered";
    case media::Reached::answered: return "answered";
    case media::Reached::checked: return "checked";
    case media::Reached::secured: break;
  }
  return "secured";
}

}  // namespace

void save_visit(store::Transaction& tx, base::Entropy& entropy, const care::SessionId& session, const call::VisitFigures& f) {
  std::array<std::uint8_t, 16> random{};
  entropy.fill(random);
  const auto& pictures = f.pictures_seconds;
  tx.run("INSERT INTO call_visit (id, session, seconds, present_seconds, joined_ms, interruptions, interrupted_seconds, full_seconds, reduced_seconds, "
         "stills_seconds, none_seconds, thinned_seconds, lost_in_ppm, lost_out_ppm, round_trip_ms, worst_round_trip_ms, bytes_in, bytes_out, reached) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
         crypto::to_base64url(random), session, std::int64_t{f.seconds}, std::int64_t{f.present_seconds}, maybe(f.joined_ms), std::int64_t{f.interruptions},
         std::int64_t{f.interrupted_seconds}, std::int64_t{pictures[0]}, std::int64_t{pictures[1]}, std::int64_t{pictures[2]}, std::int64_t{pictures[3]},
         std::int64_t{f.thinned_seconds}, std::int64_t{f.lost_in_ppm}, std::int64_t{f.lost_out_ppm}, maybe(f.round_trip_ms), maybe(f.worst_round_trip_ms),
         static_cast<std::int64_t>(f.bytes_in), static_cast<std::int64_t>(f.bytes_out), to_text(f.reached));
}

std::string_view to_text(Closed why) {
  switch (why) {
    case Closed::unknown: return "unknown";
    case Closed::not_now: return "not-now";
    case Closed::ended: break;
  }
  return "ended";
}

void Refusals::note(Closed why) {
  const std::lock_guard lock(mutex_);
  ++counted_[why];
}

base::Result<void, store::StoreError> Refusals::write(store::Pool& pool, base::WallTime now) {
  std::map<Closed, std::int64_t> counted;
  {
    const std::lock_guard lock(mutex_);
    counted.swap(counted_);
  }
  if (counted.empty()) return {};
  auto tx = pool.write();
  const std::string day = care::iso_text(now).substr(0, 10);
  for (const auto& [why, count] : counted)
    tx->run("INSERT INTO call_refusal (day, reason, count) VALUES ($1, $2, $3) ON CONFLICT (day, reason) DO UPDATE SET count = call_refusal.count + $3", day,
            to_text(why), count);
  auto done = tx->commit();
  if (!done) {
    const std::lock_guard lock(mutex_);
    for (const auto& [why, count] : counted) counted_[why] += count;
  }
  return done;
}

}  // namespace app
