// SPDX-License-Identifier: Apache-2.0
// The way in: the secret leaves the address at once, and the check speaks plainly.
import { describe, expect, it } from 'vitest';
import { emptyState } from '../ui/sketch_session';
import { cameraFound, lineFound, microphoneFound, soundFound } from './check_words';
import { readDemo } from './demo';
import { secretIn, takeLink, type Shelf } from './link';

const shelfWith = (kept: string | null): Shelf & { kept: string | null } => ({
  kept,
  get() {
    return this.kept;
  },
  put(link) {
    this.kept = link;
  },
});

describe('the personal link', () => {
  it('is taken out of the address and kept for this tab', () => {
    let cleared = 0;
    const shelf = shelfWith(null);
    expect(takeLink({ hash: '#Abc_def-0123', clear: () => (cleared += 1) }, shelf)).toBe('Abc_def-0123');
    expect([cleared, shelf.kept]).toEqual([1, 'Abc_def-0123']);
  });
  it('is taken out even when it is not one, and the older one is forgotten', () => {
    let cleared = 0;
    const shelf = shelfWith('older-secret');
    expect(takeLink({ hash: '#<script>', clear: () => (cleared += 1) }, shelf)).toBeNull();
    expect([cleared, shelf.kept]).toEqual([1, null]);
  });
  it('comes from the tab after a reload', () => {
    expect(takeLink({ hash: '', clear: () => undefined }, shelfWith('from-this-tab'))).toBe('from-this-tab');
  });
  it.each(['', '#', '#short', '#with space in it', `#${'a'.repeat(300)}`, '#"onload=x12345'])('%s is no link', (hash) =>
    expect(secretIn(hash)).toBeNull(),
  );
});

describe('the check', () => {
  const { devices, lineCheck } = emptyState();
  it('never calls a switched-off device a fault', () => {
    expect(cameraFound(devices.camera)).toEqual({ key: 'check.camera_off', fine: true });
    expect(microphoneFound(devices.microphone, 0)).toEqual({ key: 'check.microphone_off', fine: true });
  });
  it('says whether a voice was heard', () => {
    const on = { ...devices.microphone, on: true };
    expect(microphoneFound(on, 0.5)).toEqual({ key: 'check.heard', fine: true });
    expect(microphoneFound(on, 0.01)).toEqual({ key: 'check.not_heard', fine: false });
  });
  it('says what is wrong with a camera', () => {
    expect(cameraFound({ ...devices.camera, trouble: 'busy' })).toEqual({ key: 'trouble.camera.busy', fine: false });
  });
  it('says nothing of a line that was not tested, and is honest about a weak one', () => {
    expect(lineFound(lineCheck)).toBeNull();
    expect(lineFound({ state: 'done', word: 'poor', roundTripMs: 400 })).toEqual({ key: 'check.line.poor', fine: false });
    expect(lineFound({ state: 'done', word: null, roundTripMs: null })).toEqual({ key: 'check.line.none', fine: false });
  });
  it('asks before it says that you can hear', () => {
    expect(soundFound(null)).toBeNull();
    expect(soundFound(false)).toEqual({ key: 'check.no_sound', fine: false });
  });
});

describe('the demonstration list', () => {
  it('takes secrets and whole addresses, and only their fragment', () => {
    const demo = readDemo({ links: [{ alias: 'Robin', role: 'member', link: 'abc' }, { alias: 'Ash', role: 'facilitator', url: 'http://elsewhere/join#def' }] });
    expect(demo?.links.map((link) => link.address)).toEqual(['/join#abc', '/join#def']);
    expect(demo?.own).toEqual([]);
    const own = { name: 'June', birthDate: '1971-03-12', postcode: 'M1 1AE', url: 'http://elsewhere/mine#ghi' };
    expect(readDemo({ links: [], own: [own, { ...own, url: '/mine' }, null] })?.own.map(({ address }) => address)).toEqual(['/mine#ghi']);
  });
  it.each([null, 'x', {}, { links: 3 }])('%j is no list', (value) => expect(readDemo(value)).toBeNull());
  it('leaves out what it cannot read', () => {
    expect(readDemo({ links: [{ alias: 1 }, { alias: 'Ash', role: 'king', link: 'x' }, null] })?.links).toEqual([]);
  });
});
