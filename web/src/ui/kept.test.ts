// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { putView, readView } from './kept';

const shelf = () => {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
};

it('a reload finds who was made larger and that the own tile is hidden', () => {
  const tab = shelf();
  putView('seat 3', { pins: [4, 7], selfHidden: true }, tab);
  expect(readView('seat 3', tab)).toEqual({ pins: [4, 7], selfHidden: true });
});

it('another seat in the same tab, or nonsense, starts plain', () => {
  const tab = shelf();
  putView('seat 3', { pins: [4], selfHidden: true }, tab);
  expect(readView('seat 5', tab)).toEqual({ pins: [], selfHidden: false });
  tab.setItem('quietroom.view', '{"of":"seat 3","pins":"all"');
  expect(readView('seat 3', tab)).toEqual({ pins: [], selfHidden: false });
  expect(readView('seat 3', { getItem: () => { throw new Error('refused'); } })).toEqual({ pins: [], selfHidden: false });
});
