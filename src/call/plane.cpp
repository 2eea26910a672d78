// SPDX-License-Identifier: Apache-2.0
// What the service says, carried to the rules of a room. See plane.h and plane_state.h; docs/protocol.md for limits and close
// codes. Invariant: whatever one connection says, only it is refused or closed.
#include "call/plane.h"

#include <type_traits>

#include "call/backstage.h"
#include "call/breakouts.h"
#include "call/conversation.h"
#include "call/entrance.h"
#include "call/mls_delivery.h"
#include "call/moderation.h"
#include "call/plane_state.h"
#include "call/presence.h"
#include "call/private_room.h"
#include "call/sharing.h"
#include "call/waiting_room.h"

namespace call {
namespace {

RoomLimits limits_of(const PlaneSettings& settings) {
  return {.max_people = settings.max_people,
          .max_waiting = settings.max_waiting,
          .max_per_seat = 4,
          .resume_for = settings.resume_for};
}

// Drawn, not counted: an arrival's number must not tell how many came before. 31 bits, so that every reader can hold it.
base::ArrivalId draw_arrival(const Room& room, base::Entropy& entropy) {
  for (;;) {
    const base::ArrivalId id{entropy.u32() >> 1};
    if (id.value != 0 && find(room, id) == nullptr) return id;
  }
}

Refused refusal_of(std::string_view what, Reason reason) {
  return {.what = base::Redacted(std::string(what)), .reason = reason, .pointer = {}, .ref = {}};
}

// Some messages have a limit of their own: they cost others more than they cost who sends them.
bool allowed_now(RoomEntry& entry, base::ArrivalId id, const ClientMessage& message, base::Instant now) {
  if (!entry.attachments.at(id).pace.allow(message, now)) return false;
  const Arrival* a = find(entry.room, id);
  const std::size_t bytes = relayed_bytes(message);
  if (a == nullptr || bytes == 0) return true;
  const bool present = a->stage == Stage::present;
  RelayedOfSeat& relayed = entry.relayed[a->seat];
  return (present ? relayed.present : relayed.outside).allow(bytes, relay_of(a->may.admit, present), now);
}

// The rule of each message; what media alone answers (answer, restart) and hello never come here.
Decision decide(const Room& room, const ClientMessage& message, const Actor& actor, base::Instant now) {
  return std::visit(
      [&](const auto& m) -> Decision {
        using M = std::decay_t<decltype(m)>;
        if constexpr (std::is_same_v<M, Ready>) return ready(room, actor, now);
        else if constexpr (std::is_same_v<M, Publish>) return publish(room, m, actor);
        else if constexpr (std::is_same_v<M, Share>) return share(room, m, actor);
        else if constexpr (std::is_same_v<M, AllowShare>) return allow_share(room, m, actor);
        else if constexpr (std::is_same_v<M, ClearView>) return clear_view(room, m, actor);
        else if constexpr (std::is_same_v<M, TalkBackstage>) return talk_backstage(room, m, actor);
        else if constexpr (std::is_same_v<M, View>) return view(room, m, actor);
        else if constexpr (std::is_same_v<M, Send>) return send(room, m, actor, now);
        else if constexpr (std::is_same_v<M, Leave>) return leave(room, actor);
        else if constexpr (std::is_same_v<M, Admit>) return admit(room, m, actor, now);
        else if constexpr (std::is_same_v<M, Decline>) return decline(room, m, actor);
        else if constexpr (std::is_same_v<M, MoveBack>) return move_back(room, m, actor, now);
        else if constexpr (std::is_same_v<M, Remove>) return remove(room, m, actor);
        else if constexpr (std::is_same_v<M, Mute>) return mute(room, m, actor);
        else if constexpr (std::is_same_v<M, AskToMute>) return ask_to_mute(room, m, actor);
        else if constexpr (std::is_same_v<M, PrivateRoom>) return open_private_room(room, m, actor);
        else if constexpr (std::is_same_v<M, Return>) return return_to_group(room, actor);
        else if constexpr (std::is_same_v<M, OpenBreakouts>) return open_breakouts(room, m, actor, now);
        else if constexpr (std::is_same_v<M, MoveTo>) return move_to(room, m, actor);
        else if constexpr (std::is_same_v<M, BreakoutTime>) return breakout_time(room, m, actor, now);
        else if constexpr (std::is_same_v<M, Lock>) return lock(room, m, actor);
        else if constexpr (std::is_same_v<M, Pause>) return pause(room, m, actor);
        else if constexpr (std::is_same_v<M, End>) return end(room, actor);
        else if constexpr (std::is_same_v<M, KeyPackage>) return offer_key(room, m, actor);
        else if constexpr (std::is_same_v<M, GroupOpen>) return open_group(room, m, actor);
        else if constexpr (std::is_same_v<M, Commit>) return commit(room, m, actor);
        else if constexpr (std::is_same_v<M, CommitsSince>) return commits_since(room, m, actor);
        else return std::unexpected(Refusal{Reason::not_now});
      },
      message);
}

}  // namespace

Plane::Plane(PlaneSettings settings, base::Entropy& entropy, std::unique_ptr<MediaControl> media)
    : state_(std::make_unique<State>(std::move(settings), entropy, std::move(media))) {}
Plane::~Plane() = default;

void Plane::on_service(base::Now now, const FromService& message, base::DatagramSink& out) {
  if (const auto* m = std::get_if<Attach>(&message)) state_->attach(now, *m, out);
  if (const auto* m = std::get_if<ClientText>(&message)) state_->text(now, *m, out);
  if (const auto* m = std::get_if<Detach>(&message)) state_->detach(now, m->connection, out);
  if (const auto* m = std::get_if<PutOut>(&message)) state_->put_out(now, *m, out);
  if (const auto* m = std::get_if<UseRelay>(&message)) state_->relay = *m;
  if (std::holds_alternative<Stop>(message)) state_->stop(now, out);
  state_->settle(now, out);
}

void Plane::on_datagram(base::Now now, const base::Path& path, base::MutableBytes datagram, base::DatagramSink& out) {
  state_->media->on_datagram(now, path, datagram, out);
  state_->settle(now, out);
}

void Plane::on_path_closed(base::Now now, const base::Path& path, base::DatagramSink& out) {
  state_->media->on_path_closed(now, path);
  state_->settle(now, out);
}

void Plane::on_timer(base::Now now, base::DatagramSink& out) {
  state_->media->on_timer(now, out);
  state_->pass_time(now, out);
  state_->settle(now, out);
}

base::Instant Plane::next_timeout() const { return std::min(state_->media->next_timeout(), state_->deadline()); }

void Plane::take_output(std::vector<ToService>& into) {
  into.clear();
  std::swap(into, state_->output);
}

Plane::Totals Plane::totals() const {
  Totals out{.rooms = static_cast<std::uint32_t>(state_->rooms.size()),
             .present = 0,
             .waiting = 0,
             .refused_messages = state_->refused,
             .groups = 0,
             .held_for_mls = 0,
             .media = state_->media->totals()};
  for (const auto& [id, entry] : state_->rooms) {
    out.present += count(entry.room, Stage::present);
    out.waiting += count(entry.room, Stage::waiting);
    out.groups += entry.room.mls.groups.size();
    out.held_for_mls += held_for_mls(entry.room);
  }
  return out;
}

void Plane::State::refuse(base::ConnectionId to, Refused message) {
  ++refused;
  output.emplace_back(ServerText{to, base::Redacted(write_message(ServerMessage(std::move(message))))});
}

// Forgets the connection; what becomes of its arrival is the caller's to say.
void Plane::State::close(base::ConnectionId id, std::uint16_t code) {
  output.emplace_back(CloseConnection{id, code});
  connections.erase(id);
}

void Plane::State::attach(base::Now now, const Attach& message, base::DatagramSink& out) {
  detach(now, message.connection, out);
  if (stopping) return close(message.connection, kCloseRestarting);
  if (comes_too_late(now, message)) {
    const StateNow gone{.state = Stage::gone, .why = GoneWhy::ended, .by = {}};
    output.emplace_back(ServerText{message.connection, base::Redacted(write_message(ServerMessage(gone)))});
    return close(message.connection, kCloseEnded);
  }
  auto at = rooms.find(message.room);
  if (at == rooms.end()) {
    if (rooms.size() >= settings.max_rooms) {
      refuse(message.connection, refusal_of(Hello::type, Reason::full));
      return close(message.connection, kCloseFull);
    }
    at = rooms.try_emplace(message.room).first;
    Room& room = at->second.room;
    room.id = message.room;
    room.limits = limits_of(settings);
    room.opened = now.instant;
    room.encrypted = message.admission.encrypted;
  }
  RoomEntry& entry = at->second;
  if (const auto token = message.resume ? token_of(message.resume->get()) : std::nullopt) {
    const Arrival* arrival = resumable(entry.room, message.admission.seat, *token);
    if (arrival != nullptr) return return_to(now, message, entry, *arrival, out);
  }
  const Coming coming{draw_arrival(entry.room, entropy), draw_token(entropy), message.admission};
  Decision decision = come(entry.room, coming, now.instant);
  const media::ParticipantKey key{message.room, coming.id};
  if (decision && !media->add(key, now)) decision = std::unexpected(Refusal{Reason::full});
  if (!decision) {
    touch(message.room);
    refuse(message.connection, refusal_of(Hello::type, decision.error().reason));
    return close(message.connection, decision.error().reason == Reason::full ? kCloseFull : kCloseNotOpen);
  }
  connections.insert_or_assign(message.connection, Connection{key});
  Attachment& attachment = entry.attachments[coming.id];
  attachment.connection = attachment.latest = message.connection;
  attachment.offer_due = true;
  attachment.visit = VisitWatch(now.instant);
  entry.forget_at = base::Instant::never();
  if (entry.lines_at.is_never()) entry.lines_at = now.instant + kLineEvery;
  silence(key, now);
  apply(now, entry, std::move(*decision), out);
}

// The room ended while this one was on the way. Otherwise they would sit in a new room that nobody else comes to.
bool Plane::State::comes_too_late(base::Now now, const Attach& message) const {
  const auto at = ended.find(message.room);
  return at != ended.end() && now.instant < at->second + kOnTheWay && !message.admission.permissions.enter;
}

// Until the rules say that a source is switched on, nothing of it is forwarded.
void Plane::State::silence(media::ParticipantKey key, base::Now now) {
  media->set_silenced(key, media::Source::microphone, true, now);
  media->set_silenced(key, media::Source::camera, true, now);
}

// The token's arrival takes the new connection.
void Plane::State::return_to(base::Now now, const Attach& message, RoomEntry& entry, const Arrival& arrival,
                             base::DatagramSink& out) {
  const media::ParticipantKey key{message.room, arrival.id};
  const bool kept = message.keep && arrival.media == MediaState::heard;
  Attachment& attachment = entry.attachments[arrival.id];
  if (attachment.connection) {  // the same tab came again before its old connection was known to be gone
    output.emplace_back(ServerText{*attachment.connection,
                                   base::Redacted(write_message(ServerMessage(
                                       StateNow{.state = Stage::gone, .why = GoneWhy::superseded, .by = {}})))});
    close(*attachment.connection, kCloseSuperseded);
    attachment.connection.reset();
  }
  if (!kept) {
    media->remove(key, now, out);
    take_events(now, out, key);  // what it still says of the old connection is not about the new one
    if (!media->add(key, now)) {
      refuse(message.connection, refusal_of(Hello::type, Reason::full));
      close(message.connection, kCloseFull);
      if (Decision lost = signalling_lost(entry.room, key.arrival, now.instant)) apply(now, entry, std::move(*lost), out);
      return;
    }
    silence(key, now);
    attachment.offered = 0;
    attachment.carries.clear();
    attachment.extras.clear();
    attachment.line = {};
    attachment.layers.reset();  // what was told to the old page; media has told the new one nothing yet
    attachment.sound.reset();
    attachment.layers_due = attachment.sound_due = false;
    attachment.offer_due = attachment.ice_begins = true;
  } else if (attachment.awaiting_answer) {
    media->restart_ice(key, now);  // the offer was lost with the old connection, and the way of media perhaps, too
    attachment.offer_due = attachment.ice_begins = true;
  }
  attachment.awaiting_answer = false;
  attachment.connection = attachment.latest = message.connection;
  connections.insert_or_assign(message.connection, Connection{key});
  if (Decision decision = resume(entry.room, key.arrival, kept, now.instant))
    apply(now, entry, std::move(*decision), out);
}

void Plane::State::detach(base::Now now, base::ConnectionId id, base::DatagramSink& out) {
  const auto at = connections.find(id);
  if (at == connections.end()) return;
  const media::ParticipantKey key = at->second.key;
  connections.erase(at);
  const auto room = rooms.find(key.room);
  if (room == rooms.end()) return;
  const auto attachment = room->second.attachments.find(key.arrival);
  if (attachment == room->second.attachments.end() || attachment->second.connection != id) return;
  attachment->second.connection.reset();
  if (Decision decision = signalling_lost(room->second.room, key.arrival, now.instant))
    apply(now, room->second, std::move(*decision), out);
}

void Plane::State::put_out(base::Now now, const PutOut& message, base::DatagramSink& out) {
  const auto room = rooms.find(message.room);
  if (room == rooms.end()) return;
  auto& attachments = room->second.attachments;
  const auto at = std::ranges::find_if(attachments, [&](const auto& each) { return each.second.latest == message.connection; });
  if (at == attachments.end()) return;
  if (Decision decision = call::put_out(room->second.room, at->first)) apply(now, room->second, std::move(*decision), out);
}

void Plane::State::text(base::Now now, const ClientText& message, base::DatagramSink& out) {
  const auto at = connections.find(message.connection);
  if (at == connections.end()) return;
  const media::ParticipantKey key = at->second.key;
  RoomEntry& entry = rooms.at(key.room);
  const Arrival* a = find(entry.room, key.arrival);
  Pace& pace = entry.attachments.at(key.arrival).pace;
  if (!pace.allow(a != nullptr && a->may.admit, now.instant)) {
    refuse(message.connection, refusal_of({}, Reason::too_fast));
    return cut_off(now, message.connection, kCloseTooFast, out);
  }
  const auto read = read_client_message(message.text.get());
  if (read) return obey(now, message.connection, *read, out);
  const Misread& wrong = read.error();
  refuse(message.connection,
         {.what = wrong.what, .reason = wrong.reason, .pointer = wrong.pointer, .ref = wrong.ref});
  if (!pace.misread.allow(now.instant)) cut_off(now, message.connection, kCloseNotUnderstood, out);
}

// Closed by us, not gone: its arrival is kept as for any lost connection.
void Plane::State::cut_off(base::Now now, base::ConnectionId id, std::uint16_t code, base::DatagramSink& out) {
  output.emplace_back(CloseConnection{id, code});
  detach(now, id, out);
}

void Plane::State::obey(base::Now now, base::ConnectionId id, const ClientMessage& message, base::DatagramSink& out) {
  const media::ParticipantKey key = connections.at(id).key;
  RoomEntry& entry = rooms.at(key.room);
  if (const auto* ping = std::get_if<Ping>(&message)) {
    const Pong pong{.sent = ping->sent, .now = millis_of(now.instant)};
    output.emplace_back(ServerText{id, base::Redacted(write_message(ServerMessage(pong)))});
    return;
  }
  if (const auto* m = std::get_if<Answer>(&message)) return answer(now, id, key, *m);
  if (std::holds_alternative<Restart>(message)) {
    return begin_ice_again(now, key, entry.attachments[key.arrival]);
  }
  const Decision::error_type too_fast{Reason::too_fast};
  Decision decision = allowed_now(entry, key.arrival, message, now.instant)
                          ? decide(entry.room, message, {key.arrival}, now.instant)
                          : Decision(std::unexpected(too_fast));
  if (decision) return apply(now, entry, std::move(*decision), out);
  Refused no = refusal_of(type_of(message), decision.error().reason);
  if (const auto* m = std::get_if<Send>(&message)) no.ref = m->ref;
  if (const auto* m = std::get_if<GroupOpen>(&message)) no.ref = m->ref;
  if (const auto* m = std::get_if<Commit>(&message)) no.ref = m->ref;
  refuse(id, std::move(no));
}

// Where an offer that begins ICE is on its way by this line, or waits for it, another would only undo what that one begins.
void Plane::State::begin_ice_again(base::Now now, media::ParticipantKey key, Attachment& attachment) {
  if ((attachment.awaiting_answer && attachment.ice_began) || (attachment.offer_due && attachment.ice_begins)) return;
  media->restart_ice(key, now);
  attachment.offer_due = attachment.ice_begins = true;
  touch(key.room);
}

void Plane::State::answer(base::Now now, base::ConnectionId id, media::ParticipantKey key, const Answer& message) {
  Attachment& attachment = rooms.at(key.room).attachments[key.arrival];
  if (message.offer < attachment.offered) return;  // overtaken by a newer offer
  if (message.offer != attachment.offered || !attachment.awaiting_answer)
    return refuse(id, refusal_of(Answer::type, Reason::not_now));
  attachment.awaiting_answer = false;
  touch(key.room);  // another offer may have been waiting for this answer
  const auto taken = media->take_answer(key, message.offer, message.sdp.get(), now);
  if (taken) return;
  Refused no = refusal_of(Answer::type, Reason::malformed);
  no.pointer.emplace("/sdp");
  refuse(id, std::move(no));
}

void Plane::State::stop(base::Now now, base::DatagramSink& out) {
  stopping = true;
  const base::Redacted closing(write_message(ServerMessage(Closing{kComeBackInMs})));
  for (const auto& [id, connection] : connections) {
    output.emplace_back(ServerText{id, closing});
    output.emplace_back(CloseConnection{id, kCloseRestarting});
  }
  connections.clear();
  for (const auto& [id, entry] : rooms) {
    for (const auto& [arrival, attachment] : entry.attachments) output.emplace_back(VisitEnded{id, attachment.visit.ended(now.instant)});
    media->close_room(id, now, out);
  }
  rooms.clear();
  agenda.clear();
}

}  // namespace call
