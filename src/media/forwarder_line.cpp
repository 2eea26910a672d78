// SPDX-License-Identifier: Apache-2.0
// What of the room one person's line is given: sound first, then pictures by what they show, at the pace the line
// carries; and bursts that find out whether it carries more. The rules are in layer_allocation.h, line_proof.h, pacer.h
// and probes.h; here is what they need of the room and what follows for its streams. Not here: the path of a packet
// (forwarder.cpp).
#include <algorithm>
#include <utility>

#include "media/forwarder.h"

namespace media {
namespace {

constexpr std::array<std::uint32_t, kLayers> kNominalBps{150'000, 450'000, 1'200'000};
constexpr std::array<std::uint16_t, kLayers> kNominalWidth{320, 640, 1'280}, kNominalHeight{180, 360, 720};
constexpr std::uint32_t kVoiceBps = 60'000;     // one person who talks, IP and UDP included; in long packets nearly two
constexpr std::uint32_t kNarrowBps = 2 * kVoiceBps;
constexpr std::uint32_t kLeastBps = 40'000, kSmallBps = 100'000;  // of a camera, on a line that is narrow upwards
constexpr base::Duration kSilent = base::Duration::seconds(2);  // what still comes of a voice then goes to few (forwarder.cpp)
constexpr base::Duration kFewerAfter = base::Duration::seconds(10);
constexpr base::Duration kSettled = base::Duration::seconds(5);
constexpr base::Duration kUnheardAgain = base::Duration::seconds(5);  // an ICE restart takes less where it helps
constexpr std::uint32_t kStillSeconds = 4;      // as DownStream::kStillEvery
constexpr std::uint32_t kNominalStill = 6'000;  // bytes

TileWish wish_for(const Publication& publication, const DownStream& stream, base::Instant now) {
  TileWish tile;
  tile.now = stream.target();
  tile.now_temporal = stream.temporal();
  for (std::size_t l = 0; l < kLayers; ++l) {
    const auto& layer = publication.layers[l];
    auto& offer = tile.layers[l];
    // A page that nobody scrolls sends a frame now and then: its silence says nothing.
    offer.active = publication.source == Source::screen ? layer.known : Reception::comes(layer, now);
    // What is not sent yet must fit at its height.
    const auto measured = tile.now != kNoLayer && static_cast<std::int8_t>(l) > tile.now ? layer.peak_bps : layer.bps;
    offer.bps = measured > 0 ? measured : kNominalBps[l];
    offer.slower = layer.slower_bps;
    const auto still = layer.key_frame_bytes > 0 ? layer.key_frame_bytes : kNominalStill;
    offer.still = std::min(offer.bps, still * 8 / kStillSeconds);
    offer.width = layer.width > 0 ? layer.width : kNominalWidth[l];
    offer.height = layer.height > 0 ? layer.height : kNominalHeight[l];
  }
  return tile;
}

// Of what the largest tiles get, the most that is true of any that is shown.
Pictures state_of(std::span<const TileWish> wishes) {
  std::size_t shown = 0, whole = 0, moving = 0, still = 0;
  for (const auto& w : wishes) {
    const auto wanted = wanted_layer(w);
    if (wanted == kNoLayer) continue;
    ++shown;
    if (w.chosen == kNoLayer) continue;
    if (w.chosen_temporal == kStills)
      ++still;
    else if (w.chosen == wanted && w.chosen_temporal == kAllTemporal)
      ++whole;
    else
      ++moving;
  }
  if (whole == shown) return Pictures::full;
  if (whole + moving > 0) return Pictures::reduced;
  return still > 0 ? Pictures::stills : Pictures::none;
}

std::uint32_t cost_of_all(std::span<const TileWish> wishes) {
  std::uint32_t sum = 0;
  for (const auto& w : wishes) sum += cost_of(w, w.chosen, w.chosen_temporal);
  return sum;
}

}  // namespace

std::size_t Forwarder::wishes_of(Member& viewer, std::span<TileWish, kMostTiles> wishes, base::Instant now) {
  auto& slots = viewer.out.slots();
  const auto count = std::min(slots.size(), kMostTiles);
  for (std::size_t k = 0; k < count; ++k) {
    wishes[k] = {};
    if (!slots[k].carries || !is_picture(slots[k].source) || paused_ || !viewer.out.connected() ||
        !viewer.out.takes_pictures())
      continue;
    auto& from = *members_[*slots[k].carries];
    const auto* publication = from.in.publication(slots[k].source);
    if (publication == nullptr || !may_send(from, slots[k].source)) continue;
    wishes[k] = wish_for(*publication, slots[k].picture, now);
    // Until the viewer says what it shows: everybody, small, so that the first picture is there when the room is drawn.
    if (!viewer.has_view) wishes[k].width = wishes[k].height = 1;
  }
  if (!viewer.has_view || viewer.view.sound_only) return count;
  for (const auto& tile : viewer.view.tiles) {
    for (std::size_t k = 0; k < count; ++k) {
      if (!slots[k].carries || slots[k].source != tile.source || members_[*slots[k].carries]->arrival != tile.of)
        continue;
      wishes[k].pinned = wishes[k].pinned || tile.pinned;
      if (std::uint32_t{tile.width} * tile.height > std::uint32_t{wishes[k].width} * wishes[k].height) {
        wishes[k].width = tile.width;
        wishes[k].height = tile.height;
      }
    }
  }
  return count;
}

// Sound is paid first, backstage's too. What comes now is what is measured of each microphone; room is kept for one more voice. Where
// not even what comes has room, the quietest are passed over: never the two loudest. Returns what sound takes.
std::uint32_t Forwarder::thin_sound(Member& viewer, std::uint32_t line, base::Instant now) {
  struct Voice {
    double loudness = 0;
    std::uint32_t bps = 0;
    Slot* slot = nullptr;
  };
  std::array<Voice, kMostTiles> voices;
  std::size_t count = 0;
  std::uint32_t sum = 0, backstage = 0;
  bool thinned = false;
  for (auto& slot : viewer.out.slots()) {
    thinned |= std::exchange(slot.thinned, false);
    if (slot.carries && slot.source == Source::backstage) {  // few hear it, and it is never passed over
      if (const auto* voice = members_[*slot.carries]->in.publication(Source::backstage)) backstage += voice->layers[0].bps;
      continue;
    }
    if (!slot.carries || slot.source != Source::camera || count == voices.size()) continue;
    auto& from = *members_[*slot.carries];
    auto* microphone = from.in.publication(Source::microphone);
    if (microphone == nullptr || !may_send(from, Source::microphone)) continue;
    const auto bps = from.silence.lasts(kSilent, now) ? 0 : microphone->layers[0].bps;
    voices[count++] = {speakers_.loudness(*slot.carries, now), bps, &slot};
    sum += bps;
  }
  sum += backstage;
  const auto quiet = count == 0 ? 0 : kVoiceBps;
  // Waiting alone may be the receiver's own: a busy phone looks like a full line. Nobody's sound is passed over for
  // that; a line that is too narrow for the sound alone loses, too.
  constexpr double kLoses = 0.02;
  const bool full = thinned || viewer.out.line.loss() >= kLoses;
  if (sum <= line || !full) return std::max(sum, quiet);
  std::ranges::sort(std::span(voices).first(count), [](const Voice& a, const Voice& b) {
    return a.loudness != b.loudness ? a.loudness > b.loudness : a.slot < b.slot;
  });
  std::uint32_t taken = backstage;
  for (std::size_t i = 0; i < count; ++i) {
    if (i >= 2 && taken + voices[i].bps > line && voices[i].bps > 0)
      voices[i].slot->thinned = true;
    else
      taken += voices[i].bps;
  }
  return std::max(taken, quiet);
}

void Forwarder::allocate_for(Member& viewer, base::Instant now) {
  std::array<TileWish, kMostTiles> all;
  const std::span wishes(all.data(), wishes_of(viewer, all, now));
  viewer.out.line.look(now);
  const auto& line = viewer.out.line;
  if (line.is_unheard(now) && now - viewer.unheard_told >= kUnheardAgain) {
    viewer.unheard_told = now;
    events_.push_back({{room_, viewer.arrival}, Event::Unheard{}});
  }
  const auto estimate = line.estimate();
  auto sound = thin_sound(viewer, estimate, now);
  // Where losses are all that tells of a full line, one that has just become narrower is no place for more.
  const bool settled = line.has_feedback() || now - line.fell() > kSettled;
  viewer.out.consider_repeats(estimate / 2 >= sound && settled, now);
  if (viewer.out.repeats_sound(now)) sound *= 2;
  const auto proved = viewer.proof.update(estimate, line.starting(), line.fell(), now);
  const auto rest = [sound](std::uint32_t bps) { return bps > sound ? bps - sound : 0; };
  allocate_layers(wishes, {UINT32_MAX, UINT32_MAX});
  const auto whole = cost_of_all(wishes);
  const auto wanted =
      viewer.view.saver ? whole / 2 : whole;  // where that is too little for all to move, some stand still
  viewer.wanted_bps = wanted + sound;
  const auto most = viewer.view.saver ? wanted : UINT32_MAX;
  allocate_layers(wishes, {std::min(rest(estimate), most), std::min(rest(proved), most)});
  const auto granted = cost_of_all(wishes) + sound;
  if (granted > viewer.granted_bps + viewer.granted_bps / 10) viewer.proof.raised(now);
  viewer.granted_bps = granted;
  std::uint32_t flowing = sound;
  for (std::size_t k = 0; k < wishes.size(); ++k) {
    const auto& picture = viewer.out.slots()[k].picture;
    flowing += cost_of(wishes[k], picture.current(), picture.temporal());
  }
  const bool over = flowing > estimate + estimate / 8;
  for (std::size_t k = 0; k < wishes.size(); ++k) follow_wish(viewer, viewer.out.slots()[k], wishes[k], over, now);
  viewer.pictures = state_of(wishes);
  viewer.out.follow_estimate(now);
  if (viewer.wanted_bps > granted && viewer.out.may_probe() &&
      viewer.out.line.probes.consider(estimate, viewer.wanted_bps, now))
    schedule(now);
}

// `over`: what flows at present is more than the line carries, so what is to become smaller does not wait for its key
// frame.
void Forwarder::follow_wish(Member& viewer, Slot& slot, const TileWish& wish, bool over, base::Instant now) {
  auto& picture = slot.picture;
  if (wish.chosen == kNoLayer) {
    if (picture.target() != kNoLayer) picture.stop();
    return;
  }
  if (picture.target() == kNoLayer)
    picture.start(wish.chosen);
  else
    picture.aim(wish.chosen);
  picture.limit(wish.chosen_temporal);
  if (over && picture.current() > wish.chosen) viewer.out.hold(picture);
  if (picture.waits() || picture.still_due(now)) wish_key_frame(slot, wish.chosen, now);
}

// A layer that nobody's tile can show takes a person's data and their device's strength for nothing. More are asked for at once; fewer
// when it has been so for a while, since a tile that grows waits for the larger layer to begin.
void Forwarder::guide(base::Instant now) {
  if (paused_) return;
  for (const auto i : present_) {
    auto& from = *members_[i];
    const auto* camera = from.in.publication(Source::camera);
    if (camera == nullptr || !camera->simulcast) continue;
    const auto shown = layers_shown(i, *camera);
    if (shown >= from.layers) from.fewer_since = base::Instant::never();
    if (shown < from.layers && from.fewer_since.is_never()) from.fewer_since = now;
    if (shown == from.layers || (shown < from.layers && now - from.fewer_since < kFewerAfter)) continue;
    from.layers = shown;
    from.fewer_since = base::Instant::never();
    tell_layers(from);
  }
}

// Who is alone at their place is heard by nobody, and yet finds out what their line carries.
void Forwarder::guide_uplinks(base::Instant now) {
  for (const auto i : present_) {
    auto& m = *members_[i];
    if (!m.up.little() && !sends_picture(m, now)) continue;  // there is nothing to give up
    m.up.look(m.bytes_in + m.packets_in * BandwidthEstimator::kOverhead, now);
  }
  const auto suspects = std::ranges::count_if(present_, [&](std::size_t i) { return members_[i]->up.suspected(now); });
  for (const auto i : present_) {
    auto& m = *members_[i];
    if (!m.up.follow(now, suspects > (m.up.suspected(now) ? 1 : 0))) continue;
    tell_layers(m);  // what is in the way of the sound stops first
    tell_sound(m);
  }
}

bool Forwarder::sends_picture(Member& member, base::Instant now) {
  return std::ranges::any_of(member.in.publications(), [now](const auto& publication) {
    return publication && publication->picture() &&
           std::ranges::any_of(publication->layers, [now](const Layer& layer) { return Reception::comes(layer, now); });
  });
}

void Forwarder::tell_layers(Member& member) {
  Event::Layers wish{member.layers};
  switch (member.up.step()) {
    case Uplink::paused: wish = {0}; break;
    case Uplink::least: wish = {1, kLeastBps}; break;
    case Uplink::small: wish = {1, kSmallBps}; break;
    case Uplink::whole: break;
  }
  if (std::exchange(member.layers_told, wish) != wish) events_.push_back({{room_, member.arrival}, wish});
}

// As the narrowest line of all downwards carries it, and their own upwards.
void Forwarder::tell_sound(Member& member) {
  const auto& wish = member.up.little() ? kNarrowSound : sound_.wish();
  if (std::exchange(member.sound_told, wish) != wish) events_.push_back({{room_, member.arrival}, wish});
}

// A line that carries all that is wanted of it says nothing of how much more it would.
bool Forwarder::is_narrow(Member& viewer) {
  if (!viewer.out.connected()) return false;
  if (std::ranges::any_of(viewer.out.slots(), &Slot::thinned)) return true;
  return viewer.wanted_bps > viewer.granted_bps && viewer.out.line.estimate() < kNarrowBps;
}

// Everybody's sound goes to the narrowest line. Who is not present is told as well, since they come in with what they were last told.
void Forwarder::guide_sound(base::Instant now) {
  if (paused_) return;
  const bool narrow = std::ranges::any_of(present_, [&](std::size_t i) { return is_narrow(*members_[i]); });
  if (!sound_.look(narrow, now)) return;
  for (const auto& m : members_)
    if (m) tell_sound(*m);
}

// As many as the largest tile of anybody has pixels for, whatever the lines carry at the moment: at least the smallest.
std::uint8_t Forwarder::layers_shown(std::size_t of, const Publication& camera) const {
  const auto& from = *members_[of];
  std::uint32_t tallest = 0;
  for (const auto i : present_) {
    const auto& viewer = *members_[i];
    if (i == of || !viewer.has_view || viewer.view.sound_only || viewer.place != from.place) continue;
    for (const auto& tile : viewer.view.tiles)
      if (tile.of == from.arrival && tile.source == Source::camera && tile.width > 0)
        tallest = std::max(tallest, std::uint32_t{tile.height});
  }
  std::uint8_t count = 1;
  for (; count < kLayers; ++count) {
    const auto& below = camera.layers[count - 1U];
    const std::uint32_t height = below.height > 0 ? below.height : kNominalHeight[count - 1U];
    if (fills(height, tallest)) break;
  }
  return count;
}

// Down at once: not only when layers are chosen next.
void Forwarder::on_estimate(Member& viewer, base::Instant now) {
  viewer.out.follow_estimate(now);
  schedule(viewer.out.next());
  if (viewer.out.line.estimate() < viewer.granted_bps && viewer.estimates.take(now)) choose_layers_at(now);
}

void Forwarder::pump(base::Now now, base::DatagramSink& out) {
  for (auto& m : members_) {
    if (!m || m->out.next() > now.instant) continue;
    send_probe(*m, now.instant, out);
    const auto pumped = m->out.pump(now.instant, *m->outgoing, out);
    forwarded_ += pumped.packets;
    m->packets_out += pumped.packets;
    m->bytes_out += pumped.bytes;
    if (pumped.packets > 0) m->sent_at = now.instant;
    if (pumped.starved) choose_layers_at(now.instant);
  }
}

void Forwarder::send_probe(Member& viewer, base::Instant now, base::DatagramSink& out) {
  auto& probes = viewer.out.line.probes;
  if (probes.next() > now) return;
  // Whole packets while they are few enough to leave five of them, else padding, which is smaller.
  for (std::uint16_t packets = 0; packets < 64; ++packets) {
    const auto due = probes.due(now);
    if (due == 0) break;
    if (due >= 600 && repeat_one(viewer, packets, now, out)) continue;
    if (!viewer.out.pad(due, now, *viewer.outgoing, out)) return probes.stop();  // the connection takes nothing any more
  }
  probes.ticked(now);
}

// A packet of a picture goes out once more; false: there is none.
bool Forwarder::repeat_one(Member& viewer, std::uint16_t back, base::Instant now, base::DatagramSink& out) {
  for (auto& slot : viewer.out.slots()) {
    if (!slot.carries || slot.picture.current() == kNoLayer) continue;
    auto& from = *members_[*slot.carries];
    auto* publication = from.in.publication(slot.source);
    if (publication != nullptr && may_send(from, slot.source) &&
        viewer.out.repeat(slot.picture, back, *publication, now, *viewer.outgoing, out))
      return true;
  }
  return false;
}

}  // namespace media
