// SPDX-License-Identifier: Apache-2.0
// The program's own words of each message, in English and in Welsh. A team may put its own in their place. Not here: filling in.
// Neutral throughout: whoever reads over a shoulder learns that there is an appointment, not of what kind. The Welsh is a draft
// that no Welsh speaker has approved yet; until one has, it is sent only where a team approved it (message_table).
#include "interop/message.h"

namespace interop {
namespace {

using Set = std::array<Words, 5>;  // in the order of Kind

const Set& english() {
  static const Set set{{
      {"Your appointment on {day}",
       "Hello {name},\n\nYour next appointment is on {day} at {time}. It lasts {minutes} minutes.\n\n"
       "This is your own link:\n\n{link}\n\nOpen it to see how you can take part: in person, by video or by phone. You can change this each time. "
       "The link asks you two things that only you know.\n\nPlease do not share the link. It is only for you.\n\n"
       "If you have questions, or would rather not come, call us on {phone}.",
       "Hello {name}. Your appointment: {day}, {time}. Your own link: {link} Questions? {phone}"},
      {"Reminder: your appointment on {day}",
       "Hello {name},\n\nThis is a reminder of your appointment on {day} at {time}.\n\n"
       "Use the link in the message we sent you before. You can still change how you take part.\n\n"
       "If you cannot find the link, or cannot come, call us on {phone}.",
       "Hello {name}. Reminder: {day}, {time}. Use the link we sent you. Questions? {phone}"},
      {"Your appointment has moved to {day}",
       "Hello {name},\n\nYour appointment has moved.\n\nIt was on {old_day} at {old_time}.\n\nIt is now on {day} at {time}.\n\n"
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
       "Dyma eich dolen chi:\n\n{link}\n\nAgorwch y ddolen i weld sut y gallwch gymryd rhan: wyneb yn wyneb, drwy fideo neu dros y ffôn. "
       "Gallwch newid hyn bob tro. Mae’r ddolen yn gofyn dau beth mai dim ond chi sy’n eu gwybod.\n\n"
       "Peidiwch â rhannu’r ddolen. I chi yn unig y mae hi.\n\nOs oes gennych gwestiynau, neu os byddai’n well gennych beidio â dod, ffoniwch ni ar {phone}.",
       "Helo {name}. Eich apwyntiad: {day}, {time}. Eich dolen chi: {link} Cwestiynau? {phone}"},
      {"Nodyn atgoffa: eich apwyntiad ar {day}",
       "Helo {name},\n\nDyma eich atgoffa am eich apwyntiad ar {day} am {time}.\n\n"
       "Defnyddiwch y ddolen yn y neges a anfonwyd atoch o’r blaen. Gallwch newid sut rydych yn cymryd rhan o hyd.\n\n"
       "Os na allwch ddod o hyd i’r ddolen, neu os na allwch ddod, ffoniwch ni ar {phone}.",
       "Helo {name}. Nodyn atgoffa: {day}, {time}. Defnyddiwch y ddolen a anfonwyd atoch. Cwestiynau? {phone}"},
      {"Mae eich apwyntiad wedi symud i {day}",
       "Helo {name},\n\nMae eich apwyntiad wedi symud.\n\nRoedd ar {old_day} am {old_time}.\n\nMae bellach ar {day} am {time}.\n\n"
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

}  // namespace

const Words& default_words(Kind kind, std::string_view language) {
  return (words_language(language) == "cy" ? welsh() : english())[static_cast<std::size_t>(kind)];
}

}  // namespace interop
