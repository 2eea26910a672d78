// SPDX-License-Identifier: Apache-2.0
// One room's media: who is present, whose packets go to whom in which slot, which picture layer each viewer gets, who
// speaks. Not here: transports, who may be present (call/), more than one room.
// Invariant: a member who is not present sends to nobody and receives from nobody, one at another place neither; in a pause nobody does. A person keeps
// its slot at each viewer. Runs on the room's media thread, without locks; nothing is allocated per packet once steady.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "media/allowance.h"
#include "media/delivery.h"
#include "media/exchange.h"
#include "media/line_proof.h"
#include "media/silence.h"
#include "media/sound_guide.h"
#include "media/speaker_detection.h"
#include "media/uplink_guide.h"
#include "wire/rtcp_nack.h"

namespace media {

class Forwarder {
 public:
  // `bounded`: no one's media may be more than a browser sends, so that nobody fills the others' lines. Measurements send more.
  Forwarder(base::RoomId room, PacketPool& pool, std::uint32_t first_estimate_bps = BandwidthEstimator::kFirst, bool bounded = true)
      : room_(room), phase_(phase_of(room)), pool_(pool), first_estimate_bps_(first_estimate_bps), bounded_(bounded) {}
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;

  // A member's index is dense and used again after remove(). `outgoing` must live until remove().
  [[nodiscard]] std::size_t add(base::ArrivalId arrival, Outgoing& outgoing, base::Ssrc self, std::uint32_t seed);
  void remove(std::size_t member, base::Now now);
  [[nodiscard]] bool empty() const { return count_ == 0; }

  // What an accepted answer settled; `slots` are all that it covers, old ones first.
  void configure(std::size_t member, const Answer& answer, const std::vector<SlotSsrcs>& slots, base::Now now);
  // How many slots this member should be offered, in whole batches.
  [[nodiscard]] std::size_t slots_wanted(std::size_t member, const Settings& settings) const;
  void set_connected(std::size_t member, bool connected, base::Now now);
  // The member is reached by another way now, and was not for a moment before.
  void way_changed(std::size_t member, base::Now now);
  // So much was sent to them that word of it should have come, and none has.
  [[nodiscard]] bool owes_word(std::size_t member) const { return members_[member]->out.line.owes_word(); }
  void set_present(std::size_t member, bool present, base::Now now);
  void set_place(std::size_t member, std::uint64_t place, base::Now now);
  void set_silenced(std::size_t member, Source source, bool silenced, base::Now now);
  // Hears what others who do say backstage, wherever each of them is.
  void set_backstage(std::size_t member, bool backstage, base::Now now);
  void set_paused(bool paused, base::Now now);
  void set_view(std::size_t member, View view, base::Now now);

  void on_rtp(std::size_t member, base::Bytes packet, base::Now now, base::DatagramSink& out);
  void on_rtcp(std::size_t member, base::Bytes compound, base::Now now, base::DatagramSink& out);
  void on_timer(base::Now now, base::DatagramSink& out);
  [[nodiscard]] base::Instant next_timeout() const { return wake_; }

  void take_events(std::vector<Event>& into);
  [[nodiscard]] bool has_events() const { return !events_.empty(); }
  void fill(std::size_t member, LineFigures& out) const;
  [[nodiscard]] std::uint64_t forwarded() const { return forwarded_; }
  [[nodiscard]] std::uint64_t malformed() const;
  // The layer that `viewer` is sent of `of`; kNoLayer where none. For tests and figures.
  [[nodiscard]] std::int8_t layer_sent(std::size_t viewer, std::size_t of) const;
  // What of the pictures that a member shows it is sent.
  [[nodiscard]] Pictures pictures_of(std::size_t member) const { return members_[member]->pictures; }
  // How much of their picture a member's own line carries. For tests.
  [[nodiscard]] Uplink uplink_of(std::size_t member) const { return members_[member]->up.step(); }
  // What comes of a member as this layer; null where it sends no such thing. For tests.
  [[nodiscard]] const Layer* layer_of(std::size_t member, Source source, std::size_t layer) const;

