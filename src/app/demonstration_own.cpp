// SPDX-License-Identifier: Apache-2.0
// See demonstration_own.h.
#include "app/demonstration_own.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "app/demonstration.h"
#include "care/link_routes.h"
#include "care/person_table.h"

namespace app {
namespace {

constexpr std::int64_t kHowMany = 2;

std::vector<DemonstrationOwn> read_last(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return base::json::read<std::vector<DemonstrationOwn>>(text, base::json::Mode::tolerant).value_or(std::vector<DemonstrationOwn>{});
}

// Members of the group whose session is on, in the order of their seats.
std::vector<care::MembershipId> members_now(store::Transaction& tx, base::WallTime now) {
  auto rows = tx.query("SELECT m.id FROM membership m WHERE m.state = 'joined' AND m.group_id IN (SELECT s.group_id FROM session s WHERE s.state = 'planned' "
                       "AND s.starts_us <= $1 AND s.ends_us > $1) ORDER BY m.group_id, m.seat LIMIT $2", now, kHowMany);
  std::vector<care::MembershipId> out;
  while (rows.next()) out.push_back(rows.id<care::MembershipId>(0));
  return out;
}

}  // namespace

std::vector<DemonstrationOwn> prepare_demonstration_own(store::Pool& pool, const store::KeyRing& keys, base::Entropy& entropy, const std::string& file,
                                                        base::WallTime now) {
  auto links = read_last(file);
  const auto tx = pool.write();
  const bool known = !links.empty() && std::ranges::all_of(links, [&](const DemonstrationOwn& one) {
    return care::find_link(*tx, keys, care::hash_secret(one.link), now).has_value();
  });
  if (known) return links;
  links.clear();
  for (const auto& membership : members_now(*tx, now)) {
    const auto holder = care::load_holder(*tx, keys, membership, {}, now);
    if (!holder) continue;
    const care::Identity who = care::load_identity(*tx, keys, holder->person);
    const auto secret = care::new_secret(entropy);
    (void)care::make_link(*tx, entropy, *holder, care::hash_secret(secret.get()), now);
    links.push_back({.name = who.preferred_name.get().empty() ? who.legal_name.get() : who.preferred_name.get(),
                     .birth_date = holder->known.birth_date.get(),
                     .postcode = holder->known.postcode.get(),
                     .link = secret.get()});
  }
  if (!tx->commit()) throw std::runtime_error("demonstration: the database did not take the links of members");
  write_private(file, base::json::write(links) + "\n");
  return links;
}

}  // namespace app
