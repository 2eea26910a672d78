// SPDX-License-Identifier: Apache-2.0
// How the group is protected, in plain words and always in sight: one line above the gallery, a page that explains, the words to
// compare, and what a person must know when something is not as it should be. Never a badge. Not here: keys (e2ee/).
import { useEffect, useLayoutEffect, useState } from 'react';
import type { CallSession, CallState, EncryptionState } from '../../call/model';
import { wordsOf } from '../../e2ee/words';
import { t } from '../../texts/text';
import { Button } from '../button';
import { Details } from '../details';
import { Dialog } from '../dialog';
import { Icon } from '../icon';
import { nameOf, nameOfSeat, protectionWords } from '../person_words';
import { Notice } from './notice';

export function ProtectionLine({ state, onOpen }: { state: CallState; onOpen: () => void }) {
  return (
    <div className="strip__item strip__protection">
      <Icon name={state.encryption.kind === 'none' ? 'notice' : state.encryption.state === 'on' ? 'lock' : 'clock'} small />
      <span>{protectionWords(state.encryption)}</span>
      <Button small onClick={onOpen}>
        {t('protect.more')}
      </Button>
    </div>
  );
}

type Language = 'en' | 'cy';
const useWordList = (language: Language, wanted: boolean): readonly string[] | null => {
  const [lists, setLists] = useState<Partial<Record<Language, readonly string[]>>>({});
  useEffect(() => {
    if (!wanted || lists[language]) return;
    const loading = language === 'cy' ? import('../../e2ee/words_cy').then(({ wordsCy }) => wordsCy) : import('../../e2ee/words_en').then(({ wordsEn }) => wordsEn);
    void loading.then((list) => setLists((last) => ({ ...last, [language]: list })));
  }, [language, wanted]);
  return lists[language] ?? null;
};

export function WordsPart({ session, state, atOnce = false }: { session: CallSession; state: CallState; atOnce?: boolean }) {
  const { words, hold, state: keys } = state.encryption;
  const [shown, setShown] = useState(atOnce);
  const [language, setLanguage] = useState<Language>(document.documentElement.lang.startsWith('cy') ? 'cy' : 'en');
  const list = useWordList(language, shown);
  const leads = state.self?.mayModerate ?? false;
  useLayoutEffect(() => { // its end at once: the words may be asked for again before the next paint
    if (atOnce) session.showWords(true);
    return () => session.showWords(false);
  }, [session]);
  const show = (on: boolean): void => {
    setShown(on);
    session.showWords(on);
  };
  return (
    <section className="words" aria-labelledby="words-title">
      <h3 id="words-title">{t('words.title')}</h3>
      <p>{t('words.why')}</p>
      {keys === 'waiting' ? (
        <p>{t('words.not_yet')}</p>
      ) : (
        <>
          <div role="status">
            {shown && (
              <>
                <p>{t(leads ? 'words.read' : 'words.listen')}</p>
                {words && list ? (
                  <ol className="words__list" lang={language}>
                    {wordsOf(words, list).map((word, index) => (
                      <li key={index}>{word}</li>
                    ))}
                  </ol>
                ) : (
                  <p>{t('words.working')}</p>
                )}
              </>
            )}
          </div>
          <div className="button-row">
            <Button small expanded={shown} onClick={() => show(!shown)}>
              {t(shown ? 'words.hide' : 'words.show')}
            </Button>
            {shown && (
              <Button small onClick={() => setLanguage(language === 'en' ? 'cy' : 'en')}>
                {t(language === 'en' ? 'words.in_welsh' : 'words.in_english')}
              </Button>
            )}
            {shown && hold && words && (
              <Button small look="main" onClick={() => session.wordsCompared()}>
                {t('words.same')}
              </Button>
            )}
          </div>
          <p className="hint-text">{t('words.changes')}</p>
          <Details summary={t('words.differ')}>
            <p>{t('words.differ_means')}</p>
            <p>{t(leads ? 'words.differ_lead' : 'words.differ_do')}</p>
          </Details>
        </>
      )}
    </section>
  );
}

