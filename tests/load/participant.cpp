// SPDX-License-Identifier: Apache-2.0
// The order of a browser: hello, welcome, offer, answer, publish, ready, (waiting,) present, then view as people come and go.
#include "load/participant.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "load/check_answer.h"
#include "load/offer.h"
#include "wire/rtp.h"

namespace load {
namespace {

constexpr auto kReportEvery = base::Duration::seconds(1);
constexpr auto kPingEvery = base::Duration::seconds(10);
constexpr auto kViewEvery = base::Duration::millis(300);  // the protocol allows four a second
constexpr auto kAdmitAgain = base::Duration::seconds(1);

transport::PeerConfig peer_config(const ParticipantSettings& settings, base::Entropy& entropy,
                                  std::shared_ptr<const crypto::Certificate> certificate) {
  return {.side = transport::Side::client,
          .flow = settings.socket,
          .local = transport::make_ice_credentials(entropy),
          .certificate = std::move(certificate),
          .only_profile = settings.only_profile};
}

}  // namespace

Participant::Participant(ParticipantSettings settings, std::shared_ptr<const crypto::Certificate> certificate,
                         base::Entropy& entropy, base::Now now)
    : settings_(std::move(settings)),
      entropy_(entropy),
      certificate_(certificate),
      peer_(peer_config(settings_, entropy, std::move(certificate)), entropy, now),
      publisher_(settings_.publishing, entropy),
      subscriber_(settings_.decode),
      cname_(fmt::format("{:016x}", entropy.u64())) {
  if (settings_.janus) janus_.emplace(*settings_.janus);
}

void Participant::on_signalling_open(base::Now now) {
  texts_.push_back(janus_ ? janus_->create_text() : hello_text(settings_.link, settings_.resume));
  milestones_.hello = now.instant;
  ping_due_ = now.instant + kPingEvery;
}

void Participant::on_signalling_closed(base::Now, unsigned code) {
  ping_due_ = base::Instant::never();
  if (!leaving_ && state_ != "gone" && !failure_) failure_ = fmt::format("the signalling connection closed ({})", code);
}

void Participant::on_text(base::Now now, std::string_view text, base::DatagramSink&) {
  if (janus_) return take_janus(now, text);
  const ServerMessage message = read_message(text);
  if (const auto* welcome = std::get_if<Welcome>(&message)) encrypted_ = welcome->encrypted;
  // Before we act on it: keys hear of who waits before they hear that we let them in.
  if (settings_.keys && encrypted_ && concerns_keys(message)) for_keys_.emplace_back(std::string(text));
  std::visit([&](const auto& m) { take(now, m); }, message);
}

void Participant::take(base::Now now, const Welcome& m) {
  milestones_.welcome = now.instant;
  seat_ = m.seat;
  role_ = m.role;
  state_ = m.state;
  may_admit_ = m.may_admit;
  resume_ = m.resume;
  resumed_ = m.resumed;
  // The measured load is sealed where that was asked for, and then never sent in the clear.
  FrameKeys* keys = settings_.seal || (encrypted_ && !settings_.bench) ? &keys_ : nullptr;
  publisher_.protect(keys);
  subscriber_.protect(keys);
  if (settings_.seal && !encrypted_) failure_ = "the room is not encrypted: nothing can be sealed";
  if (encrypted_ && settings_.given) on_keys(now, *settings_.given);
}

void Participant::on_keys(base::Now now, EpochKeys keys) {
  keys_.take(std::move(keys), now.instant);
  subscriber_.keys_changed(now.instant);
}

void Participant::take_for_keys(std::vector<ForKeys>& into) {
  for (auto& each : for_keys_) into.push_back(std::move(each));
  for_keys_.clear();
}

void Participant::take(base::Now now, const StateNow& m) {
  state_ = m.state;
  if (m.state == "present" && !milestones_.present) milestones_.present = now.instant;
  if (m.state == "gone" && !leaving_) failure_ = failure_.value_or("gone: " + m.why);
}

void Participant::take(base::Now now, const Roster& m) {
  if (!milestones_.present) milestones_.present = now.instant;
  others_.clear();
  for (const auto& person : m.people)
    if (person.seat != seat_) others_[person.seat] = now.instant;
  view_changed_ = true;
}

void Participant::take(base::Now now, const Joined& m) {
  if (m.person.seat == seat_) return;
  others_[m.person.seat] = now.instant;
  view_changed_ = true;
}

void Participant::take(base::Now, const Left& m) {
  others_.erase(m.seat);
  view_changed_ = true;
}

// Each once, however often the list changes meanwhile, and again where that came to nothing.
void Participant::take(base::Now now, const WaitingList& m) {
  if (!settings_.admit || !may_admit_) return;
  std::map<std::uint32_t, base::Instant> asked;
  for (const auto& entry : m.arrivals) {
    if (entry.away) continue;
    const auto before = asked_in_.find(entry.arrival);
    const bool again = before == asked_in_.end() || now.instant - before->second >= kAdmitAgain;
    asked[entry.arrival] = again ? now.instant : before->second;
    if (!again) continue;
    texts_.push_back(admit_text(entry.arrival));
    if (settings_.keys && encrypted_) for_keys_.emplace_back(Admitted{entry.arrival, entry.seat, entry.leads});
  }
  asked_in_ = std::move(asked);
}

AnswerSettings Participant::answer_settings() const {
  AnswerSettings mine;
  publisher_.name_streams(mine);
  mine.local = peer_.local();
  mine.fingerprint = certificate_->fingerprint();
  mine.cname = cname_;
  return mine;
}

// One who sends offers; one who receives is offered what all others send.
void Participant::take_janus(base::Now now, std::string_view text) {
  const JanusMessage message = janus_->read(text, texts_);
  std::visit([&](const auto& m) { take(now, m); }, message);
}

void Participant::take(base::Now, const JanusAttached&) { texts_.push_back(janus_->publish_text(offer_streams(answer_settings()))); }

void Participant::take(base::Now now, const JanusAnswered& m) {
  auto negotiated = take_answer(m.sdp, settings_.socket);
  if (!negotiated) {
    failure_ = fmt::format("the answer cannot be used ({})", static_cast<int>(negotiated.error()));
    return;
  }
  peer_.set_remote(negotiated->remote, now);
  negotiated_ = std::move(*negotiated);
  milestones_.present = now.instant;
}

void Participant::take(base::Now, const JanusEnded& m) {
  if (!leaving_) failure_ = failure_.value_or("Janus: " + m.why);
}

void Participant::take(base::Now now, const OfferMessage& m) {
  const bool again = negotiated_.has_value();
  auto negotiated = answer_offer(m.sdp, m.roles, answer_settings(), settings_.socket);
  if (!negotiated) {
    failure_ = fmt::format("the offer cannot be answered ({})", static_cast<int>(negotiated.error()));
    return;
  }
  const bool restart = again && negotiated->remote.ice.ufrag != negotiated_->remote.ice.ufrag;
  if (restart) {
    peer_.restart_ice(transport::make_ice_credentials(entropy_), now);
    negotiated = answer_offer(m.sdp, m.roles, answer_settings(), settings_.socket);
  }
  texts_.push_back(janus_ ? janus_->start_text(negotiated->answer) : answer_text(m.offer, negotiated->answer));
  if (!again || restart) peer_.set_remote(negotiated->remote, now);
  subscriber_.set_slots(*negotiated);
  negotiated_ = std::move(*negotiated);
  if (janus_ && !milestones_.present) milestones_.present = now.instant;
  if (said_ready_ || janus_) return;
  said_ready_ = true;
  texts_.push_back(publish_text(!settings_.publishing.muted, settings_.publishing.layers > 0));
  if (state_ == "arriving") texts_.push_back(plain_text("ready"));
}

void Participant::take(base::Now, const SlotsMessage& m) { subscriber_.set_carries(m.carries); }

void Participant::take(base::Now, const LayersMessage& m) { publisher_.send_layers(m.count); }

void Participant::take(base::Now, const Refused& m) {
  // Two who may admit can both try: the second finds nobody there.
  if (m.what == "admit" && m.reason == "unknown-arrival") return;
  // Two devices that commit at once, one that finds the group opened: MLS as it goes, and the key process answers it.
  if (settings_.keys && (m.what == "commit" || m.what == "group-open" || m.what == "commits-since")) return;
  fault(fmt::format("refused {}: {} {}", m.what, m.reason, m.pointer));
}

void Participant::take(base::Now, const Unreadable& m) { fault("a message of the server " + m.why); }

void Participant::fault(std::string text) {
  if (faults_.size() < 20) faults_.push_back(std::move(text));
}

void Participant::on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram,
                              base::DatagramSink& out) {
  if (settings_.bench && wire::classify_rtp(datagram) == wire::RtpKind::rtp && datagram.size() >= wire::kRtpHeaderSize) {
    const auto sequence = base::load_u16(datagram.data() + 2);
    if (sequence % 16 != 0 && subscriber_.take_sealed(now.instant, datagram)) return;
  }
  if (janus_ && answer_check(peer_.local(), path, datagram, settings_.socket, out)) return;
  const auto inbound = peer_.handle(now, path, datagram, out);
  if (inbound.kind == transport::Inbound::Kind::rtp) subscriber_.take_rtp(now.instant, inbound.packet);
  if (inbound.kind == transport::Inbound::Kind::rtcp) take_rtcp(now, inbound.packet, out);
}

