// SPDX-License-Identifier: Apache-2.0
// One call in an encrypted room, its keys played by hand: nothing is said in the clear, nobody is shown without keys, and a browser
// that cannot keep them does not get in. The keys themselves: e2ee/keeper.test.ts.
import { describe, expect, it } from 'vitest';
import type { ToKeeper } from '../e2ee/keeper_port';
import { seal } from './payload';
import { setUp, shelf } from './session_rig';

describe('an encrypted room', () => {
  const required = { encryption: 'required' };
  const delivered = (payload: string, seat = 1) => ({ type: 'delivered' as const, order: 1, at: 0, from: { seat }, audience: 'everyone' as const, payload });

  it('has nothing said in the clear: it goes to the keys, and comes back from them with who said it', () => {
    const { session, line, workers, welcome, present } = setUp();
    welcome(required);
    present();
    const worker = workers[0]!;
    session.say('hello', 'everyone');
    session.setHand(true);
    expect(line().of('send')).toEqual([]);
    expect(worker.said().map((text) => (JSON.parse(text) as { kind: string }).kind)).toEqual(expect.arrayContaining(['chat', 'hand']));
    worker.says({ say: 'send', message: { type: 'send', audience: 'everyone', payload: 'sealed' } });
    expect(line().of('send')).toEqual([{ type: 'send', audience: 'everyone', payload: 'sealed' }]);
    // What the room delivers in the clear is not believed, whoever it says it is from.
    const alias = () => session.state.people.find(({ seat }) => seat === 4)?.alias;
    line().says(delivered(seal({ kind: 'names', names: { '4': 'Mallory' } })));
    expect(alias()).toBeNull();
    expect(worker.heard.at(-1)).toMatchObject({ say: 'heard', message: { type: 'delivered' } });
    const opened = (role: 'facilitator' | 'member', name: string): void =>
      worker.says({ say: 'opened', message: delivered('', role === 'member' ? 4 : 1), text: JSON.stringify({ kind: 'names', names: { '4': name } }), standing: { role, waiting: false } });
    opened('member', 'Mallory');
    expect(alias()).toBeNull();
    opened('facilitator', 'Wren');
    expect(alias()).toBe('Wren');
  });

  it('tells where something said was not sent', () => {
    const { session, workers, welcome, present } = setUp();
    welcome(required);
    present();
    session.say('hello', 'everyone');
    const said = workers[0]!.heard.find((message) => message.say === 'said' && message.ref !== undefined) as Extract<ToKeeper, { say: 'said' }>;
    workers[0]!.says({ say: 'failed', ref: said.ref! });
    expect(session.state.chat.map(({ state }) => state)).toEqual(['failed']);
  });

  it('shows and plays only who has keys', async () => {
    const { session, line, peers, played, workers, welcome, offer, present } = setUp();
    welcome(required);
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    line().says({ type: 'slots', carries: [4, 1] });
    const keyed = () => session.state.people.map((person) => [person.seat, person.keyed]);
    expect(session.state.encryption).toMatchObject({ kind: 'required', state: 'waiting' });
    expect(keyed()).toEqual([[1, false], [3, true], [4, false]]);
    expect(played.at(-1)).toEqual([]);
    workers[0]!.kept({ state: 'on', seats: [1, 3], epoch: 1 });
    expect(keyed()).toEqual([[1, true], [3, true], [4, false]]);
    expect(played.at(-1)).toEqual(['in s1']);
    expect(session.state.people.every(({ picture }) => picture === null)).toBe(true); // and pictures only with a proof
  });

  it('holds back what a member sends until the words were compared', async () => {
    const { session, peers, settle, workers, welcome, offer, present } = setUp();
    welcome(required);
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    await session.setMicrophone(true);
    await settle();
    const sent = peers[0]!.sends('m');
    expect(sent).not.toBeNull();
    workers[0]!.kept({ state: 'on', seats: [1, 3], hold: { mine: false } });
    await settle();
    expect(peers[0]!.sends('m')).toBeNull();
    expect(session.state.encryption.hold).toEqual({ mine: false });
    session.wordsCompared();
    expect(workers[0]!.heard.at(-1)).toEqual({ say: 'compared' });
    workers[0]!.kept({ state: 'on', seats: [1, 3] });
    await settle();
    expect(peers[0]!.sends('m')).toBe(sent);
  });

  it.each([['whose keys do not work here', true, false], ['that cannot protect frames', false, true]])('is not joined by a browser %s', (_what, protects, works) => {
    const { session, workers, line, welcome } = setUp(shelf(), undefined, { protects });
    workers[0]!.says({ say: 'works', works });
    expect(session.state.stage.at).toBe('connecting');
    welcome(required);
    expect(session.state.stage).toEqual({ at: 'refused', why: 'too-old-browser' });
    expect(line().of('ready')).toEqual([]);
  });

  it('begins the line afresh where the keys are lost, and gives up where that goes on', () => {
    const { session, lines, workers, keys, welcome, present } = setUp();
    keys.put('kept by the tab');
    workers[0]!.says({ say: 'works', works: true });
    welcome(required);
    present();
    workers[0]!.kept({ state: 'on', seats: [1, 3] });
    workers[0]!.onerror?.(null);
    expect(workers[0]!.ended).toBe(true);
    expect(workers[1]!.heard[0]).toEqual({ say: 'recall', stored: 'kept by the tab' });
    expect(session.state.encryption.state).toBe('waiting');
    expect(session.state.encryption.troubles).toEqual(['restarted']); // the person is told, until they have read it
    workers[1]!.kept({ troubles: ['unread'] });
    expect(session.state.encryption.troubles).toEqual(['unread', 'restarted']);
    session.dismissTrouble('restarted');
    expect(session.state.encryption.troubles).toEqual(['unread']);
    expect(lines.length).toBe(2);
    for (let i = 1; i <= 3; i += 1) workers[i]!.onerror?.(null);
    expect(session.state.stage).toEqual({ at: 'refused', why: 'too-old-browser' });
  });

  it('hands the keys of each epoch to the frames, and keeps none after leaving', () => {
    const { session, workers, frames, keys, welcome, present } = setUp();
    welcome(required);
    present();
    workers[0]!.says({ say: 'store', text: 'an identity' });
    expect(keys.get()).toBe('an identity');
    workers[0]!.says({ say: 'keys', keys: { group: 'everyone', epoch: 4, baseKey: new Uint8Array(16), self: 1, leaves: [], cause: 'add' } });
    expect(frames.epochs).toEqual([4]);
    session.leave();
    expect(keys.get()).toBeNull();
    expect([workers[0]!.ended, frames.closed]).toEqual([true, true]);
  });

  it('lets in who was clicked, in the room and in the keys', () => {
    const { session, line, workers, welcome, present } = setUp();
    welcome({ ...required, role: 'facilitator', permissions: { admit: true, moderate: true, publish_screen: true } });
    present();
    line().says({ type: 'waiting', arrivals: [{ arrival: 77, seat: 7, role: 'co_facilitator', since: 0, second: false, removed: false, moved_back: false, away: false }] });
    session.admit(77);
    expect(line().of('admit')).toEqual([{ type: 'admit', arrival: 77 }]);
    expect(workers[0]!.heard).toContainEqual({ say: 'admit', arrival: 77, seat: 7, leads: true });
  });

  describe('in which a line goes past what seals it', () => {
    const talking = async (role = 'member') => {
      const scene = setUp();
      scene.welcome({ ...required, role });
      await scene.offer(1);
      scene.peers[0]!.becomes('connected');
      scene.present();
      scene.workers[0]!.kept({ state: 'on', seats: [1, 3, 4] });
      await scene.session.setMicrophone(true);
      await scene.settle();
      const runs = async (packets: number, sealed: number, looks = 2) => {
        for (let i = 0; i < looks; i += 1) {
          scene.peers.at(-1)!.sent += packets;
          scene.frames.sealed += sealed;
          scene.clock.advance(700);
          await scene.settle();
        }
      };
      const told = () => scene.workers[0]!.said().filter((text) => text.includes('"unsealed"')).map((text) => JSON.parse(text) as object);
      // The line to the room, and the media, made anew.
      const comesBack = async () => {
        scene.welcome({ ...required, state: 'present', resumed: true });
        await scene.offer(1);
        scene.frames.sealed = 0;
        scene.peers.at(-1)!.becomes('connected');
        scene.present();
        await scene.settle();
      };
      return { ...scene, runs, told, comesBack };
    };
    const microphone = (scene: Awaited<ReturnType<typeof talking>>) => {
      const { on, trouble } = scene.session.state.devices.microphone;
      return { on, trouble, sent: scene.peers.at(-1)!.sends('m') !== null };
    };

    it('it is stopped at once, shown as off, and the facilitators are told', async () => {
      const scene = await talking();
      await scene.runs(35, 35, 20);
      expect(microphone(scene)).toEqual({ on: true, trouble: null, sent: true });
      await scene.runs(35, 0);
      expect(microphone(scene)).toEqual({ on: false, trouble: 'unsealed', sent: false });
      expect(scene.line().of('publish').at(-1)).toMatchObject({ microphone: false });
      expect(scene.told()).toEqual([{ kind: 'unsealed', what: 'microphone', again: false }]);
    });

    it('is given nothing more on this connection: turned on again it gets another one, and a second time stays off', async () => {
      const scene = await talking();
      await scene.runs(35, 0);
      await scene.session.setMicrophone(false); // puts the trouble away, and heals nothing
      const before = scene.lines.length;
      await scene.session.setMicrophone(true);
      await scene.settle();
      expect([scene.lines.length, scene.peers[0]!.closed, scene.peers[0]!.sends('m')]).toEqual([before + 1, true, null]);
      await scene.comesBack();
      expect(scene.peers.length).toBe(2);
      expect(microphone(scene)).toEqual({ on: true, trouble: null, sent: true });
      await scene.runs(35, 35, 10);
      expect(microphone(scene).on).toBe(true);
      await scene.runs(35, 0, 3);
      expect(microphone(scene)).toEqual({ on: false, trouble: 'barred', sent: false });
      expect(scene.told().at(-1)).toEqual({ kind: 'unsealed', what: 'microphone', again: true });
      await scene.session.setMicrophone(true);
      await scene.settle();
      expect(microphone(scene)).toEqual({ on: false, trouble: 'barred', sent: false });
      expect(scene.lines.length).toBe(before + 1);
    });

    it('what comes there is not played, and it is said of whom, until the media connection is another one', async () => {
      const scene = await talking();
      scene.line().says({ type: 'slots', carries: [4] });
      expect(scene.played.at(-1)).toEqual(['in s0']);
      for (let i = 0; i < 3; i += 1) {
        scene.peers[0]!.received += 35;
        await scene.runs(35, 35, 1);
      }
      expect(scene.played.at(-1)).toEqual([]);
      expect(scene.session.state.encryption.unopened).toEqual([4]);
      expect(microphone(scene).on).toBe(true);
      scene.session.restored();
      expect(scene.session.state.encryption.unopened).toEqual([]);
    });

    it('a facilitator reads of whom and what, until it is put away; a member does not', async () => {
      for (const role of ['facilitator', 'member']) {
        const scene = await talking(role);
        const message = { type: 'delivered' as const, order: 1, at: 0, from: { seat: 4 }, audience: 'facilitators' as const, payload: '' };
        scene.workers[0]!.says({ say: 'opened', message, text: JSON.stringify({ kind: 'unsealed', what: 'camera', again: true }), standing: { role: 'member', waiting: false } });
        const shown = () => scene.session.state.encryption.unsealed;
        expect(shown()).toEqual(role === 'facilitator' ? [{ seat: 4, alias: null, what: 'camera', again: true }] : []);
        scene.session.dismissUnsealed(4, 'camera');
        expect(shown()).toEqual([]);
      }
    });
  });

  it('in a room without encryption no line is watched', async () => {
    const { session, peers, clock, settle, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    await session.setMicrophone(true);
    for (let i = 0; i < 10; i += 1) {
      peers[0]!.sent += 35;
      clock.advance(700);
      await settle();
    }
    expect(session.state.devices.microphone.on).toBe(true);
  });

  it('taken aside: what leaves is sealed for that room from that moment, only who is there under its keys is shown, and what is written stays there', async () => {
    const { session, frames, line, peers, played, workers, welcome, offer, person, present } = setUp();
    welcome(required);
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    workers[0]!.kept({ state: 'on', seats: [1, 3, 4], epoch: 1 });
    line().says({ type: 'slots', carries: [4, 1] });
    expect(played.at(-1)).toEqual(['in s0', 'in s1']);
    const aside = 'private:3' as const;
    for (const seat of [1, 3]) line().says({ type: 'changed', person: { ...person(seat, seat === 1 ? 'facilitator' : 'member'), room: aside } });
    line().says({ type: 'slots', carries: [null, 1] });
    expect(frames.rooms).toEqual([aside]);
    expect(played.at(-1)).toEqual([]); // the keys of everyone do not count here
    expect(session.state.people.map(({ seat, aside: apart, keyed }) => [seat, apart, keyed])).toEqual([[1, false, false], [3, false, true], [4, true, true]]);
    workers[0]!.kept({ state: 'on', seats: [1, 3, 4], epoch: 1, within: [{ group: aside, seats: [1, 3] }] });
    expect(played.at(-1)).toEqual(['in s1']);
    session.say('between us', 'everyone');
    session.setHand(true);
    session.askForHelp();
    const said = workers[0]!.heard.flatMap((message) => (message.say === 'said' ? [[(JSON.parse(message.text) as { kind: string }).kind, message.to]] : []));
    expect(said).toEqual(expect.arrayContaining([['chat', { group: aside }], ['hand', { group: aside }], ['help', 'facilitators']]));
    session.returnToGroup();
    expect(line().of('return')).toHaveLength(1);
    for (const seat of [1, 3]) line().says({ type: 'changed', person: person(seat, seat === 1 ? 'facilitator' : 'member') });
    expect(frames.rooms).toEqual([aside, 'everyone']);
    expect(session.state.chat).toEqual([]);
  });

  it('answers of the delivery service are no refusals to the person', () => {
    const { session, line, welcome, present } = setUp();
    welcome(required);
    present();
    line().says({ type: 'refused', what: 'commit', reason: 'stale', ref: 'mls1' });
    expect(session.state.refusal).toBeNull();
  });
});
