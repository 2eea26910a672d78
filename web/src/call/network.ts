// SPDX-License-Identifier: Apache-2.0
// What the browser says about the network under the page: that it is gone, there again, or another. Not here: what is done about it
// (session.ts). Chromium tells of every estimate of the line's speed by the same event as of another network: only the kind of
// network (Android, ChromeOS) says that it is another. What nobody says, the media's flow tells within a second (flow.ts).
export interface NetworkListener {
  online(moved: boolean): void; // there; by another network than before, or after a time without any
  nudge(): void; // something about it changed
}

export interface PageNetwork {
  events: Pick<EventTarget, 'addEventListener'>; // of the window
  connection?: (Pick<EventTarget, 'addEventListener'> & { readonly type?: string }) | undefined;
}

export function followNetwork({ events, connection }: PageNetwork, listener: NetworkListener): void {
  let without = false;
  let kind = connection?.type;
  const there = (moved: boolean): void => {
    listener.online(moved || without);
    without = false;
  };
  events.addEventListener('offline', () => (without = true));
  events.addEventListener('online', () => there(false));
  connection?.addEventListener('change', () => {
    if (connection.type === kind) return listener.nudge();
    kind = connection.type;
    if (kind === 'none') without = true;
    else there(true);
  });
}
