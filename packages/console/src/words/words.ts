import type { en } from './en.js';

type Text<T> = T extends string ? string : { readonly [K in keyof T]: Text<T[K]> };

/** All words of one language. */
export type Words = Text<typeof en>;

declare module 'use-intl' {
  interface AppConfig {
    Messages: Words;
    Locale: 'en' | 'de';
  }
}
