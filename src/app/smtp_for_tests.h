// SPDX-License-Identifier: Apache-2.0
// A small SMTP server on loopback for tests: takes one connection after another, remembers the Message-ID of each mail whose
// acceptance it sent, and tells a listener of every reply, so that a test can kill the sender at any of these instants. Not for
// the product. A thread of its own.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

namespace app {

class SmtpForTests {
 public:
  // `replied` is told after each reply has been written, with the command that it answers ("DATA-END" for a mail).
  explicit SmtpForTests(std::function<void(const std::string&)> replied) : replied_(std::move(replied)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof a;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&a), size) != 0 || ::listen(listener_, 8) != 0) return;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&a), &size);
    port_ = ntohs(a.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~SmtpForTests() {
    ::shutdown(listener_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
  }
  SmtpForTests(const SmtpForTests&) = delete;
  SmtpForTests& operator=(const SmtpForTests&) = delete;

  [[nodiscard]] std::string url() const { return "smtp://127.0.0.1:" + std::to_string(port_); }
  // How often each Message-ID was accepted.
  [[nodiscard]] std::map<std::string, int> accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }
  // Answers RCPT with this from now on; empty: takes it.
  void refuse(std::string reply) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(reply);
  }

 private:
  void serve() {
    for (int fd = -1; (fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      talk(fd);
      ::close(fd);
    }
  }
  static bool line(int fd, std::string& out) {
    out.clear();
    for (char c = 0; ::read(fd, &c, 1) == 1;) {
      if (c == '\n') return true;
      if (c != '\r') out += c;
    }
    return false;
  }
  bool reply(int fd, const std::string& text, const std::string& to) {
    const std::string all = text + "\r\n";
    const bool good = ::send(fd, all.data(), all.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(all.size());
    replied_(to);
    return good;
  }
  void talk(int fd) {
    std::string in;
    if (!reply(fd, "220 test", "CONNECT")) return;
    while (line(fd, in)) {
      const std::string verb = in.substr(0, 4);
      if (verb == "DATA") {
        if (!reply(fd, "354 go on", "DATA")) return;
        std::string id;
        while (line(fd, in) && in != ".")
          if (in.starts_with("Message-ID: ")) id = in.substr(12);
        if (in != ".") return;
        {
          const std::lock_guard lock(mutex_);
          ++accepted_[id];
        }
        if (!reply(fd, "250 taken", "DATA-END")) return;
      } else if (verb == "RCPT") {
        std::string refusal;
        {
          const std::lock_guard lock(mutex_);
          refusal = refusal_;
        }
        if (!reply(fd, refusal.empty() ? "250 ok" : refusal, verb)) return;
      } else if (!reply(fd, verb == "QUIT" ? "221 bye" : "250 ok", verb)) {
        return;
      }
    }
  }

  std::function<void(const std::string&)> replied_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::map<std::string, int> accepted_;
  std::string refusal_;
  std::thread thread_;
};

}  // namespace app
