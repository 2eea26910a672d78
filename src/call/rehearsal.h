// SPDX-License-Identifier: Apache-2.0
// A whole plane for tests, without media or network: browsers come, say messages and hear messages; media is a record of
// what it was asked, and says what a test makes it say. Time stands still until a test moves it. Not here: expectations.
// Used by *_test.cpp only.
#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "call/media_control.h"
#include "call/message.h"
#include "call/plane.h"

namespace call::rehearsal {

class SeededEntropy final : public base::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : state_(seed) {}
  void fill(base::MutableBytes out) override {
    for (std::uint8_t& b : out) b = static_cast<std::uint8_t>(next() >> 32);
  }
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t n) { return next() % n; }

 private:
  std::uint64_t state_;
};

class NoSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path&, std::size_t max, base::Precedence) override {
    room_.resize(max);
    return room_.data();
  }
  void commit(std::size_t) override {}

 private:
  std::vector<std::uint8_t> room_;
};

// What media was asked, and what it shall say.
class RecordedMedia final : public MediaControl {
 public:
  struct Participant {
    bool present = false;
    std::uint64_t place = 0;
    bool backstage = false;
    std::map<media::Source, bool> silenced;
    media::View view;
    std::uint32_t offers = 0;
    std::uint32_t restarts = 0;
    std::set<media::Source> lines;  // opened beyond the first two
    std::vector<std::string> answers;
    std::optional<media::LineFigures> line;
  };
  std::map<media::ParticipantKey, Participant> participants;
  std::map<base::RoomId, bool> paused;
  std::vector<base::RoomId> closed;
  std::vector<media::Event> events;
  std::size_t most = 1'000;
  bool refuse_answers = false;

  bool add(media::ParticipantKey key, base::Now) override {
    return participants.size() < most && participants.try_emplace(key).second;
  }
  void remove(media::ParticipantKey key, base::Now, base::DatagramSink&) override { participants.erase(key); }
  media::Offer make_offer(media::ParticipantKey key, base::Now) override {
    media::Offer out;
    out.id = ++participants.at(key).offers;
    out.sdp = "v=0";
    out.upstream = {{"m", media::Source::microphone}, {"c", media::Source::camera}};
    out.slots = {{0, "s0", "p0"}};
    return out;
  }
  base::Result<void, media::AnswerError> take_answer(media::ParticipantKey key, std::uint32_t, std::string_view sdp,
                                                     base::Now) override {
    if (refuse_answers) return std::unexpected(media::AnswerError::malformed);
    participants.at(key).answers.emplace_back(sdp);
    return {};
  }
  void restart_ice(media::ParticipantKey key, base::Now) override {
    ++participants.at(key).restarts;
    events.push_back({key, media::Event::OfferNeeded{}});
  }
  void open_line(media::ParticipantKey key, media::Source source) override {
    if (participants.at(key).lines.insert(source).second) events.push_back({key, media::Event::OfferNeeded{}});
  }
  void set_present(media::ParticipantKey key, bool present, base::Now) override { participants.at(key).present = present; }
  void set_place(media::ParticipantKey key, std::uint64_t place, base::Now) override { participants.at(key).place = place; }
  void set_backstage(media::ParticipantKey key, bool backstage, base::Now) override { participants.at(key).backstage = backstage; }
  void set_silenced(media::ParticipantKey key, media::Source source, bool silenced, base::Now) override {
    participants.at(key).silenced[source] = silenced;
  }
  void set_paused(base::RoomId room, bool is_paused, base::Now) override { paused[room] = is_paused; }
  void set_view(media::ParticipantKey key, media::View view, base::Now) override { participants.at(key).view = std::move(view); }
  void close_room(base::RoomId room, base::Now, base::DatagramSink&) override {
    closed.push_back(room);
    paused.erase(room);
    std::erase_if(participants, [&](const auto& each) { return each.first.room == room; });
  }
  void on_datagram(base::Now, const base::Path&, base::MutableBytes, base::DatagramSink&) override {}
  void on_path_closed(base::Now, const base::Path&) override {}
  void on_timer(base::Now, base::DatagramSink&) override {}
  base::Instant next_timeout() const override { return base::Instant::never(); }
  void take_events(std::vector<media::Event>& into) override {
    into.clear();
    std::swap(into, events);
  }
  std::optional<media::LineFigures> line(media::ParticipantKey key) const override {
    const auto at = participants.find(key);
    return at == participants.end() ? std::nullopt : at->second.line;
  }
  media::Exchange::Totals totals() const override { return {}; }
};

inline constexpr base::RoomId kRoom{7};

inline Admission facilitator(std::uint32_t seat, Role role = Role::facilitator) {
  return {{seat}, role, {.admit = true, .moderate = true, .enter = true, .publish_screen = true}};
}
inline Admission member(std::uint32_t seat, Role role = Role::member) { return {{seat}, role, {}}; }

// One browser tab, as the test knows it.
struct Tab {
  base::ConnectionId connection;
  base::SeatId seat;
  base::ArrivalId arrival;
  std::string token;
};

