// SPDX-License-Identifier: Apache-2.0
// JSON pointers (RFC 6901) into plain values: reading, putting without changing the old value, and where two values differ.
// A list counts as one value. Not here: "-" for the end of a list.

const parts = (pointer: string): string[] =>
  pointer === '' ? [] : pointer.slice(1).split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

export function at(value: unknown, pointer: string): unknown {
  let now = value;
  for (const part of parts(pointer)) {
    if (typeof now !== 'object' || now === null) return undefined;
    now = (now as Record<string, unknown>)[part];
  }
  return now;
}

export function put<T>(value: T, pointer: string, next: unknown): T {
  const [first, ...rest] = parts(pointer);
  if (first === undefined) return next as T;
  const under = rest.length ? `/${rest.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}` : '';
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === first ? put(one, under, next) : one)) as T;
  const held = (value ?? {}) as Record<string, unknown>;
  return { ...held, [first]: put(held[first], under, next) } as T;
}

const isTree = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

// The pointers of the values (not objects) that differ.
export function differences(a: unknown, b: unknown, under = ''): string[] {
  if (isTree(a) && isTree(b)) {
    const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return names.flatMap((name) => differences(a[name], b[name], `${under}/${name}`));
  }
  return JSON.stringify(a) === JSON.stringify(b) ? [] : [under];
}

// Three versions of one record: what both changed to different values, and theirs with what only I changed put on top.
export function merged<T>(base: T, theirs: T, mine: T): { value: T; contested: string[] } {
  const changedByMe = differences(base, mine);
  const apart = new Set(differences(theirs, mine));
  const changedByThem = new Set(differences(base, theirs));
  let value = theirs;
  const contested: string[] = [];
  for (const pointer of changedByMe) {
    if (!apart.has(pointer)) continue;
    if (changedByThem.has(pointer)) contested.push(pointer);
    else value = put(value, pointer, at(mine, pointer));
  }
  return { value, contested };
}
