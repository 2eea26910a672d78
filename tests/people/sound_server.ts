// SPDX-License-Identifier: Apache-2.0
// A PulseAudio server with one null sink, of its own for a story: Firefox plays nothing, and its AudioContext stands still,
// without a sound device. Not for Chromium, which makes do by itself.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SoundServer {
  environment: Record<string, string>;
  stop(): Promise<void>;
}

// `echoing`: what is played stands in a microphone as well, as with a loudspeaker in a bare room.
export async function startSoundServer(options: { echoing?: boolean } = {}): Promise<SoundServer> {
  const folder = mkdtempSync(join(tmpdir(), 'quietroom-sound-'));
  const socket = join(folder, 'native');
  const child = spawn(
    'pulseaudio',
    [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=-1',
      '--disable-shm=yes',
      '-L',
      'module-null-sink sink_name=quiet',
      // Browsers leave monitors out of their microphones; under another name it is one.
      ...(options.echoing ? ['-L', 'module-remap-source source_name=room master=quiet.monitor source_properties=device.description=Room'] : []),
      '-L',
      `module-native-protocol-unix auth-anonymous=1 socket=${socket}`,
      '--log-level=info',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, XDG_RUNTIME_DIR: folder, HOME: folder } },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let log = '';
    const look = (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes('Daemon startup complete')) resolve();
    };
    child.stderr.on('data', look);
    child.stdout.on('data', look);
    child.once('exit', () => reject(new Error(`PulseAudio ended:\n${log}`)));
  });
  return {
    environment: { PULSE_SERVER: `unix:${socket}`, XDG_RUNTIME_DIR: folder },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
