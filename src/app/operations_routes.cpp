// SPDX-License-Identifier: Apache-2.0
// See operations_routes.h. Counters live where they are counted; each scrape turns their present values into Prometheus
// families (prometheus-cpp serialises them), so nothing is counted twice.
#include "app/operations_routes.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <string>

namespace app {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Families = std::vector<MetricFamily>;

MetricFamily& family(Families& all, std::string name, std::string help, MetricType type) {
  MetricFamily f;
  f.name = std::move(name);
  f.help = std::move(help);
  f.type = type;
  all.push_back(std::move(f));
  return all.back();
}

void value(MetricFamily& f, double v, std::vector<ClientMetric::Label> labels = {}) {
  ClientMetric m;
  m.label = std::move(labels);
  if (f.type == MetricType::Counter)
    m.counter.value = v;
  else
    m.gauge.value = v;
  f.metric.push_back(std::move(m));
}
double number(std::uint64_t v) { return static_cast<double>(v); }

void http_families(Families& all, const net::HttpCounters& c) {
  auto& answers = family(all, "quietroom_http_answers_total", "HTTP answers by class of status", MetricType::Counter);
  for (std::size_t i = 1; i < c.by_class.size(); ++i)
    value(answers, number(c.by_class[i]), {{"class", std::to_string(i) + "xx"}});
  struct One {
    const char *name, *help;
    const std::atomic<std::uint64_t>* counter;
  };
  const std::array counters{
      One{"quietroom_http_connections_total", "TCP connections accepted", &c.accepted},
      One{"quietroom_http_connections_refused_total", "Connections over a limit", &c.refused_connections},
      One{"quietroom_http_too_fast_total", "Requests over an address's rate", &c.too_fast},
      One{"quietroom_http_malformed_total", "Requests not understood", &c.malformed},
      One{"quietroom_http_timeouts_total", "Connections that took too long", &c.timed_out},
      One{"quietroom_tls_failed_total", "TLS handshakes that failed", &c.tls_failed},
      One{"quietroom_websockets_total", "WebSockets opened", &c.sockets_opened},
      One{"quietroom_websockets_slow_total", "WebSockets closed because their reader was too slow", &c.slow_readers},
  };
  for (const auto& each : counters) value(family(all, each.name, each.help, MetricType::Counter), number(*each.counter));
  value(family(all, "quietroom_websockets", "WebSockets open", MetricType::Gauge), number(c.sockets_open));
}

void call_families(Families& all, const CallRelay::Figures& f) {
  value(family(all, "quietroom_call_restarts_total", "Times the call process was started again", MetricType::Counter),
        number(f.restarts));
  value(family(all, "quietroom_signalling_connections", "Signalling connections in rooms", MetricType::Gauge),
        number(f.connections));
  struct One {
    const char *name, *help;
    MetricType type;
    double (*read)(const CallFigures&);
  };
  constexpr auto kGauge = MetricType::Gauge, kCounter = MetricType::Counter;
  const std::array figures{
      One{"quietroom_rooms", "Rooms open", kGauge, [](const CallFigures& t) { return number(t.rooms); }},
      One{"quietroom_people_present", "People present in rooms", kGauge, [](const CallFigures& t) { return number(t.present); }},
      One{"quietroom_people_waiting", "People in waiting rooms", kGauge, [](const CallFigures& t) { return number(t.waiting); }},
      One{"quietroom_media_participants", "Peer connections", kGauge,
          [](const CallFigures& t) { return number(t.participants); }},
      One{"quietroom_messages_refused_total", "Signalling messages refused", kCounter,
          [](const CallFigures& t) { return number(t.refused_messages); }},
      One{"quietroom_media_forwarded_total", "Packets forwarded", kCounter,
          [](const CallFigures& t) { return number(t.forwarded); }},
      One{"quietroom_media_malformed_total", "Datagrams that are none of ours", kCounter,
          [](const CallFigures& t) { return number(t.dropped_malformed); }},
      One{"quietroom_media_unknown_total", "Datagrams of nobody we know", kCounter,
          [](const CallFigures& t) { return number(t.dropped_unknown); }},
      One{"quietroom_media_over_limit_total", "Datagrams and handshakes over a limit", kCounter,
          [](const CallFigures& t) { return number(t.dropped_limit); }},
      One{"quietroom_media_datagrams_in_total", "Datagrams received", kCounter,
          [](const CallFigures& t) { return number(t.datagrams_in); }},
      One{"quietroom_media_datagrams_out_total", "Datagrams sent", kCounter,
          [](const CallFigures& t) { return number(t.datagrams_out); }},
      One{"quietroom_media_bytes_in_total", "Bytes received", kCounter, [](const CallFigures& t) { return number(t.bytes_in); }},
      One{"quietroom_media_bytes_out_total", "Bytes sent", kCounter, [](const CallFigures& t) { return number(t.bytes_out); }},
      One{"quietroom_media_kernel_drops_total", "Datagrams lost in a full receive buffer", kCounter,
          [](const CallFigures& t) { return number(t.kernel_drops); }},
      One{"quietroom_media_send_drops_total", "Datagrams the kernel did not take", kCounter,
          [](const CallFigures& t) { return number(t.send_drops); }},
      One{"quietroom_media_tcp_drops_total", "Datagrams dropped from a full TCP queue", kCounter,
          [](const CallFigures& t) { return number(t.tcp_drops); }},
      One{"quietroom_media_tcp_connections", "ICE-TCP connections open", kGauge,
          [](const CallFigures& t) { return number(t.tcp_open); }},
      One{"quietroom_media_wakes_total", "Times a media thread woke", kCounter,
          [](const CallFigures& t) { return number(t.wakes); }},
      One{"quietroom_media_send_calls_total", "System calls to send", kCounter,
          [](const CallFigures& t) { return number(t.send_calls); }},
      One{"quietroom_media_receive_calls_total", "System calls to receive", kCounter,
          [](const CallFigures& t) { return number(t.receive_calls); }},
      One{"quietroom_media_sends_total", "Messages given to the kernel; one may be many datagrams (GSO)", kCounter,
          [](const CallFigures& t) { return number(t.sends); }},
  };
  for (const auto& each : figures) {
    auto& out = family(all, each.name, each.help, each.type);
    for (const auto& t : f.threads) value(out, each.read(t), {{"thread", std::to_string(t.thread)}});
  }
}

http::Response metrics(const OperationsSources& sources) {
  Families all;
  all.reserve(64);
  value(family(all, "quietroom_call_reachable", "1 while the call process is reached", MetricType::Gauge),
        sources.ready() ? 1 : 0);
  if (const auto* counters = sources.http()) http_families(all, *counters);
  call_families(all, sources.call());
  http::Response r = http::plain(200, prometheus::TextSerializer{}.Serialize(all));
  r.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  return r;
}

}  // namespace

void add_operations_routes(http::Site& site, OperationsSources sources) {
  using http::Audit, http::Method, http::Permission, http::Request;
  site.add(http::Route{.method = Method::get,
                       .pattern = "/healthz",
                       .permission = Permission::anyone,
                       .audit = Audit::none,
                       .max_body = 0,
                       .handler = [](const Request&, base::Now) { return http::plain(200, "ok\n"); }});
  site.add(http::Route{.method = Method::get,
                       .pattern = "/readyz",
                       .permission = Permission::anyone,
                       .audit = Audit::none,
                       .max_body = 0,
                       .handler = [ready = sources.ready](const Request&, base::Now) {
                         return ready() ? http::plain(200, "ready\n") : http::plain(503, "the call process is away\n");
                       }});
  const auto permission = sources.metrics_beyond_loopback ? Permission::anyone : Permission::this_machine;
  site.add(http::Route{.method = Method::get,
                       .pattern = "/metrics",
                       .permission = permission,
                       .audit = Audit::none,
                       .max_body = 0,
                       .handler = [sources = std::move(sources)](const Request&, base::Now) { return metrics(sources); }});
}

}  // namespace app
