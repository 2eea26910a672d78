// SPDX-License-Identifier: Apache-2.0
// One media connection after another, against a made-up browser that leaves things unsettled.
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { Peer } from './peer';
import { Connection, Track } from './session_rig';

// A browser that does not say when an offer is set, until it is let.
class Slow extends Connection {
  let: () => void = () => undefined;
  held = false;
  override async setRemoteDescription(offer: { sdp: string }): Promise<void> {
    if (this.held) await new Promise<void>((done) => (this.let = done));
    await super.setRemoteDescription(offer);
  }
}

function setUp() {
  const connections: Slow[] = [];
  const told: string[] = [];
  const make = (): RTCPeerConnection => {
    const connection = new Slow();
    connection.held = connections.length === 0;
    connections.push(connection);
    return connection as unknown as RTCPeerConnection;
  };
  const peer = new Peer(make, new VirtualClock(), {
    answer: (offer) => void told.push(`answer ${offer}`),
    hopeless: () => void told.push('hopeless'),
    restart: () => undefined, doubted: () => undefined, expected: () => true, media: () => undefined, slots: () => undefined, unsealed: () => undefined, unopened: () => undefined,
  });
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 60; i += 1) await Promise.resolve();
  };
  const offer = async (number: number, mid = 'm', slots = 1): Promise<void> => {
    const down = Array.from({ length: slots }, (_, slot) => ({ slot, sound: `s${slot}`, picture: `p${slot}` }));
    peer.take({ type: 'offer', offer: number, sdp: [mid, ...down.flatMap((one) => [one.sound, one.picture])].join(' '), upstream: [{ mid, source: 'microphone' }], slots: down });
    await settle();
  };
  peer.fresh();
  return { peer, connections, told, settle, offer };
}

it('an offer of the next connection is answered though the browser never settles what it was asked of the last', async () => {
  const { peer, connections, told, offer } = setUp();
  await offer(1);
  expect(told).toEqual([]);
  peer.fresh();
  expect(connections[0]!.closed).toBe(true);
  await offer(7);
  expect(told).toEqual(['answer 7']);
});

it('what is sent is set on the next connection though the browser never settles how the last one was to send it', async () => {
  const { peer, connections, told, settle, offer } = setUp();
  const track = new Track('audio') as unknown as MediaStreamTrack;
  await offer(1);
  connections[0]!.held = false;
  connections[0]!.let();
  await settle();
  await peer.send('microphone', track);
  const sender = connections[0]!.getTransceivers()[0]!['sender'] as { setParameters: () => Promise<void> };
  sender.setParameters = () => new Promise(() => undefined);
  peer.guide({ sound: { bps: 24_000, packetMs: 60 } });
  await settle();
  peer.fresh();
  await offer(7);
  expect(told).toEqual(['answer 1', 'answer 7']);
  expect(connections[1]!.parameters['m']).toBeDefined();
});

it('an offer of the last connection that is settled late changes nothing of the next', async () => {
  const { peer, connections, told, settle, offer } = setUp();
  const track = new Track('audio') as unknown as MediaStreamTrack;
  await offer(1, 'm', 2);
  peer.fresh();
  await offer(7, 'other', 1);
  connections[0]!.let();
  await settle();
  expect(told).toEqual(['answer 7']);
  expect([...peer.slots().keys()]).toEqual([0]);
  await peer.send('microphone', track);
  expect(connections[1]!.sends('other')).toBe(track);
});

it('the last offer, taken again, that is settled late on a connection that is gone changes nothing of the next', async () => {
  const { peer, connections, told, settle, offer } = setUp();
  await offer(1);
  connections[0]!.let();
  await settle();
  peer.guide({ sound: { bps: 24_000, packetMs: 60 } });
  await settle();
  peer.fresh();
  await offer(7);
  connections[0]!.let();
  await settle();
  expect(told).toEqual(['answer 1', 'answer 7']);
  expect(connections[1]!.localDescription).toEqual({ sdp: 'answer 1' });
  expect(connections[1]!.busy).toBe(0);
});

it('the next offer is answered though the browser refused to say how it sends', async () => {
  const { peer, connections, told, settle, offer } = setUp();
  await offer(1);
  connections[0]!.held = false;
  connections[0]!.let();
  await settle();
  await peer.send('microphone', new Track('audio') as unknown as MediaStreamTrack);
  const sender = connections[0]!.getTransceivers()[0]!['sender'] as { getParameters: () => unknown };
  const usual = sender.getParameters;
  sender.getParameters = () => {
    sender.getParameters = usual;
    throw new Error('not now');
  };
  peer.guide({ sound: { bps: 24_000, packetMs: 60 } });
  await settle();
  await offer(2);
  expect(told).toEqual(['answer 1', 'answer 2']);
});

describe('a track that the browser takes late, when its connection is gone,', () => {
  type Sender = { replaceTrack: () => Promise<void>; setParameters: () => Promise<void> };
  const never = () => new Promise<void>(() => undefined);

  async function afterwards(asked: (room: ReturnType<typeof setUp>) => void | Promise<void>): Promise<void> {
    const room = setUp();
    const { peer, connections, told, settle, offer } = room;
    await offer(1);
    connections[0]!.held = false;
    connections[0]!.let();
    await settle();
    let taken: () => void = () => undefined;
    const sender = connections[0]!.getTransceivers()[0]!['sender'] as Sender;
    Object.assign(sender, { replaceTrack: () => new Promise<void>((done) => (taken = done)), setParameters: never });
    await asked(room);
    peer.fresh();
    taken();
    await settle();
    await offer(7);
    expect(told).toEqual(['answer 1', 'answer 7']);
  }

  it('keeps nothing from being set on the next', () => afterwards(({ peer }) => void peer.send('microphone', new Track('audio') as unknown as MediaStreamTrack)));

  it('while an offer is answered, keeps the next offer from nothing either', () => afterwards(({ offer }) => offer(2)));
});