 private:
  static constexpr std::int16_t kNoSlot = -1;
  struct Member {
    base::ArrivalId arrival;
    Outgoing* outgoing = nullptr;
    base::Ssrc self;
    std::uint64_t place = 0;  // who is at another is no more here than who is not present
    bool present = false, has_view = false, asked_for_slots = false, slots_changed = false;
    bool backstage = false;
    Reception in;
    Delivery out;
    View view;
    std::vector<std::int16_t> slot_of;  // by member index: the slot at this viewer
    // Said before the answer came. What a person may send beside sound and camera needs a word of the room first.
    std::array<bool, kSources> silenced{false, false, true, true, true};
    Pictures pictures = Pictures::full;
    std::uint32_t wanted_bps = 0, granted_bps = 0;  // for everything as it is shown; what was given out of it
    LineProof proof;
    std::uint8_t layers = kLayers;                       // of its camera, that somebody is shown
    base::Instant fewer_since = base::Instant::never();  // nobody is shown as many
    base::Instant unheard_told{-1'000'000'000};
    UplinkGuide up;
    Silence silence;                        // of their microphone
    base::Instant sent_at{-1'000'000'000};  // anything of anybody, to them
    // What they may cause others. Sound that was held up for three seconds may come at once.
    Allowance sounding{{}, base::Duration::millis(1'500)};
    Allowance showing{{}, base::Duration::seconds(1)};
    Allowance wakes{base::Duration::millis(100), base::Duration::millis(600)};     // layers that begin: of two sources at once
    Allowance estimates{base::Duration::millis(50), base::Duration::millis(200)};  // lines that fell
    Allowance compounds{base::Duration::millis(4), base::Duration::seconds(2)};    // of RTCP
    Event::Layers layers_told{kLayers};
    Event::Sound sound_told = kUsualSound;
    std::uint64_t packets_in = 0, bytes_in = 0, packets_out = 0, bytes_out = 0, key_frames_asked = 0;
    Member(std::uint32_t seed, std::uint32_t first_estimate_bps) : out(seed, first_estimate_bps), proof(out.line.estimate()) {}
  };

  // -- who sees whom
  void seat(Member& viewer, std::size_t of);
  void unseat(Member& viewer, std::size_t of);
  static constexpr std::size_t kNobody = static_cast<std::size_t>(-1);
  void seat_all(std::size_t viewer, std::size_t but = kNobody);
  void join(std::size_t member, base::Instant now);
  void part(std::size_t member, base::Instant now);
  void empty(Member& viewer, Slot& slot);
  Slot* free_slot(Member& viewer);
  void seat_extras(Member& viewer);
  void seat_extras();
  [[nodiscard]] const Tile* extra_wanted(const Member& viewer, std::size_t of, Source source) const;
  [[nodiscard]] bool wants(const Member& viewer, std::size_t of, Source extra) const;
  [[nodiscard]] static Slot* slot_for(Member& viewer, std::size_t of, Source picture);
  void tell_slots();
  void list_present();
  void restart(Member& viewer, base::Instant now);
  [[nodiscard]] bool may_send(const Member& from, Source source) const;
  // -- packets
  void expect(std::size_t from, const Packet& packet) const;
  [[nodiscard]] bool within_bounds(Member& from, const Received& received, base::Instant now) const;
  [[nodiscard]] static bool spared(const Member& viewer, Slot& slot, const Member& from, Silence::Says says, base::Instant now);
  void forward_sound(std::size_t from, Received& received, base::Now now, base::DatagramSink& out);
  void forward_backstage(std::size_t from, Received& received, base::Now now, base::DatagramSink& out);
  void forward_picture(std::size_t from, Received& received, base::Now now, base::DatagramSink& out);
  void send(Member& to, DownStream& stream, const Member& from, Received& received, base::Now now, base::DatagramSink& out);
  void on_nack(Member& viewer, const wire::Nack& nack, base::Instant now, base::DatagramSink& out);
  void on_fir(Member& viewer, base::Ssrc sender, const wire::FirEntry& entry, base::Instant now);
  void on_key_frame_request(Member& viewer, base::Ssrc ssrc, base::Instant now);
  void wish_key_frame(Slot& slot, std::int8_t layer, base::Instant now);
  // -- timers
  // A room's timers fall together, and those of different rooms apart: a thousand people's reports in one go would hold up everybody's sound.
  [[nodiscard]] base::Instant on_grid(base::Instant now, base::Duration step) const {
    return {((now.us - phase_.us) / step.us + 1) * step.us + phase_.us};
  }
  void schedule(base::Instant at) { wake_ = std::min(wake_, at); }
  void note_activity(base::Instant now);
  void choose_keep(base::Instant now);
  void allocate(base::Instant now);
  void allocate_for(Member& viewer, base::Instant now);
  static constexpr std::size_t kMostTiles = 64;
  std::size_t wishes_of(Member& viewer, std::span<TileWish, kMostTiles> wishes, base::Instant now);
  void follow_wish(Member& viewer, Slot& slot, const TileWish& wish, bool over, base::Instant now);
  [[nodiscard]] std::uint32_t thin_sound(Member& viewer, std::uint32_t line, base::Instant now);
  void on_estimate(Member& viewer, base::Instant now);
  void guide(base::Instant now);
  void guide_sound(base::Instant now);
  void guide_uplinks(base::Instant now);
  [[nodiscard]] static bool sends_picture(Member& member, base::Instant now);
  void tell_layers(Member& member);
  void tell_sound(Member& member);
  [[nodiscard]] static bool is_narrow(Member& viewer);
  [[nodiscard]] std::uint8_t layers_shown(std::size_t of, const Publication& camera) const;
  void pump(base::Now now, base::DatagramSink& out);
  void send_probe(Member& viewer, base::Instant now, base::DatagramSink& out);
  [[nodiscard]] bool repeat_one(Member& viewer, std::uint16_t back, base::Instant now, base::DatagramSink& out);
  void send_reports(base::Now now, base::DatagramSink& out);
  void say_goodbye(base::DatagramSink& out);
  void choose_layers_at(base::Instant at) {
    allocate_at_ = std::min(allocate_at_, at);
    schedule(at);
  }
  void send_report_of(Member& member, std::size_t index, base::Now now, base::DatagramSink& out);
  [[nodiscard]] std::uint8_t worst_loss_of_sound(std::size_t of, base::Instant now) const;
  void note_speaker(base::Instant now);
  void repair_and_ask(base::Instant now, base::DatagramSink& out);
  void rearm();

  // One of two hundred within a second, apart for rooms numbered one after another as for those that are not (Knuth's
  // multiplicative hash).
  static constexpr base::Duration phase_of(base::RoomId room) {
    return base::Duration::millis(static_cast<std::int64_t>((room.value * 0x9e37'79b9'7f4a'7c15) >> 32) % 200 * 5);
  }

  base::RoomId room_;
  base::Duration phase_;
  PacketPool& pool_;
  std::uint32_t first_estimate_bps_;
  bool bounded_;
  std::vector<std::unique_ptr<Member>> members_;  // by index; null: free
  std::vector<std::size_t> present_;              // indices, dense
  std::size_t count_ = 0;
  bool paused_ = false;
  base::Duration keep_ = PacketCache::kMostKept;  // a picture's packets, for repairs
  static constexpr base::Duration kUnknownRoundTrip = base::Duration::millis(200), kNoticed = base::Duration::millis(200),
                                  kLeastKept = base::Duration::millis(400), kAskedLate = base::Duration::seconds(60);
  bool goodbyes_ = false;  // some slot has one to say
  SpeakerDetection speakers_;
  SoundGuide sound_;
  std::vector<Event> events_;
  std::uint64_t forwarded_ = 0;
  base::Instant wake_ = base::Instant::never();
  base::Instant feedback_at_ = base::Instant::never(), report_at_ = base::Instant::never(),
                allocate_at_ = base::Instant::never(), uplinks_at_ = base::Instant::never();
  base::Instant rates_taken_{}, last_activity_{-1'000'000'000};
};

}  // namespace media
