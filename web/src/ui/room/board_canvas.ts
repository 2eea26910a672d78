// SPDX-License-Identifier: Apache-2.0
// The surface of the whiteboard: what a pen or a rubber does on it is told as marks, and the marks of the group are painted. The shape
// of a line is perfect-freehand's; it is painted on two canvases, of what stands and of what is being drawn, so that an old phone paints
// one line at a time. Fetched when a board is first opened. Not here: who may (call/board.ts), buttons (board_part.tsx).
import { getStroke } from 'perfect-freehand';
import { toBase64Url } from '../../base/base64url';
import { boardHeight, boardWidth, type Ink } from '../../call/board_form';
import type { BoardMark, Seat } from '../../call/model';
import { Line, type Point, pointsOf, touches } from './board_line';

type Drawn = Omit<BoardMark, 'by'>;

export interface BoardListener {
  drew(mark: Drawn): void;
  rubbed(ids: string[]): void;
}
export interface BoardUse {
  tool: 'pen' | 'rubber' | null;
  ink: Ink;
  rubs: Seat | null; // whose marks the rubber takes; null: anybody's
}

const colours: Record<Ink, string> = { black: '#212b32', blue: '#005eb8', red: '#b01c2e', green: '#00703c' }; // each 6 to 1 and more on white
const penWidth = 18; // steps of the board
const rubberReach = 28;
const sharpest = 2; // device pixels to one of the page: more is memory that nobody sees
const sayingLastsMs = 10_000; // what the group has not said by then it will not

// One outline, closed, with its corners rounded off.
function shapeOf(points: readonly number[]): Path2D {
  const outline = getStroke(pointsOf(points), { size: penWidth, thinning: 0.25, streamline: 0.35, last: true });
  const path = new Path2D();
  outline.forEach(([x, y], n) => {
    const [nextX, nextY] = outline[(n + 1) % outline.length]!;
    if (n === 0) path.moveTo((x! + nextX!) / 2, (y! + nextY!) / 2);
    else path.quadraticCurveTo(x!, y!, (x! + nextX!) / 2, (y! + nextY!) / 2);
  });
  path.closePath();
  return path;
}

export class BoardCanvas {
  private readonly standing = document.createElement('canvas');
  private readonly moving = document.createElement('canvas');
  private readonly shapes = new Map<string, Path2D>(); // by mark
  private marks: readonly BoardMark[] = []; // as the group says
  private readonly drawn = new Map<string, Drawn>(); // here, and not yet said by the group
  private readonly rubbed = new Set<string>(); // here, and not yet by the group
  private use: BoardUse = { tool: null, ink: 'black', rubs: null };
  private hand: { pointer: number; line: Line } | { pointer: number; at: Point; ids: string[] } | null = null;
  private readonly timers = new Set<ReturnType<typeof setTimeout>>();
  private readonly observer = new ResizeObserver(() => this.fit());
  private frame: number | null = null;

  constructor(
    private readonly box: HTMLElement,
    private readonly listener: BoardListener,
  ) {
    box.append(this.standing, this.moving);
    const { moving } = this;
    moving.addEventListener('pointerdown', (event) => this.down(event));
    moving.addEventListener('pointermove', (event) => this.moved(event));
    moving.addEventListener('pointerup', (event) => this.up(event));
    moving.addEventListener('pointercancel', (event) => this.cancelled(event));
    this.observer.observe(box);
    this.fit();
  }

  show(marks: readonly BoardMark[]): void {
    this.marks = marks;
    const ids = new Set(marks.map(({ id }) => id));
    for (const id of ids) this.drawn.delete(id);
    for (const id of [...this.rubbed]) if (!ids.has(id)) this.rubbed.delete(id);
    for (const id of [...this.shapes.keys()]) if (!ids.has(id) && !this.drawn.has(id)) this.shapes.delete(id);
    this.paintSoon();
  }

  useFor(use: BoardUse): void {
    if (use.tool !== this.use.tool) this.letGo();
    this.use = use;
    this.moving.dataset['tool'] = use.tool ?? 'none';
  }

  close(): void {
    this.observer.disconnect();
    this.timers.forEach(clearTimeout);
    if (this.frame !== null) cancelAnimationFrame(this.frame);
    for (const canvas of [this.standing, this.moving]) {
      canvas.width = 0; // what was on it is gone from memory with it
      canvas.remove();
    }
  }

