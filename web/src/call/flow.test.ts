// SPDX-License-Identifier: Apache-2.0
// Silence on a line, in virtual time.
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { countsOf, Flow } from './flow';

let clock: VirtualClock;
let counts: Map<string, number>;
let said: string[];
let expected: boolean;
let broken: boolean;
let flow: Flow;

beforeEach(() => {
  clock = new VirtualClock();
  counts = new Map();
  said = [];
  expected = true;
  broken = false;
  flow = new Flow(clock, () => (broken ? Promise.reject(new Error('closed')) : Promise.resolve(new Map(counts))), {
    expected: () => expected,
    doubted: () => said.push(`doubted at ${clock.now()}`),
    silent: () => said.push(`silent at ${clock.now()}`),
    heard: () => said.push(`heard at ${clock.now()}`),
  });
  flow.start();
});

const pass = async (ms: number, coming: boolean): Promise<void> => {
  for (let at = 0; at < ms; at += 100) {
    if (coming) counts.set('sound', (counts.get('sound') ?? 0) + 5);
    clock.advance(100);
    for (let i = 0; i < 6; i += 1) await Promise.resolve();
  }
};

describe('a line', () => {
  it('that came steadily and stops is told within three seconds, once, and doubted within one', async () => {
    await pass(5_000, true); // what came last is seen at 5200
    await pass(3_000, false);
    expect(said).toEqual(['doubted at 6000', 'silent at 7200']);
    await pass(60_000, false);
    expect(said).toHaveLength(2);
  });

  it('that is doubted is told at once where the room answers, and not where something came meanwhile', async () => {
    await pass(5_000, true);
    await pass(1_000, false);
    await flow.roomAnswers();
    expect(said).toEqual(['doubted at 6000', 'silent at 6000']);
    await flow.roomAnswers();
    await pass(10_000, false);
    expect(said).toHaveLength(2);
    await pass(5_000, true);
    await pass(1_000, false);
    counts.set('sound', counts.get('sound')! + 1);
    await flow.roomAnswers();
    await pass(500, true);
    expect(said.slice(3).map((words) => words.split(' ')[0])).toEqual(['doubted']);
  });

  it('that is doubted, of which only the packets of silence came, is not told before it is long enough, though the room answers', async () => {
    await pass(5_000, true);
    let doubts = 0;
    // A packet each 400 ms, of which each tenth is lost.
    for (let at = 10; at <= 120_000; at += 10) {
      if (at % 400 === 0 && at % 4_000 !== 0) counts.set('sound', counts.get('sound')! + 1);
      clock.advance(10);
      for (let i = 0; i < 6; i += 1) await Promise.resolve();
      if (!flow.inDoubt) continue;
      doubts += 1;
      await flow.roomAnswers();
    }
    expect(doubts).toBeGreaterThan(0);
    expect(said.filter((words) => !words.startsWith('doubted'))).toEqual([]);
    await pass(3_000, false);
    await flow.roomAnswers();
    expect(said.at(-1)).toMatch(/^silent/);
  });

  it('that was dense for less than two seconds before it is doubted is told no sooner, and then it is', async () => {
    await pass(5_000, true);
    for (let times = 0; times < 3; times += 1) {
      await pass(400, false);
      counts.set('sound', counts.get('sound')! + 1);
    }
    await pass(1_500, true);
    await pass(1_100, false);
    expect(flow.inDoubt).toBe(true);
    await flow.roomAnswers();
    expect(said.map((words) => words.split(' ')[0])).not.toContain('silent');
    await pass(1_500, false);
    expect(said.map((words) => words.split(' ')[0]).at(-1)).toBe('silent');
  });

  it('that is not doubted is not told, whatever answers', async () => {
    await pass(5_000, true);
    await pass(300, false);
    await flow.roomAnswers();
    expect(said).toEqual([]);
  });

  it('is told to be back at the first packet', async () => {
    await pass(5_000, true);
    await pass(6_000, false);
    await pass(1_000, true);
    expect(said).toEqual(['doubted at 6000', 'silent at 7200', 'heard at 11200']);
  });

  it('on which nothing came steadily is never told', async () => {
    await pass(30_000, false);
    await pass(100, true);
    await pass(30_000, false);
    expect(said).toEqual([]);
  });

  it('on which nobody should be sending is not told', async () => {
    await pass(5_000, true);
    expected = false;
    await pass(10_000, false);
    expected = true;
    await pass(10_000, false);
    expect(said).toEqual([]);
  });

  it('with a gap shorter than that is not told', async () => {
    for (let times = 0; times < 5; times += 1) {
      await pass(5_000, true);
      await pass(1_500, false);
    }
    expect(said.filter((words) => !words.startsWith('doubted'))).toEqual([]);
    expect(said).toHaveLength(5);
  });

  it('on which words come with silence between them, a packet each 400 ms, is steady, and is not doubted for that', async () => {
    await pass(5_000, true);
    for (let times = 0; times < 20; times += 1) {
      await pass(300, false);
      await pass(100, true);
    }
    expect(said).toEqual([]);
    await pass(600, false);
    expect(said).toEqual([]);
    await pass(3_000, false);
    expect(said.filter((words) => words.startsWith('silent'))).toHaveLength(1);
  });

  it('of a page that is hidden, whose looks come each second, is told as well', async () => {
    const late = async (coming: boolean): Promise<void> => {
      if (coming) counts.set('sound', (counts.get('sound') ?? 0) + 50);
      clock.advance(1_000);
      for (let i = 0; i < 6; i += 1) await Promise.resolve();
    };
    for (let times = 0; times < 6; times += 1) await late(true);
    for (let times = 0; times < 4; times += 1) await late(false);
    expect(said.map((words) => words.split(' ')[0])).toEqual(['doubted', 'silent']);
  });

  it('of which a stream ends while another goes on is not told', async () => {
    counts.set('picture', 1_000);
    await pass(5_000, true);
    counts.delete('picture');
    await pass(5_000, true);
    expect(said).toEqual([]);
  });

  it('that cannot be read any more counts as silent', async () => {
    await pass(5_000, true);
    broken = true;
    await pass(3_000, true);
    expect(said).toEqual(['doubted at 5600', 'silent at 6800']);
  });

  it('that is let go says nothing more', async () => {
    await pass(5_000, true);
    flow.stop();
    await pass(10_000, false);
    expect(said).toEqual([]);
  });
});

it('counts what came of every stream, and nothing else', () => {
  const report = new Map<string, object>([
    ['a', { type: 'inbound-rtp', id: 'a', packetsReceived: 7 }],
    ['b', { type: 'inbound-rtp', id: 'b' }],
    ['c', { type: 'outbound-rtp', id: 'c', packetsSent: 9 }],
  ]);
  expect([...countsOf(report as unknown as RTCStatsReport)]).toEqual([['a', 7]]);
});
