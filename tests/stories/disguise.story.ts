// SPDX-License-Identifier: Apache-2.0
// No undisguised picture or sound leaves a person's device: a facilitator's browser looks at every picture that arrives, from Chromium
// and from Firefox, while the disguise is as it was agreed, is changed in the call, comes back after a reload, its camera is
// changed under it, and its worker dies. The camera shows a fine code that is read at the other side where, and only where, the
// person has chosen to be seen.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brighterLeft, hidden, type Seen, shown, watchPictures } from '../people/grain.ts';
import { toneOf } from '../people/code.ts';
import { Group, type InChromium } from '../people/group.ts';
import { type Key, type Person, words } from '../people/person.ts';
import { tree } from '../people/server.ts';

let group: Group;
let facilitator: InChromium;

// Keeps the workers that make the picture at hand (and no others: those of the keys and of the frames go on), and counts what is opened.
function keepWorkers(): void {
  const workers: Worker[] = [];
  const Native = window.Worker;
  window.Worker = class extends Native {
    constructor(address: string | URL, options?: WorkerOptions) {
      super(address, options);
      if (options?.name === 'picture' || options?.name === 'mask') workers.push(this);
    }
  };
  const opened: string[] = [];
  const native = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (constraints) => {
    opened.push(constraints?.video ? 'camera' : 'microphone');
    return native(constraints);
  };
  Object.assign(window, { killWorkers: () => workers.splice(0).forEach((one) => one.terminate()), opened });
}

const forget = () => facilitator.page.evaluate(() => void (window.watching.seen.length = 0));
const seen = (): Promise<Seen[]> => facilitator.page.evaluate(() => window.watching.seen);
// Every picture that arrives from now on, once there are as many as this.
async function nextPictures(count: number): Promise<Seen[]> {
  await forget();
  return picturesSoFar(count);
}
async function picturesSoFar(count: number): Promise<Seen[]> {
  await facilitator.page.waitForFunction((least) => window.watching.seen.length >= least, count, { timeout: 60_000 });
  return seen();
}

// What the facilitator sees of them now, for the eye, where somebody looks (`./test story disguise`).
async function kept(person: Person, name: string): Promise<void> {
  if (!process.env['TEST_PICTURES']) return;
  const folder = join(tree, 'build', 'screens');
  mkdirSync(folder, { recursive: true });
  await facilitator.page.locator(`[data-seat="${person.link.seat}"]`).first().screenshot({ path: join(folder, `disguise-${person.driver.browser}-${name}.png`) });
}

const pressed = (person: Person, beginning: string) =>
  person.driver.evaluate((word) => {
    const button = [...document.querySelectorAll<HTMLButtonElement>('.bar__button')].find((one) => one.textContent?.trim().startsWith(word));
    return button ? button.getAttribute('aria-pressed') : null;
  }, beginning);
const hasText = (person: Person, key: Key) => person.driver.waitFor((text) => document.body.innerText.includes(text), words(key), `"${words(key)}"`);

async function opensChooser(person: Person): Promise<void> {
  await person.press('bar.more');
  await person.press('more.disguise');
  await person.driver.waitFor(() => document.querySelector('dialog[open] input[name="disguise-picture"]') !== null, null, 'the chooser');
}
async function heard(person: Person): Promise<number | null> {
  return facilitator.page.evaluate((seat) => {
    const video = document.querySelector<HTMLVideoElement>(`[data-seat="${seat}"] video`);
    const track = video && window.reading.soundOf(video);
    return track ? window.reading.frequency(track) : null;
  }, person.link.seat);
}

