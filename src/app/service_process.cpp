// SPDX-License-Identifier: Apache-2.0
// See service_process.h.
#include "app/service_process.h"

#include <fmt/format.h>
#include <signal.h>
#include <systemd/sd-daemon.h>

#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>

#include "app/admission_routes.h"
#include "app/call_relay.h"
#include "app/call_socket.h"
#include "app/care_wiring.h"
#include "app/demonstration_trust.h"
#include "app/hourly.h"
#include "app/log.h"
#include "app/member_wiring.h"
#include "app/operations_routes.h"
#include "app/room_record.h"
#include "app/service_store.h"
#include "app/turn_relay.h"
#include "app/visit_table.h"
#include "call/message_values.h"
#include "http/static_files.h"
#include "net/child.h"
#include "net/http_server.h"
#include "net/machine.h"

namespace app {
namespace {

net::HttpSettings http_settings(const Configuration& c) {
  net::HttpSettings s;
  s.listen = c.http.listen;
  s.port = c.http.port;
  s.certificate = c.http.certificate;
  s.key = c.http.key;
  s.plain_beyond_loopback = c.http.plain_beyond_loopback;
  s.limits.total_connections = c.http.connections;
  s.limits.connections = c.http.connections_per_address;
  s.limits.requests_per_second = c.http.requests_per_second;
  s.limits.burst = c.http.burst;
  return s;
}

http::SitePolicy site_policy(const Configuration& c) {
  return {.tls = !c.http.certificate.empty(),
          .page_paths = {"/join", "/demo", "/help", "/privacy", "/accessibility", "/staff", "/mine"},
          .allowed_origins = c.http.allowed_origins};
}

class Service {
 public:
  Service(const Configuration& c, const ServeOptions& options)
      : configuration_(c), options_(options), runtime_(2, 8), store_(c, entropy_, net::read_clock().wall), table_(store_.pool()), files_(c.web),
        site_(site_policy(c), &files_) {
    if (options.demonstration) {
      rooms_ = prepare_demonstration(table_, *options.demonstration, c.data + "/demonstration-links.json", entropy_,
                                     net::read_clock().wall);
      if (!options.links_file.empty()) write_links(options.links_file, rooms_);
    }
    std::vector<DemonstrationOwn> own;
    if (options.demonstration_trust) {
      prepare_demonstration_trust(store_.pool(), store_.keys(), entropy_, net::read_clock().wall, crypto::PasswordCost{});
      own = prepare_demonstration_own(store_.pool(), store_.keys(), entropy_, c.data + "/demonstration-own.json", net::read_clock().wall);
    }
    if (options.demonstration) add_demonstration_route(site_, rooms_, own);
    make_relay();
    add_routes();
    server_ = std::make_unique<net::HttpServer>(runtime_, http_settings(c), site_);
    runtime_.on_signals({SIGTERM, SIGINT}, [this](int) { stop(); });
    runtime_.on_signals({SIGHUP}, [this](int) {
      if (const auto level = options_.log_level_again ? options_.log_level_again() : std::nullopt) set_log_level(*level);
      log(LogLevel::info, "log-level-read-again");
      runtime_.work([this] {
        if (store_.load_keys(net::read_clock().wall)) {
          log(LogLevel::info, "keys-read-again");
        } else {
          log(LogLevel::error, "keys-not-read");
        }
      });
    });
  }

  void run() {
    server_->start();
    relay_->start();
    members_.start();
    runtime_.start();
    every_hour();
    every_second();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return end_; });
    lock.unlock();
    runtime_.stop();
    relay_->see_off(base::Duration::seconds(3));
  }

