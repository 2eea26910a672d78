// SPDX-License-Identifier: Apache-2.0
// Visible texts of what facilitators say among themselves, in ICU MessageFormat. As en.ts: short sentences, "you" and "we".
export const enBackstage = {
  'backstage.words': 'Only facilitators can hear or read what is said here. Members are not told that you are using it.',
  'backstage.nobody': 'No other facilitator is here now.',
  'backstage.talk': 'Talk to facilitators only',
  'backstage.talk_stop': 'Stop talking to facilitators only',
  'backstage.talk_hint': 'While you do, the group cannot hear you. They see your microphone as off.',
  'backstage.is_on': 'Only facilitators can hear you. The group cannot.',
  'backstage.stop': 'Stop',
  'backstage.other_talks': '{names} {count, plural, one {is} other {are}} talking to facilitators only.',
  'backstage.lines': 'What facilitators wrote to each other',
  'backstage.write': 'Write to facilitators only',
  'backstage.hint': 'Nothing of it is kept.',
  'backstage.send': 'Send',
  'backstage.say_on': 'Only facilitators can hear you now.',
  'backstage.say_off': 'You have stopped talking to facilitators only.',
} as const;