class Rehearsal {
 public:
  explicit Rehearsal(PlaneSettings settings = {}, std::uint64_t seed = 1) : entropy_(seed) {
    auto media_control = std::make_unique<RecordedMedia>();
    media = media_control.get();
    plane = std::make_unique<Plane>(settings, entropy_, std::move(media_control));
  }

  RecordedMedia* media = nullptr;
  std::unique_ptr<Plane> plane;
  base::Now now{.instant = {base::Duration::seconds(1'000).us}, .wall = {}};
  std::map<base::ConnectionId, std::vector<std::string>> said;  // to each connection, in order, as bytes
  std::map<base::ConnectionId, std::uint16_t> closed;
  std::vector<ToService> reports;  // Came, Went, RoomEnded

  // A browser comes; answers the first offer, so that a second may follow.
  Tab come(const Admission& admission, std::optional<std::string> token = {}, bool keep = false,
           base::RoomId room = kRoom) {
    Tab tab{.connection = {++last_connection_}, .seat = admission.seat, .arrival = {}, .token = {}};
    Attach attach{.connection = tab.connection, .room = room, .admission = admission, .resume = {}, .keep = keep};
    if (token) attach.resume.emplace(*token);
    service(attach);
    for (const auto& message : heard(tab)) {
      if (const auto* welcome = std::get_if<Welcome>(&message)) {
        tab.arrival = welcome->arrival;
        tab.token = welcome->resume.get();
      }
    }
    if (const auto offer = last<OfferMade>(tab))
      say(tab, Answer{offer->offer, base::Redacted<std::string>("v=0")});
    return tab;
  }
  // Comes, connects media and is ready.
  Tab enter(const Admission& admission) {
    Tab tab = come(admission);
    media_says(tab, media::Event::Connected{});
    say(tab, Ready{});
    return tab;
  }
  // A facilitator lets a member in.
  Tab enter(const Admission& admission, const Tab& by) {
    Tab tab = enter(admission);
    say(by, Admit{tab.arrival});
    return tab;
  }
  void say(const Tab& tab, ClientMessage message) { say_text(tab, write_message(message)); }
  void say_text(const Tab& tab, std::string text) {
    service(ClientText{tab.connection, base::Redacted(std::move(text))});
  }
  void drop(const Tab& tab) { service(Detach{tab.connection}); }
  void service(const FromService& message) {
    plane->on_service(now, message, sink_);
    collect();
  }
  void media_says(const Tab& tab, decltype(media::Event::what) what) {
    media->events.push_back({{kRoom, tab.arrival}, std::move(what)});
    tick();
  }
  void tick() {
    plane->on_timer(now, sink_);
    collect();
  }
  // Moves time, waking the plane whenever it asks.
  void wait(base::Duration d) {
    const base::Instant until = now.instant + d;
    while (plane->next_timeout() <= until) {
      now.instant = std::max(now.instant, plane->next_timeout());
      tick();
      if (plane->next_timeout() <= now.instant) now.instant.us += 1;  // never stands still
    }
    now.instant = until;
  }

  [[nodiscard]] std::vector<ServerMessage> heard(const Tab& tab) {
    std::vector<ServerMessage> out;
    for (const std::string& text : said[tab.connection]) out.push_back(*read_server_message(text));
    return out;
  }
  template <class M>
  [[nodiscard]] std::vector<M> all(const Tab& tab) {
    std::vector<M> out;
    for (ServerMessage& message : heard(tab))
      if (auto* m = std::get_if<M>(&message)) out.push_back(std::move(*m));
    return out;
  }
  template <class M>
  [[nodiscard]] std::optional<M> last(const Tab& tab) {
    auto every = all<M>(tab);
    return every.empty() ? std::nullopt : std::optional(std::move(every.back()));
  }
  [[nodiscard]] std::optional<Reason> refusal(const Tab& tab) {
    const auto no = last<Refused>(tab);
    return no ? std::optional(no->reason) : std::nullopt;
  }
  void forget() { said.clear(); }  // from here on
  [[nodiscard]] const RecordedMedia::Participant& at_media(const Tab& tab) const {
    return media->participants.at({kRoom, tab.arrival});
  }
  [[nodiscard]] bool known_to_media(const Tab& tab) const { return media->participants.contains({kRoom, tab.arrival}); }
  [[nodiscard]] SeededEntropy& entropy() { return entropy_; }

 private:
  void collect() {
    std::vector<ToService> output;
    plane->take_output(output);
    for (ToService& each : output) {
      if (auto* text = std::get_if<ServerText>(&each)) {
        said[text->connection].push_back(text->text.get());
      } else if (const auto* close = std::get_if<CloseConnection>(&each)) {
        closed[close->connection] = close->code;
      } else {
        reports.push_back(std::move(each));
      }
    }
  }
  SeededEntropy entropy_;
  NoSink sink_;
  std::uint64_t last_connection_ = 0;
};

inline Payload payload(std::string_view base64url) { return {base::Redacted(std::string(base64url))}; }
inline Send to(Audience audience, std::string_view base64url = "aGk", std::optional<std::string> ref = {}) {
  Send out{.audience = audience, .payload = payload(base64url), .ref = {}};
  if (ref) out.ref.emplace(*ref);
  return out;
}

}  // namespace call::rehearsal
