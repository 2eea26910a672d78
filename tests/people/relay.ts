// SPDX-License-Identifier: Apache-2.0
// A relay for one story: coturn as `quietroom turn` sets it, with a certificate of a test authority that is made here and that
// browsers trust who are started with `home` (Chromium) or `profile` (Firefox). It has a name, which a file of hosts over this
// namespace's own says (Firefox speaks TLS to no relay without one). Everything of it lies in one folder, which goes with it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietroom, type Server } from './server.ts';

const openssl = (words: string[], cwd: string): void => void execFileSync('openssl', words, { cwd, stdio: 'pipe' });
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

const name = 'turn.test';

// An authority, and a certificate of it for the relay: ca.pem, cert.pem, key.pem.
function certify(folder: string): void {
  openssl(['req', '-x509', ...key, '-days', '2', '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=Test authority', '-addext', 'keyUsage=critical,keyCertSign'], folder);
  openssl(['req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', `/CN=${name}`], folder);
  writeFileSync(join(folder, 'extensions'), `subjectAltName=DNS:${name}\nextendedKeyUsage=serverAuth\n`);
  openssl(['x509', '-req', '-in', 'request.pem', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions', '-out', 'cert.pem'], folder);
}

// A certificate database of NSS, which both browsers read, with the authority in it.
function trusting(folder: string, database: string): void {
  mkdirSync(database, { recursive: true });
  execFileSync('certutil', ['-N', '-d', `sql:${database}`, '--empty-password'], { stdio: 'pipe' });
  execFileSync('certutil', ['-A', '-d', `sql:${database}`, '-n', 'Test authority', '-t', 'C,,', '-i', join(folder, 'ca.pem')], { stdio: 'pipe' });
}

const listens = (address: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

export class Relay {
  readonly #folder = mkdtempSync(join(tmpdir(), 'quietroom-relay-'));
  #coturn: ChildProcess | null = null;
  #ended: Promise<void> = Promise.resolve();
  #secret = '';
  #named = false;

  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  // The one line of configuration, as an argument of the server.
  get setting(): string[] {
    return ['--media-turn', `turns:${name}:443`];
  }
  get #hosts(): string {
    return join(this.#folder, 'hosts');
  }
  get home(): string {
    return join(this.#folder, 'home');
  }
  get profile(): string {
    return join(this.#folder, 'profile');
  }

  // For a server that runs with `setting`.
  async start(server: Server): Promise<void> {
    certify(this.#folder);
    trusting(this.#folder, join(this.home, '.pki', 'nssdb'));
    trusting(this.#folder, this.profile);
    writeFileSync(this.#hosts, `${readFileSync('/etc/hosts', 'utf8')}\n${this.address} ${name}\n`);
    execFileSync('mount', ['--bind', this.#hosts, '/etc/hosts'], { stdio: 'pipe' });
    this.#named = true;
    const data = join(server.folder, 'data');
    const settings = join(this.#folder, 'turnserver.conf');
    const listen = ['--media-listen', process.env['TEST_MEDIA_ADDRESSES'] ?? '127.0.0.1'];
    writeFileSync(settings, execFileSync(quietroom, ['turn', '--data', data, ...this.setting, ...listen]), { mode: 0o600 });
    this.#secret = readFileSync(join(data, 'turn-secret'), 'utf8').trim();
    const its = (file: string) => join(this.#folder, file);
    // Besides what it prints: where this machine has things, and that nothing lies anywhere else.
    const here = ['--cert', its('cert.pem'), '--pkey', its('key.pem'), '--listening-ip', this.address, '--relay-ip', this.address, '--pidfile', its('pid'), '--userdb', its('turndb')];
    this.#coturn = spawn('turnserver', ['-c', settings, ...here], { stdio: 'ignore' });
    let over = false;
    this.#ended = new Promise<void>((resolve) => this.#coturn!.once('exit', () => resolve())).then(() => void (over = true));
    while (!(await listens(this.address, 443))) if (over) throw new Error('coturn ended before it listened');
  }

  // As the room says it to a browser, with a username that holds until then (Unix time).
  opened(until: number): { urls: string; username: string; credential: string } {
    const username = `${until}:somebody`;
    return { urls: `turns:${name}:443?transport=tcp`, username, credential: createHmac('sha1', this.#secret).update(username).digest('base64') };
  }

  // What coturn's own client says who asks it to send to somebody, with such a username.
  asksFor(peer: string, until: number): string {
    const { username, credential } = this.opened(until);
    const words = ['-t', '-S', '-p', '443', '-u', username, '-w', credential, '-e', peer, '-r', '9', '-n', '1', '-c', this.address];
    try {
      return execFileSync('turnutils_uclient', words, { stdio: 'pipe', encoding: 'utf8' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `${stdout}${stderr}`;
    }
  }

  async stop(): Promise<void> {
    this.#coturn?.kill('SIGTERM');
    await this.#ended;
    if (this.#named) execFileSync('umount', ['/etc/hosts'], { stdio: 'pipe' });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
