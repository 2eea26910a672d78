// SPDX-License-Identifier: Apache-2.0
// Settings, log lines, link frames and admission as values.
#include <gtest/gtest.h>
#include <unistd.h>

#include "app/admission_table.h"
#include "store/schema.h"
#include "app/call_link.h"
#include "app/call_socket.h"
#include "app/configuration.h"
#include "app/demonstration.h"
#include "app/log.h"
#include "app/turn_relay.h"
#include "net/runtime.h"

#include <condition_variable>
#include <fstream>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <set>

namespace {

using base::Redacted;

// -- configuration -------------------------------------------------------------------------------------------------------
TEST(Configuration, flags_win_over_the_environment_and_that_over_the_file) {
  app::ConfigurationSources s;
  s.file_name = "q.toml";
  s.file_text = "data = '/file'\n[http]\nport = 1\n[media]\nport = 1\nadvertise = ['192.0.2.1', '2001:db8::1']\n";
  s.environment = {{"QUIETROOM_HTTP_PORT", "2"}, {"QUIETROOM_MEDIA_PORT", "2"}};
  s.flags = {{"media.port", "3"}};
  const auto c = app::read_configuration(s);
  ASSERT_TRUE(c);
  EXPECT_EQ(c->data, "/file");
  EXPECT_EQ(c->http.port, 2);
  EXPECT_EQ(c->media.port, 3);
  EXPECT_EQ(c->media.advertise, (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
}

TEST(Configuration, every_error_is_told_at_once_with_its_place) {
  app::ConfigurationSources s;
  s.file_name = "q.toml";
  s.file_text = "[http]\nport = 'x'\nprot = 1\ncertificate = 'a.pem'\n[log]\nlevel = 'loud'\n[media]\nlisten = 'all'\n";
  s.environment = {{"QUIETROOM_ROOM_PEOPLE", "1"}, {"QUIETROOM_HTTP_PROT", "1"}};
  s.flags = {{"media.listen", "localhost"}};
  const auto c = app::read_configuration(s);
  ASSERT_FALSE(c);
  std::set<std::string> places;
  for (const auto& e : c.error()) places.insert(e.place + " " + e.text.substr(0, e.text.find(' ')));
  EXPECT_EQ(places, (std::set<std::string>{"q.toml:2 http.port", "q.toml:3 http.prot", "q.toml:6 log.level",
                                           "q.toml:8 media.listen", "QUIETROOM_ROOM_PEOPLE room.people",
                                           "QUIETROOM_HTTP_PROT is", "--media-listen media.listen",
                                           "q.toml http.certificate"}));
}

TEST(Configuration, a_file_that_is_no_toml_says_its_line) {
  app::ConfigurationSources s;
  s.file_name = "q.toml";
  s.file_text = "data = 1\n= =\n";
  const auto c = app::read_configuration(s);
  ASSERT_FALSE(c);
  EXPECT_EQ(c.error().front().place, "q.toml:2");
  s.file_text = "data = \"x\"\n[?log]\n";  // a key that begins as none does
  const auto key = app::read_configuration(s);
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().front().place, "q.toml:2");
  s.file_text = "data \u00e9 = 1\n";  // a letter that is near a space in Unicode
  const auto letter = app::read_configuration(s);
  ASSERT_FALSE(letter);
  EXPECT_EQ(letter.error().front().place, "q.toml:1");
}

TEST(Configuration, plain_http_beyond_loopback_must_be_asked_for) {
  app::ConfigurationSources s;
  s.flags = {{"http.listen", "0.0.0.0"}};
  EXPECT_FALSE(app::read_configuration(s));
  s.flags["http.plain_beyond_loopback"] = "true";
  EXPECT_TRUE(app::read_configuration(s));
}

TEST(Configuration, a_relay_is_a_name_that_speaks_tls) {
  const app::TurnServer at_443{.host = "turn.example.org", .port = 443};
  EXPECT_EQ(app::read_turn_uri("turns:turn.example.org:443"), at_443);
  EXPECT_EQ(app::read_turn_uri("turns:turn.example.org:443?transport=tcp"), at_443);
  EXPECT_EQ(app::read_turn_uri("turns:turn.example.org")->port, 5'349) << "RFC 7065 section 3.2";
  EXPECT_EQ(app::uri_of(at_443), "turns:turn.example.org:443?transport=tcp");
  for (const char* wrong : {"", "turns:", "turns::443", "turn:turn.example.org:443", "https://turn.example.org", "turns:turn.example.org:443?transport=udp", "turns:10.0.0.1:443",
                            "turns:turn.example.org:0", "turns:turn.example.org:70000", "turns:turn.example.org:44x", "turns:turn.example.org:", "turns:turn example.org", "turns:a\nb"})
    EXPECT_FALSE(app::read_turn_uri(wrong)) << wrong;
  app::ConfigurationSources s;
  s.flags = {{"media.turn", "turns:10.0.0.1:443"}};
  EXPECT_FALSE(app::read_configuration(s));
}

TEST(Configuration, the_commented_example_shows_every_setting_and_is_valid) {
  std::ifstream in(std::string(QUIETROOM_SOURCE_DIR) + "/config/quietroom.toml");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  ASSERT_FALSE(text.empty());
  app::ConfigurationSources s;
  s.file_name = "quietroom.toml";
  for (std::size_t at = 0; (at = text.find("\n#: ", at)) != std::string::npos;) text.erase(at + 1, 3);  // settings shown off
  s.file_text = text;
  const auto c = app::read_configuration(s);
  std::string errors;
  if (!c)
    for (const auto& e : c.error()) errors += e.place + ": " + e.text + "\n";
  EXPECT_TRUE(c) << errors;
  for (const auto& setting : app::settings()) {
    const auto dot = setting.key.rfind('.');
    const std::string name(dot == std::string_view::npos ? setting.key : setting.key.substr(dot + 1));
    EXPECT_NE(text.find("\n" + name + " = "), std::string::npos) << setting.key;
  }
}

// -- log -----------------------------------------------------------------------------------------------------------------
TEST(Log, lines_are_json_or_key_and_value) {
  const std::int64_t at = 1'763'863'200'123'456;
  EXPECT_EQ(app::log_line(app::LogFormat::json, at, "serve", app::LogLevel::info, "listening", {{"port", 8080}, {"ok", true}, {"how", "well"}}),
            R"({"at":"2025-11-23T02:00:00.123Z","level":"info","process":"serve","event":"listening","port":8080,"ok":true,"how":"well"})");
  EXPECT_EQ(app::log_line(app::LogFormat::text, at, "call", app::LogLevel::error, "gone", {{"n", -1}}),
            "2025-11-23T02:00:00.123Z error call gone n=-1");
  // What came from outside has no way in: neither event nor value takes a text made at run time.
  static_assert(!std::is_constructible_v<app::Field, app::Literal, std::string>);
  static_assert(!std::is_constructible_v<app::Literal, std::string>);
}

// -- call link -----------------------------------------------------------------------------------------------------------
std::vector<std::vector<std::uint8_t>> every_frame() {
  call::Attach attach{.connection = {0x0102030405060708}, .room = {9}, .admission = {.seat = {4}, .role = call::Role::supporter, .permissions = {.admit = true, .moderate = false, .enter = true, .publish_screen = false}, .encrypted = false}, .resume = Redacted<std::string>("token"), .keep = true};
  std::vector<std::vector<std::uint8_t>> out;
  for (const app::LinkToCall& m : {app::LinkToCall{attach}, app::LinkToCall{call::ClientText{{1}, Redacted<std::string>("{}")}}, app::LinkToCall{call::Detach{{1}}}, app::LinkToCall{call::PutOut{{1}, {2}}}, app::LinkToCall{call::Stop{}}, app::LinkToCall{call::UseRelay{"turns:turn.example.org:443", Redacted<std::string>("secret")}}, app::LinkToCall{app::AskFigures{}}})
    out.push_back(app::encode(m));
  const call::VisitEnded visit{.room = {9}, .figures = {.seconds = 70, .present_seconds = 60, .joined_ms = 240, .reached = media::Reached::checked, .interruptions = 1, .interrupted_seconds = 3, .pictures_seconds = {40, 10, 6, 4},
                                                         .thinned_seconds = 2, .lost_in_ppm = 5, .lost_out_ppm = 6, .round_trip_ms = {}, .worst_round_trip_ms = 0, .bytes_in = 1'000, .bytes_out = 2'000}};
  for (const app::LinkToService& m : {app::LinkToService{call::ServerText{{1}, Redacted<std::string>("{}")}}, app::LinkToService{call::CloseConnection{{1}, 4401}}, app::LinkToService{call::Came{{1}, {2}}}, app::LinkToService{call::Went{{1}, {2}, call::Going::superseded}}, app::LinkToService{call::RoomEnded{{1}}}, app::LinkToService{visit}, app::LinkToService{app::CallReady{1, {40000, 40001}}}, app::LinkToService{app::CallFigures{.thread = 1, .rooms = 2, .send_calls = 77, .receive_calls = 78, .sends = 79}}})
    out.push_back(app::encode(m));
  return out;
}

TEST(CallLink, every_frame_comes_back_byte_for_byte) {
  for (const auto& frame : every_frame()) {
    if (const auto m = app::decode_to_call(frame)) {
      EXPECT_EQ(app::encode(*m), frame);
    } else {
      const auto n = app::decode_to_service(frame);
      ASSERT_TRUE(n) << int{frame[0]};
      EXPECT_EQ(app::encode(*n), frame);
    }
  }
  const auto m = app::decode_to_call(every_frame()[0]);
  const auto& a = std::get<call::Attach>(*m);
  EXPECT_EQ(a.connection.value, 0x0102030405060708U);
  EXPECT_EQ(a.admission.role, call::Role::supporter);
  EXPECT_TRUE(a.admission.permissions.admit && a.admission.permissions.enter && !a.admission.permissions.moderate);
  EXPECT_EQ(a.resume->get(), "token");
  EXPECT_TRUE(a.keep);
  EXPECT_FALSE(a.admission.encrypted);
  EXPECT_TRUE(std::get<call::Attach>(*app::decode_to_call(app::encode(app::LinkToCall{call::Attach{}}))).admission.encrypted)
      << "rooms are encrypted unless somebody says otherwise";
}

TEST(CallLink, frames_of_the_other_direction_cut_short_or_with_unknown_values_are_refused) {
  for (const auto& frame : every_frame()) {
    EXPECT_NE(app::decode_to_call(frame).has_value(), app::decode_to_service(frame).has_value());
    const auto head = base::Bytes{frame}.first(std::min<std::size_t>(frame.size() - 1, 8));
    EXPECT_FALSE(app::decode_to_call(head) && app::decode_to_service(head));
  }
  auto attach = every_frame()[0];
  attach[21] = 9;  // role
  EXPECT_EQ(app::decode_to_call(attach).error(), base::ParseError::malformed);
  attach = every_frame()[0];
  attach[23] = 8;  // a flag that there is not
  EXPECT_EQ(app::decode_to_call(attach).error(), base::ParseError::malformed);
  EXPECT_FALSE(app::decode_to_call({}));
  auto detach = app::encode(app::LinkToCall{call::Detach{{1}}});
  detach.push_back(0);
  EXPECT_EQ(app::decode_to_call(detach).error(), base::ParseError::malformed);
}

// -- hello ---------------------------------------------------------------------------------------------------------------
TEST(Hello, is_read_strictly) {
  const auto h = app::read_hello(R"({"type":"hello","version":1,"link":"abc","resume":"def"})");
  ASSERT_TRUE(h);
  EXPECT_EQ(h->link.get(), "abc");
  EXPECT_EQ(h->resume->get(), "def");
  for (const char* text : {"", "[]", "{}", R"({"type":"hello"})", R"({"type":"hello","version":2,"link":"a"})",
                           R"({"type":"hello","version":1,"link":""})", R"({"type":"hello","version":1,"link":7})",
                           R"({"type":"ready","version":1,"link":"a"})", R"({"type":"hello","version":1,"link":"a","x":1})"})
    EXPECT_FALSE(app::read_hello(text)) << text;
}

// Keeps the codes it was closed with.
struct Line final : http::WebSocket {
  void send(std::string) override {}
  void close(std::uint16_t code) override {
    const std::lock_guard lock(mutex);
    codes.push_back(code);
    changed.notify_all();
  }
  std::vector<std::uint16_t> closed() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return !codes.empty(); });
    return codes;
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::uint16_t> codes;
};

TEST(Hello, must_be_said_in_time_and_who_said_it_is_not_closed_for_silence) {
  EXPECT_EQ(app::kHelloWithin, base::Duration::seconds(10));
  net::Runtime runtime(1, 1);
  runtime.start();
  const auto open = [&](const std::shared_ptr<Line>& line) {
    const app::LinkCheck check = [](const auto&) { return std::unexpected(std::uint16_t{4403}); };
    auto socket = std::make_shared<app::CallSocket>(runtime, nullptr, check, base::Duration::millis(20));
    socket->on_open(line);
    return socket;
  };
  const auto said = std::make_shared<Line>(), silent = std::make_shared<Line>();
  const auto first = open(said);
  first->on_text(R"({"type":"hello","version":1,"link":"abc"})");
  const auto second = open(silent);
  EXPECT_EQ(silent->closed(), std::vector<std::uint16_t>{4400});
  // Opened later, so the first one's time is over too: it was answered once, by its link.
  EXPECT_EQ(said->closed(), std::vector<std::uint16_t>{4403});
  second->on_closed();
  const auto gone = std::make_shared<Line>(), last = std::make_shared<Line>();
  open(gone)->on_closed();
  const auto third = open(last);
  EXPECT_EQ(last->closed(), std::vector<std::uint16_t>{4400});
  EXPECT_TRUE(gone->codes.empty()) << "who went before is not closed again";
  runtime.stop();
}

// -- admission -----------------------------------------------------------------------------------------------------------
TEST(Admission, a_link_opens_around_its_session_and_a_demonstration_always) {
  constexpr std::int64_t kMinute = 60'000'000, kStart = 1'000 * kMinute;
  app::Booking b;
  b.session = {.starts = {kStart}, .ends = {kStart + 90 * kMinute}};
  struct Case {
    std::int64_t minute;
    bool open;
  };
  for (const Case c : {Case{-31, false}, {-30, true}, {0, true}, {120, true}, {121, false}}) {
    const auto r = app::admit(b, {kStart + c.minute * kMinute});
    EXPECT_EQ(r.has_value(), c.open) << c.minute;
    if (!r) EXPECT_EQ(app::close_code(r.error()), 4403);
  }
  b.demonstration = true;
  EXPECT_TRUE(app::admit(b, {0}));
  b.withdrawn = true;
  EXPECT_EQ(app::close_code(app::admit(b, {kStart}).error()), 4401);
}

TEST(Admission, an_ended_session_is_over_but_for_those_who_lead_it) {
  app::Booking b;
  b.demonstration = b.ended = true;
  for (const auto role : {call::Role::member, call::Role::supporter}) {
    b.role = role;
    const auto r = app::admit(b, {0});
    ASSERT_FALSE(r);
    EXPECT_EQ(app::close_code(r.error()), 4404);
  }
  for (const auto role : {call::Role::facilitator, call::Role::co_facilitator}) {
    b.role = role;
    EXPECT_TRUE(app::admit(b, {0}));
  }
}

std::unique_ptr<store::Pool> opened(const std::string& path) {
  auto pool = store::Pool::open(path, 2);
  EXPECT_TRUE(pool && store::migrate(**pool, {1}));
  return std::move(*pool);
}

TEST(AdmissionTable, an_end_outlives_the_service_and_is_undone_by_who_leads_alone) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "quietroom-XXXXXX").string();
  const fs::path folder = ::mkdtemp(name.data());
  const std::string path = (folder / "q.db").string();
  const app::LinkHash leads{1}, member{2}, other{3};
  const auto booking = [](std::uint32_t seat, call::Role role, const app::LinkHash& link) {
    return app::AdmissionTable::NewBooking{.seat = {seat}, .role = role, .alias = {}, .disguise = {}, .needs = {}, .link = link};
  };
  const auto ended = [&](app::AdmissionTable& table, const app::LinkHash& link) { return table.find(link)->value().ended; };
  {
    const auto pool = opened(path);
    app::AdmissionTable table(*pool);
    ASSERT_TRUE(table.add({.room = {7}, .times = {}, .duty_number = "", .demonstration = false},
                          {booking(1, call::Role::facilitator, leads), booking(4, call::Role::member, member)}));
    ASSERT_TRUE(table.add({.room = {8}, .times = {}, .duty_number = "", .demonstration = false},
                          {booking(4, call::Role::co_facilitator, other)}));
    ASSERT_TRUE(table.end({7}, {1'000}));
  }
  const auto pool = opened(path);
  app::AdmissionTable table(*pool);
  EXPECT_TRUE(ended(table, member) && ended(table, leads));
  EXPECT_FALSE(ended(table, other)) << "another room";
  ASSERT_TRUE(table.came({7}, {4}));
  EXPECT_TRUE(ended(table, member)) << "a member does not open it";
  ASSERT_TRUE(table.came({8}, {4}));
  EXPECT_TRUE(ended(table, member)) << "nor a co-facilitator of another group";
  ASSERT_TRUE(table.came({7}, {1}));
  EXPECT_FALSE(ended(table, member));
  fs::remove_all(folder);
}

TEST(Admission, roles_allow_what_they_should) {
  EXPECT_EQ(app::permissions_of(call::Role::member), call::Permissions{});
  EXPECT_EQ(app::permissions_of(call::Role::supporter), call::Permissions{});
  for (const auto r : {call::Role::facilitator, call::Role::co_facilitator}) {
    const auto p = app::permissions_of(r);
    EXPECT_TRUE(p.admit && p.moderate && p.enter && p.publish_screen);
  }
}

class Counting final : public base::Entropy {
 public:
  void fill(base::MutableBytes out) override {
    for (auto& b : out) b = static_cast<std::uint8_t>((next_ = next_ * 6364136223846793005ULL + 1442695040888963407ULL) >> 56);
  }

 private:
  std::uint64_t next_ = 1;
};

TEST(Demonstration, keeps_its_links_over_a_restart_and_stores_only_their_hashes) {
  namespace fs = std::filesystem;
  std::string name = (fs::temp_directory_path() / "quietroom-XXXXXX").string();
  const fs::path folder = ::mkdtemp(name.data());
  const std::string file = (folder / "links.json").string(), path = (folder / "q.db").string();
  std::string link;
  {
    const auto pool = opened(path);
    app::AdmissionTable table(*pool);
    Counting entropy;
    const auto rooms = app::prepare_demonstration(table, {.rooms = 2, .people = 12}, file, entropy, {1'000});
    ASSERT_EQ(rooms.size(), 2U);
    ASSERT_EQ(rooms[1].links.size(), 12U);
    link = rooms[0].links[3].link;
    EXPECT_EQ(link.size(), 43U);
    const auto booking = table.find(app::hash_link(Redacted<std::string>(link)));
    ASSERT_TRUE(booking && *booking);
    EXPECT_EQ((*booking)->seat.value, 4U);
    EXPECT_EQ((*booking)->alias.get(), "Robin");
    EXPECT_EQ(table.of_room({2})->size(), 12U);
  }
  {
    const auto pool = opened(path);
    app::AdmissionTable table(*pool);
    Counting entropy;
    const auto again = app::prepare_demonstration(table, {.rooms = 2, .people = 12}, file, entropy, {5'000});
    EXPECT_EQ(again[0].links[3].link, link);
    EXPECT_EQ(table.find(app::hash_link(Redacted<std::string>(link)))->value().session.starts.us, 5'000);
    const auto other = app::prepare_demonstration(table, {.rooms = 1, .people = 10}, file, entropy, {5'000});
    EXPECT_EQ(other.size(), 1U);
    EXPECT_FALSE(table.find(app::hash_link(Redacted<std::string>("nothing")))->has_value());
  }
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() == "links.json") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(bytes.find(link), std::string::npos) << entry.path();
  }
  fs::remove_all(folder);
}

}  // namespace
