// SPDX-License-Identifier: Apache-2.0
// See agreement.h.
#include "care/agreement.h"

namespace care {
namespace {

constexpr std::size_t kMostPoint = 400;
constexpr std::size_t kMostWhole = 7'400;  // as JSON: a message of the room carries 8 KiB

std::string trimmed(const std::string& text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

}  // namespace

base::Result<AgreementText, FieldFaults> decide_agreement(AgreementText wanted, const std::optional<Agreement>& before) {
  FieldFaults faults;
  wanted.title = trimmed(wanted.title);
  wanted.changed = trimmed(wanted.changed);
  if (wanted.title.empty()) faults.push_back({"/title", "missing", "Give the agreement a title"});
  for (auto& point : wanted.points) point = trimmed(point);
  for (auto& point : wanted.easy) point.words = trimmed(point.words);
  std::erase_if(wanted.points, [](const std::string& p) { return p.empty(); });
  std::erase_if(wanted.easy, [](const EasyPoint& p) { return p.words.empty(); });
  if (wanted.points.empty()) faults.push_back({"/points", "missing", "Write at least one point"});
  if (wanted.easy.empty()) faults.push_back({"/easy", "missing", "Write it in Easy Read, too: at least one sentence"});
  for (std::size_t i = 0; i < wanted.points.size(); ++i)
    if (wanted.points[i].size() > kMostPoint)
      faults.push_back({"/points/" + std::to_string(i), "out-of-bounds", "This point is too long. Two short points are easier to keep"});
  if (base::json::write(wanted).size() > kMostWhole)
    faults.push_back({"/points", "too-large", "The agreement is too long to be shown in a session. Leave some points out"});
  if (before && wanted.changed.empty()) faults.push_back({"/changed", "missing", "Say what is new, in a sentence"});
  if (before && wanted.title == before->text.title && wanted.points == before->text.points && wanted.easy == before->text.easy)
    faults.push_back({"/points", "unchanged", "Nothing has changed since the last version"});
  if (!faults.empty()) return std::unexpected(std::move(faults));
  return wanted;
}

base::Result<AgreementText, FieldFaults> decide_agreement_template(AgreementText wanted) {
  wanted.changed.clear();  // nothing was before it
  return decide_agreement(std::move(wanted), std::nullopt);
}

bool is_to_be_asked(const std::optional<Agreement>& current, std::optional<std::int64_t> accepted) {
  return current && (!accepted || *accepted < current->number);
}

}  // namespace care
