// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace base::json {
namespace {

enum class Colour : std::uint8_t { red, blue };
constexpr auto json_names(Colour) { return std::array<Names<Colour>, 2>{{{Colour::red, "red"}, {Colour::blue, "blue"}}}; }

struct Part {
  std::uint8_t size = 0;
  Colour colour = Colour::red;
  static constexpr auto fields() { return std::tuple{field("size", &Part::size), field("colour", &Part::colour)}; }
  bool operator==(const Part&) const = default;
};
struct Whole {
  std::string name;
  std::vector<Part> parts;
  std::optional<bool> old;
  Nullable<std::int32_t> place;
  static constexpr auto fields() {
    return std::tuple{field("name", &Whole::name, {.least = 1, .most = 8}), field("parts", &Whole::parts, {.least = 0, .most = 3}),
                      field("old", &Whole::old), field("place", &Whole::place)};
  }
  bool operator==(const Whole&) const = default;
};

std::vector<std::string> problems_of(std::string_view text, Mode mode = Mode::strict, Limits limits = {}) {
  std::vector<std::string> out;
  const auto read_in = read<Whole>(text, mode, limits);
  if (!read_in)
    for (const Problem& p : read_in.error()) out.push_back(p.pointer.get() + ": " + std::string(to_string(p.fault)));
  return out;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Json, a_struct_comes_back_as_it_was_written) {
  const Whole whole{.name = "a", .parts = {{3, Colour::blue}}, .old = true, .place = {}};
  EXPECT_EQ(write(whole), R"({"name":"a","parts":[{"size":3,"colour":"blue"}],"old":true,"place":null})");
  EXPECT_EQ(read<Whole>(write(whole), Mode::strict), whole);
}

TEST(Json, every_problem_is_reported_with_its_pointer) {
  EXPECT_THAT(problems_of(R"({"name":"","parts":[{"size":256,"colour":"green"},7,{"colour":"red","x/~y":1}],"old":"no","z":0})"),
              ElementsAre("/name: out of bounds", "/parts/0/size: out of bounds", "/parts/0/colour: unknown value",
                          "/parts/1: wrong type", "/parts/2/size: missing", "/parts/2/x~1~0y: unknown field",
                          "/old: wrong type", "/place: missing", "/z: unknown field"));
}

TEST(Json, tolerant_reading_skips_what_it_does_not_know_and_nothing_else) {
  EXPECT_THAT(problems_of(R"({"name":"a","parts":[],"place":1,"new":{}})", Mode::tolerant), IsEmpty());
  EXPECT_THAT(problems_of(R"({"name":"a","parts":[],"place":1.5,"new":{}})", Mode::tolerant),
              ElementsAre("/place: wrong type"));
}

TEST(Json, limits_stop_what_is_too_large_or_too_deep) {
  EXPECT_THAT(problems_of(R"({"name":"a"})", Mode::strict, {.bytes = 4}), ElementsAre(": too large"));
  EXPECT_THAT(problems_of(std::string(100, '['), Mode::strict, {.depth = 8}), ElementsAre(": not JSON"));
  EXPECT_THAT(problems_of(std::string(8, '[') + std::string(8, ']'), Mode::strict, {.depth = 8}), ElementsAre(": wrong type"));
  EXPECT_THAT(problems_of(std::string(9, '[') + std::string(9, ']'), Mode::strict, {.depth = 8}), ElementsAre(": not JSON"));
}

TEST(Json, what_is_not_json_is_refused_without_an_exception) {
  for (const std::string_view text : {"", " ", "{", "{}}", "nul", "\"\xff\"", "{\"a\":1e}", "\x00"})
    EXPECT_THAT(problems_of(text), ElementsAre(": not JSON")) << text;
}

TEST(Json, a_problem_prints_no_key_that_a_stranger_chose) {
  const auto bad = read<Whole>(R"({"Robin":1})", Mode::strict);
  ASSERT_FALSE(bad);
  EXPECT_EQ(fmt::format("{}", bad.error().back().pointer), "[redacted]");
}

TEST(Json, no_more_than_the_most_problems_are_kept) {
  std::string text = "{";
  for (int i = 0; i < 200; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  text.back() = '}';
  EXPECT_EQ(problems_of(text).size(), kMostProblems);
}

TEST(Json, whole_numbers_are_written_without_a_fraction) {
  EXPECT_EQ(print(Codec<double>::write(81'234)), "81234");
  EXPECT_EQ(print(Codec<double>::write(-2)), "-2");
  EXPECT_EQ(print(Codec<double>::write(0.5)), "5E-1");
}

}  // namespace
}  // namespace base::json
