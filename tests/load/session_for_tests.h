// SPDX-License-Identifier: Apache-2.0
// A whole session in one process and in virtual time, for tests: the call plane with its real media, and synthetic people with
// real ICE, DTLS, SRTP, Opus and VP8. No sockets: datagrams are handed over. One thread.
#pragma once
#include <boost/json.hpp>
#include <deque>
#include <map>
#include <memory>
#include <random>

#include "call/plane.h"
#include "load/participant.h"

namespace load {

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

inline const base::Address kServer = base::Address::v4(127, 0, 0, 1, 9'999);
inline base::Address address_of(std::uint32_t person) {
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
    person.decode = decode;
    person.publishing = {.content = Content::make(index, 2, true), .layers = 2, .muted = false, .bench = false, .stamp = true};
    return add(std::move(person), facilitator);
  }
  Participant& add(ParticipantSettings person, bool facilitator) {
    person.socket = static_cast<std::uint32_t>(people_.size());
    person.link = "link";
    person.admit = facilitator;
    people_.push_back(std::make_unique<Participant>(std::move(person), certificate_, entropy_, now_));
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
    given_ = {.epoch = epoch, .base = {}, .self = 0, .seats = {}, .cause = cause};
    for (std::size_t i = 0; i < given_.base.size(); ++i) given_.base[i] = static_cast<std::uint8_t>(epoch * 31 + i);
    for (const std::uint16_t leaf : members) given_.seats[leaf] = people_.at(leaf)->seat();
    for (const std::uint16_t leaf : members) {
      EpochKeys own = keys_of(leaf);
      if (people_[leaf]->has_keys() == false) own.cause = EpochKeys::Cause::join;
      people_[leaf]->on_keys(now_, own);
    }
  }
  // The newest keys, as this member holds them.
  [[nodiscard]] EpochKeys keys_of(std::uint16_t leaf) const {
    EpochKeys own = given_;
    own.self = leaf;
    return own;
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
      if (drop_one_in_ != 0 && losses_() % drop_one_in_ == 0) continue;
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
  EpochKeys given_;
  unsigned drop_one_in_ = 0;
  std::mt19937 losses_{20261129};  // every 25th could always be the same person's
};

}  // namespace load
