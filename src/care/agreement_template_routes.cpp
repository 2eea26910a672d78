// SPDX-License-Identifier: Apache-2.0
// See agreement_template_routes.h.
#include "care/agreement_template_routes.h"

#include "care/agreement_table.h"
#include "care/group_routes.h"
#include "care/team_settings_routes.h"
#include "care/team_settings_table.h"

namespace care {
namespace {

struct TemplateAnswer {
  base::json::Nullable<AgreementText> text;  // null: the trust has none
  static constexpr auto fields() { return std::tuple{base::json::field("text", &TemplateAnswer::text)}; }
};

http::Response answer(Call& call) {
  return versioned(base::json::write(TemplateAnswer{{agreement_template(call.tx)}}), load_trust(call.tx).version);
}

http::Response show(Call& call) {
  const TrustRow trust = load_trust(call.tx);
  if (const auto open = open_trust_settings(call, Access::read, {"trust", trust.id.text, {}}); !open) return open.error();
  return answer(call);
}

http::Response change(Call& call) {
  const TrustRow trust = load_trust(call.tx);
  if (const auto open = open_trust_settings(call, Access::write, {"trust", trust.id.text, {}}); !open) return open.error();
  auto wanted = call.body<AgreementText>();
  if (!wanted) return wanted.error();
  if (const auto same = call.match(trust.version); !same) return same.error();
  if (trust.id.empty()) return http::problem(409, "no-trust", "Give the trust its name first");
  const auto text = decide_agreement_template(std::move(*wanted));
  if (!text) return unprocessable(text.error());
  if (!save_agreement_template(call.tx, trust.id, trust.version, *text)) return changed_since();
  return answer(call);
}

}  // namespace

void add_agreement_template_routes(http::Site& site, Desk& desk) {
  desk.add(site, care::ServiceRoute{.method = http::Method::get, .pattern = "/api/trust/agreement", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::read, .audit = http::Audit::read_group, .max_body = 0, .handler = show});
  desk.add(site, care::ServiceRoute{.method = http::Method::put, .pattern = "/api/trust/agreement", .permission = http::Permission::staff,
                                    .data = Data::settings, .access = Access::write, .audit = http::Audit::change, .max_body = 32 * 1'024,
                                    .handler = change});
}

}  // namespace care
