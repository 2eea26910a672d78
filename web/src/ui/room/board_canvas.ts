// SPDX-License-Identifier: Apache-2.0
// The surface of the whiteboard: js-draw draws and rubs out; here its tools are reduced to one pen and one rubber, and what they do is
// taken apart into marks of our own (paths of SVG and an ink), so that nothing that others send is read but numbers and letters of a
// path. Fetched when a board is first opened. Not here: who may (call/board.ts), buttons (board_part.tsx).
import 'js-draw/Editor.css';
import { Color4, type Command, Editor, EditorEventType, Erase, EraserMode, EraserTool, Mat33, Path, pathToRenderable, PenTool, Rect2, type SerializableCommand, Stroke } from 'js-draw';
import type { BoardMark, Ink } from '../../call/model';

export const boardWidth = 1280;
export const boardHeight = 720;
const mostPathLength = 5_000;
const inks: Record<Ink, string> = { black: '#212b32', blue: '#005eb8', red: '#b01c2e', green: '#00703c' };
const pathForm = /^[MLQCZmlqcz0-9eE.,\s+-]+$/;

export interface BoardListener {
  drew(mark: Omit<BoardMark, 'by'>): void;
  rubbed(ids: string[]): void;
}
export interface BoardCanvas {
  show(marks: readonly BoardMark[]): void;
  use(tool: 'pen' | 'rubber' | null, ink: Ink): void;
  close(): void;
}

interface Element {
  id: string;
  name: string;
  data: { path: string }[];
}
// What js-draw says of a command; null for one that is not ours to tell.
function told(command: Command): { added: Element } | { erased: string[] } | null {
  if (!('serialize' in command)) return null;
  const { commandType, data } = (command as SerializableCommand).serialize() as { commandType: string; data: unknown };
  if (commandType === 'add-element') return { added: (data as { elemData: Element }).elemData };
  return commandType === 'erase' ? { erased: (data as Element[]).map(({ id }) => id) } : null;
}

// One figure after the point is a tenth of a pixel of the board.
const shorter = (path: string): string => path.replace(/-?\d+\.\d+/g, (number) => String(Math.round(Number(number) * 10) / 10));

function strokeOf({ ink, paths }: Pick<BoardMark, 'ink' | 'paths'>): Stroke | null {
  if (!paths.every((path) => pathForm.test(path))) return null;
  try {
    return new Stroke(paths.map((path) => pathToRenderable(Path.fromString(path), { fill: Color4.fromHex(inks[ink]) })));
  } catch {
    return null; // a path that is none
  }
}

export function openBoardCanvas(box: HTMLElement, listener: BoardListener): BoardCanvas {
  const editor = new Editor(box, { wheelEventsEnabled: false });
  const [pen] = editor.toolController.getMatchingTools(PenTool);
  const [rubber] = editor.toolController.getMatchingTools(EraserTool);
  if (!pen || !rubber) throw new Error('js-draw has no pen');
  editor.toolController.setTools([pen, rubber]);
  rubber.getModeValue().set(EraserMode.FullStroke);
  rubber.setThickness(24);
  pen.setThickness(5);
  pen.setPressureSensitivityEnabled(false);
  let ink: Ink = 'black';
  const drawn = new Map<string, Stroke>(); // by mark
  const waiting = new Set<string>(); // drawn here, and not yet said by the group
  const rubbedOut = new Set<string>(); // here, and not yet by the group

  const remove = (id: string): void => {
    const stroke = drawn.get(id);
    drawn.delete(id);
    if (stroke) void editor.dispatchNoAnnounce(new Erase([stroke]), false);
  };
  const put = (mark: BoardMark): void => {
    const stroke = strokeOf(mark);
    if (!stroke) return;
    drawn.set(mark.id, stroke);
    void editor.dispatchNoAnnounce(editor.image.addComponent(stroke), false);
  };
  const idOf = (element: string): string | undefined => [...drawn].find(([, stroke]) => stroke.getId() === element)?.[0];

  editor.notifier.on(EditorEventType.CommandDone, (event) => {
    if (event.kind !== EditorEventType.CommandDone) return;
    const what = told(event.command);
    if (!what) return;
    if ('added' in what) {
      const { id, name, data } = what.added;
      const paths = data.map(({ path }) => shorter(path));
      // What cannot be told to the others does not stay here either.
      const stroke = editor.image.lookupElement(id);
      if (name !== 'stroke' || paths.length > 4 || paths.some((path) => path.length > mostPathLength)) {
        if (stroke) void editor.dispatchNoAnnounce(new Erase([stroke]), false);
        return;
      }
      if (stroke instanceof Stroke) drawn.set(id, stroke);
      waiting.add(id);
      listener.drew({ id, ink, paths });
      return;
    }
    const ids = what.erased.flatMap((element) => idOf(element) ?? []);
    for (const id of ids) {
      drawn.delete(id);
      rubbedOut.add(id);
    }
    if (ids.length > 0) listener.rubbed(ids);
  });

  const fit = (): void => {
    const { width } = box.getBoundingClientRect();
    if (width > 0) editor.viewport.resetTransform(Mat33.scaling2D(width / boardWidth));
    editor.queueRerender().catch(() => undefined);
  };
  const observer = new ResizeObserver(fit);
  observer.observe(box);
  void editor.dispatchNoAnnounce(editor.setImportExportRect(new Rect2(0, 0, boardWidth, boardHeight)), false);
  fit();

  return {
    show(marks) {
      const now = new Set(marks.map(({ id }) => id));
      for (const id of waiting) if (now.has(id)) waiting.delete(id);
      for (const id of rubbedOut) if (!now.has(id)) rubbedOut.delete(id);
      for (const id of [...drawn.keys()]) if (!now.has(id) && !waiting.has(id)) remove(id);
      for (const mark of marks) if (!drawn.has(mark.id) && !rubbedOut.has(mark.id)) put(mark);
    },
    use(tool, next) {
      ink = next;
      pen.setColor(Color4.fromHex(inks[ink]));
      pen.setEnabled(tool === 'pen');
      rubber.setEnabled(tool === 'rubber');
      editor.setReadOnly(tool === null);
    },
    close() {
      observer.disconnect();
      editor.remove();
    },
  };
}
