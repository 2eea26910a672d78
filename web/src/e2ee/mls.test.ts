// SPDX-License-Identifier: Apache-2.0
// Groups of real clients, without a room: who may change one, and what happens to everybody else's commits. The attacks here are
// made with the library itself, as somebody would who has changed their client.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCommit, createProposal, encodeMlsMessage, type Proposal } from 'ts-mls';
import { decodeCredential, encodeCredential, type Identity, keepIdentity, newIdentity, recallIdentity } from './identity';
import { type Addition, Group, type KeyPackageSeen, makeKeyPackage, type OwnKeyPackage, readKeyPackage, rolesExtension } from './mls';
import { bytesOf, own, suite } from './mls_suite';
import { encodeRoles, keyText } from './policy';

class Client {
  group!: Group;
  packages: OwnKeyPackage[] = [];
  private constructor(
    readonly seat: number,
    readonly arrival: number,
    readonly identity: Identity,
  ) {}
  static async make(seat: number, arrival = 1000 + seat, identity?: Identity): Promise<Client> {
    const client = new Client(seat, arrival, identity ?? (await newIdentity()));
    client.packages.push(await makeKeyPackage(client.identity, seat, arrival, []));
    return client;
  }
  async offer(facilitator = false): Promise<Addition> {
    const seen = await readKeyPackage(this.packages.at(-1)!.bytes);
    if (!seen) throw new Error('own KeyPackage unreadable');
    return { seen, facilitator };
  }
  async join(welcome: Uint8Array): Promise<void> {
    const joined = await Group.join('everyone', welcome, this.packages, this.seat, this.arrival);
    if ('refused' in joined) throw new Error(`cannot join: ${joined.refused}`);
    this.group = joined.group;
  }
  // The library's own state, for who does not keep to the rules.
  get inside(): never {
    return (this.group as unknown as { state: never }).state;
  }
}

async function opened(seat = 1): Promise<Client> {
  const client = await Client.make(seat);
  client.group = await Group.open('everyone', client.packages[0]!);
  return client;
}

async function change(by: Client, others: Client[], adds: { client: Client; facilitator?: boolean }[], removes: number[] = []): Promise<void> {
  const pending = await by.group.prepare(await Promise.all(adds.map(({ client, facilitator }) => client.offer(facilitator))), removes);
  for (const other of others) {
    const followed = await other.group.process(pending.commit);
    if ('refused' in followed) throw new Error(`seat ${other.seat} refused: ${followed.refused}`);
  }
  by.group.accept(pending);
  for (const { client } of adds) await client.join(pending.welcome!);
}

async function circle(members: number): Promise<{ lead: Client; members: Client[]; all: Client[] }> {
  const lead = await opened();
  const rest = await Promise.all(Array.from({ length: members }, (_, i) => Client.make(2 + i)));
  await change(lead, [], rest.map((client) => ({ client })));
  return { lead, members: rest, all: [lead, ...rest] };
}

// Made by the library without our rules.
async function rogue(by: Client, extraProposals: Proposal[]): Promise<{ commit: Uint8Array; welcome: Uint8Array | null }> {
  const made = await createCommit({ state: by.inside, cipherSuite: await suite() }, { extraProposals, ratchetTreeExtension: true });
  const welcome = made.welcome ? own(encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome })) : null;
  return { commit: own(encodeMlsMessage(made.commit)), welcome };
}

const add = async (client: Client): Promise<Proposal> => ({ proposalType: 'add', add: { keyPackage: (await client.offer()).seen.keyPackage } });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

