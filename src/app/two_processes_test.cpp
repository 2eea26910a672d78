// SPDX-License-Identifier: Apache-2.0
// Stories of the two processes, with the real program: either dies and the other lives, they find each other again, a stop
// is told to the rooms, and nothing personal is logged or counted in a whole session.
#include <gtest/gtest.h>
#include <sys/un.h>

#include "app/program_for_tests.h"

namespace {

using namespace app::test;
using net::test::Client;

struct Person {
  explicit Person(std::uint16_t port) : socket(port) {}
  // Opens, says hello, and reads the welcome.
  void arrive(const std::string& link, const std::string& resume = {}) {
    ASSERT_TRUE(socket.upgrade("/api/call"));
    ASSERT_TRUE(socket.send_text(hello(link, resume)));
    const auto text = socket.read_until("\"welcome\"");
    ASSERT_TRUE(text);
    welcome = *text;
    token = text_at(welcome, "resume");
  }
  void enter() {
    ASSERT_TRUE(socket.send_text(R"({"type":"ready"})"));
    ASSERT_TRUE(socket.read_until("\"roster\""));
  }
  // A facilitator lets in the one who waits.
  void admit() {
    std::optional<std::string> waiting;
    do waiting = socket.read_until("\"waiting\"");
    while (waiting && waiting->find("\"arrival\":") == std::string::npos);
    ASSERT_TRUE(waiting);
    const auto at = waiting->find("\"arrival\":") + 10;
    ASSERT_TRUE(socket.send_text(R"({"type":"admit","arrival":)" + waiting->substr(at, waiting->find_first_of(",}", at) - at) + "}"));
  }
  Client socket;
  std::string welcome, token;
};

TEST(TwoProcesses, a_facilitator_enters_and_an_unknown_link_is_closed_with_4401) {
  Folder folder;
  Program program(folder, "log");
  Person facilitator(program.port());
  facilitator.arrive(links_of(folder).at(0).links.at(0).link);
  facilitator.enter();
  Client stranger(program.port());
  ASSERT_TRUE(stranger.upgrade("/api/call"));
  ASSERT_TRUE(stranger.send_text(hello("no-such-link")));
  EXPECT_EQ(stranger.read_close(), 4401);
  Client rude(program.port());
  ASSERT_TRUE(rude.upgrade("/api/call"));
  ASSERT_TRUE(rude.send_text(R"({"type":"ready"})"));
  EXPECT_EQ(rude.read_close(), 4400);
}

TEST(TwoProcesses, when_the_call_process_dies_people_are_told_to_come_back_and_can) {
  Folder folder;
  Program program(folder, "log");
  const std::string link = links_of(folder).at(0).links.at(0).link;
  Person facilitator(program.port());
  facilitator.arrive(link);
  const pid_t first = call_process(folder);
  ASSERT_GT(first, 0);
  ASSERT_EQ(::kill(first, SIGKILL), 0);
  EXPECT_EQ(facilitator.socket.read_close(), 1012);
  Client other(program.port());
  EXPECT_TRUE(other.get("/healthz").starts_with("HTTP/1.1 200"));
  program.wait_for("/readyz", "HTTP/1.1 200");
  EXPECT_NE(call_process(folder), first);
  Person again(program.port());
  again.arrive(link);
  again.enter();
}

TEST(TwoProcesses, when_the_service_dies_the_rooms_wait_for_the_next_one) {
  Folder folder;
  std::string link, token;
  pid_t call = 0;
  {
    Program program(folder, "log1");
    program.leave_call_process();
    link = links_of(folder).at(0).links.at(0).link;
    Person facilitator(program.port());
    facilitator.arrive(link);
    facilitator.enter();
    token = facilitator.token;
    call = call_process(folder);
    EXPECT_EQ(program.kill_and_wait(SIGKILL), -SIGKILL);
  }
  ASSERT_GT(call, 0);
  EXPECT_EQ(::kill(call, 0), 0);
  Program next(folder, "log2");
  EXPECT_EQ(call_process(folder), call);
  EXPECT_EQ(read_file(folder / "log2").find("call-started"), std::string::npos);
  EXPECT_EQ(links_of(folder).at(0).links.at(0).link, link);  // links outlive a restart
  Person back(next.port());
  back.arrive(link, token);
  EXPECT_NE(back.welcome.find(R"("resumed":true)"), std::string::npos);
  EXPECT_NE(back.welcome.find(R"("state":"present")"), std::string::npos);
}

TEST(TwoProcesses, a_stop_is_told_to_the_rooms_and_both_end) {
  Folder folder;
  Program program(folder, "log");
  Person facilitator(program.port());
  facilitator.arrive(links_of(folder).at(0).links.at(0).link);
  facilitator.enter();
  const pid_t call = call_process(folder);
  EXPECT_EQ(program.kill_and_wait(SIGTERM), 0);
  EXPECT_TRUE(facilitator.socket.read_until("\"closing\""));
  EXPECT_EQ(facilitator.socket.read_close(), 1012);
  const std::string log = read_file(folder / "log");
  EXPECT_NE(log.find("serve stopped"), std::string::npos);
  EXPECT_NE(log.find("call stopped"), std::string::npos);
  EXPECT_LT(log.find("call stopped"), log.find("serve stopped")) << "the service is the last to go";
  ASSERT_GT(call, 0);
  EXPECT_NE(::kill(call, 0), 0);
}

TEST(TwoProcesses, a_service_that_adopted_the_call_process_sees_its_end_too) {
  Folder folder;
  pid_t call = 0;
  {
    Program program(folder, "log");
    program.leave_call_process();
    call = call_process(folder);
    EXPECT_EQ(program.kill_and_wait(SIGKILL), -SIGKILL);
  }
  Program next(folder, "log");
  ASSERT_GT(call, 0);
  ASSERT_EQ(call_process(folder), call);
  EXPECT_EQ(next.kill_and_wait(SIGTERM), 0);
  const std::string log = read_file(folder / "log");
  EXPECT_NE(log.find("call stopped"), std::string::npos);
  EXPECT_LT(log.find("call stopped"), log.find("serve stopped"));
  EXPECT_EQ(call_process(folder), 0);
}

TEST(TwoProcesses, a_call_process_that_hangs_is_killed_by_the_stop) {
  Folder folder;
  Program program(folder, "log");
  const pid_t call = call_process(folder);
  ASSERT_GT(call, 0);
  ASSERT_EQ(::kill(call, SIGSTOP), 0);
  EXPECT_EQ(program.kill_and_wait(SIGTERM), 0) << read_file(folder / "log");
  EXPECT_NE(::kill(call, 0), 0);
  EXPECT_NE(read_file(folder / "log").find("call-killed"), std::string::npos);
}

// How the WebSocket of this link is answered where it opens nothing.
int refused_with(std::uint16_t port, const std::string& link) {
  Client client(port);
  if (!client.upgrade("/api/call") || !client.send_text(hello(link))) return -1;
  return client.read_close();
}

TEST(TwoProcesses, an_ended_session_stays_ended_for_its_members_until_a_facilitator_is_there_again) {
  Folder folder;
  Program program(folder, "log");
  const auto links = links_of(folder).at(0).links;
  const std::string& member_link = links.at(3).link;
  const std::string body = R"({"link":")" + member_link + "\"}";
  {
    Person facilitator(program.port()), member(program.port());
    facilitator.arrive(links.at(0).link);
    facilitator.enter();
    member.arrive(member_link);
    ASSERT_TRUE(member.socket.send_text(R"({"type":"ready"})"));
    facilitator.admit();
    ASSERT_TRUE(member.socket.read_until("\"roster\""));
    ASSERT_TRUE(facilitator.socket.send_text(R"({"type":"end"})"));
    EXPECT_EQ(member.socket.read_close(), 4404);
    EXPECT_EQ(facilitator.socket.read_close(), 4404);
  }
  EXPECT_EQ(refused_with(program.port(), member_link), 4404);
  EXPECT_EQ(refused_with(program.port(), links.at(2).link), 4404) << "a supporter too";
  const std::string answer = Client(program.port()).post("/api/arrive", body);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 410")) << answer;
  EXPECT_NE(answer.find("ended"), std::string::npos);
  EXPECT_EQ(answer.find("Robin"), std::string::npos);
  Person facilitator(program.port());
  facilitator.arrive(links.at(1).link);
  EXPECT_EQ(refused_with(program.port(), member_link), 4404) << "looking in opens nothing";
  facilitator.enter();
  Person member(program.port());
  member.arrive(member_link);
  EXPECT_NE(member.welcome.find(R"("state":"arriving")"), std::string::npos);
  EXPECT_TRUE(Client(program.port()).post("/api/arrive", body).starts_with("HTTP/1.1 200"));
}

