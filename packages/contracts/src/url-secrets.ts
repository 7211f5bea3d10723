import { type Source, VIDEO_URL_MAX_LENGTH } from './source.js';

/**
 * What of an address may be a secret: its user and password, its query (presigned addresses carry a signature there, others a
 * token), its fragment. Which query is harmless nobody can tell from outside, so where there is a key every query is kept apart.
 */

/** Stands for a query that is kept apart; the address stays a valid one. */
const HIDDEN_QUERY = '?...';

/** Names that speak of keys, by any part of them. */
const SPEAKING_NAME =
  /sig|token|key|secret|pass|pwd|auth|cred|sess|sid|sas|access|policy|jwt|ticket|code|hash|hmac|otp|nonce|expire|x-amz-|x-goog-|google/i;
/** No name and no number is so long in one piece; secrets are. */
const LONG_WORD = /[\w+/=-]{20}/;

/** The address as everybody may see it: without user, password and fragment, and with a mark in place of its query. */
export function shownUrl(text: string): string {
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && !/[?#]/.test(text);
  if (isPlain) return text;
  const query = url.search === '' ? '' : HIDDEN_QUERY;
  const shown = `${url.origin}${url.pathname}${query}`;
  // Written out, letters beyond ASCII are longer than they came.
  return shown.length <= VIDEO_URL_MAX_LENGTH ? shown : `${url.origin}/${HIDDEN_QUERY}`;
}

/** Whether something of the address is needed to fetch it that nobody but the fetcher may see. */
export function hasHiddenParts(text: string): boolean {
  const { username, password, search } = new URL(text);
  return username !== '' || password !== '' || search !== '';
}

/** Whether the address seems to hold a secret: the guess of those who have no key to keep every query apart. It errs to the safe side. */
export function seemsSecret(text: string): boolean {
  const { username, password, searchParams } = new URL(text);
  if (username !== '' || password !== '') return true;
  return [...searchParams].some(
    ([name, value]) => SPEAKING_NAME.test(name) || LONG_WORD.test(name) || LONG_WORD.test(value),
  );
}

/** Whether an address was copied from where its query had been hidden. */
export function isQueryHidden(text: string): boolean {
  return new URL(text).search === HIDDEN_QUERY;
}

/** A source as everybody may see it, also where it was kept whole by a version or a process that hides nothing. */
export function shownSource(source: Source): Source {
  if (source.type !== 'url') return source;
  const isHarmless = !seemsSecret(source.url) && new URL(source.url).hash === '';
  return isHarmless ? source : { type: 'url', url: shownUrl(source.url) };
}
