// SPDX-License-Identifier: Apache-2.0
// The disguised picture where a browser does not hand frames to a worker (Firefox): a video element that nobody sees, a canvas, and
// the canvas's own track. Not here: keeping time (the worker says when). Invariant: the canvas is painted on by Painter alone, and
// has been painted before its track is made.
import { Masks } from './mask';
import { type Look, Painter, type Size, sentSize } from './paint';
import type { Masking } from './said';

const drawnSize: Size = { width: 640, height: 360 };
const rate = 24;

const pageCanvas = ({ width, height }: Size): HTMLCanvasElement => Object.assign(document.createElement('canvas'), { width, height });

export class CanvasPicture {
  readonly track: MediaStreamTrack;
  private masks: Masks | null = null;
  private busy = false;
  private level = 0;
  private isAnew = false; // the next picture hides otherwise than the last

  private constructor(
    private look: Look,
    private readonly video: HTMLVideoElement | null,
    private readonly painter: Painter,
    private readonly anew: () => void,
  ) {
    this.painter.paint(look, video, 0, performance.now() / 1000);
    const track = (painter.canvas as HTMLCanvasElement).captureStream(rate).getVideoTracks()[0];
    if (!track) throw new Error('the canvas gives no track');
    this.track = track;
  }

  static async of(raw: MediaStreamTrack | null, look: Look, anew: () => void): Promise<CanvasPicture> {
    if (!raw) return new CanvasPicture(look, null, new Painter(pageCanvas, drawnSize), anew);
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([raw]);
    await video.play();
    return new CanvasPicture(look, video, new Painter(pageCanvas, sentSize({ width: video.videoWidth || 640, height: video.videoHeight || 360 })), anew);
  }

  async tick(): Promise<void> {
    if (this.busy) return; // the last picture is still being looked at
    this.busy = true;
    try {
      const first = this.isAnew;
      this.isAnew = false;
      await this.paint();
      if (first) this.anew();
    } finally {
      this.busy = false;
    }
  }

  change(look: Look): void {
    this.isAnew ||= this.look !== look;
    this.look = look;
  }

  hear(level: number): void {
    this.level = level;
  }

  findBy(port: MessagePort, changed: (masking: Masking) => void): void {
    this.masks?.close();
    this.masks = new Masks(port, (masking) => {
      this.isAnew = true; // whether the person shows
      changed(masking);
    });
  }

  findNoMore(): void {
    this.masks?.giveUp();
  }

  stop(): void {
    this.masks?.close();
    this.track.stop();
    if (this.video) this.video.srcObject = null;
  }

  private async paint(): Promise<void> {
    const { video, painter } = this;
    if (video) {
      if (video.readyState < 2 || video.videoWidth === 0) return;
      painter.fit(sentSize({ width: video.videoWidth, height: video.videoHeight }));
    }
    const seconds = performance.now() / 1000;
    if (this.look !== 'background' || !video || !this.masks?.ready) return painter.paint(this.look, video, this.level, seconds);
    // The mask and the frame that it is of: the video goes on meanwhile.
    const frame = await createImageBitmap(video);
    const mask = await this.masks.of(await createImageBitmap(frame));
    if (this.look === 'background') painter.paint('background', frame, this.level, seconds, mask);
    mask?.close();
    frame.close();
  }
}
