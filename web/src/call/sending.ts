// SPDX-License-Identifier: Apache-2.0
// What leaves this person on each of their lines, and whether anything may leave at all just now. Not here: making the tracks (devices,
// share), the connection (peer.ts). Invariant: while it is held nothing leaves, whatever is set meanwhile.
import type { Upstream } from './peer';

export class Sending {
  private readonly tracks = new Map<Upstream, MediaStreamTrack | null>();
  private held = false;

  constructor(private readonly send: (kind: Upstream, track: MediaStreamTrack | null) => void) {}

  // Whether that is another than before.
  set(kind: Upstream, track: MediaStreamTrack | null): boolean {
    if ((this.tracks.get(kind) ?? null) === track) return false;
    this.tracks.set(kind, track);
    this.send(kind, this.held ? null : track);
    return true;
  }

  hold(on: boolean): void {
    if (this.held === on) return;
    this.held = on;
    for (const [kind, track] of this.tracks) if (track) this.send(kind, on ? null : track);
  }
}