struct Participant::TakeRtcp {
  Participant& self;
  base::Now now;
  base::DatagramSink& out;
  void operator()(const wire::SenderReport& m) const { self.subscriber_.take_sender_report(now.instant, m); }
  void operator()(const wire::Nack& m) const { self.publisher_.on_nack(self.context(now, out), m); }
  void operator()(const wire::Pli& m) const { self.publisher_.on_key_frame_request(now.instant, m.media); }
  void operator()(const wire::Fir& m) const {
    for (const auto& entry : m.entries) self.publisher_.on_key_frame_request(now.instant, entry.ssrc);
  }
  void operator()(const auto&) const {}
};

void Participant::take_rtcp(base::Now now, base::Bytes compound, base::DatagramSink& out) {
  const auto read = wire::read_rtcp(compound, TakeRtcp{*this, now, out});
  if (!read || read->malformed != 0) fault("RTCP of the server that cannot be read");
}

void Participant::on_tick(base::Now now, base::DatagramSink& out) {
  if (peer_.next_timeout() <= now.instant) peer_.on_timer(now, out);
  if (peer_.state() == transport::State::failed && !failure_) failure_ = "DTLS failed";
  if (peer_.state() == transport::State::connected && negotiated_) {
    if (!milestones_.connected) {
      milestones_.connected = now.instant;
      report_due_ = now.instant + kReportEvery;
    }
    if (sends() && !publisher_.started()) publisher_.start(*negotiated_, now.instant);
    publisher_.send_due(context(now, out));
    feedback_.clear();
    subscriber_.due_feedback(now.instant, publisher_.sound_ssrc(), feedback_);
    for (const auto& packet : feedback_) (void)peer_.send_rtcp(packet, out);
    if (report_due_ <= now.instant) send_reports(now, out);
  }
  if (view_changed_ && view_due_ <= now.instant && state_ == "present") send_view(now);
  if (ping_due_ <= now.instant) {
    texts_.push_back(janus_ ? janus_->keep_alive_text() : ping_text(now.instant.us / 1'000));
    ping_due_ = now.instant + kPingEvery;
  }
}

// RFC 3550 section 6.4: a sender report for each stream, all report blocks divided over them and further receiver reports.
void Participant::send_reports(base::Now now, base::DatagramSink& out) {
  report_due_ = now.instant + kReportEvery;
  auto blocks = subscriber_.report_blocks(now.instant);
  std::array<std::uint8_t, 1'400> buffer;
  const auto fill = [&blocks](wire::ReportBlocks& into) {
    while (!blocks.empty() && into.push_back(blocks.back())) blocks.pop_back();
  };
  publisher_.for_each_stream([&](const OutStream& stream) {
    base::Writer writer(buffer);
    auto report = stream.report(now);
    fill(report.blocks);
    wire::SourceDescription names;
    names.chunks.push_back({report.sender, cname_});
    if (report.write(writer) && names.write(writer)) (void)peer_.send_rtcp(writer.written(), out);
  });
  while (!blocks.empty()) {
    base::Writer writer(buffer);
    wire::ReceiverReport report{publisher_.sound_ssrc(), {}};
    fill(report.blocks);
    if (report.write(writer)) (void)peer_.send_rtcp(writer.written(), out);
  }
}

void Participant::send_view(base::Now now) {
  std::vector<ViewTile> tiles;
  for (const auto& [seat, since] : others_)
    if (tiles.size() < tiles_ && settings_.tile_width > 0)
      tiles.push_back(seat == settings_.large ? ViewTile{seat, kLayerShapes[2].width, kLayerShapes[2].height}
                                              : ViewTile{seat, settings_.tile_width, settings_.tile_height});
  texts_.push_back(view_text(tiles));
  view_changed_ = false;
  view_due_ = now.instant + kViewEvery;
}

void Participant::look_at(unsigned tiles, unsigned width, unsigned height) {
  tiles_ = std::min<std::size_t>(tiles, kMostTiles);
  settings_.tile_width = width;
  settings_.tile_height = height;
  view_changed_ = true;
}

base::Instant Participant::next_due() const {
  const auto state = peer_.state();
  if ((state == transport::State::connected && !milestones_.connected) || (state == transport::State::failed && !failure_)) return {};
  auto due = std::min(peer_.next_timeout(), ping_due_);
  if (publisher_.started()) due = std::min(due, publisher_.next_due());
  if (view_changed_) due = std::min(due, view_due_);
  if (milestones_.connected) due = std::min({due, report_due_, subscriber_.next_feedback()});
  return due;
}

void Participant::leave(base::Now now, base::DatagramSink& out) {
  leaving_ = true;
  texts_.push_back(janus_ ? janus_->destroy_text() : plain_text("leave"));
  peer_.close(now, out);
}

void Participant::take_texts(std::vector<std::string>& into) {
  for (auto& text : texts_) into.push_back(std::move(text));
  texts_.clear();
}

}  // namespace load
