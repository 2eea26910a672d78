// SPDX-License-Identifier: Apache-2.0
// Debian's Janus with rooms of its videoroom plugin: a configuration of its own in a folder of its own, started and stopped here.
// Everything that is not said is Janus's default; what is said is its address, that ICE is lite as in our server (our people are always
// the controlling side, RFC 8445 section 6.1.1), that nothing is recorded, and room for everyone's bit rate.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endsWithUs } from '../tests/people/ending.ts';
import { pause } from './measure.ts';

export interface Janus {
  url: string;
  pid: number;
  firstRoom: number;
  version: string; // as it says it
  log(): string;
  stop(): Promise<void>;
}

const program = '/usr/bin/janus';
const modules = '/usr/lib/x86_64-linux-gnu/janus';

export interface JanusOptions {
  rooms: number;
  people: number; // a room
  address: string; // of the machine, where media go: Janus takes no address of the loopback interface
  eventLoops?: number; // threads that connections share; none: a thread for each connection, Janus's default
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve((socket.destroy(), true)));
    socket.once('error', () => resolve(false));
  });

// Plugin and transport that are wanted stand alone in folders, so that nothing else is loaded, and nothing else listens.
function configure(folder: string, port: number, firstRoom: number, options: JanusOptions): void {
  const only = (kind: string, name: string) => {
    mkdirSync(join(folder, kind));
    symlinkSync(join(modules, kind, name), join(folder, kind, name));
    return join(folder, kind);
  };
  const nothing = join(folder, 'nothing');
  mkdirSync(nothing);
  const settings = join(folder, 'settings');
  mkdirSync(settings);
  writeFileSync(
    join(settings, 'janus.jcfg'),
    `general: {
  configs_folder = "${settings}"
  plugins_folder = "${only('plugins', 'libjanus_videoroom.so')}"
  transports_folder = "${only('transports', 'libjanus_websockets.so')}"
  events_folder = "${nothing}"
  loggers_folder = "${nothing}"
  interface = "127.0.0.1"
  debug_level = 3
${options.eventLoops === undefined ? '' : `  event_loops = ${options.eventLoops}\n`}}
nat: {
  ice_lite = true
  ice_enforce_list = "${options.address}"
}
`,
  );
  writeFileSync(
    join(settings, 'janus.transport.websockets.jcfg'),
    `general: {
  ws = true
  ws_port = ${port}
  ws_ip = "127.0.0.1"
  wss = false
}
admin: {
  admin_ws = false
}
`,
  );
  const room = (number: number) => `room-${number}: {
  publishers = ${options.people}
  bitrate = 50000000
  audiocodec = "opus"
  videocodec = "vp8"
  record = false
}
`;
  writeFileSync(join(settings, 'janus.plugin.videoroom.jcfg'), Array.from({ length: options.rooms }, (_, i) => room(firstRoom + i)).join(''));
}

export async function startJanus(options: JanusOptions): Promise<Janus> {
  if (!existsSync(program)) throw new Error('Janus is not installed (Debian package janus)');
  const folder = mkdtempSync(join(tmpdir(), 'quietroom-janus-'));
  const port = await freePort();
  const firstRoom = 1;
  configure(folder, port, firstRoom, options);
  const logFile = join(folder, 'log');
  const out = openSync(logFile, 'w');
  const child: ChildProcess = spawn(program, ['--configs-folder', join(folder, 'settings'), '--disable-colors'], { stdio: ['ignore', out, out] });
  const log = () => readFileSync(logFile, 'utf8');
  endsWithUs(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`Janus ended before it listened:\n${log()}`);
    await pause(50);
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid!,
    firstRoom,
    version: /Janus version: .*\(([^)]+)\)/.exec(log())?.[1] ?? 'unknown',
    log,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
