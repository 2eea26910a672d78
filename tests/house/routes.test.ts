// SPDX-License-Identifier: Apache-2.0
// Every HTTP route says who may call it, what an audit row of it would say and how large a body it takes: in the table, not
// by a default. Every WebSocket route bounds its messages.
import { expect, test } from 'vitest';
import { files, text } from './source.ts';

interface Route {
  file: string;
  pattern: string;
  said: string;
}

// care/desk_routes.cpp turns each row of the service's tables into a route; the rows themselves are read below.
const sources = files('src', /\.cpp$/).filter((file) => !file.endsWith('_test.cpp') && !file.endsWith('desk_routes.cpp'));
const tables = (name: string, last: string): Route[] =>
  sources.flatMap((file) =>
    [...text(file).matchAll(new RegExp(`\\b(?:http|care)::${name}\\{([\\s\\S]*?)\\.${last} =`, 'g'))].map((match) => ({
      file,
      pattern: /\.(?:pattern|path) = "([^"]+)"/.exec(match[1]!)?.[1] ?? '',
      said: match[1]!,
    })),
  );
const routes = tables('Route', 'handler');
const service = tables('ServiceRoute', 'handler');
const sockets = tables('WebSocketRoute', 'make');
const lacking = (all: Route[], ...fields: string[]) =>
  all.flatMap(({ file, pattern, said }) => fields.filter((field) => !said.includes(`.${field} = `)).map((field) => `${file} ${pattern}: ${field}`));

test('the routes are found, each once', () => {
  const patterns = routes.map(({ pattern }) => pattern);
  expect(patterns).toEqual(expect.arrayContaining(['/api/openapi.json', '/api/arrive', '/api/booking-cards', '/healthz', '/readyz', '/metrics']));
  expect(patterns).not.toContain('');
  const calls = sources.reduce((sum, file) => sum + [...text(file).matchAll(/\bhttp::Route\{|\bsite_?\.add\(\{/g)].length, 0);
  expect(routes.length).toBe(calls);
  expect(sockets.map(({ pattern }) => pattern)).toEqual(['/api/call']);
});

test('every route names a method, a permission, an audit class and a largest body', () => {
  expect(lacking(routes, 'method', 'pattern', 'permission', 'audit', 'max_body')).toEqual([]);
});

test('every route of the service names its row of the access table, and is audited', () => {
  expect(lacking(service, 'method', 'pattern', 'permission', 'data', 'access', 'audit', 'max_body')).toEqual([]);
  expect(service.filter(({ said }) => said.includes('Access::write') && !said.includes('Audit::change')).map(({ pattern }) => pattern)).toEqual([]);
  expect(service.filter(({ said }) => said.includes('Audit::none')).map(({ pattern }) => pattern)).toEqual([]);
});

// Sign-in is what makes somebody known: its routes stand outside the desk and write their audit rows themselves.
const ofSignIn = routes.filter(({ file }) => file.startsWith('src/identity/'));

test('what a link or a token opens is audited, what needs neither reads nothing personal', () => {
  const wrong = routes
    .filter((route) => !ofSignIn.includes(route))
    .filter(({ said }) => /Permission::(?:link_holder|facilitating_link|bearer)/.test(said) === /Audit::none/.test(said));
  expect(wrong.map(({ pattern }) => pattern)).toEqual([]);
});

test('routes of sign-in change nothing that is not audited, and are the only ones beside the desk that know staff', () => {
  expect(ofSignIn.length).toBeGreaterThan(10);
  const silent = ofSignIn.filter(({ said }) => !said.includes('Method::get') && !/method = get\b/.test(said) && !said.includes('Audit::change'));
  expect(silent.map(({ pattern }) => pattern)).toEqual([]);
  const elsewhere = routes.filter((route) => !ofSignIn.includes(route) && /Permission::(?:staff|visitor)/.test(route.said));
  expect(elsewhere.map(({ pattern }) => pattern)).toEqual([]);
});

test('every WebSocket route names its subprotocol and its largest message', () => {
  expect(lacking(sockets, 'subprotocol', 'max_message')).toEqual([]);
});
