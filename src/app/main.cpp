// SPDX-License-Identifier: Apache-2.0
// The program `quietroom`: which of its two processes to be, and with which settings. The one place that reads the
// environment, the configuration file and the command line, and the last catch of a start that failed.
#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>

#include "app/admin_commands.h"
#include "app/bounce_command.h"
#include "app/call_process.h"
#include "app/configuration.h"
#include "app/duties_commands.h"
#include "app/log.h"
#include "app/service_process.h"
#include "app/store_commands.h"
#include "app/turn_relay.h"
#include "interop/delivery_status.h"

extern char** environ;

#ifndef QUIETROOM_VERSION
#define QUIETROOM_VERSION "unknown"
#endif

namespace {

namespace fs = std::filesystem;

struct Flags {
  std::string config;
  std::map<std::string, std::string> settings;  // key -> text, those given
  std::string socket;
  bool demo = false, demo_trust = false, demo_clear = false;
  std::uint32_t demo_rooms = 1, people = 10;
  std::string links_file, listening_file;
  std::string file, to, name, email, person, reason;  // of the operator's commands
  std::optional<int> year;
};

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> out;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string_view line(*e);
    const std::size_t equals = line.find('=');
    // QUIETROOM_NO_… and QUIETROOM_TEST_… are switches of tests and tools, not settings.
    if (line.starts_with("QUIETROOM_") && !line.starts_with("QUIETROOM_NO_") && !line.starts_with("QUIETROOM_TEST_") &&
        equals != std::string_view::npos)
      out.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return out;
}

// In a source tree its build/ folder, else where a package puts things.
std::string default_folder(const std::string& inside, const std::string& installed) {
  std::error_code error;
  for (fs::path p = fs::read_symlink("/proc/self/exe", error); p.has_relative_path(); p = p.parent_path())
    if (fs::exists(p / "CMakePresets.json", error)) return (p / "build" / inside).string();
  return installed;
}

app::Configuration configure(const Flags& flags) {
  app::ConfigurationSources sources;
  sources.environment = own_environment();
  sources.flags = flags.settings;
  sources.file_name = flags.config;
  if (const auto named = sources.environment.find("QUIETROOM_CONFIG"); flags.config.empty() && named != sources.environment.end())
    sources.file_name = named->second;
  if (!sources.file_name.empty()) {
    std::ifstream in(sources.file_name);
    if (!in) throw std::runtime_error("the configuration file cannot be read: " + sources.file_name);
    sources.file_text.assign(std::istreambuf_iterator<char>(in), {});
  }
  auto read = app::read_configuration(sources);
  if (!read) {
    std::string all = "the configuration has errors:";
    for (const auto& e : read.error()) all += fmt::format("\n  {}: {}", e.place, e.text);
    throw std::runtime_error(all);
  }
  if (read->data.empty()) {
    const char* state = std::getenv("STATE_DIRECTORY");  // systemd
    read->data = state != nullptr ? state : default_folder("data", "/var/lib/quietroom");
  }
  if (read->web.empty()) read->web = default_folder("web", "/usr/share/quietroom/web");
  read->data = fs::absolute(read->data).string();
  return std::move(*read);
}

// The call process is given what concerns it, as flags: it reads no file and no environment of the service's.
std::vector<std::string> call_arguments(const app::Configuration& c) {
  const auto list = [](const std::vector<std::string>& all) {
    std::string out;
    for (const auto& each : all) out += (out.empty() ? "" : ",") + each;
    return out;
  };
  constexpr std::string_view kLevels[] = {"debug", "info", "warning", "error"};
  std::vector<std::string> out{
      "--media-port", std::to_string(c.media.port), "--media-threads", std::to_string(c.media.threads),
      "--media-segmentation", c.media.segmentation ? "true" : "false", "--media-ipsec-mb", c.media.ipsec_mb ? "true" : "false",
      "--media-rest-us", std::to_string(c.media.rest_us), "--media-bounds", c.media.bounds ? "true" : "false",
      "--media-first-estimate-kbps", std::to_string(c.media.first_estimate_kbps),
      "--room-people", std::to_string(c.room.people),
      "--room-waiting", std::to_string(c.room.waiting), "--room-rooms", std::to_string(c.room.rooms),
      "--log-level", std::string(kLevels[static_cast<std::size_t>(c.log.level)]),
      "--log-format", c.log.format == app::LogFormat::json ? "json" : "text"};
  if (!c.media.listen.empty()) out.insert(out.end(), {"--media-listen", list(c.media.listen)});
  if (!c.media.advertise.empty()) out.insert(out.end(), {"--media-advertise", list(c.media.advertise)});
  return out;
}

