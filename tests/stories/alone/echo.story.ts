// SPDX-License-Identifier: Apache-2.0
// Nobody hears themselves come back. A person without headphones: what their loudspeaker plays stands in their microphone as it is
// (a null sink's monitor, remapped as a microphone: the worst room there is). Somebody else speaks; what returns to them is
// measured, with the constraints that the client asks for, with echo cancellation alone, and with nothing, as the control.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../people/browsers.ts';
import { Group, type InChromium } from '../../people/group.ts';
import { type SoundServer, startSoundServer } from '../../people/sound_server.ts';

let group: Group;
let sound: SoundServer;
let browser: Browser;
let speaker: InChromium;
let indices: number[];

beforeAll(async () => {
  sound = await startSoundServer({ echoing: true });
  Object.assign(process.env, sound.environment);
  group = await Group.open();
  browser = await launchChromium({ audible: true, realDevices: 'sound' });
  indices = [0, 1, 2].map((nth) => group.indexOf('member', nth));
  speaker = await group.person(group.indexOf('facilitator'));
  await speaker.page.addInitScript(speech);
  await speaker.arrive('microphone');
  await speaker.isInRoom();
});
afterAll(async () => {
  await browser?.close();
  await group?.close();
  await sound?.stop();
});

// Syllables of noise between 150 and 4,000 Hz, with pauses: a canceller learns from what is as broad as speech.
function speech(): void {
  navigator.mediaDevices.getUserMedia = () => {
    const context = new AudioContext();
    const noise = context.createBufferSource();
    const buffer = context.createBuffer(1, context.sampleRate * 4, context.sampleRate);
    const samples = buffer.getChannelData(0);
    let seed = 7;
    for (let n = 0; n < samples.length; n += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      const at = n / context.sampleRate;
      const syllable = Math.max(0, Math.sin(2 * Math.PI * 3.7 * at)) * (at % 2 < 1.5 ? 1 : 0);
      samples[n] = (seed / 1_073_741_824 - 1) * syllable * 0.5;
    }
    noise.buffer = buffer;
    noise.loop = true;
    const band = new BiquadFilterNode(context, { type: 'bandpass', frequency: 800, Q: 0.4 });
    const out = context.createMediaStreamDestination();
    noise.connect(band).connect(out);
    noise.start();
    void context.resume();
    return Promise.resolve(out.stream);
  };
}

// Level in dBFS of what comes back to the speaker from this person over the next seconds, by the receiver's own energy.
async function returned(seconds: number): Promise<number> {
  const energy = () =>
    speaker.driver.evaluate(async () => {
      let energy = 0;
      let duration = 0;
      for (const connection of window.reading.connections.filter((one) => one.connectionState === 'connected'))
        (await connection.getStats()).forEach((one: { type?: string; kind?: string; totalAudioEnergy?: number; totalSamplesDuration?: number; packetsReceived?: number }) => {
          if (one.type !== 'inbound-rtp' || one.kind !== 'audio' || !one.packetsReceived) return;
          energy += one.totalAudioEnergy ?? 0;
          duration = Math.max(duration, one.totalSamplesDuration ?? 0);
        });
      return { energy, duration };
    }, null);
  const before = await energy();
  let now = before;
  await expect.poll(async () => (now = await energy()).duration - before.duration, { timeout: 60_000, interval: 250 }).toBeGreaterThan(seconds);
  return 10 * Math.log10(Math.max((now.energy - before.energy) / (now.duration - before.duration), 1e-12));
}

async function echoOf(nth: number, voice: MediaTrackConstraints | null): Promise<number> {
  const person = await group.person(indices[nth]!, { browser, coded: false });
  if (voice)
    await person.page.addInitScript((constraints) => {
      const devices = navigator.mediaDevices;
      const ask = devices.getUserMedia.bind(devices);
      devices.getUserMedia = (wanted) => ask(wanted?.audio ? { ...wanted, audio: constraints } : wanted);
    }, voice);
  await person.arrive('microphone');
  await speaker.admits(person);
  await person.isInRoom();
  await returned(3); // the canceller learns
  const level = await returned(6);
  await person.leaves();
  await speaker.seesTiles(1);
  await person.page.close();
  console.log(`${voice === null ? 'as the client asks' : `echo cancellation ${voice.echoCancellation ? 'on' : 'off'}`}: ${level.toFixed(1)} dBFS`);
  return level;
}

const voice = (on: boolean): MediaTrackConstraints => ({ echoCancellation: on, noiseSuppression: false, autoGainControl: false });
let without: number;

test('the control: without echo cancellation the speaker hears themselves plainly', async () => {
  without = await echoOf(0, voice(false));
  expect(without).toBeGreaterThan(-45);
});

test('with echo cancellation alone next to nothing comes back', async () => {
  // Off it is 0, on it was 27 to 39: what lies between depends on how busy the machine is while the canceller learns.
  expect(without - (await echoOf(1, voice(true)))).toBeGreaterThan(15);
});

test('with what the client asks for next to nothing comes back', async () => {
  expect(without - (await echoOf(2, null))).toBeGreaterThan(15);
});
