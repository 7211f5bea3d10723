import type { UploadQuota } from '@styleflow/queue';

/** What may be limited for one key, as the setting calls it. */
const WORDS = ['calls', 'burst', 'jobs', 'bytes', 'uploads', 'openUploads'] as const;
type Word = (typeof WORDS)[number];

/** Limits of single keys in place of those of all; 0 is any number. */
export type LimitsByKey = ReadonlyMap<string, Readonly<Partial<Record<Word, number>>>>;

/** What holds for all keys, and what single ones have in its place. */
export interface LimitSettings {
  /** Calls of one key a minute, over all API processes; 0: any number. */
  readonly callsPerMinute: number;
  /** Of them, those of one second; 0: any number. */
  readonly callsPerSecond: number;
  /** Multipart bodies received at once by this process. */
  readonly maxUploads: number;
  /** Of them, those of one key. */
  readonly maxUploadsPerKey: number;
  /** What one key may have; absent: no limit of its own. */
  readonly quota: UploadQuota & { readonly unfinishedJobs?: number | undefined };
  readonly keyLimits: LimitsByKey;
}

/** What one key may do and have. */
export interface KeyLimits {
  /** Over all API processes; 0: any number. */
  readonly callsPerMinute: number;
  readonly callsPerSecond: number;
  /** Multipart bodies on their way to one process. */
  readonly uploadsAtOnce: number;
  readonly quota: UploadQuota & { readonly unfinishedJobs?: number | undefined };
}

const ENTRY = /^([^:\s]+):(.+)$/s;
const LIMIT = new RegExp(`^(${WORDS.join('|')})=(\\d{1,15})$`);
const FORM = 'name:calls=N,burst=N,jobs=N,bytes=N,uploads=N,openUploads=N, of which any may be left out';

/**
 * Reads `name:calls=600,jobs=50;other:bytes=1000000000`.
 * @throws RangeError with a sentence
 */
export function parseKeyLimits(text: string): LimitsByKey {
  const limits = new Map<string, Partial<Record<Word, number>>>();
  const entries = text
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  for (const [at, entry] of entries.entries()) {
    const [, name, words] = ENTRY.exec(entry) ?? [];
    if (name === undefined || words === undefined) throw new RangeError(`entry ${at + 1} is not of the form ${FORM}`);
    if (limits.has(name)) throw new RangeError(`${name} occurs twice`);
    const own: Partial<Record<Word, number>> = {};
    for (const word of words.split(',')) {
      const [, limit, value] = LIMIT.exec(word.trim()) ?? [];
      const known = WORDS.find((each) => each === limit);
      if (known === undefined) throw new RangeError(`entry ${at + 1} (${name}) is not of the form ${FORM}`);
      own[known] = Number(value);
    }
    limits.set(name, own);
  }
  return limits;
}

/** The limits of this owner: his own before those of all. */
export function limitsOf(settings: LimitSettings, owner: string): KeyLimits {
  const own = settings.keyLimits.get(owner) ?? {};
  const limit = (word: Word, ofAll: number | undefined): number | undefined => {
    const value = own[word];
    if (value === undefined) return ofAll;
    return value === 0 ? undefined : value;
  };
  const { callsPerMinute, callsPerSecond, maxUploadsPerKey, maxUploads, quota } = settings;
  return {
    callsPerMinute: limit('calls', callsPerMinute) ?? 0,
    callsPerSecond: limit('burst', callsPerSecond) ?? 0,
    uploadsAtOnce: limit('uploads', maxUploadsPerKey) ?? maxUploads,
    quota: {
      unfinishedJobs: limit('jobs', quota.unfinishedJobs),
      openUploads: limit('openUploads', quota.openUploads),
      storedBytes: limit('bytes', quota.storedBytes),
    },
  };
}
