// SPDX-License-Identifier: Apache-2.0
// A line that may be poor, for real browsers: everything between the far side (a network namespace of its own) and the near one
// (that of the test, with the server) goes over quietroom-bridge: pages, WebSocket, media. Opened before the server is started,
// which then has an address on it. Nothing is left behind: the namespace is there as long as the bridge, and the bridge as the test.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser as Chromium } from 'playwright-core';
import { launchChromium } from './browsers.ts';
import { forward } from './forward.ts';
import { quietroomBridge, tree } from './server.ts';

// What one direction is like; what is left out is as on a good line of 20 ms (tests/bridge/commands.cpp, tests/sim/line.h).
export interface LineIs {
  latency_ms?: number;
  jitter_ms?: number; // up to this much more
  loss?: number; // shares, 0 to 1
  duplicate?: number;
  reorder?: number;
  late_ms?: number; // of what is reordered
  bits_per_second?: number;
  queue_ms?: number; // what would wait longer is dropped
  gap_ms?: number; // nothing passes for so long
  gap_every_ms?: number; // out of each so long
  burst_begin?: number;
  burst_end?: number;
  burst_loss?: number;
  cross_bits_per_second?: number;
}

export interface Direction {
  packets: number;
  bytes: number;
  carried_packets: number;
  carried_bytes: number;
  lost: number;
  queue_dropped: number;
  latest_us: number;
}

export const noLine: LineIs = { loss: 1 };
const [near, far] = ['10.80.0.1', '10.80.0.2'];

export class Line {
  readonly #bridge: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #answers: AsyncIterator<string>;
  readonly #addresses: string | undefined;
  readonly #servers: Server[] = [];
  readonly #forwarders: ChildProcess[] = [];
  #farAddress = far;
  #folder: string | null = null;
  #asked: Promise<unknown> = Promise.resolve();

  private constructor(seed: number) {
    this.#bridge = spawn(quietroomBridge, ['line0', 'line1', String(seed)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = new Promise((resolve) => this.#bridge.once('exit', () => resolve()));
    this.#answers = createInterface(this.#bridge.stdout!)[Symbol.asyncIterator]();
    this.#addresses = process.env['TEST_MEDIA_ADDRESSES'];
  }

  static async open(seed = 1): Promise<Line> {
    const line = new Line(seed);
    if ((await line.#answers.next()).value !== 'ready') throw new Error('the bridge did not start (is /dev/net/tun there?)');
    // No addresses of IPv6: their discovery would be counted as traffic.
    for (const [device, words] of [['line0', `address add ${near} peer ${far}`], ['line1', `address add ${far} peer ${near}`]] as const) {
      const ip = (more: string) => line.#ip(device === 'line1', more);
      ip(`link set ${device} addrgenmode none`);
      ip(`${words} dev ${device}`);
      ip(`link set ${device} up`);
    }
    line.#ip(true, 'link set lo up');
    line.#ip(true, 'route add default dev line1');
    process.env['TEST_MEDIA_ADDRESSES'] = [line.#addresses ?? '127.0.0.1', near].join(',');
    return line;
  }

  get network(): string {
    return `/proc/${this.#bridge.pid}/ns/net`;
  }

  #ip(isFar: boolean, words: string): void {
    const command = ['ip', ...words.split(' ')];
    execFileSync(isFar ? 'nsenter' : command[0]!, isFar ? [`--net=${this.network}`, ...command] : command.slice(1), { stdio: 'pipe' });
  }

  // One answer a command, in order.
  #tell(command: { down?: LineIs; up?: LineIs }): Promise<{ down: Direction; up: Direction }> {
    const answer = this.#asked.then(async () => {
      this.#bridge.stdin!.write(`${JSON.stringify(command)}\n`);
      const { value } = (await this.#answers.next()) as { value?: string };
      const said = JSON.parse(value ?? '{"error":"the bridge has ended"}') as { down: Direction; up: Direction; error?: string };
      if (said.error !== undefined) throw new Error(`quietroom-bridge: ${said.error}`);
      return said;
    });
    this.#asked = answer.catch(() => {});
    return answer;
  }

  // Towards the far side, and from it.
  down = (is: LineIs) => this.#tell({ down: is });
  up = (is: LineIs) => this.#tell({ up: is });
  both = (is: LineIs) => this.#tell({ down: is, up: is });
  counters = () => this.#tell({});

  // On the far side this port of localhost leads to the server's.
  async leadsTo(port: number): Promise<void> {
    this.#servers.push(await forward(`${near}:${port}`, `127.0.0.1:${port}`));
    await this.#forwardThere(`127.0.0.1:${port}`, `${near}:${port}`);
  }

  // A forwarder on the far side.
  async #forwardThere(from: string, to: string): Promise<void> {
    const child = spawn('nsenter', [`--net=${this.network}`, join(tree, 'tests', 'node'), join(import.meta.dirname, 'forward.ts'), from, to], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#forwarders.push(child);
    await new Promise<void>((resolve, reject) => {
      child.stdout!.once('data', () => resolve());
      child.once('exit', () => reject(new Error('the forwarder of the far side ended')));
    });
  }

  chromium(options: Parameters<typeof launchChromium>[0] = {}): Promise<Chromium> {
    return launchChromium({ ...options, network: this.network });
  }

  // How Firefox is launched there. It is steered by a port of its own localhost, which a Unix socket makes one of ours: not over the line.
  async firefox(): Promise<{ network: string; port: number }> {
    const port = 9_222;
    this.#folder = mkdtempSync(join(tmpdir(), 'quietroom-line-'));
    const path = join(this.#folder, 'firefox.sock');
    await this.#forwardThere(path, `127.0.0.1:${port}`);
    this.#servers.push(await forward(`127.0.0.1:${port}`, path));
    return { network: this.network, port };
  }

  // What the network of the far side does not let out, in nft's words, e.g. "meta l4proto udp"; instead of what it did not before.
  refuses(...matches: string[]): void {
    const nft = (words: string) => execFileSync('nsenter', [`--net=${this.network}`, 'nft', words], { stdio: 'pipe' });
    nft('add table inet far');
    nft('delete table inet far');
    nft('add table inet far');
    nft('add chain inet far output { type filter hook output priority 0 ; }');
    for (const match of matches) nft(`add rule inet far output oifname line1 ${match} drop`);
  }

  // The far side loses its address and has another, as a phone that goes from Wi-Fi to mobile data.
  moves(): string {
    const next = this.#farAddress.replace(/\d+$/, (last) => String(Number(last) + 1));
    this.#ip(true, `address del ${this.#farAddress} peer ${near} dev line1`);
    this.#ip(true, `address add ${next} peer ${near} dev line1`);
    this.#ip(true, 'route replace default dev line1');
    this.#ip(false, `route replace ${next} dev line0`);
    this.#farAddress = next;
    return next;
  }

  async close(): Promise<void> {
    if (this.#addresses === undefined) delete process.env['TEST_MEDIA_ADDRESSES'];
    else process.env['TEST_MEDIA_ADDRESSES'] = this.#addresses;
    for (const child of this.#forwarders) child.kill('SIGKILL');
    for (const server of this.#servers) server.close();
    this.#bridge.stdin!.end();
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    await this.#ended;
  }
}
