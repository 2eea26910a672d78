// SPDX-License-Identifier: Apache-2.0
// See call_process.h.
#include "app/call_process.h"

#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

#include "app/call_link.h"
#include "app/log.h"
#include "app/plane_core.h"
#include "net/confinement.h"
#include "net/frame_link.h"
#include "net/machine.h"
#include "net/media_loop.h"
#include "net/runtime.h"

namespace app {
namespace {

constexpr auto kForgottenAfter = base::Duration::seconds(600);
constexpr auto kTrimEvery = base::Duration::seconds(10);
constexpr int kTrimLast = 14;  // times that

struct MediaThread {
  std::unique_ptr<net::MachineEntropy> entropy;
  std::unique_ptr<net::MediaLoop> loop;
  std::unique_ptr<PlaneCore> core;
};

class CallProcess {
 public:
  CallProcess(const Configuration& configuration, const std::string& socket_path) : runtime_(1, 1), ipsec_mb_(configuration.media.ipsec_mb &&
                               crypto::gcm_engine_name(crypto::GcmEngine::automatic) == "ipsec-mb") {
    make_threads(configuration);
    listener_ = std::make_unique<net::FrameListener>(runtime_, socket_path,
                                                     [this](std::unique_ptr<net::FrameLink> link) { take(std::move(link)); });
    runtime_.on_signals({SIGTERM, SIGINT}, [this](int) { stop(); });
    runtime_.on_signals({SIGHUP}, [](int) {});
    runtime_.after(kForgottenAfter, [this] { look_whether_forgotten(); });
    runtime_.after(kTrimEvery, [this] { give_memory_back(); });
  }

  void run() {
    for (auto& t : threads_) t.loop->start(*t.core);
    runtime_.start();
    net::confine_call_process();
    listener_->start();  // not before: what the service brings comes from outside
    log(LogLevel::info, "call-listening",
        {{"media_port", threads_.front().loop->port()}, {"media_threads", threads_.size()}, {"ipsec_mb", ipsec_mb_}});
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return end_; });
    lock.unlock();
    for (auto& t : threads_) t.loop->stop();
    runtime_.stop();
  }

 private:
  void make_threads(const Configuration& c) {
    net::MediaLoopSettings loop;
    loop.segmentation = c.media.segmentation;
    loop.rest = base::Duration::micros(c.media.rest_us);
    loop.listen = addresses(c.media.listen);
    if (loop.listen.empty()) loop.listen = net::interface_addresses();
    const auto certificate = crypto::Certificate::make_self_signed();
    const std::uint32_t count = c.media.threads != 0 ? c.media.threads : std::max(1U, std::thread::hardware_concurrency());
    for (std::uint32_t i = 0; i < count; ++i) {
      loop.port = c.media.port == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(c.media.port + i);
      MediaThread t;
      t.entropy = std::make_unique<net::MachineEntropy>();
      t.loop = std::make_unique<net::MediaLoop>(loop);
      auto told = PlaneCore::Told{.frames = [this](auto frames) { tell(std::move(frames)); },
                                  .stopped = [this] { runtime_.post([this] { thread_stopped(); }); }};
      t.core = std::make_unique<PlaneCore>(i, plane_settings(c, *t.loop, certificate), *t.entropy, t.loop->counters(),
                                           std::move(told));
      threads_.push_back(std::move(t));
    }
  }

  static std::vector<base::Address> addresses(const std::vector<std::string>& texts) {
    std::vector<base::Address> out;
    for (const auto& text : texts)
      if (base::Address a; net::parse_address(text, a)) out.push_back(a);
    return out;
  }

  static call::PlaneSettings plane_settings(const Configuration& c, const net::MediaLoop& loop,
                                            const std::shared_ptr<const crypto::Certificate>& certificate) {
    call::PlaneSettings s;
    s.max_people = c.room.people;
    s.max_waiting = c.room.waiting;
    s.max_rooms = c.room.rooms;
    s.media.certificate = certificate;
    s.media.bounded = c.media.bounds;
    s.media.first_estimate_bps = c.media.first_estimate_kbps * 1'000;
    s.media.gcm = c.media.ipsec_mb ? crypto::GcmEngine::automatic : crypto::GcmEngine::evp;
    auto reached = addresses(c.media.advertise);
    if (reached.empty()) reached = loop.addresses();
    for (auto& a : reached) a.port = loop.port();
    for (const auto carrier : {base::Carrier::udp, base::Carrier::tcp})
      for (const auto& a : reached) s.media.candidates.push_back({.carrier = carrier, .address = a});
    return s;
  }

  // From the media threads.
  void tell(std::vector<std::vector<std::uint8_t>> frames) {
    const std::lock_guard lock(mutex_);
    if (!link_) return;  // the service is away: those it had were detached, the others come back with their tokens
    for (auto& f : frames) link_->send(std::move(f));
  }

