// SPDX-License-Identifier: Apache-2.0
// Fuzzes what the service reads from strangers and from the call process: the first byte chooses among the HTTP target, the
// first WebSocket message, the configuration file, link frames both ways, and RFC 4571 framing. What is accepted must come
// back the same when written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/call_link.h"
#include "app/call_socket.h"
#include "app/configuration.h"
#include "http/static_files.h"
#include "http/target.h"
#include "net/media_loop.h"
#include "net/rfc4571.h"

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

void target(std::string_view text) {
  const auto t = http::parse_target(text);
  if (!t) return;
  require(t->path.starts_with('/') && t->path.find('\0') == std::string::npos && http::is_utf8(t->path));
  if (http::is_plain_path(t->path)) require(t->path.find("..") != 1 && t->path.find("/.") == std::string::npos);
}

template <class Message, class Error>
void link(base::Bytes frame, base::Result<Message, Error> (*decode)(base::Bytes)) {
  const auto m = decode(frame);
  if (!m) return;
  const auto again = app::encode(*m);
  require(again.size() == frame.size() && std::equal(again.begin(), again.end(), frame.begin()));
}

void framing(base::Bytes bytes) {
  net::Rfc4571Reader reader;
  std::size_t framed = 0;
  for (std::size_t at = 0; at < bytes.size() && reader.ok();) {
    const auto room = reader.room();
    require(!room.empty());
    const std::size_t n = std::min({room.size(), bytes.size() - at, std::size_t{bytes[at]} + 1});
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), n, room.begin());
    reader.filled(n);
    reader.drain([&](base::MutableBytes frame) { framed += 2 + frame.size(); });
    at += n;
  }
  require(framed <= bytes.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const base::Bytes rest{data + 1, size - 1};
  const std::string_view text = base::as_text(rest);
  switch (data[0] % 6) {
    case 0: target(text); break;
    case 1: (void)app::read_hello(text); break;
    case 2: (void)app::read_configuration({.file_name = "f", .file_text = std::string(text), .environment = {}, .flags = {}}); break;
    case 3: link(rest, &app::decode_to_call); break;
    case 4: link(rest, &app::decode_to_service); break;
    default: framing(rest); break;
  }
  return 0;
}
