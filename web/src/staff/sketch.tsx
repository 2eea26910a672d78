// SPDX-License-Identifier: Apache-2.0
// The sketch of the staff pages: /sketch.html?state=staff&path=/staff/groups&… draws that page over the made-up service.
// Not in the production bundle.
import { drawStaffPages } from './staff';
import { SketchService } from './sketch_service';
import type { StaffRole } from '../api/model';

export function drawSketch(root: HTMLElement, query: URLSearchParams): void {
  const now = Number(query.get('now')) || Date.parse('2026-11-23T14:05:00Z');
  Date.now = () => now; // the same picture on every day
  const service = new SketchService({ now, role: (query.get('role') ?? 'facilitator') as StaffRole, empty: query.has('empty'), long: query.has('long') });
  service.signedIn = !query.has('out');
  service.locked = query.has('locked');
  service.offline = query.has('offline');
  Object.assign(window, { service });
  history.replaceState(null, '', query.get('path') ?? '/staff');
  drawStaffPages(root, { send: service.fetch });
}
