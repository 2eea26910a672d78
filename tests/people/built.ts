// SPDX-License-Identifier: Apache-2.0
// Builds one page of web/ that is not part of the product (a measurement) and serves it under the product's own content security
// policy, so that what is measured is what runs. Not a Quietroom server.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tree } from './server.ts';

interface Vite {
  build(options: object): Promise<unknown>;
}
const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml' };

// As src/http/site.cpp says it: one text, put together from its lines.
function contentSecurity(): string {
  const source = readFileSync(join(tree, 'src', 'http', 'site.cpp'), 'utf8');
  const lines = /kContentSecurity =\s*((?:"[^"]*"\s*)+);/.exec(source)?.[1] ?? '';
  const policy = [...lines.matchAll(/"([^"]*)"/g)].map((line) => line[1]).join('');
  if (!policy.startsWith('default-src')) throw new Error('the content security policy was not found');
  return policy;
}

export async function serveBuilt(page: string): Promise<{ address: string; stop(): Promise<void> }> {
  const folder = join(tree, 'build', 'bench-web');
  const vite = (await import(pathToFileURL(join(tree, 'web', 'node_modules', 'vite', 'dist', 'node', 'index.js')).href)) as Vite;
  await vite.build({
    root: join(tree, 'web'),
    configFile: join(tree, 'web', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, rolldownOptions: { input: join(tree, 'web', page) } },
  });
  const policy = contentSecurity();
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    readFile(join(folder, path)).then(
      (body) => {
        response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', 'content-security-policy': policy });
        response.end(body);
      },
      () => {
        response.writeHead(404);
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { address: `http://localhost:${port}`, stop: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))) };
}
