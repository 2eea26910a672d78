// SPDX-License-Identifier: Apache-2.0
// What changed between two states of a call, in the words that are read out and shown as a quiet line of text. Pure.
// Not here: what a page says of itself (its heading is focused). Invariant: nothing is said of people before the person
// is present, and nothing of one's own doing.
import type { CallState, Person } from '../call/model';
import { t } from '../texts/text';
import { breakoutOf, nameOf, nameOfSeat, namesOf, protectionWords } from './person_words';

const namesAtOnce = 3;

const bySeat = (people: readonly Person[]) => new Map(people.map((person) => [person.seat, person]));

const comings = (before: CallState, after: CallState): string[] => {
  if (!before.people.some((person) => person.self)) return []; // who was there already has not joined
  const old = bySeat(before.people);
  const now = bySeat(after.people);
  const came: string[] = [];
  const went: string[] = [];
  for (const person of after.people) {
    if (!old.has(person.seat) && !person.self) came.push(nameOf(person));
  }
  for (const person of before.people) {
    if (!now.has(person.seat) && !person.self) went.push(nameOf(person));
  }
  // A list of names read out in one breath says less than their number.
  const said = (names: string[], one: 'say.joined' | 'say.left', many: 'say.joined_many' | 'say.left_many'): string[] =>
    names.length > namesAtOnce ? [t(many, { count: names.length })] : names.map((name) => t(one, { name }));
  return [...said(came, 'say.joined', 'say.joined_many'), ...said(went, 'say.left', 'say.left_many')];
};

const changes = (before: CallState, after: CallState): string[] => {
  const old = bySeat(before.people);
  const said: string[] = [];
  const stayed = [before, after].every(({ people }) => people.some((one) => one.self && one.room === 'everyone'));
  for (const person of after.people) {
    const was = old.get(person.seat);
    if (!was) continue;
    const name = nameOf(person);
    const number = breakoutOf(person);
    if (person.room !== was.room && person.self) said.push(number !== null ? t('breakout.say_in', { number }) : t(person.room === 'everyone' ? 'say.you_back' : 'say.you_aside'));
    // Of small rooms it is said once that they opened and closed, not who of the group went where.
    if (person.room !== was.room && !person.self && stayed && number === null && breakoutOf(was) === null) {
      said.push(t(person.room === 'everyone' ? 'say.back_from_aside' : 'say.aside', { name }));
    }
    if (person.self) {
      if (person.hand !== null && was.hand !== null && person.hand < was.hand) {
        said.push(t('say.your_hand', { place: person.hand }));
      }
      continue;
    }
    if (person.hand !== null && was.hand === null) said.push(t('say.hand_up', { name, place: person.hand }));
    if (person.away !== was.away) said.push(t(person.away ? 'say.away' : 'say.back', { name }));
    if (person.privateNow && !was.privateNow) said.push(t('say.not_private', { name }));
    if (person.reaction && person.reaction.until !== was.reaction?.until) {
      said.push(t('say.reaction', { name, reaction: t(`reaction.${person.reaction.name}`) }));
    }
  }
  return said;
};

// Only for someone who may admit, whatever the state may hold: members never learn who or how many wait.
const leading = (before: CallState, after: CallState): string[] => {
  if (!after.self?.mayAdmit) return [];
  const said: string[] = [];
  if (before.locked !== after.locked) said.push(t(after.locked ? 'say.locked' : 'say.unlocked'));
  const known = new Set(before.waiting.map((arrival) => arrival.arrival));
  const fresh = after.waiting.some((arrival) => !known.has(arrival.arrival));
  if (fresh) said.push(t('say.waiting', { count: after.waiting.length }));
  const asked = after.helpAsked.filter((seat) => !before.helpAsked.includes(seat));
  for (const seat of asked) said.push(t('say.help', { name: nameOfSeat(after.people, seat) }));
  return said;
};

const roomWide = (before: CallState, after: CallState): string[] => {
  const said: string[] = [];
  if (before.paused && !after.paused) said.push(t('say.goes_on'));
  const protection = protectionWords(after.encryption);
  if (protectionWords(before.encryption) !== protection) said.push(protection);
  if (!before.paused && after.paused && after.self?.mayModerate) {
    const { by } = after.paused; // members are told by the page that takes the room's place
    if (by !== null && by !== after.self.seat) said.push(t('say.paused', { name: nameOfSeat(after.people, by) }));
  }
  if (before.backstage.on !== after.backstage.on) said.push(t(after.backstage.on ? 'backstage.say_on' : 'backstage.say_off'));
  const inOne = after.people.some((person) => person.self && breakoutOf(person) !== null); // they hear where they are
  if (!before.breakouts && after.breakouts && !inOne) said.push(t('breakout.say_opened'));
  if (before.breakouts && !after.breakouts) said.push(t('breakout.say_over'));
  const round = after.round;
  if (round && (before.round?.at !== round.at || before.round?.seats !== round.seats)) {
    const seat = round.seats[round.at];
    const self = after.self?.seat === seat;
    if (seat !== undefined) said.push(self ? t('say.your_turn') : t('say.turn', { name: nameOfSeat(after.people, seat) }));
  } else if (before.round && !round) said.push(t('say.round_over'));
  return said;
};

// Said once for each who can no longer be heard; that they are heard again is heard.
const ownLine = (before: CallState, after: CallState): string[] => {
  const thinned = (state: CallState) => state.people.find((person) => person.self)?.carried?.thinned ?? [];
  const fresh = after.people.filter((person) => thinned(after).includes(person.seat) && !thinned(before).includes(person.seat));
  return fresh.length > 0 ? [t('line.thinned', { names: namesOf(fresh) })] : [];
};

const onBoard = (before: CallState, after: CallState): string[] => {
  const { board, self } = after;
  const stayed = [before, after].every(({ people }) => people.some((one) => one.self && one.room === 'everyone'));
  if (!board) return before.board && stayed ? [t('board.say.closed')] : [];
  const leading = self?.mayModerate === true;
  if (!before.board) {
    return board.by === self?.seat ? [] : [t('board.say.open', { name: nameOfSeat(after.people, board.by) }), t(leading || board.all ? 'board.say.may' : 'board.say.look')];
  }
  return leading || before.board.all === board.all ? [] : [t(board.all ? 'board.say.may' : 'board.say.may_no_more')];
};

const talk = (before: CallState, after: CallState): string[] => {
  const known = new Set(before.chat.map((line) => line.id));
  const failed = (state: CallState): number => state.chat.filter((line) => line.own && line.state === 'failed').length;
  const notSent = failed(after) > failed(before) ? [t('say.not_sent')] : [];
  const heard = after.chat
    .filter((line) => !known.has(line.id) && !line.own)
    .map((line) =>
      t('say.chat', {
        name: line.fromWaiting !== null ? t('say.someone_waiting') : after.stage.at === 'waiting' ? t('note.facilitator') : nameOfSeat(after.people, line.from),
        text: line.text,
      }),
    );
  return [...notSent, ...heard];
};

// Someone came whose name is still on its way: the words wait for it a moment.
export const nameIsComing = (before: CallState, after: CallState): boolean =>
  after.people.some((person) => person.alias === null && !before.people.some((one) => one.seat === person.seat));

export const announcements = (before: CallState, after: CallState): string[] => {
  if (before === after || after.stage.at !== before.stage.at) return [];
  if (after.stage.at === 'waiting') return talk(before, after);
  if (after.stage.at !== 'present') return [];
  return [...comings(before, after), ...changes(before, after), ...leading(before, after), ...roomWide(before, after), ...ownLine(before, after), ...onBoard(before, after), ...talk(before, after)];
};
