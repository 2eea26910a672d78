// SPDX-License-Identifier: Apache-2.0
// See static_files.h.
#include "http/static_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace http {
namespace {

constexpr std::uintmax_t kMaxFile = 32 << 20;

struct Type {
  std::string_view ending, type;
};
constexpr std::array kTypes{
    Type{".html", "text/html; charset=utf-8"},      Type{".js", "text/javascript; charset=utf-8"},
    Type{".mjs", "text/javascript; charset=utf-8"}, Type{".css", "text/css; charset=utf-8"},
    Type{".json", "application/json"},              Type{".map", "application/json"},
    Type{".svg", "image/svg+xml"},                  Type{".png", "image/png"},
    Type{".jpg", "image/jpeg"},                     Type{".webp", "image/webp"},
    Type{".ico", "image/x-icon"},                   Type{".woff2", "font/woff2"},
    Type{".wasm", "application/wasm"},              Type{".webmanifest", "application/manifest+json"},
    Type{".txt", "text/plain; charset=utf-8"},      Type{".wav", "audio/wav"},
    Type{".mp3", "audio/mpeg"},                     Type{".ogg", "audio/ogg"},
};

// FNV-1a, twice with different starts: a name for content of ours, not a defence.
std::string content_name(std::string_view body) {
  std::uint64_t a = 0xcbf29ce484222325ULL, b = 0x84222325cbf29ce4ULL;
  for (const char c : body) {
    a = (a ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
    b = (b ^ static_cast<std::uint8_t>(c)) * 0x00000100000001b3ULL + 1;
  }
  return fmt::format("\"{:016x}{:016x}\"", a, b);
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
  for (std::string_view rest = accept_encoding; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    const std::size_t parameters = item.find(';');
    const bool refused = parameters != std::string_view::npos && (item.ends_with("q=0") || item.ends_with("q=0.0"));
    if (item.substr(0, parameters) == coding) return !refused;
  }
  return false;
}

// The entity tags of If-None-Match (RFC 9110 section 13.1.2), compared weakly.
bool names_tag(std::string_view if_none_match, std::string_view etag) {
  if (if_none_match == "*") return true;
  for (std::size_t at = if_none_match.find('"'); at != std::string_view::npos;) {
    const std::size_t end = if_none_match.find('"', at + 1);
    if (end == std::string_view::npos) return false;
    if (if_none_match.substr(at, end - at + 1) == etag) return true;
    at = if_none_match.find('"', end + 1);
  }
  return false;
}

}  // namespace

bool is_plain_path(std::string_view path) {
  if (path.size() < 2 || path[0] != '/' || path.size() > 512) return false;
  bool segment_begins = true;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '/') {
      if (segment_begins) return false;
      segment_begins = true;
      continue;
    }
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!plain && !(c == '.' && !segment_begins)) return false;  // no hidden files, no dot segments
    segment_begins = false;
  }
  return !segment_begins;
}

std::string_view content_type(std::string_view path) {
  for (const auto& t : kTypes)
    if (path.ends_with(t.ending)) return t.type;
  return "application/octet-stream";
}

bool has_hashed_name(std::string_view path) {
  const std::size_t dash = path.rfind('-'), dot = path.rfind('.'), slash = path.rfind('/');
  if (dash == std::string_view::npos || dot == std::string_view::npos || dash < slash || dot < dash + 9) return false;
  bool digit_or_capital = false;  // "quietroom-facilitator.css" is a word, not a hash
  for (std::size_t i = dash + 1; i < dot; ++i)
    digit_or_capital |= (path[i] >= '0' && path[i] <= '9') || (path[i] >= 'A' && path[i] <= 'Z') || path[i] == '_';
  return digit_or_capital;
}

std::shared_ptr<const StaticFiles::File> StaticFiles::load(const std::string& relative) const {
  const std::filesystem::path full = root_ / relative;
  struct Descriptor {
    int fd;
    ~Descriptor() {
      if (fd >= 0) ::close(fd);
    }
  };
  const Descriptor file{::open(full.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  struct stat s {};
  if (file.fd < 0 || ::fstat(file.fd, &s) != 0 || !S_ISREG(s.st_mode)) return nullptr;
  if (static_cast<std::uintmax_t>(s.st_size) > kMaxFile) return nullptr;
  const auto modified = std::int64_t{s.st_mtim.tv_sec} * 1'000'000'000 + s.st_mtim.tv_nsec;
  const auto size = static_cast<std::uintmax_t>(s.st_size);
  {
    const std::lock_guard lock(mutex_);
    const auto known = files_.find(relative);
    if (known != files_.end() && known->second->modified == modified && known->second->size == size) return known->second;
  }
  std::string body(size, '\0');
  std::size_t at = 0;
  while (at < body.size()) {
    const ssize_t n = ::read(file.fd, body.data() + at, body.size() - at);
    if (n <= 0) return nullptr;
    at += static_cast<std::size_t>(n);
  }
  auto out = std::make_shared<File>();
  out->modified = modified;
  out->size = size;
  out->etag = content_name(body);
  out->body = std::make_shared<const std::string>(std::move(body));
  const std::lock_guard lock(mutex_);
  files_[relative] = out;
  return out;
}

bool StaticFiles::has(std::string_view path) const { return is_plain_path(path) && load(std::string(path.substr(1))) != nullptr; }

Response StaticFiles::serve(const Request& request, std::string_view path) const {
  Response r;
  r.status = 404;
  if (!is_plain_path(path)) return r;
  const std::string relative(path.substr(1));
  auto file = load(relative);
  if (!file) return r;
  bool varies = false;
  for (const auto& [coding, ending] : {std::pair{"br", ".br"}, std::pair{"gzip", ".gz"}}) {
    const auto packed = load(relative + ending);
    if (!packed || packed->modified < file->modified) continue;
    varies = true;
    if (!accepts(request.header("Accept-Encoding"), coding)) continue;
    file = packed;
    r.set("Content-Encoding", coding);
    break;
  }
  r.status = 200;
  if (varies) r.set("Vary", "Accept-Encoding");
  r.set("ETag", file->etag);
  r.set("Cache-Control", has_hashed_name(path) ? "public, max-age=31536000, immutable" : "no-cache");
  r.set("Content-Type", std::string(content_type(path)));
  if (names_tag(request.header("If-None-Match"), file->etag)) {
    r.status = 304;
    return r;
  }
  r.body = file->body;
  return r;
}

}  // namespace http
