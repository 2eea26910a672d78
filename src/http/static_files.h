// SPDX-License-Identifier: Apache-2.0
// The browser client's files from one folder: strong ETags (RFC 9110 section 8.8.3), ready-made .br and .gz beside a file,
// a year of caching for names that carry a hash. Not here: generated answers. Invariant: only plain names below the root
// are ever opened, and no link is followed out of it. Any thread.
#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "http/request.h"

namespace http {

class StaticFiles {
 public:
  explicit StaticFiles(std::filesystem::path root) : root_(std::move(root)) {}
  // 404 as status alone where there is no such file; If-None-Match is honoured.
  [[nodiscard]] Response serve(const Request& request, std::string_view path) const;
  [[nodiscard]] bool has(std::string_view path) const;

 private:
  struct File {
    std::int64_t modified = 0;
    std::uintmax_t size = 0;
    std::string etag;
    std::shared_ptr<const std::string> body;
  };
  [[nodiscard]] std::shared_ptr<const File> load(const std::string& relative) const;
  std::filesystem::path root_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const File>> files_;
};

[[nodiscard]] bool is_plain_path(std::string_view path);
[[nodiscard]] std::string_view content_type(std::string_view path);
// "index-C3Vb9_aQ.js": eight or more characters of hash before the ending.
[[nodiscard]] bool has_hashed_name(std::string_view path);

}  // namespace http
