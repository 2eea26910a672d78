// SPDX-License-Identifier: Apache-2.0
// The program's own words of each message, in English (also for Easy Read) and in Welsh, and the sentence of how somebody takes part. A team may put its own in their place. Not here: filling in.
// Neutral throughout: whoever reads over a shoulder learns that there is an appointment, not of what kind. The Welsh is a draft
// that no Welsh speaker has approved yet; until one has, it is sent only where a team approved it (message_table).
#include <fmt/format.h>

#include <algorithm>

#include "interop/message.h"

namespace interop {
namespace {

using Set = std::array<Words, 5>;  // in the order of Kind

const Set& english() {
  static const Set set{{
      {"Your appointment on {day}",
       "Hello {name},\n\nYour next appointment is on {day} at {time}. It lasts {minutes} minutes.\n\n"
       "{how}\n\nThis is your own link:\n\n{link}\n\nOpen it to see your appointments and to say how you take part. You can change this each time. "
       "The link asks you two things that only you know.\n\nPlease do not share the link. It is only for you.\n\n"
       "If you have questions, or would rather not come, call us on {phone}.",
       "Hello {name}. Your appointment: {day}, {time}. Your own link: {link} Questions? {phone}"},
      {"Reminder: your appointment on {day}",
       "Hello {name},\n\nThis is a reminder of your appointment on {day} at {time}.\n\n{how}\n\n"
       "Use the link in the message we sent you before. You can still change how you take part.\n\n"
       "If you cannot find the link, or cannot come, call us on {phone}.",
       "Hello {name}. Reminder: {day}, {time}. Use the link we sent you. Questions? {phone}"},
      {"Your appointment has moved to {day}",
       "Hello {name},\n\nYour appointment has moved.\n\nIt was on {old_day} at {old_time}.\n\nIt is now on {day} at {time}.\n\n{how}\n\n"
       "Your link stays the same. If the new time does not suit you, call us on {phone}.",
       "Hello {name}. Your appointment on {old_day} has moved. It is now on {day}, {time}. Your link stays the same. Questions? {phone}"},
      {"Your appointment on {day} will not take place",
       "Hello {name},\n\nYour appointment on {day} at {time} will not take place. We are sorry.\n\n"
       "You do not need to do anything. If you want to talk to us, call {phone}.",
       "Hello {name}. Your appointment on {day}, {time}, will not take place. We are sorry. Questions? {phone}"},
      {"Did you ask us to change how we reach you?",
       "Hello {name},\n\nSomebody asked us to change how we reach you. If it was you, type this code on your page:\n\n{code}\n\n"
       "If it was not you, call us on {phone}. We change nothing until the code is typed.",
       "Hello {name}. Your code: {code}. If you did not ask us to change how we reach you, call {phone}."},
  }};
  return set;
}

const Set& welsh() {
  static const Set set{{
      {"Eich apwyntiad ar {day}",
       "Helo {name},\n\nMae eich apwyntiad nesaf ar {day} am {time}. Mae’n para {minutes} munud.\n\n"
       "{how}\n\nDyma eich dolen chi:\n\n{link}\n\nAgorwch y ddolen i weld eich apwyntiadau ac i ddweud sut rydych yn cymryd rhan. "
       "Gallwch newid hyn bob tro. Mae’r ddolen yn gofyn dau beth mai dim ond chi sy’n eu gwybod.\n\n"
       "Peidiwch â rhannu’r ddolen. I chi yn unig y mae hi.\n\nOs oes gennych gwestiynau, neu os byddai’n well gennych beidio â dod, ffoniwch ni ar {phone}.",
       "Helo {name}. Eich apwyntiad: {day}, {time}. Eich dolen chi: {link} Cwestiynau? {phone}"},
      {"Nodyn atgoffa: eich apwyntiad ar {day}",
       "Helo {name},\n\nDyma eich atgoffa am eich apwyntiad ar {day} am {time}.\n\n{how}\n\n"
       "Defnyddiwch y ddolen yn y neges a anfonwyd atoch o’r blaen. Gallwch newid sut rydych yn cymryd rhan o hyd.\n\n"
       "Os na allwch ddod o hyd i’r ddolen, neu os na allwch ddod, ffoniwch ni ar {phone}.",
       "Helo {name}. Nodyn atgoffa: {day}, {time}. Defnyddiwch y ddolen a anfonwyd atoch. Cwestiynau? {phone}"},
      {"Mae eich apwyntiad wedi symud i {day}",
       "Helo {name},\n\nMae eich apwyntiad wedi symud.\n\nRoedd ar {old_day} am {old_time}.\n\nMae bellach ar {day} am {time}.\n\n{how}\n\n"
       "Mae eich dolen yn aros yr un fath. Os nad yw’r amser newydd yn addas, ffoniwch ni ar {phone}.",
       "Helo {name}. Mae eich apwyntiad ar {old_day} wedi symud i {day}, {time}. Mae’r ddolen yr un fath. Cwestiynau? {phone}"},
      {"Ni fydd eich apwyntiad ar {day} yn digwydd",
       "Helo {name},\n\nNi fydd eich apwyntiad ar {day} am {time} yn digwydd. Mae’n ddrwg gennym.\n\n"
       "Nid oes angen i chi wneud dim. Os hoffech siarad â ni, ffoniwch {phone}.",
       "Helo {name}. Ni fydd eich apwyntiad ar {day}, {time}, yn digwydd. Mae’n ddrwg gennym. Cwestiynau? {phone}"},
      {"A wnaethoch ofyn i ni newid sut rydym yn cysylltu â chi?",
       "Helo {name},\n\nGofynnodd rhywun i ni newid sut rydym yn cysylltu â chi. Os mai chi oedd hynny, teipiwch y cod hwn ar eich tudalen:\n\n{code}\n\n"
       "Os nad chi oedd hynny, ffoniwch ni ar {phone}. Ni fyddwn yn newid dim nes bod y cod wedi’i deipio.",
       "Helo {name}. Eich cod: {code}. Os na wnaethoch ofyn am newid sut rydym yn cysylltu â chi, ffoniwch {phone}."},
  }};
  return set;
}

const Set& easy_english() {
  static const Set set{{
      {"Your appointment on {day}",
       "Hello {name}.\n\nYou have an appointment.\n\nIt is on {day}.\n\nIt starts at {time}.\n\nIt lasts {minutes} minutes.\n\n{how}\n\n"
       "This is your own link:\n\n{link}\n\nOpen the link to see your appointments.\n\nThe link asks you two things about you.\n\n"
       "Do not give the link to other people.\n\nYou can call us if you have questions.\n\nOur number is {phone}.",
       "Hello {name}. You have an appointment. {day}, {time}. Your link: {link} Our number: {phone}"},
      {"Reminder: your appointment on {day}",
       "Hello {name}.\n\nPlease remember your appointment.\n\nIt is on {day}.\n\nIt starts at {time}.\n\n{how}\n\n"
       "Use the link that we sent you before.\n\nYou can call us if you have questions.\n\nOur number is {phone}.",
       "Hello {name}. Please remember: {day}, {time}. Use the link we sent you. Our number: {phone}"},
      {"Your appointment has moved to {day}",
       "Hello {name}.\n\nYour appointment has a new time.\n\nThe old time was {old_day} at {old_time}.\n\nThe new time is {day} at {time}.\n\n{how}\n\n"
       "Your link is still the same.\n\nCall us if the new time is not good for you.\n\nOur number is {phone}.",
       "Hello {name}. Your appointment has a new time. Not {old_day}. Now {day}, {time}. Our number: {phone}"},
      {"Your appointment on {day} will not take place",
       "Hello {name}.\n\nYour appointment on {day} at {time} will not take place.\n\nWe are sorry.\n\nYou do not need to do anything.\n\n"
       "You can call us if you want to talk.\n\nOur number is {phone}.",
       "Hello {name}. Your appointment on {day}, {time}, will not take place. We are sorry. Our number: {phone}"},
      {"Did you ask us to change how we reach you?",
       "Hello {name}.\n\nSomebody asked us to change how we reach you.\n\nWas it you?\n\nThen type this code on your page:\n\n{code}\n\n"
       "Was it not you?\n\nThen please call us.\n\nOur number is {phone}.\n\nWe change nothing until the code is typed.",
       "Hello {name}. Your code: {code}. Did you not ask us to change how we reach you? Then call {phone}."},
  }};
  return set;
}

std::string joined(const std::vector<std::string>& all, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) out += (i == 0 ? "" : i + 1 == all.size() ? std::string(last) : std::string(", ")) + all[i];
  return out;
}

// "in person, by video or by phone": the ways that the session offers.
std::string offered(const std::vector<care::Way>& ways, bool welsh_words) {
  static const std::array<std::array<const char*, 2>, 3> kNames{{{"in person", "wyneb yn wyneb"}, {"by video", "drwy fideo"}, {"by phone", "dros y ffôn"}}};
  std::vector<std::string> names;
  for (const care::Way w : ways) names.emplace_back(kNames.at(static_cast<std::size_t>(w)).at(welsh_words ? 1 : 0));
  return joined(names, welsh_words ? " neu " : " or ");
}

std::string in_person_words(const Taking& t, bool cy) {
  if (t.venue.empty())
    return cy ? fmt::format("Rydych yn dod wyneb yn wyneb. Ffoniwch ni ar {} os nad ydych yn siŵr ble.", t.phone)
              : fmt::format("You come in person. Call us on {} if you are not sure where.", t.phone);
  std::string out = cy ? fmt::format("Rydych yn dod wyneb yn wyneb. Dewch i: {}.", t.venue) : fmt::format("You come in person. Come to: {}.", t.venue);
  if (!t.directions.empty()) out += (cy ? "\n\nSut i ddod o hyd iddo: " : "\n\nHow to find it: ") + t.directions;
  return out;
}

}  // namespace