describe('a group', () => {
  it('is one for everyone in it: same words, same keys, same roster, and what is said is heard by the others with its sender', async () => {
    const { lead, members, all } = await circle(4);
    const authenticators = new Set(all.map(({ group }) => keyText(group.authenticator)));
    const keys = new Set(await Promise.all(all.map(async ({ group }) => keyText(await group.baseKey()))));
    expect([authenticators.size, keys.size]).toEqual([1, 1]);
    for (const { group } of all) expect(group.roster().map(({ seat, facilitator }) => [seat, facilitator])).toEqual([[1, true], [2, false], [3, false], [4, false], [5, false]]);
    const sealed = await members[1]!.group.protect(bytesOf('hello'));
    for (const other of [lead, members[0]!, members[3]!]) {
      const heard = await other.group.unprotect(sealed);
      expect('from' in heard && [heard.from.seat, text(heard.content)]).toEqual([3, 'hello']);
    }
  });

  it('hears a message once', async () => {
    const { lead, members } = await circle(1);
    const sealed = await lead.group.protect(bytesOf('once'));
    expect(await members[0]!.group.unprotect(sealed)).toHaveProperty('content');
    expect(await members[0]!.group.unprotect(sealed)).toEqual({ refused: 'unreadable' });
  });

  it('keeps what was said before a change by who stays, and not by who was removed', async () => {
    const { lead, members } = await circle(2);
    const [stays, goes] = [await members[0]!.group.protect(bytesOf('late')), await members[1]!.group.protect(bytesOf('late too'))];
    await change(lead, members, [], [members[1]!.group.self.leaf]);
    expect(await lead.group.unprotect(stays)).toHaveProperty('content');
    expect(await lead.group.unprotect(goes)).toEqual({ refused: 'gone' });
    expect(await lead.group.unprotect(await lead.group.protect(bytesOf('x')))).toEqual({ refused: 'unreadable' }); // one's own
    lead.group.forgetEarlier();
    expect(await lead.group.unprotect(stays)).toEqual({ refused: 'earlier' });
  });

  it('takes a facilitator who stands in its list, and a return in place of the leaf that it was', async () => {
    const { lead, members } = await circle(2);
    const second = await Client.make(9);
    await change(lead, members, [{ client: second, facilitator: true }]);
    expect(members[0]!.group.roster().find(({ seat }) => seat === 9)?.facilitator).toBe(true);
    const back = await Client.make(2, 2002, members[0]!.identity);
    await change(second, [lead, members[1]!], [{ client: back }], [1]);
    expect(lead.group.roster().map(({ seat, arrival }) => [seat, arrival])).toContainEqual([2, 2002]);
    const leadBack = await Client.make(1, 1001, lead.identity);
    await change(second, [members[1]!, back], [{ client: leadBack, facilitator: true }], [0]);
    expect(back.group.roster().filter(({ facilitator }) => facilitator).map(({ seat }) => seat)).toEqual([1, 9]);
    expect(keyText(leadBack.group.authenticator)).toBe(keyText(back.group.authenticator));
  });

  it('goes on where a facilitator leaves: the list changes, and everybody can follow', async () => {
    const { lead, members } = await circle(3);
    const second = await Client.make(9);
    await change(lead, members, [{ client: second, facilitator: true }]);
    await change(second, members, [], [lead.group.self.leaf]);
    const third = await Client.make(11);
    await change(second, members, [{ client: third, facilitator: true }]);
    const back = await Client.make(1, 1001, lead.identity);
    await change(third, [second, ...members], [{ client: back, facilitator: true }]);
    const all = [second, third, back, ...members];
    expect(new Set(all.map(({ group }) => keyText(group.authenticator))).size).toBe(1);
    expect(back.group.roster().filter(({ facilitator }) => facilitator).map(({ seat }) => seat).sort((a, b) => a - b)).toEqual([1, 9, 11]);
  });

  it('goes on after many changes: whoever was let in can follow, and the next can join', async () => {
    let seed = 7;
    const chance = (n: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    const lead = await opened();
    const live: Client[] = [];
    for (let step = 0; step < 32; step += 1) {
      const gone = live.length > 5 && chance(3) === 0 ? live.splice(chance(live.length), 1) : [];
      const coming = gone.length === 0 || chance(2) === 0 ? [await Client.make(100 + step)] : [];
      await change(lead, live, coming.map((client) => ({ client })), gone.map(({ group }) => group.self.leaf));
      live.push(...coming);
    }
    expect(live.length).toBeGreaterThan(5);
    expect(new Set([lead, ...live].map(({ group }) => keyText(group.authenticator))).size).toBe(1);
  }, 240_000);

  it('holds 49, and removes one of them for everybody', async () => {
    const { lead, members } = await circle(48);
    const gone = members.pop()!;
    const pending = await lead.group.prepare([], [gone.group.self.leaf]);
    expect(pending.commit.length).toBeLessThan(48 * 1024);
    for (const member of members) expect(await member.group.process(pending.commit)).toHaveProperty('moved');
    lead.group.accept(pending);
    expect(await gone.group.process(pending.commit)).toEqual({ out: true });
    expect(new Set([lead, ...members].map(({ group }) => keyText(group.authenticator))).size).toBe(1);
  }, 240_000);
});

describe('a commit', () => {
  it('of somebody who is not a facilitator is refused, whatever it holds', async () => {
    const { lead, members, all } = await circle(2);
    const extra = await Client.make(66);
    const [mallory, bystander] = [members[0]!, members[1]!];
    const list = encodeRoles({ audience: 'everyone', facilitators: [lead, mallory].map(({ identity }) => keyText(identity.signatureKey)) });
    const claims: Proposal[][] = [
      [await add(extra)],
      [{ proposalType: 'remove', remove: { removed: 0 } }],
      [{ proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [{ extensionType: rolesExtension, extensionData: list }] } }],
      [],
    ];
    for (const proposals of claims) {
      const { commit } = await rogue(mallory, proposals);
      expect(await lead.group.process(commit)).toEqual({ refused: 'not-a-facilitator' });
      expect(await bystander.group.process(commit)).toEqual({ refused: 'not-a-facilitator' });
    }
    expect(all.map(({ group }) => group.epoch)).toEqual([1, 1, 1]);
    await change(lead, members, [], [1]); // and the group goes on
  });

  it('is refused where it adds a seat or key twice, drops the list, names a stranger, or changes the audience', async () => {
    const { lead, members } = await circle(1);
    const follower = members[0]!;
    const twice = await Client.make(2, 5000);
    const me = keyText(lead.identity.signatureKey);
    const stranger = keyText((await newIdentity()).signatureKey);
    const extensions = (data: Uint8Array | null): Proposal => ({
      proposalType: 'group_context_extensions',
      groupContextExtensions: { extensions: data ? [{ extensionType: rolesExtension, extensionData: data }] : [] },
    });
    const cases: [Proposal[], string][] = [
      [[await add(twice)], 'seat-taken'],
      [[extensions(encodeRoles({ audience: 'everyone', facilitators: [me, stranger] }))], 'roles'],
      [[extensions(encodeRoles({ audience: 'everyone', facilitators: [keyText(follower.identity.signatureKey)] }))], 'roles'],
      [[extensions(encodeRoles({ audience: 'breakout:1', facilitators: [me] }))], 'audience'],
      [[{ proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [{ extensionType: rolesExtension, extensionData: bytesOf('{}') }] } }], 'roles'],
    ];
    for (const [proposals, expected] of cases) {
      const { commit } = await rogue(lead, proposals);
      expect(await follower.group.process(commit)).toEqual({ refused: expected });
    }
    const cannot = await twice.offer();
    await expect(lead.group.prepare([cannot], [])).rejects.toThrow('seat-taken');
  });

  it('by reference, and a proposal by itself, is refused', async () => {
    const { lead, members } = await circle(1);
    const extra = await Client.make(66);
    const { message } = await createProposal(lead.inside, false, await add(extra), await suite());
    expect(await members[0]!.group.process(own(encodeMlsMessage(message)))).toEqual({ refused: 'unreadable' });
    expect(await members[0]!.group.unprotect(own(encodeMlsMessage(message)))).toEqual({ refused: 'unreadable' });
    expect(members[0]!.group.epoch).toBe(1);
  });

  it('of another facilitator in the same epoch is not lost: the second is made again in the next', async () => {
    const { lead, members } = await circle(1);
    const second = await Client.make(9);
    await change(lead, members, [{ client: second, facilitator: true }]);
    const [a, b] = [await Client.make(20), await Client.make(21)];
    const first = await lead.group.prepare([await a.offer()], []);
    const late = await second.group.prepare([await b.offer()], []);
    for (const one of [second, members[0]!]) expect(await one.group.process(first.commit)).toHaveProperty('moved');
    lead.group.accept(first);
    await a.join(first.welcome!);
    expect(await lead.group.process(late.commit)).toEqual({ refused: 'epoch' });
    expect(() => second.group.accept(late)).toThrow();
    second.group.drop(late);
    await change(second, [lead, members[0]!, a], [{ client: b }]);
    expect(new Set([lead, second, members[0]!, a, b].map(({ group }) => keyText(group.authenticator))).size).toBe(1);
  });

  it('again, or of an earlier epoch, changes nothing', async () => {
    const { lead, members } = await circle(2);
    const next = await Client.make(30);
    const pending = await lead.group.prepare([await next.offer()], []);
    expect(await members[0]!.group.process(pending.commit)).toHaveProperty('moved');
    const before = keyText(members[0]!.group.authenticator);
    expect(await members[0]!.group.process(pending.commit)).toEqual({ refused: 'epoch' });
    expect(keyText(members[0]!.group.authenticator)).toBe(before);
  });

  it('made twice in one epoch never uses a key again', async () => {
    const { lead, members } = await circle(1);
    const [a, b] = [await Client.make(30), await Client.make(31)];
    lead.group.drop(await lead.group.prepare([await a.offer()], []));
    const second = await lead.group.prepare([await b.offer()], []);
    expect(await members[0]!.group.process(second.commit)).toHaveProperty('moved');
    lead.group.accept(second);
    expect(keyText(members[0]!.group.authenticator)).toBe(keyText(lead.group.authenticator));
  });
});

