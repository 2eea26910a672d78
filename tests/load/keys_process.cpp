// SPDX-License-Identifier: Apache-2.0
// See keys_process.h.
#include "load/keys_process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

extern char** environ;

namespace load {
namespace {

namespace asio = boost::asio;

struct Pipe {
  int from = -1, to = -1;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe for the key process");
    from = ends[0];
    to = ends[1];
  }
};

}  // namespace

KeysProcess::KeysProcess(asio::io_context& io, const std::string& command, OnLine on_line)
    : in_(io), out_(io), on_line_(std::move(on_line)) {
  const Pipe to_child, from_child;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, to_child.from, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, from_child.to, STDOUT_FILENO);
  // `exec`, so that what we end is the program and not a shell around it.
  std::string shell = "/bin/sh", flag = "-c", line = "exec " + command;
  char* arguments[] = {shell.data(), flag.data(), line.data(), nullptr};
  const int error = ::posix_spawn(&child_, shell.c_str(), &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(to_child.from);
  ::close(from_child.to);
  in_.assign(to_child.to);
  out_.assign(from_child.from);
  if (error != 0) throw std::runtime_error("the key process cannot be started");
  read();
}

KeysProcess::~KeysProcess() {
  close();
  if (child_ <= 0) return;
  ::kill(child_, SIGTERM);
  while (::waitpid(child_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void KeysProcess::close() {
  boost::system::error_code ignored;
  in_.close(ignored);
  out_.close(ignored);
  ended_ = true;
}

void KeysProcess::say(std::string line) {
  if (ended_) return;
  queue_.push_back(std::move(line) + "\n");
  if (queue_.size() == 1) write();
}

void KeysProcess::write() {
  asio::async_write(in_, asio::buffer(queue_.front()), [this](const boost::system::error_code& error, std::size_t) {
    if (error == asio::error::operation_aborted) return;
    if (error) {
      ended_ = true;
      return;
    }
    queue_.pop_front();
    if (!queue_.empty()) write();
  });
}

void KeysProcess::read() {
  out_.async_read_some(asio::buffer(buffer_), [this](const boost::system::error_code& error, std::size_t size) {
    if (error == asio::error::operation_aborted) return;
    if (error) {
      ended_ = true;
      return;
    }
    read_.append(buffer_, size);
    std::size_t from = 0;
    for (std::size_t end = read_.find('\n'); end != std::string::npos; end = read_.find('\n', from)) {
      on_line_(std::string_view(read_).substr(from, end - from));
      from = end + 1;
    }
    read_.erase(0, from);
    if (!ended_) read();
  });
}

}  // namespace load
