// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { newIdentity } from './identity';
import { bytesOf, own } from './mls_suite';
import { keyText } from './policy';
import { introduce, openInside, openNote, type Party, readIntroduction, sealInside, sealNote } from './sealed';
import { wordNumbers } from './words';

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

async function party(seat: number) {
  const identity = await newIdentity();
  const me: Party = { seat, arrival: 100 + seat, signatureKey: keyText(identity.signatureKey), sealKey: identity.sealKey };
  return { identity, me };
}

describe('what is sealed inside a group', () => {
  it('opens for its readers and for nobody else', async () => {
    const [a, b, member] = [await party(1), await party(2), await party(3)];
    const readers = [{ leaf: 0, sealKey: a.me.sealKey }, { leaf: 300, sealKey: b.me.sealKey }];
    const sealed = await sealInside(bytesOf('help'), 'facilitators', readers, 'group', 7);
    for (const [who, leaf] of [[a, 0], [b, 300]] as const) {
      const opened = await openInside(sealed, who.identity.seal, leaf, 'group', 7);
      expect(opened && [opened.audience, text(opened.content)]).toEqual(['facilitators', 'help']);
    }
    for (const [who, leaf, group, sender] of [[member, 0, 'group', 7], [member, 2, 'group', 7], [a, 300, 'group', 7], [a, 0, 'other', 7], [a, 0, 'group', 8]] as const) {
      expect(await openInside(sealed, who.identity.seal, leaf, group, sender)).toBeNull();
    }
  });

  it('says for which seat it is, and cannot be made out to be for another audience', async () => {
    const a = await party(1);
    const sealed = await sealInside(bytesOf('for you'), { seat: 9 }, [{ leaf: 4, sealKey: a.me.sealKey }], 'group', 0);
    expect((await openInside(sealed, a.identity.seal, 4, 'group', 0))?.audience).toEqual({ seat: 9 });
    for (let i = 0; i < sealed.length; i += 1) {
      const bad = own(sealed);
      bad[i]! ^= 1;
      expect(await openInside(bad, a.identity.seal, 4, 'group', 0)).toBeNull();
    }
    for (const short of [0, 5, 6, 50, sealed.length - 1]) expect(await openInside(own(sealed.slice(0, short)), a.identity.seal, 4, 'group', 0)).toBeNull();
  });
});

describe('a note between the waiting room and facilitators', () => {
  it('opens for the facilitator, who learns who wrote it', async () => {
    const [guest, lead, other] = [await party(5), await party(1), await party(2)];
    const note = await sealNote(bytesOf('can you hear me?'), guest.me, guest.identity, [lead.me], 12);
    const opened = await openNote(note, lead.identity, lead.me.arrival);
    expect(opened && [opened.from, opened.count, text(opened.content)]).toEqual([{ seat: 5, arrival: 105, signatureKey: guest.me.signatureKey }, 12, 'can you hear me?']);
    expect(await openNote(note, other.identity, other.me.arrival)).toBeNull();
    expect(await openNote(note, other.identity, lead.me.arrival)).toBeNull();
  });

  it('is nothing where a byte was changed', async () => {
    const [guest, lead] = [await party(5), await party(1)];
    const note = await sealNote(bytesOf('x'), guest.me, guest.identity, [lead.me], 1);
    for (let i = 0; i < note.length; i += 7) {
      const bad = own(note);
      bad[i]! ^= 1;
      expect(await openNote(bad, lead.identity, lead.me.arrival)).toBeNull();
    }
    for (const short of [0, 1, 2, 80, note.length - 1]) expect(await openNote(own(note.slice(0, short)), lead.identity, lead.me.arrival)).toBeNull();
  });

  it('goes to keys that a facilitator was introduced with, to this arrival only', async () => {
    const lead = await party(1);
    const said = await introduce(lead.me, lead.identity, 105);
    expect(await readIntroduction(said, 105)).toEqual(lead.me);
    expect(await readIntroduction(said, 106)).toBeNull();
    const bad = own(said);
    bad[20]! ^= 1;
    expect(await readIntroduction(bad, 105)).toBeNull();
  });
});

describe('the words', () => {
  it('are four numbers that depend on every byte', async () => {
    const one = await wordNumbers(new Uint8Array(32));
    expect(one).toHaveLength(4);
    expect(one.every((n) => n >= 0 && n < 2048)).toBe(true);
    expect(await wordNumbers(new Uint8Array(32))).toEqual(one);
    expect(await wordNumbers(Uint8Array.from({ length: 32 }, (_, i) => (i === 31 ? 1 : 0)))).not.toEqual(one);
  });
});
