// SPDX-License-Identifier: Apache-2.0
// Each person's doings come by themselves, on average every `between`; half of them are another view, as people scroll and pin.
#include "load/churn.h"

#include <algorithm>
#include <array>
#include <utility>

#include "load/content.h"

namespace load {
namespace {

struct View {
  unsigned tiles, layer;  // layer: in kLayerShapes
};
constexpr unsigned kEveryone = 64;
constexpr std::array kViews{View{kEveryone, 2}, View{kEveryone, 1}, View{4, 2}, View{1, 2}, View{0, 0}};
constexpr std::array kPoor{0.01, 0.03, 0.08};  // of the datagrams, each way

}  // namespace

Churn::Churn(ChurnSettings settings, Crowd crowd, std::size_t people, base::Instant now)
    : settings_(settings), crowd_(std::move(crowd)), random_(settings.seed), lives_(people), began_(now) {
  for (Life& life : lives_) life.next = now + some(0, static_cast<double>(settings_.between.us) / 1e6);
}

base::Duration Churn::some(double from_seconds, double to_seconds) {
  return base::Duration::micros(static_cast<std::int64_t>((from_seconds + chance() * (to_seconds - from_seconds)) * 1e6));
}

void Churn::tick(base::Instant now) {
  const bool calm = (now - began_).us % settings_.cycle.us >= settings_.cycle.us - settings_.calm.us;
  const bool begins = calm && !calm_;
  calm_ = calm;
  bool all_there = calm;
  for (std::size_t i = 0; i < lives_.size(); ++i) {
    Life& life = lives_[i];
    if (life.good <= now || begins) {
      life.good = base::Instant::never();
      crowd_.line(i, 0);
    }
    if (begins) crowd_.look(i, kViews[0].tiles, kLayerShapes[kViews[0].layer].width, kLayerShapes[kViews[0].layer].height);
    if (life.away && (life.back <= now || calm)) come(i, now);
    if (!life.away && life.coming.is_never() && !crowd_.ready(i)) life.coming = now;  // turned out, though it did not go
    if (!life.coming.is_never()) see_whether_back(i, now);
    if (life.away || !life.coming.is_never() || !crowd_.ready(i)) {
      all_there = false;
    } else if (life.next <= now && !calm) {
      act(i, now);
    }
  }
  if (!all_there) settled_since_ = base::Instant::never();
  if (all_there && settled_since_.is_never()) settled_since_ = now;
}

void Churn::act(std::size_t person, base::Instant now) {
  Life& life = lives_[person];
  const double average = static_cast<double>(settings_.between.us) / 1e6;
  life.next = now + some(0, 2 * average);
  const auto go = [&](Going how, base::Duration away, bool token) {
    crowd_.go(person, how);
    crowd_.line(person, 0);
    life.good = base::Instant::never();
    life.away = true;
    life.token = token;
    life.back = now + away;
  };
  const double which = chance();
  if (which < 0.45) {
    const View view = kViews[static_cast<std::size_t>(chance() * kViews.size())];
    crowd_.look(person, view.tiles, kLayerShapes[view.layer].width, kLayerShapes[view.layer].height);
    ++counts_.views;
  } else if (which < 0.65) {
    ++counts_.reloads;
    go(Going::reloads, some(0.2, 2), true);
  } else if (which < 0.75) {
    ++counts_.vanishes;
    go(Going::vanishes, some(2, 40), true);
  } else if (which < 0.88 && !crowd_.leads(person)) {
    ++counts_.leaves;
    go(Going::leaves, some(1, 30), false);
  } else {
    ++counts_.poor_lines;
    crowd_.line(person, kPoor[static_cast<std::size_t>(chance() * kPoor.size())]);
    life.good = now + some(5, 30);
  }
}

void Churn::come(std::size_t person, base::Instant now) {
  Life& life = lives_[person];
  life.away = false;
  life.back = base::Instant::never();
  life.coming = now;
  crowd_.come(person, life.token);
}

void Churn::see_whether_back(std::size_t person, base::Instant now) {
  Life& life = lives_[person];
  if (crowd_.ready(person)) {
    life.coming = base::Instant::never();
    ++counts_.back;
    if (crowd_.resumed(person)) ++counts_.back_by_token;
  } else if (now - life.coming >= kBackWithin) {
    ++counts_.not_back;
    counts_.why = crowd_.trouble(person);
    crowd_.go(person, Going::reloads);
    life.coming = base::Instant::never();
    life.away = true;
    life.back = now;
  }
}

}  // namespace load