  // A service has come. While one is here nobody takes its place: the kernel closes the link of one that died, and a
  // service that comes in between asks again.
  void take(std::unique_ptr<net::FrameLink> link) {
    net::FrameLink* now = link.get();
    const std::uint64_t number = link_number_ + 1;
    {
      const std::lock_guard lock(mutex_);
      if (link_) {
        log(LogLevel::warning, "second-service-refused");
        return;
      }
      link_ = std::move(link);
      link_number_ = number;
    }
    log(LogLevel::info, "service-connected");
    CallReady ready;
    for (const auto& t : threads_) ready.media_ports.push_back(t.loop->port());
    now->send(encode(LinkToService{std::move(ready)}));
    now->start({.on_frame = [this](base::Bytes frame) { route(frame); }, .on_closed = [this, number] { lost(number); }});
  }

  void lost(std::uint64_t number) {
    if (number != link_number_) return;
    log(LogLevel::warning, "service-gone", {{"connections", connections_.size()}});
    {
      const std::lock_guard lock(mutex_);
      link_.reset();
    }
    detach_all();
    lost_at_ = net::read_clock().instant;
    if (stopping_) finish();
  }

  void detach_all() {
    for (const auto& [connection, thread] : connections_)
      threads_[thread].loop->post(encode(LinkToCall{call::Detach{connection}}));
    connections_.clear();
    some_left_ = true;
  }

  void route(base::Bytes frame) {
    const auto message = decode_to_call(frame);
    if (!message) {
      log(LogLevel::error, "frame-not-understood");
      return;
    }
    if (const auto* attach = std::get_if<call::Attach>(&*message)) {
      const std::size_t thread = attach->room.value % threads_.size();  // a room lives on one thread
      connections_[attach->connection] = thread;
      threads_[thread].loop->post({frame.begin(), frame.end()});
    } else if (const auto* out = std::get_if<call::PutOut>(&*message)) {
      threads_[out->room.value % threads_.size()].loop->post({frame.begin(), frame.end()});
    } else if (const auto* text = std::get_if<call::ClientText>(&*message)) {
      if (const auto known = connections_.find(text->connection); known != connections_.end())
        threads_[known->second].loop->post({frame.begin(), frame.end()});
    } else if (const auto* detach = std::get_if<call::Detach>(&*message)) {
      const auto known = connections_.find(detach->connection);
      if (known == connections_.end()) return;
      threads_[known->second].loop->post({frame.begin(), frame.end()});
      connections_.erase(known);
      some_left_ = true;
    } else if (std::holds_alternative<call::Stop>(*message)) {
      stop();
    } else {
      for (auto& t : threads_) t.loop->post({frame.begin(), frame.end()});
    }
  }

  void stop() {
    if (std::exchange(stopping_, true)) return;
    log(LogLevel::info, "stopping", {{"connections", connections_.size()}});
    for (auto& t : threads_) t.loop->post(encode(LinkToCall{call::Stop{}}));
    runtime_.after(base::Duration::millis(1'500), [this] { finish(); });
  }

  void thread_stopped() {
    if (++stopped_ < threads_.size()) return;
    const std::lock_guard lock(mutex_);
    if (link_)
      link_->finish();  // its end is lost(), which finishes
    else
      runtime_.post([this] { finish(); });
  }

  void finish() {
    const std::lock_guard lock(mutex_);
    end_ = true;
    ended_.notify_all();
  }

  // Nobody has asked for so long, and the rooms' people cannot come back either: do not stay behind for ever.
  void look_whether_forgotten() {
    bool alone = false;
    {
      const std::lock_guard lock(mutex_);
      alone = link_ == nullptr;
    }
    if (alone && net::read_clock().instant - lost_at_ >= kForgottenAfter) stop();
    runtime_.after(kForgottenAfter, [this] { look_whether_forgotten(); });
  }

  // What people who have left took is of use to others on this machine: the allocator would keep it, 80 KB a person. Soon after
  // they leave, and once those who only lost their line are given up.
  void give_memory_back() {
    if (std::exchange(some_left_, false)) trim_in_ = kTrimLast;
    if (trim_in_ > 0) --trim_in_;
    if (trim_in_ == kTrimLast - 2 || trim_in_ == 1) ::malloc_trim(0);
    runtime_.after(kTrimEvery, [this] { give_memory_back(); });
  }

  net::Runtime runtime_;
  bool ipsec_mb_;  // used, not only wished for
  std::vector<MediaThread> threads_;
  std::unique_ptr<net::FrameListener> listener_;
  // on the runtime's one thread:
  std::unordered_map<base::ConnectionId, std::size_t> connections_;
  bool some_left_ = false;
  int trim_in_ = 0;
  std::uint64_t link_number_ = 0;
  std::size_t stopped_ = 0;
  bool stopping_ = false;
  base::Instant lost_at_ = net::read_clock().instant;
  // shared:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::unique_ptr<net::FrameLink> link_;
  bool end_ = false;
};

}  // namespace

int run_call(const Configuration& configuration, const std::string& socket_path) {
  {
    CallProcess process(configuration, socket_path);
    process.run();
    log(LogLevel::info, "stopped");
  }
  ::_exit(0);  // what runs at exit may want files, which this process gave up
}

}  // namespace app
