// SPDX-License-Identifier: Apache-2.0
// See log.h.
#include "app/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <ctime>

#include "net/machine.h"

namespace app {
namespace {

std::shared_ptr<spdlog::logger> logger;
std::string process_name;
std::atomic<LogFormat> log_format{LogFormat::text};

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return spdlog::level::debug;
    case LogLevel::info: return spdlog::level::info;
    case LogLevel::warning: return spdlog::level::warn;
    case LogLevel::error: break;
  }
  return spdlog::level::err;
}
std::string_view name_of(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<std::size_t>(level)];
}

struct Value {
  bool quoted;
  std::string operator()(std::int64_t n) const { return std::to_string(n); }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(Literal l) const {
    return quoted ? '"' + std::string(l.text()) + '"' : std::string(l.text());
  }
};

}  // namespace

std::string log_line(LogFormat format, std::int64_t wall_us, std::string_view process, LogLevel level, Literal event,
                     std::initializer_list<Field> fields) {
  const std::time_t seconds = wall_us / 1'000'000;
  std::tm utc{};
  ::gmtime_r(&seconds, &utc);
  const std::string at = fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", utc, wall_us / 1'000 % 1'000);
  const bool json = format == LogFormat::json;
  std::string out = json ? fmt::format(R"({{"at":"{}","level":"{}","process":"{}","event":"{}")", at, name_of(level),
                                       process, event.text())
                         : fmt::format("{} {} {} {}", at, name_of(level), process, event.text());
  for (const auto& f : fields) {
    const std::string value = std::visit(Value{json}, f.value());
    out += json ? fmt::format(R"(,"{}":{})", f.name(), value) : fmt::format(" {}={}", f.name(), value);
  }
  if (json) out += '}';
  return out;
}

void start_log(Literal process, LogLevel level, LogFormat format) {
  logger = std::make_shared<spdlog::logger>("quietroom", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::debug);
  process_name = process.text();
  log_format = format;
  set_log_level(level);
}

void set_log_level(LogLevel level) { logger->set_level(to_spdlog(level)); }

void log(LogLevel level, Literal event, std::initializer_list<Field> fields) {
  if (!logger || !logger->should_log(to_spdlog(level))) return;
  logger->log(to_spdlog(level),
              spdlog::string_view_t(log_line(log_format, net::read_clock().wall.us, process_name, level, event, fields)));
}

}  // namespace app