beforeAll(async () => {
  group = await Group.open();
  facilitator = await group.person(group.indexOf('facilitator'));
  await facilitator.page.addInitScript(watchPictures);
  await facilitator.arrive();
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

describe.each(['chromium', 'firefox'] as const)('from %s', (browser) => {
  // Robin agreed to be blurred; who is in Firefox agreed to coarse squares.
  const index = () => (browser === 'chromium' ? group.indexOf('member', 0) : group.indexOf('member', 4));
  const agreed = browser === 'chromium' ? 'blur' : 'pixelate';
  let member: Person;

  beforeAll(async () => {
    if (browser === 'chromium') {
      member = await group.person(index(), { camera: { grain: true } });
    } else {
      member = await group.personInFirefox(index(), { grain: true });
    }
    await member.driver.beforeScripts(keepWorkers);
    member.asTheyAre = false;
    await forget();
  });
  afterAll(async () => {
    await member.press('close');
    await member.leaves();
    await facilitator.seesTiles(1);
    await member.driver.close();
  });

  test('what was agreed is preset, and in force from the first picture on', async () => {
    await member.open();
    const preset = await member.driver.evaluate(() => document.querySelector<HTMLInputElement>('input[name="disguise-picture"]:checked')?.value, null);
    expect(preset).toBe(agreed);
    await member.turnOn('camera', 'microphone');
    await member.ready();
    await facilitator.admits(member);
    await member.isInRoom();
    const pictures = await picturesSoFar(40);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
    // It is their picture all the same, and no empty one: the bright side is where it is.
    expect(pictures.filter(brighterLeft).length).toBeGreaterThan(20);
    await expect.poll(() => heard(member).then((hertz) => hertz !== null && Math.abs(hertz - toneOf(index())) < 14), { timeout: 20_000 }).toBe(true);
  });

  test('it is changed freely in the call, and no change lets a picture through', async () => {
    await forget();
    await opensChooser(member);
    for (const look of ['pixelate', 'block', 'avatar', 'blur', 'avatar', 'pixelate']) {
      await member.chooses('picture', look);
      const before = (await seen()).length;
      await picturesSoFar(before + 15);
      await kept(member, look);
    }
    const pictures = await seen();
    expect(pictures.length).toBeGreaterThanOrEqual(90);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
    console.log(`${browser}: ${pictures.length} pictures over six changes, greatest grain ${Math.max(...pictures.map((one) => one.grain)).toFixed(1)}`);
  });

  test('with a drawing or a plain colour the camera is let go', async () => {
    await member.chooses('picture', 'avatar');
    await hasText(member, 'disguise.sees.avatar');
    const opened = await member.driver.evaluate(() => (window as unknown as { opened: string[] }).opened.length, null);
    await member.press('disguise.turn_off.avatar');
    await member.press('disguise.turn_on.avatar');
    const pictures = await nextPictures(20);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
    expect(await member.driver.evaluate(() => (window as unknown as { opened: string[] }).opened.length, null)).toBe(opened);
  });

  test('another camera is disguised from its first picture', async () => {
    await member.chooses('picture', 'blur');
    await hasText(member, 'disguise.sees.blur');
    await picturesSoFar(5);
    await forget();
    await member.driver.evaluate(() => {
      const choice = document.querySelector<HTMLSelectElement>('dialog[open] select[name="camera"]')!;
      choice.value = 'other-camera';
      choice.dispatchEvent(new Event('change', { bubbles: true }));
    }, null);
    const pictures = await picturesSoFar(30);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
  });

  test('the changed voice is heard shifted, and the own voice is not', async () => {
    const own = toneOf(index());
    for (const [look, ratio] of [['lower', 0.8], ['higher', 1.25]] as const) {
      await member.chooses('voice', look);
      await expect.poll(() => heard(member).then((hertz) => hertz !== null && Math.abs(hertz - own * ratio) < 14), { timeout: 20_000 }).toBe(true);
    }
    await hasText(member, 'voice.more');
  });

  test('a worker that dies turns the picture off and says so; the face is never shown in its place', async () => {
    await forget();
    await member.driver.evaluate(() => (window as unknown as { killWorkers(): void }).killWorkers(), null);
    await hasText(member, 'trouble.camera.disguise');
    await facilitator.page.locator(`[data-seat="${member.link.seat}"] video`).waitFor({ state: 'detached' });
    expect((await seen()).filter((one) => !hidden(one))).toEqual([]);
    await member.press('devices.try.camera');
    const pictures = await nextPictures(20);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
  });

  test('after a reload it is as the person had chosen it, and nothing is on', async () => {
    await member.chooses('picture', 'pixelate');
    await member.driver.reload();
    await member.isInRoom(60_000);
    expect(await pressed(member, words('bar.camera'))).toBe('false');
    await forget();
    await opensChooser(member);
    expect(await member.driver.evaluate(() => document.querySelector<HTMLInputElement>('input[name="disguise-picture"]:checked')?.value, null)).toBe('pixelate');
    await member.press('devices.turn_on.camera');
    const pictures = await picturesSoFar(30);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
  });

  test('a blurred background is fetched when asked for, and until the person is found everything is blurred', async () => {
    await forget();
    await member.chooses('picture', 'background');
    await picturesSoFar(30);
    // No person is in this picture: whatever is found, the code behind them stays hidden.
    await member.driver.waitFor(
      (texts) => texts.some((text) => document.querySelector('dialog[open]')?.textContent?.includes(text)),
      [words('mask.on'), words('mask.blurs-all')],
      'the background to be found, or a word that it is not',
      90_000,
    );
    const pictures = await picturesSoFar(50);
    await kept(member, 'background');
    const said = await member.driver.evaluate((on) => document.querySelector('dialog[open]')!.textContent!.includes(on), words('mask.on'));
    console.log(`${browser}: background ${said ? 'found' : 'blurs everything'}; ${pictures.length} pictures, greatest grain ${Math.max(...pictures.map((one) => one.grain)).toFixed(1)}`);
    expect(pictures.filter((one) => !hidden(one))).toEqual([]);
  });

  test('only who says so twice is seen as they are: then the code is read, so it would have been', async () => {
    await forget();
    await member.chooses('picture', 'none');
    await hasText(member, 'disguise.sure.picture');
    expect((await picturesSoFar(10)).filter((one) => !hidden(one))).toEqual([]);
    await member.press('disguise.sure.picture_yes');
    await facilitator.page.waitForFunction(() => window.watching.seen.filter((one) => one.grain > 60).length > 20, null, { timeout: 60_000 });
    await kept(member, 'none');
    // And back: once the first disguised picture has come, no other follows.
    await member.chooses('picture', 'pixelate');
    await facilitator.page.waitForFunction(() => window.watching.seen.slice(-20).every((one) => one.grain < 25), null, { timeout: 60_000 });
    const pictures = await seen();
    const first = pictures.findLastIndex(shown) + 1;
    const hiddenBefore = pictures.slice(pictures.findIndex(shown), first).filter(hidden);
    expect(hiddenBefore).toEqual([]);
    console.log(`${browser}: ${first} pictures as they are, then ${pictures.length - first} disguised`);
  });
});

test('nothing was asked of another host, and no rule of the page was broken', () => {
  // A worker that was killed leaves the frames that it had in hand to the browser, which says so.
  const errors = group.watched.errors.filter((one) => !one.startsWith('A VideoFrame was garbage collected'));
  expect({ ...group.watched, errors }).toEqual({ errors: [], foreign: [] });
});
