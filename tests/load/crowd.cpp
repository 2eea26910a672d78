// SPDX-License-Identifier: Apache-2.0
// One io_context: a tick every 5 ms lets each person send what is due, so that packets leave in batches; in the measured load
// every 1 ms, so that people do not send in step, which would flatter the server. Sockets are read when the kernel says so.
// Late is measured against the due time (publisher.h), so a machine that cannot keep up shows.
#include "load/crowd.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdio>
#include <fstream>
#include <map>
#include <ranges>
#include <sstream>
#include <stdexcept>

#include "load/keys_lines.h"
#include "load/keys_process.h"
#include "load/tally.h"
#include "net/machine.h"

namespace load {
namespace {

namespace asio = boost::asio;

constexpr auto kTick = std::chrono::milliseconds(5), kBenchTick = std::chrono::milliseconds(1);
constexpr auto kWordsWithin = base::Duration::seconds(60);  // a million rounds a person, on a busy machine
constexpr std::uint64_t kUnderWay = 170, kRoundPackets = 6;  // flat out
constexpr auto kCountEvery = base::Duration::millis(10), kSilence = base::Duration::millis(200);
constexpr auto kLeftStands = base::Duration::seconds(90);  // a connection of somebody who went without ending it
constexpr auto kNewLine = base::Duration::seconds(5);
constexpr std::size_t kFaultsKept = 20;
constexpr double kTexts = 15, kSpoilt = 100;  // a second: messages; rounds of three RTP packets, one of RTCP and four strays
constexpr auto kComesAgain = base::Duration::millis(200), kGivesUp = base::Duration::seconds(5);
constexpr double kTolerated = 0.001;  // of our own packets late or lost: above it a run is void

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Of all its threads, those that have ended among them (proc(5), stat: utime and stime are the 14th and 15th field, and the
// second, in parentheses, may hold anything).
double cpu_seconds_of(int pid) {
  if (pid == 0) return 0;
  std::ifstream in(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(in, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) throw std::runtime_error("the process whose CPU is counted has ended");
  std::istringstream rest(line.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  double user = 0, system = 0;
  rest >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

bool stdin_closed() {
  pollfd p{STDIN_FILENO, POLLIN, 0};
  if (poll(&p, 1, 0) <= 0) return false;
  char byte = 0;
  return ::read(STDIN_FILENO, &byte, 1) <= 0;
}

class Crowd {
 public:
  Crowd(const CrowdSettings& settings, const std::atomic<bool>& stop) : settings_(settings), stop_(stop) {
    certificate_ = crypto::Certificate::make_self_signed();
    for (std::size_t room = 0; room < settings_.rooms.size(); ++room)
      for (unsigned n = 0; n < settings_.people; ++n) {
        if (settings_.janus) {
          seat_at_janus(room, n, true);
        } else {
          seat_person(room, n);
        }
      }
    senders_ = people_.size();
    for (std::size_t room = 0; room < settings_.rooms.size() && settings_.janus; ++room)
      for (unsigned n = 0; n < settings_.people; ++n) seat_at_janus(room, n, false);
    // Where they are read on time, the loop is not to be woken for them either.
    if (settings_.read_every.us == 0) {
      readable_.emplace(io_, ::dup(sockets_.descriptor()));
      watch();
    }
    if (!settings_.attack.empty()) prepare_attack();
    if (!settings_.keys.empty())
      keys_ = std::make_unique<KeysProcess>(io_, settings_.keys, [this](std::string_view line) { on_keys_line(line); });
  }

  RunResult run() {
    began_ = net::read_clock().instant;
    tick();
    io_.run();
    RunResult result;
    result.everyone_came = everyone_came_;
    result.measured = measured_;
    result.why_void = why_void();
    result.quiet = std::move(quiet_);
    result.attacked = std::move(attacked_);
    if (attack_) result.attack = attack_->counts();
    if (churn_) result.churn = churn_->counts();
    result.faults = std::move(faults_);
    result.people = std::move(people_);
    return result;
  }

 private:
  enum class Phase : std::uint8_t { joining, measuring, asking, leaving };  // asking: the words, where there are keys

  void seat_person(std::size_t room, unsigned n) {
    const auto& links = settings_.rooms[room].links;
    const unsigned place = settings_.index_from + n;
    if (place >= links.size()) throw std::invalid_argument(fmt::format("room {} has only {} links", room, links.size()));
    const unsigned index = links[place].index.value_or(place);
    if (index >= kPeople) throw std::invalid_argument(fmt::format("there are only {} tones and codes", kPeople));
    ParticipantSettings person = settings_for(index);
    person.link = links[place].secret;
    person.admit = settings_.admit;
    person.keys = !settings_.keys.empty();
    person.seal = settings_.seal;
    if (settings_.seal && settings_.keys.empty()) {
      std::vector<std::uint32_t> seats;
      for (unsigned other = 0; other < settings_.people && settings_.index_from + other < links.size(); ++other)
        seats.push_back(links[settings_.index_from + other].seat);
      person.given = bench_keys(static_cast<std::uint16_t>(n), seats);
    }
    person.tile_width = settings_.tile_width;
    person.tile_height = settings_.tile_height;
    if (settings_.churn && !settings_.gallery) person.publishing.load = BenchLoad::in_two_layers();
    if (settings_.gallery) {
      person.publishing.load = BenchLoad::gallery(n, settings_.gallery_tiny);
      // The one who talks most is shown large; who that is sees the next so.
      if (settings_.people > 1 && links.size() > settings_.index_from + 1) person.large = links[settings_.index_from + (n == 0 ? 1 : 0)].seat;
    }
    seat(room, std::move(person));
  }

  // One of the two connections that a person has there: the one that sends, or the one that receives all others.
  void seat_at_janus(std::size_t room, unsigned n, bool sends) {
    ParticipantSettings person = settings_for(n);
    person.janus = JanusSeat{*settings_.janus + static_cast<std::uint32_t>(room), n + 1, {}};
    for (unsigned other = 0; other < settings_.people && !sends; ++other)
      if (other != n) person.janus->feeds.push_back(other + 1);
    seat(room, std::move(person));
  }

  ParticipantSettings settings_for(unsigned index) {
    ParticipantSettings person;
    person.index = index;
    person.socket = sockets_.open();
    person.decode = settings_.decode;
    person.bench = settings_.bench;
    person.only_profile = settings_.only_profile;
    person.publishing = {.content = content_of(index), .layers = settings_.layers, .muted = settings_.muted, .silent = settings_.silent, .bench = settings_.bench, .on_time = !settings_.flat_out, .stamp = settings_.stamp};
    return person;
  }

  void seat(std::size_t room, ParticipantSettings person) {
    people_.push_back({room, std::make_unique<Participant>(std::move(person), certificate_, entropy_, net::read_clock()), nullptr, false,
                        std::make_unique<Line>(sockets_, settings_.seed + people_.size())});
    known_.emplace_back();
    due_.emplace_back();
  }

  std::shared_ptr<const Content> content_of(unsigned index) {
    if (settings_.bench) return nullptr;
    auto& content = contents_[index];
    if (content == nullptr) content = Content::make(index, settings_.layers, settings_.stamp, settings_.lively);
    return content;
  }

  // A batch of sockets, then whatever else is due.
  void watch() {
    readable_->async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
      if (error) return;
      (void)read_some();
      watch();
    });
  }
  bool read_some() {
    return sockets_.for_each_readable([this](std::uint32_t i) {
      const auto now = net::read_clock();
      if (i >= people_.size()) return sockets_.receive(i, [](const base::Path&, base::MutableBytes) {});  // a stranger's
      sockets_.receive(i, [&](const base::Path& path, base::MutableBytes datagram) {
        ++arrived_;
        if (people_[i].line->loses() || away(i)) return;
        people_[i].person->on_datagram(now, path, datagram, *people_[i].line);
      });
      due_[i] = std::min(due_[i], people_[i].person->next_due());
      if (settings_.flat_out) send_rounds(now);
      sockets_.flush();
    });
  }

  // A connection hears no more once it is replaced or forsaken, so the person is who it was made for.
  void connect(std::size_t i) {
    people_[i].connection =
        std::make_unique<WebSocket>(io_, settings_.server,
                                    WebSocket::Handlers{[this, i] {
                                                          people_[i].person->on_signalling_open(net::read_clock());
                                                          say(i);
                                                        },
                                                        [this, i](std::string_view text) {
                                                          people_[i].person->on_text(net::read_clock(), text, *people_[i].line);
                                                          sockets_.flush();
                                                          say(i);
                                                        },
                                                        [this, i](unsigned code) { people_[i].person->on_signalling_closed(net::read_clock(), code); }});
  }

  bool away(std::size_t i) const { return churn_ && churn_->away(i); }

  // The churn's doings.
  void go(std::size_t i, Going how) {
    Seated& seated = people_[i];
    note_latencies(i);
    note_loss(i);
    if (how == Going::leaves) {
      seated.person->leave(net::read_clock(), *seated.line);
      say(i);
      sockets_.flush();
      seated.connection->close();
    }
    seated.connection->forsake();
    // The one that reloads ends here; one that left ends once its farewell is written, one that vanished with its server's patience.
    if (how != Going::reloads) left_.push_back({net::read_clock().instant + kLeftStands, std::move(seated.connection)});
    seated.connection.reset();
  }
  void come(std::size_t i, bool with_token) {
    Seated& seated = people_[i];
    ParticipantSettings again = seated.person->settings();
    again.resume = with_token ? seated.person->resume() : "";
    settle_counts(i);
    for (const auto& fault : seated.person->faults())
      if (faults_.size() < kFaultsKept) faults_.push_back(fault);
    told_.erase(seated.person.get());
    sockets_.reopen(static_cast<std::uint32_t>(i));
    due_[i] = {};
    seated.person = std::make_unique<Participant>(std::move(again), certificate_, entropy_, net::read_clock());
    if (seated.hostile || !settings_.attack.empty()) leave_out_hostile(*seated.person);
    known_[i] = {};
    connect(i);
  }
  void begin_churn(base::Instant now) {
    churn_.emplace(*settings_.churn,
                   Churn::Crowd{[this](std::size_t i, Going how) { go(i, how); }, [this](std::size_t i, bool with_token) { come(i, with_token); },
                                [this](std::size_t i, unsigned tiles, unsigned width, unsigned height) { people_[i].person->look_at(tiles, width, height); },
                                [this](std::size_t i, double lost) { people_[i].line->lose(lost); },
                                [this](std::size_t i) { return people_[i].person->ready() && !people_[i].person->failure(); },
                                [this](std::size_t i) { return people_[i].person->resumed(); }, [this](std::size_t i) { return people_[i].person->leads(); },
                                [this](std::size_t i) {
                                  const auto& person = *people_[i].person;
                                  return fmt::format("seat {} of room {}: {}", person.seat(), people_[i].room, person.failure().value_or(person.state()));
                                }},
                   people_.size(), now);
  }

  // The last of each room, and the one before.
  void prepare_attack() {
    attack_.emplace(settings_.seed, settings_.attack);
    if (settings_.people < 4) throw std::invalid_argument("an attack needs a room of four");
    for (std::size_t i = 0; i < people_.size(); ++i) {
      people_[i].hostile = i % settings_.people + 2 >= settings_.people;
      if (!people_[i].hostile) people_[i].line->overhear();
    }
    for (auto& stranger : strangers_) stranger = sockets_.open();
  }
  void leave_out_hostile(Participant& person) const {
    std::vector<std::uint32_t> seats;
    for (const auto& seated : people_)
      if (seated.hostile) seats.push_back(seated.person->seat());
    person.subscriber().leave_out(std::move(seats));
  }
  void attack(base::Now now) {
    const double passed = static_cast<double>((now.instant - attacked_at_).us) / 1e6;
    attacked_at_ = now.instant;
    for (std::size_t i = 0; i < people_.size(); ++i) {
      Seated& seated = people_[i];
      if (!seated.hostile) continue;
      const bool by_media = i % settings_.people + 1 == settings_.people;
      owed_[i] += passed;
      if (seated.person->failure() || !seated.person->ready()) {
        come_again(i, now);
      } else if (by_media) {
        attack_by_media(i, now);
      } else {
        for (; owed_[i] >= 1 / kTexts && settings_.attack_texts; owed_[i] -= 1 / kTexts) {
          seated.person->say(attack_->text());
          say(i);
        }
      }
      owed_[i] = std::min(owed_[i], 0.1);
    }
  }
  void attack_by_media(std::size_t i, base::Now now) {
    Seated& seated = people_[i];
    const auto& negotiated = seated.person->negotiated();
    const auto& path = seated.person->peer().selected_path();
    AnswerSettings own;
    seated.person->publisher().name_streams(own);
    for (; owed_[i] >= 1 / kSpoilt && negotiated && path; owed_[i] -= 1 / kSpoilt) {
      const auto line = seated.person->line(now, *seated.line);
      for (int n = 0; n < 3 && settings_.attack_rtp; ++n) attack_->send_rtp(line, *negotiated, own);
      if (settings_.attack_rtcp) attack_->send_rtcp(line, *negotiated, own);
      for (int n = 0; n < 4 && settings_.attack_strays; ++n) {
        const auto& overheard = people_[i - 2 - turn_ % (settings_.people - 2)].line->heard();
        const auto datagram = attack_->stray(overheard);
        base::Path from = *path;
        from.local = strangers_[turn_++ % strangers_.size()];
        std::ranges::copy(datagram, sockets_.reserve(from.local, from, std::max<std::size_t>(1, datagram.size()), base::Precedence::control));
        sockets_.commit(datagram.size());
      }
    }
  }
  // Turned out, it comes again and goes on.
  void come_again(std::size_t i, base::Now now) {
    auto& since = turned_out_[i];
    if (since.is_never()) since = now.instant;
    const bool out = people_[i].person->failure().has_value();
    if (now.instant - since < (out ? kComesAgain : kGivesUp)) return;
    since = base::Instant::never();
    ++attack_->counts().connections;
    people_[i].connection.reset();
    come(i, true);
  }

  void say(std::size_t i) {
    due_[i] = base::Instant{};  // what changed with it, the next tick sees
    texts_.clear();
    people_[i].person->take_texts(texts_);
    for (auto& text : texts_) people_[i].connection->send(std::move(text));
    for_keys_.clear();
    people_[i].person->take_for_keys(for_keys_);
    for (const auto& each : for_keys_) {
      if (const auto* message = std::get_if<std::string>(&each)) keys_->say(heard_line(i, *message));
      if (const auto* admitted = std::get_if<Participant::Admitted>(&each))
        keys_->say(admit_line(i, admitted->arrival, admitted->seat, admitted->leads));
    }
  }

  void on_keys_line(std::string_view text) {
    KeysLine line = read_keys_line(text);
    if (line.person >= people_.size() || std::holds_alternative<KeysUnreadable>(line.what))
      throw std::runtime_error("the key process said what is not understood");
    Participant& person = *people_[line.person].person;
    if (auto* m = std::get_if<KeysSay>(&line.what)) person.say(std::move(m->text));
    if (auto* m = std::get_if<EpochKeys>(&line.what)) person.on_keys(net::read_clock(), std::move(*m));
    if (std::holds_alternative<KeysForget>(line.what)) person.on_keys_forgotten();
    if (auto* m = std::get_if<KeysWords>(&line.what)) person.on_words(std::move(m->numbers));
    if (auto* m = std::get_if<KeysTrouble>(&line.what)) person.on_trouble(std::move(m->what));
    if (people_[line.person].connection) say(line.person);
  }

  void tick() {
    auto now = net::read_clock();
    if (settings_.read_every.us > 0 && read_at_ <= now.instant) {
      // Each socket about once: others may fill again as fast as these are read.
      for (std::size_t i = 0; i < people_.size() && read_some(); i += UdpSockets::kReady) {
      }
      now = net::read_clock();
      read_at_ = now.instant + settings_.read_every;
    }
    while (connected_ < people_.size() && (connected_ != senders_ || everyone_sends()) &&
           now.instant - began_ >= base::Duration::millis(settings_.join_every_ms) * static_cast<std::int64_t>(connected_))
      connect(connected_++);
    for (std::size_t i = 0; i < connected_; ++i) {
      if (away(i) || now.instant < due_[i]) continue;
      people_[i].person->on_tick(now, *people_[i].line);
      say(i);
      due_[i] = people_[i].person->next_due();
    }
    if (phase_ == Phase::measuring && churn_) churn_->tick(now.instant);
    if (phase_ == Phase::measuring && attack_ && quiet_) attack(now);
    std::erase_if(left_, [&](const Left& left) { return left.until <= now.instant; });
    if (settings_.flat_out) send_rounds(now);
    sockets_.flush();
    advance(now.instant);
    if (phase_ == Phase::leaving && now.instant >= phase_ends_) return finish();
    timer_.expires_after(settings_.bench ? kBenchTick : kTick);
    timer_.async_wait([this](const boost::system::error_code& error) {
      if (!error) tick();
    });
  }

  // Who receives from Janus names what they receive, so it must be there.
  bool everyone_sends() const {
    return std::ranges::all_of(people_ | std::views::take(senders_), [](const Seated& seated) { return seated.person->ready(); });
  }

  // Flat out: each of us in turn, so long as no more than kUnderWay rounds have not come back. What was lost, or is not
  // forwarded yet, is under way no more after a while of silence.
  void send_rounds(base::Now now) {
    if (came_at_.is_never() || phase_ == Phase::leaving) return;
    const std::uint64_t each = kRoundPackets * (settings_.people - 1);
    if (counted_at_ + kCountEvery <= now.instant) {  // exactly: what arrives is feedback, too
      const std::uint64_t received = received_by_all();
      if (received != received_) came_back_at_ = now.instant;
      if (now.instant - came_back_at_ > kSilence) {
        rounds_ = 0;
        received_from_ = received;
        came_back_at_ = now.instant;
      }
      received_ = received;
      arrived_ = received - received_from_;
      counted_at_ = now.instant;
    }
    for (; rounds_ * each < arrived_ + kUnderWay * each; ++rounds_) send_round(now);
  }
  void send_round(base::Now now) {
    Seated& seated = people_[turn_++ % people_.size()];
    seated.person->send_round(now, *seated.line);
  }
  std::uint64_t received_by_all() const {
    std::uint64_t received = 0;
    for (const auto& seated : people_) received += seated.person->subscriber().counts().received;
    return received;
  }

  void advance(base::Instant now) {
    report_progress();
    if (phase_ == Phase::leaving) return;
    if (keys_ && keys_->ended()) throw std::runtime_error("the key process ended");
    if (phase_ == Phase::asking) {
      if (now >= phase_ends_ || everyone_said_words()) begin_leaving(now);
      return;
    }
    if (closed_at_.is_never() && settings_.until_stdin_closes && stdin_closed()) closed_at_ = now;
    const bool settled = !closed_at_.is_never() && (now - closed_at_ >= seconds(settings_.settle) || everyone_was_heard());
    const bool asked_to_stop = stop_ || settled;
    if (phase_ == Phase::joining) {
      std::size_t ready = 0;
      for (const auto& seated : people_) ready += seated.person->ready() ? 1U : 0U;
      const bool too_long = !settings_.until_stdin_closes && now - began_ > seconds(settings_.join_within);
      everyone_came_ = ready == people_.size();
      if (everyone_came_ && came_at_.is_never()) came_at_ = now;
      const bool warm = everyone_came_ && now - came_at_ >= seconds(settings_.warm_up);
      if (warm || (too_long && !everyone_came_)) begin_measuring(now);
    }
    if (phase_ == Phase::measuring && !sample_due_.is_never() && now >= sample_due_) take_sample(now);
    if (phase_ == Phase::measuring && attack_ && !quiet_ && now >= quiet_ends_) begin_attack(now);
    if (asked_to_stop || (phase_ == Phase::measuring && now >= phase_ends_)) {
      if (phase_ == Phase::measuring) end_measuring(now);
      if (keys_ && !settings_.bench) {
        begin_asking(now);
      } else {
        begin_leaving(now);
      }
    }
  }

  void begin_asking(base::Instant now) {
    phase_ = Phase::asking;
    phase_ends_ = now + kWordsWithin;
    for (std::size_t i = 0; i < people_.size(); ++i)
      if (people_[i].person->has_keys()) keys_->say(words_line(i));
  }
  bool everyone_said_words() const {
    return std::ranges::all_of(people_, [](const Seated& seated) {
      return !seated.person->has_keys() || !seated.person->words().empty();
    });
  }

  // Each of us has decoded a picture and heard a tone of everyone that we are together with.
  bool everyone_was_heard() const {
    for (const auto& seated : people_) {
      const auto& witnesses = seated.person->subscriber().witnesses();
      for (const auto& [seat, since] : seated.person->others()) {
        const auto found = witnesses.find(seat);
        if (found == witnesses.end() || found->second.codes.empty() || found->second.tones.empty()) return false;
      }
    }
    return true;
  }

  static base::Duration seconds(double s) { return base::Duration::micros(static_cast<std::int64_t>(s * 1e6)); }

  Measured totals(base::Instant now) const {
    Measured out;
    out.seconds = static_cast<double>(now.us) / 1e6;
    out.cpu_seconds = cpu_seconds();
    out.watched_cpu_seconds = cpu_seconds_of(settings_.cpu_of);
    for (const auto& seated : people_)
      if (!seated.hostile) count_in(*seated.person, out);
    add(gone_, out);
    out.send_lost += sockets_.counts().send_failed;
    out.receive_dropped = sockets_.counts().receive_dropped;
    return out;
  }

  // What this person counted stays counted when another takes its place.
  void settle_counts(std::size_t i) {
    if (!away(i)) note_loss(i);
    note_latencies(i);
    if (!people_[i].hostile) count_in(*people_[i].person, gone_);
  }
  // Of good lines alone: over a poor one, or while a new one is being felt out, what is late is kept back on purpose.
  void note_latencies(std::size_t i) {
    auto& person = *people_[i].person;
    const auto& since = person.milestones().present;
    const bool good = !people_[i].line->poor() && !known_[i].poor && since && net::read_clock().instant - *since >= kNewLine;
    if (good) sampled_.latencies.add(person.subscriber().latencies());
    if (!people_[i].hostile) gone_.latencies.add(person.subscriber().latencies());
    person.subscriber().forget_latencies();
  }
  // Since it was last noted; of who has a poor line apart.
  void note_loss(std::size_t i) {
    const auto counts = people_[i].person->subscriber().counts();
    Known& known = known_[i];
    const auto expected = static_cast<std::int64_t>(counts.expected - known.expected);
    const auto lost = static_cast<std::int64_t>(counts.lost) - static_cast<std::int64_t>(known.lost);
    const bool poor = people_[i].line->poor() || known.poor;  // a loss can still heal, or show, in the time after
    Losses& losses = poor ? poor_ : good_;
    losses.expected += expected;
    losses.lost += lost;
    known = {counts.expected, counts.lost, people_[i].line->poor()};
  }

  // One line of JSON: what came since the last one.
  void take_sample(base::Instant now) {
    sample_due_ = now + seconds(settings_.sample_every);
    std::size_t present = 0, faults = faults_.size();
    for (std::size_t i = 0; i < connected_; ++i) {
      const auto& person = *people_[i].person;
      if (away(i)) continue;
      note_latencies(i);
      note_loss(i);
      present += person.ready() && !person.failure() ? 1U : 0U;
      faults += person.faults().size();
    }
    const auto own = totals(now);
    const SampleFigures sample{.seconds = static_cast<double>((now - measuring_since_).us) / 1e6,
                               .settled = churn_ ? churn_->settled(now) : true,
                               .present = present,
                               .faults = faults,
                               .good = good_,
                               .poor = poor_};
    fmt::print("{}\n", sample_line(sample, sampled_.latencies, own, churn_ ? churn_->counts() : ChurnCounts{}));
    std::fflush(stdout);
    good_ = poor_ = {};
    sampled_ = {};
  }

  void begin_measuring(base::Instant now) {
    phase_ = Phase::measuring;
    measuring_since_ = now;
    phase_ends_ = settings_.until_stdin_closes ? base::Instant::never() : now + seconds(settings_.seconds);
    for (auto& seated : people_) seated.person->subscriber().forget_latencies();
    if (settings_.churn) begin_churn(now);
    if (settings_.sample_every > 0) sample_due_ = now + seconds(settings_.sample_every);
    if (attack_) {
      quiet_ends_ = now + seconds(settings_.quiet_for);
      phase_ends_ = quiet_ends_ + seconds(settings_.seconds);
      owed_.assign(people_.size(), 0);
      turned_out_.assign(people_.size(), base::Instant::never());
      for (auto& seated : people_) leave_out_hostile(*seated.person);
      forget_seen();
    }
    at_start_ = totals(now);
  }
  void begin_attack(base::Instant now) {
    end_measuring(now);
    quiet_ = seen_in(people_, measured_);
    measured_ = {};
    for (auto& seated : people_) seated.person->subscriber().forget_latencies();
    forget_seen();
    at_start_ = totals(now);
    attacked_at_ = now;
    phase_ends_ = now + seconds(settings_.seconds);  // also where this machine had no time for us before
  }
  void forget_seen() {
    for (auto& seated : people_) seated.person->subscriber().forget_seen();
  }

  void end_measuring(base::Instant now) {
    take_since(at_start_, totals(now), measured_);
    for (const auto& seated : people_)
      if (!seated.hostile) measured_.latencies.add(seated.person->subscriber().latencies());
    measured_.latencies.add(gone_.latencies);
    if (quiet_) attacked_ = seen_in(people_, measured_);
  }

  void begin_leaving(base::Instant now) {
    phase_ = Phase::leaving;
    phase_ends_ = now + base::Duration::millis(300);
    const auto clock = net::read_clock();
    for (std::size_t i = 0; i < connected_; ++i) {
      if (people_[i].connection == nullptr) continue;
      people_[i].person->leave(clock, *people_[i].line);
      say(i);
      people_[i].connection->close();
    }
    sockets_.flush();
  }

  void finish() {
    for (auto& seated : people_) seated.connection.reset();
    left_.clear();
    readable_.reset();
    if (keys_) keys_->close();
    io_.stop();
  }

  std::string why_void() const {
    const auto share = [](std::uint64_t part, std::uint64_t whole) {
      return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    const double own = share(measured_.late + measured_.send_lost, measured_.sent);
    if (own > kTolerated) return fmt::format("{:.2f}% of our own sending was late or lost", own * 100);
    const double dropped = share(measured_.receive_dropped, measured_.expected);
    if (dropped > kTolerated) return fmt::format("our own sockets dropped {:.2f}% of what came", dropped * 100);
    return {};
  }

  void report_progress() {
    if (settings_.quiet) return;
    for (auto& seated : people_) {
      auto& told = told_[seated.person.get()];
      const auto& person = *seated.person;
      const auto state = person.failure() ? "failed: " + *person.failure() : person.state();
      if (told == state) continue;
      told = state;
      fmt::print(stderr, "room {} person {} seat {} {}\n", seated.room, person.settings().index, person.seat(), state);
    }
  }

  const CrowdSettings& settings_;
  const std::atomic<bool>& stop_;
  net::MachineEntropy entropy_;
  std::shared_ptr<const crypto::Certificate> certificate_;
  std::map<unsigned, std::shared_ptr<const Content>> contents_;
  UdpSockets sockets_;
  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  std::vector<Seated> people_;
  std::optional<asio::posix::stream_descriptor> readable_;
  std::vector<base::Instant> due_;  // when each of people_ has something to do
  std::vector<std::string> texts_;
  std::vector<Participant::ForKeys> for_keys_;
  std::unique_ptr<KeysProcess> keys_;
  std::map<const Participant*, std::string> told_;
  std::size_t connected_ = 0, senders_ = 0;  // Janus: the receiving connections stand behind so many that send
  std::uint64_t rounds_ = 0, arrived_ = 0, received_ = 0, received_from_ = 0;  // flat out
  std::size_t turn_ = 0;
  base::Instant read_at_;
  base::Instant counted_at_, came_back_at_;
  Phase phase_ = Phase::joining;
  base::Instant closed_at_ = base::Instant::never(), came_at_ = base::Instant::never();
  base::Instant began_, phase_ends_ = base::Instant::never();
  bool everyone_came_ = false;
  Measured at_start_, measured_;
  // Coming and going, samples.
  struct Left {
    base::Instant until;
    std::unique_ptr<WebSocket> connection;
  };
  struct Known {
    std::uint64_t expected = 0, lost = 0;
    bool poor = false;
  };
  std::optional<Churn> churn_;
  std::vector<Left> left_;
  std::vector<Known> known_;
  std::vector<std::string> faults_;
  Measured gone_, sampled_;
  Losses good_, poor_;
  base::Instant measuring_since_, sample_due_ = base::Instant::never();
  // An attack.
  std::optional<Attack> attack_;
  std::array<std::uint32_t, 8> strangers_{};
  std::vector<double> owed_;
  std::vector<base::Instant> turned_out_;
  base::Instant quiet_ends_, attacked_at_;
  std::optional<Seen> quiet_, attacked_;
};

}  // namespace

RunResult run_crowd(const CrowdSettings& settings, const std::atomic<bool>& stop) { return Crowd(settings, stop).run(); }

}  // namespace load
