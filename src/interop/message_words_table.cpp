// SPDX-License-Identifier: Apache-2.0
// See message_words_table.h.
#include "interop/message_words_table.h"

namespace interop {
namespace {

constexpr std::int64_t kMostVersions = 20;

std::optional<ChosenWords> approved_words(store::Transaction& tx, const WordsKey& key) {
  const KeptWords kept = load_words(tx, key);
  if (key.language == "en" ? kept.own : kept.own && kept.approved) return ChosenWords{kept.words, key.language, true};
  return std::nullopt;
}

}  // namespace

KeptWords load_words(store::Transaction& tx, const WordsKey& key) {
  auto rows = tx.query("SELECT subject, body, sms, approved_us, version FROM message_words WHERE team = $1 AND kind = $2 AND language = $3 AND form = $4",
                       key.team, base::json::name_of(key.kind), key.language, base::json::name_of(key.form));
  if (rows.next()) return {{rows.text(0), rows.text(1), rows.text(2)}, true, !rows.null(3), rows.integer(4)};
  return {default_words(key.kind, key.language, key.form), false, key.language == "en", 0};
}

bool save_words(store::Transaction& tx, base::Entropy& entropy, const WordsKey& key, std::int64_t version, const Words& w, bool approved,
                const care::StaffId& by, base::WallTime now) {
  const auto approved_at = approved ? std::optional(now) : std::nullopt;
  const auto approved_by = approved ? std::optional(by) : std::nullopt;
  if (version > 0) {
    if (tx.run("UPDATE message_words SET version = version + 1, subject = $5, body = $6, sms = $7, approved_us = $8, approved_by = $9 WHERE team = $1 AND "
               "kind = $2 AND language = $3 AND form = $4 AND version = $10", key.team, base::json::name_of(key.kind), key.language,
               base::json::name_of(key.form), w.subject, w.body, w.sms, approved_at, approved_by, version) != 1)
      return false;
  } else {
    tx.run("INSERT INTO message_words (id, version, team, kind, language, form, subject, body, sms, approved_us, approved_by) VALUES ($1, 1, $2, $3, $4, $5, "
           "$6, $7, $8, $9, $10)", base::new_uuid(entropy, now), key.team, base::json::name_of(key.kind), key.language, base::json::name_of(key.form),
           w.subject, w.body, w.sms, approved_at, approved_by);
  }
  tx.run("INSERT INTO message_words_version (words, version, subject, body, sms, approved, saved_us, saved_by) SELECT id, version, subject, body, sms, $5, $6, "
         "$7 FROM message_words WHERE team = $1 AND kind = $2 AND language = $3 AND form = $4", key.team, base::json::name_of(key.kind), key.language,
         base::json::name_of(key.form), approved, now, by);
  return true;
}

std::vector<WordsVersion> versions_of(store::Transaction& tx, const WordsKey& key) {
  std::vector<WordsVersion> out;
  auto rows = tx.query("SELECT v.version, v.saved_us, s.name, v.subject, v.body, v.sms, v.approved FROM message_words_version v JOIN message_words w ON "
                       "w.id = v.words LEFT JOIN staff s ON s.id = v.saved_by WHERE w.team = $1 AND w.kind = $2 AND w.language = $3 AND w.form = $4 "
                       "ORDER BY v.version DESC LIMIT $5", key.team, base::json::name_of(key.kind), key.language, base::json::name_of(key.form), kMostVersions);
  while (rows.next())
    out.push_back({rows.integer(0), care::iso_text(rows.time(1)), rows.maybe_text(2).value_or(""), {rows.text(3), rows.text(4), rows.text(5)}, rows.flag(6)});
  return out;
}

ChosenWords words_for(store::Transaction& tx, const care::TeamId& team, Kind kind, std::string_view language, Form form) {
  const std::string spoken(words_language(language));
  const auto in = [&](std::string_view of, Form f) { return approved_words(tx, {team, kind, std::string(of), f}); };
  // The language before the form: a sentence that is understood before one that is short.
  if (form == Form::easy_read)
    if (auto own = in(spoken, Form::easy_read)) return *own;
  if (spoken == "cy")
    if (auto welsh = in("cy", Form::standard)) return *welsh;
  if (form == Form::easy_read) return in("en", Form::easy_read).value_or(ChosenWords{default_words(kind, "en", Form::easy_read), "en", false});
  return in("en", Form::standard).value_or(ChosenWords{default_words(kind, "en"), "en", false});
}

std::vector<std::string> names_of_team(store::Transaction& tx, const care::TeamId& team) {
  std::vector<std::string> out;
  auto groups = tx.query("SELECT name, programme FROM therapy_group WHERE team = $1", team);
  while (groups.next()) out.insert(out.end(), {groups.text(0), groups.text(1)});
  auto service = tx.query("SELECT v.name FROM team t JOIN service v ON v.id = t.service WHERE t.id = $1", team);
  if (service.next()) out.push_back(service.text(0));
  return out;
}

}  // namespace interop
