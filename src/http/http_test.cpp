// SPDX-License-Identifier: Apache-2.0
// Targets, routes, files and headers, without sockets.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "http/site.h"
#include "http/static_files.h"

namespace {

namespace fs = std::filesystem;

TEST(Target, is_decoded_where_it_means_one_thing) {
  const auto t = http::parse_target("/caf%C3%A9/x?a=1&b=two+words%21&flag&=v");
  ASSERT_TRUE(t);
  EXPECT_EQ(t->path, "/café/x");
  const std::vector<std::pair<std::string, std::string>> query{{"a", "1"}, {"b", "two words!"}, {"flag", ""}, {"", "v"}};
  EXPECT_EQ(t->query, query);
}

TEST(Target, is_refused_where_it_means_two) {
  for (const std::string text : {"", "x", "*", "http://a/", "//a/b", "/a/../b", "/..", "/a/.", "/%2e%2e/x", "/a%2fb", "/a%5cb",
                                 "/a\\b", "/%", "/%4", "/%zz", "/%00", "/%0a", "/%7f", "/a#b", "/%c3", "/%c0%af",
                                 "/%ed%a0%80", "/a%252fb", "/?x=%ff"})
    EXPECT_FALSE(http::parse_target(text)) << text;
  EXPECT_EQ(http::parse_target("/" + std::string(3'000, 'a')).error(), base::ParseError::too_large);
  std::string many = "/?";
  for (int i = 0; i < 40; ++i) many += "a=b&";
  EXPECT_EQ(http::parse_target(many).error(), base::ParseError::too_large);
}

TEST(Pattern, matches_whole_segments) {
  std::vector<std::string> v;
  EXPECT_TRUE(http::matches("/api/rooms/{room}", "/api/rooms/7", v));
  EXPECT_EQ(v, std::vector<std::string>{"7"});
  EXPECT_FALSE(http::matches("/api/rooms/{room}", "/api/rooms/", v));
  EXPECT_FALSE(http::matches("/api/rooms/{room}", "/api/rooms/7/8", v));
  EXPECT_FALSE(http::matches("/api/rooms", "/api/roomsx", v));
  EXPECT_TRUE(http::matches("/", "/", v));
}

class SiteTest : public testing::Test {
 protected:
  SiteTest() : root_(fs::temp_directory_path() / ("quietroom-http-" + std::to_string(::getpid()))) {
    fs::create_directories(root_ / "assets");
    write("index.html", "<!doctype html>");
    write("assets/app-C3Vb9_aQ.js", "let x = 1;");
    write("assets/app-C3Vb9_aQ.js.gz", "zipped");
    write("assets/app-C3Vb9_aQ.js.br", "br");
    write(".secret", "hidden");
    fs::create_symlink("/etc/passwd", root_ / "link.txt");
    files_ = std::make_unique<http::StaticFiles>(root_);
    site_ = std::make_unique<http::Site>(http::SitePolicy{.tls = true, .page_paths = {"/join"}, .allowed_origins = {}}, files_.get());
    site_->add(http::Route{.method = http::Method::post,
                           .pattern = "/api/x",
                           .max_body = 4,
                           .handler = [](const http::Request&, base::Now) { return http::json("{}"); }});
    site_->add(http::Route{.method = http::Method::get,
                           .pattern = "/metrics",
                           .permission = http::Permission::this_machine,
                           .handler = [](const http::Request&, base::Now) { return http::plain(200, "m"); }});
  }
  ~SiteTest() override { fs::remove_all(root_); }
  void write(const std::string& name, const std::string& text) { std::ofstream(root_ / name) << text; }
  http::Response ask(http::Method method, const std::string& path, std::vector<http::Header> headers = {}, bool loopback = true) {
    http::Request r;
    r.method = method;
    r.target.path = path;
    r.headers = std::move(headers);
    r.loopback = loopback;
    return site_->handle(std::move(r), {});
  }
  http::Response get(const std::string& path, std::vector<http::Header> headers = {}) {
    return ask(http::Method::get, path, std::move(headers));
  }
  fs::path root_;
  std::unique_ptr<http::StaticFiles> files_;
  std::unique_ptr<http::Site> site_;
};

TEST_F(SiteTest, pages_get_the_client_and_unknown_paths_do_not) {
  EXPECT_EQ(get("/").text(), "<!doctype html>");
  EXPECT_EQ(get("/join").text(), "<!doctype html>");
  EXPECT_EQ(get("/index.html").header("Cache-Control"), "no-cache");
  EXPECT_EQ(get("/nothing").status, 404);
  EXPECT_EQ(get("/nothing").header("Content-Type"), "application/problem+json");
  EXPECT_EQ(get("/api/nothing").status, 404);
}

TEST_F(SiteTest, hidden_files_folders_and_links_out_are_not_there) {
  for (const char* path : {"/.secret", "/link.txt", "/assets", "/assets/", "/assets//app-C3Vb9_aQ.js", "/./index.html"})
    EXPECT_EQ(get(path).status, 404) << path;
}

TEST_F(SiteTest, hashed_files_are_kept_for_a_year_and_packed_for_those_who_take_it) {
  const std::string path = "/assets/app-C3Vb9_aQ.js";
  EXPECT_EQ(get(path).header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get(path).text(), "let x = 1;");
  EXPECT_EQ(get(path, {{"Accept-Encoding", "gzip, deflate"}}).text(), "zipped");
  EXPECT_EQ(get(path, {{"accept-encoding", "gzip, br"}}).header("Content-Encoding"), "br");
  EXPECT_EQ(get(path, {{"Accept-Encoding", "br;q=0"}}).text(), "let x = 1;");
  EXPECT_EQ(get(path).header("Vary"), "Accept-Encoding");
}

TEST_F(SiteTest, a_known_file_is_not_sent_again_until_it_changes) {
  const std::string tag(get("/index.html").header("ETag"));
  EXPECT_EQ(get("/index.html", {{"If-None-Match", "\"x\", " + tag}}).status, 304);
  write("index.html", "<!doctype html><p>");
  EXPECT_EQ(get("/index.html", {{"If-None-Match", tag}}).status, 200);
}

TEST_F(SiteTest, head_has_the_length_and_no_body) {
  const auto r = ask(http::Method::head, "/index.html");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.header("Content-Length"), "15");
  EXPECT_EQ(r.body, nullptr);
}

TEST_F(SiteTest, the_wrong_method_is_told_the_right_one) {
  const auto r = get("/api/x");
  EXPECT_EQ(r.status, 405);
  EXPECT_EQ(r.header("Allow"), "POST");
  EXPECT_EQ(ask(http::Method::post, "/index.html").status, 405);
}

TEST_F(SiteTest, other_sites_may_not_post) {
  EXPECT_EQ(ask(http::Method::post, "/api/x", {{"Origin", "https://evil.example"}, {"Host", "a"}}).status, 403);
  EXPECT_EQ(ask(http::Method::post, "/api/x", {{"Origin", "http://a"}, {"Host", "a"}}).status, 200);
}

TEST_F(SiteTest, what_is_for_this_machine_is_hidden_from_others_proxies_and_borrowed_names) {
  EXPECT_EQ(get("/metrics", {{"Host", "localhost:8080"}}).status, 200);
  EXPECT_EQ(get("/metrics", {{"Host", "[::1]:8080"}}).status, 200);
  EXPECT_EQ(get("/metrics", {{"Host", "evil.example"}}).status, 404);
  EXPECT_EQ(get("/metrics", {{"Host", "localhost"}, {"X-Forwarded-For", "192.0.2.1"}}).status, 404);
  EXPECT_EQ(ask(http::Method::get, "/metrics", {{"Host", "localhost"}}, false).status, 404);
}

TEST_F(SiteTest, every_answer_names_no_other_host) {
  for (const char* path : {"/", "/nothing", "/api/x"}) {
    const auto r = get(path);
    const std::string policy(r.header("Content-Security-Policy"));
    EXPECT_TRUE(policy.starts_with("default-src 'self';"));
    EXPECT_EQ(policy.find("http"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe-inline"), std::string::npos);
    EXPECT_EQ(r.header("Strict-Transport-Security"), "max-age=31536000");
  }
}

TEST(HashedName, is_told_from_a_word) {
  EXPECT_TRUE(http::has_hashed_name("/assets/index-C3Vb9_aQ.js"));
  EXPECT_FALSE(http::has_hashed_name("/assets/index.js"));
  EXPECT_FALSE(http::has_hashed_name("/assets/nhsuk-frontend.css"));
  EXPECT_FALSE(http::has_hashed_name("/a-b12345678/index.js"));
}

}  // namespace
