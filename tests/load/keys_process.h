// SPDX-License-Identifier: Apache-2.0
// The program beside us that does MLS for our people (keys.ts, the product's own TypeScript under Node): started by a command
// line, spoken to in lines over its standard input and output. Its errors go to ours. Not here: what the lines say
// (keys_lines.h). Invariant: it is ended with us. Runs on the crowd's thread.
#pragma once
#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <deque>
#include <functional>
#include <string>

namespace load {

class KeysProcess {
 public:
  using OnLine = std::function<void(std::string_view line)>;
  // `command` is given to the shell. Throws where it cannot be started.
  KeysProcess(boost::asio::io_context& io, const std::string& command, OnLine on_line);
  ~KeysProcess();
  KeysProcess(const KeysProcess&) = delete;
  KeysProcess& operator=(const KeysProcess&) = delete;

  void say(std::string line);
  [[nodiscard]] bool ended() const { return ended_; }
  // No more is read or written.
  void close();

 private:
  void read();
  void write();

  boost::asio::posix::stream_descriptor in_, out_;  // its standard input, its standard output
  OnLine on_line_;
  std::deque<std::string> queue_;
  std::string read_;
  char buffer_[16 * 1024];
  pid_t child_ = -1;
  bool ended_ = false;
};

}  // namespace load
