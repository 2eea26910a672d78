// SPDX-License-Identifier: Apache-2.0
// The sketch of the staff pages: /sketch.html?state=staff&path=/staff/groups&… draws that page over the made-up service.
// Not in the production bundle.
import type { StaffRole } from '../api/model';
import { type Draft, dropDraft, keepDraft } from './drafts';
import { emptyDraft } from './plan/group_draft';
import { idOf, SketchService } from './sketch_service';
import { drawStaffPages } from './staff';

const filledPlan = (): Draft => {
  const empty = emptyDraft('Europe/London', idOf(1), { staff: idOf(10), name: 'Robin Meadows', role: 'facilitator', alias: 'Robin' });
  const group = { ...empty.group, name: 'Compassion group', programme: 'Compassion-focused therapy', ways: ['video' as const], oneWayReason: 'Everyone lives far away', oneWayAlternative: 'The Friday group in person' };
  const series = { ...empty.series, firstDate: '2027-02-18', startTime: '14:00', exceptions: ['2027-03-04'] };
  return { values: { ...empty, group, series }, base: empty, version: null };
};

const pressWhenThere = (): void => {
  const button = document.querySelector<HTMLElement>('form button[type=submit]');
  if (button) button.click();
  else requestAnimationFrame(pressWhenThere);
};

export function drawSketch(root: HTMLElement, query: URLSearchParams): void {
  const now = Number(query.get('now')) || Date.parse('2026-11-23T14:05:00Z');
  Date.now = () => now; // the same picture on every day
  const service = new SketchService({ now, role: (query.get('role') ?? 'facilitator') as StaffRole, empty: query.has('empty'), long: query.has('long') });
  service.signedIn = !query.has('out');
  service.locked = query.has('locked');
  service.offline = query.has('offline');
  Object.assign(window, { service });
  if (query.has('filled')) keepDraft('plan-group', filledPlan(), true);
  else dropDraft('plan-group');
  history.replaceState(null, '', query.get('path') ?? '/staff');
  drawStaffPages(root, { send: service.fetch });
  if (query.has('sent')) pressWhenThere(); // as it is after sending what is there
}
