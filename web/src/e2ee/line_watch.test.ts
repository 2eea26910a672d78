// SPDX-License-Identifier: Apache-2.0
// What is read of a browser's report and of the worker's answers, and when: the figures are those that Chromium 156 and Firefox 153
// gave. Not here: the judgement (watchdog.test.ts).
import { describe, expect, it } from 'vitest';
import { type FramesWorker, Frames } from './attach';
import type { FromFrames, ToFrames } from './frames_worker';
import { type LineCount, type LineCounts, LineWatch, readingsOf, type WatchedLine } from './line_watch';

const lines: WatchedLine[] = [
  { mid: 'm', way: 'send', kind: 'audio', source: 'microphone' },
  { mid: 'c', way: 'send', kind: 'video', source: 'camera' },
  { mid: 's0', way: 'receive', kind: 'audio' },
  { mid: 'p0', way: 'receive', kind: 'video' },
];
const report = (...entries: object[]): RTCStatsReport => new Map(entries.map((entry, i) => [String(i), entry])) as unknown as RTCStatsReport;
const counts = (of: Record<string, [number, number, string?]>): LineCounts =>
  new Map(Object.entries(of).map(([name, [taken, passed, life = '1']]): [string, LineCount] => [name, { life, taken, passed }]));

describe('a reading', () => {
  const chromium = report(
    { type: 'outbound-rtp', kind: 'audio', mid: 'm', packetsSent: 149, retransmittedPacketsSent: 2, bytesSent: 18_246 },
    { type: 'outbound-rtp', kind: 'video', mid: 'c', rid: 'h', framesEncoded: 35, packetsSent: 37 },
    { type: 'outbound-rtp', kind: 'video', mid: 'c', rid: 'f', framesEncoded: 0, packetsSent: 0 },
    { type: 'outbound-rtp', kind: 'video', mid: 'c', rid: 'q', framesEncoded: 48, packetsSent: 223 },
    { type: 'remote-inbound-rtp', kind: 'audio', packetsReceived: 140 },
    { type: 'inbound-rtp', kind: 'audio', mid: 's0', packetsReceived: 157 },
    { type: 'inbound-rtp', kind: 'video', mid: 'p0', framesReceived: 27, packetsReceived: 38 },
    { type: 'inbound-rtp', kind: 'video', mid: 'of no line', framesReceived: 9 },
  );

  it('is of the frames that were sealed, kept back or opened, and of all layers together', () => {
    const before = counts({ 'send microphone': [170, 145], 'send camera': [80, 68], 'receive s0': [150, 139], 'receive p0': [32, 26] });
    const after = counts({ 'send microphone': [174, 149], 'send camera': [83, 71], 'receive s0': [158, 139], 'receive p0': [32, 27] });
    expect(readingsOf(chromium, lines, before, after)).toEqual([
      { line: 'm', life: '1', counted: 147, before: 145, after: 149 },
      { line: 'c', life: '1', counted: 83, before: 80, after: 83 },
      { line: 's0', life: '1', counted: 157, before: 150, after: 158 },
      { line: 'p0', life: '1', counted: 27, before: 26, after: 27 },
    ]);
  });

  it('is none where the worker was another one, and of nought where it was never given the line', () => {
    expect(readingsOf(chromium, lines, counts({ 'send camera': [80, 68, '1'] }), counts({ 'send camera': [2, 2, '2'] })).map(({ line, after }) => [line, after])).toEqual([
      ['m', 0],
      ['s0', 0],
      ['p0', 0],
    ]);
    expect(readingsOf(report(), lines, counts({}), counts({}))).toEqual([]);
  });
});

