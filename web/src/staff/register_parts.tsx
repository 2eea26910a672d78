// SPDX-License-Identifier: Apache-2.0
// What the lines of a register have alike, of members and of who comes along: the button that opens a mark again, and what went wrong
// with a tap. Not here: the marks (register_page.tsx, register_supporters.tsx).
import type { Trouble } from '../api/client';
import { t } from '../texts/text';
import { Button } from '../ui/button';
import { TroubleWords } from './trouble_words';

export function CorrectButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <div className="row__end">
      <Button small onClick={onClick}>
        {t('register.correct')}
        <span className="visually-hidden"> {name}</span>
      </Button>
    </div>
  );
}

// A tap has no fields: what was said of one is said of the line.
export function TapTrouble({ trouble }: { trouble: Trouble | null }) {
  if (!trouble) return null;
  return (
    <div className="trouble" role="alert">
      {trouble.kind === 'fields' ? <p>{trouble.faults.map(({ detail }) => detail).join(' ')}</p> : <TroubleWords trouble={trouble} />}
    </div>
  );
}
