// SPDX-License-Identifier: Apache-2.0
// The SQL of kinds that go by age: what is older than $1 and not held, how to count it and how to delete it. Not here: when
// (retention_table), records of people and groups (record_removal_table). Texts only.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "care/retention.h"

namespace care {

struct OlderSql {
  Kept kind;
  std::string_view data;  // the row of docs/access.md that an audit row names
  std::string count;      // of what is older than $1
  std::vector<std::string> remove;
};
// Every kind with How::older but audit, whose chain has a rule of its own (store/audit_trail).
[[nodiscard]] std::span<const OlderSql> older_sql();

}  // namespace care
