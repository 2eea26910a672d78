// SPDX-License-Identifier: Apache-2.0
// Hands TCP connections to HOST:PORT on to another address, as a program: `forward.ts HOST PORT TO`. So a page on the far side of a
// line is on localhost, which browsers take for a secure place, as near pages are. Ends with its standard input.
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';

export function forward(host: string, port: number, to: string): Promise<Server> {
  const server = createServer({ noDelay: true }, (one) => {
    const other = connect({ host: to, port, noDelay: true });
    one.pipe(other).pipe(one);
    for (const [each, partner] of [[one, other], [other, one]] as const) {
      each.on('error', () => partner.destroy());
      each.on('close', () => partner.destroy());
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => resolve(server));
  });
}

if (process.argv[1] === import.meta.filename) {
  const [, , host = '', port = '', to = ''] = process.argv;
  await forward(host, Number(port), to);
  console.log('ready');
  process.stdin.on('end', () => process.exit(0)).resume();
}
