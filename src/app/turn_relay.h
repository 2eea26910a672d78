// SPDX-License-Identifier: Apache-2.0
// A TURN server (RFC 8656) for people whose network lets nothing but HTTPS through: its address, the secret that it shares with
// us, and what coturn is set to so that it carries media to us, over TLS, and to nobody else. Not here: credentials of one
// browser (call/relay). The secret: media.turn_secret_file, else the systemd credential "quietroom-turn", else a file that is
// made in the data folder.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/configuration.h"
#include "base/entropy.h"
#include "base/redacted.h"
#include "call/service_link.h"

namespace app {

struct TurnServer {
  std::string host;  // a name: Firefox speaks TLS to no relay that has an address alone
  std::uint16_t port = 5349;
  bool operator==(const TurnServer&) const = default;
};
// turns:HOST[:PORT][?transport=tcp] (RFC 7065); browsers know no DTLS to a relay.
[[nodiscard]] std::optional<TurnServer> read_turn_uri(std::string_view text);
[[nodiscard]] std::string uri_of(const TurnServer& server);

// What the call process is told; no uri where media.turn is empty. Throws std::runtime_error where the secret cannot be had.
[[nodiscard]] call::UseRelay use_relay(const Configuration& configuration, base::Entropy& entropy);

// turnserver.conf. `peers`: where the call process is reached.
[[nodiscard]] std::string coturn_configuration(const TurnServer& server, const base::Redacted<std::string>& secret,
                                               const std::vector<std::string>& peers);
// `quietroom turn`: prints it; the exit status.
int print_coturn_configuration(const Configuration& configuration);

}  // namespace app