describe('joining', () => {
  it('is refused where the welcome is for another audience, from no facilitator, or not for this seat', async () => {
    const { lead, members } = await circle(1);
    const guest = await Client.make(40);
    const pending = await lead.group.prepare([await guest.offer()], []);
    const ways = [
      await Group.join('facilitators', pending.welcome!, guest.packages, 40, guest.arrival),
      await Group.join('everyone', pending.welcome!, guest.packages, 41, guest.arrival),
      await Group.join('everyone', pending.welcome!, members[0]!.packages, 2, members[0]!.arrival),
      await Group.join('everyone', pending.welcome!.slice(0, -3), guest.packages, 40, guest.arrival),
    ];
    expect(ways.map((one) => ('refused' in one ? one.refused : 'joined'))).toEqual(['audience', 'not-me', 'not-ours', 'unreadable']);
    const byMember = await rogue(members[0]!, [await add(guest)]);
    expect(await Group.join('everyone', byMember.welcome!, guest.packages, 40, guest.arrival)).toEqual({ refused: 'signer' });
    expect(await Group.join('everyone', pending.welcome!, guest.packages, 40, guest.arrival)).toHaveProperty('group');
  });

  it('a swapped KeyPackage lets the wrong one in, and nothing but the words could tell', async () => {
    const lead = await opened();
    const [real, mallory] = [await Client.make(5, 500), await Client.make(5, 500)];
    await change(lead, [], [{ client: mallory }]); // the room handed over Mallory's KeyPackage for seat 5
    expect(lead.group.roster().map(({ seat, arrival }) => [seat, arrival])).toContainEqual([5, 500]);
    const theirs = await Client.make(1);
    theirs.group = await Group.open('everyone', theirs.packages[0]!); // and plays the facilitator to the real one
    await change(theirs, [], [{ client: real }]);
    expect(keyText(real.group.authenticator)).not.toBe(keyText(lead.group.authenticator));
  });
});

