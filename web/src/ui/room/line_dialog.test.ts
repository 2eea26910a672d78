// SPDX-License-Identifier: Apache-2.0
// The dialog of one's own line: it lists what can help, and switches nothing by itself.
import { describe, expect, it } from 'vitest';
import type { LineWord, Person } from '../../call/model';
import { t, type TextKey } from '../../texts/text';
import { Button } from '../button';
import { elementsIn, wordsOf } from '../elements';
import { emptyState, people, SketchSession } from '../sketch_session';
import { LineDialog } from './line_dialog';

const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
const other = 3;

function opened(own: Partial<Person>, camera = true) {
  const base = emptyState();
  const devices = { ...base.devices, camera: { ...base.devices.camera, on: camera } };
  const session = new SketchSession({ ...base, stage: { at: 'present' }, devices, people: people(4, 1).map((one) => (one.self ? { ...one, ...own } : one)) });
  const draw = () => elementsIn(LineDialog({ session, state: session.state, endsAt: inAnHour, onClose: () => undefined }));
  const button = (key: TextKey) => {
    const found = draw().filter((one) => one.type === Button && wordsOf(one) === t(key));
    expect(found).toHaveLength(1);
    return found[0]!.props as { pressed: boolean; onClick: () => void };
  };
  return { session, draw, button, of: (tag: string) => draw().filter((one) => one.type === tag).map((one) => wordsOf(one)) };
}

const carries = (pictures: 'full' | 'none', ...thinned: number[]) => ({ pictures, thinned });
const weak: readonly (readonly [string, Partial<Person>])[] = [
  ...(['fair', 'poor', 'none'] satisfies LineWord[]).map((line) => [line, { line, carried: carries(line === 'fair' ? 'full' : 'none') }] as const),
  ['thinned', { line: 'good', carried: carries('none', other) }],
];

describe('the dialog of one’s own line', () => {
  it.each(weak)('lists what can help where it is %s', (_name, own) => {
    const helps = ['line_dialog.closer', 'line_dialog.others', 'line_dialog.camera', 'line_dialog.sound_only'] as const;
    expect(opened(own).of('li')).toEqual(helps.map((key) => t(key)));
    expect(opened(own, false).of('li')).toEqual(helps.filter((key) => key !== 'line_dialog.camera').map((key) => t(key)));
  });

  it('says of a paused camera why, and how to stay unseen; and does not list it again', () => {
    const { of } = opened({ line: 'good', cameraHeld: true });
    expect(of('p')).toContain(t('line_dialog.camera_held'));
    expect(t('line_dialog.camera_held')).toContain('turn your camera off');
    expect(of('li')).toEqual([t('line_dialog.closer'), t('line_dialog.others'), t('line_dialog.sound_only')]);
  });

  it('lists nothing to do on a good line, and still offers sound only', () => {
    const { of, button } = opened({ line: 'good', carried: carries('full') });
    expect(of('li')).toEqual([]);
    expect(of('p')).toContain(t('line_dialog.sound_only'));
    expect(button('line_dialog.sound_only_on').pressed).toBe(false);
  });

  it.each([...weak, ['held', { line: 'poor', cameraHeld: true }] as const])('offers sound only where the line is %s, and does not turn it on by itself', (_name, own) => {
    const { session, button } = opened(own);
    let changes = 0;
    session.subscribe(() => (changes += 1));
    expect(button('line_dialog.sound_only_on').pressed).toBe(false);
    expect(button('line_dialog.saver').pressed).toBe(false);
    expect([session.state.soundOnly, session.state.data.saver, session.state.devices.camera.on, changes]).toEqual([false, false, true, 0]);
  });

  it('gets sound only when that is pressed, and pictures again when it is pressed once more', () => {
    const { session, button } = opened({ line: 'poor', carried: carries('none') });
    button('line_dialog.sound_only_on').onClick();
    expect(session.state.soundOnly).toBe(true);
    expect(button('line_dialog.sound_only_on').pressed).toBe(true);
    button('line_dialog.sound_only_on').onClick();
    expect(session.state.soundOnly).toBe(false);
  });
});