// The page that explains, in the room and before it.
export function ProtectionWords({ encryption }: { encryption: EncryptionState }) {
  const none = encryption.kind === 'none';
  return (
    <>
      <p>{t(none ? 'protect.none_means' : encryption.state === 'on' ? 'protect.on_means' : 'protect.waiting_means')}</p>
      <p>{t('protect.cannot')}</p>
      <ul className="plain-list">
        <li>{t('protect.cannot_film')}</li>
        <li>{t('protect.cannot_when')}</li>
        <li>{t('protect.cannot_page')}</li>
      </ul>
    </>
  );
}

export function ProtectionDialog({ session, state, wordsFirst, onClose }: { session: CallSession; state: CallState; wordsFirst: boolean; onClose: () => void }) {
  return (
    <Dialog title={t('protect.title')} onClose={onClose} wide>
      {!wordsFirst && <ProtectionWords encryption={state.encryption} />}
      {state.encryption.kind !== 'none' && <WordsPart session={session} state={state} atOnce={wordsFirst} />}
      {wordsFirst && <ProtectionWords encryption={state.encryption} />}
    </Dialog>
  );
}

// True as long as they are shown: they cannot be put away.
const lasting: readonly string[] = ['unseen', 'not-leading'];

const names = (state: CallState, seats: readonly number[]): string => seats.map((seat) => nameOfSeat(state.people, seat)).join(', ');

function AskNotices({ session, state }: { session: CallSession; state: CallState }) {
  if (!state.self?.mayAdmit) return null;
  return (
    <>
      {state.encryption.ask.map(({ arrival, seat, role }) => (
        <Notice
          key={`ask-${arrival}`}
          icon="people"
          actions={
            <>
              <Button look="main" small onClick={() => session.letInAgain(arrival)}>
                {t('protect.ask_yes')}
              </Button>
              <Button small onClick={() => session.moveBack(seat)}>
                {t('protect.ask_no')}
              </Button>
            </>
          }
        >
          {t(role === 'facilitator' ? 'protect.ask_leads' : 'protect.ask', { name: nameOfSeat(state.people, seat) })}
        </Notice>
      ))}
    </>
  );
}

export function ProtectionNotices({ session, state, onWords }: { session: CallSession; state: CallState; onWords: () => void }) {
  const { hold, silent, disputed, unopened, unsealed, troubles } = state.encryption;
  const leads = state.self?.mayModerate ?? false;
  return (
    <>
      {hold && (
        <Notice icon="lock" actions={<Button look="main" small onClick={onWords}>{t('words.show')}</Button>}>
          {t(leads ? 'protect.hold_lead' : 'protect.hold')}
        </Notice>
      )}
      <AskNotices session={session} state={state} />
      {silent.length > 0 && (
        <Notice icon="notice" actions={null}>
          {t('protect.silent', { count: silent.length, names: names(state, silent) })}
        </Notice>
      )}
      {disputed.length > 0 && (
        <Notice icon="notice" actions={null}>
          {t('protect.disputed', { names: names(state, disputed) })}
        </Notice>
      )}
      {unopened.length > 0 && (
        <Notice icon="notice" actions={null}>
          {t('protect.unopened', { names: names(state, unopened) })}
        </Notice>
      )}
      {unsealed.map(({ seat, alias, what, again }) => (
        <Notice key={`unsealed-${seat}-${what}`} icon="notice" actions={<Button small onClick={() => session.dismissUnsealed(seat, what)}>{t('understood')}</Button>}>
          {t(`protect.unsealed.${what}`, { name: nameOf({ alias }) })} {t(again ? 'protect.unsealed.again' : 'protect.unsealed.once')}
        </Notice>
      ))}
      {troubles.map((trouble) => (
        <Notice
          key={trouble}
          icon="notice"
          actions={lasting.includes(trouble) ? null : <Button small onClick={() => session.dismissTrouble(trouble)}>{t('understood')}</Button>}
        >
          {t(`protect.trouble.${trouble}`)}
        </Notice>
      ))}
    </>
  );
}
