// SPDX-License-Identifier: Apache-2.0
// The tables message_words and message_words_version: a team's own words of a message, a language and a form, with every version
// that was saved. Not here: what words may be (message.h check_words), filling them in. One thread a transaction.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/entropy.h"
#include "care/access.h"
#include "interop/message.h"
#include "store/transaction.h"

namespace interop {

struct WordsKey {
  care::TeamId team;
  Kind kind = Kind::invitation;
  std::string language = "en";  // "en" or "cy"
  Form form = Form::standard;
};
struct KeptWords {
  Words words;
  bool own = false, approved = false;  // not own: the program's
  std::int64_t version = 0;
};
[[nodiscard]] KeptWords load_words(store::Transaction& tx, const WordsKey& key);
// False: somebody else has changed it since `version`.
[[nodiscard]] bool save_words(store::Transaction& tx, base::Entropy& entropy, const WordsKey& key, std::int64_t version, const Words& words,
                              bool approved, const care::StaffId& by, base::WallTime now);

struct WordsVersion {
  std::int64_t version = 0;
  std::string savedAt, savedBy;
  Words words;
  bool approved = false;
};
// The latest first, twenty at most.
[[nodiscard]] std::vector<WordsVersion> versions_of(store::Transaction& tx, const WordsKey& key);

// The words that go out, and the language that they are in: the team's, else the program's. Easy Read where somebody reads it and
// there is one in their language; Welsh only once a person of the team has approved it, else English.
struct ChosenWords {
  Words words;
  std::string language;
  bool own = false;  // staff wrote them
};
[[nodiscard]] ChosenWords words_for(store::Transaction& tx, const care::TeamId& team, Kind kind, std::string_view language, Form form);
// The names that no words of the team may hold: of its groups, their programmes, and its service.
[[nodiscard]] std::vector<std::string> names_of_team(store::Transaction& tx, const care::TeamId& team);

}  // namespace interop
