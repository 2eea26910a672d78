// SPDX-License-Identifier: Apache-2.0
// What who leads asks of the room, as messages (docs/protocol.md "Small rooms"). Not here: who may (the room), what pages show.
import type { ClientMessage } from './message';
import type { BreakoutControl } from './model';

export const breakoutControl = (send: (message: ClientMessage) => void): BreakoutControl => ({
  open: (rooms, seconds) => send({ type: 'open-breakouts', rooms: rooms.map((seats) => ({ seats })), seconds }),
  move: (seat, breakout) => send({ type: 'move-to', ...(breakout !== null && { breakout }), ...(seat !== null && { seat }) }),
  leave: (seconds) => send({ type: 'breakout-time', seconds }),
});

// What must not happen later than it was asked for: without a line to the room it is not kept, and the person is told.
export const needsTheLine: ReadonlySet<ClientMessage['type']> = new Set([
  'admit', 'decline', 'move-back', 'remove', 'mute', 'ask-to-mute', 'private-room', 'return', 'open-breakouts', 'move-to', 'breakout-time', 'share', 'allow-share', 'lock', 'pause', 'end',
]);
