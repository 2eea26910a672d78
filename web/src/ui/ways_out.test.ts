// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import type { CallState } from '../call/model';
import { emptyState, people } from './sketch_session';
import { helpReaches } from './ways_out';

const state = (change: Partial<CallState>): CallState => ({ ...emptyState(), stage: { at: 'present' }, people: people(3, 1), ...change });

it.each<[string, CallState, ReturnType<typeof helpReaches>]>([
  ['with a facilitator in the room', state({}), 'help.told'],
  ['when the last facilitator has left', state({ people: people(3, 1).filter((one) => one.role !== 'facilitator') }), 'help.kept'],
  ['when the last facilitator has lost the line', state({ people: people(3, 1).map((one) => ({ ...one, away: one.role === 'facilitator' })) }), 'help.kept'],
  ['when one leads alone', state({ people: people(3, 0) }), 'help.not_told'],
  ['from the waiting room', state({ stage: { at: 'waiting', movedBack: false }, people: [] }), 'help.told_waiting'],
  ['before the waiting room', state({ stage: { at: 'arriving' }, people: [] }), 'help.not_told'],
  ['where only sound and pictures have stopped', state({ connection: { state: 'unsteady', tries: 0, retryAt: null } }), 'help.told'],
  ['with a line to the room that is being made again', state({ connection: { state: 'unsteady', tries: 1, retryAt: 5 } }), 'help.not_told'],
  ['without a line', state({ connection: { state: 'lost', tries: 1, retryAt: null } }), 'help.not_told'],
])('help asked %s is said to be told only where somebody can read it', (_when, now, said) => expect(helpReaches(now)).toBe(said));
