// SPDX-License-Identifier: Apache-2.0
// A whole session in one process and in virtual time: the call plane with its real media, and synthetic people with real
// ICE, DTLS, SRTP, Opus and VP8. No sockets: datagrams are handed over. At every person it is told who arrived where.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <deque>
#include <memory>
#include <random>

#include "call/plane.h"
#include "load/participant.h"

namespace load {
namespace {

class SeededEntropy final : public base::Entropy {
 public:
  void fill(base::MutableBytes out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(random_());
  }

 private:
  std::mt19937 random_{20261123};
};

struct Datagram {
  base::Path path;
  std::vector<std::uint8_t> bytes;
};

class QueueSink final : public base::DatagramSink {
 public:
  std::uint8_t* reserve(std::uint32_t, const base::Path& path, std::size_t max, base::Precedence) override {
    path_ = path;
    room_.resize(max);
    return room_.data();
  }
  void commit(std::size_t size) override {
    if (size > 0) queue.push_back({path_, {room_.begin(), room_.begin() + static_cast<std::ptrdiff_t>(size)}});
  }
  std::deque<Datagram> queue;

 private:
  base::Path path_;
  std::vector<std::uint8_t> room_;
};

const base::Address kServer = base::Address::v4(127, 0, 0, 1, 9'999);
base::Address address_of(std::uint32_t person) {
  return base::Address::v4(127, 0, 0, 2, static_cast<std::uint16_t>(20'000 + person));
}

class Session {
 public:
  explicit Session(bool encrypted = false, std::uint32_t slots = 16) : encrypted_(encrypted) {
    certificate_ = crypto::Certificate::make_self_signed();
    call::PlaneSettings settings;
    settings.media.certificate = crypto::Certificate::make_self_signed();
    settings.media.candidates = {{base::Carrier::udp, kServer}};
    settings.media.initial_slots = slots;
    plane_ = std::make_unique<call::Plane>(settings, entropy_);
  }

  Participant& add(unsigned index, bool facilitator, Decode decode = Decode::all) {
    ParticipantSettings person;
    person.index = index;
    person.socket = static_cast<std::uint32_t>(people_.size());
    person.link = "link";
    person.admit = facilitator;
    person.decode = decode;
    person.publishing = {Content::make(index, 2, true), 2, false, true};
    people_.push_back(std::make_unique<Participant>(person, certificate_, entropy_, now_));
    roles_.push_back(facilitator ? call::Role::facilitator : call::Role::member);
    people_.back()->on_signalling_open(now_);
    return *people_.back();
  }

  void run(base::Duration length) {
    for (const auto end = now_.instant + length; now_.instant < end;) {
      now_.instant = now_.instant + base::Duration::millis(1);
      now_.wall.us += 1'000;
      step();
    }
  }

  // As the key process would: a new epoch in which these people (by place) are the members, each at the leaf of its place.
  void give_keys(std::uint64_t epoch, const std::vector<std::uint16_t>& members, EpochKeys::Cause cause) {
    EpochKeys keys{.epoch = epoch, .base = {}, .self = 0, .seats = {}, .cause = cause};
    for (std::size_t i = 0; i < keys.base.size(); ++i) keys.base[i] = static_cast<std::uint8_t>(epoch * 31 + i);
    for (const std::uint16_t leaf : members) keys.seats[leaf] = people_.at(leaf)->seat();
    for (const std::uint16_t leaf : members) {
      keys.self = leaf;
      EpochKeys own = keys;
      if (people_[leaf]->has_keys() == false) own.cause = EpochKeys::Cause::join;
      people_[leaf]->on_keys(now_, own);
    }
  }

  [[nodiscard]] const std::vector<std::unique_ptr<Participant>>& people() const { return people_; }
  [[nodiscard]] std::uint64_t offers(std::size_t person) const { return offers_.at(person); }
  // One datagram in `n` from the server to people is dropped; 0: none.
  void drop_one_in(unsigned n) { drop_one_in_ = n; }

 private:
  void step() {
    for (auto& person : people_) person->on_tick(now_, upstream_);
    if (plane_->next_timeout() <= now_.instant) plane_->on_timer(now_, downstream_);
    do {
      carry_texts();
      carry_datagrams();
    } while (!upstream_.queue.empty() || !downstream_.queue.empty());
  }

  void carry_texts() {
    for (std::size_t i = 0; i < people_.size(); ++i) {
      texts_.clear();
      people_[i]->take_texts(texts_);
      for (auto& text : texts_) to_plane(i, std::move(text));
    }
    output_.clear();
    plane_->take_output(output_);
    for (const auto& message : output_) from_plane(message);
  }

  void to_plane(std::size_t i, std::string text) {
    const base::ConnectionId connection{i + 1};
    const bool facilitator = roles_[i] == call::Role::facilitator;
    if (boost::json::parse(text).at("type").as_string() == "hello") {
      const call::Permissions permissions{facilitator, facilitator, facilitator, facilitator};
      const base::SeatId seat{static_cast<std::uint32_t>(100 + i)};
      plane_->on_service(now_, call::Attach{connection, base::RoomId{1}, {seat, roles_[i], permissions, encrypted_}, {}}, downstream_);
    } else {
      plane_->on_service(now_, call::ClientText{connection, base::Redacted(std::move(text))}, downstream_);
    }
  }

  void from_plane(const call::ToService& message) {
    if (const auto* text = std::get_if<call::ServerText>(&message)) {
      const std::size_t i = text->connection.value - 1;
      offers_[i] += text->text.get().find("\"type\":\"offer\"") != std::string::npos ? 1U : 0U;
      people_.at(i)->on_text(now_, text->text.get(), upstream_);
    } else if (const auto* close = std::get_if<call::CloseConnection>(&message)) {
      people_.at(close->connection.value - 1)->on_signalling_closed(now_, close->code);
    }
  }

  void carry_datagrams() {
    while (!upstream_.queue.empty()) {
      auto datagram = std::move(upstream_.queue.front());
      upstream_.queue.pop_front();
      const base::Path path{base::Carrier::udp, 0, address_of(datagram.path.local)};
      plane_->on_datagram(now_, path, datagram.bytes, downstream_);
    }
    while (!downstream_.queue.empty()) {
      auto datagram = std::move(downstream_.queue.front());
      downstream_.queue.pop_front();
      if (drop_one_in_ != 0 && ++delivered_ % drop_one_in_ == 0) continue;
      const std::uint32_t i = datagram.path.remote.port - 20'000U;
      people_.at(i)->on_datagram(now_, {base::Carrier::udp, i, kServer}, datagram.bytes, upstream_);
    }
  }

  bool encrypted_;
  SeededEntropy entropy_;
  base::Now now_{{1'000'000}, {1'795'000'000'000'000}};
  std::shared_ptr<const crypto::Certificate> certificate_;
  std::unique_ptr<call::Plane> plane_;
  std::vector<std::unique_ptr<Participant>> people_;
  std::vector<call::Role> roles_;
  std::map<std::size_t, std::uint64_t> offers_;
  QueueSink upstream_, downstream_;
  std::vector<std::string> texts_;
  std::vector<call::ToService> output_;
  unsigned drop_one_in_ = 0;
  std::uint64_t delivered_ = 0;
};

void expect_all_pairs(const Session& session) {
  for (const auto& to : session.people()) {
    EXPECT_FALSE(to->failure().has_value()) << *to->failure();
    EXPECT_THAT(to->faults(), testing::IsEmpty());
    for (const auto& from : session.people()) {
      if (to == from) continue;
      SCOPED_TRACE(testing::Message() << "to " << to->seat() << " from " << from->seat());
      const auto& witnesses = to->subscriber().witnesses();
      const auto found = witnesses.find(from->seat());
      ASSERT_NE(found, witnesses.end());
      const unsigned index = from->settings().index;
      EXPECT_EQ(most_seen(found->second.codes), index);
      EXPECT_EQ(found->second.codes.size(), 1U);
      EXPECT_EQ(most_seen(found->second.tones), index);
      EXPECT_EQ(found->second.tones.size(), 1U);
      EXPECT_EQ(found->second.frames_failed, 0U);
      EXPECT_GT(found->second.frames_decoded, 20U);
    }
  }
}

TEST(Session, everyone_sees_and_hears_everyone_else_in_the_right_tile) {
  Session session;
  session.add(1, true);
  for (const unsigned index : {2U, 21U, 42U, 63U}) session.add(index, false);
  session.run(base::Duration::seconds(6));
  expect_all_pairs(session);
  for (const auto& person : session.people()) {
    const auto counts = person->subscriber().counts();
    EXPECT_EQ(counts.lost, 0U);
    EXPECT_EQ(counts.unknown, 0U);
    EXPECT_GT(counts.received, 900U);
  }
}

TEST(Session, a_lossy_line_loses_a_little_sound_and_every_picture_is_repaired) {
  Session session;
  session.add(3, true);
  session.add(4, false);
  session.add(5, false);
  session.run(base::Duration::seconds(2));
  session.drop_one_in(25);
  session.run(base::Duration::seconds(6));
  for (const auto& to : session.people()) {
    const auto counts = to->subscriber().counts();
    EXPECT_GT(counts.repaired, 0U);
    EXPECT_LT(counts.lost - counts.sound_lost, counts.expected / 100);
    for (const auto& [seat, witness] : to->subscriber().witnesses()) EXPECT_GT(witness.frames_decoded, 60U) << seat;
  }
}

TEST(Session, somebody_who_comes_later_costs_the_others_no_new_offer_and_no_gap) {
  Session session;
  session.add(10, true);
  session.add(11, false);
  session.add(12, false);
  session.run(base::Duration::seconds(3));
  session.add(13, false);
  session.run(base::Duration::seconds(4));
  expect_all_pairs(session);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(session.offers(i), 1U) << i;
  for (const auto& person : session.people()) EXPECT_EQ(person->subscriber().counts().lost, 0U);
}

TEST(EncryptedSession, everyone_opens_everyone_else_and_nothing_is_lost_as_somebody_joins_and_leaves) {
  Session session(true);
  session.add(1, true);
  for (const unsigned index : {2U, 21U, 42U}) session.add(index, false);
  session.run(base::Duration::millis(600));
  session.give_keys(1, {0, 1, 2}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(2));
  session.give_keys(2, {0, 1, 2, 3}, EpochKeys::Cause::add);
  session.run(base::Duration::seconds(4));
  expect_all_pairs(session);
  session.give_keys(3, {0, 1, 2}, EpochKeys::Cause::remove);  // the last one keeps what it had
  session.run(base::Duration::seconds(7));
  for (std::size_t i = 0; i < 4; ++i) {
    const auto frames = session.people()[i]->subscriber().counts().frames;
    EXPECT_GT(frames.opened, 400U);
    EXPECT_EQ(frames.replayed, 0U);
    EXPECT_EQ(frames.of_another, 0U);
    if (i < 3) EXPECT_GT(frames.refused, 100U) << "what the removed one still sends";
    if (i == 3) EXPECT_GT(frames.waited, 400U) << "what it no longer has keys for";
  }
}

TEST(EncryptedSession, without_keys_nobody_sends_and_nobody_sees) {
  Session session(true);
  session.add(1, true);
  session.add(2, false);
  session.add(3, false);
  session.run(base::Duration::millis(600));
  session.give_keys(1, {0, 1}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(3));
  const auto& stranger = *session.people()[2];
  EXPECT_TRUE(stranger.encrypted());
  EXPECT_EQ(stranger.publisher().counts().packets, 0U);
  EXPECT_GT(stranger.publisher().counts().unsealed, 100U);
  const auto frames = stranger.subscriber().counts().frames;
  EXPECT_EQ(frames.opened, 0U);
  EXPECT_GT(frames.waited, 100U);
  for (const auto& [seat, witness] : stranger.subscriber().witnesses()) {
    EXPECT_EQ(witness.frames_decoded, 0U) << seat;
    EXPECT_TRUE(witness.tones.empty()) << seat;
  }
  EXPECT_GT(session.people()[0]->subscriber().counts().frames.opened, 100U) << "those with keys go on";
}

TEST(EncryptedSession, over_a_lossy_line_what_is_repaired_opens_too) {
  Session session(true);
  session.add(3, true);
  session.add(4, false);
  session.run(base::Duration::millis(600));
  session.give_keys(1, {0, 1}, EpochKeys::Cause::join);
  session.run(base::Duration::seconds(2));
  session.drop_one_in(25);
  session.run(base::Duration::seconds(6));
  for (const auto& to : session.people()) {
    EXPECT_GT(to->subscriber().counts().repaired, 0U);
    EXPECT_EQ(to->subscriber().counts().frames.replayed, 0U);
    EXPECT_EQ(to->subscriber().counts().frames.refused, 0U);
    for (const auto& [seat, witness] : to->subscriber().witnesses()) EXPECT_GT(witness.frames_decoded, 60U) << seat;
  }
}

}  // namespace
}  // namespace load
