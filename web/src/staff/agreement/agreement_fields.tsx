// SPDX-License-Identifier: Apache-2.0
// The two forms of an agreement's text, plain words and Easy Read side by side, with what people will see below each. Not here: whose
// text it is (write_page.tsx: a group's; template_page.tsx: the trust's template).
import { agreementSymbols, type AgreementText } from '../../api/model';
import { t } from '../../texts/text';
import { AgreementWords } from '../../ui/agreement_words';
import { Button } from '../../ui/button';
import { LongField, SelectField, TextField } from '../fields';
import type { FormState } from '../form';
import { linesOf, mostPoints, textToSend } from './agreement_draft';

const moved = <T,>(list: readonly T[], from: number, step: number): T[] => {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(from + step, 0, one);
  return next;
};

interface LineProps {
  index: number;
  count: number;
  onMove: (step: number) => void;
  onRemove: () => void;
}

function LineButtons({ index, count, onMove, onRemove }: LineProps) {
  const number = index + 1;
  return (
    <div className="button-row agree__do">
      {index > 0 && (
        <Button small onClick={() => onMove(-1)}>
          {t('agree.up')}
          <span className="visually-hidden"> {t('agree.of', { number })}</span>
        </Button>
      )}
      {index < count - 1 && (
        <Button small onClick={() => onMove(1)}>
          {t('agree.down')}
          <span className="visually-hidden"> {t('agree.of', { number })}</span>
        </Button>
      )}
      {count > 1 && (
        <Button small onClick={onRemove}>
          {t('agree.remove')}
          <span className="visually-hidden"> {t('agree.of', { number })}</span>
        </Button>
      )}
    </div>
  );
}

function PlainPart({ form }: { form: FormState<AgreementText> }) {
  const { points } = form.values;
  const set = (next: string[]): void => form.set('/points', next);
  form.name('/points', { label: t('agree.plain'), show: linesOf });
  return (
    <section className="agree__part" aria-labelledby="agree-plain">
      <h2 id="agree-plain">{t('agree.plain')}</h2>
      <p>{t('agree.plain_words')}</p>
      {points.map((_, index) => (
        <div key={index} className="agree__line">
          <LongField form={form} at={`/points/${index}`} label={t('agree.point', { number: index + 1 })} rows={2} />
          <LineButtons index={index} count={points.length} onMove={(step) => set(moved(points, index, step))} onRemove={() => set(points.filter((_one, place) => place !== index))} />
        </div>
      ))}
      <Button small disabled={points.length >= mostPoints} onClick={() => set([...points, ''])}>
        {t('agree.add_point')}
      </Button>
    </section>
  );
}

function EasyPart({ form }: { form: FormState<AgreementText> }) {
  const { easy } = form.values;
  const set = (next: AgreementText['easy']): void => form.set('/easy', next);
  form.name('/easy', { label: t('agree.easy'), show: linesOf });
  return (
    <section className="agree__part" aria-labelledby="agree-easy">
      <h2 id="agree-easy">{t('agree.easy')}</h2>
      <p>{t('agree.easy_words')}</p>
      {easy.map((_, index) => (
        <div key={index} className="agree__line">
          <LongField form={form} at={`/easy/${index}/words`} label={t('agree.sentence', { number: index + 1 })} rows={2} />
          <SelectField
            form={form}
            at={`/easy/${index}/symbol`}
            label={t('agree.picture', { number: index + 1 })}
            choices={agreementSymbols.map((value) => ({ value, label: t(`agree.symbol.${value}`) }))}
          />
          <LineButtons index={index} count={easy.length} onMove={(step) => set(moved(easy, index, step))} onRemove={() => set(easy.filter((_one, place) => place !== index))} />
        </div>
      ))}
      <Button small disabled={easy.length >= mostPoints} onClick={() => set([...easy, { symbol: 'talk', words: '' }])}>
        {t('agree.add_sentence')}
      </Button>
    </section>
  );
}

export function AgreementPreview({ text }: { text: AgreementText }) {
  const { title, points, easy } = textToSend(text);
  const shown = { number: 1, title: title || t('agree.no_title'), points, easy };
  return (
    <section aria-labelledby="agree-preview">
      <h2 id="agree-preview">{t('agree.preview')}</h2>
      <div className="agree__sides">
        {(['plain', 'easy'] as const).map((form) => (
          <div key={form} className="inset">
            <h3>{t(form === 'plain' ? 'agree.plain' : 'agree.easy')}</h3>
            {(form === 'plain' ? points : easy).length === 0 ? <p className="empty">{t('agree.nothing_yet')}</p> : <AgreementWords agreement={shown} only={form} />}
          </div>
        ))}
      </div>
    </section>
  );
}

export function AgreementFields({ form }: { form: FormState<AgreementText> }) {
  return (
    <>
      <TextField form={form} at="/title" label={t('agree.title')} spellCheck />
      <div className="agree__sides">
        <PlainPart form={form} />
        <EasyPart form={form} />
      </div>
    </>
  );
}
