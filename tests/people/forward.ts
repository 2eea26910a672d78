// SPDX-License-Identifier: Apache-2.0
// Hands connections on, as a program: `forward.ts FROM TO`, each HOST:PORT or the path of a Unix socket, which leads from one network
// namespace to another. So a page on the far side of a line is on localhost, which browsers take for a secure place, as near pages are.
// Ends with its standard input.
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';

const placeOf = (place: string): { path: string } | { host: string; port: number } => {
  const [host = '', port] = place.split(':');
  return port === undefined ? { path: place } : { host, port: Number(port) };
};

export function forward(from: string, to: string): Promise<Server> {
  const server = createServer({ noDelay: true }, (one) => {
    const other = connect({ ...placeOf(to), noDelay: true } as Parameters<typeof connect>[0] & object);
    one.pipe(other).pipe(one);
    for (const [each, partner] of [[one, other], [other, one]] as const) {
      each.on('error', () => partner.destroy());
      each.on('close', () => partner.destroy());
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(placeOf(from), () => resolve(server));
  });
}

if (process.argv[1] === import.meta.filename) {
  const [, , from = '', to = ''] = process.argv;
  await forward(from, to);
  console.log('ready');
  process.stdin.on('end', () => process.exit(0)).resume();
}
