import { type ReactNode, useEffect, useState } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { IntlProvider } from 'use-intl';
import { language } from '../app/appearance.js';
import { useStore } from '../app/store.js';
import { en } from './en.js';
import type { Words } from './words.js';

/** Gives all below it the words of the chosen language. English is there from the start, others are fetched. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const chosen = useStore(language);
  const [words, setWords] = useState<Words>(en);
  useEffect(() => {
    let isCurrent = true;
    void wordsOf(chosen).then((found) => {
      if (!isCurrent) return;
      setWords(found);
      document.documentElement.lang = chosen;
    });
    return () => {
      isCurrent = false;
    };
  }, [chosen]);
  return (
    <IntlProvider locale={chosen} messages={words} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      <I18nProvider locale={chosen === 'de' ? 'de-DE' : 'en-US'}>{children}</I18nProvider>
    </IntlProvider>
  );
}

async function wordsOf(chosen: 'en' | 'de'): Promise<Words> {
  return chosen === 'en' ? en : (await import('./de.js')).de;
}
