// SPDX-License-Identifier: Apache-2.0
// quietroom-load: puts synthetic people into the rooms of a running server and says what came of it. Not here: anything but
// the command line. Ends with 0 where the run counts, 1 where somebody did not come or a pair is wrong, 2 for bad use, 3 where
// the run is void because this machine could not keep up.
#include <fmt/format.h>
#include <signal.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "load/report.h"

namespace {

std::atomic<bool> stop_asked = false;

struct Options {
  unsigned read_every_ms = 0;
  std::string url = "http://127.0.0.1:8080", links, json, check_json, decode, pictures, tile, gallery, cipher;
  std::uint32_t janus = 0;
  unsigned rooms = 1;
  bool no_stamp = false, churn = false;
  std::vector<std::string> attack_by{"strays", "rtp", "rtcp", "texts"};
  double cycle = 60, calm = 15, between = 60;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::invalid_argument("cannot read " + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_out(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  if (path == "-") {
    std::cout << text << std::flush;
    return;
  }
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

void declare(CLI::App& app, Options& o, load::CrowdSettings& s) {
  app.add_option("--url", o.url, "the server, plain HTTP");
  app.add_option("--links", o.links, "file of links, as the server writes it");
  app.add_option("--janus", o.janus, "in place of links: this room of Janus's videoroom plugin and those that follow; --url is its WebSocket")
      ->check(CLI::PositiveNumber);
  app.add_option("--cipher", o.cipher, "know no other SRTP profile than this")
      ->check(CLI::IsMember({"AEAD_AES_128_GCM", "AES_CM_128_HMAC_SHA1_80"}));
  app.add_option("--cpu-of", s.cpu_of, "count the CPU time of this process, too, while it is measured");
  app.add_option("--rooms", o.rooms, "how many rooms to fill");
  app.add_option("--people", s.people, "how many people a room");
  app.add_option("--seconds", s.seconds, "how long to measure once all are present");
  app.add_option("--warm-up", s.warm_up, "seconds between all being present and measuring");
  app.add_option("--index-from", s.index_from, "first link of each room; also the first tone and code");
  app.add_option("--decode", o.decode, "what to look at and listen to")->check(CLI::IsMember({"all", "sample", "none"}));
  app.add_option("--pictures", o.pictures, "layers to send: none, q, half (q h), full (q h f)")
      ->check(CLI::IsMember({"none", "q", "half", "full"}));
  app.add_option("--tile", o.tile, "size of every tile shown, as 320x180");
  app.add_option("--join-within", s.join_within, "seconds until whoever is not present has failed");
  app.add_option("--join-every", s.join_every_ms, "milliseconds between two people's coming");
  app.add_option("--json", o.json, "write the whole report to this file, or - for standard output");
  app.add_option("--check-json", o.check_json, "write people and pairs to this file, or -");
  app.add_flag("--admit", s.admit, "people who may admit let everyone in");
  app.add_flag("--bench", s.bench, "send the measured load of PEERS.md, not real sound and pictures");
  app.add_flag("--seal", s.seal,
               "with --bench: protect every frame as the client does (SFrame, AES-128-GCM), under the keys of --keys; without --keys under a "
               "fixed test key, as long as a real one and no secret. Latency is then that of sound alone");
  app.add_option("--gallery", o.gallery, "with --bench: a usual gallery, whose small layer has this size")
      ->check(CLI::IsMember({"160x90", "320x180"}));
  app.add_option("--read-every", o.read_every_ms, "with --bench: read the sockets so often (milliseconds), not when they have something; latencies contain the wait");
  app.add_flag("--flat-out", s.flat_out, "with --bench: send as fast as it comes back, so that the server never waits");
  app.add_flag("--muted", s.muted, "microphones and cameras off");
  app.add_flag("--lively", s.lively, "pictures with grain, as large as a camera's");
  app.add_flag("--silent", s.silent, "microphones on, and nobody speaks: two packets of silence in 420 ms, as browsers send");
  app.add_flag("--no-stamp", o.no_stamp, "no time in the padding of sound (no latency figures)");
  app.add_flag("--until-stdin-closes", s.until_stdin_closes, "stay until standard input ends");
  app.add_option("--settle", s.settle, "then wait up to so many seconds until everyone was seen and heard by everyone");
  app.add_option("--keys", s.keys, "command that does MLS for our people (tests/load/keys.ts); without it an encrypted room is joined without keys");
  app.add_flag("--churn", o.churn, "with --bench: people leave and come again, load anew, vanish and return, look elsewhere, have poor lines");
  app.add_option("--cycle", o.cycle, "with --churn: seconds from one calm to the next, in which all are back");
  app.add_option("--calm", o.calm, "with --churn: seconds of a calm, of the cycle's");
  app.add_option("--between", o.between, "with --churn: seconds between two doings of one person, on average");
  app.add_option("--sample-every", s.sample_every, "seconds; then a line of JSON with what came since the last, on standard output");
  app.add_option("--attack", s.attack,
                 "the folder fuzz/corpus: after --quiet-for, the last of each room attacks by its media, the one before by its WebSocket, and datagrams "
                 "come from addresses that nobody knows, for --seconds; both times are measured");
  app.add_option("--attack-by", o.attack_by, "with --attack: these ways alone, of strays,rtp,rtcp,texts")
      ->delimiter(',')
      ->check(CLI::IsMember({"strays", "rtp", "rtcp", "texts"}));
  app.add_option("--quiet-for", s.quiet_for, "with --attack: seconds before it");
  app.add_option("--seed", s.seed, "of --churn and --attack");
  app.add_flag("--quiet", s.quiet, "no progress lines");
}

void settle(const Options& o, load::CrowdSettings& s) {
  s.server = load::parse_server_url(o.url);
  if (o.janus != 0) {
    if (!s.bench || s.flat_out || !o.gallery.empty()) throw std::invalid_argument("--janus goes with --bench alone: everything on, on time");
    s.janus = o.janus;
    s.server.target = "/";
    s.server.protocol = "janus-protocol";
    s.rooms.resize(o.rooms);
  } else {
    s.rooms = load::read_links(read_file(o.links));
  }
  if (!o.cipher.empty())
    s.only_profile = o.cipher == "AEAD_AES_128_GCM" ? transport::SrtpProfile::aead_aes_128_gcm : transport::SrtpProfile::aes128_cm_hmac_sha1_80;
  if (s.rooms.size() < o.rooms) throw std::invalid_argument(fmt::format("the file has only {} rooms", s.rooms.size()));
  s.rooms.resize(o.rooms);
  s.layers = o.pictures == "none" ? 0 : o.pictures == "half" ? 2 : o.pictures == "full" ? 3 : 1;
  s.gallery = !o.gallery.empty();
  s.gallery_tiny = o.gallery == "160x90";
  s.read_every = base::Duration::millis(o.read_every_ms);
  if ((s.gallery || s.flat_out || o.read_every_ms > 0) && !s.bench) throw std::invalid_argument("--gallery, --flat-out and --read-every are of --bench");
  if (s.gallery && s.flat_out) throw std::invalid_argument("a gallery is sent on time");
  if (o.churn) {
    if (!s.bench || s.flat_out || s.seal || s.janus) throw std::invalid_argument("--churn goes with --bench, on time and unsealed");
    const auto seconds = [](double n) { return base::Duration::micros(static_cast<std::int64_t>(n * 1e6)); };
    if (!(o.between > 0 && o.calm > 0 && o.cycle > o.calm)) throw std::invalid_argument("--between and --calm are more than 0, --cycle is more than --calm");
    s.churn = load::ChurnSettings{s.seed, seconds(o.cycle), seconds(o.calm), seconds(o.between)};
  }
  if (s.sample_every > 0 && (o.json == "-" || o.check_json == "-")) throw std::invalid_argument("samples have standard output for themselves");
  const auto by = [&o](std::string_view way) { return std::ranges::find(o.attack_by, way) != o.attack_by.end(); };
  s.attack_strays = by("strays");
  s.attack_rtp = by("rtp");
  s.attack_rtcp = by("rtcp");
  s.attack_texts = by("texts");
  if (!s.attack.empty() && (o.churn || s.until_stdin_closes || s.janus)) throw std::invalid_argument("--attack stands alone");
  if (s.bench) s.layers = o.pictures == "none" ? 0 : s.gallery || s.churn ? 2 : 1;
  s.decode = o.decode == "all" ? load::Decode::all : o.decode == "sample" ? load::Decode::sample : load::Decode::none;
  if (s.bench) s.decode = s.seal ? load::Decode::times : load::Decode::none;
  if (s.muted) s.layers = 0;
  if (s.seal && !s.bench) throw std::invalid_argument("--seal is a kind of --bench: all else is sealed where the room is encrypted");
  if (s.bench && !s.seal && !s.keys.empty()) throw std::invalid_argument("--bench seals nothing unless --seal says so: add it or leave out --keys");
  s.stamp = !o.no_stamp;
  if (s.gallery) {
    const auto small = load::kLayerShapes[s.gallery_tiny ? 0 : 1];
    s.tile_width = small.width;
    s.tile_height = small.height;
  } else if (s.layers > 0) {
    s.tile_width = load::kLayerShapes[s.layers - 1].width;
    s.tile_height = load::kLayerShapes[s.layers - 1].height;
  }
  if (!o.tile.empty() && std::sscanf(o.tile.c_str(), "%ux%u", &s.tile_width, &s.tile_height) != 2)
    throw std::invalid_argument("--tile is written as 320x180");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Synthetic people for a Quietroom server"};
  Options options;
  load::CrowdSettings settings;
  declare(app, options, settings);
  try {
    app.parse(argc, argv);
    settle(options, settings);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  } catch (const std::exception& e) {
    fmt::print(stderr, "quietroom-load: {}\n", e.what());
    return 2;
  }
  const auto stop = [](int) { stop_asked = true; };
  ::signal(SIGINT, stop);
  ::signal(SIGTERM, stop);
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const auto result = load::run_crowd(settings, stop_asked);
    fmt::print(stderr, "{}", load::report_text(settings, result));
    write_out(options.json, load::report_json(settings, result));
    write_out(options.check_json, load::check_json(settings, result));
    if (!result.why_void.empty()) return 3;
    if (settings.until_stdin_closes) return 0;  // whoever closed it judges
    const auto pairs = load::count_pairs(settings, result);
    const bool judged = settings.decode == load::Decode::sample || settings.decode == load::Decode::all;
    return result.everyone_came && (!judged || pairs.right == pairs.all) ? 0 : 1;
  } catch (const std::exception& e) {
    fmt::print(stderr, "quietroom-load: {}\n", e.what());
    return 1;
  }
}
