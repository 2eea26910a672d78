// SPDX-License-Identifier: Apache-2.0
// Paints one frame of a disguise. The same on a page's canvas, in a worker and in the chooser's small pictures. Not here: where
// frames come from and go to. Invariants: after `paint` the canvas holds nothing of the source at a finer grain than 16 cells on
// its longer side, but for the person in front of a blurred background; squares and blur are means over whole cells, so that no
// single point of the picture shines through.
export type Look = 'background' | 'blur' | 'pixelate' | 'block' | 'avatar';
export type Surface = OffscreenCanvas | HTMLCanvasElement;
type Pen = OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;
export interface Size {
  width: number;
  height: number;
}

const cells = 16; // a face close before the camera is some five wide: no eye and no mouth has one of its own
const longest = 640;

// As large as is sent, in whole pairs of pixels.
export function sentSize({ width, height }: Size): Size {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  const even = (length: number): number => Math.max(2, 2 * Math.round((length * scale) / 2));
  return { width: even(width), height: even(height) };
}

export class Painter {
  readonly canvas: Surface;
  private readonly pen: Pen;
  private steps: { canvas: Surface; pen: Pen }[] = [];
  private heard = 0;

  constructor(
    private readonly make: (size: Size) => Surface,
    size: Size,
  ) {
    this.canvas = make(size);
    this.pen = penOf(this.canvas);
    this.pen.fillStyle = calm.ground;
    this.pen.fillRect(0, 0, size.width, size.height);
  }

  fit(size: Size): void {
    if (this.canvas.width === size.width && this.canvas.height === size.height) return;
    this.canvas.width = size.width;
    this.canvas.height = size.height;
    this.steps = [];
  }

  // `mask`: where the person is, opaque; without one everything is blurred.
  paint(look: Look, source: CanvasImageSource | null, level: number, seconds: number, mask: CanvasImageSource | null = null): void {
    if (look === 'avatar') return this.figure(level, seconds);
    if (look === 'block' || !source) return this.plain();
    const smallest = this.shrink(source);
    if (look === 'background' && mask) return this.before(source, mask, smallest);
    this.enlarge(smallest, look !== 'pixelate');
  }

  private plain(): void {
    this.pen.globalCompositeOperation = 'source-over';
    this.pen.fillStyle = calm.plain;
    this.pen.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  // Halved once, then to the next size that comes of the cells by doubling, and halved again and again: each step but that one is the
  // mean of four, so the last is the mean of its whole cell, and cells are all alike.
  private shrink(source: CanvasImageSource): number {
    const { width, height } = this.canvas;
    const longer = Math.max(width, height);
    if (longer < 4 * cells) return -1;
    let from = source;
    let at = 0;
    for (let length = longer / 2; ; ) {
      const share = length / longer;
      const size = { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
      const step = (this.steps[at] ??= this.step(size));
      step.pen.drawImage(from, 0, 0, size.width, size.height);
      if (length <= cells) return at;
      from = step.canvas;
      at += 1;
      length = at === 1 ? cells * 2 ** (Math.ceil(Math.log2(length / cells)) - 1) : length / 2;
    }
  }

  private step(size: Size): { canvas: Surface; pen: Pen } {
    const canvas = this.make(size);
    return { canvas, pen: penOf(canvas) };
  }

  private enlarge(smallest: number, soft: boolean): void {
    const { pen, canvas } = this;
    pen.globalCompositeOperation = 'source-over';
    pen.imageSmoothingEnabled = soft;
    const small = soft ? this.softened(smallest) : this.steps[smallest]?.canvas;
    if (!small) return this.plain();
    pen.drawImage(small, 0, 0, canvas.width, canvas.height);
  }

  // Enlarged in two goes: in one the cells would show as diamonds.
  private softened(smallest: number): Surface | undefined {
    const from = this.steps[smallest]?.canvas;
    const half = this.steps[smallest - 2];
    if (!from || !half) return from;
    half.pen.drawImage(from, 0, 0, half.canvas.width, half.canvas.height);
    return half.canvas;
  }

  private before(source: CanvasImageSource, mask: CanvasImageSource, smallest: number): void {
    const { pen, canvas } = this;
    const { width, height } = canvas;
    pen.globalCompositeOperation = 'copy';
    pen.imageSmoothingEnabled = true;
    pen.drawImage(mask, 0, 0, width, height);
    pen.globalCompositeOperation = 'source-in';
    pen.drawImage(source, 0, 0, width, height);
    pen.globalCompositeOperation = 'destination-over';
    const small = this.softened(smallest);
    if (small) pen.drawImage(small, 0, 0, width, height);
    pen.globalCompositeOperation = 'source-over';
  }

  // Head and shoulders in two soft colours, breathing slowly; a ring that grows with the voice.
  private figure(level: number, seconds: number): void {
    const { pen, canvas } = this;
    const { width, height } = canvas;
    this.heard += (Math.max(0, level - 0.25) - this.heard) * (level > this.heard ? 0.35 : 0.12);
    const breath = Math.sin((seconds * 2 * Math.PI) / 5) * 0.008;
    const unit = Math.min(width, height);
    const x = width / 2;
    const y = height * (0.42 - breath);
    pen.globalCompositeOperation = 'source-over';
    pen.fillStyle = calm.ground;
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = calm.ring;
    round(pen, x, y, unit * (0.25 + 0.22 * Math.min(1, this.heard * 1.6)));
    pen.fillStyle = calm.shoulders;
    pen.beginPath();
    pen.ellipse(x, height * (1.04 - breath), unit * 0.4, unit * 0.36, 0, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = calm.head;
    round(pen, x, y, unit * 0.19);
  }
}

const calm = { ground: '#2b3439', plain: '#4d6a7a', ring: '#3d5058', shoulders: '#7f9d93', head: '#d9cfbf' };

function round(pen: Pen, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function penOf(canvas: Surface): Pen {
  const pen = canvas.getContext('2d') as Pen | null;
  if (!pen) throw new Error('this browser gives no canvas to paint on');
  pen.imageSmoothingEnabled = true;
  return pen;
}