TEST(TwoProcesses, while_the_service_stands_nobody_takes_its_place_at_the_call_process) {
  Folder folder;
  Program program(folder, "log");
  Person facilitator(program.port());
  facilitator.arrive(links_of(folder).at(0).links.at(0).link);
  facilitator.enter();
  const net::Fd second(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  const std::string path = (folder / "data/call.sock").string();
  ASSERT_LT(path.size(), sizeof(to.sun_path));
  path.copy(to.sun_path, path.size());
  ASSERT_EQ(::connect(second.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)), 0);
  char byte = 0;
  EXPECT_EQ(::read(second.get(), &byte, 1), 0) << "closed without a word";
  ASSERT_TRUE(facilitator.socket.send_text(R"({"type":"ping","sent":1})"));
  EXPECT_TRUE(facilitator.socket.read_until("\"pong\""));
  EXPECT_NE(read_file(folder / "log").find("second-service-refused"), std::string::npos);
}

TEST(TwoProcesses, the_call_process_can_open_no_file_and_gain_no_right) {
  Folder folder;
  Program program(folder, "log");
  std::size_t threads = 0;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(call_process(folder)) + "/task")) {
    const std::string status = read_file(task.path() / "status");
    EXPECT_NE(status.find("NoNewPrivs:\t1"), std::string::npos);
    EXPECT_NE(status.find("Seccomp:\t2"), std::string::npos);
    ++threads;
  }
  EXPECT_GE(threads, 4U);  // the first, the service's, two of media
}

