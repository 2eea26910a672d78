// SPDX-License-Identifier: Apache-2.0
// A copy of one person's record: all of theirs, nothing of anybody else's, on both databases; and who may make it.
#include <archive.h>
#include <archive_entry.h>

#include <set>

#include "care/group_for_tests.h"
#include "care/person_routes.h"
#include "care/whole_record_for_tests.h"
#include "interop/person_export_routes.h"
#include "interop/person_export_table.h"

namespace {

using namespace care;

std::map<std::string, std::string> unzipped(const std::string& zip) {
  std::map<std::string, std::string> out;
  const std::unique_ptr<archive, int (*)(archive*)> in(archive_read_new(), archive_read_free);
  archive_read_support_format_zip(in.get());
  EXPECT_EQ(archive_read_open_memory(in.get(), zip.data(), zip.size()), ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(in.get(), &entry) == ARCHIVE_OK) {
    std::string& text = out[archive_entry_pathname(entry)];
    char buffer[4'096];
    for (la_ssize_t n = 0; (n = archive_read_data(in.get(), buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  }
  return out;
}

TEST(PersonExport, a_zip_gives_back_what_was_put_in) {
  const auto zip = interop::zip_of({{"read.html", base::Redacted<std::string>("<p>Grüße</p>")}, {"data/a.json", base::Redacted<std::string>("{}")}}, {1'000'000});
  ASSERT_TRUE(zip);
  EXPECT_EQ(unzipped(zip->get()), (std::map<std::string, std::string>{{"read.html", "<p>Grüße</p>"}, {"data/a.json", "{}"}}));
}

TEST(PersonExport, names_of_others_are_masked_and_the_person_s_own_are_not) {
  const auto others = interop::others_of({"Rowan Birch", "Will", "rowan@example.org", "Al"}, {"Robin Birch"});
  EXPECT_EQ(interop::masked("Rowan Birch and rowan birch wrote", others), "[somebody else] and [somebody else] wrote");
  EXPECT_EQ(interop::masked("Rowan said it; Rowanberry did not. Robin Birch heard.", others), "[somebody else] said it; Rowanberry did not. Robin Birch heard.");
  EXPECT_EQ(interop::masked("You will see Will.", others), "You will see [somebody else].");
  EXPECT_EQ(interop::masked("To ROWAN@example.org, Also", others), "To [somebody else], Also");
  EXPECT_EQ(interop::masked("", others), "");
}

class PersonCopy : public TrustForTests {
 protected:
  void SetUp() override {
    TrustForTests::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    auto t = pool().write();
    at = plant_group(*t, keys, entropy, team(1), staff(1), now);
    for (const auto& [word, seat] : {std::pair("Amber", 2), std::pair("Birch", 3)}) {
      at.seat = seat;
      records.push_back(Planter(*t, keys, entropy, word, at, now).plant());
    }
    ASSERT_TRUE(t->commit());
  }
  std::map<std::string, std::string> copy_of(const PersonId& id) {
    auto t = pool().read();
    const auto zip = interop::export_person(*t, keys, id, now);
    EXPECT_TRUE(zip && t->ok());
    return zip ? unzipped(zip->get()) : std::map<std::string, std::string>{};
  }
  static bool left_out(const std::string& column) {
    return std::ranges::any_of(interop::columns_left_out(), [&](const auto& c) { return c.column == column; });
  }
  static std::string all_of(const std::map<std::string, std::string>& files, std::string_view ending) {
    std::string out;
    for (const auto& [name, text] : files)
      if (name.ends_with(ending)) out += text;
    return out;
  }
  WhereToPlant at;
  std::vector<WholeRecord> records;
};
QUIETROOM_ON_BOTH_DATABASES(PersonCopy);

TEST_P(PersonCopy, holds_all_of_theirs_and_nothing_of_the_other_s) {
  const auto files = copy_of(records[0].id);
  ASSERT_GT(files.size(), 20U);
  const std::string pages = all_of(files, ".html"), data = all_of(files, ".json");
  int theirs = 0;
  for (const auto& p : records[0].planted) {
    const bool wanted = !left_out(p.column);
    EXPECT_EQ(pages.contains(p.text), wanted) << p.column << " " << p.text << " in the pages";
    EXPECT_EQ(data.contains(p.text), wanted) << p.column << " " << p.text << " in the data";
    theirs += wanted ? 1 : 0;
  }
  EXPECT_GT(theirs, 25);
  for (const auto& [name, text] : files) {
    EXPECT_FALSE(text.contains("Birch")) << name << " holds something of the other";
    for (const std::string& id : {records[1].id.text, records[1].membership.text, records[1].supporter.text}) EXPECT_FALSE(text.contains(id)) << name;
    EXPECT_FALSE(text.contains("secretAmber")) << name << " holds a link";
    EXPECT_FALSE(text.contains("Ambertosupporter")) << name << " holds what was sent to somebody else";
  }
}

TEST_P(PersonCopy, masks_the_other_s_names_where_staff_wrote_them_down) {
  {
    auto t = pool().write();
    const std::string note = base::new_uuid(entropy, now);
    t->run("INSERT INTO reason_note (id, person, note_sealed, made_us) VALUES ($1, $2, $3, $4)", note, records[0].id,
           keys.seal({"reason_note.note"}, note, Personal("Sat beside Birchpersonlegalnamesealedfirst, called Birchmembershipaliassealed; birchpersonlegalnamesealedfirst birchpersonlegalnamesealedlast.")), now);
    ASSERT_TRUE(t->commit());
  }
  const auto files = copy_of(records[0].id);
  EXPECT_TRUE(files.at("data/opened.json").contains("Sat beside [somebody else], called [somebody else]; [somebody else]."));
}

TEST_P(PersonCopy, of_somebody_unknown_is_none) {
  auto t = pool().read();
  EXPECT_FALSE(interop::export_person(*t, keys, PersonId{uuid_for_tests(99, 1)}, now));
}

// The plan of the copy against the tables as they are: a new table or sealed column of a person fails here until it is covered.
TEST_P(PersonCopy, every_table_and_sealed_column_of_a_person_is_in_the_copy_or_left_out_with_a_reason) {
  if (GetParam() != store::Dialect::sqlite) GTEST_SKIP() << "the same tables on both: read from SQLite's catalogue";
  auto t = pool().read();
  std::vector<std::string> tables;
  {
    auto rows = t->query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name");
    while (rows.next()) tables.push_back(rows.text(0));
  }
  const std::set<std::string, std::less<>> telling{"person", "membership", "supporter", "attendance", "holder", "link"};
  std::set<std::string, std::less<>> of_a_person{"person", "retention_notice"};  // the latter's subject may be one
  for (bool more = true; more;) {
    more = false;
    for (const auto& table : tables) {
      if (of_a_person.contains(table)) continue;
      bool is = false;
      auto keys_to = t->query("SELECT \"table\" FROM pragma_foreign_key_list($1)", table);
      while (keys_to.next()) is = is || of_a_person.contains(keys_to.text(0));
      auto columns = t->query("SELECT name FROM pragma_table_info($1)", table);
      while (columns.next()) is = is || telling.contains(columns.text(0));
      if (is) more = of_a_person.insert(table).second;
    }
  }
  std::set<std::string, std::less<>> covered;
  for (const auto& e : interop::tables_exported()) {
    EXPECT_TRUE(covered.insert(std::string(e.table)).second) << e.table;
    EXPECT_NE(e.area.empty(), e.left_out.empty()) << e.table << ": an area, or a reason, and not both";
  }
  EXPECT_EQ(of_a_person, covered) << "give each new table an area or a reason (interop/person_export.cpp), and plant it (care/whole_record_for_tests.h)";
  std::set<std::string, std::less<>> planted;
  for (const auto& p : records[0].planted) planted.insert(p.column);
  for (const auto& e : interop::tables_exported()) {
    if (!e.left_out.empty()) continue;  // no code reads it for the copy
    auto columns = t->query("SELECT name FROM pragma_table_info($1) WHERE name LIKE '%\\_sealed' ESCAPE '\\'", e.table);
    while (columns.next()) {
      const std::string column = std::string(e.table) + "." + columns.text(0);
      EXPECT_TRUE(planted.contains(column)) << column << ": plant it (care/whole_record_for_tests.h), so that the copy is searched for it";
    }
  }
}

TEST_P(PersonCopy, every_area_is_a_page_and_data_and_the_first_page_leads_to_it) {
  const auto files = copy_of(records[0].id);
  const std::string& first = files.at("read-me-first.html");
  std::set<std::string_view> areas;
  for (const auto& e : interop::tables_exported())
    if (!e.area.empty()) areas.insert(e.area);
  for (const auto area : areas) {
    EXPECT_TRUE(first.contains("href=\"" + std::string(area) + ".html\"")) << area;
    EXPECT_TRUE(files.contains(std::string(area) + ".html")) << area;
    ASSERT_TRUE(files.contains("data/" + std::string(area) + ".json")) << area;
    boost::system::error_code error;
    (void)boost::json::parse(files.at("data/" + std::string(area) + ".json"), error);
    EXPECT_FALSE(error) << area;
  }
}

class PersonCopyRoute : public PersonCopy {
 protected:
  void SetUp() override {
    PersonCopy::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    desk = std::make_unique<Desk>(pool(), keys, entropy, [this](const http::Request&, base::Now) -> OrAnswer<Actor> { return actor(); });
    interop::add_person_export_routes(own_site, *desk);
  }
  http::Response ask(int as, std::vector<http::Header> headers) {
    who = as;
    http::Request r;
    r.method = http::Method::post;
    r.target = *http::parse_target("/api/people/" + records[0].id.text + "/export");
    r.headers = std::move(headers);
    return own_site.handle(std::move(r), {{now.us}, now});
  }
  http::Site own_site{{}, nullptr};
  std::unique_ptr<Desk> desk;
};
QUIETROOM_ON_BOTH_DATABASES(PersonCopyRoute);

TEST_P(PersonCopyRoute, the_lead_of_the_team_makes_it_with_a_reason_which_stands_on_record) {
  const std::vector<http::Header> reason{{"Quietroom-Reason", "they-asked"}, {"Quietroom-Reason-Note", "A%20letter%20of%203%20May"}};
  const auto answer = ask(4, reason);
  ASSERT_EQ(answer.status, 200) << answer.text();
  EXPECT_EQ(answer.header("Content-Type"), "application/zip");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_TRUE(unzipped(std::string(answer.text())).contains("read-me-first.html"));
  auto t = pool().read();
  auto rows = t->query("SELECT a.actor, a.reason, n.note_sealed, n.id FROM audit a JOIN reason_note n ON n.id = a.note WHERE a.action = 'export' AND a.person = $1", records[0].id);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(0), staff(4).text);
  EXPECT_EQ(rows.text(1), "they-asked");
  EXPECT_EQ(keys.open(*t, {"reason_note.note"}, rows.text(3), rows.bytes(2)).get(), "A letter of 3 May");
}

TEST_P(PersonCopyRoute, nobody_else_does_and_nobody_without_a_reason) {
  const std::vector<http::Header> reason{{"Quietroom-Reason", "they-asked"}, {"Quietroom-Reason-Note", "A%20letter"}};
  for (const int other : {1, 2, 3, 5, 6, 7, 8, 9, 10}) {
    const int status = ask(other, reason).status;
    EXPECT_TRUE(status == 403 || status == 404) << other << ": " << status;
  }
  EXPECT_EQ(ask(4, {}).status, 403);
  EXPECT_EQ(ask(4, {{"Quietroom-Reason", "they-asked"}}).status, 422) << "in their own words, too";
  EXPECT_EQ(ask(4, {{"Quietroom-Reason", "curious"}, {"Quietroom-Reason-Note", "x"}}).status, 422);
  auto t = pool().read();
  EXPECT_FALSE(t->query("SELECT 1 FROM audit WHERE action = 'export'").next());
}

}  // namespace
