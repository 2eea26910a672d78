// SPDX-License-Identifier: Apache-2.0
// Lines that go past the worker are found within two spans, and lines that do not never are: late answers, busy workers, quiet
// microphones, counters that begin anew, pauses. A line is played reading by reading in made-up time.
import { describe, expect, it } from 'vitest';
import { type Reading, Watchdog } from './watchdog';

// A line of so many frames a second, looked at every 700 ms: the browser counts a frame, and the worker takes it a little later.
class Line {
  counted = 0;
  worker = 0;
  queued = 0;
  sealing = 1; // of the frames that are counted, how many reach the worker
  queueHolds = Infinity; // what does not fit in it is lost

  constructor(
    readonly name = 'm',
    public life = '1 1',
  ) {}

  // Frames come; the worker takes what has waited, but for `waits`.
  runs(frames: number, waits = 0): this {
    this.counted += frames;
    this.queued = Math.min(this.queueHolds, this.queued + Math.round(frames * this.sealing));
    const takes = Math.max(0, this.queued - waits);
    this.queued -= takes;
    this.worker += takes;
    return this;
  }

  // Between the worker's two answers more frames pass, and the browser is read `early` of them in.
  read(between = 0, early = 0): Reading {
    const before = this.worker;
    this.runs(early);
    const counted = this.counted;
    this.runs(between - early);
    return { line: this.name, life: this.life, counted, before, after: this.worker };
  }
}

const look = (watchdog: Watchdog, ...readings: Reading[]): string[] => watchdog.take(readings);

describe('a line that is sealed', () => {
  it.each([
    ['sound', 35],
    ['a picture of two layers', 34],
    ['a camera that makes three pictures a second', 2],
    ['a quiet microphone', 1],
  ])('is never told: %s, for an hour', (_what, frames) => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 5_000; i += 1) expect(look(watchdog, line.runs(frames).read())).toEqual([]);
  });

  it('may have frames on their way to the worker, however many wait at a reading', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 500; i += 1) expect(look(watchdog, line.runs(35, (i * 7) % 30).read())).toEqual([]);
  });

  it('may be read by a page so busy that the worker answers long after or long before the browser', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 500; i += 1) {
      const between = (i * 13) % 90;
      expect(look(watchdog, line.runs(35).read(between, (i * 5) % (between + 1)))).toEqual([]);
    }
  });

  it('may have a worker that is far behind and loses frames of a full queue, as long as it takes most of them', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    line.queueHolds = 60;
    for (let i = 0; i < 200; i += 1) {
      line.counted += 35;
      line.worker += 20; // the other 15 are lost
      expect(look(watchdog, line.read())).toEqual([]);
    }
  });

  it('may have its worker stand still for one reading', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    look(watchdog, line.runs(35).read());
    for (let i = 0; i < 50; i += 1) {
      expect(look(watchdog, line.runs(35, i % 2 === 0 ? 35 : 0).read())).toEqual([]);
    }
  });

  it('may have a worker that died and was replaced, whose counts begin at nought', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 20; i += 1) look(watchdog, line.runs(35).read());
    for (const life of ['2 2', '3 3', '4 4']) {
      [line.life, line.worker] = [life, 0];
      line.counted += 40; // while there was none
      for (let i = 0; i < 20; i += 1) expect(look(watchdog, line.runs(35).read())).toEqual([]);
    }
  });

  it('may have the browser begin its counts anew', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 20; i += 1) look(watchdog, line.runs(35).read());
    line.counted = 0;
    for (let i = 0; i < 20; i += 1) expect(look(watchdog, line.runs(35).read())).toEqual([]);
  });

  it('may be paused and go on', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (const frames of [35, 35, 0, 0, 0, 0, 35, 1, 0, 35, 35]) expect(look(watchdog, line.runs(frames).read())).toEqual([]);
  });
});

describe('a line that goes past the worker', () => {
  it.each([
    ['sound', 35, 2],
    ['a picture', 17, 2],
    ['a camera that makes three pictures a second: spans that are too short are joined', 2, 6],
    ['a microphone that sends little', 1, 10],
  ])('from its beginning is told at the second span, once: %s', (_what, frames, readings) => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    line.sealing = 0;
    for (let i = 1; i < readings; i += 1) expect(look(watchdog, line.runs(frames).read())).toEqual([]);
    expect(look(watchdog, line.runs(frames).read())).toEqual(['m']);
    for (let i = 0; i < 50; i += 1) expect(look(watchdog, line.runs(frames).read())).toEqual([]);
  });

  it.each([0, 20, 60])('from some moment on is told in three readings at most, with %i frames between the answers', (between) => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 100; i += 1) look(watchdog, line.runs(35).read(between, between / 2));
    line.sealing = 0;
    const told = [1, 2, 3].map(() => look(watchdog, line.runs(35).read(between, between / 2))).flat();
    expect(told).toEqual(['m']);
  });

  it('is told where most of it goes past, and others are not told with it', () => {
    const watchdog = new Watchdog();
    const [bad, good] = [new Line('c'), new Line('m')];
    bad.sealing = 0.25;
    expect(look(watchdog, bad.runs(40).read(), good.runs(35).read())).toEqual([]);
    expect(look(watchdog, bad.runs(40).read(), good.runs(35).read())).toEqual(['c']);
  });

  it('is found although frames had waited unread before it', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    for (let i = 0; i < 30; i += 1) look(watchdog, line.runs(35, 30).read());
    line.sealing = 0;
    expect([1, 2, 3, 4].flatMap(() => look(watchdog, line.runs(35).read()))).toEqual(['m']);
  });

  it('is told again after a new transform that does not help, and on the next connection', () => {
    const [watchdog, line] = [new Watchdog(), new Line()];
    line.sealing = 0;
    const until = () => [1, 2, 3].flatMap(() => look(watchdog, line.runs(35).read()));
    expect(until()).toEqual(['m']);
    line.life = '1 2';
    expect(until()).toEqual(['m']);
    watchdog.forget();
    line.counted = 0;
    expect(until()).toEqual(['m']);
  });
});
