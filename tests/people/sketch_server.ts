// SPDX-License-Identifier: Apache-2.0
// Serves the pages from source with the development server, for the sketch (/sketch.html): made-up sessions and a made-up
// service, never built into the product. Not a Quietroom server.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tree } from './server.ts';

interface Vite {
  createServer(options: object): Promise<{ listen(): Promise<unknown>; close(): Promise<void>; httpServer: { address(): { port: number } } }>;
}

export async function serveSketch(): Promise<{ address: string; stop(): Promise<void> }> {
  const vite = (await import(pathToFileURL(join(tree, 'web', 'node_modules', 'vite', 'dist', 'node', 'index.js')).href)) as Vite;
  const server = await vite.createServer({
    root: join(tree, 'web'),
    configFile: join(tree, 'web', 'vite.config.ts'),
    server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    logLevel: 'error',
  });
  await server.listen();
  return { address: `http://127.0.0.1:${server.httpServer.address().port}`, stop: () => server.close() };
}
