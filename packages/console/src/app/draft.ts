import { Store } from './store.js';

const PREFIX = 'styleflow.draft.';
/** Of one draft; a tab keeps some 5 MB. A longer one is not kept. */
const CHARACTERS_MAX = 500_000;
const empties: (() => void)[] = [];

/**
 * What a person has typed or chosen and not yet sent. The tab keeps it, so that going to another page, or loading this one anew, loses
 * nothing; it ends with the tab, and with the session of the key under which it was made.
 * @param read what was kept, as it is used; it may be of an earlier version of the console. Null: it is of no use.
 */
export function draft<T>(name: string, fallback: T, read: (kept: unknown) => T | null): Store<T> {
  const store = new Store(readKept(name, read) ?? fallback);
  store.subscribe(() => keep(name, store.get() === fallback ? null : JSON.stringify(store.get())));
  empties.push(() => store.set(fallback));
  return store;
}

/** What one key has typed is not shown to the next. */
export function emptyDrafts(): void {
  for (const empty of empties) empty();
}

function readKept<T>(name: string, read: (kept: unknown) => T | null): T | null {
  try {
    const kept = window.sessionStorage.getItem(PREFIX + name);
    return kept === null ? null : read(JSON.parse(kept));
  } catch {
    return null;
  }
}

function keep(name: string, text: string | null): void {
  try {
    window.sessionStorage.removeItem(PREFIX + name);
    if (text !== null && text.length <= CHARACTERS_MAX) window.sessionStorage.setItem(PREFIX + name, text);
  } catch {
    // A browser may forbid it, or have no room. The draft then holds until the page is loaded anew.
  }
}
