import { Store } from './store.js';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What a person has chosen is kept in the browser; a browser that keeps nothing is asked for its own preference each time. */
function kept<T extends string>(name: string, allowed: readonly T[], fallback: T): Store<T> {
  const store = new Store(allowed.find((each) => each === read(name)) ?? fallback);
  store.subscribe(() => write(name, store.get()));
  return store;
}

function read(name: string): string | null {
  try {
    return window.localStorage.getItem(`styleflow.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    window.localStorage.setItem(`styleflow.${name}`, value);
  } catch {
    // A browser may forbid it. The choice then holds until the page is closed.
  }
}

export const theme = kept<Theme>('theme', THEMES, 'system');
export const language = kept<Language>('language', LANGUAGES, navigator.language.startsWith('de') ? 'de' : 'en');

/** Shows the chosen theme, now and after each change. */
export function followTheme(): void {
  const apply = (): void => {
    const chosen = theme.get();
    document.documentElement.style.colorScheme = chosen === 'system' ? 'light dark' : chosen;
  };
  apply();
  theme.subscribe(apply);
}
