// SPDX-License-Identifier: Apache-2.0
// Every answer that the routes gave in the C++ tests, held against docs/api: its status is one that the route names, its body what
// the schema of that status says and nothing beside it (JSON Schema 2020-12). A route whose success was never seen fails. The test
// programs wrote the answers down (src/http/answers_for_tests.cpp) into the folder that TEST_ANSWERS names; ./test cpp runs both.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { apiDocument, type Operation } from '../house/document.ts';

interface Seen {
  method: string;
  path: string;
  status: number;
  type: string;
  body: string;
}
const folder = process.env['TEST_ANSWERS'];
if (!folder) throw new Error('TEST_ANSWERS names the folder of what the C++ tests saw: run ./test cpp');
const answers = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Seen));

// Of the call and the demonstration; docs/protocol.md tells of them (tests/house/api.test.ts).
const elsewhere = new Set(['/api/arrive', '/api/booking-cards', '/api/demo', '/api/call']);
const document = apiDocument();
// A literal segment goes before a name in braces.
const patterns = Object.keys(document.paths)
  .map((path) => ({ path, test: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]*\}/g, '[^/]+')}$`), names: path.split('{').length }))
  .sort((a, b) => a.names - b.names);
const patternOf = (path: string) => patterns.find((one) => one.test.test(path))?.path;

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
(addFormats as unknown as (to: Ajv2020) => void)(ajv);
// OpenAPI's own words (OpenAPI 3.1 section 4.8.24.4, specification extensions).
ajv.addVocabulary(['example', 'xml', 'externalDocs', 'discriminator']);
ajv.addKeyword('components');
ajv.addSchema({ $id: 'urn:quietroom:openapi', components: document.components });

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');
const compiled = new Map<string, ValidateFunction>();
function validator(route: string, operation: Operation, status: string): ValidateFunction | null {
  const said = operation.responses[status]!;
  const answer = said.$ref ? (document.components['responses'] as Operation['responses'])[said.$ref.split('/').at(-1)!]! : said;
  const content = Object.values(answer.content ?? {})[0];
  if (!content) return null;
  const key = `${route} ${status}`;
  let made = compiled.get(key);
  if (!made) {
    const schema = JSON.parse(JSON.stringify(content.schema).replaceAll('"#/components/', '"urn:quietroom:openapi#/components/')) as object;
    made = ajv.compile({ $id: `answer:${escaped(key)}`, ...schema });
    compiled.set(key, made);
  }
  return made;
}
const typeOf = (operation: Operation, status: string): string[] => {
  const said = operation.responses[status]!;
  const answer = said.$ref ? (document.components['responses'] as Operation['responses'])[said.$ref.split('/').at(-1)!]! : said;
  return Object.keys(answer.content ?? {});
};

const checked = new Map<string, Map<string, number>>(); // "get /api/…" -> status -> how often
const wrong = new Map<string, string>();

for (const seen of answers) {
  const path = patternOf(seen.path);
  const method = seen.method.toLowerCase();
  const operation = path ? document.paths[path]![method] : undefined;
  // No such route, another method, or a page that this document does not hold.
  if (!path || !operation || seen.status === 405 || elsewhere.has(seen.path)) continue;
  const route = `${method} ${path}`;
  const status = String(seen.status) in operation.responses ? String(seen.status) : 'default' in operation.responses ? 'default' : null;
  // Every route may be refused for what it is, not for what it says: too large, from another site, out of order, out of space.
  const anywhere = new Set([413, 500, 503, 507]);
  if (status === null && !anywhere.has(seen.status)) {
    wrong.set(`${route} ${seen.status}`, `the document does not name this status: ${seen.body}`);
    continue;
  }
  const validate = status === null ? ajv.getSchema('urn:quietroom:openapi#/components/schemas/Problem')! : validator(route, operation, status);
  const types = status === null ? ['application/problem+json'] : typeOf(operation, status);
  if (!validate) {
    if (seen.body !== '') wrong.set(`${route} ${seen.status}`, `nothing was to be said: ${seen.body}`);
  } else {
    const type = seen.type.split(';')[0]!;
    if (!types.includes(type)) wrong.set(`${route} ${seen.status}`, `sent as ${type}, named as ${types.join(', ')}`);
    else if (type.endsWith('json') && !validate(JSON.parse(seen.body)))
      wrong.set(`${route} ${seen.status}`, `${ajv.errorsText(validate.errors)}: ${seen.body.slice(0, 600)}`);
  }
  const of = checked.get(route) ?? new Map<string, number>();
  of.set(String(seen.status), (of.get(String(seen.status)) ?? 0) + 1);
  checked.set(route, of);
}

test('every answer is what the document says', () => {
  const count = [...checked.values()].flatMap((of) => [...of.values()]).reduce((sum, n) => sum + n, 0);
  const cells = [...checked.values()].reduce((sum, of) => sum + of.size, 0);
  console.log(`${count} answers checked: ${checked.size} routes, ${cells} pairs of route and status`);
  expect([...wrong].map(([where, what]) => `${where}: ${what}`)).toEqual([]);
});

test("every route's success was checked", () => {
  const never = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      Object.keys(operation.responses)
        .filter((status) => /^[23]/.test(status) && !checked.get(`${method} ${path}`)?.has(status))
        .map((status) => `${method} ${path} ${status}`),
    ),
  );
  expect(never).toEqual([]);
});

test('an answer with a field that the document does not name is found', () => {
  const validate = ajv.getSchema('urn:quietroom:openapi#/components/schemas/Problem')!;
  expect(validate({ type: '/problems/x', title: 'X', status: 400 })).toBe(true);
  expect(validate({ type: '/problems/x', title: 'X', status: 400, beside: 1 })).toBe(false);
});
