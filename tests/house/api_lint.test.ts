// SPDX-License-Identifier: Apache-2.0
// The API's document under Redocly's linter: its recommended rules, each kept as an error. The library alone, which asks nobody
// anything over a network.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { expect, test } from 'vitest';
import { apiDocument } from './document.ts';

const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    // The service is where the document is; there is no other server to name.
    'no-server-example.com': 'off',
    // A 4xx is named by each route that has one; sign-in's pages say `default`, which holds them all.
    'operation-4xx-response': 'off',
    'operation-operationId': 'error',
    'operation-operationId-unique': 'error',
    'path-parameters-defined': 'error',
    'no-unused-components': 'error',
  },
});

test('the document passes the linter, and one with a fault does not', async () => {
  const lint = async (document: unknown) =>
    (await lintFromString({ source: JSON.stringify(document, null, 1), absoluteRef: 'openapi.json', config })).map(
      ({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`,
    );
  expect(await lint(apiDocument())).toEqual([]);
  const wrong = apiDocument();
  wrong.paths['/api/groups']!['get']!.operationId = wrong.paths['/api/today']!['get']!.operationId;
  expect((await lint(wrong)).some((said) => said.startsWith('operation-operationId-unique'))).toBe(true);
});
