// SPDX-License-Identifier: Apache-2.0
// The small pictures of the chooser: each look on the person's own picture, or on a painted room where no camera is on. Only on this
// screen. Not here: what is published (picture.ts).
import type { Disguise } from '../call/model';
import { type Look, Painter, type Size } from './paint';

const size: Size = { width: 160, height: 90 };
const everyMs = 160;

type Canvases = ReadonlyMap<Disguise['picture'], HTMLCanvasElement>;

export function showLooks(canvases: Canvases, own: MediaStream | null): () => void {
  const sample = paintedRoom();
  const video = own ? videoOf(own) : null;
  const painters = new Map<Look, Painter>();
  const draw = (): void => {
    const ready = video !== null && video.readyState >= 2 && video.videoWidth > 0;
    for (const [look, canvas] of canvases) {
      const pen = canvas.getContext('2d');
      if (!pen) continue;
      // The blurred background needs the person found in the picture: it is shown on the painted one.
      const source = ready && look !== 'background' ? video : sample.whole;
      if (look === 'none') {
        pen.drawImage(source, 0, 0, size.width, size.height);
        continue;
      }
      let painter = painters.get(look);
      if (!painter) painters.set(look, (painter = new Painter(canvasOf, size)));
      painter.paint(look, source, 0.4, performance.now() / 1000, look === 'background' ? sample.person : null);
      pen.drawImage(painter.canvas, 0, 0);
    }
  };
  draw();
  const timer = video ? setInterval(draw, everyMs) : null; // a painted room does not move
  return () => {
    if (timer !== null) clearInterval(timer);
    if (video) video.srcObject = null;
  };
}

const canvasOf = ({ width, height }: Size): HTMLCanvasElement => Object.assign(document.createElement('canvas'), { width, height });

function videoOf(own: MediaStream): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = own;
  void video.play().catch(() => undefined); // drawn from as soon as it can be
  return video;
}

function paintedRoom(): { whole: HTMLCanvasElement; person: HTMLCanvasElement } {
  const whole = canvasOf(size);
  const person = canvasOf(size);
  const room = whole.getContext('2d');
  const figure = person.getContext('2d');
  if (room && figure) {
    room.fillStyle = '#c9bda6';
    room.fillRect(0, 0, 160, 90);
    room.fillStyle = '#8fb3c9';
    room.fillRect(12, 10, 34, 40);
    room.fillStyle = '#f4f1ea';
    room.fillRect(28, 10, 2, 40);
    ['#7b4f3a', '#3f6b57', '#a88a3c', '#5a5f85', '#8a4550'].forEach((colour, at) => {
      room.fillStyle = colour;
      room.fillRect(112 + at * 8, 22 + (at % 3) * 3, 6, 24 - (at % 3) * 3);
    });
    room.fillStyle = '#6d5b47';
    room.fillRect(108, 46, 46, 4);
    for (const pen of [room, figure]) paintPerson(pen);
  }
  return { whole, person };
}

function paintPerson(pen: CanvasRenderingContext2D): void {
  const fill = (colour: string, x: number, y: number, wide: number, high: number): void => {
    pen.fillStyle = colour;
    pen.beginPath();
    pen.ellipse(x, y, wide, high, 0, 0, 2 * Math.PI);
    pen.fill();
  };
  fill('#4a5d7a', 80, 96, 36, 34);
  fill('#5b4334', 80, 37, 20, 22);
  fill('#d9b79a', 80, 42, 16, 19);
  fill('#2b2018', 74, 40, 2, 2);
  fill('#2b2018', 86, 40, 2, 2);
  fill('#a05a50', 80, 51, 6, 2);
}