 private:
  // What has had its time goes, now and every hour.
  void every_hour() {
    runtime_.work([this] {
      const auto forgotten = forget_places(store_.pool(), base::Duration::seconds(std::int64_t{3'600} * configuration_.care.place_hours),
                                           net::read_clock().wall);
      if (!forgotten) log(LogLevel::error, "places-not-forgotten");
      if (!keep_no_longer(store_.pool(), store_.keys(), entropy_, net::read_clock().wall)) log(LogLevel::error, "retention-failed");
      if (!forget_kept_answers(store_.pool(), net::read_clock().wall)) log(LogLevel::error, "answers-not-forgotten");
    });
    runtime_.after(base::Duration::seconds(3'600), [this] { every_hour(); });
  }

  void every_second() {
    runtime_.after(base::Duration::seconds(1), [this] {
      runtime_.work([this] {
        store_.pool().tidy();
        seat_watch_.look(net::read_clock());
        (void)refusals_.write(store_.pool(), net::read_clock().wall);  // else the next second
        every_second();
      });
    });
  }

  void make_relay() {
    CallRelaySettings s;
    s.socket_path = configuration_.data + "/call.sock";
    s.program = net::own_program();
    s.arguments = options_.call_arguments;
    s.arguments.insert(s.arguments.begin(), {"call", "--socket", s.socket_path});
    s.turn = use_relay(configuration_, entropy_);
    // Ids of a service that was here before must not be met again by rooms that still hold them.
    relay_ = std::make_shared<CallRelay>(runtime_, std::move(s), (entropy_.u64() >> 16) << 15 | 1);
    relay_->tell_of_rooms({.came = [this](const call::Came& m) {
                             const base::WallTime at = net::read_clock().wall;
                             record_.put([this, m] { return table_.came(m.room, m.seat); });
                             record_.put([this, m, at] { return members_.seats().came(m.room, m.seat, at); });
                           },
                           .went = [this](const call::Went& m) {
                             record_.put([this, m, at = net::read_clock().wall] { return members_.seats().went(m.room, m.seat, m.how, at); });
                           },
                           .ended = [this](const call::RoomEnded& m) {
                             log(LogLevel::info, "room-ended");
                             const base::WallTime at = net::read_clock().wall;
                             record_.put([this, m, at] { return table_.end(m.room, at); });
                             record_.put([this, m, at] { return members_.seats().ended(m.room, at); });
                           },
                           .visited = [this](const call::VisitEnded& m) { record_.put([this, m] { return members_.seats().visited(m.room, m.figures); }); }});
    relay_->when_ready([this](const CallReady& ready) { announce(ready); });
  }

  void add_routes() {
    add_admission_routes(site_, {.find = [this](const LinkHash& link, base::WallTime now) { return booking(link, now); },
                                 .beside = [this](const Booking& b) { return b.demonstration ? table_.of_room(b.room) : members_.seats().of_room(b.room); }});
    add_operations_routes(site_, {.ready = [this] { return relay_->ready(); },
                                  .call = [this] { return relay_->figures(); },
                                  .http = [this] { return server_ ? &server_->counters() : nullptr; },
                                  .metrics_beyond_loopback = configuration_.metrics_beyond_loopback});
    LinkCheck check = [this](const base::Redacted<std::string>& link) { return opens(link); };
    site_.add(http::WebSocketRoute{
        .path = "/api/call",
        .subprotocol = "quietroom.1",
        .max_message = call::kMostFrameBytes,
        .make = [this, check = std::move(check)] { return std::make_shared<CallSocket>(runtime_, relay_, check); }});
  }

  base::Result<Opens, std::uint16_t> opens(const base::Redacted<std::string>& link) {
    const base::WallTime now = net::read_clock().wall;
    const auto found = booking(hash_link(link), now);
    if (!found) return std::unexpected(std::uint16_t{4503});
    if (!*found) return closed(Closed::unknown);
    const auto admission = admit(**found, now);
    if (!admission) return closed(admission.error());
    auto watched = (*found)->taken ? seat_watch_.watch((*found)->room, *(*found)->taken) : nullptr;
    return Opens{.room = (*found)->room, .admission = *admission, .watched = std::move(watched)};
  }

  std::unexpected<std::uint16_t> closed(Closed why) {
    refusals_.note(why);
    return std::unexpected(close_code(why));
  }

  // A link of the demonstration, else the pass of a real session's seat.
  base::Result<std::optional<Booking>, store::StoreError> booking(const LinkHash& link, base::WallTime now) {
    auto found = table_.find(link);
    if (!found || *found) return found;
    return members_.seats().find(link, now);
  }

  // Both processes listen: say so, once to people and each time to the listening file.
  void announce(const CallReady& ready) {
    const std::lock_guard lock(mutex_);
    if (!options_.listening_file.empty()) write_listening_file(ready);
    if (std::exchange(announced_, true)) return;
    log(LogLevel::info, "listening", {{"http_port", server_->port()}, {"media_port", ready.media_ports.front()},
                                      {"media_threads", ready.media_ports.size()}});
    ::sd_notify(0, "READY=1");
    const std::string address =
        fmt::format("{}://localhost:{}", configuration_.http.certificate.empty() ? "http" : "https", server_->port());
    fmt::print("Quietroom is listening on {}\n", address);
    if (!rooms_.empty()) print_links(address);
    std::fflush(stdout);
  }

  void print_links(const std::string& address) const {
    fmt::print("\nA demonstration group meets now. Personal links:\n");
    int members = 0;
    for (const auto& l : rooms_.front().links) {
      const bool shown = l.role == "facilitator" || l.role == "co_facilitator" || (l.role == "member" && ++members <= 3);
      if (shown) fmt::print("  {:<14} {:<8} {}/join#{}\n", l.role, l.alias, address, l.link);
    }
    if (options_.demonstration_trust) {
      fmt::print("\nStaff sign in at {}/staff. Accounts of this demonstration:\n", address);
      for (const auto& who : demonstration_staff()) fmt::print("  {:<15} {:<28} {}\n", who.role, who.email, who.password);
    }
    fmt::print("\n");
  }

  void write_listening_file(const CallReady& ready) const {
    boost::json::array ports(ready.media_ports.begin(), ready.media_ports.end());
    const std::string text = base::json::print(
        boost::json::object{{"http", server_->port()}, {"media", std::move(ports)}});
    const std::string fresh = options_.listening_file + ".new";
    {
      std::ofstream out(fresh);
      out << text << "\n";
    }
    std::error_code ignored;
    std::filesystem::rename(fresh, options_.listening_file, ignored);
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(stopping_, true)) return;
    }
    log(LogLevel::info, "stopping");
    ::sd_notify(0, "STOPPING=1");
    server_->stop();
    // The rooms say `closing`, the call process closes each connection and goes; then the WebSockets get a moment to end.
    relay_->stop(base::Duration::millis(1'800), [this] {
      runtime_.after(base::Duration::millis(300), [this] {
        const std::lock_guard lock(mutex_);
        end_ = true;
        changed_.notify_all();
      });
    });
  }

  const Configuration& configuration_;
  const ServeOptions& options_;
  net::MachineEntropy entropy_;
  net::Runtime runtime_;
  ServiceStore store_;
  AdmissionTable table_;
  http::StaticFiles files_;
  http::Site site_;
  CareWiring care_{configuration_, store_, entropy_, site_, options_.demonstration_trust};
  MemberWiring members_{configuration_, store_, entropy_, site_, care_.desk(), runtime_};
  std::vector<DemonstrationRoom> rooms_;
  RoomRecord record_{[this](std::function<void()> again) {
    runtime_.after(base::Duration::seconds(1), [this, again = std::move(again)] { runtime_.work(again); });
  }};
  std::shared_ptr<CallRelay> relay_;
  Refusals refusals_;
  SeatWatch seat_watch_{[this](const std::vector<care::TakenSeat>& seats, base::WallTime now) { return members_.seats().still_theirs(seats, now); },
                        [this](base::RoomId room, base::ConnectionId connection) { relay_->put_out(room, connection); }};
  std::unique_ptr<net::HttpServer> server_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool announced_ = false, stopping_ = false, end_ = false;
};

}  // namespace

int run_service(const Configuration& configuration, const ServeOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(configuration.data, error);
  std::filesystem::permissions(configuration.data, std::filesystem::perms::owner_all, error);
  if (error) throw std::runtime_error("the data folder cannot be made or made private: " + configuration.data);
  {
    Service service(configuration, options);
    service.run();
  }
  log(LogLevel::info, "stopped");
  return 0;
}

}  // namespace app
