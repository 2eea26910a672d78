// SPDX-License-Identifier: Apache-2.0
// The worker in which a client's keys live: the keeper, and messages in and out of the page. Not here: anything that decides.
// Nothing of a key leaves it but the base keys of frames and, for the tab's own storage, the tab's identity.
import { browserClock } from '../base/clock';
import { serveKeeper, type ToKeeper } from './keeper_port';

interface Scope {
  onmessage: ((event: MessageEvent<ToKeeper>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as Scope;
const take = serveKeeper(browserClock, (message) => scope.postMessage(message));
scope.onmessage = ({ data }) => take(data);
