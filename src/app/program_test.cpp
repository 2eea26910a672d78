// SPDX-License-Identifier: Apache-2.0
// The program as its operator meets it: version, all configuration errors at once, systemd's notifications, TLS with a
// certificate given, plain HTTP on loopback only.
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/un.h>

#include <cstdio>

#include "app/program_for_tests.h"

namespace {

using namespace app::test;
using net::test::Client;

struct Ended {
  int status = -1;
  std::string said;  // both streams
};
Ended run(const std::string& arguments) {
  Ended out;
  FILE* pipe = ::popen((std::string(QUIETROOM_PROGRAM) + " " + arguments + " 2>&1").c_str(), "r");
  char room[1'024];
  for (std::size_t n = 0; (n = ::fread(room, 1, sizeof(room), pipe)) > 0;) out.said.append(room, n);
  const int status = ::pclose(pipe);
  out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

TEST(Program, says_its_version) {
  const Ended e = run("--version");
  EXPECT_EQ(e.status, 0);
  EXPECT_TRUE(e.said.starts_with("quietroom "));
  EXPECT_EQ(e.said.find("unknown"), std::string::npos) << e.said;
}

TEST(Program, tells_all_configuration_errors_at_once_and_does_not_start) {
  Folder folder;
  const std::string file = (folder / "q.toml").string();
  std::ofstream(file) << "[http]\nport = 'x'\nnot_a_setting = 1\n";
  const Ended e = run("serve --config " + file + " --data " + (folder / "data").string() + " --log-level loud --room-people 500");
  EXPECT_EQ(e.status, 1);
  for (const char* place : {"q.toml:2: http.port", "q.toml:3: http.not_a_setting", "--log-level: log.level", "--room-people: room.people"})
    EXPECT_NE(e.said.find(place), std::string::npos) << place << " in:\n" << e.said;
  EXPECT_FALSE(fs::exists(folder / "data"));
}

TEST(Program, listens_beyond_loopback_with_a_certificate_or_when_told_and_not_otherwise) {
  Folder folder;
  const Ended e = run("serve --http-listen 0.0.0.0 --http-port 0 --data " + (folder / "data").string());
  EXPECT_EQ(e.status, 1);
  EXPECT_NE(e.said.find("http.plain_beyond_loopback"), std::string::npos) << e.said;
}

// That coturn does what it says is in tests/stories/relay.story.ts.
TEST(Program, prints_the_settings_of_a_relay_that_sends_to_this_server_alone) {
  Folder folder;
  const std::string of = "turn --data " + (folder / "data").string() + " --media-turn turns:turn.example.org:443";
  const std::string peers = " --media-listen 127.0.0.1,192.0.2.7,2001:db8::7";
  const Ended first = run(of + peers), second = run(of + " --media-listen 192.0.2.7 --media-advertise 198.51.100.7");
  EXPECT_EQ(first.status, 0) << first.said;
  const std::string line = read_file(folder / "data/turn-secret");
  EXPECT_EQ(line.size(), 44U);
  EXPECT_EQ(fs::status(folder / "data/turn-secret").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  for (const std::string& each : {"\nstatic-auth-secret=" + line, std::string("\ntls-listening-port=443\n"), std::string("\ndenied-peer-ip=0.0.0.0-255.255.255.255\n"),
                                  std::string("\nallowed-peer-ip=192.0.2.7\nallowed-peer-ip=2001:db8::7\n#")})
    EXPECT_NE(first.said.find(each), std::string::npos) << each << "in\n" << first.said;
  EXPECT_NE(second.said.find("static-auth-secret=" + line), std::string::npos) << "made once";
  EXPECT_NE(second.said.find("\nallowed-peer-ip=198.51.100.7\n#"), std::string::npos) << "as browsers are told";
  EXPECT_EQ(second.said.find("192.0.2.7"), std::string::npos);
  EXPECT_EQ(run(of + " --media-listen 127.0.0.1").status, 1) << "a relay reaches no loopback";
  EXPECT_EQ(run("turn --data " + (folder / "data").string()).status, 1);
  fs::permissions(folder / "data/turn-secret", fs::perms::others_read, fs::perm_options::add);
  EXPECT_NE(run(of + peers).said.find("readable by its owner alone"), std::string::npos);
}

TEST(Program, tells_systemd_when_it_is_ready_and_when_it_stops) {
  Folder folder;
  const net::Fd heard(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un own{};
  own.sun_family = AF_UNIX;
  const std::string path = (folder / "notify").string();
  path.copy(own.sun_path, sizeof(own.sun_path) - 1);
  ASSERT_EQ(::bind(heard.get(), reinterpret_cast<const sockaddr*>(&own), sizeof(own)), 0);
  const timeval patience{.tv_sec = 20, .tv_usec = 0};
  ::setsockopt(heard.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  const auto next = [&] {
    char room[256];
    const ssize_t n = ::recv(heard.get(), room, sizeof(room), 0);
    return std::string(room, n > 0 ? static_cast<std::size_t>(n) : 0);
  };
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  Program program(folder, "log");
  ::unsetenv("NOTIFY_SOCKET");
  EXPECT_EQ(next(), "READY=1");
  EXPECT_EQ(program.kill_and_wait(SIGTERM), 0);
  EXPECT_EQ(next(), "STOPPING=1");
}

// -- TLS -----------------------------------------------------------------------------------------------------------------
struct TlsFiles {
  std::string certificate, key;
};
// For localhost alone, made now.
TlsFiles make_certificate(const Folder& folder) {
  const TlsFiles files{(folder / "chain.pem").string(), (folder / "key.pem").string()};
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const std::unique_ptr<X509, void (*)(X509*)> made(X509_new(), X509_free);
  X509_set_version(made.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3'600);
  X509_set_pubkey(made.get(), key.get());
  X509_NAME* name = X509_get_subject_name(made.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(made.get(), name);
  X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
  X509_add_ext(made.get(), names, -1);
  X509_EXTENSION_free(names);
  X509_sign(made.get(), key.get(), EVP_sha256());
  const auto write = [](const std::string& path, auto put) {
    FILE* out = ::fopen(path.c_str(), "w");
    put(out);
    ::fclose(out);
  };
  write(files.certificate, [&](FILE* out) { PEM_write_X509(out, made.get()); });
  write(files.key, [&](FILE* out) { PEM_write_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  return files;
}

// Trusts that certificate alone, for the name localhost.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, const TlsFiles& files, int newest = 0)
      : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    SSL_CTX_load_verify_locations(context_.get(), files.certificate.c_str(), nullptr);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
    if (newest != 0) {
      SSL_CTX_set_security_level(context_.get(), 0);
      SSL_CTX_set_max_proto_version(context_.get(), newest);
    }
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ssl_.reset(SSL_new(context_.get()));
    SSL_set1_host(ssl_.get(), "localhost");
    SSL_set_fd(ssl_.get(), fd_.get());
    connected_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) == 0 && SSL_connect(ssl_.get()) == 1;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  void send(const std::string& bytes) { SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())); }
  // Everything until this stands in it, or the end.
  std::string read_until(const std::string& part) {
    char room[4'096];
    while (read_.find(part) == std::string::npos) {
      const int n = SSL_read(ssl_.get(), room, sizeof(room));
      if (n <= 0) break;
      read_.append(room, static_cast<std::size_t>(n));
    }
    return read_;
  }

 private:
  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  net::Fd fd_;
  std::unique_ptr<SSL, void (*)(SSL*)> ssl_{nullptr, SSL_free};
  bool connected_ = false;
  std::string read_;
};

TEST(Program, speaks_https_and_wss_with_the_certificate_it_is_given_and_nothing_else_there) {
  Folder folder;
  const TlsFiles files = make_certificate(folder);
  Program program(folder, "log", {"--http-certificate", files.certificate, "--http-key", files.key});
  EXPECT_NE(program.said().find("https://localhost:"), std::string::npos);
  TlsClient page(program.port(), files);
  ASSERT_TRUE(page.connected());
  page.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string answer = page.read_until("ok\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200"));
  EXPECT_NE(answer.find("Strict-Transport-Security: max-age=31536000"), std::string::npos);
  TlsClient call(program.port(), files);
  ASSERT_TRUE(call.connected());
  call.send("GET /api/call HTTP/1.1\r\nHost: localhost\r\nOrigin: https://localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: quietroom.1\r\n\r\n");
  ASSERT_TRUE(call.read_until("\r\n\r\n").starts_with("HTTP/1.1 101"));
  const std::string text = hello(links_of(folder).at(0).links.at(0).link);
  ASSERT_LT(text.size(), 126U);
  call.send(std::string("\x81") + static_cast<char>(0x80 | text.size()) + std::string(4, '\0') + text);
  EXPECT_NE(call.read_until("\"welcome\"").find("\"welcome\""), std::string::npos);
  EXPECT_FALSE(TlsClient(program.port(), files, TLS1_1_VERSION).connected()) << "too old a TLS";
  EXPECT_FALSE(Client(program.port()).get("/healthz").starts_with("HTTP/1.1 200")) << "plain HTTP on the TLS port";
}

}  // namespace
