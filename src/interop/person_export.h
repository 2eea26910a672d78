// SPDX-License-Identifier: Apache-2.0
// A copy of everything of one person, as files that they can read: a page per area, the same as JSON, and a first page that leads
// through them (UK GDPR articles 12 and 15). Names of others from their groups that somebody wrote into a free text are masked. Not
// here: reading the database (person_export_table), who may (person_export_routes), the archive (zip_file). Pure; any thread.
#pragma once
#include <boost/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "base/instant.h"
#include "interop/zip_file.h"

namespace interop {

struct Area {
  std::string name;   // "groups": of the files
  std::string title;  // "Your groups"
  std::string words;  // what this is
  boost::json::value content;
  bool masked = true;  // false: what they told of themselves
};

// Names and the like of people that the reader is not; and of the reader, which are never masked.
struct Others {
  std::vector<std::string> names;  // whole names and each word of them, aliases, numbers, addresses
};
// Every name out of `text`, where it stands as words of its own, with the same letters.
[[nodiscard]] std::string masked(std::string_view text, const Others& others);
// The words of names that stand for others, without what is the person's own.
[[nodiscard]] Others others_of(const std::vector<std::string>& whole_names, const std::vector<std::string>& own_names);

struct Letterhead {
  std::string trust, zone;
  base::WallTime made;
};
[[nodiscard]] std::vector<FileInZip> files_of(std::vector<Area> areas, const Others& others, const Letterhead& head);

// Every table with something of a person in it: the area that its rows are in, or why they are in none.
struct TableExported {
  std::string_view table, area, left_out;
};
[[nodiscard]] std::span<const TableExported> tables_exported();
// Sealed columns of those tables that are not the person's to have.
struct ColumnLeftOut {
  std::string_view column, because;
};
[[nodiscard]] std::span<const ColumnLeftOut> columns_left_out();

}  // namespace interop
