// SPDX-License-Identifier: Apache-2.0
// Many synthetic people on one thread: their sockets, their connections and the clock, and what a run measured. The only
// place in tests/load that reads the clock. Not here: what a person does (participant.h), how results read (report.h).
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "load/attack.h"
#include "load/churn.h"
#include "load/line.h"
#include "load/links.h"
#include "load/participant.h"
#include "load/udp_sockets.h"
#include "load/web_socket.h"

namespace load {

struct CrowdSettings {
  ServerAddress server;
  std::string keys;              // the command of the key process; empty: encrypted rooms are joined without keys
  std::vector<RoomLinks> rooms;  // as many as are to be filled; of Janus without links
  std::optional<std::uint32_t> janus;  // the first of as many rooms of Janus, which takes the place of our server
  std::optional<transport::SrtpProfile> only_profile;  // as browsers that know but this one
  int cpu_of = 0;  // a process whose CPU time is measured, too
  unsigned people = 10;          // a room
  unsigned index_from = 0;       // the first link taken in each room; person n has link index_from + n and, unless it says another, that index
  double seconds = 10;           // measured, from when all are present
  double warm_up = 0;            // seconds between the two
  double join_within = 30;       // seconds; whoever is not present by then failed
  unsigned join_every_ms = 20;   // one person after another
  bool admit = false, bench = false, stamp = true;
  bool seal = false;          // the measured load is protected as a browser's frames are, under the keys of `keys` or a fixed test key
  bool flat_out = false;      // the measured load as fast as it comes back, not on time: the server never waits
  // Sockets are read so often, not when they have something: fewer wakes for a load of many rooms, whose latencies then
  // contain the wait. Zero: at once.
  base::Duration read_every{};
  bool gallery = false;       // in the measured load: a usual gallery (bench_load.h), else everything on
  bool gallery_tiny = true;   // its small layer is 160x90, else 320x180
  bool lively = false;  // pictures as large as a camera's
  bool silent = false;  // microphones on, and nobody speaks
  bool muted = false;  // microphones off, and cameras: people who only look on
  double settle = 0;  // seconds after standard input closed in which those not yet seen and heard may still be
  bool until_stdin_closes = false;  // then neither `seconds` nor `join_within` ends the run
  Decode decode = Decode::none;
  std::size_t layers = 1;  // 0..3: none, q, q+h, q+h+f
  unsigned tile_width = 160, tile_height = 90;
  bool quiet = false;  // no progress lines
  std::optional<ChurnSettings> churn;  // people come and go while it is measured
  double sample_every = 0;             // seconds; then a line of JSON on standard output each time
  // The last of each room says what it should not over its media, and the one before it over its WebSocket, while datagrams come from
  // addresses that nobody knows: after so many quiet seconds, which are measured for comparison.
  std::string attack;  // the folder fuzz/corpus; empty: nobody does
  bool attack_strays = true, attack_rtp = true, attack_rtcp = true, attack_texts = true;
  std::uint64_t seed = 1;
  double quiet_for = 10;
};

// What passed while everyone was there.
struct Measured {
  double seconds = 0, cpu_seconds = 0;
  std::uint64_t sent = 0, late = 0, send_lost = 0;         // RTP packets of ours
  std::uint64_t expected = 0, received = 0, lost = 0, octets = 0, sound_lost = 0, sound_expected = 0;
  std::uint64_t receive_dropped = 0;                       // by our own kernel sockets
  double watched_cpu_seconds = 0;                          // of the process that is watched
  Latencies latencies;
};

// What honest people saw and heard of each other while it was measured (in a run with an attack).
struct Seen {
  Measured measured;
  std::uint64_t pairs = 0, pairs_right = 0;      // whose tone and code came
  std::uint64_t least_frames = 0;                // decoded, of the pair that has the fewest
  std::uint64_t frames_failed = 0, unreadable = 0, toneless = 0, wrong = 0;  // wrong: another's code or tone
  base::Duration longest_sound_gap;
};

struct Seated {
  std::size_t room = 0;
  std::unique_ptr<Participant> person;
  std::unique_ptr<WebSocket> connection;
  bool hostile = false;
  std::unique_ptr<Line> line;
};

struct RunResult {
  std::vector<Seated> people;
  Measured measured;
  std::optional<Seen> quiet, attacked;
  AttackCounts attack;
  ChurnCounts churn;
  std::vector<std::string> faults;  // of people who were replaced as they came again; the first twenty
  bool everyone_came = false;
  std::string why_void;  // empty: the run counts
};

// Runs to the end, to `stop`, or to the end of standard input. Throws where sockets cannot be had or links are too few.
[[nodiscard]] RunResult run_crowd(const CrowdSettings& settings, const std::atomic<bool>& stop);

}  // namespace load
