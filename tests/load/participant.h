// SPDX-License-Identifier: Apache-2.0
// One synthetic person as one machine: says docs/protocol.md as a browser would, answers the offer, sends its loops, and
// witnesses what arrives. In an encrypted room its frames are sealed and opened under keys that it is handed; without them
// it sends nothing and sees nothing. Sans-IO: texts and datagrams in, texts and datagrams out, time as a parameter; the sockets are in
// crowd.h. Not here: names, chat, hands. Runs on one thread.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/datagram.h"
#include "base/entropy.h"
#include "base/instant.h"
#include "load/janus.h"
#include "load/publisher.h"
#include "load/signalling.h"
#include "load/subscriber.h"
#include "transport/peer.h"

namespace load {

struct ParticipantSettings {
  unsigned index = 0;       // which tone and code; also the DatagramSink's flow and the path's socket
  std::uint32_t socket = 0;
  std::string link;         // the secret of the personal link
  std::string resume;       // the token of an earlier welcome: comes back as that arrival
  bool admit = false;       // lets everyone in who waits, where its role may
  Decode decode = Decode::none;
  PublisherSettings publishing;
  unsigned tile_width = 160, tile_height = 90;  // of every tile on its screen; 0: no pictures
  std::optional<std::uint32_t> large;           // the seat whose tile is 640x360 all the same
  bool keys = false;        // a key process hears what it hears and gives it keys
  std::optional<JanusSeat> janus;  // of a room of Janus: no link, nobody waits, others() is empty
  std::optional<transport::SrtpProfile> only_profile;  // it knows no other
  bool bench = false;       // decrypts one packet in 16, counts the others by their headers
  bool seal = false;        // in the measured load: frames are protected, as a browser's are; else its people have no keys
  std::optional<EpochKeys> given;  // to seal with where there is no key process
};

struct Milestones {
  std::optional<base::Instant> hello, welcome, connected, present;
};

class Participant {
 public:
  static constexpr std::size_t kMostTiles = 64;
  Participant(ParticipantSettings settings, std::shared_ptr<const crypto::Certificate> certificate,
              base::Entropy& entropy, base::Now now);

  void on_signalling_open(base::Now now);
  void on_text(base::Now now, std::string_view text, base::DatagramSink& out);
  void on_signalling_closed(base::Now now, unsigned code);
  void on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out);
  void on_tick(base::Now now, base::DatagramSink& out);
  void send_round(base::Now now, base::DatagramSink& out) { publisher_.send_round(context(now, out)); }
  [[nodiscard]] base::Instant next_due() const;
  void leave(base::Now now, base::DatagramSink& out);
  // So many tiles of that size from now on; the others are not shown.
  void look_at(unsigned tiles, unsigned width, unsigned height);
  // Texts for the signalling connection, in order.
  void take_texts(std::vector<std::string>& into);
  // What the key process must be told: messages of the server, whom we let in.
  struct Admitted {
    std::uint32_t arrival = 0, seat = 0;
    bool leads = false;
  };
  using ForKeys = std::variant<std::string, Admitted>;
  void take_for_keys(std::vector<ForKeys>& into);
  // What it says: a text to send, the keys of an epoch, that there are none any more, the words of the epoch.
  void say(std::string text) { texts_.push_back(std::move(text)); }
  void on_keys(base::Now now, EpochKeys keys);
  void on_keys_forgotten() { keys_.forget(); }
  void on_words(std::vector<unsigned> numbers) { words_ = std::move(numbers); }
  void on_trouble(std::string what) { fault("keys: " + std::move(what)); }
  [[nodiscard]] bool encrypted() const { return encrypted_; }
  [[nodiscard]] bool has_keys() const { return !keys_.none(); }
  [[nodiscard]] const std::vector<unsigned>& words() const { return words_; }

