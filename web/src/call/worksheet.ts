// SPDX-License-Identifier: Apache-2.0
// A worksheet to show: a PDF or a picture from the person's own device, drawn here page by page and sent as a picture; the file itself
// goes nowhere. PDFs are read by PDF.js in a worker of its own, fetched when the first is opened, and nothing in them is run.
// Not here: who may show it, the preview (share.ts). Invariants: what is seen of a page is whole, never half drawn; nothing of the
// file is kept after close().
import type { PDFDocumentLoadingTask, PDFDocumentProxy } from 'pdfjs-dist';

export interface Pages {
  at: number; // from 1
  count: number;
}

export interface Worksheet {
  readonly track: MediaStreamTrack;
  readonly pages: Pages;
  turn(to: number): Promise<void>; // a page that there is not changes nothing
  close(): void;
}

export type WorksheetTrouble = 'kind' | 'size' | 'broken' | 'locked';
export class NotAWorksheet extends Error {
  constructor(readonly trouble: WorksheetTrouble) {
    super(trouble);
  }
}

export const accepted = 'application/pdf,image/png,image/jpeg,image/webp,image/gif';
const mostBytes = 50 * 1024 * 1024;
const mostPages = 500;
const longSide = 1600; // pixels: words of a page can be read on a large screen
const paintEveryMs = 500; // so that who comes later, or lost a frame, sees it soon

type Drawing = { width: number; height: number; onto(context: CanvasRenderingContext2D): void | Promise<void> };

interface Source {
  count: number;
  page(number: number): Promise<Drawing>;
  close(): void;
}

const fit = (width: number, height: number): { width: number; height: number; scale: number } => {
  const scale = longSide / Math.max(width, height, 1);
  return { width: Math.max(2, Math.round(width * scale)), height: Math.max(2, Math.round(height * scale)), scale };
};

async function picture(file: File): Promise<Source> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new NotAWorksheet('broken');
  }
  const { width, height } = fit(bitmap.width, bitmap.height);
  return {
    count: 1,
    page: () => Promise.resolve({ width, height, onto: (context) => context.drawImage(bitmap, 0, 0, width, height) }),
    close: () => bitmap.close(),
  };
}

async function pdf(file: File): Promise<Source> {
  const [{ getDocument, GlobalWorkerOptions }, { default: workerAddress }] = await Promise.all([import('pdfjs-dist'), import('pdfjs-dist/build/pdf.worker.min.mjs?url')]);
  GlobalWorkerOptions.workerSrc = workerAddress;
  const task: PDFDocumentLoadingTask = getDocument({ data: new Uint8Array(await file.arrayBuffer()), enableXfa: false, useSystemFonts: true, stopAtErrors: false });
  let document: PDFDocumentProxy;
  try {
    document = await task.promise;
  } catch (error) {
    void task.destroy();
    throw new NotAWorksheet(error instanceof Error && error.name === 'PasswordException' ? 'locked' : 'broken');
  }
  if (document.numPages > mostPages) {
    void task.destroy();
    throw new NotAWorksheet('size');
  }
  return {
    count: document.numPages,
    page: async (number) => {
      const page = await document.getPage(number);
      const natural = page.getViewport({ scale: 1 });
      const { width, height, scale } = fit(natural.width, natural.height);
      return {
        width,
        height,
        onto: async (context) => {
          await page.render({ canvas: context.canvas, canvasContext: context, viewport: page.getViewport({ scale }), background: '#fff' }).promise;
          page.cleanup();
        },
      };
    },
    close: () => void task.destroy(),
  };
}

class Shown implements Worksheet {
  readonly track: MediaStreamTrack;
  readonly pages: Pages;
  private readonly canvas = document.createElement('canvas');
  private readonly context: CanvasRenderingContext2D;
  private page: HTMLCanvasElement | null = null;
  private readonly timer: ReturnType<typeof setInterval>;
  private turning = 0;

  constructor(private readonly source: Source) {
    this.pages = { at: 0, count: source.count };
    const context = this.canvas.getContext('2d', { alpha: false });
    const track = this.canvas.captureStream(10).getVideoTracks()[0];
    if (!context || !track) throw new NotAWorksheet('broken');
    this.context = context;
    this.track = track;
    this.timer = setInterval(() => this.paint(), paintEveryMs);
  }

  async turn(to: number): Promise<void> {
    if (to < 1 || to > this.pages.count) return;
    const turn = ++this.turning;
    const drawing = await this.source.page(to);
    const page = Object.assign(document.createElement('canvas'), { width: drawing.width, height: drawing.height });
    const context = page.getContext('2d', { alpha: false });
    if (!context) throw new NotAWorksheet('broken');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, page.width, page.height);
    await drawing.onto(context);
    if (turn !== this.turning) return; // turned on meanwhile
    this.page = page;
    this.pages.at = to;
    if (this.canvas.width !== page.width || this.canvas.height !== page.height) Object.assign(this.canvas, { width: page.width, height: page.height });
    this.paint();
  }

  close(): void {
    clearInterval(this.timer);
    this.turning += 1;
    this.track.stop();
    this.page = null;
    this.source.close();
  }

  private paint(): void {
    if (this.page) this.context.drawImage(this.page, 0, 0);
  }
}

// Throws NotAWorksheet.
export async function openWorksheet(file: File): Promise<Worksheet> {
  if (!accepted.split(',').includes(file.type)) throw new NotAWorksheet('kind');
  if (file.size > mostBytes) throw new NotAWorksheet('size');
  const source = await (file.type === 'application/pdf' ? pdf(file) : picture(file));
  const shown = new Shown(source);
  try {
    await shown.turn(1);
  } catch {
    shown.close();
    throw new NotAWorksheet('broken');
  }
  return shown;
}
