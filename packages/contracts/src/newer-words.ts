import { z } from 'zod';

/**
 * While versions are rolled forward or back, a process reads what a newer one wrote. A word that was added to a closed list
 * meanwhile must not make the whole unreadable; documents made of these schemas keep the closed list.
 */

/** The schema, which reads a text that is none of `words` as `standIn`. */
export function readUnknownAs<S extends z.ZodType>(words: readonly string[], standIn: z.output<S>, schema: S) {
  const isUnknown = (value: unknown): boolean => typeof value === 'string' && !words.includes(value);
  return z.preprocess((value) => (isUnknown(value) ? standIn : value), schema);
}

/** The record, which reads as if it had no keys but `keys`. */
export function readKnownKeys<S extends z.ZodType>(keys: readonly string[], schema: S) {
  const known = (value: object): object =>
    Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
  return z.preprocess((value) => (typeof value === 'object' && value !== null ? known(value) : value), schema);
}

/** A list of what can be read; an item that cannot hides none of the others. */
export function readableItems<S extends z.ZodType>(item: S) {
  const readable = (items: unknown[]): unknown[] => items.filter((each) => item.safeParse(each).success);
  return z.preprocess((value) => (Array.isArray(value) ? readable(value) : value), z.array(item));
}
