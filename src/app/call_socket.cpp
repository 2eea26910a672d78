// SPDX-License-Identifier: Apache-2.0
// See call_socket.h.
#include "app/call_socket.h"

#include "app/log.h"
#include "base/json.h"
#include "call/message.h"

namespace app {
namespace {
constexpr std::size_t kMostEarly = 8;
}  // namespace

std::optional<Hello> read_hello(std::string_view text) {
  const auto value = base::json::parse(text, {.bytes = 4'096, .depth = 4});
  if (!value) return std::nullopt;
  const auto* object = value->if_object();
  if (object == nullptr) return std::nullopt;
  const auto* type = object->if_contains("type");
  if (type == nullptr || !type->is_string() || std::string_view(type->get_string()) != call::Hello::type) return std::nullopt;
  base::json::Reader reader(base::json::Mode::strict);
  call::Hello hello;
  base::json::read_object(reader, *object, hello, "type");
  if (!reader.ok()) return std::nullopt;
  return Hello{.link = std::move(hello.link), .resume = std::move(hello.resume), .keep = hello.keep.value_or(false)};
}

void CallSocket::on_open(std::shared_ptr<http::WebSocket> socket) {
  {
    const std::lock_guard lock(mutex_);
    socket_ = std::move(socket);
  }
  runtime_.after(hello_within_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    const std::lock_guard lock(self->mutex_);
    if (self->stage_ == Stage::fresh) self->refuse(4400);
  });
}

void CallSocket::on_text(std::string text) {
  const std::lock_guard lock(mutex_);
  switch (stage_) {
    case Stage::attached: return relay_->text(*connection_, std::move(text));
    case Stage::over: return;
    case Stage::checking:
      if (early_.size() == kMostEarly) return refuse(4429);
      early_.push_back(std::move(text));
      return;
    case Stage::fresh: break;
  }
  auto hello = read_hello(text);
  if (!hello) return refuse(4400);
  stage_ = Stage::checking;
  runtime_.work([self = shared_from_this(), hello = std::move(*hello)]() mutable {
    auto result = self->check_(hello.link);
    self->checked(std::move(result), std::move(hello));
  });
}

void CallSocket::checked(base::Result<Opens, std::uint16_t> result, Hello hello) {
  const std::lock_guard lock(mutex_);
  if (stage_ != Stage::checking) return;  // gone meanwhile
  if (!result) return refuse(result.error());
  call::Attach attach;
  attach.room = result->room;
  attach.admission = result->admission;
  attach.resume = std::move(hello.resume);
  attach.keep = hello.keep;
  connection_ = relay_->attach(socket_, std::move(attach));
  stage_ = connection_ ? Stage::attached : Stage::over;
  if (connection_ && result->watched) {
    watched_ = std::move(result->watched);
    watched_->connection = connection_->value;
  }
  for (auto& text : early_)
    if (connection_) relay_->text(*connection_, std::move(text));
  early_.clear();
}

void CallSocket::refuse(std::uint16_t code) {
  stage_ = Stage::over;
  early_.clear();
  log(LogLevel::info, "signalling-refused", {{"code", code}});
  socket_->close(code);
}

void CallSocket::on_closed() {
  const std::lock_guard lock(mutex_);
  if (stage_ == Stage::attached) relay_->detach(*connection_);
  stage_ = Stage::over;
  socket_.reset();
  watched_.reset();
}

}  // namespace app
