// SPDX-License-Identifier: Apache-2.0
// What a page says and does while its line changes, each with its moment: messages of its line to the room by type and size, states of
// its media connection, the way it takes, and packets of sound. Not here: what the line does. `trace` runs inside a page: it may use
// nothing from outside itself.
import type { Person } from '../tests/people/person.ts';

declare global {
  interface Window {
    traced: { at: number; what: string }[];
  }
}

export function trace(): void {
  window.traced = [];
  const note = (what: string): void => void window.traced.push({ at: performance.timeOrigin + performance.now(), what });
  const typeOf = (text: unknown): string => `${/"type":"([^"]*)"/.exec(String(text))?.[1]} (${String(text).length})`;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      note('socket made');
      this.addEventListener('open', () => note('socket open'));
      this.addEventListener('close', ({ code }) => note(`socket closed: ${code}`));
      this.addEventListener('message', ({ data }) => note(`got ${typeOf(data)}`));
    }
    override send(data: string): void {
      note(`sent ${typeOf(data)}`);
      super.send(data);
    }
    override close(code?: number): void {
      note('socket given up');
      super.close(code);
    }
  };
  for (const name of ['online', 'offline']) addEventListener(name, () => note(`the browser says: ${name}`));
  const line = (navigator as { connection?: EventTarget & Record<string, unknown> }).connection;
  line?.addEventListener?.('change', () => note(`the browser says: ${line['type']} ${line['effectiveType']}, ${line['rtt']} ms, ${line['downlink']} Mbit/s`));
  const followed = new WeakSet<RTCPeerConnection>();
  const follow = (connection: RTCPeerConnection): void => {
    if (followed.has(connection)) return;
    followed.add(connection);
    note('connection made');
    connection.addEventListener('connectionstatechange', () => note(`connection ${connection.connectionState}`));
    connection.addEventListener('iceconnectionstatechange', () => note(`ice ${connection.iceConnectionState}`));
    connection.addEventListener('icegatheringstatechange', () => note(`gathering ${connection.iceGatheringState}`));
    connection.addEventListener('icecandidate', ({ candidate }) => candidate && note(`candidate ${candidate.candidate.split(' ').slice(2, 8).join(' ')}`));
    let [packets, madeUp, pairs] = [-1, 0, ''];
    setInterval(async () => {
      if (connection.connectionState === 'closed') return;
      let [now, concealed] = [0, 0];
      const ways: string[] = [];
      const stats = await connection.getStats();
      stats.forEach((one: Record<string, unknown>) => {
        // Of the voice that does not pause: others' silence is made up as it should be.
        if (one['type'] === 'inbound-rtp' && one['kind'] === 'audio' && Number(one['packetsReceived'] ?? 0) > now) {
          now = Number(one['packetsReceived']);
          concealed = Number(one['concealedSamples'] ?? 0) - Number(one['silentConcealedSamples'] ?? 0);
        }
        if (one['type'] !== 'candidate-pair') return;
        const end = (of: string): string => {
          const it = stats.get(String(one[of])) as Record<string, unknown> | undefined;
          return `${it?.['candidateType']} ${it?.['protocol']} ${it?.['address']}:${it?.['port']}`;
        };
        ways.push(`${end('localCandidateId')} > ${end('remoteCandidateId')} ${one['state']}${one['nominated'] ? ' nominated' : ''}`);
      });
      const found = ways.sort().join('; ');
      if (found !== pairs) note(`pairs: ${(pairs = found)}`);
      if (packets >= 0 && now > packets) note(`sound +${now - packets}`);
      if (packets >= 0 && concealed - madeUp > 480) note(`made up ${Math.round((concealed - madeUp) / 48)} ms`);
      [packets, madeUp] = [now, concealed];
    }, 100);
  };
  const own = RTCPeerConnection.prototype;
  for (const name of ['setRemoteDescription', 'setLocalDescription'] as const) {
    const really = own[name] as (description?: RTCSessionDescriptionInit) => Promise<void>;
    own[name] = async function (this: RTCPeerConnection, description?: RTCSessionDescriptionInit) {
      follow(this);
      note(`${name} begins`);
      await really.call(this, description);
      note(`${name} done`);
    } as typeof own.setRemoteDescription;
  }
}

// In lines, from this moment (ms of the calendar) on; sound that comes steadily is told once.
export async function traced(person: Person, since: number): Promise<string[]> {
  const all = await person.driver.evaluate(() => window.traced, null);
  const lines: string[] = [];
  let sounded = -Infinity;
  for (const { at, what } of all) {
    if (at < since) continue;
    const isSound = what.startsWith('sound');
    if (isSound && at - sounded < 400) {
      sounded = at;
      continue;
    }
    if (isSound) sounded = at;
    lines.push(`${((at - since) / 1000).toFixed(3).padStart(8)}  ${what}`);
  }
  return lines;
}
