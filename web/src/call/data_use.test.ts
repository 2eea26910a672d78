// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../base/clock';
import { bytesOf, DataMeter, expectedBytes } from './data_use';

function setUp() {
  const clock = new VirtualClock();
  const line: { bytes: number | null } = { bytes: 0 };
  let told = 0;
  const meter = new DataMeter(clock, () => Promise.resolve(line.bytes), () => (told += 1));
  const looks = async (times: number, more: number) => {
    for (let n = 0; n < times; n += 1) {
      if (line.bytes !== null) line.bytes += more;
      clock.advance(5_000);
      await Promise.resolve().then(() => undefined);
    }
  };
  return { clock, line, meter, looks, told: () => told };
}

describe('the data that a call takes', () => {
  it('is counted on from connection to connection, and has a rate once three looks were had', async () => {
    const { line, meter, looks } = setUp();
    meter.start();
    meter.start();
    await looks(2, 50_000);
    expect(meter.use).toEqual({ usedBytes: 100_000, bytesPerSecond: null });
    await looks(2, 50_000);
    expect(meter.use).toEqual({ usedBytes: 200_000, bytesPerSecond: 10_000 });
    line.bytes = null; // between two connections
    await looks(2, 0);
    expect(meter.use.usedBytes).toBe(200_000);
    line.bytes = 0;
    await looks(1, 30_000);
    expect(meter.use.usedBytes).toBe(230_000);
  });

  it('goes on from what was taken before a reload, at the rate since', async () => {
    const { meter, looks } = setUp();
    meter.goOnFrom(300_000_000);
    expect(meter.use).toEqual({ usedBytes: 300_000_000, bytesPerSecond: null });
    meter.start();
    await looks(3, 50_000);
    expect(meter.use).toEqual({ usedBytes: 300_150_000, bytesPerSecond: 10_000 });
    expect(expectedBytes(meter.use, 60_000)).toBe(300_750_000);
  });

  it('has the rate of the last minute, and a new one after something has changed', async () => {
    const { meter, looks } = setUp();
    meter.start();
    await looks(20, 5_000_000);
    await looks(12, 500_000);
    expect(meter.use.bytesPerSecond).toBe(100_000);
    meter.anew();
    expect(meter.use.bytesPerSecond).toBeNull();
    await looks(3, 50_000);
    expect(meter.use.bytesPerSecond).toBe(10_000);
    expect(meter.use.usedBytes).toBe(100_000_000 + 6_000_000 + 150_000);
  });

  it('ends with the call', async () => {
    const { meter, looks, told } = setUp();
    meter.start();
    await looks(1, 1);
    meter.close();
    await looks(3, 1);
    meter.start();
    await looks(3, 1);
    expect(told()).toBe(1);
  });

  it('is expected to grow as it does', () => {
    expect(expectedBytes({ usedBytes: 10, bytesPerSecond: 5 }, 60_000)).toBe(310);
    expect(expectedBytes({ usedBytes: 10, bytesPerSecond: 5 }, -1)).toBe(10);
    expect(expectedBytes({ usedBytes: 10, bytesPerSecond: null }, 60_000)).toBeNull();
  });

  it('is read of the transport, else of the candidate pairs', () => {
    const pair = { type: 'candidate-pair', bytesSent: 3, bytesReceived: 4 };
    expect(bytesOf([{ type: 'transport', bytesSent: 10, bytesReceived: 20 }, pair])).toBe(30);
    expect(bytesOf([pair, { ...pair, bytesSent: undefined }, { type: 'inbound-rtp', bytesReceived: 99 }])).toBe(11);
    expect(bytesOf([])).toBe(0);
  });
});
