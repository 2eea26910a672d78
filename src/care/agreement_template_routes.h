// SPDX-License-Identifier: Apache-2.0
// /api/trust/agreement: the trust's template of an agreement, in plain language and in Easy Read, which a group's first version begins
// with; read and changed by administrators. Not here: a group's own agreement (agreement_routes.h). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_agreement_template_routes(http::Site& site, Desk& desk);

}  // namespace care