TEST(TwoProcesses, a_link_holder_sees_their_own_arrival_and_only_facilitators_the_cards) {
  Folder folder;
  Program program(folder, "log");
  const auto links = links_of(folder).at(0).links;
  Client client(program.port());
  const auto body = [](const std::string& link) { return R"({"link":")" + link + "\"}"; };
  const std::string arrival = client.post("/api/arrive", body(links.at(3).link));
  EXPECT_TRUE(arrival.starts_with("HTTP/1.1 200"));
  EXPECT_NE(arrival.find(R"("alias":"Robin")"), std::string::npos);
  EXPECT_NE(arrival.find("Cache-Control: no-store"), std::string::npos);
  EXPECT_NE(arrival.find(R"("disguise":{"picture":"blur","voice":"none"})"), std::string::npos);  // as Robin's card says
  EXPECT_NE(client.post("/api/arrive", body(links.at(4).link)).find(R"("disguise":{"picture":"avatar","voice":"lower"})"), std::string::npos);
  EXPECT_TRUE(client.post("/api/arrive", body("nothing")).starts_with("HTTP/1.1 404"));
  EXPECT_TRUE(client.post("/api/arrive", "{").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(client.post("/api/booking-cards", body(links.at(3).link)).starts_with("HTTP/1.1 403"));
  const std::string cards = client.post("/api/booking-cards", body(links.at(0).link));
  EXPECT_TRUE(cards.starts_with("HTTP/1.1 200"));
  EXPECT_NE(cards.find("Lip-reads"), std::string::npos);
}

// A binding request (RFC 8489 section 5) of an unknown user to each media port.
void stun_to_every_media_port(const Folder& folder, const std::string& user) {
  std::string request("\x00\x01\x00\x00\x21\x12\xa4\x42twelve-bytes", 20);
  const std::size_t padded = (user.size() + 3) / 4 * 4;
  request += std::string("\x00\x06\x00", 3) + static_cast<char>(user.size()) + user + std::string(padded - user.size(), '\0');
  request[3] = static_cast<char>(4 + padded);
  const auto listening = base::json::parse(read_file(folder / "listening.json"), {.bytes = 4'096, .depth = 4});
  ASSERT_TRUE(listening);
  for (const auto& port : listening->as_object().at("media").as_array()) {
    const net::Fd udp(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port.as_int64()));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::sendto(udp.get(), request.data(), request.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof(to)),
              static_cast<ssize_t>(request.size()));
  }
}

