// SPDX-License-Identifier: Apache-2.0
// What can be set: one TOML file, then the environment (QUIETROOM_HTTP_PORT), then flags (--http-port); the later wins. One
// table lists every setting with its key, meaning and bounds; config/quietroom.toml shows them all. Every error is
// reported, together, each with its place. Not here: reading files or the environment (main). Values only.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/datagram.h"
#include "base/result.h"

namespace app {

enum class LogLevel : std::uint8_t { debug, info, warning, error };
enum class LogFormat : std::uint8_t { json, text };

struct Configuration {
  std::string data;  // folder of the database and the socket; empty: chosen by main
  std::string web;   // folder of the browser client; empty: chosen by main
  struct {
    std::string url;   // postgresql://…; empty: an SQLite file in the data folder
    std::string keys;  // file of the keys that seal personal fields
    std::uint32_t connections = 8;
  } database;
  struct {
    std::vector<std::string> listen{"127.0.0.1", "::1"};
    std::uint16_t port = 8080;
    std::string certificate, key;
    bool plain_beyond_loopback = false;
    std::string address;  // "https://groups.example.org": what people open, for links that are given out
    std::vector<std::string> allowed_origins;
    std::uint32_t connections = 4'000, connections_per_address = 200;
    std::uint32_t requests_per_second = 100, burst = 400;
  } http;
  struct {
    std::uint16_t port = 40'000;  // of the first media thread; the next ones follow
    std::uint32_t threads = 0;    // 0: one a core
    std::vector<std::string> listen;     // empty: every address of this machine
    std::vector<std::string> advertise;  // empty: those listened on
    bool segmentation = true;
    std::uint32_t rest_us = 0;
    std::uint32_t first_estimate_kbps = 2'000;
    bool bounds = true;
    bool ipsec_mb = true;  // false: AES-GCM by OpenSSL alone
    std::string turn, turn_secret_file;  // turn_relay.h; empty: none, and the file that is found or made
  } media;
  struct {
    std::uint32_t people = 49, waiting = 60, rooms = 2'000;
  } room;
  struct {
    std::uint32_t place_hours = 12;  // how long what somebody said of where they are is kept
  } care;
  struct {
    std::string smtp, user, password_file;
    bool plain = false;  // without TLS: a server on this machine
    std::string from = "quietroom@localhost", from_name = "Appointments";
    std::string bounces;                      // envelope sender, "bounces@example.org"; empty: from
    std::vector<std::string> return_address;  // of letters
    std::uint32_t reminder_hours = 24;
  } mail;
  struct {
    std::string key_file, template_id, callback_token_file;
    std::string url;  // empty: GOV.UK Notify's own
  } notify;
  struct {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::text;
  } log;
  struct {
    bool local = true;  // e-mail and password
    std::uint32_t idle_minutes = 15, hours = 12;
    std::string name = "Quietroom";  // what an authenticator app shows
    struct {
      std::string issuer, client_id, client_secret_file, key_file, button = "Sign in with your organisation";
      bool secret_in_body = false;  // client_secret_post
      std::string acr;              // a value that must be there
      std::string amr;
      bool has_second_factor = false;
    } oidc;
  } sign_in;
  bool metrics_beyond_loopback = false;
};

struct ConfigurationError {
  std::string place;  // "quietroom.toml:12", "QUIETROOM_HTTP_PORT", "--http-port"
  std::string text;
};
using ConfigurationErrors = std::vector<ConfigurationError>;

struct Setting {
  std::string_view key;   // "http.port"
  std::string_view help;
  bool list = false;
  // Takes the value's text (a list's items) and says what is wrong with it.
  std::function<std::optional<std::string>(Configuration&, const std::vector<std::string>&)> set;
};
[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] std::string environment_name(std::string_view key);  // QUIETROOM_HTTP_PORT
[[nodiscard]] std::string flag_name(std::string_view key);         // --http-port

struct ConfigurationSources {
  std::string file_name;  // for places; empty: no file
  std::string file_text;
  std::map<std::string, std::string> environment;         // QUIETROOM_… only
  std::map<std::string, std::string> flags;               // key -> value; lists with commas
};
[[nodiscard]] base::Result<Configuration, ConfigurationErrors> read_configuration(const ConfigurationSources& sources);

}  // namespace app
