// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { at, differences, merged, put } from './pointer';

describe('a JSON pointer', () => {
  it('reads and puts, also in lists and under names with slashes', () => {
    const value = { a: { 'b/c': [{ d: 1 }, { d: 2 }] } };
    expect(at(value, '/a/b~1c/1/d')).toBe(2);
    expect(put(value, '/a/b~1c/1/d', 3)).toEqual({ a: { 'b/c': [{ d: 1 }, { d: 3 }] } });
    expect(value.a['b/c'][1]?.d).toBe(2);
    expect(at(value, '')).toBe(value);
    expect(at(value, '/a/none/deeper')).toBeUndefined();
  });
  it('finds where two values differ; a list is one value', () => {
    expect(differences({ a: 1, b: { c: [1], d: 2 } }, { a: 1, b: { c: [1, 2], d: 2 } })).toEqual(['/b/c']);
    expect(differences({ a: null }, { a: { b: 1 } })).toEqual(['/a']);
    expect(differences({ a: 1 }, { a: 1 })).toEqual([]);
  });
});

describe('two people editing one record', () => {
  const base = { name: 'Heather', places: 10, venue: 'Rowan' };
  it('keeps both where they changed different answers', () => {
    expect(merged(base, { ...base, venue: 'Birch' }, { ...base, places: 12 })).toEqual({ value: { name: 'Heather', places: 12, venue: 'Birch' }, contested: [] });
  });
  it('contests only what both changed, each to something else', () => {
    const { value, contested } = merged(base, { ...base, venue: 'Birch', name: 'Bracken' }, { ...base, venue: 'Elm', name: 'Bracken', places: 8 });
    expect(contested).toEqual(['/venue']);
    expect(value).toEqual({ name: 'Bracken', places: 8, venue: 'Birch' });
  });
});
