// SPDX-License-Identifier: Apache-2.0
// ./run --check: the main job, unattended. One session of ten (three Chromium, one Firefox, six synthetic people), each with
// its own tone and colour code, through the waiting room, encrypted end to end; then at every person, which tone and which code
// arrived in which tile, and which four words their device shows. Prints all 90 pairs and the words that all ten share, saves
// screenshots under build/check/, exits 0 only if every pair holds and all ten have the same words.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Group } from '../people/group.ts';
import type { Person } from '../people/person.ts';
import { tree } from '../people/server.ts';
import { wordsEn } from '../../web/src/e2ee/words_en.ts';

interface Pair {
  viewer: number;
  of: number;
  code: number | null;
  tone: number | null;
  frames: number;
  joinMs: number | null;
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const folder = join(tree, 'build', 'check');
mkdirSync(folder, { recursive: true });
say('Starting a server and four browsers');
const group = await Group.open({ people: 10 });
let held = false;
try {
  const facilitatorIndex = group.indexOf('facilitator');
  const members = group.links.flatMap((link, index) => (link.role === 'facilitator' ? [] : [index]));
  const inChromium = [facilitatorIndex, members[0]!, members[1]!];
  const inFirefox = members[2]!;
  const synthetic = members.slice(3);
  const browsers: { index: number; person: Person; joinMs: number | null }[] = [];
  for (const index of inChromium) browsers.push({ index, person: await group.person(index), joinMs: null });
  browsers.push({ index: inFirefox, person: await group.personInFirefox(inFirefox), joinMs: null });
  const facilitator = browsers[0]!;
  say(`${facilitator.person.alias} leads; ${browsers.length} browsers and ${synthetic.length} synthetic people arrive and wait`);
  await facilitator.person.arrive('camera', 'microphone');
  await facilitator.person.isInRoom();
  const people = group.synthetic(synthetic, ['--decode', 'sample', '--settle', '30']);
  for (const { person } of browsers.slice(1)) {
    await person.arrive('camera', 'microphone');
    await person.sees('wait.title');
  }
  for (const index of synthetic) await facilitator.person.admits(group.link(index));
  for (const browser of browsers.slice(1)) {
    const clicked = performance.now();
    await facilitator.person.admits(browser.person);
    await browser.person.isInRoom();
    browser.joinMs = performance.now() - clicked;
  }
  say('Everyone is in; looking and listening at each person');
  const all = group.links.map((_, index) => index);
  const pairs: Pair[] = [];
  for (const { index, person, joinMs } of browsers) {
    const expected = group.expected(all.filter((other) => other !== index));
    const failure = await person.seesAndHears(expected, 90_000).then(
      () => null,
      (error: Error) => error.message,
    );
    if (failure) say(`  ${failure}`);
    const tiles = await person.tiles();
    for (const other of all.filter((candidate) => candidate !== index)) {
      const tile = tiles.find((candidate) => candidate.seat === group.link(other).seat);
      pairs.push({ viewer: index, of: other, code: tile?.code ?? null, tone: tile?.tone ?? null, frames: tile?.frames ?? 0, joinMs });
    }
    await person.driver.screenshot(join(folder, `${String(index).padStart(2, '0')}-${person.driver.browser}.png`));
  }
  say('Reading the words to compare at each person');
  const words = new Map<number, string>();
  for (const { index, person } of browsers) words.set(index, (await person.readsWords()).join(' '));
  const reports = await people.stop();
  for (const report of reports) words.set(report.index, report.words.map((number) => wordsEn[number]).join(' '));
  for (const report of reports)
    for (const other of all.filter((candidate) => candidate !== report.index)) {
      const heard = report.heard.find((candidate) => candidate.seat === group.link(other).seat);
      pairs.push({
        viewer: report.index,
        of: other,
        code: heard?.code ?? null,
        tone: heard?.tone ?? null,
        frames: heard?.frames ?? 0,
        joinMs: report.join_ms,
      });
    }
  const right = (pair: Pair) => pair.code === pair.of && pair.tone === pair.of && pair.frames > 0;
  const who = (index: number) =>
    inChromium.includes(index) ? 'Chromium' : index === inFirefox ? 'Firefox' : 'synthetic';
  say('\nperson       kind        join    sees and hears (frames decoded from each; ! where code or tone is not theirs)');
  for (const viewer of all) {
    const row = pairs.filter((pair) => pair.viewer === viewer);
    const join = row[0]?.joinMs;
    say(
      `${group.link(viewer).alias.padEnd(12)} ${who(viewer).padEnd(10)} ${join === null || join === undefined ? '    –   ' : `${Math.round(join)} ms`.padStart(8)}  ` +
        row.map((pair) => `${group.link(pair.of).alias.slice(0, 6)} ${pair.frames}${right(pair) ? '' : `!(${pair.code}/${pair.tone})`}`).join('  '),
    );
  }
  const good = pairs.filter(right).length;
  const shared = new Set(words.values());
  const [first] = shared;
  const encrypted = words.size === 10 && shared.size === 1 && first?.split(' ').length === 4 && reports.every((report) => report.encrypted);
  if (encrypted) say(`\nEncrypted end to end. The words that all ten share: ${first}`);
  else for (const [index, said] of words) say(`  ${group.link(index).alias}: ${said || 'no words'}`);
  for (const { index, frames, unsealed, faults } of reports)
    say(`  ${group.link(index).alias.padEnd(12)} opened ${frames.opened} frames, not ${frames.waited + frames.replayed + frames.refused + frames.of_another} (no key yet ${frames.waited}, replayed ${frames.replayed}, refused ${frames.refused}, another's ${frames.of_another}); before there were keys ${unsealed} not sent${faults.length ? `; ${faults.join('; ')}` : ''}`);
  held = encrypted && good === 90 && pairs.length === 90 && group.watched.errors.length === 0 && group.watched.foreign.length === 0;
  say(`\n${good} of 90 pairs hold. Page errors: ${group.watched.errors.length}. Requests to other hosts: ${group.watched.foreign.length}.`);
  for (const error of group.watched.errors) say(`  ${error}`);
  say(`Screenshots: build/check/`);
  writeFileSync(join(folder, 'pairs.json'), JSON.stringify(pairs, null, 1));
} catch (error) {
  say(`The check stopped: ${(error as Error).message}`);
  writeFileSync(join(folder, 'server.log'), group.server.log());
  say('What the server logged is in build/check/server.log');
} finally {
  await group.close();
}
process.exit(held ? 0 : 1);
