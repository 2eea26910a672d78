// SPDX-License-Identifier: Apache-2.0
import { beforeEach, expect, test } from 'vitest';
import type { ClientMessage, ServerMessage } from './message';
import { sayWhoseThisPageIs } from './own_page';
import { LocalShare } from './share';
import { NotAWorksheet } from './worksheet';

class Track {
  onended: (() => void) | null = null;
  contentHint = '';
  stopped = false;
  constructor(readonly displaySurface?: string) {}
  stop(): void {
    this.stopped = true;
  }
  getSettings(): object {
    return this.displaySurface ? { displaySurface: this.displaySurface } : {};
  }
}

let next: Track | Error;
let sent: ClientMessage[];
let asked: unknown;
let share: LocalShare;
const sheet = {
  track: new Track() as unknown as MediaStreamTrack,
  pages: { at: 1, count: 3 },
  closed: false,
  turn: (to: number) => Promise.resolve(void (sheet.pages.at = Math.min(3, Math.max(1, to)))),
  close: () => void (sheet.closed = true),
};

beforeEach(() => {
  next = new Track('browser');
  sent = [];
  const getDisplayMedia = (options?: DisplayMediaStreamOptions): Promise<MediaStream> => {
    asked = options;
    return next instanceof Track ? Promise.resolve({ getVideoTracks: () => [next] } as unknown as MediaStream) : Promise.reject(next);
  };
  share = new LocalShare({ media: { getDisplayMedia }, preview: () => ({}) as MediaStream, worksheet: (file) => (file.name === 'good.pdf' ? Promise.resolve(sheet) : Promise.reject(new NotAWorksheet('locked'))) }, () => undefined, (message) => void sent.push(message));
});

const changed = (seat: number, sharing?: boolean): ServerMessage => ({
  type: 'changed',
  person: { seat, arrival: 1, role: 'member', place: 1, microphone: false, camera: false, away: false, muted: false, ...(sharing !== undefined && { sharing }) },
});

test('nothing is sent before the person has seen it, said so, and the room has taken it', async () => {
  await share.choose();
  expect(share.state).toMatchObject({ state: 'preview', what: 'page' });
  expect([share.track, sent]).toEqual([null, []]);
  share.start(false);
  expect(sent).toEqual([{ type: 'share', sharing: true }]);
  expect(share.track).toBeNull();
  share.heard(changed(4, true), 5); // somebody else's
  expect(share.track).toBeNull();
  share.heard(changed(5, true), 5);
  expect(share.track).toBe(next);
  expect((next as Track).contentHint).toBe('detail');
});

test('no whole screen, no room within the room, and nothing changed under the preview: so the browser is asked', async () => {
  await share.choose();
  expect(asked).toMatchObject({ audio: false, monitorTypeSurfaces: 'exclude', selfBrowserSurface: 'exclude', surfaceSwitching: 'exclude' });
});

test('a whole screen that the browser gave all the same is not shown', async () => {
  next = new Track('monitor');
  await share.choose();
  share.start(false);
  expect([share.state?.state, share.track, sent]).toEqual(['preview', null, []]);
});

test('a page of this service is not shown, and every page says that it is one', async () => {
  const said: { handle: string; permittedOrigins: string[] }[] = [];
  sayWhoseThisPageIs({ setCaptureHandleConfig: (config) => void said.push(config) }, 'https://group.example.org');
  expect(said).toEqual([{ handle: 'quietroom', exposeOrigin: false, permittedOrigins: ['https://group.example.org'] }]);
  next = Object.assign(new Track('browser'), { getCaptureHandle: () => ({ handle: said[0]!.handle }) });
  await share.choose();
  share.start(false);
  expect([share.state?.what, share.track, sent]).toEqual(['ours', null, []]);
});

test('where the room says no the preview stays, and nothing was sent', async () => {
  await share.choose();
  share.start(false);
  share.heard({ type: 'refused', what: 'share', reason: 'not-allowed' }, 5);
  expect([share.state?.state, share.track]).toEqual(['preview', null]);
});

test.each(['browser', 'window', undefined])('one tap ends it, the capture too: %s', async (surface) => {
  next = new Track(surface);
  await share.choose();
  share.start(true);
  share.heard(changed(5, true), 5);
  share.stop();
  expect(sent).toEqual([{ type: 'share', sharing: true, over: true }, { type: 'share', sharing: false }]);
  expect([share.state, share.track, (next as Track).stopped]).toEqual([null, null, true]);
});

test('it ends by itself when its tab is closed, and when the room ends it', async () => {
  await share.choose();
  share.start(false);
  share.heard(changed(5, true), 5);
  (next as Track).onended?.();
  expect(sent.at(-1)).toEqual({ type: 'share', sharing: false });
  expect(share.state).toBeNull();
  next = new Track('window');
  await share.choose();
  share.start(false);
  share.heard(changed(5, true), 5);
  sent.length = 0;
  share.letGo();
  expect([share.track, (next as Track).stopped, sent]).toEqual([null, true, []]);
});

test('after the line was gone: what the room ended meanwhile ends here, and a question is asked anew', async () => {
  const roster = (sharing: boolean): ServerMessage => ({ type: 'roster', people: [{ ...(changed(5) as Extract<ServerMessage, { type: 'changed' }>).person, sharing }], locked: false, paused: false, speaker: null });
  await share.choose();
  share.start(false);
  share.heard(
    { type: 'welcome', version: 1, arrival: 1, seat: 5, role: 'facilitator', permissions: { admit: true, moderate: true, publish_screen: true }, state: 'present', resume: 'r', now: 1, resumed: true, kept: true, encryption: 'required' },
    5,
  );
  expect(share.state?.state).toBe('preview');
  share.start(false);
  share.heard(changed(5, true), 5);
  share.heard(roster(true), 5);
  expect(share.track).toBe(next);
  share.heard(roster(false), 5);
  expect([share.state, (next as Track).stopped]).toEqual([null, true]);
});

test('a person who changes their mind in the browser is told kindly, another failure as such', async () => {
  next = new DOMException('no', 'NotAllowedError');
  await share.choose();
  expect([share.trouble, share.state]).toEqual(['refused', null]);
  next = new TypeError('none');
  await share.choose();
  expect(share.trouble).toBe('other');
});

test('what went past what seals it ends at once', async () => {
  await share.choose();
  share.start(false);
  share.heard(changed(5, true), 5);
  share.wentUnsealed();
  expect([share.track, share.trouble, sent.at(-1)]).toEqual([null, 'unsealed', { type: 'share', sharing: false }]);
});

test('a worksheet is seen first by the person alone, page by page, and is closed with the share', async () => {
  await share.worksheet(new File([], 'good.pdf'));
  expect(share.state).toMatchObject({ state: 'preview', what: 'worksheet', pages: { at: 1, count: 3 } });
  expect([share.track, sent]).toEqual([null, []]);
  await share.turn(1);
  expect(share.state?.pages).toEqual({ at: 2, count: 3 });
  share.start(false);
  share.heard(changed(5, true), 5);
  expect(share.track).toBe(sheet.track);
  await share.turn(5);
  expect(share.state).toMatchObject({ state: 'on', pages: { at: 3, count: 3 } });
  share.stop();
  expect([sheet.closed, share.state, sent.at(-1)]).toEqual([true, null, { type: 'share', sharing: false }]);
});

test('a file that is no worksheet says what is wrong with it', async () => {
  await share.worksheet(new File([], 'locked.pdf'));
  expect([share.state, share.trouble]).toEqual([null, 'worksheet_locked']);
});
