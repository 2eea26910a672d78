// SPDX-License-Identifier: Apache-2.0
// The page's end of the keeper: hands in what the room says, sends what the keeper says, keeps its view for the pages. Where the
// worker dies its keys are gone, so the line is begun afresh and a facilitator's client adds this one again. Not here: any key.
// Invariants: in an encrypted room nothing that people say leaves the page but through here; after stop() nothing is kept.
import type { Audience, ClientMessage, ServerMessage } from '../call/message';
import type { TokenShelf } from '../call/signalling';
import type { Delivered, EpochKeys, Kept, Trouble } from './keeper';
import type { FromKeeper, ToKeeper } from './keeper_port';
import type { Standing } from './talk';

// The part of a Worker that is used, so that tests can bring their own.
export interface KeeperWorker {
  postMessage(message: ToKeeper): void;
  terminate(): void;
  onmessage: ((event: { data: FromKeeper }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

export interface EncryptionListener {
  send(message: ClientMessage): void;
  opened(message: Delivered, text: string, standing: Standing): void;
  changed(): void; // `view` or `works` was replaced
  keys(keys: EpochKeys): void;
  forget(group: string): void;
  failed(ref: string): void;
  again(): void; // the keys are gone: begin the line afresh
}

const concerning: ReadonlySet<ServerMessage['type']> = new Set([
  'welcome', 'state', 'roster', 'joined', 'changed', 'left', 'waiting', 'breakouts', 'key-offered', 'groups', 'group-opened', 'committed', 'group-welcome', 'delivered', 'refused',
]);
const mostDeaths = 3;

export const nothingKept: Kept = { state: 'waiting', seats: [], epoch: 0, words: null, hold: null, silent: [], ask: [], within: [], troubles: [] };

export class Encryption {
  view: Kept = nothingKept;
  works: boolean | null = null; // null: not known yet
  private worker: KeeperWorker | null;
  private deaths = 0;
  private restarted = false; // told until it is put away
  private wordsOn = false;

  constructor(
    private readonly make: () => KeeperWorker,
    private readonly shelf: TokenShelf,
    private readonly listener: EncryptionListener,
  ) {
    this.worker = this.open();
  }

  heard(message: ServerMessage): void {
    if (concerning.has(message.type)) this.post({ say: 'heard', message });
  }

  say(text: string, to: Audience, ref?: string): void {
    if (this.worker) this.post({ say: 'said', text, to, ...(ref !== undefined && { ref }) });
    else if (ref !== undefined) this.listener.failed(ref);
  }

  admit(arrival: number, seat: number, leads: boolean): void {
    this.post({ say: 'admit', arrival, seat, leads });
  }

  showWords(on: boolean): void {
    this.wordsOn = on;
    this.post({ say: 'words', on });
  }

  compared(): void {
    this.post({ say: 'compared' });
  }

  dismiss(trouble: Trouble): void {
    if (trouble !== 'restarted') return this.post({ say: 'dismiss', trouble });
    this.restarted = false;
    this.show({ ...this.view, troubles: this.view.troubles.filter((one) => one !== 'restarted') });
  }

  // A worker died and another is in its place, here or between the lines and the frames (attach.ts).
  hasRestarted(): void {
    this.restarted = true;
    this.show(this.view);
  }

  // The person has gone: the worker is ended, and all its memory with it.
  stop(): void {
    const worker = this.worker;
    this.worker = null;
    this.shelf.put(null);
    if (!worker) return;
    worker.onmessage = worker.onerror = null;
    worker.terminate();
  }

  private show(view: Kept): void {
    const told = this.restarted && !view.troubles.includes('restarted');
    this.view = told ? { ...view, troubles: [...view.troubles, 'restarted'] } : view;
    this.listener.changed();
  }

  private post(message: ToKeeper): void {
    this.worker?.postMessage(message);
  }

  private open(): KeeperWorker {
    const worker = this.make();
    worker.onmessage = ({ data }) => this.said(data);
    worker.onerror = () => this.died();
    worker.postMessage({ say: 'recall', stored: this.shelf.get() });
    if (this.wordsOn) worker.postMessage({ say: 'words', on: true });
    return worker;
  }

  private died(): void {
    this.worker?.terminate();
    this.deaths += 1;
    for (const group of ['everyone', ...this.view.within.map((one) => one.group)]) this.listener.forget(group);
    this.view = nothingKept;
    if (this.deaths > mostDeaths || this.works === null) {
      this.worker = null; // it does not run here at all
      this.works = false;
      return this.listener.changed();
    }
    this.worker = this.open();
    this.hasRestarted();
    this.listener.again();
  }

  private said(message: FromKeeper): void {
    switch (message.say) {
      case 'works':
        this.works = message.works;
        return this.listener.changed();
      case 'send':
        return this.listener.send(message.message);
      case 'opened':
        return this.listener.opened(message.message, message.text, message.standing);
      case 'kept':
        return this.show(message.view);
      case 'keys':
        return this.listener.keys(message.keys);
      case 'forget':
        return this.listener.forget(message.group);
      case 'store':
        return this.shelf.put(message.text);
      case 'failed':
        return this.listener.failed(message.ref);
    }
  }
}

export const openKeeperWorker = (): KeeperWorker => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'keys' }) as unknown as KeeperWorker;