  // -- a hand on it ------------------------------------------------------------------------------------------------------

  private down(event: PointerEvent): void {
    if (this.hand || this.use.tool === null || event.button !== 0) return;
    event.preventDefault();
    this.moving.setPointerCapture(event.pointerId);
    const at = this.at(event);
    this.hand = this.use.tool === 'pen' ? { pointer: event.pointerId, line: new Line(at) } : { pointer: event.pointerId, at, ids: [] };
    this.go(at);
  }

  private moved(event: PointerEvent): void {
    if (event.pointerId !== this.hand?.pointer) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const one of coalesced.length > 0 ? coalesced : [event]) this.go(this.at(one));
  }

  private go(to: Point): void {
    const { hand } = this;
    if (!hand) return;
    if ('line' in hand) hand.line.to(to);
    else {
      const ids = this.marks.filter(({ id, by, points }) => this.rubs(by) && !this.rubbed.has(id) && touches(points, hand.at, to, rubberReach)).map(({ id }) => id);
      ids.forEach((id) => this.rubbed.add(id));
      hand.ids.push(...ids);
      hand.at = to;
    }
    this.paintSoon();
  }

  private up(event: PointerEvent): void {
    const { hand } = this;
    if (event.pointerId !== hand?.pointer) return;
    this.hand = null;
    if ('line' in hand) {
      hand.line.to(this.at(event));
      const mark: Drawn = { id: toBase64Url(crypto.getRandomValues(new Uint8Array(9))), ink: this.use.ink, points: hand.line.points() };
      this.drawn.set(mark.id, mark);
      this.unlessSaid(() => this.drawn.delete(mark.id));
      this.listener.drew(mark);
    } else if (hand.ids.length > 0) {
      this.unlessSaid(() => hand.ids.forEach((id) => this.rubbed.delete(id)));
      this.listener.rubbed(hand.ids);
    }
    this.paintSoon();
  }

  private cancelled(event: PointerEvent): void {
    if (event.pointerId === this.hand?.pointer) this.letGo();
  }

  // What was begun is not meant: a call came in, or drawing has just been ended for this person.
  private letGo(): void {
    if (this.hand && 'ids' in this.hand) this.hand.ids.forEach((id) => this.rubbed.delete(id));
    this.hand = null;
    this.paintSoon();
  }

  private rubs(by: Seat): boolean {
    return this.use.rubs === null || this.use.rubs === by;
  }

  private unlessSaid(undo: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      undo();
      this.paintSoon();
    }, sayingLastsMs);
    this.timers.add(timer);
  }

  private at({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.moving.getBoundingClientRect();
    return { x: ((clientX - left) * boardWidth) / width, y: ((clientY - top) * boardHeight) / height };
  }

  // -- painting ----------------------------------------------------------------------------------------------------------

  private fit(): void {
    const { width } = this.box.getBoundingClientRect();
    const pixels = Math.round(width * Math.min(sharpest, window.devicePixelRatio || 1));
    for (const canvas of [this.standing, this.moving]) {
      canvas.width = pixels;
      canvas.height = Math.round((pixels * boardHeight) / boardWidth);
    }
    this.paint();
  }

  private paintSoon(): void {
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    this.frame = null;
    const { hand } = this;
    this.paintOn(this.moving, hand && 'line' in hand ? [{ shape: shapeOf(hand.line.points()), ink: this.use.ink }] : []);
    const all = [...this.marks.filter(({ id }) => !this.rubbed.has(id)), ...this.drawn.values()];
    this.paintOn(this.standing, all.map((mark) => ({ shape: this.shapeFor(mark), ink: mark.ink })));
  }

  private shapeFor({ id, points }: Drawn): Path2D {
    const shape = this.shapes.get(id) ?? shapeOf(points);
    this.shapes.set(id, shape);
    return shape;
  }

  private paintOn(canvas: HTMLCanvasElement, lines: readonly { shape: Path2D; ink: Ink }[]): void {
    const context = canvas.getContext('2d');
    if (!context) return;
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.scale(canvas.width / boardWidth, canvas.height / boardHeight);
    for (const { shape, ink } of lines) {
      context.fillStyle = colours[ink];
      context.fill(shape);
    }
  }
}