// Plants names, addresses, chat, links and tokens in a whole session, and looks for each in every line of both processes'
// logs (at their most talkative) and in every metric.
TEST(LogScan, a_whole_session_leaves_no_personal_data_in_logs_and_metrics) {
  Folder folder;
  Program program(folder, "log");
  const auto links = links_of(folder).at(0).links;
  std::vector<std::string> planted{"127.0.0.1", "::1", "planted-agent", "planted-query", "planted-unknown-link", "planted-sdp",
                                   "cGxhbnRlZC1jaGF0", "planted-type", "planted-field", "planted-hello", "planted-host",
                                   "planted-ufrag", "planted-ref"};
  for (const auto& l : links) planted.insert(planted.end(), {l.link, l.alias});
  std::string metrics;
  {
    Person facilitator(program.port()), member(program.port());
    facilitator.arrive(links.at(0).link);
    member.arrive(links.at(3).link);
    planted.insert(planted.end(), {facilitator.token, member.token});
    facilitator.enter();
    ASSERT_TRUE(member.socket.send_text(R"({"type":"answer","offer":1,"sdp":"v=0 planted-sdp"})"));
    ASSERT_TRUE(member.socket.send_text(R"({"type":"planted-type"})"));
    ASSERT_TRUE(member.socket.send_text(R"({"type":"publish","planted-field":1})"));
    ASSERT_TRUE(member.socket.send_text(R"({"type":"send","audience":"everyone","payload":"?","ref":"planted-ref"})"));
    ASSERT_TRUE(member.socket.send_text("planted-field{"));
    ASSERT_TRUE(member.socket.send_text(R"({"type":"ready"})"));
    facilitator.admit();
    ASSERT_TRUE(member.socket.read_until("\"roster\""));
    ASSERT_TRUE(member.socket.send_text(R"({"type":"send","audience":"everyone","payload":"cGxhbnRlZC1jaGF0"})"));
    ASSERT_TRUE(facilitator.socket.read_until("cGxhbnRlZC1jaGF0"));
    Client web(program.port());
    web.get("/join?planted-query=1", "User-Agent: planted-agent\r\n");
    web.get("/planted-query");
    web.post("/api/arrive", R"({"link":"planted-unknown-link"})");
    web.post("/api/arrive", R"({"link":")" + links.at(3).link + "\"}");
    for (const std::string& text : {std::string("planted-hello{"), std::string(R"({"type":"hello","version":1,"planted-field":"x"})"),
                                    hello(links.at(4).link, "planted-hello"), std::string(75'000, 'p')}) {
      Client clumsy(program.port());
      ASSERT_TRUE(clumsy.upgrade("/api/call", "quietroom.1", "Origin: http://localhost\r\nX-Forwarded-For: planted-host\r\n"));
      ASSERT_TRUE(clumsy.send_text(text));
      clumsy.read_text();
    }
    stun_to_every_media_port(folder, "planted-ufrag");
    Client rude(program.port());
    rude.send("planted-agent \x01\r\n\r\n");
    rude.read_all();
    Client stranger(program.port());
    ASSERT_TRUE(stranger.upgrade("/api/call"));
    ASSERT_TRUE(stranger.send_text(hello("planted-unknown-link")));
    EXPECT_EQ(stranger.read_close(), 4401);
    program.wait_for("/metrics", "HTTP/1.1 200");
    do metrics = Client(program.port()).get("/metrics");
    while (metrics.find("quietroom_people_present{thread=") == std::string::npos);  // told once a second
    ASSERT_TRUE(member.socket.send_text(R"({"type":"leave"})"));
    member.socket.read_close();
  }
  EXPECT_EQ(program.kill_and_wait(SIGTERM), 0);
  const std::string log = read_file(folder / "log");
  EXPECT_GE(std::count(log.begin(), log.end(), '\n'), 8);
  for (const char* line : {"messages-refused", "signalling-refused code=4401", "signalling-refused code=4400"})
    EXPECT_NE(log.find(line), std::string::npos) << line;
  EXPECT_GE(std::count(metrics.begin(), metrics.end(), '\n'), 40);
  for (const auto& secret : planted) {
    EXPECT_EQ(log.find(secret), std::string::npos) << "in the log: " << secret;
    EXPECT_EQ(metrics.find(secret), std::string::npos) << "in the metrics: " << secret;
  }
}

}  // namespace
