// SPDX-License-Identifier: Apache-2.0
// One whole call against a made-up room and a made-up browser: what goes over the line, and what is left afterwards.
import { describe, expect, it } from 'vitest';
import type { Disguise } from './model';
import { open, seal } from './payload';
import { RoomSession } from './session';
import { setUp, shelf } from './session_rig';

describe('a call', () => {
  it('goes from the link to seeing and hearing the others', async () => {
    const { session, line, peers, played, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    expect(line().of('answer')).toEqual([{ type: 'answer', offer: 1, sdp: 'answer 1' }]);
    peers[0]!.becomes('connected');
    expect(session.state.connection.state).toBe('connected');
    session.ready();
    present();
    line().says({ type: 'slots', carries: [4, 1] });
    expect(session.state.people.map((p) => [p.seat, p.picture?.id ?? null])).toEqual([[1, 'stream of in p1'], [3, null], [4, 'stream of in p0']]);
    expect(played.at(-1)).toEqual(['in s0', 'in s1']);
  });

  it('answers offers one after another, and sets the layers of the camera', async () => {
    const { line, peers, settle, welcome } = setUp();
    welcome();
    for (const number of [1, 2, 3]) line().says({ type: 'offer', offer: number, sdp: 'm c', upstream: [{ mid: 'c', source: 'camera' }], slots: [] });
    await settle();
    await settle();
    expect(peers).toHaveLength(1);
    expect(line().of('answer').map((answer) => answer['offer'])).toEqual([1, 2, 3]);
    expect(peers[0]!.parameters['c']).toMatchObject({
      encodings: [{ rid: 'q', scaleResolutionDownBy: 2 }, { rid: 'h', scaleResolutionDownBy: 1 }, { rid: 'f', active: false }],
    });
  });

  it('switches a camera on and off without a new offer, and tells the room', async () => {
    const { session, line, peers, tracks, settle, welcome, offer } = setUp();
    welcome();
    await offer(1);
    expect(line().of('publish').at(-1)).toEqual({ type: 'publish', microphone: false, camera: false });
    await session.setCamera(true);
    await settle();
    expect(peers[0]!.sends('c')).toBe(tracks[0]);
    expect(line().of('publish').at(-1)).toEqual({ type: 'publish', microphone: false, camera: true });
    await session.setCamera(false);
    expect(peers[0]!.sends('c')).toBeNull();
    expect(tracks[0]!.ended).toBe(true);
    expect(line().of('publish').at(-1)).toEqual({ type: 'publish', microphone: false, camera: false });
    expect(line().of('answer')).toHaveLength(1);
  });

  it('muted by a facilitator, the microphone is let go and the room hears of it', async () => {
    const { session, line, tracks, settle, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    present();
    await session.setMicrophone(true);
    line().says({ type: 'muted', by: 1 });
    await settle();
    expect(tracks[0]!.ended).toBe(true);
    expect(line().of('publish').at(-1)).toMatchObject({ microphone: false });
    expect(session.state.mutedBy).toBe(1);
  });

  it('"not private now" switches off, falls silent, shows nobody, and tells the room that nothing is shown', async () => {
    const { session, line, tracks, settle, clock, welcome, offer, present, silent } = setUp();
    welcome();
    await offer(1);
    present();
    line().says({ type: 'slots', carries: [4, 1] });
    session.showing([{ seat: 4, width: 320, height: 180, pinned: false }]);
    await session.setMicrophone(true);
    await session.setCamera(true);
    clock.advance(1000);
    expect(line().of('view').at(-1)?.['tiles']).toHaveLength(1);
    session.setPrivateNow(true);
    await settle();
    clock.advance(1000);
    expect(tracks.map((track) => track.ended)).toEqual([true, true]);
    expect(silent()).toBe(true);
    expect(session.state.people.every((p) => p.picture === null)).toBe(true);
    expect(line().of('view').at(-1)?.['tiles']).toEqual([]);
    session.setPrivateNow(false);
    clock.advance(1000);
    expect(silent()).toBe(false);
    expect(session.state.devices.microphone.on).toBe(false);
    expect(line().of('view').at(-1)?.['tiles']).toHaveLength(1);
  });
});

describe('a disguise', () => {
  it('is what is sent, from the first picture and sound on', async () => {
    const { session, welcome, offer, present, peers, settle } = setUp(undefined, { picture: 'pixelate', voice: 'lower' });
    welcome();
    await offer(1);
    present();
    const sent: unknown[] = [];
    const senders = peers[0]!.getTransceivers().map((one) => one['sender'] as { replaceTrack(track: unknown): Promise<void> });
    for (const sender of senders) {
      const replace = sender.replaceTrack;
      sender.replaceTrack = (track) => (sent.push((track as { id?: string } | null)?.id ?? track), replace(track));
    }
    await session.setCamera(true);
    await session.setMicrophone(true);
    await settle();
    expect(sent).toHaveLength(2);
    expect(sent.every((id) => String(id).startsWith('disguised'))).toBe(true);
  });

  it('while the person is asked whether they are private, nobody is heard here', () => {
    const { session, welcome, silent } = setUp();
    welcome();
    session.holdSound(true);
    expect(silent()).toBe(true);
    session.setPrivateNow(true);
    session.holdSound(false);
    expect(silent()).toBe(true);
    session.setPrivateNow(false);
    expect(silent()).toBe(false);
  });
});

describe('a reload', () => {
  it('leaves somebody who is not alone covered and unheard, and the group knows it still', async () => {
    const before = setUp();
    before.welcome();
    await before.offer(1);
    before.present();
    before.session.setPrivateNow(true);
    const after = setUp(before.memory);
    expect(after.silent()).toBe(true);
    expect(after.session.state.privateNow).toBe(true);
    after.welcome({ state: 'present', resumed: true });
    await after.offer(1);
    after.session.showing([{ seat: 4, width: 320, height: 180, pinned: false }]);
    after.present();
    after.clock.advance(1000);
    expect(after.silent()).toBe(true);
    expect(after.line().of('view').flatMap((view) => view['tiles'] as object[])).toEqual([]);
    expect(after.line().of('send').map((sent) => open(String(sent['payload'])))).toContainEqual({ kind: 'now', hand: null, private: true });
    after.session.leave();
    expect(after.memory.get()).toBeNull();
  });

  it('keeps the disguise that was chosen, before what was agreed, and forgets it with the group', async () => {
    const agreed: Disguise = { picture: 'blur', voice: 'none' };
    const before = setUp(undefined, agreed);
    expect(before.session.state.devices.disguise).toMatchObject(agreed);
    before.welcome();
    expect(before.memory.get()).toBeNull(); // as agreed: nothing to keep
    await before.session.setDisguise({ picture: 'pixelate' });
    const after = setUp(before.memory, agreed);
    expect(after.session.state.devices.disguise).toMatchObject({ picture: 'pixelate', voice: 'none' });
    after.welcome({ state: 'present', resumed: true });
    after.session.leave();
    expect(after.memory.get()).toBeNull();
    expect(setUp({ ...shelf(), get: () => '{"privateNow":false,"disguise":{"picture":"hat"}}' }, agreed).session.state.devices.disguise).toMatchObject(agreed);
  });

  it('keeps "sound only", and forgets it with the group', async () => {
    const before = setUp();
    before.welcome();
    before.session.setSoundOnly(true);
    const after = setUp(before.memory);
    expect(after.session.state.soundOnly).toBe(true);
    expect(setUp().session.state.soundOnly).toBe(false);
    expect(setUp({ ...shelf(), get: () => '{"privateNow":"yes"' }).session.state.soundOnly).toBe(false);
  });

  it('counts the data on that was used before, and forgets it with the group', async () => {
    const enter = async (one: ReturnType<typeof setUp>, resumed: boolean) => {
      one.welcome({ state: 'present', resumed });
      await one.offer(1);
      one.peers.at(-1)!.becomes('connected');
      one.present();
    };
    const takes = async (one: ReturnType<typeof setUp>, bytes: number) => {
      one.peers.at(-1)!.taken = bytes;
      one.clock.advance(5000);
      await one.settle();
    };
    const before = setUp();
    await enter(before, false);
    await takes(before, 40_000_000);
    expect(before.session.state.data.usedBytes).toBe(40_000_000);
    const after = setUp(before.memory);
    expect(after.session.state.data).toMatchObject({ usedBytes: 40_000_000, bytesPerSecond: null });
    await enter(after, true);
    for (const bytes of [1_000_000, 2_000_000, 3_000_000]) await takes(after, bytes);
    expect(after.session.state.data).toMatchObject({ usedBytes: 43_000_000, bytesPerSecond: 200_000 });
    const told = after.line().of('send').map((sent) => open(String(sent['payload'])) as Record<string, unknown>).filter(({ kind }) => kind === 'receives');
    expect(told.map(({ megabytes }) => megabytes)).toEqual([41, 43]); // to who leads
    after.session.leave();
    expect(setUp(after.memory).session.state.data.usedBytes).toBe(0);
  });
});

describe('a lost line', () => {
  it('comes back to the same seat with the token, on a new media connection', async () => {
    const { session, lines, line, peers, clock, token, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    present();
    expect(token()).toBe('token');
    line().readyState = 3;
    line().onclose?.({ code: 1006 });
    expect(session.state.connection.state).toBe('lost');
    expect(session.state.stage).toEqual({ at: 'present' });
    clock.advance(1000);
    expect(lines).toHaveLength(2);
    welcome({ state: 'present', resumed: true });
    expect(line().of('hello')[0]).toMatchObject({ resume: 'token', keep: false });
    expect(peers[0]!.closed).toBe(true);
    await offer(1);
    peers[1]!.becomes('connected');
    expect(session.state.connection.state).toBe('connected');
  });

  it('keeps the media where only the line dropped and the server kept it too', async () => {
    const { line, peers, clock, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    line().readyState = 3;
    line().onclose?.({ code: 1012 });
    clock.advance(1000);
    welcome({ state: 'present', resumed: true, kept: true });
    expect(line().of('hello')[0]).toMatchObject({ keep: true });
    expect(peers[0]!.closed).toBe(false);
  });

  it('asks again for the ICE restart that went down with the line, as soon as there is another', async () => {
    const { session, lines, line, peers, clock, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    session.online(false);
    expect(lines[0]!.of('restart')).toHaveLength(1);
    line().readyState = 3;
    line().onclose?.({ code: 1006 });
    clock.advance(600);
    welcome({ state: 'present', resumed: true, kept: true });
    expect(lines).toHaveLength(2);
    expect(lines[1]!.of('restart')).toHaveLength(1);
    await offer(2);
    line().readyState = 3;
    line().onclose?.({ code: 1006 });
    clock.advance(600);
    welcome({ state: 'present', resumed: true, kept: true });
    expect(lines).toHaveLength(3);
    expect(lines[2]!.of('restart'), 'it was answered').toEqual([]);
  });

  it('is made anew at once where the browser says that the network is there, by whatever network', () => {
    const { session, lines, line, clock, welcome } = setUp();
    welcome();
    for (let times = 0; times < 6; times += 1) {
      line().readyState = 3;
      line().onclose?.({ code: 1006 });
      if (times < 5) clock.advance(10_000);
    }
    const before = lines.length;
    session.online(false);
    expect(lines).toHaveLength(before + 1);
  });

  it('by another network: makes a line anew at once, and asks there for an ICE restart of the same media', async () => {
    const { session, lines, peers, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    session.online(true);
    expect(lines).toHaveLength(2);
    expect(lines[0]!.readyState).toBe(3);
    peers[0]!.becomes('disconnected');
    welcome({ state: 'present', resumed: true, kept: true });
    expect(lines[1]!.of('hello')[0]).toMatchObject({ keep: true });
    expect(lines[1]!.of('restart')).toHaveLength(1);
    expect(peers).toHaveLength(1);
    session.leave();
    session.online(true);
    expect(lines).toHaveLength(2);
  });

  it('is unsteady while the media still flows, for 8 seconds; then nothing is sent or played any more', async () => {
    const { session, line, peers, tracks, clock, settle, welcome, offer, present, silent } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    await session.setMicrophone(true);
    line().readyState = 3;
    line().onclose?.({ code: 1006 });
    expect(session.state.connection.state).toBe('unsteady');
    expect(peers[0]!.sends('m')).toBe(tracks[0]);
    clock.advance(3_000);
    peers[0]!.becomes('disconnected');
    clock.advance(4_999);
    expect([session.state.connection.state, silent()], 'a doubt is no loss').toEqual(['unsteady', false]);
    clock.advance(1);
    await settle();
    expect([session.state.connection.state, silent(), peers[0]!.sends('m')]).toEqual(['lost', true, null]);
    expect(tracks[0]!.ended).toBe(false);
    peers[0]!.becomes('connected');
    clock.advance(10_000);
    welcome({ state: 'present', resumed: true, kept: true });
    await settle();
    expect([session.state.connection.state, silent(), peers[0]!.sends('m')]).toEqual(['connected', false, tracks[0]]);
  });

  it('tells a facilitator that what they pressed did not reach the room, and does not do it later', () => {
    const { session, line, clock, welcome, present } = setUp();
    welcome({ role: 'facilitator', permissions: { admit: true, moderate: true, publish_screen: false } });
    present();
    line().readyState = 3;
    line().onclose?.({ code: 1006 });
    session.remove(4);
    expect(session.state.refusal).toMatchObject({ what: 'remove', reason: 'no-line' });
    clock.advance(1000);
    welcome({ state: 'present', resumed: true, role: 'facilitator' });
    expect(line().of('remove')).toEqual([]);
  });

  it('a page that was left comes back with camera and microphone off', async () => {
    const { session, line, tracks, settle, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    present();
    await session.setMicrophone(true);
    await session.setCamera(true);
    session.hidden();
    await settle();
    expect(tracks.map((track) => track.ended)).toEqual([true, true]);
    session.restored();
    welcome({ state: 'present', resumed: true });
    expect(line().of('publish').at(-1)).toEqual({ type: 'publish', microphone: false, camera: false });
  });

  it('asks for an ICE restart when media fails, and for a new connection when that does not help', async () => {
    const { session, lines, line, peers, clock, welcome, offer } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    peers[0]!.becomes('disconnected');
    clock.advance(1_000);
    expect(line().of('restart')).toHaveLength(1);
    peers[0]!.becomes('failed');
    expect(session.state.connection.state).toBe('lost');
    // The room answers pings all the while: only media is broken.
    for (let second = 0; second < 16; second += 1) {
      clock.advance(1000);
      lines[0]!.says({ type: 'pong', sent: clock.now(), now: clock.now() });
    }
    expect(lines[0]!.of('restart')).toHaveLength(3);
    expect(lines).toHaveLength(2);
  });

  it('sends a voice as the room says, until the next connection, and nothing goes over the line for it', async () => {
    const { line, peers, settle, welcome, offer } = setUp();
    const rate = (peer: number) => (peers[peer]!.parameters['m'] as { encodings: { maxBitrate: number }[] }).encodings[0]!.maxBitrate;
    welcome();
    await offer(1);
    expect(rate(0)).toBe(40_000);
    const before = peers[0]!.offers.length;
    line().says({ type: 'layers', source: 'microphone', count: 1, bits_per_second: 24_000, packet_ms: 60 });
    await settle();
    expect(peers[0]!.offers).toHaveLength(before + 1);
    expect(line().of('answer')).toHaveLength(1);
    await offer(2);
    await settle();
    expect(rate(0)).toBe(24_000);
    welcome({ resumed: true });
    await offer(1);
    expect(rate(1)).toBe(40_000);
  });

  it('sends no camera while the room says so, stays on, and sends it again by itself', async () => {
    const { session, line, peers, tracks, settle, welcome, offer, present, person } = setUp();
    const active = () => (peers[0]!.parameters['c'] as { encodings: { active: boolean }[] }).encodings.map((one) => one.active);
    const self = () => session.state.people.find((one) => one.self)!;
    welcome();
    await offer(1);
    present();
    await session.setCamera(true);
    await settle();
    line().says({ type: 'layers', source: 'camera', count: 0 });
    line().says({ type: 'changed', person: { ...person(3), camera: true, camera_held: true } });
    await settle();
    expect(active()).toEqual([false, false, false]);
    expect([peers[0]!.sends('c'), session.state.devices.camera.on, self().cameraHeld, self().picture]).toEqual([tracks[0], true, true, session.state.devices.camera.preview]);
    line().says({ type: 'layers', source: 'camera', count: 1, bits_per_second: 40_000 });
    line().says({ type: 'changed', person: { ...person(3), camera: true } });
    await settle();
    expect(active()).toEqual([true, false, false]);
    expect(self().cameraHeld).toBe(false);
  });

  it('of somebody whose camera is held, no picture is shown and none is waited for', async () => {
    const { session, line, peers, welcome, offer, present, person } = setUp();
    welcome();
    await offer(1);
    peers[0]!.becomes('connected');
    present();
    line().says({ type: 'slots', carries: [4, 1] });
    const four = () => session.state.people.find((one) => one.seat === 4)!;
    expect(four().picture).not.toBeNull();
    line().says({ type: 'changed', person: { ...person(4), camera: true, camera_held: true } });
    expect([four().camera, four().cameraHeld, four().picture]).toEqual([true, true, null]);
    line().says({ type: 'changed', person: { ...person(4), camera: true } });
    expect(four().picture).not.toBeNull();
  });

  it('comes through the relay that an offer names, with what opens it at each restart, and forgets it with the connection', async () => {
    const { peers, welcome, offer } = setUp();
    const relay = (username: string) => ({ urls: ['turns:turn.example.org:443?transport=tcp'], username, credential: 'c2VjcmV0' });
    const servers = (peer: number) => peers[peer]!.configurations.map((one) => one.iceServers);
    welcome();
    await offer(1, 2, { relay: relay('1800000000:a') });
    await offer(2, 3);
    expect(servers(0)).toEqual([[relay('1800000000:a')]]);
    await offer(3, 3, { relay: relay('1800003600:b') });
    expect(servers(0)).toEqual([[relay('1800000000:a')], undefined, [relay('1800003600:b')]]);
    expect(peers[0]!.configurations[2]).toMatchObject({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
    welcome({ resumed: true });
    await offer(1);
    expect(servers(1)).toEqual([[]]);
  });

  describe('on which packets stop coming', () => {
    const flowing = async (scene: ReturnType<typeof setUp>, ms: number, coming: boolean): Promise<void> => {
      for (let at = 0; at < ms; at += 100) {
        if (coming) scene.peers.at(-1)!.received += 5;
        scene.clock.advance(100);
        scene.line().says({ type: 'pong', sent: scene.clock.now(), now: scene.clock.now() });
        await scene.settle();
      }
    };
    const inRoom = async () => {
      const scene = setUp();
      scene.welcome();
      await scene.offer(1);
      scene.peers[0]!.becomes('connected');
      scene.present();
      await flowing(scene, 5_000, true);
      return scene;
    };

    it('asks for an ICE restart though the browser says "connected", says so calmly, and is back at the first packet', async () => {
      const scene = await inRoom();
      await flowing(scene, 3_000, false);
      expect(scene.line().of('restart')).toHaveLength(1);
      expect(scene.session.state.connection.state).toBe('unsteady');
      await flowing(scene, 1_000, true);
      expect(scene.session.state.connection.state).toBe('connected');
      await flowing(scene, 20_000, true);
      expect(scene.line().of('restart')).toHaveLength(1);
    });

    it('asks within a second and a bit where the room answers all the while', async () => {
      const scene = await inRoom();
      await flowing(scene, 1_200, false);
      expect(scene.line().of('restart')).toHaveLength(1);
    });

    it('asks for a new connection where three restarts bring nothing', async () => {
      const scene = await inRoom();
      await flowing(scene, 20_000, false);
      expect(scene.lines[0]!.of('restart')).toHaveLength(3);
      expect(scene.lines).toHaveLength(2);
    });

    it('asks nothing where everyone has switched off, or the group is paused', async () => {
      const off = await inRoom();
      for (const seat of [1, 4]) off.line().says({ type: 'changed', person: { ...off.person(seat), microphone: false, camera: false } });
      await flowing(off, 20_000, false);
      expect(off.line().of('restart')).toEqual([]);
      const paused = await inRoom();
      paused.line().says({ type: 'paused', paused: true, why: 'facilitator', by: 1 });
      await flowing(paused, 20_000, false);
      expect(paused.line().of('restart')).toEqual([]);
    });

    it('asks as soon as the line to the room is back, where that was gone too', async () => {
      const scene = await inRoom();
      scene.line().readyState = 3; // the browser has not noticed yet
      await flowing(scene, 3_000, false);
      scene.line().onclose?.({ code: 1006 });
      scene.clock.advance(600);
      scene.welcome({ state: 'present', resumed: true, kept: true });
      expect(scene.lines).toHaveLength(2);
      expect(scene.line().of('restart')).toHaveLength(1);
      expect(scene.lines[0]!.of('restart')).toEqual([]);
    });
  });

  it('a page out of the back-forward cache starts afresh with its token', async () => {
    const { session, lines, line, peers, welcome, offer } = setUp();
    welcome();
    await offer(1);
    session.restored();
    expect(lines).toHaveLength(2);
    expect(peers[0]!.closed).toBe(true);
    line().onopen?.();
    expect(line().of('hello')[0]).toMatchObject({ resume: 'token', keep: false });
  });
});

describe('the end', () => {
  it.each([
    ['leaving', (s: RoomSession) => s.leave(), 'left'],
    ['being removed', null, 'removed'],
  ] as const)('by %s leaves no track, no media and no line behind', async (_how, act, why) => {
    const { session, lines, line, peers, tracks, clock, token, settle, welcome, offer, present } = setUp();
    welcome();
    await offer(1);
    present();
    await session.setCamera(true);
    await session.setMicrophone(true);
    if (act) act(session);
    else line().says({ type: 'state', state: 'gone', why: 'removed', by: 1 });
    await settle();
    clock.advance(120_000);
    expect(session.state.stage).toEqual({ at: 'gone', why });
    expect(tracks.map((track) => track.ended)).toEqual([true, true]);
    expect(peers[0]!.closed).toBe(true);
    expect(line().readyState).toBe(3);
    expect(lines).toHaveLength(1);
    expect(token()).toBeNull();
    if (act) expect(line().of('leave')).toHaveLength(1);
    await session.setCamera(true);
    expect(tracks).toHaveLength(2);
  });
});

it('what is said goes out sealed, and no message of the line carries it in the plain', async () => {
  const { session, line, welcome, offer, present } = setUp();
  welcome();
  await offer(1);
  present();
  session.say('I have not slept', 'everyone');
  const sent = line().of('send').at(-1)!;
  expect(JSON.stringify(line().sent)).not.toContain('slept');
  expect(open(String(sent['payload']))).toMatchObject({ kind: 'chat', text: 'I have not slept' });
  line().says({ type: 'delivered', order: 1, at: 0, from: { seat: 3 }, audience: 'everyone', payload: sent['payload'], ref: sent['ref'] });
  line().says({ type: 'delivered', order: 2, at: 0, from: { seat: 4 }, audience: 'everyone', payload: seal({ kind: 'chat', text: 'me neither' }) });
  expect(session.state.chat.map((c) => [c.text, c.state, c.own])).toEqual([['I have not slept', 'sent', true], ['me neither', 'sent', false]]);
});

it('listeners see each state as a whole, and stop when they wish', async () => {
  const { session, line, welcome } = setUp();
  const seen: unknown[] = [];
  const stop = session.subscribe(() => seen.push(session.state));
  welcome();
  const before = seen.length;
  expect(before).toBeGreaterThan(0);
  stop();
  line().says({ type: 'locked', locked: true });
  expect(seen).toHaveLength(before);
});
