// SPDX-License-Identifier: Apache-2.0
// See configuration.h.
#include "app/configuration.h"

#include <fmt/format.h>

#include <charconv>

// toml++ 3.3 asserts, and with NDEBUG assumes, that a key begins as keys do, and only then looks and refuses (parse_key). A
// wrong file is ordinary: neither may happen.
#ifdef NDEBUG
#undef NDEBUG
#endif
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>

#include "net/media_loop.h"

namespace app {
namespace {

using Values = std::vector<std::string>;
using Wrong = std::optional<std::string>;

template <class T, class Member>
auto number(Member member, T least, T most) {
  return [=](Configuration& c, const Values& v) -> Wrong {
    std::uint64_t n = 0;
    const std::string& text = v.at(0);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error != std::errc{} || end != text.data() + text.size() || n < least || n > most)
      return fmt::format("must be a whole number from {} to {}", least, most);
    member(c) = static_cast<T>(n);
    return {};
  };
}
template <class Member>
auto text(Member member) {
  return [=](Configuration& c, const Values& v) -> Wrong {
    member(c) = v.at(0);
    return {};
  };
}
template <class Member>
auto truth(Member member) {
  return [=](Configuration& c, const Values& v) -> Wrong {
    if (v.at(0) != "true" && v.at(0) != "false") return "must be true or false";
    member(c) = v.at(0) == "true";
    return {};
  };
}
template <class Member, class E>
auto word(Member member, std::vector<std::pair<std::string, E>> words) {
  return [=](Configuration& c, const Values& v) -> Wrong {
    std::string all;
    for (const auto& [name, value] : words) {
      if (name == v.at(0)) {
        member(c) = value;
        return {};
      }
      all += (all.empty() ? "" : ", ") + name;
    }
    return "must be one of " + all;
  };
}
template <class Member>
auto addresses(Member member) {
  return [=](Configuration& c, const Values& v) -> Wrong {
    base::Address ignored;
    for (const auto& each : v)
      if (!net::parse_address(each, ignored)) return "must be IPv4 or IPv6 addresses, without port";
    member(c) = v;
    return {};
  };
}
template <class Member>
auto origins(Member member) {
  return [=](Configuration& c, const Values& v) -> Wrong {
    for (const auto& each : v)
      if ((!each.starts_with("https://") && !each.starts_with("http://")) || each.ends_with('/'))
        return "must be origins like https://calls.example.org";
    member(c) = v;
    return {};
  };
}

#define AT(field) [](Configuration& c) -> auto& { return c.field; }

const std::vector<Setting>& table() {
  static const std::vector<Setting> all{
      {"data", "folder of the database and the call socket", false, text(AT(data))},
      {"web", "folder of the built browser client", false, text(AT(web))},
      {"http.listen", "addresses to listen on", true, addresses(AT(http.listen))},
      {"http.port", "port of pages, API and signalling; 0: any free one", false, number<std::uint16_t>(AT(http.port), 0, 65535)},
      {"http.certificate", "TLS certificate chain, PEM", false, text(AT(http.certificate))},
      {"http.key", "TLS private key, PEM", false, text(AT(http.key))},
      {"http.plain_beyond_loopback", "plain HTTP on other addresses than loopback (a proxy in front does TLS)", false,
       truth(AT(http.plain_beyond_loopback))},
      {"http.allowed_origins", "further origins that browsers may call from", true, origins(AT(http.allowed_origins))},
      {"http.connections", "connections at once", false, number<std::uint32_t>(AT(http.connections), 1, 1'000'000)},
      {"http.connections_per_address", "connections at once from one address", false,
       number<std::uint32_t>(AT(http.connections_per_address), 1, 1'000'000)},
      {"http.requests_per_second", "requests a second from one address, lasting", false,
       number<std::uint32_t>(AT(http.requests_per_second), 1, 1'000'000)},
      {"http.burst", "requests at once from one address", false, number<std::uint32_t>(AT(http.burst), 1, 1'000'000)},
      {"media.port", "UDP and TCP port of the first media thread, the next ones follow; 0: any free ones", false,
       number<std::uint16_t>(AT(media.port), 0, 65'000)},
      {"media.threads", "media threads; 0: one a core", false, number<std::uint32_t>(AT(media.threads), 0, 256)},
      {"media.listen", "addresses to receive media on; empty: all of this machine", true, addresses(AT(media.listen))},
      {"media.advertise", "addresses that browsers are told; empty: those listened on", true,
       addresses(AT(media.advertise))},
      {"media.segmentation", "send in batches by UDP segmentation (GSO)", false, truth(AT(media.segmentation))},
      {"media.rest_us", "microseconds a media thread rests after a wake that brought packets; 0: none", false,
       number<std::uint32_t>(AT(media.rest_us), 0, 5'000)},
      {"media.first_estimate_kbps", "what the line to a person is thought to carry before it was measured", false,
       number<std::uint32_t>(AT(media.first_estimate_kbps), 100, 50'000)},
      {"media.ipsec_mb", "AES-GCM by Intel ipsec-mb where the processor can; false: by OpenSSL", false,
       truth(AT(media.ipsec_mb))},
      {"room.people", "people present in one room", false, number<std::uint32_t>(AT(room.people), 2, 49)},
      {"room.waiting", "people waiting for one room", false, number<std::uint32_t>(AT(room.waiting), 1, 1'000)},
      {"room.rooms", "rooms on one media thread", false, number<std::uint32_t>(AT(room.rooms), 1, 100'000)},
      {"log.level", "debug, info, warning or error", false,
       word(AT(log.level), std::vector<std::pair<std::string, LogLevel>>{{"debug", LogLevel::debug},
                                                                         {"info", LogLevel::info},
                                                                         {"warning", LogLevel::warning},
                                                                         {"error", LogLevel::error}})},
      {"log.format", "json or text", false,
       word(AT(log.format),
            std::vector<std::pair<std::string, LogFormat>>{{"json", LogFormat::json}, {"text", LogFormat::text}})},
      {"metrics.beyond_loopback", "answer /metrics to other machines, too", false, truth(AT(metrics_beyond_loopback))},
  };
  return all;
}
#undef AT

const Setting* find(std::string_view key) {
  for (const auto& s : table())
    if (s.key == key) return &s;
  return nullptr;
}

Values split(std::string_view text) {
  Values out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) out.emplace_back(item);
  }
  return out;
}

class Reading {
 public:
  Configuration configuration;
  ConfigurationErrors errors;

  void set(const Setting& setting, const Values& values, const std::string& place) {
    if (const auto wrong = setting.set(configuration, values))
      errors.push_back({place, fmt::format("{} {}", setting.key, *wrong)});
  }
  void file(const std::string& name, const std::string& text) {
    try {
      table_of(name, "", toml::parse(text, name));
    } catch (const toml::parse_error& e) {
      errors.push_back({fmt::format("{}:{}", name, e.source().begin.line), std::string(e.description())});
    }
  }
  void cross_check(const std::string& place) {
    const auto& http = configuration.http;
    if (http.certificate.empty() != http.key.empty())
      errors.push_back({place, "http.certificate and http.key belong together: give both or neither"});
    if (http.listen.empty()) errors.push_back({place, "http.listen must name an address"});
    if (!http.certificate.empty() || http.plain_beyond_loopback) return;
    for (const auto& text : http.listen) {
      base::Address a;
      const bool loopback = net::parse_address(text, a) && (a.is_v4() ? a.ip[12] == 127 : text == "::1");
      if (!loopback)
        errors.push_back({place, "http.listen goes beyond loopback: give http.certificate and http.key, or set "
                                 "http.plain_beyond_loopback where a proxy in front does TLS"});
    }
  }

 private:
  void table_of(const std::string& name, const std::string& prefix, const toml::table& table) {
    for (const auto& [toml_key, node] : table) {
      const std::string key = prefix + std::string(toml_key.str());
      const std::string place = fmt::format("{}:{}", name, node.source().begin.line);
      if (const auto* inner = node.as_table()) {
        table_of(name, key + ".", *inner);
      } else if (const Setting* setting = find(key)) {
        one(*setting, node, place);
      } else {
        errors.push_back({place, fmt::format("{} is not a setting", key)});
      }
    }
  }
  void one(const Setting& setting, const toml::node& node, const std::string& place) {
    Values values;
    const auto scalar = [&](const toml::node& n) {
      if (const auto* s = n.as_string()) return values.push_back(s->get()), true;
      if (const auto* i = n.as_integer()) return values.push_back(std::to_string(i->get())), true;
      if (const auto* b = n.as_boolean()) return values.emplace_back(b->get() ? "true" : "false"), true;
      return false;
    };
    bool understood = true;
    if (const auto* array = node.as_array(); array != nullptr && setting.list) {
      for (const auto& each : *array) understood &= scalar(each);
    } else {
      understood = !setting.list && scalar(node);
    }
    if (!understood)
      errors.push_back({place, fmt::format("{} must be {}", setting.key, setting.list ? "a list of texts" : "one value")});
    else
      set(setting, values, place);
  }
};

}  // namespace

std::span<const Setting> settings() { return table(); }

std::string environment_name(std::string_view key) {
  std::string out = "QUIETROOM_";
  for (const char c : key) out.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  return out;
}
std::string flag_name(std::string_view key) {
  std::string out = "--";
  for (const char c : key) out.push_back(c == '.' || c == '_' ? '-' : c);
  return out;
}

base::Result<Configuration, ConfigurationErrors> read_configuration(const ConfigurationSources& sources) {
  Reading reading;
  if (!sources.file_name.empty()) reading.file(sources.file_name, sources.file_text);
  for (const auto& s : settings()) {
    const std::string name = environment_name(s.key);
    if (const auto given = sources.environment.find(name); given != sources.environment.end())
      reading.set(s, s.list ? split(given->second) : Values{given->second}, name);
  }
  for (const auto& [name, value] : sources.environment) {
    bool known = name == "QUIETROOM_CONFIG";
    for (const auto& s : settings()) known |= environment_name(s.key) == name;
    if (!known) reading.errors.push_back({name, "is not a setting"});
  }
  for (const auto& [key, value] : sources.flags)
    if (const Setting* s = find(key)) reading.set(*s, s->list ? split(value) : Values{value}, flag_name(key));
  reading.cross_check(sources.file_name.empty() ? "settings" : sources.file_name);
  if (!reading.errors.empty()) return std::unexpected(std::move(reading.errors));
  return std::move(reading.configuration);
}

}  // namespace app
