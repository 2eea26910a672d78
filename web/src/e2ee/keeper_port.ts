// SPDX-License-Identifier: Apache-2.0
// What the page and the keeper's worker say to each other, and the worker's end of it. Not here: the page's end (client.ts).
import type { Clock } from '../base/clock';
import type { Audience, ClientMessage, ServerMessage } from '../call/message';
import { type Delivered, type EpochKeys, Keeper, type Kept, type Trouble } from './keeper';
import { suiteWorks } from './mls_suite';
import type { Standing } from './talk';

export type ToKeeper =
  | { say: 'recall'; stored: string | null }
  | { say: 'heard'; message: ServerMessage }
  | { say: 'said'; text: string; to: Audience; ref?: string }
  | { say: 'admit'; arrival: number; seat: number; leads: boolean }
  | { say: 'words'; on: boolean }
  | { say: 'compared' }
  | { say: 'dismiss'; trouble: Trouble }
  | { say: 'stop' };

export type FromKeeper =
  | { say: 'works'; works: boolean }
  | { say: 'send'; message: ClientMessage }
  | { say: 'opened'; message: Delivered; text: string; standing: Standing }
  | { say: 'kept'; view: Kept }
  | { say: 'keys'; keys: EpochKeys }
  | { say: 'forget'; group: string }
  | { say: 'store'; text: string | null }
  | { say: 'failed'; ref: string };

export function serveKeeper(clock: Clock, post: (message: FromKeeper) => void): (message: ToKeeper) => void {
  let last = '';
  const keeper = new Keeper(clock, {
    send: (message) => post({ say: 'send', message }),
    opened: (message, text, standing) => post({ say: 'opened', message, text, standing }),
    kept: (view) => {
      const next = JSON.stringify(view);
      if (next !== last) post({ say: 'kept', view });
      last = next;
    },
    keys: (keys) => post({ say: 'keys', keys }),
    forget: (group) => post({ say: 'forget', group }),
    store: (text) => post({ say: 'store', text }),
    failed: (ref) => post({ say: 'failed', ref }),
  });
  void suiteWorks().then((works) => post({ say: 'works', works }));
  return (message) => {
    switch (message.say) {
      case 'recall':
        return keeper.recall(message.stored);
      case 'heard':
        return keeper.heard(message.message);
      case 'said':
        return keeper.say(message.text, message.to, message.ref);
      case 'admit':
        return keeper.admit(message.arrival, message.seat, message.leads);
      case 'words':
        return keeper.watchWords(message.on);
      case 'compared':
        return keeper.compared();
      case 'dismiss':
        return keeper.dismiss(message.trouble);
      case 'stop':
        return keeper.stop();
    }
  };
}
