// SPDX-License-Identifier: Apache-2.0
// English or Welsh on the pages behind a personal link: by what the person's record says, else by the browser, until they choose.
// Not here: the texts. Welsh is marked as a draft on the page itself.
import { IntlMessageFormat } from 'intl-messageformat';
import { cyMine } from '../texts/cy_mine';
import { enMine } from '../texts/en_mine';
import { addTexts, applyLocaleTo, localeTag, messageOf, setLocale, t, type TextKey } from '../texts/text';

export type Language = 'en' | 'cy';
const key = 'quietroom.language';

const chosen = (): Language | null => {
  try {
    const kept = sessionStorage.getItem(key);
    return kept === 'cy' || kept === 'en' ? kept : null;
  } catch {
    return null;
  }
};

const words = (language: Language) => (at: TextKey): IntlMessageFormat =>
  new IntlMessageFormat((language === 'cy' ? (cyMine as Partial<Record<TextKey, string>>)[at] : undefined) ?? messageOf(at), language === 'cy' ? 'cy' : 'en-GB');

export const speak = (language: Language): void => {
  setLocale({ tag: language === 'cy' ? 'cy' : 'en-GB', direction: 'ltr', source: words(language) });
  applyLocaleTo(document.documentElement);
};

export const beginLanguage = (): void => {
  addTexts(enMine);
  speak(chosen() ?? (navigator.language.startsWith('cy') ? 'cy' : 'en'));
};

// What the record says, unless the person chose here.
export const speakAsRecorded = (recorded: string): void => {
  if (chosen() === null) speak(recorded === 'cy' || recorded.startsWith('cy-') ? 'cy' : 'en');
};

export function LanguageChoice({ onChange }: { onChange: () => void }) {
  const now: Language = localeTag() === 'cy' ? 'cy' : 'en';
  const choose = (language: Language): void => {
    try {
      sessionStorage.setItem(key, language);
    } catch {
      // Not kept: it holds for this page.
    }
    speak(language);
    onChange();
  };
  return (
    <nav className="languages" aria-label={t('mine.language')}>
      {(['en', 'cy'] as const).map((language) => (
        <button key={language} type="button" className="plain-button" lang={language} aria-pressed={now === language} onClick={() => choose(language)}>
          {t(language === 'en' ? 'mine.in_english' : 'mine.in_welsh')}
        </button>
      ))}
      {now === 'cy' && <span className="hint-text">{t('mine.draft')}</span>}
    </nav>
  );
}
