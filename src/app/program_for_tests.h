// SPDX-License-Identifier: Apache-2.0
// For tests alone: the real program as a child, on loopback with free ports and a folder of its own. Waits by reading what
// it says, never by sleeping. What is started is ended: the service by SIGKILL where a test left it, the call process too.
#pragma once
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "app/demonstration.h"
#include "base/json.h"
#include "net/test_client.h"

extern char** environ;

namespace app::test {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A folder that is gone afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "quietroom-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    fs::create_directories(path_ / "web");
    std::ofstream(path_ / "web" / "index.html") << "<!doctype html>";
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

// The call process that listens on this folder's socket; 0 where there is none.
inline pid_t call_process(const Folder& folder) {
  const std::string socket = (folder / "data/call.sock").string();
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string line = read_file(entry.path() / "cmdline");
    if (line.find(socket) != std::string::npos && line.find(std::string("\0call\0", 6)) != std::string::npos)
      return static_cast<pid_t>(std::stol(name));
  }
  return 0;
}

class Program {
 public:
  // Returns when it says that it listens (both processes). Its log goes to `log` in the folder, added at the end.
  Program(const Folder& folder, const std::string& log, std::vector<std::string> more = {}) : folder_(folder) {
    const auto in = [&](const char* name) { return (folder / name).string(); };
    std::vector<std::string> words{QUIETROOM_PROGRAM, "serve", "--demo", "--http-port", "0", "--media-port", "0",
                                   "--media-threads", "2", "--data", in("data"), "--web", in("web"), "--listening-file",
                                   in("listening.json"), "--links-file", in("links.json"), "--log-level", "debug",
                                   "--http-requests-per-second", "1000000", "--http-burst", "1000000"};
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> pointers;
    for (auto& w : words) pointers.push_back(w.data());
    pointers.push_back(nullptr);
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    ::posix_spawn_file_actions_addopen(&files, 2, (folder / log.c_str()).c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    EXPECT_EQ(::posix_spawn(&pid_, QUIETROOM_PROGRAM, &files, nullptr, pointers.data(), environ), 0);
    ::posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    out_ = net::Fd(ends[0]);
    wait_until_listening();
  }
  ~Program() {
    if (pid_ > 0) kill_and_wait(SIGKILL);
    if (const pid_t call = call_process(folder_); call > 0 && !keep_call_) ::kill(call, SIGKILL);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] const std::string& said() const { return said_; }
  // The exit status, or -signal.
  int kill_and_wait(int signal) {
    ::kill(pid_, signal);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }
  void leave_call_process() { keep_call_ = true; }
  // Asks until the answer begins like this.
  void wait_for(const std::string& target, const std::string& beginning) {
    for (int i = 0; i < 100'000; ++i) {
      net::test::Client client(port_);
      if (client.get(target).starts_with(beginning)) return;
      std::this_thread::yield();
    }
    FAIL() << target << " never answered " << beginning;
  }

 private:
  void wait_until_listening() {
    char room[4'096];
    while (said_.find("://localhost:") == std::string::npos || !said_.ends_with('\n')) {
      pollfd p{.fd = out_.get(), .events = POLLIN, .revents = 0};
      if (::poll(&p, 1, 30'000) != 1) break;
      const ssize_t n = ::read(out_.get(), room, sizeof(room));
      if (n <= 0) break;
      said_.append(room, static_cast<std::size_t>(n));
    }
    const auto at = said_.find("localhost:");
    ASSERT_NE(at, std::string::npos) << "the program did not start";
    port_ = static_cast<std::uint16_t>(std::stoi(said_.substr(at + 10)));
  }
  const Folder& folder_;
  pid_t pid_ = -1;
  net::Fd out_;
  std::string said_;
  std::uint16_t port_ = 0;
  bool keep_call_ = false;
};

inline std::vector<DemonstrationRoom> links_of(const Folder& folder) {
  auto rooms = base::json::read<std::vector<DemonstrationRoom>>(read_file(folder / "links.json"), base::json::Mode::strict,
                                                                {.bytes = 1 << 20, .depth = 8});
  EXPECT_TRUE(rooms);
  return rooms ? *rooms : std::vector<DemonstrationRoom>{};
}

inline std::string hello(const std::string& link, const std::string& resume = {}) {
  return R"({"type":"hello","version":1,"link":")" + link + '"' + (resume.empty() ? "" : R"(,"resume":")" + resume + '"') + "}";
}
// The text at a key of a flat message.
inline std::string text_at(const std::string& message, const std::string& key) {
  const std::string name = '"' + key + "\":\"";
  const auto at = message.find(name);
  if (at == std::string::npos) return {};
  return message.substr(at + name.size(), message.find('"', at + name.size()) - at - name.size());
}

}  // namespace app::test
