// SPDX-License-Identifier: Apache-2.0
// For tests alone: writes every answer that a site of this test program gives under /api/, one JSON line each, into a file of this
// process in the folder that TEST_ANSWERS names, for tests/answers, which holds them against docs/api. Nothing where it is not
// set. Linked into every test program that has routes (cmake/house.cmake), so that no fixture can forget it. Any thread.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>

#include "base/json.h"
#include "http/site.h"

namespace http {
namespace {

void write_down(const Request& request, const Response& answer) {
  static const char* const folder = std::getenv("TEST_ANSWERS");
  if (folder == nullptr || !request.target.path.starts_with("/api/")) return;
  const std::string line = base::json::print(boost::json::object{{"method", to_text(request.method)},
                                                                 {"path", request.target.path},
                                                                 {"status", answer.status},
                                                                 {"type", answer.header("Content-Type")},
                                                                 {"body", answer.text()}}) + "\n";
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  static const int file = ::open((std::string(folder) + "/" + std::to_string(::getpid()) + ".jsonl").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  // A line that is lost would be a route that nobody checked: say so and stop.
  if (file < 0 || ::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    std::perror("TEST_ANSWERS");
    std::abort();
  }
}

const bool watching = [] {
  Site::watch(write_down);
  return true;
}();

}  // namespace
}  // namespace http
