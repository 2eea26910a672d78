// SPDX-License-Identifier: Apache-2.0
// Checks of data from outside: small readers that turn `unknown` into a type or say where it went wrong (JSON pointer).
// Tolerant to fields it does not know, strict in those it does. Not here: any message of ours.

export class Malformed extends Error {
  constructor(
    readonly pointer: string,
    readonly wanted: string,
  ) {
    super(`${pointer || '/'}: wanted ${wanted}`);
  }
}

export type Reader<T> = (value: unknown, pointer: string) => T;
type Read<R> = R extends Reader<infer T> ? T : never;
type OptionalKeys<S> = { [K in keyof S]: undefined extends Read<S[K]> ? K : never }[keyof S];
export type Shape<S> = { [K in Exclude<keyof S, OptionalKeys<S>>]: Read<S[K]> } & {
  [K in OptionalKeys<S>]?: Exclude<Read<S[K]>, undefined>;
};

export const text =
  (max = 65_536): Reader<string> =>
  (value, pointer) => {
    if (typeof value !== 'string' || value.length > max) throw new Malformed(pointer, `text of at most ${max}`);
    return value;
  };

export const truth: Reader<boolean> = (value, pointer) => {
  if (typeof value !== 'boolean') throw new Malformed(pointer, 'true or false');
  return value;
};

export const whole =
  (min = 0, max = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, pointer) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw new Malformed(pointer, `a whole number from ${min} to ${max}`);
    }
    return value;
  };

export const real: Reader<number> = (value, pointer) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Malformed(pointer, 'a number');
  return value;
};

export const oneOf =
  <const T extends string>(...words: readonly T[]): Reader<T> =>
  (value, pointer) => {
    if (typeof value !== 'string' || !(words as readonly string[]).includes(value)) {
      throw new Malformed(pointer, `one of ${words.join(', ')}`);
    }
    return value as T;
  };

export const exactly =
  <const T extends string | number | boolean>(wanted: T): Reader<T> =>
  (value, pointer) => {
    if (value !== wanted) throw new Malformed(pointer, String(wanted));
    return wanted;
  };

export const list =
  <T>(item: Reader<T>, max = 1000): Reader<T[]> =>
  (value, pointer) => {
    if (!Array.isArray(value) || value.length > max) throw new Malformed(pointer, `a list of at most ${max}`);
    return value.map((entry, index) => item(entry, `${pointer}/${index}`));
  };

export const orNull =
  <T>(inner: Reader<T>): Reader<T | null> =>
  (value, pointer) =>
    value === null ? null : inner(value, pointer);

export const optional =
  <T>(inner: Reader<T>): Reader<T | undefined> =>
  (value, pointer) =>
    value === undefined ? undefined : inner(value, pointer);

export const either =
  <A, B>(first: Reader<A>, second: Reader<B>): Reader<A | B> =>
  (value, pointer) => {
    try {
      return first(value, pointer);
    } catch {
      return second(value, pointer);
    }
  };

export const record =
  <T>(inner: Reader<T>, max = 1000): Reader<Record<string, T>> =>
  (value, pointer) => {
    if (!isObject(value)) throw new Malformed(pointer, 'an object');
    const entries = Object.entries(value);
    if (entries.length > max) throw new Malformed(pointer, `at most ${max} entries`);
    return Object.fromEntries(entries.map(([key, entry]) => [key, inner(entry, `${pointer}/${key}`)]));
  };

export const shape =
  <S extends Record<string, Reader<unknown>>>(fields: S): Reader<Shape<S>> =>
  (value, pointer) => {
    if (!isObject(value)) throw new Malformed(pointer, 'an object');
    const out: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(fields)) {
      const got = read(value[name], `${pointer}/${name}`);
      if (got !== undefined) out[name] = got;
    }
    return out as Shape<S>;
  };

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