describe('a clock that is wrong', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([['in 1970', 0], ['in 2099', Date.UTC(2099, 0)]])('%s keeps nobody out', async (_when, wrong) => {
    const lead = await opened();
    const guest = await Client.make(5);
    vi.useFakeTimers({ toFake: ['Date'], now: wrong });
    await change(lead, [], [{ client: guest }]);
    const late = await Client.make(6); // made by the wrong clock, let in by a right one
    vi.useRealTimers();
    await change(lead, [guest], [{ client: late }]);
    expect(lead.group.roster().map(({ seat }) => seat)).toEqual([1, 5, 6]);
  });
});

describe('bytes from outside', () => {
  it('of any kind throw nothing and change nothing', async () => {
    const { lead, members } = await circle(1);
    const commit = (await lead.group.prepare([await (await Client.make(50)).offer()], [])).commit;
    const said = await lead.group.protect(bytesOf('hello'));
    let seed = 3;
    const chance = (n: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (const good of [commit, said, lead.packages[0]!.bytes]) {
      for (let i = 0; i < 120; i += 1) {
        const bad = own(good.slice(0, i % 3 === 0 ? chance(good.length) : good.length));
        if (bad.length > 0) bad[chance(bad.length)]! ^= 1 + chance(255);
        expect(await members[0]!.group.process(bad)).toHaveProperty('refused');
        if (!(bad.length === said.length && good === said && text(bad) === text(said))) expect(await members[0]!.group.unprotect(bad)).toHaveProperty('refused');
        expect(await readKeyPackage(bad)).toBeNull();
        expect(await Group.join('everyone', bad, members[0]!.packages, 2, 1002)).toHaveProperty('refused');
      }
    }
    expect(await readKeyPackage(new Uint8Array(5000))).toBeNull();
    expect(await members[0]!.group.unprotect(said)).toHaveProperty('content');
    expect(await members[0]!.group.process(commit)).toHaveProperty('moved');
  }, 240_000);
});

describe('an identity', () => {
  it('is kept by the tab and comes back; anything else is none', async () => {
    const identity = await newIdentity();
    const kept = keepIdentity(identity);
    expect(await recallIdentity(kept)).toEqual(identity);
    const other = JSON.parse(keepIdentity(await newIdentity())) as object;
    for (const bad of [null, '', '{}', kept.slice(1), JSON.stringify({ ...(JSON.parse(kept) as object), signatureKey: (other as { signatureKey: string }).signatureKey })]) {
      expect(await recallIdentity(bad)).toBeNull();
    }
  });

  it('has one way of writing its credential', async () => {
    const { sealKey } = await newIdentity();
    const good = encodeCredential({ seat: 7, arrival: 4711, sealKey });
    expect(decodeCredential(good)).toEqual({ seat: 7, arrival: 4711, sealKey });
    for (const bad of [text(good).replace('7', '07'), `${text(good)} `, text(good).replace('seat', 'name'), text(good).replace('7', '-7'), '[]', '']) expect(decodeCredential(bytesOf(bad))).toBeNull();
  });

  it('says in its KeyPackage which groups it has', async () => {
    const identity = await newIdentity();
    const seen: KeyPackageSeen | null = await readKeyPackage((await makeKeyPackage(identity, 3, 33, ['everyone'])).bytes);
    expect(seen && [seen.seat, seen.arrival, seen.signatureKey, seen.holds]).toEqual([3, 33, keyText(identity.signatureKey), ['everyone']]);
  });
});
