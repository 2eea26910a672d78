// SPDX-License-Identifier: Apache-2.0
// MLS for synthetic people: the product's own TypeScript (web/src/e2ee/keeper.ts), one Keeper a person, over lines of JSON
// (keys_lines.h says which). Started by `quietroom-load --keys`. There is no MLS of its own here, and no storage: a person's
// keys live as long as this process. Node runs it as it is, with --experimental-transform-types for the client's classes.
import { registerHooks } from 'node:module';
import { createInterface } from 'node:readline';
import type { Keeper, Kept } from '../../web/src/e2ee/keeper';
import type { ServerMessage } from '../../web/src/call/message';

type Told =
  | { person: number; say: 'heard'; message: unknown }
  | { person: number; say: 'admit'; arrival: number; seat: number; leads: boolean }
  | { person: number; say: 'words' }
  | { person: number; say: 'stop' };

// The client names its modules without their ending, as its builder wants it.
registerHooks({
  resolve(specifier, context, next) {
    return next(specifier.startsWith('.') && !/\.[a-z]+$/.test(specifier) ? `${specifier}.ts` : specifier, context);
  },
});
const { Keeper: MakeKeeper } = await import('../../web/src/e2ee/keeper');
const { parseServerMessage } = await import('../../web/src/call/message');
const { browserClock } = await import('../../web/src/base/clock');
const { toBase64Url } = await import('../../web/src/base/base64url');

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

class SyntheticPerson {
  readonly keeper: Keeper;
  private wordsAsked = false;
  private troubles = new Set<string>();

  constructor(private readonly person: number) {
    const { person: number } = this;
    this.keeper = new MakeKeeper(browserClock, {
      send: (message) => say({ person: number, say: 'send', message }),
      keys: ({ group, epoch, baseKey, self, leaves, cause }) =>
        group === 'everyone' && say({ person: number, say: 'keys', epoch, base: toBase64Url(baseKey), self, leaves, cause }),
      forget: (group) => group === 'everyone' && say({ person: number, say: 'forget' }),
      kept: (view) => this.kept(view),
      opened: () => undefined,
      store: () => undefined,
      failed: () => undefined,
    });
  }

  askWords(): void {
    this.wordsAsked = true;
    this.keeper.watchWords(true);
  }

  private kept({ words, troubles }: Kept): void {
    for (const what of troubles)
      if (!this.troubles.has(what)) {
        this.troubles.add(what);
        say({ person: this.person, say: 'trouble', what });
      }
    if (!this.wordsAsked || words === null) return;
    this.wordsAsked = false;
    this.keeper.watchWords(false);
    say({ person: this.person, say: 'words', numbers: words });
  }
}

const people = new Map<number, SyntheticPerson>();
const personOf = (number: number): SyntheticPerson => {
  const found = people.get(number) ?? new SyntheticPerson(number);
  people.set(number, found);
  return found;
};

function take(told: Told): void {
  const person = personOf(told.person);
  switch (told.say) {
    case 'heard': {
      const parsed = parseServerMessage(JSON.stringify(told.message));
      if ('message' in parsed) person.keeper.heard(parsed.message satisfies ServerMessage);
      else say({ person: told.person, say: 'trouble', what: 'malformed' in parsed ? `a message of the server is malformed at ${parsed.malformed}` : `of unknown type` });
      return;
    }
    case 'admit':
      return person.keeper.admit(told.arrival, told.seat, told.leads);
    case 'words':
      return person.askWords();
    case 'stop':
      return person.keeper.stop();
  }
}

for await (const line of createInterface({ input: process.stdin })) take(JSON.parse(line) as Told);
process.exit(0);
