// SPDX-License-Identifier: Apache-2.0
// docs/api against the code: every route of the service stands in the document with its method, and the other way round; every
// operation has an id of its own, a summary, its answers and problems; every $ref leads somewhere.
import { expect, test } from 'vitest';
import { files, text } from './source.ts';

type Json = { [key: string]: unknown };
const fragments = files('docs/api', /\.json$/).map((file) => ({ file, json: JSON.parse(text(file)) as Json }));
const operations = fragments.flatMap(({ file, json }) =>
  Object.entries((json.paths ?? {}) as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ file, path, method, operation })),
  ),
);
const shape = (path: string) => path.replace(/\{[^}]*\}/g, '{}');

const routes = files('src', /\.cpp$/)
  .filter((file) => !file.endsWith('_test.cpp') && !file.endsWith('desk_routes.cpp'))
  .flatMap((file) =>
    [...text(file).matchAll(/\b(?:http::Route|(?:care::)?ServiceRoute)\{([\s\S]*?)\.handler =/g)].map((match) => ({
      file,
      method: /Method::(\w+)/.exec(match[1]!)?.[1]?.replace('del', 'delete') ?? '',
      path: /\.pattern = "([^"]+)"/.exec(match[1]!)?.[1] ?? '',
    })),
  )
  .filter(({ path }) => path.startsWith('/api/'));
// Of the call and the demonstration; docs/protocol.md tells of them.
const elsewhere = new Set(['/api/arrive', '/api/booking-cards', '/api/demo']);

test('every route of the service stands in the document, and nothing else does', () => {
  const inCode = routes.filter(({ path }) => !elsewhere.has(path)).map(({ method, path }) => `${method} ${shape(path)}`);
  const inDocument = operations.map(({ method, path }) => `${method} ${shape(path)}`);
  expect(inCode.filter((one) => !inDocument.includes(one))).toEqual([]);
  expect(inDocument.filter((one) => !inCode.includes(one))).toEqual([]);
  expect(new Set(inDocument).size).toBe(inDocument.length);
});

test('every operation has an id of its own, a summary and its answers', () => {
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const lacking = operations
    .filter(({ operation }) => !operation.operationId || !operation.summary || Object.keys((operation.responses ?? {}) as Json).length === 0)
    .map(({ file, method, path }) => `${file} ${method} ${path}`);
  expect(lacking).toEqual([]);
});

test('every reference leads somewhere', () => {
  const components: Record<string, Set<string>> = {};
  for (const { json } of fragments)
    for (const [kind, all] of Object.entries((json.components ?? {}) as Record<string, Json>))
      for (const name of Object.keys(all)) (components[kind] ??= new Set()).add(name);
  const lost = fragments.flatMap(({ file, json }) =>
    [...JSON.stringify(json).matchAll(/"\$ref":"([^"]+)"/g)]
      .map((match) => match[1]!)
      .filter((ref) => {
        const [, kind, name] = /^#\/components\/(\w+)\/(\w+)$/.exec(ref) ?? [];
        return !kind || !components[kind]?.has(name!);
      })
      .map((ref) => `${file} ${ref}`),
  );
  expect(lost).toEqual([]);
});

// The rows of the desk's routes that take an Idempotency-Key.
const creating = files('src', /\.cpp$/)
  .filter((file) => !file.endsWith('_test.cpp') && !file.endsWith('desk_routes.cpp'))
  .flatMap((file) => [...text(file).matchAll(/\b(?:care::)?ServiceRoute\{([\s\S]*?)\.handler =/g)].map((match) => match[1]!))
  .filter((row) => /\.creates = true/.test(row))
  .map((row) => `${/Method::(\w+)/.exec(row)![1]!} ${shape(/\.pattern = "([^"]+)"/.exec(row)![1]!)}`);
const named = (operation: Json, parameter: string) => JSON.stringify(operation.parameters ?? []).includes(`#/components/parameters/${parameter}"`);

test('every creation takes an Idempotency-Key, in the code and in the document', () => {
  const created = operations
    .filter(({ operation }) => '201' in ((operation.responses ?? {}) as Json))
    .map(({ method, path }) => `${method} ${shape(path)}`);
  expect(created.length).toBeGreaterThan(7);
  expect(created.filter((one) => !creating.includes(one))).toEqual([]);
  const inDocument = operations.filter(({ operation }) => named(operation, 'IdempotencyKey')).map(({ method, path }) => `${method} ${shape(path)}`);
  expect([...inDocument].sort()).toEqual([...creating].sort());
});

test('every replacement of a record says which version it was made from', () => {
  // One's own way of taking part: nobody else changes it at the same time.
  const alone = ['put /api/mine/sessions/{}/way'];
  const without = operations.filter(({ method, operation }) => method === 'put' && !named(operation, 'IfMatch')).map(({ method, path }) => `${method} ${shape(path)}`);
  expect(without).toEqual(alone);
});

test('every list comes in pages', () => {
  const components = Object.assign({}, ...fragments.map(({ json }) => (json.components as Json | undefined)?.schemas ?? {})) as Record<string, Json>;
  const schemaOf = (operation: Json): Json => {
    const schema = ((operation.responses as Record<string, { content?: Record<string, { schema: Json }> }>)['200']?.content?.['application/json']?.schema ?? {}) as Json;
    return typeof schema['$ref'] === 'string' ? components[schema['$ref'].split('/').at(-1)!]! : schema;
  };
  const lists = operations.filter(({ method, operation }) => method === 'get' && 'items' in ((schemaOf(operation).properties ?? {}) as Json));
  // Bounded by what they are of: the kinds of message, the seats of a room, the sign-ins of one person (200 at most), the latest
  // twenty versions of some words, who comes along with one member.
  const bounded = ['get /api/teams/{}/message-templates', 'get /api/groups/{}/readiness', 'get /api/sessions/{}/places', 'get /api/sign-ins', 'get /api/teams/{}/message-templates/{}/{}/{}/versions', 'get /api/memberships/{}/supporters'];
  const whole = lists.filter(({ operation }) => !named(operation, 'Limit') || !named(operation, 'After')).map(({ method, path }) => `${method} ${shape(path)}`);
  expect(whole.sort()).toEqual(bounded.sort());
  expect(lists.length).toBeGreaterThan(8);
});
