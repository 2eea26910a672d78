// SPDX-License-Identifier: Apache-2.0
// The disguised picture as a track that may be published: made in a worker where frames can be handed to one (Chromium), on a canvas
// elsewhere. Not here: painting (paint.ts), when it is switched (call/devices.ts). Invariants: the camera's own track is never
// returned; whatever breaks is told once by `failed`, and the track then gives no new picture.
import type { Look } from './paint';
import { CanvasPicture } from './picture_canvas';
import type { FromPicture, Masking, ToPicture } from './said';

export interface DisguiseListener {
  failed(): void;
  masking(masking: Masking): void;
  anew(): void; // what goes out now hides otherwise than what went before: nothing of that may stay in what others are shown
}
export interface Disguised {
  readonly track: MediaStreamTrack;
  change(look: string): boolean; // false: this one cannot; another must be made
  level(level: number): void; // of the own voice, 0 to 1
  stop(): void;
}

const tickMs = 1000 / 24;
const pingMs = 1_000;
const unansweredUntilFailed = 3;
const lastFramesMs = 500;

interface Processing {
  MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
  MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

// `raw` is null for the looks that are drawn.
export async function disguisePicture(raw: MediaStreamTrack | null, look: Look, listener: DisguiseListener): Promise<Disguised> {
  const worker = new Worker(new URL('./picture_worker.ts', import.meta.url), { type: 'module', name: 'picture' });
  const made = new Made(worker, raw !== null, listener);
  try {
    await made.begin(raw, look);
    return made;
  } catch (error) {
    made.stop();
    throw error;
  }
}

class Made implements Disguised {
  track!: MediaStreamTrack;
  private canvas: CanvasPicture | null = null;
  private finder: Worker | null = null;
  private pings: ReturnType<typeof setInterval> | null = null;
  private unanswered = 0;
  private over = false;
  private answered: (() => void) | null = null;

  constructor(
    private readonly worker: Worker,
    private readonly ofCamera: boolean,
    private readonly listener: DisguiseListener,
  ) {}

  async begin(raw: MediaStreamTrack | null, look: Look): Promise<void> {
    const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = window as Processing;
    const answered = new Promise<void>((resolve) => (this.answered = resolve));
    const broken = new Promise<never>((_, reject) => {
      this.worker.onerror = () => (reject(new Error('the worker of the picture broke')), this.fail());
      this.worker.onmessageerror = () => this.fail();
    });
    this.worker.onmessage = ({ data }: MessageEvent<FromPicture>) => this.heard(data);
    this.say({ say: 'ping' });
    await Promise.race([answered, broken, after(8_000)]);
    if (Processor && Generator) {
      const generator = new Generator({ kind: 'video' });
      const { writable } = generator;
      if (raw) {
        const { readable } = new Processor({ track: raw });
        this.say({ say: 'camera', look, readable, writable }, [readable, writable]);
      } else {
        this.say({ say: 'drawn', look, writable }, [writable]);
      }
      this.track = generator;
    } else {
      this.canvas = await Promise.race([CanvasPicture.of(raw, look, () => this.listener.anew()), broken, after(8_000)]);
      this.say({ say: 'ticks', everyMs: tickMs });
      this.track = this.canvas.track;
    }
    this.pings = setInterval(() => this.ping(), pingMs);
    if (look === 'background') this.find();
  }

  change(look: string): boolean {
    const drawn = look === 'block' || look === 'avatar';
    if (this.over || look === 'none' || drawn === this.ofCamera) return false;
    this.say({ say: 'look', look: look as Look });
    this.canvas?.change(look as Look);
    if (look === 'background') this.find();
    else this.lose();
    return true;
  }

  level(level: number): void {
    this.say({ say: 'level', level });
    this.canvas?.hear(level);
  }

  stop(): void {
    if (this.pings !== null) clearInterval(this.pings);
    this.over = true;
    this.say({ say: 'stop' });
    setTimeout(() => this.worker.terminate(), lastFramesMs); // it gives its last frames back first; nothing of them goes anywhere
    this.finder?.terminate();
    this.canvas?.stop();
    (this.track as MediaStreamTrack | undefined)?.stop();
  }

  // Loaded only now, when it is asked for.
  private find(): void {
    if (this.finder) return;
    const finder = (this.finder = new Worker(new URL('./mask_worker.ts', import.meta.url), { name: 'mask' }));
    const { port1, port2 } = new MessageChannel();
    finder.onerror = () => (this.canvas ? this.canvas.findNoMore() : this.say({ say: 'no-masks' }));
    const changed = (masking: Masking): void => void (this.finder === finder && this.listener.masking(masking));
    finder.postMessage({ port: port1 }, [port1]);
    if (this.canvas) this.canvas.findBy(port2, changed);
    else this.say({ say: 'masks', port: port2 }, [port2]);
  }

  private lose(): void {
    this.finder?.terminate();
    this.finder = null;
    this.listener.masking('off');
  }

  private ping(): void {
    this.unanswered += 1;
    if (this.unanswered > unansweredUntilFailed) return this.fail();
    this.say({ say: 'ping' });
  }

  private heard(said: FromPicture): void {
    switch (said.say) {
      case 'pong':
        this.unanswered = 0;
        this.answered?.();
        break;
      case 'tick':
        void this.canvas?.tick().catch(() => this.fail());
        break;
      case 'anew':
        this.listener.anew();
        break;
      case 'masking':
        if (this.finder) this.listener.masking(said.masking);
        break;
      case 'failed':
        this.fail();
        break;
    }
  }

  private fail(): void {
    if (this.over) return;
    this.stop();
    this.listener.failed();
  }

  private say(said: ToPicture, hand: Transferable[] = []): void {
    this.worker.postMessage(said, hand);
  }
}

const after = (ms: number): Promise<never> => new Promise((_, reject) => setTimeout(() => reject(new Error('the worker of the picture did not start')), ms));