int be_service(const Flags& flags) {
  app::Configuration configuration = configure(flags);
  app::start_log("serve", configuration.log.level, configuration.log.format);
  app::ServeOptions options;
  if (flags.demo || flags.demo_rooms > 1) options.demonstration = {.rooms = flags.demo_rooms, .people = flags.people, .encrypted = !flags.demo_clear};
  options.demonstration_trust = flags.demo_trust;
  options.links_file = flags.links_file;
  options.listening_file = flags.listening_file;
  options.call_arguments = call_arguments(configuration);
  options.log_level_again = [&flags]() -> std::optional<app::LogLevel> {
    try {
      return configure(flags).log.level;
    } catch (const std::exception&) {
      return std::nullopt;
    }
  };
  return app::run_service(configuration, options);
}

int be_call(const Flags& flags) {
  app::ConfigurationSources sources;
  sources.flags = flags.settings;
  const auto configuration = app::read_configuration(sources);
  if (!configuration) throw std::runtime_error("the flags have errors: " + configuration.error().front().text);
  app::start_log("call", configuration->log.level, configuration->log.format);
  return app::run_call(*configuration, flags.socket);
}

void add_settings(CLI::App& to, Flags& flags) {
  for (const auto& s : app::settings())
    to.add_option_function<std::string>(
        app::flag_name(s.key), [&flags, key = std::string(s.key)](const std::string& v) { flags.settings[key] = v; },
        std::string(s.help));
}

// A mail, as far as it may be read; the rest is taken and left, so that who pipes it does not see a broken pipe.
std::string read_input() {
  std::string out;
  std::array<char, 16 * 1024> some{};
  while (std::cin.read(some.data(), some.size()), std::cin.gcount() > 0)
    if (out.size() < interop::kMostReport) out.append(some.data(), static_cast<std::size_t>(std::cin.gcount()));
  return out;
}