describe('a look', () => {
  const setUp = () => {
    const told: string[] = [];
    const asked: string[] = [];
    let [sent, sealed] = [0, 0];
    const answers: ((counts: LineCounts | null) => void)[] = [];
    const watch = new LineWatch((line) => told.push(line.mid));
    const worker = {
      counts: () => {
        asked.push('worker');
        return new Promise<LineCounts | null>((resolve) => answers.push(resolve));
      },
    };
    const look = () =>
      watch.look(worker, lines, () => {
        asked.push('browser');
        return Promise.resolve(report({ type: 'outbound-rtp', mid: 'm', packetsSent: sent }));
      });
    const answer = async (given: LineCounts | null = counts({ 'send microphone': [sealed, sealed] })) => {
      answers.shift()?.(given);
      for (let i = 0; i < 10; i += 1) await Promise.resolve();
    };
    const whole = async (more: { sent: number; sealed: number }) => {
      [sent, sealed] = [sent + more.sent, sealed + more.sealed];
      const looked = look();
      await answer();
      await answer();
      await looked;
    };
    return { told, asked, watch, look, answer, whole };
  };

  it('asks the worker before the browser and after it, and tells the line that goes past', async () => {
    const { asked, told, whole } = setUp();
    await whole({ sent: 35, sealed: 35 });
    expect(asked).toEqual(['worker', 'browser', 'worker']);
    await whole({ sent: 35, sealed: 0 });
    await whole({ sent: 35, sealed: 0 });
    expect(told).toEqual(['m']);
  });

  it('waits for a worker that does not answer, asks it no more meanwhile, and judges nothing', async () => {
    const { asked, told, look, answer } = setUp();
    void look();
    for (let i = 0; i < 20; i += 1) await look();
    expect(asked).toEqual(['worker']);
    await answer(null);
    await answer(null);
    expect(told).toEqual([]);
    void look();
    expect(asked).toEqual(['worker', 'browser', 'worker', 'worker']);
  });

  it('of a connection that is gone counts for nothing', async () => {
    const { told, watch, look, answer, whole } = setUp();
    await whole({ sent: 35, sealed: 0 });
    const late = look();
    await answer();
    watch.forget();
    await answer();
    await late;
    await whole({ sent: 0, sealed: 0 });
    expect(told).toEqual([]);
  });
});

describe('the worker’s counts', () => {
  const setUp = () => {
    const workers: (FramesWorker & { heard: ToFrames[] })[] = [];
    const frames = new Frames(
      () => {
        const heard: ToFrames[] = [];
        workers.push({ heard, postMessage: (message) => void heard.push(message), terminate: () => undefined, onmessage: null, onerror: null });
        return workers.at(-1)!;
      },
      { source: () => undefined, keyFrameNeeded: () => undefined, restarted: () => undefined },
    );
    const says = (message: FromFrames, worker = workers.at(-1)!) => worker.onmessage?.({ data: message } as MessageEvent<FromFrames>);
    const answered = async (said: Extract<FromFrames, { say: 'counts' }>['lines']) => {
      const counted = frames.counts();
      says({ say: 'counts', lines: said });
      return counted;
    };
    return { frames, workers, says, answered };
  };
  // A browser with encoded streams, so that nothing of a real one is needed.
  const sender = { createEncodedStreams: () => ({ readable: {}, writable: {} }) } as unknown as RTCRtpSender;

  it('are nought for a line that it has not heard of, and those of the newest transform of a source', async () => {
    const { frames, answered } = setUp();
    frames.sending(sender, 'audio', 'microphone');
    expect([...(await answered([]))!]).toEqual([['send microphone', { life: '1 1', taken: 0, passed: 0 }]]);
    frames.connectionGone();
    frames.sending(sender, 'audio', 'microphone');
    const line = (start: number) => ({ way: 'send', kind: 'audio', source: 'microphone', start }) as const;
    const old = { line: line(0), frames: 500, taken: 525 };
    expect([...(await answered([old]))!]).toEqual([['send microphone', { life: '1 2', taken: 0, passed: 0 }]]);
    expect([...(await answered([old, { line: line(1), frames: 3, taken: 4 }]))!]).toEqual([['send microphone', { life: '1 2', taken: 4, passed: 3 }]]);
  });

  it('are not said by a worker that died, nor waited for; its streams cannot be taken twice, so nothing is judged until the next connection', async () => {
    const { frames, workers, answered } = setUp();
    frames.sending(sender, 'audio', 'microphone');
    const [counted, figures] = [frames.counts(), frames.figures()];
    workers[0]!.onerror?.({} as ErrorEvent);
    expect([await counted, await figures, await frames.counts()]).toEqual([null, [], null]);
    frames.connectionGone();
    frames.sending(sender, 'audio', 'microphone');
    expect([...(await answered([]))!.values()].map(({ life }) => life)).toEqual(['2 2']);
    frames.close();
  });
});
