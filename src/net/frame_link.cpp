// SPDX-License-Identifier: Apache-2.0
// See frame_link.h.
#include "net/frame_link.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <string.h>  // explicit_bzero
#include <unistd.h>

#include <array>
#include <atomic>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>

#include "net/runtime_impl.h"

namespace net {
namespace asio = boost::asio;
using local = asio::local::stream_protocol;
using Error = boost::system::error_code;

namespace {
constexpr std::size_t kMaxQueue = 64 << 20;

bool same_user(int fd, int* process = nullptr) {
  ucred other{};
  socklen_t length = sizeof(other);
  const bool same = ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &length) == 0 && other.uid == ::geteuid();
  if (same && process != nullptr) *process = other.pid;
  return same;
}
}  // namespace

struct FrameLink::Impl : std::enable_shared_from_this<FrameLink::Impl> {
  explicit Impl(local::socket s) : socket(std::move(s)), strand(asio::make_strand(socket.get_executor())) {}

  void read_some() {
    socket.async_read_some(asio::buffer(buffer.data() + used, buffer.size() - used),
                           asio::bind_executor(strand, [self = shared_from_this()](Error error, std::size_t n) {
                             if (error) return self->end();
                             self->used += n;
                             if (self->take_frames()) self->read_some();
                           }));
  }

  // False where the link broke its rules.
  bool take_frames() {
    std::size_t at = 0;
    while (used - at >= 4) {
      const std::size_t size = base::load_u32(buffer.data() + at);
      if (size > kMaxFrame) {
        end();
        return false;
      }
      if (used - at < 4 + size) {
        if (buffer.size() < 4 + size) buffer.resize(std::max(buffer.size() * 2, 4 + size));
        break;
      }
      told.on_frame(base::Bytes{buffer.data() + at + 4, size});
      if (ended) return false;
      at += 4 + size;
    }
    if (at > 0) {
      std::memmove(buffer.data(), buffer.data() + at, used - at);
      ::explicit_bzero(buffer.data() + used - at, at);  // what was handed on does not linger
    }
    used -= at;
    if (used == buffer.size()) buffer.resize(buffer.size() * 2);
    return true;
  }

  void enqueue(std::vector<std::uint8_t> frame) {
    if (ended) return;
    std::array<std::uint8_t, 4> length{};
    base::store_u32(length.data(), static_cast<std::uint32_t>(frame.size()));
    if (waiting.size() + frame.size() > kMaxQueue) return end();
    waiting.insert(waiting.end(), length.begin(), length.end());
    waiting.insert(waiting.end(), frame.begin(), frame.end());
    if (!is_writing) write();
  }

  void write() {
    is_writing = true;
    writing.clear();
    writing.swap(waiting);
    asio::async_write(socket, asio::buffer(writing),
                      asio::bind_executor(strand, [self = shared_from_this()](Error error, std::size_t) {
                        self->is_writing = false;
                        ::explicit_bzero(self->writing.data(), self->writing.size());
                        if (error) return self->end();
                        if (!self->waiting.empty())
                          self->write();
                        else if (self->finishing)
                          self->end();
                      }));
  }

  void end() {
    if (ended) return;
    ended = true;
    Error ignored;
    (void)socket.close(ignored);
    if (told.on_closed) told.on_closed();
    told = {};
  }

  local::socket socket;
  asio::strand<asio::any_io_executor> strand;
  Told told;
  std::vector<std::uint8_t> buffer = std::vector<std::uint8_t>(std::size_t{64} * 1024);
  std::size_t used = 0;
  std::vector<std::uint8_t> waiting, writing;
  int peer = 0;
  bool is_writing = false, ended = false, finishing = false;
};

FrameLink::~FrameLink() { close(); }

std::unique_ptr<FrameLink> FrameLink::connect(Runtime& runtime, const std::string& path) {
  local::socket socket(runtime.impl().context);
  Error error;
  (void)socket.connect(local::endpoint(path), error);
  int peer = 0;
  if (error || !same_user(socket.native_handle(), &peer)) return nullptr;
  auto impl = std::make_shared<Impl>(std::move(socket));
  impl->peer = peer;
  return std::make_unique<FrameLink>(std::move(impl));
}

int FrameLink::peer_process() const { return impl_->peer; }

void FrameLink::start(Told told) {
  asio::post(impl_->strand, [impl = impl_, told = std::move(told)]() mutable {
    impl->told = std::move(told);
    if (impl->ended) {  // closed before it began
      if (impl->told.on_closed) impl->told.on_closed();
      impl->told = {};
      return;
    }
    impl->read_some();
  });
}

void FrameLink::send(std::vector<std::uint8_t> frame) {
  asio::post(impl_->strand, [impl = impl_, frame = std::move(frame)]() mutable { impl->enqueue(std::move(frame)); });
}

void FrameLink::finish() {
  asio::post(impl_->strand, [impl = impl_] {
    impl->finishing = true;
    if (!impl->is_writing) impl->end();
  });
}

void FrameLink::close() {
  asio::post(impl_->strand, [impl = impl_] { impl->end(); });
}

struct FrameListener::Impl : std::enable_shared_from_this<FrameListener::Impl> {
  explicit Impl(asio::io_context& context) : acceptor(context) {}
  void accept() {
    acceptor.async_accept([self = shared_from_this()](Error error, local::socket socket) {
      if (error == asio::error::operation_aborted || error == asio::error::bad_descriptor) return;
      if (!error && same_user(socket.native_handle()))
        self->on_link(std::make_unique<FrameLink>(std::make_shared<FrameLink::Impl>(std::move(socket))));
      self->accept();
    });
  }
  local::acceptor acceptor;
  std::function<void(std::unique_ptr<FrameLink>)> on_link;
};

FrameListener::FrameListener(Runtime& runtime, const std::string& path,
                             std::function<void(std::unique_ptr<FrameLink>)> on_link)
    : impl_(std::make_shared<Impl>(runtime.impl().context)) {
  Error error;
  local::socket probe(runtime.impl().context);
  (void)probe.connect(local::endpoint(path), error);
  if (!error) throw std::runtime_error("call: another call process listens on this socket");
  ::unlink(path.c_str());
  impl_->on_link = std::move(on_link);
  (void)impl_->acceptor.open(local(), error);
  const mode_t before = ::umask(0177);
  if (!error) (void)impl_->acceptor.bind(local::endpoint(path), error);
  ::umask(before);
  if (!error) (void)impl_->acceptor.listen(8, error);
  if (error) throw std::runtime_error("call: cannot listen on its socket (is the path too long, the folder missing?)");
}

void FrameListener::start() {
  asio::post(impl_->acceptor.get_executor(), [impl = impl_] { impl->accept(); });
}

FrameListener::~FrameListener() {
  asio::post(impl_->acceptor.get_executor(), [impl = impl_] {
    Error ignored;
    (void)impl->acceptor.close(ignored);
  });
}

}  // namespace net
