// SPDX-License-Identifier: Apache-2.0
// For tests alone: a blocking TCP client that speaks raw HTTP and a bare WebSocket, so that a test can be as rude as it
// likes. Every read gives up after ten seconds, which fails the test; nothing sleeps.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/socket_address.h"

namespace net::test {

class Client {
 public:
  explicit Client(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    if (receive_buffer > 0) ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // Everything until the other side closes.
  std::string read_all() {
    while (read_some()) {
    }
    return std::exchange(buffer_, {});
  }
  // One answer with a Content-Length, or as much as came before the end.
  std::string read_answer() {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!read_some()) return std::exchange(buffer_, {});
    std::size_t length = 0;
    if (const auto at = buffer_.find("Content-Length: "); at < end) length = std::stoul(buffer_.substr(at + 16));
    while (buffer_.size() < end + 4 + length)
      if (!read_some()) break;
    std::string out = buffer_.substr(0, end + 4 + length);
    buffer_.erase(0, out.size());
    return out;
  }
  std::string get(const std::string& target, const std::string& more = {}) {
    send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
    return read_answer();
  }
  std::string post(const std::string& target, const std::string& body) {
    send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body);
    return read_answer();
  }

  std::optional<std::string> read_exactly(std::size_t n) { return take(n); }

  // -- WebSocket (RFC 6455), masked with zeros ---------------------------------------------------------------------------
  bool upgrade(const std::string& path, const std::string& protocol = "quietroom.1", const std::string& more = {}) {
    send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
         (protocol.empty() ? "" : "Sec-WebSocket-Protocol: " + protocol + "\r\n") + more + "\r\n");
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
      if (!read_some()) return false;
    answer_ = buffer_.substr(0, end + 4);
    buffer_.erase(0, end + 4);
    return answer_.starts_with("HTTP/1.1 101");
  }
  [[nodiscard]] const std::string& upgrade_answer() const { return answer_; }
  bool send_text(std::string_view text) { return send(frame(0x81, text)); }
  // Packed by RFC 7692.
  bool send_deflated(std::string_view packed) { return send(frame(0xc1, packed)); }
  bool send_binary(std::string_view bytes) { return send(frame(0x82, bytes)); }
  // The next text, of however many frames; empty where a close came instead (close_code()), or the end.
  std::optional<std::string> read_text() {
    for (std::string text;;) {
      const auto header = take(2);
      if (!header) return std::nullopt;
      const int opcode = (*header)[0] & 0x0f;
      const bool last = ((*header)[0] & 0x80) != 0;
      std::size_t length = static_cast<std::uint8_t>((*header)[1]) & 0x7fU;
      if (length >= 126) {
        const auto more = take(length == 126 ? 2 : 8);
        if (!more) return std::nullopt;
        length = 0;
        for (const char c : *more) length = length * 256 + static_cast<std::uint8_t>(c);
      }
      auto body = take(length);
      if (!body) return std::nullopt;
      if (opcode <= 1) text += *body;
      if (opcode <= 1 && last) return text;
      if (opcode == 8) {
        close_code_ = body->size() >= 2 ? static_cast<std::uint8_t>((*body)[0]) * 256 + static_cast<std::uint8_t>((*body)[1])
                                        : 1005;
        return std::nullopt;
      }
    }
  }
  // Reads until a text that holds `part`.
  std::optional<std::string> read_until(std::string_view part) {
    for (;;) {
      auto text = read_text();
      if (!text || text->find(part) != std::string::npos) return text;
    }
  }
  int read_close() {
    while (read_text()) {
    }
    return close_code_;
  }
  [[nodiscard]] int close_code() const { return close_code_; }

 private:
  static std::string frame(int first, std::string_view body) {
    std::string out(1, static_cast<char>(first));
    if (body.size() < 126) {
      out.push_back(static_cast<char>(0x80 | body.size()));
    } else if (body.size() <= 0xffff) {
      out.push_back(static_cast<char>(0x80 | 126));
      out.push_back(static_cast<char>(body.size() >> 8));
      out.push_back(static_cast<char>(body.size() & 0xff));
    } else {
      out.push_back(static_cast<char>(0x80 | 127));
      for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>((body.size() >> shift) & 0xff));
    }
    return out.append(4, '\0').append(body);
  }
  std::optional<std::string> take(std::size_t n) {
    while (buffer_.size() < n)
      if (!read_some()) return std::nullopt;
    std::string out = buffer_.substr(0, n);
    buffer_.erase(0, n);
    return out;
  }
  bool read_some() {
    char chunk[16'384];
    const ssize_t n = ::recv(fd_.get(), chunk, sizeof(chunk), 0);
    if (n <= 0) return false;
    buffer_.append(chunk, static_cast<std::size_t>(n));
    return true;
  }
  Fd fd_;
  bool connected_ = false;
  std::string buffer_, answer_;
  int close_code_ = 0;
};

}  // namespace net::test
