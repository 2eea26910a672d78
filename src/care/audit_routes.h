// SPDX-License-Identifier: Apache-2.0
// GET /api/audit: the audit trail as administrators (everything: it holds no personal values), safety officers (safety's data) and
// members (who opened my record) see it. Looking is itself audited. Not here: SQL (audit_table), the chain (store). Any thread.
#pragma once
#include "care/desk_routes.h"

namespace care {

void add_audit_routes(http::Site& site, Desk& desk);

}  // namespace care
