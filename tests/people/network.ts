// SPDX-License-Identifier: Apache-2.0
// What a story does to the network of its own namespace (tests/in_namespace): drop what nft's words say, give an address;
// and what a browser says about the way its media takes. Each story begins and ends with a network as it was.
import { execFileSync } from 'node:child_process';
import type { Person } from './person.ts';

const table = 'quietroom_story';
const nft = (words: string): void => void execFileSync('nft', words.split(' '));

// Drops what matches, from now on, e.g. "meta l4proto udp".
export function drop(match: string): void {
  nft(`add table inet ${table}`);
  nft(`add chain inet ${table} input { type filter hook input priority 0 ; }`);
  nft(`add rule inet ${table} input ${match} drop`);
}

export function dropNothing(): void {
  nft(`add table inet ${table}`);
  nft(`delete table inet ${table}`);
}

export const addAddress6 = (address: string): void => {
  execFileSync('ip', ['-6', 'address', 'replace', `${address}/64`, 'dev', 'quiet0', 'nodad']);
  execFileSync('ip', ['-6', 'route', 'replace', 'default', 'dev', 'quiet0']);
};

const ip = (words: string): void => void execFileSync('ip', words.split(' '), { stdio: 'pipe' });

// An address that the server has and no browser takes for its own.
export const addServerAddress = (address: string): void => {
  ip(`address replace ${address}/32 dev lo`);
  drop(`ip saddr ${address} ip daddr ${address}`);
};
export const removeServerAddress = (address: string): void => ip(`address del ${address}/32 dev lo`);

// The machine leaves one network and is in another, as a phone that goes from Wi-Fi to mobile data.
export const moveAddress = (from: string, to: string): void => {
  ip(`address add ${to}/24 dev quiet0`);
  ip(`address del ${from}/24 dev quiet0`);
};

export interface Way {
  protocol: string;
  address: string;
  localPort: number;
  relay: string | null; // how we speak to it, "tls"
}

// The way that this person's media takes now.
export const wayOf = (person: Person): Promise<Way | null> =>
  person.driver.evaluate(async () => {
    const connection = window.reading.connections.filter((one) => one.connectionState !== 'closed').at(-1);
    if (!connection) return null;
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const stats = [...(await connection.getStats()).values()] as any[];
    const chosen = stats.find((one) => one.type === 'transport')?.selectedCandidatePairId as string | undefined;
    const pair = stats.find((one) => one.type === 'candidate-pair' && (chosen ? one.id === chosen : one.selected === true));
    const remote = stats.find((one) => one.id === pair?.remoteCandidateId);
    const local = stats.find((one) => one.id === pair?.localCandidateId);
    const relay = local?.candidateType === 'relay' ? String(local.relayProtocol) : null;
    return remote ? { protocol: String(remote.protocol), address: String(remote.address), localPort: Number(local?.port), relay } : null;
  }, null);

// Frames and packets that arrived, over all tiles; a hidden tile adds nothing.
export interface Arrived {
  frames: number;
  pictureBytes: number;
  soundPackets: number;
  freezes: number;
  keyFramesAsked: number;
}

export const arrivedAt = (person: Person): Promise<Arrived> =>
  person.driver.evaluate(async () => {
    const sum = { frames: 0, pictureBytes: 0, soundPackets: 0, freezes: 0, keyFramesAsked: 0 };
    for (const connection of window.reading.connections) {
      if (connection.connectionState === 'closed') continue;
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      for (const one of (await connection.getStats()).values() as Iterable<any>) {
        if (one.type !== 'inbound-rtp') continue;
        if (one.kind === 'audio') sum.soundPackets += one.packetsReceived ?? 0;
        if (one.kind !== 'video') continue;
        sum.frames += one.framesDecoded ?? 0;
        sum.pictureBytes += one.bytesReceived ?? 0;
        sum.freezes += one.freezeCount ?? 0;
        sum.keyFramesAsked += one.pliCount ?? 0;
      }
    }
    return sum;
  }, null);

// Reads what arrives until it is so.
export async function untilArrived(person: Person, what: string, holds: (now: Arrived) => boolean, timeout = 60_000): Promise<Arrived> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const now = await arrivedAt(person);
    if (holds(now)) return now;
    if (Date.now() > deadline) throw new Error(`${person.alias} waited in vain for ${what}: ${JSON.stringify(now)}`);
    await person.driver.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)), null);
  }
}
