import { ENGLISH, type Words } from './english.js';
import { GERMAN } from './german.js';

export type { Words };

/** The languages that are complete. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** All words of one language. What lacks a sentence does not compile. */
export function wordsOf(language: Language): Words {
  return language === 'de' ? GERMAN : ENGLISH;
}