// What an operator does with the database; each with the settings of the service.
struct Command {
  CLI::App* app;
  std::function<int(const app::Configuration&)> run;
};
std::vector<Command> add_store_commands(CLI::App& program, Flags& flags) {
  std::vector<Command> all;
  const auto add = [&](const char* name, const char* help, std::function<int(const app::Configuration&)> run) {
    CLI::App* command = program.add_subcommand(name, help);
    command->add_option("--config", flags.config, "configuration file (TOML)");
    add_settings(*command, flags);
    all.push_back({command, std::move(run)});
    return command;
  };
  add("migrate", "brings the database up to date", app::migrate_database);
  add("backup", "copies the database into a new SQLite file", [&](const auto& c) { return app::backup_database(c, flags.file); })
      ->add_option("FILE", flags.file, "the file to make")->required();
  add("restore", "copies a backup into the database, which must be empty", [&](const auto& c) { return app::restore_database(c, flags.file); })
      ->add_option("FILE", flags.file, "the backup")->required();
  add("copy", "copies the database into another, empty one", [&](const auto& c) { return app::copy_database(c, flags.to); })
      ->add_option("--to", flags.to, "its URL (postgresql://…, sqlite:PATH)")->required();
  CLI::App* postcodes = add("load-postcodes", "loads the trust's table of deprivation by postcode",
                            [&](const auto& c) { return app::load_postcode_file(c, flags.file, flags.year); });
  postcodes->add_option("FILE", flags.file, "CSV with a header: postcode, decile, year")->required();
  postcodes->add_option("--year", flags.year, "year of the index, for files without that column");
  add("bounce", "marks the message that a mailed report (standard input) says was not delivered",
      [&](const auto& c) {
        return app::take_bounce(c, read_input(), flags.to);
      })
      ->add_option("RECIPIENT", flags.to, "the address that the report came to, as the mail server knows it");
  add("turn", "prints what coturn is to be set to as the relay of media.turn", app::print_coturn_configuration);
  CLI::App* keys = program.add_subcommand("keys", "the keys that seal personal fields");
  CLI::App* fresh = keys->add_subcommand("new", "prints a line for the key file");
  keys->require_subcommand(1);
  fresh->add_option("NAME", flags.name, "what to call it")->required();
  all.push_back({keys, [&](const auto&) { return app::print_new_key(flags.name); }});
  std::map<std::string, CLI::App*> groups;
  const auto add_below = [&](const char* group, const char* group_help, const char* name, const char* help,
                             std::function<int(const app::Configuration&)> run) {
    CLI::App*& above = groups[group];
    if (above == nullptr) above = program.add_subcommand(group, group_help);
    above->require_subcommand(1);
    CLI::App* command = above->add_subcommand(name, help);
    command->add_option("--config", flags.config, "configuration file (TOML)");
    add_settings(*command, flags);
    all.push_back({command, std::move(run)});
    return command;
  };
  CLI::App* admin = add_below("admin", "accounts of administrators", "create", "makes an administrator; prints a one-time address",
                              [&](const auto& c) { return app::create_administrator(c, flags.email, flags.name); });
  admin->add_option("--email", flags.email, "work e-mail address")->required();
  admin->add_option("--name", flags.name, "full name")->required();
  add_below("audit", "the audit trail", "verify", "checks that every row stands as it was written", app::verify_audit_trail);
  constexpr const char* kRetention = "how long what is kept";
  add_below("retention", kRetention, "show", "the periods, and what goes on which day", app::show_retention);
  add_below("retention", kRetention, "run", "the day's run now: what was shown long enough ago goes, what comes next is shown", app::run_retention_now);
  CLI::App* copy = add("export-person", "a copy of everything of one person, as a ZIP of pages that they can read",
                       [&](const auto& c) { return app::export_one_person(c, flags.person, flags.file, flags.reason); });
  copy->add_option("PERSON", flags.person, "the person's id: the last part of the address of their page")->required();
  copy->add_option("FILE", flags.file, "the ZIP file to make")->required();
  copy->add_option("--reason", flags.reason, "why, for the record: they-asked, representative-asked, court, other")->required();
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  Flags flags;
  CLI::App program("Quietroom: group therapy held online in confidence");
  program.set_version_flag("--version", "quietroom " QUIETROOM_VERSION);
  program.require_subcommand(1);
  auto* serving = program.add_subcommand("serve", "pages, API and signalling; starts the call process");
  serving->add_option("--config", flags.config, "configuration file (TOML)");
  serving->add_flag("--demo", flags.demo, "a demonstration group that meets now");
  serving->add_flag("--demo-trust", flags.demo_trust, "a made-up trust with staff, people and groups");
  serving->add_flag("--demo-clear", flags.demo_clear, "rooms of the demonstration without encryption end to end, as a control");
  serving->add_option("--demo-rooms", flags.demo_rooms, "number of demonstration rooms")->check(CLI::Range(1, 10'000));
  serving->add_option("--people", flags.people, "people in each of them")->check(CLI::Range(2, 49));
  serving->add_option("--links-file", flags.links_file, "where to write all links of the demonstration, as JSON");
  serving->add_option("--listening-file", flags.listening_file, "where to write the ports, as JSON");
  add_settings(*serving, flags);
  auto* calling = program.add_subcommand("call", "rooms and media; started by serve");
  calling->add_option("--socket", flags.socket, "Unix socket to listen on")->required();
  add_settings(*calling, flags);
  const auto commands = add_store_commands(program, flags);
  CLI11_PARSE(program, argc, argv);
  try {
    for (const auto& command : commands)
      if (*command.app) {
        const app::Configuration configuration = configure(flags);
        fs::create_directories(configuration.data);
        return command.run(configuration);
      }
    return *serving ? be_service(flags) : be_call(flags);
  } catch (const std::exception& e) {
    fmt::print(stderr, "quietroom: {}\n", e.what());
    return 1;
  }
}