std::string how_words(const Taking& t, std::string_view language) {
  const bool cy = words_language(language) == "cy";
  const bool here = t.held_on.empty() || t.held_on == care::kOwnSoftware || t.held_on == care::kInPersonOnly;
  if (t.supporter) {
    const bool video = here && std::ranges::find(t.ways, care::Way::video) != t.ways.end();
    if (video) return cy ? "Defnyddiwch eich dolen i ymuno drwy fideo." : "Use your link to join by video.";
    if (t.join_address) return cy ? "Defnyddiwch eich dolen i weld sut i ymuno." : "Use your link to see how to join.";
    return cy ? fmt::format("Ffoniwch ni ar {} i wybod sut i ymuno.", t.phone) : fmt::format("Call us on {} to hear how to join.", t.phone);
  }
  const auto way = t.way ? t.way : t.ways.size() == 1 ? std::optional(t.ways.front()) : std::nullopt;
  if (!way) {
    if (t.ways.empty()) return cy ? fmt::format("Ffoniwch ni ar {} i wybod sut i gymryd rhan.", t.phone) : fmt::format("Call us on {} to hear how you can take part.", t.phone);
    return cy ? fmt::format("Gallwch gymryd rhan {}. Defnyddiwch eich dolen i ddweud pa ffordd.", offered(t.ways, true))
              : fmt::format("You can take part {}. Use your link to tell us which way.", offered(t.ways, false));
  }
  switch (*way) {
    case care::Way::in_person: return in_person_words(t, cy);
    case care::Way::phone:
      if (!t.by_phone.empty()) return (cy ? "Rydych yn cymryd rhan dros y ffôn. Sut i ymuno: " : "You take part by phone. How to join: ") + t.by_phone;
      return cy ? fmt::format("Rydych yn cymryd rhan dros y ffôn. Ffoniwch ni ar {} os nad ydych yn siŵr sut.", t.phone)
                : fmt::format("You take part by phone. Call us on {} if you are not sure how.", t.phone);
    case care::Way::video: break;
  }
  if (!here && t.join_address)
    return cy ? fmt::format("Rydych yn cymryd rhan drwy fideo, gyda {}. Defnyddiwch eich dolen i weld sut i ymuno.", t.held_on)
              : fmt::format("You take part by video, with {}. Use your link to see how to join.", t.held_on);
  if (!here)
    return cy ? fmt::format("Rydych yn cymryd rhan drwy fideo, gyda {}. Bydd eich tîm yn dweud sut i ymuno.", t.held_on)
              : fmt::format("You take part by video, with {}. Your team tells you how to join.", t.held_on);
  return cy ? "Rydych yn cymryd rhan drwy fideo. Defnyddiwch eich dolen i ymuno." : "You take part by video. Use your link to join.";
}

const Words& default_words(Kind kind, std::string_view language, Form form) {
  const auto at = static_cast<std::size_t>(kind);
  if (words_language(language) == "cy") return welsh()[at];
  return form == Form::easy_read ? easy_english()[at] : english()[at];
}

}  // namespace interop
