// SPDX-License-Identifier: Apache-2.0
// What the page says is true of you.
import { describe, expect, it } from 'vitest';
import type { CallState } from '../call/model';
import { t } from '../texts/text';
import { initialsOf, lineWords, minutesAndSeconds, timerLeft, whoCan } from './person_words';
import { handsInOrder } from './room/people_list';
import { shortcutFor, shortcuts } from './shortcuts';
import { emptyState, people } from './sketch_session';

const room = (camera: boolean, microphone: boolean, change: Partial<CallState> = {}): CallState => {
  const base = emptyState();
  const devices = { ...base.devices, camera: { ...base.devices.camera, on: camera }, microphone: { ...base.devices.microphone, on: microphone } };
  return { ...base, stage: { at: 'present' }, people: people(3, 0), devices, ...change };
};
const held = people(3, 0).map((one) => ({ ...one, cameraHeld: one.self }));
const words = (state: CallState): string => t('who_can', whoCan(state) as never);

describe('who can see and hear you', () => {
  it.each([
    [room(true, true), '2 people can see and hear you.'],
    [room(true, false), '2 people can see you. Nobody can hear you.'],
    [room(false, true), '2 people can hear you. Nobody can see you.'],
    [room(false, false), 'Nobody can see or hear you.'],
    [room(true, true, { people: people(2, 0) }), '1 person can see and hear you.'],
    [room(true, true, { people: people(1, 0) }), 'Nobody else is here yet.'],
    [room(true, true, { paused: { why: 'facilitator', by: 1 } }), 'Nobody can see or hear you.'],
    [room(true, true, { privateNow: true }), 'Nobody can see or hear you.'],
    [room(true, true, { people: people(3, 0).map((one) => ({ ...one, away: !one.self })) }), 'Nobody can see or hear you.'],
    [room(true, true, { people: people(3, 0).map((one, index) => ({ ...one, privateNow: index === 2 })) }), '1 person can see and hear you.'],
    [room(true, true, { people: held }), '2 people can hear you. Nobody can see you.'],
    [room(true, false, { people: held }), 'Nobody can see or hear you.'],
    [room(true, true, { people: people(3, 0).map((one) => ({ ...one, cameraHeld: !one.self })) }), '2 people can see and hear you.'],
  ])('%#', (state, said) => expect(words(state)).toBe(said));
});

describe('a weak line', () => {
  const crowd = people(3, 0);
  const self = { ...crowd.find((one) => one.self)!, line: 'poor' as const };
  const other = crowd.find((one) => !one.self)!;
  const carried = { pictures: 'none' as const, thinned: [other.seat] };
  it('says whom one may not hear before it says that the camera is paused, and that before it says that it is weak', () => {
    expect(lineWords(crowd, { ...self, cameraHeld: true, carried })).toBe(t('line.thinned', { names: other.alias! }));
    expect(lineWords(crowd, { ...self, cameraHeld: true })).toBe(t('line.camera_held'));
    expect(lineWords(crowd, self)).toBe(t('line.own_poor'));
    expect(lineWords(crowd, { ...self, line: 'good' })).toBeNull();
    expect(lineWords(crowd, undefined)).toBeNull();
  });
  it('says of a paused camera nothing about the sound: they may be silent', () => {
    expect(t('mark.camera_held')).toBe('Camera paused for now');
  });
});

describe('small words', () => {
  it.each([
    ['Robin', 'R'],
    ['Willow Tree', 'WT'],
    ['Ada of the Hill', 'AO'],
    ['ریحان', 'ر'],
    ['Élan-vital', 'ÉV'],
    ['', ''],
    ['(x)', ''],
  ])('initials of %s', (name, initials) => expect(initialsOf(name)).toBe(initials));
  it('a shared clock counts down to zero and no further, and stands when stopped', () => {
    expect(minutesAndSeconds(272_000)).toBe('4:32');
    expect(timerLeft({ lengthMs: 1, endsAt: 1_000, leftMs: 0 }, 5_000)).toBe(0);
    expect(timerLeft({ lengthMs: 1, endsAt: null, leftMs: 700 }, 5_000)).toBe(700);
  });
  it('hands stand in the order in which they were raised', () => {
    const crowd = people(4, 0).map((one, index) => ({ ...one, hand: [null, 3, 1, 2][index] ?? null }));
    expect(handsInOrder(crowd).map((one) => one.seat)).toEqual([3, 4, 2]);
  });
});

describe('keys', () => {
  const key = { code: 'KeyM', altKey: true, shiftKey: true, ctrlKey: false, metaKey: false, repeat: false };
  it('need Alt and Shift', () => {
    expect(shortcutFor(key, false)).toBe('microphone');
    expect(shortcutFor({ ...key, altKey: false }, false)).toBeNull();
    expect(shortcutFor({ ...key, shiftKey: false }, false)).toBeNull();
  });
  it('leave AltGr, system keys, held keys and writing alone', () => {
    expect(shortcutFor({ ...key, ctrlKey: true }, false)).toBeNull();
    expect(shortcutFor({ ...key, metaKey: true }, false)).toBeNull();
    expect(shortcutFor({ ...key, repeat: true }, false)).toBeNull();
    expect(shortcutFor(key, true)).toBeNull();
    // Nobody who writes has to leave the field first.
    expect(shortcutFor({ ...key, code: 'KeyP' }, true)).toBe('private');
    expect(shortcutFor({ ...key, code: 'KeyX' }, true)).toBe('exit');
  });
  it('are all different', () => expect(new Set(shortcuts.map((one) => one.code)).size).toBe(shortcuts.length));
});
