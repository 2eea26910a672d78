// SPDX-License-Identifier: Apache-2.0
// Runs inside a page that the sketch server serves: two media connections of that page, the frames worker of the client on both ends
// (e2ee/attach.ts), real encoders and decoders. Given to `evaluate`; it uses nothing from outside itself.
export interface Keys {
  group: string;
  epoch: number;
  baseKey: number[]; // as a browser's driver can hand it in
  self: number;
  leaves: { leaf: number; seat: number }[];
  cause: 'add' | 'remove' | 'join';
}

// The part of web/src/e2ee/attach.ts that is used; its own types belong to the browser client's build.
interface Line {
  line: { kind: string };
  frames: number;
  unsealed: number;
  refused: number;
  dropped: number;
  slices: number[];
}
interface Frames {
  ready(): Promise<void>;
  epoch(keys: object): void;
  sending(sender: RTCRtpSender, kind: 'audio' | 'video', source: 'microphone' | 'camera'): void;
  receiving(receiver: RTCRtpReceiver, kind: 'audio' | 'video', mid: string): void;
  figures(): Promise<Line[]>;
  close(): void;
}
interface Attach {
  Frames: new (
    make: () => EventTarget,
    listener: { source(mid: string, who: { seat: number; source: string } | null): void; keyFrameNeeded(mid: string): void; restarted(): void },
  ) => Frames;
  openFramesWorker(): EventTarget;
  connectionOptions(): RTCConfiguration;
}

export interface Step {
  keysOfSender?: Keys;
  keysOfReceiver?: Keys;
  killSendersWorker?: boolean;
  forMs?: number; // at most: ends sooner where `until` holds
  until?: 'pictures' | 'sound' | 'nothing'; // pictures: ten more decoded; sound: heard; nothing: runs the whole time
}

export interface Seen {
  decoded: number; // pictures, in this step
  keyFrames: number;
  energy: number; // of sound, in this step
  from: string[]; // who sends, as the keys say: "mid seat source"
  sealed: number;
  unsealed: number;
  opened: number;
  refused: number;
  dropped: number;
  received: number; // video frames that came in at all
  slices: { seal: Record<string, number[]>; open: Record<string, number[]> }; // microseconds by kind
}

export async function passFrames(steps: Step[]): Promise<Seen[]> {
  // Not an import that the test runner would rewrite: it runs in the page.
  const load = new Function('path', 'return import(path)') as (path: string) => Promise<Attach>;
  const { Frames, openFramesWorker, connectionOptions } = await load('/src/e2ee/attach.ts');
  const given = (keys: Keys): object => ({ ...keys, baseKey: Uint8Array.from(keys.baseKey) });
  const from: string[] = [];
  const nobody = { source: () => undefined, keyFrameNeeded: () => undefined, restarted: () => undefined };
  const workers: EventTarget[] = [];
  const make = () => {
    const worker = openFramesWorker();
    workers.push(worker);
    return worker;
  };
  const sending = new Frames(make, nobody);
  const receiving = new Frames(openFramesWorker, {
    source: (mid, who) => from.push(who ? `${mid} ${who.seat} ${who.source}` : `${mid} nobody`),
    keyFrameNeeded: (mid) => from.push(`${mid} key frame wanted`),
    restarted: () => undefined,
  });
  const here = new RTCPeerConnection(connectionOptions());
  const there = new RTCPeerConnection(connectionOptions());
  here.onicecandidate = ({ candidate }) => candidate && void there.addIceCandidate(candidate);
  there.onicecandidate = ({ candidate }) => candidate && void here.addIceCandidate(candidate);
  const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 360, frameRate: 24 } });
  for (const track of media.getTracks()) {
    const { sender } = here.addTransceiver(track, { direction: 'sendonly' });
    sending.sending(sender, track.kind as 'audio' | 'video', track.kind === 'audio' ? 'microphone' : 'camera');
    if (track.kind === 'video') {
      const vp8 = RTCRtpSender.getCapabilities('video')!.codecs.filter(({ mimeType }) => /VP8|rtx/i.test(mimeType));
      here.getTransceivers().at(-1)!.setCodecPreferences(vp8);
    }
  }
  await here.setLocalDescription();
  await there.setRemoteDescription(here.localDescription!);
  for (const { receiver, mid } of there.getTransceivers()) {
    receiving.receiving(receiver, receiver.track.kind as 'audio' | 'video', mid!);
    const element = document.createElement(receiver.track.kind as 'audio' | 'video');
    element.autoplay = true;
    element.srcObject = new MediaStream([receiver.track]);
    document.body.append(element);
  }
  await there.setLocalDescription();
  await here.setRemoteDescription(there.localDescription!);

  interface Counts { decoded: number; keyFrames: number; energy: number; received: number }
  const count = async (): Promise<Counts> => {
    const now = { decoded: 0, keyFrames: 0, energy: 0, received: 0 };
    (await there.getStats()).forEach((one: Record<string, unknown>) => {
      if (one['type'] !== 'inbound-rtp') return;
      if (one['kind'] === 'video') {
        now.decoded = Number(one['framesDecoded'] ?? 0);
        now.keyFrames = Number(one['keyFramesDecoded'] ?? 0);
        now.received = Number(one['framesReceived'] ?? 0);
      } else now.energy = Number(one['totalAudioEnergy'] ?? 0);
    });
    return now;
  };
  const out: Seen[] = [];
  for (const step of steps) {
    from.length = 0;
    const before = await count();
    if (step.keysOfSender) sending.epoch(given(step.keysOfSender));
    if (step.keysOfReceiver) receiving.epoch(given(step.keysOfReceiver));
    if (step.killSendersWorker) {
      const last = workers.at(-1)!;
      last.dispatchEvent(new ErrorEvent('error', { message: 'played' }));
    }
    const until = performance.now() + (step.forMs ?? 20_000);
    let now = before;
    while (performance.now() < until) {
      await new Promise((soon) => setTimeout(soon, 100));
      now = await count();
      if (step.until === 'pictures' && now.decoded >= before.decoded + 10) break;
      if (step.until === 'sound' && now.energy > before.energy) break;
    }
    const sent = await sending.figures();
    const came = await receiving.figures();
    const sum = (lines: typeof sent, what: 'frames' | 'unsealed' | 'refused' | 'dropped') => lines.reduce((all, one) => all + one[what], 0);
    const slices = (lines: typeof sent) => Object.fromEntries(lines.map(({ line, slices: s }) => [line.kind, s]));
    out.push({
      decoded: now.decoded - before.decoded,
      keyFrames: now.keyFrames - before.keyFrames,
      energy: now.energy - before.energy,
      received: now.received - before.received,
      from: [...from],
      sealed: sum(sent, 'frames'),
      unsealed: sum(sent, 'unsealed'),
      opened: sum(came, 'frames'),
      refused: sum(came, 'refused'),
      dropped: sum(came, 'dropped'),
      slices: { seal: slices(sent), open: slices(came) },
    });
  }
  here.close();
  there.close();
  sending.close();
  receiving.close();
  media.getTracks().forEach((track) => track.stop());
  return out;
}
