// SPDX-License-Identifier: Apache-2.0
// A real SMTP server on loopback for a story: takes every mail and gives it, parted, to whoever waits for it. Not for the product.
import { type AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  from: string; // the envelope sender: where a report of failure would go
  to: string[];
  headers: string;
  text: string;
  html: string;
  calendars: string[];
}

const partsOf = (raw: string): { type: string; body: string }[] =>
  raw.split(/\r\n--=_\w+(?:--)?\r\n?/).flatMap((part) => {
    const [head, ...rest] = part.split('\r\n\r\n');
    const type = /content-type: ([^\r]+)/i.exec(head ?? '')?.[1];
    if (!type || !/base64/i.test(head ?? '')) return [];
    return [{ type, body: Buffer.from(rest.join('').replace(/\s+/g, ''), 'base64').toString('utf8') }];
  });

export class Mailbox {
  readonly mails: Mail[] = [];
  #waiting: (() => void)[] = [];
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('utf8');
          const parts = partsOf(`\r\n${raw}`.replace(/(boundary="=_\w+"\r\n)/g, '$1'));
          this.mails.push({
            from: session.envelope.mailFrom ? session.envelope.mailFrom.address : '',
            to: session.envelope.rcptTo.map(({ address }) => address),
            headers: raw.slice(0, raw.indexOf('\r\n\r\n')),
            text: parts.find(({ type }) => type.startsWith('text/plain'))?.body ?? '',
            html: parts.find(({ type }) => type.startsWith('text/html'))?.body ?? '',
            calendars: parts.filter(({ type }) => type.startsWith('text/calendar')).map(({ body }) => body),
          });
          done(null);
          for (const told of this.#waiting.splice(0)) told();
        });
      },
    });
  }
  static open(): Promise<Mailbox> {
    const box = new Mailbox();
    return new Promise((resolve) => box.#server.listen(0, '127.0.0.1', () => resolve(box)));
  }
  get url(): string {
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }
  // The mail number `n` (from 0), as soon as it is here.
  async mail(n: number): Promise<Mail> {
    while (this.mails.length <= n) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.mails[n]!;
  }
  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
