// SPDX-License-Identifier: Apache-2.0
#include "app/api_document.h"

#include <gtest/gtest.h>

#include <array>

#include "base/json.h"

namespace {

using namespace std::string_view_literals;

TEST(ApiDocument, puts_fragments_together_and_refuses_what_is_said_twice) {
  constexpr std::array kTwo{R"({"openapi":"3.1.0","paths":{"/a":{"get":{}}},"components":{"schemas":{"A":{}}}})"sv,
                            R"({"paths":{"/a":{"put":{}},"/b":{"get":{}}},"components":{"schemas":{"B":{}}}})"sv};
  const auto whole = base::json::parse(app::api_document(kTwo), {});
  ASSERT_TRUE(whole);
  const auto& paths = whole->at("paths").as_object();
  EXPECT_EQ(paths.size(), 2U);
  EXPECT_EQ(paths.at("/a").as_object().size(), 2U);
  EXPECT_EQ(whole->at("components").at("schemas").as_object().size(), 2U);
  constexpr std::array kPath{kTwo[0], R"({"paths":{"/a":{"get":{}}}})"sv}, kSchema{kTwo[0], R"({"components":{"schemas":{"A":{}}}})"sv};
  EXPECT_THROW((void)app::api_document(kPath), std::runtime_error);
  EXPECT_THROW((void)app::api_document(kSchema), std::runtime_error);
}

TEST(ApiDocument, of_this_program_is_whole) {
  const auto whole = base::json::parse(app::api_document(app::api_fragments()), {.bytes = std::size_t{4} << 20, .depth = 64});
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->at("openapi").as_string(), "3.1.0");
  http::Site site{{}, nullptr};
  app::add_api_document_route(site);
  http::Request r;
  r.method = http::Method::get;
  r.target = *http::parse_target("/api/openapi.json");
  const auto answer = site.handle(std::move(r), {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text(), app::api_document(app::api_fragments()));
}

}  // namespace