  [[nodiscard]] bool ready() const { return milestones_.connected && milestones_.present && (!settings_.seal || has_keys()); }
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }
  [[nodiscard]] const ParticipantSettings& settings() const { return settings_; }
  [[nodiscard]] const Milestones& milestones() const { return milestones_; }
  [[nodiscard]] std::uint32_t seat() const { return seat_; }
  [[nodiscard]] const std::string& resume() const { return resume_; }  // empty before the first welcome
  [[nodiscard]] bool resumed() const { return resumed_; }
  [[nodiscard]] bool leads() const { return may_admit_; }
  [[nodiscard]] const std::string& role() const { return role_; }
  [[nodiscard]] const std::string& state() const { return state_; }
  [[nodiscard]] const std::map<std::uint32_t, base::Instant>& others() const { return others_; }  // seat -> seen since
  [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }  // breaches of the protocol, refusals
  [[nodiscard]] const Publisher& publisher() const { return publisher_; }
  [[nodiscard]] Subscriber& subscriber() { return subscriber_; }
  [[nodiscard]] const Subscriber& subscriber() const { return subscriber_; }
  [[nodiscard]] const transport::Peer& peer() const { return peer_; }
  // For whoever says on this person's line what it would not say itself (attack.h).
  [[nodiscard]] SendContext line(base::Now now, base::DatagramSink& out) { return context(now, out); }
  [[nodiscard]] const std::optional<Negotiated>& negotiated() const { return negotiated_; }

 private:
  void take(base::Now now, const Welcome& m);
  void take(base::Now now, const StateNow& m);
  void take(base::Now now, const Roster& m);
  void take(base::Now now, const Joined& m);
  void take(base::Now, const Changed&) {}
  void take(base::Now now, const Left& m);
  void take(base::Now now, const WaitingList& m);
  void take(base::Now now, const OfferMessage& m);
  void take(base::Now now, const SlotsMessage& m);
  void take(base::Now now, const LayersMessage& m);
  void take(base::Now, const Paused&) {}
  void take(base::Now now, const Refused& m);
  void take(base::Now, const Pong&) {}
  void take(base::Now, const OtherMessage&) {}
  void take(base::Now now, const Unreadable& m);

  void take_janus(base::Now now, std::string_view text);
  void take(base::Now, std::monostate) {}
  void take(base::Now now, const JanusAttached& m);
  void take(base::Now now, const JanusAnswered& m);
  void take(base::Now now, const JanusEnded& m);
  [[nodiscard]] AnswerSettings answer_settings() const;
  [[nodiscard]] bool sends() const { return !janus_ || janus_->sends(); }

  struct TakeRtcp;
  void take_rtcp(base::Now now, base::Bytes compound, base::DatagramSink& out);
  void send_reports(base::Now now, base::DatagramSink& out);
  void send_view(base::Now now);
  [[nodiscard]] SendContext context(base::Now now, base::DatagramSink& out) {
    return {peer_, out, now, transport_sequence_};
  }
  void fault(std::string text);

  ParticipantSettings settings_;
  base::Entropy& entropy_;
  std::shared_ptr<const crypto::Certificate> certificate_;
  transport::Peer peer_;
  FrameKeys keys_;
  Publisher publisher_;
  Subscriber subscriber_;
  std::optional<JanusSignalling> janus_;
  std::optional<Negotiated> negotiated_;
  std::string cname_, role_, state_, resume_;
  std::uint32_t seat_ = 0;
  std::size_t tiles_ = kMostTiles;
  bool resumed_ = false;
  bool encrypted_ = false, may_admit_ = false, said_ready_ = false, view_changed_ = false, leaving_ = false;
  std::map<std::uint32_t, base::Instant> asked_in_;  // arrival -> when it was last let in
  std::map<std::uint32_t, base::Instant> others_;
  std::vector<std::string> texts_, faults_;
  std::vector<std::vector<std::uint8_t>> feedback_;
  std::vector<ForKeys> for_keys_;
  std::vector<unsigned> words_;
  std::optional<std::string> failure_;
  Milestones milestones_;
  std::uint16_t transport_sequence_ = 1;
  base::Instant report_due_, ping_due_ = base::Instant::never(), view_due_;
};

}  // namespace load
