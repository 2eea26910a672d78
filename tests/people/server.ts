// SPDX-License-Identifier: Apache-2.0
// A real Quietroom server of its own for one story: its own ports, data folder and links; stops with the story. What it
// logs is kept, so that a story can look for what must not be there.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, existsSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atOurEnd } from './ending.ts';

export const tree = join(import.meta.dirname, '..', '..');
// The programs that are tried: as people run them, or (./test) with the sanitizers in them.
const programs = join(tree, 'build', process.env['TEST_PROGRAMS'] ?? 'release');
export const quietroom = join(programs, 'src', 'app', 'quietroom');
// People made up give way to the browsers that are looked at: with sanitizers in them they need much of a small machine.
export const quietroomLoad = ['nice', '-n', process.env['TEST_PROGRAMS'] === 'asan' ? '10' : '0', join(programs, 'tests', 'load', 'quietroom-load')] as const;
export const quietroomBridge = join(programs, 'tests', 'bridge', 'quietroom-bridge');

export interface Link {
  seat: number;
  role: 'facilitator' | 'co_facilitator' | 'supporter' | 'member';
  alias: string;
  link: string; // the secret; the address is <server>/join#<secret>
}

export interface Server {
  url: string;
  port: number;
  rooms: { room: string; links: Link[] }[];
  log(): string;
  pid: number;
  folder: string;
  linksFile: string;
  callProcess(): number; // the call process of this server; 0 where there is none
  die(): Promise<void>; // kill -9 of the service alone: its call process goes on
  again(): Promise<void>; // the service starts anew, on the same port and folder
  stop(): Promise<void>;
}

export interface ServerOptions {
  rooms?: number;
  people?: number;
  arguments?: string[];
  binary?: string;
  folder?: string;
  port?: number; // 0 or none: a free one
  mediaListen?: string; // addresses for media, else as below
}

// Resolves once the file holds whole JSON, by watching its folder.
function jsonFile<T>(path: string, child: ChildProcess, log: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const folder = join(path, '..');
    const attempt = () => {
      if (!existsSync(path)) return;
      try {
        const value = JSON.parse(readFileSync(path, 'utf8')) as T;
        watcher.close();
        child.off('exit', gone);
        resolve(value);
      } catch {
        // not yet whole: the next change tells
      }
    };
    const gone = () => {
      watcher.close();
      reject(new Error(`the server ended before it listened:\n${log()}`));
    };
    const watcher = watch(folder, attempt);
    child.once('exit', gone);
    attempt();
  });
}

// A process of this user whose command line has all these words; 0 where there is none.
function processWith(...words: string[]): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0');
      if (words.every((word) => line.includes(word))) return Number(name);
    } catch {
      // gone meanwhile
    }
  }
  return 0;
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'quietroom-story-'));
  const listeningFile = join(folder, 'listening.json');
  const linksFile = join(folder, 'links.json');
  const binary = options.binary ?? quietroom;
  let output = '';
  const log = () => output;

  const launch = async (port: number) => {
    rmSync(listeningFile, { force: true });
    const child = spawn(
      binary,
      [
        'serve',
        '--demo',
        ...['--demo-rooms', String(options.rooms ?? 1)],
        ...['--people', String(options.people ?? 10)],
        ...['--links-file', linksFile],
        ...['--listening-file', listeningFile],
        ...['--data', join(folder, 'data')],
        ...['--web', join(tree, 'build', 'web')],
        ...['--http-port', String(port), '--media-port', '0'],
        // Set by tests/in_namespace, where there is an address that Firefox pairs.
        ...['--media-listen', options.mediaListen ?? process.env['TEST_MEDIA_ADDRESSES'] ?? '127.0.0.1'],
        ...(options.arguments ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const listening = await jsonFile<{ http: number }>(listeningFile, child, log);
    return { child, ended, port: listening.http };
  };

  const callProcess = () => processWith('call', join(folder, 'data', 'call.sock'));
  const endCallProcess = () => {
    const pid = callProcess();
    if (pid > 0) process.kill(pid, 'SIGKILL');
  };
  let service = await launch(options.port ?? 0);
  const { port } = service;
  const rooms = JSON.parse(readFileSync(linksFile, 'utf8')) as Server['rooms'];
  const stopped = atOurEnd(() => {
    service.child.kill('SIGKILL');
    endCallProcess();
  });
  return {
    url: `http://localhost:${port}`,
    port,
    rooms,
    log,
    get pid() {
      return service.child.pid!;
    },
    folder,
    linksFile,
    callProcess,
    async die() {
      service.child.kill('SIGKILL');
      await service.ended;
    },
    async again() {
      service = await launch(port);
    },
    async stop() {
      service.child.kill('SIGTERM');
      await service.ended;
      endCallProcess(); // where its service was not there to stop it
      stopped();
      rmSync(folder, { recursive: true, force: true });
      const [found] = /^.*(?:Sanitizer|runtime error): (?:.*\n){0,12}/m.exec(output) ?? [];
      if (found) throw new Error(`the server ran, and its sanitizers say: ${found}`);
    },
  };
}
