// SPDX-License-Identifier: Apache-2.0
// The disguised voice as a track: microphone, pitch change (voice_worklet.ts), track. About 20 ms later than the voice itself.
// Not here: switching (call/devices.ts). Invariant: the track carries what the worklet makes or silence, never the microphone:
// there is no other way through the graph.
import type { Disguised, DisguiseListener } from './picture';
import { ratioOf } from './pitch';
import workletAddress from './voice_worklet.ts?worker&url';

const startsWithinMs = 6_000;

export async function disguiseVoice(raw: MediaStreamTrack, look: 'lower' | 'higher', listener: DisguiseListener): Promise<Disguised> {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const stop = (): void => void context.close().catch(() => undefined);
  try {
    await context.audioWorklet.addModule(workletAddress);
    const source = context.createMediaStreamSource(new MediaStream([raw]));
    const voice = new AudioWorkletNode(context, 'quietroom-voice', {
      numberOfInputs: 1,
      numberOfOutputs: 1,
      outputChannelCount: [1],
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: { ratio: ratioOf[look] },
    });
    const out = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    source.connect(voice).connect(out);
    voice.onprocessorerror = () => listener.failed();
    await running(context);
    const track = out.stream.getAudioTracks()[0];
    if (!track) throw new Error('no track of the changed voice');
    return { track, change: () => false, level: () => undefined, stop: () => (track.stop(), stop()) };
  } catch (error) {
    stop();
    throw error;
  }
}

// Where there is no sound device at all, Firefox never starts a context and never says so.
async function running(context: AudioContext): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the sound of the changed voice did not start')), startsWithinMs);
  });
  try {
    await Promise.race([context.resume(), late]);
  } finally {
    clearTimeout(timer);
  }
}
