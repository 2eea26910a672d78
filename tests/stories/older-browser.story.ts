// SPDX-License-Identifier: Apache-2.0
// A phone that is some years old: its browser has no Ed25519 and no X25519. It takes part encrypted like everyone, and after a reload
// it is back with the keys that its tab kept.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Group, type InChromium } from '../people/group.ts';

let group: Group;
let facilitator: InChromium;
let member: InChromium;
const indices: [number, number] = [0, 0];

// Runs before the worker's own script, as in a browser that knows these names not.
function forgetCurves(): void {
  const unknown = (name: unknown): boolean => name === 'Ed25519' || name === 'X25519' || (typeof name === 'object' && name !== null && unknown((name as { name?: unknown }).name));
  for (const method of ['generateKey', 'importKey', 'sign', 'verify', 'deriveBits', 'deriveKey'] as const) {
    const native = SubtleCrypto.prototype[method] as (...all: unknown[]) => Promise<unknown>;
    Object.defineProperty(SubtleCrypto.prototype, method, {
      value: function (this: SubtleCrypto, ...all: unknown[]): Promise<unknown> {
        return all.some(unknown) ? Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError')) : native.apply(this, all);
      },
    });
  }
}

const loaded: string[] = [];

beforeAll(async () => {
  group = await Group.open();
  indices[0] = group.indexOf('facilitator');
  indices[1] = group.indexOf('member', 0);
  facilitator = await group.person(indices[0]);
  member = await group.person(indices[1]);
  await member.page.addInitScript(forgetCurves);
  await member.context.route('**/assets/*.js', async (route) => {
    const answer = await route.fetch();
    const name = new URL(route.request().url()).pathname;
    loaded.push(name);
    const before = name.includes('/worker-') ? `(${forgetCurves.toString()})();\n` : '';
    await route.fulfill({ response: answer, body: before + (await answer.text()) });
  });
  await facilitator.arrive('camera', 'microphone');
  await facilitator.isInRoom();
});
afterAll(() => group?.close());

test('an older browser is in the encrypted group, sees and hears, and is seen and heard', async () => {
  await member.arrive('camera', 'microphone');
  await facilitator.admits(member);
  await member.isInRoom();
  await member.seesAndHears(group.expected([indices[0]]));
  await facilitator.seesAndHears(group.expected([indices[1]]));
  expect(loaded.some((name) => name.includes('mls_fallback'))).toBe(true);
});

test('and is back after a reload', async () => {
  await member.driver.reload();
  await member.isInRoom();
  await member.seesAndHears(group.expected([indices[0]]));
});
