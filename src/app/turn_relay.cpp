// SPDX-License-Identifier: Apache-2.0
// See turn_relay.h.
#include "app/turn_relay.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "app/secret_file.h"
#include "crypto/base64url.h"
#include "net/machine.h"
#include "net/media_loop.h"
#include "wire/sdp_candidate.h"

namespace app {
namespace {

namespace fs = std::filesystem;

// 0600 from its first moment. The service and the command may both be the first: who comes second reads what the first wrote.
void make_secret_file(const std::string& path, base::Entropy& entropy) {
  std::array<std::uint8_t, 32> drawn{};
  entropy.fill(drawn);
  const std::string line = crypto::to_base64url(drawn) + "\n", fresh = fmt::format("{}.{}", path, ::getpid());
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  const bool good = fd >= 0 && ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
  // Root may be who runs the command; the service is the user whose data folder it is.
  struct stat folder {};
  if (good && ::geteuid() == 0 && ::stat(fs::path(path).parent_path().c_str(), &folder) == 0) (void)!::fchown(fd, folder.st_uid, folder.st_gid);
  if (fd >= 0) ::close(fd);
  const bool there = good && (::link(fresh.c_str(), path.c_str()) == 0 || errno == EEXIST);
  ::unlink(fresh.c_str());
  if (!there) throw std::runtime_error("the secret of media.turn cannot be written: " + path);
}

base::Redacted<std::string> secret_of(const Configuration& c, base::Entropy& entropy) {
  std::string path = secret_file_of(c.media.turn_secret_file, "quietroom-turn");
  if (path.empty()) {
    path = c.data + "/turn-secret";
    if (!fs::exists(path)) make_secret_file(path, entropy);
  }
  only_its_owners(path, "the secret of media.turn");
  std::ifstream in(path);
  if (!in) throw std::runtime_error("the secret of media.turn cannot be read: " + path);
  std::string line;
  std::getline(in, line);
  // coturn reads it from a line of its own file.
  const bool plain = line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.") == std::string::npos;
  if (!in || line.size() < 16 || line.size() > 256 || !plain)
    throw std::runtime_error("the secret of media.turn must be 16 to 256 letters, digits and -_+/=. on one line: " + path);
  return base::Redacted(std::move(line));
}

// Where browsers are told to send to, but for this machine's own loopback, which a relay never sends to.
std::vector<std::string> peers_of(const Configuration& c) {
  const std::vector<std::string>& told = !c.media.advertise.empty() ? c.media.advertise : c.media.listen;
  std::vector<std::string> out;
  if (!told.empty()) {
    out = told;
  } else {
    for (const auto& each : net::interface_addresses()) out.push_back(wire::sdp::ip_text(each));
  }
  std::erase_if(out, [](const std::string& each) { return each.starts_with("127.") || each == "::1"; });
  return out;
}

}  // namespace

std::optional<TurnServer> read_turn_uri(std::string_view text) {
  constexpr std::string_view kScheme = "turns:", kTransport = "?transport=tcp";
  if (!text.starts_with(kScheme) || text.size() > 255) return std::nullopt;
  text.remove_prefix(kScheme.size());
  if (text.ends_with(kTransport)) text.remove_suffix(kTransport.size());
  const std::size_t end = std::min(text.find(':'), text.size());
  TurnServer out{.host = std::string(text.substr(0, end))};
  text.remove_prefix(end);
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kMore = "0123456789.-";
  const bool of_name = std::ranges::all_of(out.host, [&](char c) { return kLetters.contains(c) || kMore.contains(c); });
  if (!of_name || out.host.find_first_of(kLetters) == std::string::npos) return std::nullopt;
  if (text.empty()) return out;
  const auto [last, error] = std::from_chars(text.data() + 1, text.data() + text.size(), out.port);
  if (text.front() != ':' || error != std::errc{} || last != text.data() + text.size() || out.port == 0) return std::nullopt;
  return out;
}

std::string uri_of(const TurnServer& server) { return fmt::format("turns:{}:{}?transport=tcp", server.host, server.port); }

call::UseRelay use_relay(const Configuration& configuration, base::Entropy& entropy) {
  const auto server = read_turn_uri(configuration.media.turn);
  if (!server) return {};
  return {.uri = uri_of(*server), .secret = secret_of(configuration, entropy)};
}

std::string coturn_configuration(const TurnServer& server, const base::Redacted<std::string>& secret,
                                 const std::vector<std::string>& peers) {
  std::string out = fmt::format(R"(# coturn as the relay of Quietroom. It holds a secret: keep it readable by turnserver alone (0600).
# TLS alone, as web pages have it.
tls-listening-port={}
no-udp
no-tcp
no-dtls
no-tlsv1
no-tlsv1_1
cert=/etc/coturn/chain.pem
pkey=/etc/coturn/key.pem
# Who may: a browser that Quietroom gave a username that holds for some hours.
realm={}
fingerprint
use-auth-secret
static-auth-secret={}
stale-nonce=3600
no-rfc5780
no-software-attribute
# Where to: Quietroom, and nothing else, whatever a browser asks for.
no-multicast-peers
no-tcp-relay
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
)", server.port, server.host, secret.get());
  for (const auto& each : peers) out += fmt::format("allowed-peer-ip={}\n", each);
  out += R"(# No way in beside it, and no book of who came: what coturn logs has people's addresses.
no-cli
no-stdout-log
simple-log
log-file=/dev/null
)";
  return out;
}

int print_coturn_configuration(const Configuration& configuration) {
  const auto server = read_turn_uri(configuration.media.turn);
  if (!server) throw std::runtime_error("media.turn is not set: turns:HOST:443, the address of the relay as browsers reach it");
  const auto peers = peers_of(configuration);
  if (peers.empty()) throw std::runtime_error("a relay reaches no address that this machine has: set media.advertise");
  net::MachineEntropy entropy;
  fmt::print("{}", coturn_configuration(*server, secret_of(configuration, entropy), peers));
  std::fflush(stdout);
  return 0;
}

}  // namespace app
